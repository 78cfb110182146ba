/* SPDX-License-Identifier: Apache-2.0
 * rules - the table of CAP rules on the command line: which profiles are asked, and the table
 * itself.
 */
#ifndef TOCSIN_RULES_H
#define TOCSIN_RULES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "cap_problem.h"

/* Takes every --profile NAME out of argv; a set of enum cap_profile. false: a name that is none (it
 * was said on stderr). */
bool rules_take_profiles(int *argc, char **argv, unsigned *profiles);

/* The rules these profiles ask (0: all there are): a Markdown table, or a JSON line each. */
void rules_print(unsigned profiles, bool as_json);

/* A line each, what must be mended first: level, place and cause in Chinese, then in English, and
 * the rule. */
void rules_print_problems(FILE *out, const struct cap_problems *problems);
/* The same of what the server said: an array of its problems (docs/openapi.yaml), or NULL. */
void rules_print_said(FILE *out, const json_t *problems);

#endif
