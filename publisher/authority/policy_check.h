/* SPDX-License-Identifier: Apache-2.0
 * policy_check - what must hold between the rows of a policy once all of them are read.
 */
#ifndef TOCSIN_POLICY_CHECK_H
#define TOCSIN_POLICY_CHECK_H

#include "policy.h"
#include "yaml.h"

/* Writes a fault for every double id, every reference to nobody, every circle of superiors and
 * every row that contradicts itself. Row i of a section is item i of its list under `root`. */
void policy_check(struct yaml *yaml, struct fy_node *root, const struct policy *policy);

/* Asks the policy its own examples (`tests:`); it must be complete and indexed. */
void policy_check_examples(struct yaml *yaml, struct fy_node *root, const struct policy *policy);

/* What one person may not hold together (policy_duties.c). */
void policy_check_duties(struct yaml *yaml, struct fy_node *root, const struct policy *policy);

/* One key means one person; passkeys want a house that may ask for them (policy_keys.c). */
void policy_check_keys(struct yaml *yaml, struct fy_node *root, const struct policy *policy);

/* Where passkeys are required, somebody of each unit has one (policy_passkeys.c). */
void policy_check_required(struct yaml *yaml, struct fy_node *root, const struct policy *policy);

#endif
