/* SPDX-License-Identifier: Apache-2.0
 * test_district_map - which district bears which level, and that the list leaves nothing out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lists.h"
#include "sample.h"

/* Three districts, of which one is named on the larger sheet alone. */
#define TEXT(text) ((char[]){text})
static struct map_shape wide[] = {
        {TEXT("120101"), TEXT("和平区"), TEXT("M1 1l2 0 0 2z"), false, 0, 0},
        {TEXT("120116"), TEXT("滨海新区"), TEXT("M9 9l2 0 0 2z"), true, 40, 50},
        {TEXT("120119"), TEXT("蓟州区"), TEXT("M5 5l2 0 0 2z"), true, 60, 70}};
static struct map_shape large[] = {
        {TEXT("120101"), TEXT("和平区"), TEXT("M3 3l8 0 0 8z"), true, 8, 9}};
static const struct district_map map = {
        .sheets = {{100, 100, {1, 1, 4, 4}, wide, 3}, {50, 50, {0}, large, 1}}, .count = 2};

struct case_ {
	struct view views[8];
	const struct view *active[8];
	size_t count;
	struct buf out;
};

static int setup(void **state)
{
	struct case_ *c = mem_zero(sizeof *c);

	buf_init(&c->out, 0);
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	struct case_ *c = *state;

	for (size_t i = 0; i < c->count; i++)
		view_finish(&c->views[i]);
	buf_finish(&c->out);
	free(c);
	return 0;
}

/* One more in force, for one area; code NULL: without any. */
static struct view *put(struct case_ *c, const char *identifier, enum level level, const char *code,
        const char *name)
{
	struct view *view = &c->views[c->count];

	view_init(view);
	view->kind = KIND_WARNING;
	view->level = level;
	view->sent = (int64_t)SAMPLE_SENT_S * 1000;
	sample_set(&view->identifier, identifier);
	sample_set(&view->event, "暴雨");
	sample_set(&view->sender_name, "天津市气象台");
	if (code)
		sample_area(view, code, name, "");
	c->active[c->count++] = view;
	return view;
}

static const char *page(struct case_ *c, enum mode mode)
{
	struct text_lists lists = {"预警信息", "https://warn.example.cn", "", mode, 1, &map};

	buf_reset(&c->out);
	text_page_index(c->active, c->count, NULL, 0, &lists, &c->out);
	return c->out.data;
}

static void expect(const char *text, const char *want, bool there)
{
	if ((strstr(text, want) != NULL) != there)
		fail_msg("want %s%s, got %s", there ? "" : "no ", want, text);
}

static void expect_order(const char *text, const char *first, const char *second)
{
	const char *at = strstr(text, first);

	if (!at || !strstr(at, second))
		fail_msg("want %s, then %s, got %s", first, second, text);
}

static void codes(void **state)
{
	static const struct {
		const char *district, *code;
		enum map_touch want;
	} rows[] = {
	        {"120116", "120116", MAP_WHOLLY},
	        {"120116", "120000", MAP_WHOLLY},
	        {"120116", "120100", MAP_WHOLLY},
	        {"120116", "000000", MAP_WHOLLY},
	        {"120116", "120116000000", MAP_WHOLLY},
	        {"120116", "120000000000", MAP_WHOLLY},
	        {"120116", "120116001", MAP_PARTLY},
	        {"120116", "120116001000", MAP_PARTLY},
	        {"120116", "120116001002", MAP_PARTLY},
	        {"120110", "120110", MAP_WHOLLY},
	        {"120110", "120101", MAP_APART},
	        {"120101", "120110", MAP_APART},
	        {"120116", "120117", MAP_APART},
	        {"120116", "130000", MAP_APART},
	        {"120116", "120117001", MAP_APART},
	        {"120116001", "120116", MAP_WHOLLY},
	        {"120116", "", MAP_APART},
	        {"120116", "12", MAP_APART},
	        {"120116", "12011x", MAP_APART},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (map_touches(rows[i].district, rows[i].code) != rows[i].want)
			fail_msg("%s, %s: got %d, want %d", rows[i].district, rows[i].code,
			        (int)map_touches(rows[i].district, rows[i].code),
			        (int)rows[i].want);
}

static void the_gravest_wins(void **state)
{
	struct case_ *c = *state;

	put(c, "n-blue", LEVEL_BLUE, "120116", "滨海新区");
	put(c, "n-red", LEVEL_RED, "120116", "滨海新区");
	put(c, "n-II", LEVEL_II, "120116", "滨海新区");
	const char *got = page(c, MODE_LIVE);
	expect(got, "<path fill=\"url(#fill-red)\" d=\"M9 9", true);
	expect(got, "<path fill=\"url(#fill-blue)\" d=", false);
	expect(got, "<path class=\"calm\" d=\"M5 5", true);
	expect(got,
	        "<a href=\"#d120116\" aria-label=\"滨海新区：红色，天津市气象台：暴雨红色预警，共 "
	        "3 条\">",
	        true);
	expect(got, "滨海新区<tspan x=\"40\" dy=\"34\">◆ 红色</tspan>", true);
	const char *line = strstr(got, "<li id=\"d120116\" class=\"level-red\">");
	assert_non_null(line);
	expect_order(line, "n-red.html", "n-II.html");
	expect_order(line, "n-II.html", "n-blue.html");
	expect(got, "其余 2 个区没有生效中的信息。", true);
	expect(got, "图上没有的区域", false);
}

static void one_is_linked_itself(void **state)
{
	struct case_ *c = *state;

	put(c, "n-1", LEVEL_NONE, "120101", "和平区");
	const char *got = page(c, MODE_LIVE);
	expect(got, "<a href=\"warnings/n-1.html\" aria-label=\"和平区：其他信息，", true);
	/* Shaded on both sheets, a link and a name on one. */
	expect(got, "<path fill=\"url(#fill-none)\" d=\"M1 1", true);
	expect(got, "<path fill=\"url(#fill-none)\" d=\"M3 3", true);
	expect(got, "x=\"0\" y=", false);
}

static void the_city_is_all_its_districts(void **state)
{
	struct case_ *c = *state;

	put(c, "n-city", LEVEL_YELLOW, "120000", "天津市");
	put(c, "n-red", LEVEL_RED, "120119", "蓟州区");
	const char *got = page(c, MODE_LIVE);
	expect(got, "<path fill=\"url(#fill-yellow)\" d=\"M3 3", true);
	expect(got, "<path fill=\"url(#fill-yellow)\" d=\"M9 9", true);
	expect(got, "<path fill=\"url(#fill-red)\" d=\"M5 5", true);
	expect(got, "class=\"calm\" d=", false);
	expect(got, "个区没有生效中", false);
	expect_order(got, "<li id=\"d120119\" class=\"level-red\">",
	        "<li id=\"d120101\" class=\"level-yellow\">");
}

static void a_street_is_part_of_its_district(void **state)
{
	struct case_ *c = *state;

	put(c, "n-street", LEVEL_ORANGE, "120116001", "塘沽<街道>");
	const char *got = page(c, MODE_LIVE);
	expect(got, "<path fill=\"url(#fill-orange)\" d=\"M9 9", true);
	expect(got, "（部分区域：塘沽&lt;街道&gt;）", true);
}

static void nothing_is_left_out(void **state)
{
	struct case_ *c = *state;

	put(c, "n-sea", LEVEL_RED, "", "渤海湾西部海域");
	put(c, "n-next", LEVEL_ORANGE, "130900", "沧州市");
	put(c, "n-none", LEVEL_BLUE, NULL, NULL);
	put(c, "n-here", LEVEL_BLUE, "120101", "和平区");
	const char *got = strstr(page(c, MODE_LIVE), "图上没有的区域");
	assert_non_null(got);
	expect(got,
	        "渤海湾西部海域</strong> <span class=\"sign\">◆ 红色</span>\n<p><a "
	        "href=\"warnings/n-sea.html\">",
	        true);
	expect(got, "沧州市</strong>", true);
	expect(got, "未写明区域</strong>", true);
	expect(got, "n-here", false);
}

/* A line of the list stays short; it says how many more there are, and where. */
static void many_are_counted(void **state)
{
	struct case_ *c = *state;
	char number[] = "n-0";

	for (; number[2] < '8'; number[2]++)
		put(c, number, LEVEL_BLUE, "120116", "滨海新区");
	const char *got = page(c, MODE_LIVE);
	expect(got, "，共 8 条\">", true);
	expect(got, "另有 2 条，见<a href=\"#force\">生效中</a>", true);
	got = strstr(got, "<li id=\"d120116\"");
	assert_non_null(got);
	expect(got, "n-5.html", true);
	expect(got, "n-6.html", false);
}

static void no_map_no_list(void **state)
{
	struct text_lists lists = {
	        .title = "预警信息", .site = "https://warn.example.cn", .author = ""};
	struct case_ *c = *state;

	put(c, "n-1", LEVEL_RED, "120101", "和平区");
	text_page_index(c->active, c->count, NULL, 0, &lists, &c->out);
	expect(c->out.data, "<svg", false);
	expect(c->out.data, "map.css", false);
	expect(c->out.data, "warnings/n-1.html", true);
}

static void calm(void **state)
{
	struct case_ *c = *state;
	const char *got = page(c, MODE_LIVE);

	expect(got, "全部 3 个区没有生效中的信息。", true);
	expect(got, "<ul class=\"districts\">", false);
	expect(got, "not-live", false);
}

static void a_drill_is_marked_over_the_map(void **state)
{
	struct case_ *c = *state;
	const char *got = page(c, MODE_EXERCISE);

	expect(got, "<h2>【演练】地图</h2>", true);
	expect(got, "class=\"not-live\" transform=\"translate(50 50) rotate(-30)\">【演练】</text>",
	        true);
	expect(got, "class=\"not-live\" transform=\"translate(25 25) rotate(-30)\">【演练】</text>",
	        true);
	expect(page(c, MODE_TEST), ">【测试】</text>", true);
}

static void paths(void **state)
{
	(void)state;
	assert_true(map_path_is_plain("M697 862l1-26 5 0z"));
	assert_false(map_path_is_plain(""));
	assert_false(map_path_is_plain("l1 1"));
	assert_false(map_path_is_plain("M1 1\"/><script>"));
	assert_false(map_path_is_plain("M1 1 url(#x)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(codes),
	        cmocka_unit_test(paths),
	        cmocka_unit_test_setup_teardown(the_gravest_wins, setup, teardown),
	        cmocka_unit_test_setup_teardown(one_is_linked_itself, setup, teardown),
	        cmocka_unit_test_setup_teardown(the_city_is_all_its_districts, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_street_is_part_of_its_district, setup, teardown),
	        cmocka_unit_test_setup_teardown(nothing_is_left_out, setup, teardown),
	        cmocka_unit_test_setup_teardown(many_are_counted, setup, teardown),
	        cmocka_unit_test_setup_teardown(no_map_no_list, setup, teardown),
	        cmocka_unit_test_setup_teardown(calm, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_drill_is_marked_over_the_map, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
