/* SPDX-License-Identifier: Apache-2.0
 * mapping - warnings in somebody's JSON, made CAP by a table of that producer's members
 * (docs/CAP.md lists the tables).
 *
 * A table says which member becomes which element, and by which of a few ways. What it makes is
 * written as a CAP document and read by the lenient reader, so there is one judge of words, times
 * and shapes, and each liberty is noted as ever. What the JSON does not say is not said: what CAP
 * cannot do without is filled in by the table and noted (convert.supplied), the rest stays empty.
 * JSON bears no signature: nothing of it is ever relayed by itself.
 */
#ifndef TOCSIN_MAPPING_H
#define TOCSIN_MAPPING_H

#include "cap_read.h"

struct mapping; /* opaque */

const struct mapping *mapping_find(const char *name); /* NULL: there is none */
char *mapping_names(void);                            /* "nws, ...", for sentences; the caller's */

/* Do the bytes look like JSON? */
bool mapping_is_json(const void *bytes, size_t len);

/* Every item, as cap_read gives messages: `document` is the item alone, as JSON; `place` its
 * pointer. manner->zone goes before the table's own. true and no message: an empty list. */
bool mapping_read(const struct mapping *mapping, const void *bytes, size_t len,
        const struct cap_manner *manner, struct cap_messages *out);

#endif
