/* SPDX-License-Identifier: Apache-2.0
 * recipients - whom a far side tells, frozen at submission: out of the directory (choose.h), or out
 * of a CSV file of number,division, for the few a bureau may write down by hand.
 */
#ifndef TOCSIN_RECIPIENTS_H
#define TOCSIN_RECIPIENTS_H

#include "bulletin.h"
#include "cap.h"
#include "config.h"
#include "err.h"

/* How long people may be looked for in what is drawn, ms: while somebody waits for a figure, and
 * when they are chosen for good. */
enum { RECIPIENTS_COUNT_MS = 5000, RECIPIENTS_FREEZE_MS = 20000 };
/* Corners times people near the line: two to four seconds of a thread. */
enum { RECIPIENTS_LOOKS_MOST = 400000000 };

/* Not in a file: so they are known by more than their division, and a drawn area can be meant. */
bool recipients_in_directory(const struct config_target *target);

/* Adds the bulletin's audience for this far side, unless that has no recipients. Out of the
 * directory: those whose wishes and consent allow it, in the divisions the areas name, or, of what
 * is only drawn, inside. Out of a file: every number whose division lies in one of the areas, each
 * once, in the file's order; a line that is no number,division refuses the whole file. Nobody at
 * all is an error. keep false: only counted, for a look. */
bool recipients_choose(const struct config *config, const struct config_target *target,
        struct bulletin *bulletin, const struct cap_alert *alert, bool keep, struct err *err);

/* How long it takes to tell this many at the rate the far side's contract allows, in seconds; -1:
 * no rate is set. */
int64_t recipients_seconds(const struct config_target *target, int64_t people);

#endif
