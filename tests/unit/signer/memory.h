/* SPDX-License-Identifier: Apache-2.0
 * memory - a file for what a signer remembers, in a folder of its own, and short words to fill it
 * with.
 */
#ifndef TOCSIN_MEMORY_H
#define TOCSIN_MEMORY_H

#include "seen.h"

#define MEMORY_DAY ((int64_t)24 * 3600 * 1000)
#define MEMORY_NOW INT64_C(1795395600000) /* 2026-11-23T09:00:00+08:00 */

struct memory {
	char folder[64];
	char *path;
};
/* For cmocka_unit_test_setup_teardown: *state is the memory. */
int memory_setup(void **state);
int memory_teardown(void **state);

struct seen *memory_open(const struct memory *memory, int64_t now); /* must open */
/* Must not open, with a sentence that names the file and holds `word`. */
void memory_refused(const struct memory *memory, const char *word);
char *memory_read(const struct memory *memory); /* the file's text; the caller's */
void memory_write(const struct memory *memory, const char *bytes, size_t len);
/* Makes one in which m-1, m-2 and m-3 have ended, a line each; the file's text, the caller's. */
char *memory_of_three(const struct memory *memory);

bool memory_end(struct seen *seen, const char *identifier, int64_t expires, struct err *err);
bool memory_has_ended(const struct seen *seen, const char *identifier);
/* The first `count` steps of an incident, the same in every test. */
bool memory_go(struct seen *seen, const char *incident, size_t count, int64_t time, bool closed);

#endif
