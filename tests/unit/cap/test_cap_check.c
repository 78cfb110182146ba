/* SPDX-License-Identifier: Apache-2.0
 * The rules beyond the schema: a good message breaks none, and each row's change breaks its rule.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"

#define SENDER "<sender>12000041600000</sender>"
#define SCOPE "<scope>Public</scope>"
#define LANGUAGE "<language>zh-CN</language>"
#define EXPIRES "<expires>2026-07-15T21:30:00+08:00</expires>"
#define EFFECTIVE "<effective>2026-07-15T09:30:00+08:00</effective>"
#define POLYGON                                                                                    \
	"<polygon>38.70,117.30 38.70,117.85 39.20,117.85 39.20,117.30 38.70,117.30</polygon>"
#define WEB "<web>https://example.org/warnings/rainstorm</web>"
#define REFERENCE "12000041600000,12000041600000_20260715093000,2026-07-15T09:30:00+08:00"
#define GEOCODE                                                                                    \
	"<geocode>\n        <valueName>CPEAS Geographic Code</valueName>\n        "                \
	"<value>120110000000</value>\n      </geocode>"

struct row {
	const char *rule;
	const char *sample;
	const char *from, *to;
};

static const struct row rows[] = {
        /* clang-format off */
	{"identifier.form", "rainstorm_orange.xml", "<identifier>12", "<identifier>1 2"},
	{"identifier.form", "rainstorm_orange.xml", "<identifier>12", "<identifier>1,2"},
	{"identifier.form", "rainstorm_orange.xml", "<identifier>12", "<identifier>1&amp;2"},
	{"sender.form", "rainstorm_orange.xml", SENDER, "<sender></sender>"},
	{"sender.form", "rainstorm_orange.xml", SENDER, "<sender>a&lt;b</sender>"},
	{"restriction.missing", "rainstorm_orange.xml", SCOPE, "<scope>Restricted</scope>"},
	{"restriction.extra", "rainstorm_orange.xml", SCOPE, SCOPE "<restriction>us</restriction>"},
	{"addresses.missing", "rainstorm_orange.xml", SCOPE, "<scope>Private</scope><addresses/>"},
	{"addresses.quotes", "rainstorm_orange.xml", SCOPE, "<scope>Private</scope><addresses>a \"b c</addresses>"},
	{"incidents.quotes", "rainstorm_orange.xml", "2026-07-15-rain</incidents>", "\"rain</incidents>"},
	{"references.missing", "rainstorm_update.xml", "<references>" REFERENCE "</references>", ""},
	{"references.missing", "rainstorm_update.xml", "<references>" REFERENCE "</references>", "<references/>"},
	{"references.form", "rainstorm_update.xml", REFERENCE, "12000041600000_20260715093000"},
	{"references.form", "rainstorm_update.xml", REFERENCE, REFERENCE " a,b,2026-07-15T09:30:00Z"},
	{"references.self", "rainstorm_update.xml", "_20260715093000,", "_20260715124500,"},
	{"references.later", "rainstorm_update.xml", "0,2026-07-15T09:30:00", "0,2026-07-15T12:45:01"},
	{"note.missing", "typhoon_exercise.xml", "  <note>2026 年天津市防汛演练</note>\n", ""},
	{"scope.draft", "rainstorm_orange.xml", "<status>Actual", "<status>Draft"},
	{"category.differ", "rainstorm_orange.xml", "<category>Met</category>", "<category>Env</category>"},
	{"eventCode.differ", "rainstorm_orange.xml", "<value>11B03</value>", "<value>11B04</value>"},
	{"language.same", "rainstorm_orange.xml", "天津市气象局发布暴雨橙色预警信号", "Orange rainstorm warning for Binhai and Dongli"},
	{"event.empty", "rainstorm_orange.xml", "<event>暴雨", "<event> "},
	{"language.missing", "rainstorm_orange.xml", LANGUAGE, ""},
	{"language.mismatch", "rainstorm_orange.xml", LANGUAGE, ""},
	{"language.mismatch", "rainstorm_orange.xml", LANGUAGE, "<language>en</language>"},
	{"expires.sent", "rainstorm_orange.xml", EXPIRES, "<expires>2026-07-15T09:30:00+08:00</expires>"},
	{"expires.sent", "rainstorm_orange.xml", EXPIRES, "<expires>2026-07-15T09:30:00+09:00</expires>"},
	{"expires.effective", "rainstorm_orange.xml", EFFECTIVE, "<effective>2026-07-15T21:30:01+08:00</effective>"},
	{"expires.onset", "rainstorm_orange.xml", "<onset>2026-07-15T11", "<onset>2026-07-16T11"},
	{"expires.missing", "rainstorm_orange.xml", EXPIRES, ""},
	{"web.form", "rainstorm_orange.xml", WEB, "<web>warnings/rainstorm</web>"},
	{"web.form", "rainstorm_orange.xml", WEB, "<web>javascript:alert(1)</web>"},
	{"web.form", "rainstorm_orange.xml", WEB, "<web>https://example.org/a b</web>"},
	{"headline.missing", "rainstorm_orange.xml", "<headline>天津市气象局发布暴雨橙色预警信号</headline>", ""},
	{"description.missing", "typhoon_exercise.xml", "【演练】本信息用于 2026 年防汛演练，不代表实际天气。", ""},
	{"instruction.missing", "typhoon_exercise.xml", "【演练】请参演单位按预案行动。", ""},
	{"senderName.missing", "typhoon_exercise.xml", "<senderName>天津市气象局", "<senderName>"},
	{"text.same", "typhoon_exercise.xml", "【演练】请参演单位按预案行动。", "【演练】天津市气象局发布台风黄色预警信号"},
	{"word.unknown", "rainstorm_orange.xml", "<certainty>Likely", "<certainty>Unknown"},
	{"responseType.assess", "rainstorm_orange.xml", "<responseType>Shelter", "<responseType>Assess"},
	{"word.twice", "rainstorm_orange.xml", "<responseType>Shelter", "<responseType>Prepare"},
	{"word.twice", "rainstorm_orange.xml", "<category>Met", "<category>Met</category><category>Met"},
	{"text.html", "rainstorm_orange.xml", "请有关单位", "&lt;b&gt;请有关单位&lt;/b&gt;"},
	{"text.entity", "rainstorm_orange.xml", "请有关单位", "&amp;nbsp;请有关单位"},
	{"text.entity", "rainstorm_orange.xml", "请有关单位", "&amp;#160;请有关单位"},
	{"text.bidi", "rainstorm_orange.xml", "天津市气象局发布", "天津\xe2\x80\xae市气象局发布"},
	{"eventCode.empty", "rainstorm_orange.xml", "<value>11B03", "<value>"},
	{"parameter.empty", "rainstorm_orange.xml", "<value>Orange", "<value>"},
	{"parameter.twice", "rainstorm_orange.xml", "<valueName>colour</valueName>\n      <value>Orange", "<valueName>kind</valueName>\n      <value>warning"},
	{"resource.desc.empty", "accident_fact.xml", "<resourceDesc>封控范围说明", "<resourceDesc>"},
	{"resource.mime.form", "accident_fact.xml", "<mimeType>text/plain", "<mimeType>text"},
	{"resource.mime.type", "accident_fact.xml", "<mimeType>text/plain", "<mimeType>picture/png"},
	{"resource.uri.scheme", "accident_fact.xml", "<uri>note.txt", "<uri>file:///etc/passwd"},
	{"resource.uri.relative", "accident_fact.xml", "<derefUri>5bCB5o6n6IyD5Zu0", "<derefUri>"},
	{"resource.derefUri.form", "accident_fact.xml", "<derefUri>5bCB5o6n6IyD5Zu0", "<derefUri>封控"},
	{"resource.size.negative", "accident_fact.xml", "<size>12", "<size>-1"},
	{"resource.size.differs", "accident_fact.xml", "<size>12", "<size>1200"},
	{"resource.digest.form", "accident_fact.xml", "<digest>", "<digest>00"},
	{"resource.digest.differs", "accident_fact.xml", "<derefUri>5bCB", "<derefUri>AAAA"},
	{"area.desc.empty", "rainstorm_orange.xml", "<areaDesc>滨海新区、东丽区", "<areaDesc>"},
	{"area.polygon.crossing", "rainstorm_orange.xml", POLYGON, "<polygon>38,117 39,118 39,117 38,118 38,117</polygon>"},
	{"area.polygon.antimeridian", "rainstorm_orange.xml", POLYGON, "<polygon>38,179 39,179 39,-179 38,-179 38,179</polygon>"},
	{"area.polygon.flat", "rainstorm_orange.xml", POLYGON, "<polygon>38,117 38,117 38,117 38,117</polygon>"},
	{"area.circle.zero", "accident_fact.xml", "38.985,117.735 1<", "38.985,117.735 0<"},
	{"area.ceiling.alone", "accident_fact.xml", "<altitude>0</altitude>", ""},
	{"area.ceiling.below", "accident_fact.xml", "<altitude>0", "<altitude>301"},
	{"area.altitude.negative", "accident_fact.xml", "<altitude>0", "<altitude>-5"},
	{"area.geocode.empty", "rainstorm_orange.xml", "<value>120110000000", "<value>"},
	{"area.geocode.twice", "rainstorm_orange.xml", GEOCODE, GEOCODE GEOCODE},
	{"area.geocode.cpeas", "rainstorm_orange.xml", "<value>120110000000", "<value>120110"},
        /* clang-format on */
};

static struct cap_alert *read_all(const char *text, struct cap_problems *problems)
{
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, problems);

	if (alert)
		cap_check(alert, problems);
	return alert;
}

static void good_messages_break_nothing(void **state)
{
	(void)state;
	static const char *const samples[] = {"rainstorm_orange.xml", "rainstorm_update.xml",
	        "rainstorm_cancel.xml", "accident_fact.xml", "typhoon_exercise.xml"};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct cap_problems problems = {0};
		char *text = sample_read(samples[i]);
		struct cap_alert *alert = read_all(text, &problems);

		print_problems(&problems);
		if (!alert || problems.count)
			fail_msg("%s: want no problem, got %zu", samples[i], problems.count);
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
	}
}

static void each_change_breaks_its_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cap_problems problems = {0};
		char *sample = sample_read(rows[i].sample);
		char *text = text_replace(sample, rows[i].from, rows[i].to);
		struct cap_alert *alert = read_all(text, &problems);

		if (!alert || !has_rule(&problems, rows[i].rule)) {
			print_problems(&problems);
			fail_msg("row %zu, %s: want rule %s", i, rows[i].to, rows[i].rule);
		}
		for (size_t k = 0; k < problems.count; k++) {
			assert_true(strncmp(problems.items[k].path, "/alert", 6) == 0);
			assert_true(*problems.items[k].zh && *problems.items[k].en);
		}
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
		free(sample);
	}
}

static void no_info_and_no_area_are_said(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_alert_create();

	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "info.missing"));
	assert_true(has_rule(&problems, "identifier.form"));
	cap_problems_finish(&problems);
	struct cap_info *info = cap_alert_add_info(alert);

	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "area.missing"));
	cap_info_add_area(info);
	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "area.extent.missing"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

static void control_characters_are_said(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_alert_create();

	mem_set_text(&cap_alert_add_info(alert)->headline, "red\x1b[31m");
	mem_set_text(&alert->note, "bell\a");
	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "text.control"));
	assert_true(has_rule(&problems, "alert.control"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

/* A staged message waits for its references: that is no fault until it is released. */
static void staged_references_may_wait(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	char *sample = sample_read("rainstorm_update.xml");
	struct cap_alert *alert = cap_parse(sample, strlen(sample), CAP_LIMIT_API, &problems);

	mem_set_text(&alert->references, "");
	alert->sent = (struct cap_time){0};
	cap_check(alert, &problems);
	assert_false(has_rule(&problems, "references.missing"));
	mem_set_text(&alert->references, NULL);
	cap_check(alert, &problems);
	assert_true(has_rule(&problems, "references.missing"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(sample);
}

/* A comb of `teeth` whose edges all overlap; `cut` draws one edge back across it. */
static char *comb(size_t teeth, bool cut)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < teeth; i++)
		buf_format(&out, "%.6f,%.6f %.6f,%.6f ", i % 2 ? 39.0 : 38.0,
		        117 + (double)i / (double)teeth, i % 2 ? 38.0 : 39.0,
		        117 + ((double)i + .4) / (double)teeth);
	buf_text(&out, cut ? "38.5,117.9 38.5,116.9 37.9,116.9 38.0,117.0"
	                   : "37.9,118.1 37.9,116.9 38.0,117.0");
	return buf_take(&out);
}

static void crossings_are_found_in_time(void **state)
{
	(void)state;
	static const struct {
		size_t teeth;
		bool cut;
	} combs[] = {{100, false}, {100, true}, {3000, false}, {9000, true}};

	for (size_t i = 0; i < sizeof combs / sizeof *combs; i++) {
		struct cap_alert *alert = cap_alert_create();
		struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
		struct cap_problems problems = {0};
		struct err err;
		char *text = comb(combs[i].teeth, combs[i].cut);

		assert_true(cap_area_add_polygon(area, text, &err));
		double before = cpu_ms();

		cap_check(alert, &problems);
		assert_true(cpu_ms() - before < cpu_allowed(50));
		assert_int_equal(has_rule(&problems, "area.polygon.crossing"), combs[i].cut);
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(good_messages_break_nothing),
	        cmocka_unit_test(each_change_breaks_its_rule),
	        cmocka_unit_test(no_info_and_no_area_are_said),
	        cmocka_unit_test(control_characters_are_said),
	        cmocka_unit_test(staged_references_may_wait),
	        cmocka_unit_test(crossings_are_found_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
