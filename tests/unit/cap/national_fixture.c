/* SPDX-License-Identifier: Apache-2.0
 * national_fixture - see national_fixture.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "national_fixture.h"

struct national *national_read_text(const char *text, struct cap_problems *problems)
{
	return national_read(text, strlen(text), CAP_LIMIT_SOURCE, problems);
}

struct national *national_read_good(const char *text)
{
	struct cap_problems problems = {0};
	struct national *n = national_read_text(text, &problems);

	if (!n || problems.errors) {
		print_problems(&problems);
		fail_msg("not read");
	}
	cap_problems_finish(&problems);
	return n;
}

bool national_noted(const struct cap_problems *problems, const char *rule, const char *path)
{
	for (size_t i = 0; i < problems->count; i++)
		if (strcmp(problems->items[i].rule, rule) == 0 &&
		        strcmp(problems->items[i].path, path) == 0)
			return true;
	return false;
}

char *national_written(const struct national *n)
{
	struct buf out;

	buf_init(&out, 0);
	national_write(n, &out);
	return buf_take(&out);
}

bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* --- random messages -------------------------------------------------------------------------- */

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

struct national *national_some(struct dice *dice)
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
