/* SPDX-License-Identifier: Apache-2.0
 * audit_file - an exported audit chain: a JSON object a line. A record is {"seq","at","what","ref",
 * "body","hash"} as it is hashed (base/chain.h); the last line is {"heartbeat": TEXT}, the signed
 * head, or {"heartbeat": null}.
 */
#ifndef TOCSIN_AUDIT_FILE_H
#define TOCSIN_AUDIT_FILE_H

#include <jansson.h>

#include "heads.h"

/* Verifies a file by itself and against `heads`; with a key, its own signed head too. *chain: its
 * end. */
bool audit_file_verify(const char *path, struct heads *heads, const struct key *key,
        struct chain *chain, struct err *err);
/* One record as JSON against the chain so far. */
bool audit_record_fits(struct chain *chain, const json_t *record, struct err *err);

#endif
