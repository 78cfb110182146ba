/* SPDX-License-Identifier: Apache-2.0
 * policy_hotlines - the section `hotlines` of the policy: numbers that units publish, so that the
 * secrecy screen lets them pass.
 *
 *	hotlines: [{number: "022-1234 5678", unit: tj-met, basis: "..."}]
 */
#ifndef TOCSIN_POLICY_HOTLINES_H
#define TOCSIN_POLICY_HOTLINES_H

#include "policy.h"
#include "yaml.h"

void policy_read_hotlines(struct yaml *yaml, struct fy_node *list, void *policy);
void policy_hotlines_free(struct policy *policy);

#endif
