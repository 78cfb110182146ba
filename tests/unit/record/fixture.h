/* SPDX-License-Identifier: Apache-2.0
 * fixture - a record in a folder of its own, and a bulletin to put into it.
 */
#ifndef TOCSIN_RECORD_FIXTURE_H
#define TOCSIN_RECORD_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "folder.h"
#include "record.h"

enum { NOW = 1795500000 };
static const int64_t now = NOW * (int64_t)1000; /* 2026-11-24, +08:00 */

struct place {
	char *folder;
	struct store *store; /* a tool's: the contract is tested without the thread */
};
int place_open(void **state);  /* cmocka set-up: *state is a struct place */
int place_close(void **state); /* and tear-down: the folder goes too */

/* The same with the record running. */
struct house {
	char *folder;
	struct record *record;
};
int house_open(void **state);
int house_close(void **state);

/* Memory, zeroed, in which what we fork tells us something. */
void *shared_with_children(size_t size);

/* A change that leaves one line in the chain under the reference `arg`, and one that is refused
 * after it. */
bool add_line(struct store *store, void *arg, struct err *err);
bool refuse(struct store *store, void *arg, struct err *err);
int64_t lines_of(struct store *store, const char *ref);

struct bulletin *sample_bulletin(const char *headline);
void sample_proof(struct proof *proof, enum act act, const char *officer);
void sample_delivery(
        struct delivery *delivery, const struct bulletin *bulletin, const char *target);

/* The transaction around what a test calls. */
struct store *begin_change(struct place *place);
void end_change(struct place *place, bool ok);

/* Stored and read back; ends the test when it cannot. */
void must_put(struct place *place, struct bulletin *bulletin);
struct bulletin *must_get(struct place *place, const char *id);

#endif
