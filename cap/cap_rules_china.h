/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_china - what the rules of the Chinese profile share. Inside cap_rules_*.c only.
 */
#ifndef TOCSIN_CAP_RULES_CHINA_H
#define TOCSIN_CAP_RULES_CHINA_H

#include "cap_rules.h"

#define CHINA_GEOCODE "CPEAS Geographic Code"

/* The value of a parameter under either name, in any case; NULL when absent. false: there are two
 * different ones (*out is the first). */
bool china_parameter(
        const struct cap_info *info, const char *name, const char *other, const char **out);

bool china_kind_is(const struct cap_info *info, const char *kind); /* none given: a warning */

#endif
