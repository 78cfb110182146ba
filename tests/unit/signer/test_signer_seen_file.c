/* SPDX-License-Identifier: Apache-2.0
 * test_signer_seen_file - the file of what the signer remembers: a torn last line is cut off, any
 * other damage is refused with its line, and so is a file that is not ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "memory.h"

static void a_torn_last_line_is_cut_off(void **state)
{
	char *text = memory_of_three(*state);
	size_t whole = strlen(text);
	size_t last = (size_t)(strstr(text + 20, "\n") - text); /* end of the second line */

	last += 1 + strcspn(text + last + 1, "\n") + 1; /* where the fourth begins */
	for (size_t len = last; len <= whole; len++) {
		memory_write(*state, text, len);
		struct seen *seen = memory_open(*state, MEMORY_NOW);
		assert_true(memory_has_ended(seen, "m-1") && memory_has_ended(seen, "m-2"));
		assert_int_equal(memory_has_ended(seen, "m-3"), len == whole);
		assert_true(memory_end(seen, "m-4", 0, NULL));
		seen_close(&seen);
		seen = memory_open(*state, MEMORY_NOW);
		assert_true(memory_has_ended(seen, "m-2") && memory_has_ended(seen, "m-4"));
		seen_close(&seen);
	}
	for (size_t at = last; at < whole; at++) { /* a block that was never written */
		char *torn = mem_text_n(text, whole);
		memset(torn + at, 0, whole - at);
		memory_write(*state, torn, whole);
		struct seen *seen = memory_open(*state, MEMORY_NOW);
		assert_true(memory_has_ended(seen, "m-2") && !memory_has_ended(seen, "m-3"));
		seen_close(&seen);
		free(torn);
	}
	free(text);
}

static void damage_is_refused_with_its_line(void **state)
{
	struct memory *memory = *state;
	char *text = memory_of_three(memory);
	size_t whole = strlen(text);
	size_t line = 1;

	for (size_t at = 0; at < whole && line < 4; at++) {
		char *word = line == 1 ? mem_text("first line should be")
		                       : mem_format("damaged at line %zu", line);
		char kept = text[at];
		text[at] ^= 1;
		memory_write(memory, text, whole);
		memory_refused(memory, word);
		text[at] = kept;
		line += kept == '\n';
		free(word);
	}
	free(text);
}

static void lines_left_out_or_moved_are_refused(void **state)
{
	char *text = memory_of_three(*state);
	const char *lines[4] = {text};
	size_t lens[4];

	for (size_t i = 0; i < 4; i++) {
		lens[i] = strcspn(lines[i], "\n") + 1;
		if (i < 3)
			lines[i + 1] = lines[i] + lens[i];
	}
	static const struct {
		size_t order[5], count;
		const char *word;
	} cases[] = {{{0, 2, 3}, 3, "damaged at line 2"}, {{0, 1, 3, 2}, 4, "damaged at line 3"},
	        {{0, 1, 1, 2, 3}, 5, "damaged at line 3"}, {{1, 2, 3}, 3, "first line"}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf bytes;
		buf_init(&bytes, 0);
		for (size_t n = 0; n < cases[i].count; n++)
			buf_add(&bytes, lines[cases[i].order[n]], lens[cases[i].order[n]]);
		memory_write(*state, bytes.data, bytes.len);
		memory_refused(*state, cases[i].word);
		buf_finish(&bytes);
	}
	/* The operator's way out: what stands before the damage is good. */
	memory_write(*state, text, lens[0] + lens[1]);
	struct seen *seen = memory_open(*state, MEMORY_NOW);
	assert_true(memory_has_ended(seen, "m-1") && !memory_has_ended(seen, "m-2"));
	seen_close(&seen);
	free(text);
}

/* A line whose checksum holds and that says nothing we know: written by a later version. */
static void a_line_of_a_later_version_is_refused(void **state)
{
	static const char form[] = "tocsin-seen 1 live";
	char before[DIGEST_HEX], sum[DIGEST_HEX];

	digest_sha256(form, strlen(form), before);
	char *both = mem_format("%swindow 7", before);
	digest_sha256(both, strlen(both), sum);
	char *text = mem_format("%s\n%.16s window 7\n%.16s more\n", form, sum, sum);
	memory_write(*state, text, strlen(text));
	memory_refused(*state, "damaged at line 2");
	free(both);
	free(text);
}

static void not_our_files(void **state)
{
	struct memory *memory = *state;
	struct err err = {0};
	struct seen *seen = memory_open(memory, MEMORY_NOW);

	memory_refused(memory, "in use by another process");
	seen_close(&seen);
	assert_null(seen_open(memory->path, MODE_EXERCISE, MEMORY_NOW, &err));
	assert_non_null(strstr(err.en, "not of this mode"));
	unlink(memory->path);
	assert_int_equal(mkfifo(memory->path, 0600), 0);
	memory_refused(memory, "no regular file");
	unlink(memory->path);
	assert_int_equal(symlink("/dev/null", memory->path), 0);
	memory_refused(memory, "cannot open");
	assert_null(seen_open("/nonexistent/seen", MODE_LIVE, MEMORY_NOW, &err));
	assert_non_null(strstr(err.zh, "无法打开"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                a_torn_last_line_is_cut_off, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(
	                damage_is_refused_with_its_line, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(
	                lines_left_out_or_moved_are_refused, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_line_of_a_later_version_is_refused, memory_setup, memory_teardown),
	        cmocka_unit_test_setup_teardown(not_our_files, memory_setup, memory_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
