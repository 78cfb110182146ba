/* SPDX-License-Identifier: Apache-2.0
 * cap_fixture - what the tests of reading, writing and checking share: samples, replacements, deep
 * comparison.
 */
#ifndef TOCSIN_CAP_FIXTURE_H
#define TOCSIN_CAP_FIXTURE_H

#include "cap_io.h"

char *file_read(const char *path, size_t *len); /* NULL: not there; the caller's, NUL behind it */
char *sample_read(const char *name); /* tests/data/cap/NAME; fails the test when absent */
char *shared_path(const char *name); /* below $TOCSIN_SHARED; NULL when that is absent */

/* The first `from` becomes `to`; fails the test when there is no `from`. The caller's. */
char *text_replace(const char *text, const char *from, const char *to);

bool alerts_same(const struct cap_alert *a, const struct cap_alert *b); /* field by field */
bool has_rule(const struct cap_problems *problems, const char *rule);   /* is it among them? */
bool has_schema_error(const struct cap_problems *problems);             /* any rule "schema.*" */
void print_problems(const struct cap_problems *problems);               /* for a test that fails */

double cpu_ms(void);           /* used so far by this process */
double cpu_allowed(double ms); /* more when a sanitizer is at work */

#endif
