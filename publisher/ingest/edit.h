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

/* Is this draft theirs to word? An officer's: their own unit's, or one that no unit has yet. A
 * machine's: only while no person has had a hand in it. ERR_DENIED. */
bool edit_is_theirs(const struct caller *caller, const struct bulletin *bulletin, struct err *err);

#endif
