/* SPDX-License-Identifier: Apache-2.0
 * test_mode_tag - a file that says for which mode it is good, and what the sentence tells when it
 * is not.
 */
#include "base_fixture.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "key.h"
#include "mode_tag.h"
#include "secret.h"

static const struct {
	const char *name, *text;
	enum mode mode; /* that it fits; MODE_COUNT: none */
} cases[] = {
        {"a secret without a tag", "s3cret\n", MODE_LIVE},
        {"a drill's secret", "s3cret\nmode: exercise\n", MODE_EXERCISE},
        {"a drill's secret, CRLF", "s3cret\r\nmode: exercise\r\n", MODE_EXERCISE},
        {"a test's secret", "s3cret\nmode:test", MODE_TEST},
        {"live in so many words", "s3cret\nmode: live\n", MODE_LIVE},
        {"a secret that looks like a tag", "mode: exercise\n", MODE_LIVE},
        {"an unknown word", "s3cret\nmode: drill\n", MODE_COUNT},
        {"two tags", "s3cret\nmode: test\nmode: exercise\n", MODE_COUNT},
        {"a key's tag", "tocsin-mode: exercise\n-----BEGIN X-----\n-----END X-----\n",
                MODE_EXERCISE},
        {"a tag inside the block", "-----BEGIN X-----\ntocsin-mode: test\n-----END X-----\n",
                MODE_LIVE},
        {"a tag behind the block", "-----BEGIN X-----\n-----END X-----\ntocsin-mode: test\n",
                MODE_TEST},
        {"nothing", "", MODE_LIVE},
};

static void fits_its_mode_only(void **state)
{
	char path[] = "/tmp/tocsin-tag-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		FILE *file = fopen(path, "w");
		fputs(cases[i].text, file);
		fclose(file);
		for (enum mode mode = MODE_LIVE; mode < MODE_COUNT; mode++) {
			struct err err = {0};
			bool fits = mode_tag_fits(path, mode, &err);
			if (fits != (mode == cases[i].mode))
				fail_msg("%s: %s is %d", cases[i].name, mode_text(mode), fits);
			if (!fits && (!strstr(err.en, path) || !strstr(err.zh, path)))
				fail_msg("%s: the file is not named: %s", cases[i].name, err.en);
		}
	}
	unlink(path);
	assert_false(mode_tag_fits(path, MODE_LIVE, NULL));
	assert_true(mode_tag_fits_secret("", MODE_EXERCISE, NULL));
}

/* A key written for a drill is read as before, and bears the tag. */
static void keys_bear_it(void **state)
{
	char path[] = "/tmp/tocsin-tag-XXXXXX";
	struct key *key = key_generate();
	struct err err = {0};

	(void)state;
	close(mkstemp(path));
	unlink(path);
	assert_true(key_write_private(key, path, MODE_EXERCISE, &err));
	assert_true(mode_tag_fits(path, MODE_EXERCISE, &err));
	assert_false(mode_tag_fits(path, MODE_LIVE, &err));
	struct key *again = key_read_private(path, &err);
	assert_non_null(again);
	key_destroy(&again);
	key_destroy(&key);
	unlink(path);
}

static void tokens_bear_it(void **state)
{
	(void)state;
	assert_int_equal(mode_tag_of_token("exercise-abc"), MODE_EXERCISE);
	assert_int_equal(mode_tag_of_token("test-abc"), MODE_TEST);
	assert_int_equal(mode_tag_of_token("abc-exercise-"), MODE_LIVE);
	assert_int_equal(mode_tag_of_token(""), MODE_LIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(fits_its_mode_only),
	        cmocka_unit_test(keys_bear_it),
	        cmocka_unit_test(tokens_bear_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
