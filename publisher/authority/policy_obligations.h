/* SPDX-License-Identifier: Apache-2.0
 * policy_obligations - the section `duties:`: what the law asks for once a message is out, as rows.
 */
#ifndef TOCSIN_POLICY_OBLIGATIONS_H
#define TOCSIN_POLICY_OBLIGATIONS_H

#include "policy.h"
#include "yaml.h"

/* The words of `what`: report notice announce advice lift after-report; 报告 通报 ... */
const char *obligation_text(enum obligation what);
const char *obligation_zh(enum obligation what);
bool obligation_read(const char *text, enum obligation *out);

/* Does this row open a duty for a release of this verb, kind, level and hazard? */
bool duty_rule_applies(const struct duty_rule *rule, enum verb verb, enum kind kind,
        enum level level, const char *hazard);

void policy_read_duties(struct yaml *yaml, struct fy_node *list, void *policy);
void policy_finish_duties(struct policy *policy);

#endif
