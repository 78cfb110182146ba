/* SPDX-License-Identifier: Apache-2.0
 * base_fixture - a folder of a test's own, files in it, and numbers that look random but repeat.
 */
#ifndef TOCSIN_BASE_FIXTURE_H
#define TOCSIN_BASE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

int make_folder(void **state); /* *state: its path */
int remove_folder(void **state);

char *path_in(const char *folder, const char *name); /* the caller's */
void write_bytes(const char *path, const void *bytes, size_t len, mode_t mode);
void write_text(const char *path, const char *text, mode_t mode);

uint64_t next_number(uint64_t *seed);

#endif
