/* SPDX-License-Identifier: Apache-2.0
 * policy_fields - how the value of each kind of field in the policy is read (struct field,
 * yaml.h). The place is what the name says: char *, struct texts, unsigned bits, bool, int,
 * int64_t ms.
 */
#ifndef TOCSIN_POLICY_FIELDS_H
#define TOCSIN_POLICY_FIELDS_H

#include "yaml.h"

typedef void field_reader(struct yaml *yaml, struct fy_node *value, void *place);

field_reader field_text;     /* char *: one line */
field_reader field_id;       /* char *: no blanks, at most 64 bytes */
field_reader field_division; /* char *: concrete */
field_reader field_yes;      /* bool: true or false */
field_reader field_setting;  /* bool: yes or no, as in the settings */
field_reader field_number;   /* int: 0 to 9 */
field_reader field_duration; /* int64_t ms: PT24H, P1D, PT30M */
field_reader field_day;      /* int64_t ms: the start of the day at +08:00 */
field_reader field_hours;    /* struct hours: "22:00-06:00" */
field_reader field_levels;   /* unsigned bits, and so on */
field_reader field_kinds;
field_reader field_acts;
field_reader field_duties;
field_reader field_role;      /* enum role */
field_reader field_divisions; /* struct texts: patterns */
field_reader field_hazards;
field_reader field_channels;
field_reader field_keys;     /* struct officer, the whole: its keys and passkeys */
field_reader field_passkeys; /* struct passkey_house */

#endif
