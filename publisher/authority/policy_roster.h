/* SPDX-License-Identifier: Apache-2.0
 * policy_roster - the section `roster:`: who is on duty for which step, when, and how they are
 * called (叫应). Calls go to nobody else; with `sign_by_roster: yes` nobody else reviews and signs.
 */
#ifndef TOCSIN_POLICY_ROSTER_H
#define TOCSIN_POLICY_ROSTER_H

#include "policy.h"
#include "status.h"
#include "yaml.h"

/* mon to sun, as the bits of a row's days; ends with NULL. */
extern const char *const policy_day_words[];

/* Is the row in force for this unit's step at this moment? */
bool roster_row_holds(
        const struct roster_row *row, const char *unit, enum status_step step, int64_t at);
/* May the officer review or sign (step) at this moment, as far as the roster goes? Everybody may
 * while `sign_by_roster` is not set; then whoever, or whose principal, is on duty. */
bool roster_lets(
        const struct policy *policy, const char *officer, enum status_step step, int64_t at);
/* Why not, and what to do; the caller's. */
void roster_say(const struct policy *policy, const char *officer, enum status_step step, int64_t at,
        char **zh, char **en);
/* Is this the digest (status_audience) of a number the roster gives for this officer? */
bool roster_reaches(const struct policy *policy, const char *officer, const char *audience);

void policy_read_roster(struct yaml *yaml, struct fy_node *list, void *policy);
/* Every officer and deputy is there, and of the row's unit; whom `sign_by_roster` waits for may
 * come. */
void policy_check_roster(struct yaml *yaml, struct fy_node *root, const struct policy *policy);
void policy_finish_roster(struct policy *policy);

#endif
