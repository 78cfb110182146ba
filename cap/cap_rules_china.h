/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_china - what the rules of the Chinese profile share. Inside cap_rules_*.c only.
 */
#ifndef TOCSIN_CAP_RULES_CHINA_H
#define TOCSIN_CAP_RULES_CHINA_H

#include "cap_china.h"
#include "cap_rules.h"

bool china_kind_is(const struct cap_info *info, const char *kind); /* none given: a warning */

#endif
