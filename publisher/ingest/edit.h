/* SPDX-License-Identifier: Apache-2.0
 * edit - a bulletin not yet released gets other words: it is a draft again, and every approval is
 * void.
 */
#ifndef TOCSIN_EDIT_H
#define TOCSIN_EDIT_H

#include "ingest.h"

/* version < 0: whatever stands now; else ERR_CONFLICT when somebody else was faster. */
bool edit_bulletin(struct house *house, struct store *reader, const char *id, int64_t version,
        const struct arrival *arrival, struct cap_problems *notes, struct err *err);

#endif
