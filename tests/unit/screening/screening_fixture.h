/* SPDX-License-Identifier: Apache-2.0
 * screening_fixture - what the tests of screening share: the project's own tables, the tests' list
 * of one protected site, one published hotline.
 */
#ifndef TOCSIN_SCREENING_FIXTURE_H
#define TOCSIN_SCREENING_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screen.h"

/* Hotlines 02229990000 and 13900001111. The caller's: screening_lists_finish. */
struct screening {
	struct screen_lists *lists;
	struct texts hotlines;
	struct screen_rules rules;
};
void screening_start(struct screening *screening);
void screening_end(struct screening *screening);

char *screening_file(const char *folder, const char *name); /* the whole file, or NULL */

/* Each line of a file of tests/data/screening that is no comment, split at tabs. */
void screening_each_line(
        const char *name, void (*line)(struct screening *screening, char **fields, size_t number));

#endif
