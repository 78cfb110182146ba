/* SPDX-License-Identifier: Apache-2.0
 * test_screen - what the screen finds, what it must let pass, where it says that it stands, and
 * that it never repeats a number.
 */
#include "screening_fixture.h"

#include <time.h>

#include "buf.h"
#include "source_tree.h"

enum { POSITIVES = 200, HOSTILE = 64 << 10, HOSTILE_MS = 2000 };

static size_t looked;
static size_t missed;

static void must_find(struct screening *s, char **fields, size_t number)
{
	struct screen_found found = {0};
	bool there = false;

	looked++;
	screen_text(fields[1], fields[2], &s->rules, &found);
	for (size_t i = 0; i < found.hit_count; i++)
		there = there || strcmp(found.hits[i].rule, fields[0]) == 0;
	if (!there) {
		print_error("positives.tsv:%zu: %s: got %s\n", number, fields[0],
		        found.hit_count ? found.hits[0].rule : "nothing");
		missed++;
	}
	screen_found_finish(&found);
}

static void finds_every_positive(void **state)
{
	(void)state;
	looked = missed = 0;
	screening_each_line("positives.tsv", must_find);
	print_message("%zu positives, %zu missed\n", looked, missed);
	assert_true(looked >= POSITIVES);
	assert_int_equal(missed, 0);
}

static void must_pass(struct screening *s, char **fields, size_t number)
{
	struct screen_found found = {0};

	screen_text(fields[0], fields[1], &s->rules, &found);
	for (size_t i = 0; i < found.hit_count; i++) {
		print_error("negatives.tsv:%zu: %s\n", number, found.hits[i].rule);
		missed++;
	}
	screen_found_finish(&found);
}

static void lets_the_harmless_pass(void **state)
{
	(void)state;
	missed = 0;
	screening_each_line("negatives.tsv", must_pass);
	assert_int_equal(missed, 0);
}

/* 110101199003077715 and 11010519491231002X are published examples of the check digit. */
static const struct {
	const char *text, *rule;
	size_t start, len;
} places[] = {
        {"本文为机密★5年", "screen.secret", 3, 5},
        {"绝 密　☆ 长期", "screen.secret", 0, 8},
        {"机\xe2\x80\x8b密★", "screen.secret", 0, 4},
        {"身份证110101199003077715。", "screen.resident-id", 3, 18},
        {"11010519491231002X", "screen.resident-id", 0, 18},
        {"110101 19900307 7715", "screen.resident-id", 0, 20},
        {"+86 13812345678", "screen.mobile", 1, 14},
        {"2025 138 1234 5678", "screen.mobile", 5, 13},
        {"（１３８１２３４５６７８）", "screen.mobile", 1, 11},
        {"请找联系人：张三。", "screen.name", 6, 2},
};

static void marks_the_place(void **state)
{
	struct screening s;

	(void)state;
	screening_start(&s);
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct screen_found found = {0};
		screen_text("/text", places[i].text, &s.rules, &found);
		if (found.hit_count != 1 || strcmp(found.hits[0].rule, places[i].rule) != 0 ||
		        found.hits[0].start != places[i].start ||
		        found.hits[0].len != places[i].len)
			fail_msg("%s: %zu hits, the first %s at %zu, %zu long", places[i].text,
			        found.hit_count, found.hit_count ? found.hits[0].rule : "-",
			        found.hit_count ? found.hits[0].start : 0,
			        found.hit_count ? found.hits[0].len : 0);
		assert_null(strstr(found.hits[0].en, "1234"));
		assert_null(strstr(found.hits[0].zh, "1990"));
		assert_null(strstr(found.hits[0].zh, "张三"));
		screen_found_finish(&found);
	}
	screening_end(&s);
}

static void finds_several(void **state)
{
	struct screening s;
	struct screen_found found = {0};

	(void)state;
	screening_start(&s);
	screen_text("/t", "13812345678,13912345678 机密★ 110101199003077715", &s.rules, &found);
	assert_int_equal(found.hit_count, 4);
	screen_found_finish(&found);
	screen_text("/t", "值班电话139-0000-1111，或022-29990000、29990000", &s.rules, &found);
	assert_int_equal(found.hit_count, 0);
	screen_found_finish(&found);
	screening_end(&s);
}

/* The hits of the whole message, and none in what only names or codes it. */
static void looks_in_free_text_only(void **state)
{
	struct screening s;
	struct screen_found found = {0};
	struct cap_alert *alert = cap_alert_create();
	struct cap_info *info = cap_alert_add_info(alert);
	struct cap_area *area = cap_info_add_area(info);

	(void)state;
	screening_start(&s);
	mem_set_text(&alert->identifier, "13812345678");
	mem_set_text(&alert->sender, "110101199003077715");
	mem_set_text(&alert->references, "a,13812345678,2026-01-01T00:00:00+08:00");
	cap_pairs_add(&area->geocodes, "code", "13812345678");
	cap_pairs_add(&info->event_codes, "code", "13812345678");
	screen_alert(alert, &s.rules, &found);
	assert_int_equal(found.hit_count, 0);
	mem_set_text(&alert->note, "机密★");
	mem_set_text(&info->contact, "13812345678");
	mem_set_text(&area->desc, "13912345678");
	cap_pairs_add(&info->parameters, "remark", "110101199003077715");
	screen_alert(alert, &s.rules, &found);
	assert_int_equal(found.hit_count, 4);
	assert_string_equal(found.hits[0].path, "/alert/note");
	screen_found_finish(&found);
	cap_alert_destroy(&alert);
	screening_end(&s);
}

/* Written as a hit in JSON, the text itself is not in it. */
static void tells_as_json(void **state)
{
	struct screening s;
	struct screen_found found = {0};

	(void)state;
	screening_start(&s);
	screen_text("/alert/note", "打13812345678", &s.rules, &found);
	json_t *hits = screen_hits_json(&found);
	char *text = json_dumps(hits, 0);
	assert_non_null(strstr(text, "\"start\": 1"));
	assert_non_null(strstr(text, "\"length\": 11"));
	assert_null(strstr(text, "138"));
	free(text);
	json_decref(hits);
	screen_found_finish(&found);
	screening_end(&s);
}

static void hostile_texts_are_quick(void **state)
{
	static const char *const fills[] = {"1 ", "1-", "138", "机 ", "110101199003077715 ", "1",
	        "绝密★", "联系人：", "李某", "1°", "38.9,117.7 ", "一", "﷽", "1O", "电话", "-", "★",
	        "津A1234", "13*"};
	struct screening s;

	(void)state;
	screening_start(&s);
	for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
		struct screen_found found = {0};
		struct buf buf;
		buf_init(&buf, 0);
		while (buf.len < HOSTILE)
			buf_text(&buf, fills[i]);
		clock_t began = clock(); /* of our own processor time: others may keep it busy */
		screen_text("/t", buf.data, &s.rules, &found);
		long took = (long)((clock() - began) / (CLOCKS_PER_SEC / 1000));
		if (took > HOSTILE_MS)
			fail_msg("64 KiB of \"%s\" took %ld ms", fills[i], took);
		assert_true(found.hit_count <= SCREEN_MOST && found.token_count <= SCREEN_MOST);
		screen_found_finish(&found);
		buf_finish(&buf);
	}
	screening_end(&s);
}

static void a_faulty_list_is_named(void **state)
{
	struct err err = {0};
	char *folder = source_path("publisher/data");
	char *wrong = source_path("tests/data/screening/negatives.tsv");

	(void)state;
	assert_null(screen_lists_read(folder, wrong, &err));
	assert_non_null(strstr(err.en, "negatives.tsv:2"));
	assert_null(screen_lists_read("/nowhere", "", &err));
	assert_non_null(strstr(err.en, "secrecy-marks.csv"));
	free(folder);
	free(wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_every_positive),
	        cmocka_unit_test(lets_the_harmless_pass),
	        cmocka_unit_test(marks_the_place),
	        cmocka_unit_test(finds_several),
	        cmocka_unit_test(looks_in_free_text_only),
	        cmocka_unit_test(tells_as_json),
	        cmocka_unit_test(hostile_texts_are_quick),
	        cmocka_unit_test(a_faulty_list_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
