/* SPDX-License-Identifier: Apache-2.0
 * What option.h promises: each kind, its limits, its default, its line in the manual.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "terms.h"

struct settings {
	char *text, *secret;
	long number, wait;
	bool yes;
	struct texts list;
	char *must;
	long levels[LEVEL_COUNT];
};

static const struct option rows[] = {
        {"text", OPTION_TEXT, offsetof(struct settings, text), "said nothing", 0, 0, "A text.",
                "文本。"},
        {"number", OPTION_NUMBER, offsetof(struct settings, number), "5", -3, 10, "A number.",
                "数。"},
        {"wait", OPTION_SECONDS, offsetof(struct settings, wait), "0.5", 50, 60000, "A wait.",
                "等待。"},
        {"yes", OPTION_YES, offsetof(struct settings, yes), "no", 0, 0, "Yes or no.", "是否。"},
        {"secret", OPTION_SECRET, offsetof(struct settings, secret), "", 0, 0, "A secret.",
                "凭据。"},
        {"list", OPTION_LIST, offsetof(struct settings, list), "", 0, 0, "A list.", "列表。"},
        {"must", OPTION_TEXT, offsetof(struct settings, must), NULL, 0, 0, "Must be there.",
                "必填。"},
        {"levels", OPTION_LEVEL_SECONDS, offsetof(struct settings, levels), "900 red=600", 1000,
                3600000, "By level.", "按级别。"},
        {0},
};

static bool set(struct settings *s, const char *name, const char *value, struct err *err)
{
	return option_set(s, option_find(rows, name), value, err);
}

static void accept(const char *name, const char *value)
{
	struct settings s = {0};
	struct err err = {0};

	if (!set(&s, name, value, &err))
		fail_msg("%s %s: %s", name, value, err.en);
	option_finish(&s, rows);
}

static void refuse(const char *name, const char *value, const char *word)
{
	struct settings s = {0};
	struct err err = {0};

	if (set(&s, name, value, &err))
		fail_msg("%s took \"%s\"", name, value);
	assert_int_equal(err.kind, ERR_CONFIG);
	if (!strstr(err.en, name) || !strstr(err.en, word))
		fail_msg("\"%s\" does not name %s and %s", err.en, name, word);
	option_finish(&s, rows);
}

static void numbers(void **state)
{
	static const char *const wrong[] = {"", " 1", "1 ", "+1", "0x1", "1.0", "one", "1e1", "--1",
	        "99999999999999999999", "一"};

	(void)state;
	accept("number", "-3");
	accept("number", "10");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		refuse("number", wrong[i], wrong[i]);
	refuse("number", "-4", "-3 to 10");
	refuse("number", "11", "-3 to 10");
}

static void seconds(void **state)
{
	static const char *const wrong[] = {
	        "", " 1", "1s", "-1", "nan", "inf", "0x10", "1e1", "1.2.3"};
	struct settings s = {0};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		refuse("wait", wrong[i], wrong[i]);
	refuse("wait", "0.04", "0.05 to 60");
	refuse("wait", "60.001", "0.05 to 60");
	assert_true(set(&s, "wait", "0.0506", &err));
	assert_int_equal(s.wait, 51);
	assert_true(set(&s, "wait", "60", &err));
	assert_int_equal(s.wait, 60000);
	option_finish(&s, rows);
}

static void yes_and_no(void **state)
{
	struct settings s = {0};
	struct err err;

	(void)state;
	assert_true(set(&s, "yes", "yes", &err) && s.yes);
	assert_true(set(&s, "yes", "no", &err) && !s.yes);
	assert_true(set(&s, "yes", "true", &err) && s.yes);
	assert_true(set(&s, "yes", "false", &err) && !s.yes);
	refuse("yes", "", "yes or no");
	refuse("yes", "1", "yes or no");
	refuse("yes", "YES", "yes or no");
}

static void texts_and_lists(void **state)
{
	struct settings s = {0};
	struct err err;

	(void)state;
	assert_true(set(&s, "text", "one", &err));
	assert_true(set(&s, "text", "two", &err));
	assert_string_equal(s.text, "two");
	assert_true(set(&s, "list", "a", &err));
	assert_true(set(&s, "list", "b", &err));
	assert_int_equal(s.list.count, 2);
	option_finish(&s, rows);
	assert_null(s.text);
	assert_int_equal(s.list.count, 0);
	option_finish(&s, rows);
}

static void secrets(void **state)
{
	char *path = path_in(*state, "secret");
	struct settings s = {0};
	struct err err;

	write_text(path, "geheim\n", 0600);
	assert_true(set(&s, "secret", path, &err));
	assert_string_equal(s.secret, "geheim");
	write_text(path, "neu\n", 0600);
	assert_true(set(&s, "secret", path, &err));
	assert_string_equal(s.secret, "neu");
	assert_true(set(&s, "secret", "", &err));
	assert_string_equal(s.secret, "");
	write_text(path, "geheim\n", 0644);
	assert_false(set(&s, "secret", path, &err));
	assert_null(s.secret);
	assert_non_null(strstr(err.en, path));
	option_finish(&s, rows);
	free(path);
}

static void defaults(void **state)
{
	struct settings s = {0};
	struct err err;

	(void)state;
	assert_false(option_defaults(&s, rows, 0, &err));
	assert_non_null(strstr(err.en, "must"));
	option_finish(&s, rows);
	s = (struct settings){0};
	assert_true(set(&s, "number", "7", &err));
	assert_true(option_defaults(&s, rows, 1u << 6 | 1u << 1, &err));
	assert_string_equal(s.text, "said nothing");
	assert_int_equal(s.number, 7);
	assert_int_equal(s.wait, 500);
	assert_string_equal(s.secret, "");
	assert_int_equal(s.list.count, 0);
	assert_null(s.must);
	option_finish(&s, rows);
}

static void seconds_by_level(void **state)
{
	static const char *const wrong[] = {"red=600", "900 rot=600", "900 red", "900 red=", "x",
	        "900,red=600", "900 red=0.5", "900 red=3601", "900 =600", " 900"};
	struct settings s = {0};
	struct err err;
	struct buf out;

	(void)state;
	refuse("levels", "", "empty");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		refuse("levels", wrong[i], "levels");
	assert_true(set(&s, "levels", "900 orange=600  I=1.5", &err));
	assert_int_equal(s.levels[LEVEL_NONE], 900000);
	assert_int_equal(s.levels[LEVEL_RED], 900000);
	assert_int_equal(s.levels[LEVEL_ORANGE], 600000);
	assert_int_equal(s.levels[LEVEL_I], 1500);
	buf_init(&out, 0);
	option_level_seconds_text(s.levels, &out);
	assert_string_equal(out.data, "900 orange=600 I=1.5");
	buf_finish(&out);
	option_finish(&s, rows);
}

static void names_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; rows[i].name; i++)
		assert_ptr_equal(option_find(rows, rows[i].name), &rows[i]);
	assert_null(option_find(rows, "tex"));
	assert_null(option_find(rows, "texts"));
	assert_null(option_find(rows, ""));
}

static void the_manual_has_every_row(void **state)
{
	struct buf out;
	const char *at;

	(void)state;
	buf_init(&out, 0);
	option_manual(rows, &out);
	at = out.data;
	for (size_t i = 0; rows[i].name; i++) {
		at = strstr(at, rows[i].name);
		assert_non_null(at);
		assert_non_null(strstr(at, rows[i].help));
		assert_non_null(strstr(at, rows[i].help_zh));
	}
	assert_non_null(strstr(out.data, "\\fBnumber\\fR (number, default 5)"));
	assert_non_null(strstr(out.data, "\\fBmust\\fR (text, required)"));
	assert_non_null(strstr(out.data, "\\fBsecret\\fR (secret file)"));
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(numbers),
	        cmocka_unit_test(seconds),
	        cmocka_unit_test(yes_and_no),
	        cmocka_unit_test(texts_and_lists),
	        cmocka_unit_test_setup_teardown(secrets, make_folder, remove_folder),
	        cmocka_unit_test(defaults),
	        cmocka_unit_test(seconds_by_level),
	        cmocka_unit_test(names_are_whole),
	        cmocka_unit_test(the_manual_has_every_row),
	};

	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
