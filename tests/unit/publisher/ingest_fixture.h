/* SPDX-License-Identifier: Apache-2.0
 * ingest_fixture - what the tests of ingest share: the project's own tables, three units, one good
 * warning.
 */
#ifndef TOCSIN_INGEST_FIXTURE_H
#define TOCSIN_INGEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cap_io.h"
#include "catalog.h"
#include "draft.h"
#include "flatten.h"

/* 2026-07-01T10:00:00+08:00 */
#define FIXTURE_NOW INT64_C(1782871200000)

struct catalog *fixture_catalog(void); /* the project's; the caller's */
struct draft_rules fixture_rules(const struct catalog *catalog, enum mode mode);

/* A rainstorm warning, orange, for Xiqing and Jinghai, in our profile, complete but for identifier
 * and sent. */
struct cap_alert *fixture_alert(enum mode mode);
struct bulletin *fixture_bulletin(
        const struct cap_alert *alert, const struct catalog *catalog, enum mode mode);

size_t problem_count(
        const struct cap_problems *problems, const char *rule); /* whose rule begins so */
/* Fails the test with all problems unless there is one with this rule whose path or sentence holds
 * `part`. */
void expect_problem(
        const char *name, const struct cap_problems *problems, const char *rule, const char *part);
void expect_errors(const char *name, const struct cap_problems *problems, size_t want);

/* The bytes of a file of the shared corpus; skips the test aloud when it is not there. */
char *fixture_shared(const char *path, size_t *len);

#endif
