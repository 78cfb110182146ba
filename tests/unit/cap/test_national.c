/* SPDX-License-Identifier: Apache-2.0
 * The message of the national platform: read, written, made CAP and made of CAP; what is lost is
 * named, and persons are not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_fixture.h"
#include "cap_losses.h"
#include "cap_read.h"
#include "national.h"

static struct national *read_text(const char *text, struct cap_problems *problems)
{
	return national_read(text, strlen(text), CAP_LIMIT_SOURCE, problems);
}

static struct national *read_good(const char *text)
{
	struct cap_problems problems = {0};
	struct national *n = read_text(text, &problems);

	if (!n || problems.errors) {
		print_problems(&problems);
		fail_msg("not read");
	}
	cap_problems_finish(&problems);
	return n;
}

static bool noted(const struct cap_problems *problems, const char *rule, const char *path)
{
	for (size_t i = 0; i < problems->count; i++)
		if (strcmp(problems->items[i].rule, rule) == 0 &&
		        strcmp(problems->items[i].path, path) == 0)
			return true;
	return false;
}

static char *written(const struct national *n)
{
	struct buf out;

	buf_init(&out, 0);
	national_write(n, &out);
	return buf_take(&out);
}

static void reads_what_the_platform_sends(void **state)
{
	char *text = sample_read("../national/rainstorm_orange.xml");
	struct national *n = read_good(text);
	char sent[26];

	(void)state;
	cap_time_write(n->sent, sent);
	assert_string_equal(n->identifier, "12000041600000_20260701095500");
	assert_string_equal(n->sender, "天津市气象局");
	assert_string_equal(n->sender_code, "12000041600000");
	assert_string_equal(sent, "2026-07-01T09:50:00+08:00");
	assert_int_equal(n->msg_type, CAP_ALERT);
	assert_int_equal(n->method_count, 2);
	assert_string_equal(n->methods[0].name, "SMS");
	assert_null(n->methods[1].message);
	assert_null(n->references);
	assert_int_equal(n->info_count, 1);
	assert_int_equal(n->infos[0].level, LEVEL_ORANGE);
	assert_int_equal(n->infos[0].urgency, CAP_URGENCY_UNKNOWN);
	assert_true(n->infos[0].effective.set);
	assert_false(n->infos[0].onset.set || n->infos[0].expires.set);
	assert_string_equal(n->infos[0].areas[0].geocode, "120111000000,120118000000");
	national_destroy(&n);
	free(text);
}

/* What stands for a level, a time or a word, and what does not. */
static void reads_levels_times_and_words(void **state)
{
	static const struct {
		const char *from, *to, *rule; /* rule NULL: read without a fault */
		enum level level;
	} cases[] = {
	        {">Orange<", ">RED<", NULL, LEVEL_RED},
	        {">Orange<", ">yellow<", NULL, LEVEL_YELLOW},
	        {">Orange<", ">蓝色<", NULL, LEVEL_BLUE},
	        {">Orange<", ">红色预警<", NULL, LEVEL_RED},
	        {">Orange<", ">Ⅲ级<", NULL, LEVEL_YELLOW},
	        {">Orange<", ">IV<", NULL, LEVEL_BLUE},
	        {">Orange<", ">特别重大<", NULL, LEVEL_RED},
	        {">Orange<", ">Severe<", NULL, LEVEL_ORANGE},
	        {">Orange<", ">Unknown<", NULL, LEVEL_NONE},
	        {">Orange<", "><", NULL, LEVEL_NONE},
	        {">Orange<", ">Purple<", "schema.word", LEVEL_NONE},
	        {">Orange<", ">Redd<", "schema.word", LEVEL_NONE},
	        {"09:50:00 +08:00", "09:50:00", NULL, LEVEL_ORANGE},
	        {"2026-07-01 09:50:00 +08:00", "2026-07-01T09:50:00+08:00", NULL, LEVEL_ORANGE},
	        {"2026-07-01 09:50:00 +08:00", "2026-02-30 09:50:00+08:00", "schema.time",
	                LEVEL_ORANGE},
	        {"2026-07-01 09:50:00 +08:00", "", "schema.missing", LEVEL_ORANGE},
	        {"<onset/>", "<onset>soon</onset>", "schema.time", LEVEL_ORANGE},
	        {">Alert<", ">Alarm<", "schema.word", LEVEL_ORANGE},
	        {">Alert<", "><", "schema.word", LEVEL_ORANGE},
	        {"<scope>Public</scope>", "", "schema.missing", LEVEL_ORANGE},
	        {">12000041600000<", "> <", "schema.missing", LEVEL_ORANGE},
	        {"<status>", "<status>Test</status><status>", "schema.repeat", LEVEL_ORANGE},
	        {"<web/>", "<web><!--x-->y</web>", "xml.comment", LEVEL_ORANGE},
	};
	char *text = sample_read("../national/rainstorm_orange.xml");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_problems problems = {0};
		char *changed = text_replace(text, cases[i].from, cases[i].to);
		struct national *n = read_text(changed, &problems);

		assert_non_null(n);
		if (cases[i].rule ? !has_rule(&problems, cases[i].rule) : problems.errors > 0) {
			print_problems(&problems);
			fail_msg("%s -> %s", cases[i].from, cases[i].to);
		}
		if (n->infos[0].level != cases[i].level)
			fail_msg("%s is %s", cases[i].to, level_text(n->infos[0].level));
		national_destroy(&n);
		cap_problems_finish(&problems);
		free(changed);
	}
	free(text);
}

static void refuses_what_is_none(void **state)
{
	static const char *const texts[] = {"", "{}", "<alert/>",
	        "<alert><identifier>a</identifier></alert>",
	        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><senderCode/></alert>",
	        "<!DOCTYPE alert><alert><senderCode>1</senderCode></alert>",
	        "<alert><senderCode>\xff</senderCode></alert>", "<alert><senderCode>1</alert>",
	        "<alert><senderCode>&e;</senderCode></alert>",
	        "<warning><senderCode>1</senderCode></warning>"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct cap_problems problems = {0};

		assert_null(read_text(texts[i], &problems));
		assert_true(problems.errors > 0);
		cap_problems_finish(&problems);
	}
}

/* --- random messages -------------------------------------------------------------------------- */

struct dice {
	uint64_t state;
};

static size_t roll(struct dice *dice, size_t sides)
{
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(dice->state >> 33) % sides;
}

static char *pick(struct dice *dice, const char *const *from, size_t count)
{
	return mem_text(from[roll(dice, count)]);
}
#define PICK(dice, ...)                                                                            \
	pick(dice, (const char *const[]){__VA_ARGS__},                                             \
	        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static struct cap_time some_time(struct dice *dice)
{
	if (!roll(dice, 3))
		return (struct cap_time){0};
	return cap_time_china(INT64_C(1782871200000) + (int64_t)roll(dice, 1000000) * 1000);
}

static void add_some_area(struct dice *dice, struct national_info *info)
{
	struct national_area *area = mem_push(&info->areas, &info->area_count, sizeof *area);

	switch (roll(dice, 5)) {
	case 0:
		area->desc =
		        PICK(dice, "天津市", "河南省,河南省", "西青区, 静海区", "西青区，静海区");
		area->geocode =
		        PICK(dice, "120000000000", "410000000000,410000000000", "120111,120118");
		break;
	case 1:
		area->desc = PICK(dice, "全市", "a&b <c>", "西青区,静海区,武清区");
		area->geocode = PICK(dice, "120111000000,120118000000", "12", "120111001,x");
		break;
	case 2:
		area->geocode = PICK(dice, "120111000000", ",,");
		area->polygon =
		        PICK(dice, "39,117 39.1,117 39.1,117.1 39,117", "117,39 117,40", ",");
		break;
	case 3:
		area->desc = PICK(dice, "海河", ",");
		area->circle = PICK(dice, "39,117 5000", "0");
		break;
	default:
		area->desc = mem_text("西青区,静海区");
		area->geocode = mem_text("120111000000,120118000000");
	}
}

static void add_some_info(struct dice *dice, struct national *n)
{
	struct national_info *info = mem_push(&n->infos, &n->info_count, sizeof *info);

	info->language = PICK(dice, "zh-CN", NULL, "zh_CN");
	info->event_type = PICK(dice, "11B03", NULL, "12A07");
	info->urgency = (enum cap_urgency)roll(dice, 5);
	info->level = (enum level)roll(dice, 5);
	info->certainty = (enum cap_certainty)roll(dice, 5);
	info->effective = some_time(dice);
	info->onset = some_time(dice);
	info->expires = some_time(dice);
	info->sender_name = PICK(dice, NULL, "签发员甲");
	info->headline = PICK(dice, NULL, "天津市气象局发布暴雨橙色预警", "<&>");
	info->description = PICK(dice, NULL, "降水。", " a\n b ", "]]>");
	info->instruction = PICK(dice, NULL, "请注意防范。");
	info->web = PICK(dice, NULL, "https://example.cn/a", "not an address %");
	for (size_t i = roll(dice, 3); i > 0; i--)
		add_some_area(dice, info);
}

static struct national *some_national(struct dice *dice)
{
	struct national *n = mem_zero(sizeof *n);

	n->identifier =
	        PICK(dice, "12000041600000_20260701095500", "12011641600000_20260701095500_1");
	n->sender = PICK(dice, NULL, "天津市气象局");
	n->sender_code = PICK(dice, "12000041600000", "12011641600000", "x");
	n->sent = cap_time_china(INT64_C(1782871200000));
	n->status = (enum cap_status)roll(dice, 5);
	n->msg_type = (enum cap_msg_type)roll(dice, 5);
	n->scope = (enum cap_scope)roll(dice, 3);
	n->sec_classification = PICK(dice, NULL, "None", "Inner", "内部");
	n->note = PICK(dice, NULL, "降水结束");
	n->references = PICK(dice, NULL, "12000041600000_20260701080000",
	        "12000041600000_20260701080000, 12000041600000_20260701080001", "gone");
	for (size_t i = roll(dice, 3); i > 0; i--) {
		struct national_method *method =
		        mem_push(&n->methods, &n->method_count, sizeof *method);

		method->name = PICK(dice, "SMS", NULL);
		method->message = PICK(dice, NULL, "x");
		method->audience = PICK(dice, NULL, "13000000000");
	}
	add_some_info(dice, n);
	return n;
}

/* Bytes and back: the same, but for the person. */
static void what_is_written_is_read(void **state)
{
	struct dice dice = {7};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct national *n = some_national(&dice);
		char *first = written(n);
		struct national *back = read_good(first);
		char *second = written(back);

		assert_string_equal(first, second);
		assert_null(strstr(first, "签发员"));
		assert_null(back->infos[0].sender_name);
		national_destroy(&n);
		national_destroy(&back);
		free(first);
		free(second);
	}
}

struct compared {
	const struct cap_problems *problems;
	int number;
};

/* A field that comes back otherwise was named: by its own path, or that of what it stands in. */
static void same_or_named(
        const struct compared *c, const char *element, bool same, const char *path)
{
	if (same)
		return;
	for (size_t i = 0; i < c->problems->count; i++)
		if (strncmp(c->problems->items[i].path, path, strlen(path)) == 0)
			return;
	print_problems(c->problems);
	fail_msg("message %d: %s came back otherwise, and nobody said so", c->number, element);
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void compare_info(
        const struct compared *c, const struct national_info *a, const struct national_info *b)
{
	same_or_named(c, "language", same(a->language ? a->language : "zh-CN", b->language),
	        "/alert/info[1]/language");
	same_or_named(c, "eventType", same(a->event_type, b->event_type), "/alert/info[1]/event");
	same_or_named(c, "urgency", a->urgency == b->urgency, "/alert/info[1]/urgency");
	same_or_named(c, "certainty", a->certainty == b->certainty, "/alert/info[1]/certainty");
	same_or_named(c, "severity", a->level == b->level, "/alert/info[1]/severity");
	same_or_named(c, "times",
	        a->effective.ms == b->effective.ms && a->onset.ms == b->onset.ms &&
	                a->expires.ms == b->expires.ms,
	        "nowhere");
	same_or_named(c, "senderName", !a->sender_name, "/alert/info[1]/senderName");
	same_or_named(c, "headline", same(a->headline, b->headline), "nowhere");
	same_or_named(c, "description", same(a->description, b->description), "nowhere");
	same_or_named(c, "instruction", same(a->instruction, b->instruction), "nowhere");
	same_or_named(c, "web", same(a->web, b->web), "/alert/info[1]/web");
}

static void compare(const struct compared *c, const struct national *a, const struct national *b)
{
	same_or_named(c, "identifier", same(a->identifier, b->identifier), "nowhere");
	same_or_named(c, "sender", same(a->sender, b->sender), "nowhere");
	same_or_named(c, "senderCode", same(a->sender_code, b->sender_code), "nowhere");
	same_or_named(c, "sendTime", a->sent.ms == b->sent.ms, "nowhere");
	same_or_named(c, "words", a->status == b->status && a->msg_type == b->msg_type, "nowhere");
	same_or_named(c, "code", a->method_count == b->method_count, "/alert/code");
	same_or_named(c, "note", same(a->note, b->note), "nowhere");
	same_or_named(c, "references", same(a->references, b->references), "/alert/references");
	same_or_named(c, "scope", a->scope == b->scope, "/alert/s");
	same_or_named(c, "secClassification",
	        same(a->sec_classification ? a->sec_classification : "None", b->sec_classification),
	        "/alert/secClassification");
	compare_info(c, &a->infos[0], &b->infos[0]);
}

/* By way of CAP and back. Nothing that is not for the public becomes public on the way. */
static void what_is_lost_on_the_way_is_named(void **state)
{
	struct dice dice = {11};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct cap_problems problems = {0};
		struct national *n = some_national(&dice);
		struct cap_alert *alert = national_to_cap(n, NULL, &problems);
		struct national *back = national_from_cap(alert, NULL, &problems);
		struct compared c = {&problems, i};

		compare(&c, n, back);
		bool open = n->scope == CAP_PUBLIC &&
		            (!n->sec_classification || same(n->sec_classification, "None"));
		assert_int_equal(alert->scope == CAP_PUBLIC, open);
		for (size_t k = 0; k < problems.count; k++)
			assert_true(!strstr(problems.items[k].zh, "签发员") &&
			            !strstr(problems.items[k].en, "13000000000"));
		national_destroy(&n);
		national_destroy(&back);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
}

/* --- references, areas, losses ---------------------------------------------------------------- */

static enum cap_standing one_is_known(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	const char *known = record;
	char *text = mem_format("%s,%s", reference->sender, reference->identifier);
	bool found = strcmp(text, known) == 0;

	free(text);
	*sent = cap_time_china(INT64_C(1782870000000));
	return found ? CAP_STANDING_IN_FORCE : CAP_STANDING_UNKNOWN;
}

static void bare_references_are_resolved(void **state)
{
	static const struct {
		const char *references, *known, *want;
		size_t errors;
		bool noted;
	} cases[] = {
	        {"12000041600000_20260701080000", "12000041600000,12000041600000_20260701080000",
	                "12000041600000,12000041600000_20260701080000,2026-07-01T09:40:00+08:00", 0,
	                false},
	        {"urn:x", "12000041600000,urn:x", "12000041600000,urn:x,2026-07-01T09:40:00+08:00",
	                0, false},
	        {"12011641600000_20260701080000", "12011641600000,12011641600000_20260701080000",
	                "12011641600000,12011641600000_20260701080000,2026-07-01T09:40:00+08:00", 0,
	                false},
	        {"12011641600000_20260701080000", "",
	                "12011641600000,12011641600000_20260701080000,2026-07-01T08:00:00+08:00", 0,
	                true},
	        {"12011641600000_20260231080000", "", NULL, 1, false},
	        {"urn:x", "", NULL, 1, false},
	        {",,", "", NULL, 0, false},
	        {"urn:x 12000041600000_20260701080000;", "12000041600000,urn:x",
	                "12000041600000,urn:x,2026-07-01T09:40:00+08:00 "
	                "12000041600000,12000041600000_20260701080000,2026-07-01T08:00:00+08:00",
	                0, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dice dice = {1};
		struct cap_problems problems = {0};
		struct national_help help = {
		        .known = one_is_known, .record = (void *)cases[i].known};
		struct national *n = some_national(&dice);

		mem_set_text(&n->sender_code, "12000041600000");
		mem_set_text(&n->references, cases[i].references);
		struct cap_alert *alert = national_to_cap(n, &help, &problems);

		if (!same(alert->references, cases[i].want))
			fail_msg("%s: %s", cases[i].references,
			        alert->references ? alert->references : "none");
		assert_int_equal(problems.errors, cases[i].errors);
		assert_int_equal(problems.errors ||
		                         noted(&problems, "convert.reference", "/alert/references"),
		        cases[i].errors || cases[i].noted);
		national_destroy(&n);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
}

static void a_reference_bomb_is_refused(void **state)
{
	struct dice dice = {1};
	struct cap_problems problems = {0};
	struct national *n = some_national(&dice);
	struct buf many;

	(void)state;
	buf_init(&many, 0);
	for (int i = 0; i < 20000; i++)
		buf_text(&many, "12000041600000_20260701080000 ");
	free(n->references);
	n->references = buf_take(&many);
	struct cap_alert *alert = national_to_cap(n, NULL, &problems);

	assert_true(problems.errors > 0);
	national_destroy(&n);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

/* As "desc=code+code|desc=code" */
static char *areas_text(const struct cap_info *info)
{
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, "");
	for (size_t i = 0; i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];

		buf_format(
		        &out, "%s%s%s", i ? "|" : "", area->desc, area->polygon_count ? "*" : "");
		for (size_t k = 0; k < area->geocodes.count; k++)
			buf_format(&out, "%s%s", k ? "+" : "=", area->geocodes.items[k].value);
	}
	return buf_take(&out);
}

static void areas_go_by_name_and_code(void **state)
{
	static const struct {
		const char *desc, *geocode, *polygon, *want, *rule;
	} cases[] = {
	        {"西青区,静海区", "120111000000,120118000000", NULL,
	                "西青区=120111000000|静海区=120118000000", NULL},
	        {"西青区，静海区，", "120111,120118,", NULL,
	                "西青区=120111000000|静海区=120118000000", "convert.changed"},
	        {"河南省,河南省", "410000000000,410000000000", NULL, "河南省=410000000000",
	                "convert.changed"},
	        {"全市各区", "120111000000,120118000000", NULL,
	                "全市各区=120111000000+120118000000", "convert.changed"},
	        {"西青区,静海区,武清区", "120111000000,120118000000", NULL,
	                "西青区,静海区,武清区=120111000000+120118000000", "convert.changed"},
	        {"天津市", NULL, NULL, "天津市", NULL},
	        {"西青区", "120111000000", "39,117 39.1,117 39.1,117.1 39,117",
	                "西青区*=120111000000", NULL},
	        {"西青区", "120111000000", "117,39 117,39.1 117.1,39.1 117,39",
	                "西青区=120111000000", "convert.lost"},
	        {"x", "99", NULL, "x=99", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_problems problems = {0};
		struct national_area area = {(char *)cases[i].desc, (char *)cases[i].geocode,
		        (char *)cases[i].polygon, NULL};
		struct national_info info = {.areas = &area, .area_count = 1};
		struct national n = {.infos = &info, .info_count = 1};
		struct cap_alert *alert = national_to_cap(&n, NULL, &problems);
		char *got = areas_text(&alert->infos[0]);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].desc, got, cases[i].want);
		if (cases[i].rule && !has_rule(&problems, cases[i].rule))
			fail_msg("%s: no %s", cases[i].desc, cases[i].rule);
		free(got);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
}

static void too_many_areas_are_refused(void **state)
{
	struct cap_problems problems = {0};
	struct buf list;

	(void)state;
	buf_init(&list, 0);
	for (int i = 0; i < 60000; i++)
		buf_text(&list, "1,");
	struct national_area area = {list.data, list.data, NULL, NULL};
	struct national_info info = {.areas = &area, .area_count = 1};
	struct national n = {.infos = &info, .info_count = 1};
	struct cap_alert *alert = national_to_cap(&n, NULL, &problems);

	assert_true(problems.errors > 0);
	assert_int_equal(alert->infos[0].area_count, 0);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	buf_finish(&list);
}

/* Notes leave room for the errors behind them. */
static void many_notes_hide_no_error(void **state)
{
	struct cap_problems problems = {0};
	struct national n = {.infos = mem_array(400, sizeof *n.infos), .info_count = 400};

	(void)state;
	for (size_t i = 0; i < n.info_count; i++) {
		n.infos[i].urgency = CAP_URGENCY_UNKNOWN;
		n.infos[i].certainty = CAP_CERTAINTY_UNKNOWN;
	}
	char bad[] = "urn:x";

	n.references = bad;
	struct cap_alert *alert = national_to_cap(&n, NULL, &problems);

	assert_int_equal(alert->info_count, NATIONAL_INFOS_MAX);
	assert_true(has_rule(&problems, "convert.info"));
	assert_true(has_rule(&problems, "convert.reference"));
	assert_true(problems.count < CAP_PROBLEMS_MAX && problems.errors == 2);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	free(n.infos);
}

/* Our own samples: every element that has no counterpart is named. */
static void losses_of_cap_are_named(void **state)
{
	static const struct {
		const char *sample;
		enum cap_form form;
		const char *paths[12];
	} cases[] = {
	        {"rainstorm_orange.xml", CAP_FORM_NATIONAL,
	                {"/alert/incidents", "/alert/info[2]", "/alert/info[1]/contact",
	                        "/alert/info[1]/responseType"}},
	        {"accident_fact.xml", CAP_FORM_NATIONAL,
	                {"/alert/incidents", "/alert/info[1]/parameter",
	                        "/alert/info[1]/responseType", "/alert/info[1]/resource",
	                        "/alert/info[1]/category", "/alert/info[1]/area[1]/circle",
	                        "/alert/info[1]/area[1]/altitude",
	                        "/alert/info[1]/area[1]/ceiling"}},
	        {"rainstorm_update.xml", CAP_FORM_JSON,
	                {"/alert/incidents", "/alert/references", "/alert/info[1]/responseType"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_problems problems = {0};
		char *text = sample_read(cases[i].sample);
		struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
		size_t count = 0;

		cap_losses(alert, cap_china_info(alert), cases[i].form, &problems);
		for (; cases[i].paths[count]; count++)
			if (!noted(&problems, "convert.lost", cases[i].paths[count]))
				fail_msg("%s: %s", cases[i].sample, cases[i].paths[count]);
		if (problems.count != count)
			print_problems(&problems);
		assert_int_equal(problems.count, count);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
		free(text);
	}
}

/* A CAP message of ours by way of the national form comes back with what that form carries. */
static void cap_comes_back(void **state)
{
	struct cap_problems problems = {0};
	char *text = sample_read("rainstorm_orange.xml");
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
	struct national *n = national_from_cap(alert, NULL, &problems);
	struct cap_alert *back = national_to_cap(n, NULL, &problems);
	const struct cap_info *a = &alert->infos[0];
	const struct cap_info *b = &back->infos[0];

	(void)state;
	assert_string_equal(back->identifier, alert->identifier);
	assert_string_equal(back->sender, alert->sender);
	assert_true(back->sent.ms == alert->sent.ms);
	assert_int_equal(b->severity, a->severity);
	assert_string_equal(b->headline, a->headline);
	assert_string_equal(b->description, a->description);
	assert_string_equal(b->sender_name, a->sender_name);
	assert_string_equal(cap_pairs_find(&b->parameters, "colour"), "Orange");
	assert_string_equal(cap_pairs_find(&b->event_codes, CAP_CHINA_EVENT_CODE),
	        cap_pairs_find(&a->event_codes, CAP_CHINA_EVENT_CODE));
	assert_int_equal(b->area_count, a->area_count);
	assert_true(b->expires.ms == a->expires.ms);
	national_destroy(&n);
	cap_alert_destroy(&alert);
	cap_alert_destroy(&back);
	cap_problems_finish(&problems);
	free(text);
}

/* Among CAP: leniently it is read and noted, strictly it is refused with a way out. */
static void lenient_reading_takes_it(void **state)
{
	char *text = sample_read("../national/rainstorm_orange.xml");
	char *wrapped = mem_format("<feed>%s</feed>", strstr(text, "<alert>"));
	const char *const texts[] = {text, wrapped};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct cap_manner manner = {.lenient = true};
		struct cap_messages messages;

		assert_true(cap_read(texts[i], strlen(texts[i]), &manner, &messages));
		assert_int_equal(messages.count, 1);
		assert_true(messages.items[0].national && messages.items[0].alert);
		assert_false(messages.items[0].has_signature);
		assert_true(messages.items[0].liberties > 0);
		assert_true(has_rule(&messages.items[0].problems, "read.national"));
		assert_true(noted(&messages.items[0].problems, "convert.lost",
		        i ? "/feed/alert/code" : "/alert/code"));
		cap_messages_finish(&messages);
		manner.lenient = false;
		assert_false(cap_read(texts[i], strlen(texts[i]), &manner, &messages));
		cap_messages_finish(&messages);
	}
	free(wrapped);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_what_the_platform_sends),
	        cmocka_unit_test(reads_levels_times_and_words),
	        cmocka_unit_test(refuses_what_is_none),
	        cmocka_unit_test(what_is_written_is_read),
	        cmocka_unit_test(what_is_lost_on_the_way_is_named),
	        cmocka_unit_test(bare_references_are_resolved),
	        cmocka_unit_test(a_reference_bomb_is_refused),
	        cmocka_unit_test(areas_go_by_name_and_code),
	        cmocka_unit_test(too_many_areas_are_refused),
	        cmocka_unit_test(many_notes_hide_no_error),
	        cmocka_unit_test(losses_of_cap_are_named),
	        cmocka_unit_test(cap_comes_back),
	        cmocka_unit_test(lenient_reading_takes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
