/* SPDX-License-Identifier: Apache-2.0
 * What secret.h promises: one line of a private file, or a sentence that names the file.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "secret.h"

static void the_first_line(void **state)
{
	static const char *const texts[] = {"geheim", "geheim\n", "geheim\r\n", "geheim\nmore\n"};
	char *path = path_in(*state, "secret");
	struct err err;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		write_text(path, texts[i], 0600);
		char *secret = secret_read(path, &err);
		assert_non_null(secret);
		assert_string_equal(secret, "geheim");
		secret_forget(&secret);
		assert_null(secret);
		secret_forget(&secret);
	}
	free(path);
}

static void modes(void **state)
{
	char *path = path_in(*state, "secret");
	struct err err;

	for (mode_t mode = 0; mode < 0100; mode++) {
		write_text(path, "geheim\n", 0600 | mode);
		char *secret = secret_read(path, &err);
		/* A group may read: systemd's credentials are 0440. */
		bool want = (mode & 027) == 0;
		if ((secret != NULL) != want)
			fail_msg("mode %o: got %d", 0600 | (unsigned)mode, secret != NULL);
		if (!secret)
			assert_non_null(strstr(err.en, path));
		secret_forget(&secret);
	}
	free(path);
}

static void refused(const char *path, const char *what)
{
	struct err err = {0};

	if (secret_read(path, &err))
		fail_msg("%s was read", what);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.en, path));
	assert_null(strstr(err.en, "geheim"));
}

static void sizes(void **state)
{
	char *path = path_in(*state, "secret");
	char *large = mem_zero(4098);
	struct err err;

	memset(large, 'x', 4097);
	write_text(path, large, 0600);
	refused(path, "4097 bytes");
	write_text(path, large + 1, 0600);
	char *secret = secret_read(path, &err);
	assert_non_null(secret);
	assert_int_equal(strlen(secret), 4096);
	secret_forget(&secret);
	write_text(path, "", 0600);
	refused(path, "an empty file");
	write_text(path, "\ngeheim\n", 0600);
	refused(path, "an empty line");
	write_bytes(path, "geheim\0more\n", 12, 0600);
	refused(path, "a NUL");
	refused(*state, "a folder");
	free(large);
	free(path);
}

static void names_without_a_slash(void **state)
{
	char *path = path_in(*state, "mqtt");
	struct err err;

	write_text(path, "geheim\n", 0440);
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_null(secret_read("mqtt", &err));
	assert_non_null(strstr(err.en, "CREDENTIALS_DIRECTORY"));
	setenv("CREDENTIALS_DIRECTORY", *state, 1);
	char *secret = secret_read("mqtt", &err);
	assert_non_null(secret);
	assert_string_equal(secret, "geheim");
	secret_forget(&secret);
	assert_null(secret_read("other", &err));
	unsetenv("CREDENTIALS_DIRECTORY");
	char *same = secret_path(path, &err);
	assert_string_equal(same, path);
	free(same);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(the_first_line, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(modes, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(sizes, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(names_without_a_slash, make_folder, remove_folder),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
