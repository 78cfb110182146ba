/* SPDX-License-Identifier: Apache-2.0
 * shift - the watch is handed over (交接班): a page of what stands at that moment, signed by who
 * goes and then by who comes. It binds nobody's rights: who is on duty for which step says the
 * roster.
 */
#ifndef TOCSIN_SHIFT_H
#define TOCSIN_SHIFT_H

#include "house.h"
#include "store_shift.h"

/* How long a page may wait for its two signatures: what it says is soon no longer so. */
enum { SHIFT_WAIT_MS = 60 * 60 * 1000 };

/* By an officer of the unit to another of it, both with a duty of the work. shift: its lists, what
 * stands now; the rest is filled in. remarks: lines, "" = none. Takes the place of the unit's page
 * that waits; ERR_CONFLICT where that has one signature, for an hour and for all but its two. */
bool shift_make(struct house *house, struct store *reader, const struct caller *caller,
        struct shift_text *shift, const char *to, const char *remarks, int64_t *number,
        struct err *err);
/* Who goes first, then who comes. ERR_CONFLICT: it is not theirs to sign now, or has waited too
 * long. */
bool shift_sign(struct house *house, const struct caller *caller, int64_t number,
        const struct proof *proof, struct err *err);
/* May this officer take over from that one? Another person of the unit, active, with a duty of the
 * work. */
bool shift_may_take(const struct officer *from, const struct officer *to);
/* Whose signature it waits for: an officer of `text`; NULL: nobody's, any more. */
const char *shift_next(const struct shift *shift, const struct shift_text *text, int64_t now);

#endif
