/* SPDX-License-Identifier: Apache-2.0
 * notices - whoever's turn it is by the roster is called (叫应): at once, again, then the deputy,
 * until the step is done or somebody answers.
 *
 * What was called stands in the record (turn_call.h), so that a restart neither calls again at once
 * nor forgets. Numbers come from the policy's roster only and never reach a log or the audit chain.
 */
#ifndef TOCSIN_NOTICES_H
#define TOCSIN_NOTICES_H

#include "house.h"
#include "turn_call.h"

/* So many of each state that waits are looked at, the newest first: with fewer, those who have
 * waited longest would be neither called about nor seen. */
enum { WAITING_MOST = 5000 };

/* A chore: looks at what waits and calls whom it is time to call. */
void notices_call(struct house *house, struct store *reader, int64_t now);

/* The present turn of a bulletin as its call stands; false + ERR_MISSING: it is nobody's. */
bool notices_turn(struct house *house, struct store *reader, const struct bulletin *bulletin,
        int64_t now, struct turn_call *call, struct err *err);

/* An officer of the bulletin's unit with the step's duty answers: no more calls for this turn. */
bool notices_confirm(struct house *house, struct store *reader, const struct caller *caller,
        const char *bulletin, struct err *err);

#endif
