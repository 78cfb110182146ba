/* SPDX-License-Identifier: Apache-2.0
 * directory_fixture - a folder with a directory of recipients, made from lines of CSV.
 */
#ifndef TOCSIN_DIRECTORY_FIXTURE_H
#define TOCSIN_DIRECTORY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "choose.h"
#include "fixture.h"
#include "import.h"

struct people {
	char *folder;
	struct catalog *catalog;
	struct generation made; /* by the last import */
	struct err err;         /* why it failed */
	char *errors;           /* what stands in the errors file; NULL = none yet */
};

int people_begin(void **state); /* a cmocka setup; *state is struct people * */
int people_end(void **state);

/* Imports this text; false: people->err. */
bool people_import(struct people *people, const char *csv);
bool people_import_most(struct people *people, const char *csv, size_t len, long faults_most);
/* The same, and in force. */
void people_enforce(struct people *people, const char *csv);
/* Whom the selection means, frozen: their numbers, a line each, in the audience's order; the
 * caller's. "" = nobody. */
char *people_chosen(
        struct people *people, const struct selection *selection, struct audience *audience);

/* A list of one word; the caller's. */
struct texts one_word(const char *word);

#endif
