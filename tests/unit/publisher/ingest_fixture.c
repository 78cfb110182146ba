/* SPDX-License-Identifier: Apache-2.0
 * ingest_fixture - see ingest_fixture.h.
 */
#include "ingest_fixture.h"

#include "draft_build.h"
#include "source_tree.h"

struct catalog *fixture_catalog(void)
{
	struct err err = {0};
	char *folder = source_path("publisher/data");
	struct catalog *catalog = catalog_read(folder, &err);

	if (!catalog)
		print_error("%s\n", err.en);
	assert_non_null(catalog);
	free(folder);
	return catalog;
}

struct draft_rules fixture_rules(const struct catalog *catalog, enum mode mode)
{
	static const struct draft_unit units[] = {
	        {"tj-met", "天津市气象局", "12000041600000", "120000"},
	        {"tj-emb", "天津市应急管理局", "12000000500000", "120000"},
	        {"bh-met", "滨海新区气象局", "12011641600000", "120116"},
	};

	return (struct draft_rules){.catalog = catalog,
	        .units = units,
	        .unit_count = sizeof units / sizeof units[0],
	        .unit = "tj-met",
	        .drafter = "li",
	        .source = "",
	        .mode = mode};
}

static void add_area(struct cap_info *info, const char *name, const char *code)
{
	struct cap_area *area = cap_info_add_area(info);

	mem_set_text(&area->desc, name);
	cap_pairs_add(&area->geocodes, FLATTEN_GEOCODE, code);
}

struct cap_alert *fixture_alert(enum mode mode)
{
	static const enum cap_status statuses[] = {CAP_ACTUAL, CAP_EXERCISE, CAP_TEST};
	struct cap_alert *alert = cap_alert_create();
	struct cap_info *info = cap_alert_add_info(alert);
	const char *mark = mode_banner(mode);

	mem_set_text(&alert->identifier, "");
	mem_set_text(&alert->sender, "12000041600000");
	alert->status = statuses[mode];
	if (mode == MODE_EXERCISE)
		mem_set_text(&alert->note, "exercise 1");
	mem_set_text(&info->language, "zh-CN");
	cap_info_add_category(info, CAP_MET);
	mem_set_text(&info->event, "暴雨");
	info->urgency = CAP_EXPECTED;
	info->severity = CAP_SEVERE;
	info->certainty = CAP_LIKELY;
	info->onset = cap_time_china(FIXTURE_NOW + 3600000);
	info->expires = cap_time_china(FIXTURE_NOW + 24 * 3600000);
	mem_set_text(&info->sender_name, "天津市气象台");
	info->headline = mem_format("%s天津市气象台发布暴雨橙色预警", mark);
	info->description = mem_format("%s预计今天下午西青区、静海区将出现暴雨。", mark);
	mem_set_text(&info->instruction, "请减少外出，远离低洼地带。");
	draft_profile(info, KIND_WARNING, LEVEL_ORANGE, "11B03");
	add_area(info, "西青区", "120111000000");
	add_area(info, "静海区", "120118000000");
	return alert;
}

struct bulletin *fixture_bulletin(
        const struct cap_alert *alert, const struct catalog *catalog, enum mode mode)
{
	struct bulletin *bulletin = bulletin_create();
	struct err err = {0};

	bulletin->mode = mode;
	if (!draft_settle(bulletin, alert, catalog, &err))
		print_message("%s\n", err.en);
	return bulletin;
}

static void print_problems(const char *name, const struct cap_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		print_message("%s: %s %s %s: %s / %s\n", name,
		        cap_problem_level_text(problems->items[i].level), problems->items[i].rule,
		        problems->items[i].path, problems->items[i].en, problems->items[i].zh);
}

size_t problem_count(const struct cap_problems *problems, const char *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < problems->count; i++)
		count += strncmp(problems->items[i].rule, rule, strlen(rule)) == 0;
	return count;
}

void expect_problem(
        const char *name, const struct cap_problems *problems, const char *rule, const char *part)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct cap_problem *problem = &problems->items[i];
		if (strcmp(problem->rule, rule) == 0 &&
		        (strstr(problem->path, part) || strstr(problem->en, part)))
			return;
	}
	print_problems(name, problems);
	fail_msg("%s: want a problem %s with \"%s\"", name, rule, part);
}

void expect_errors(const char *name, const struct cap_problems *problems, size_t want)
{
	if (problems->errors == want)
		return;
	print_problems(name, problems);
	fail_msg("%s: got %zu errors, want %zu", name, problems->errors, want);
}

char *fixture_shared(const char *path, size_t *len)
{
	const char *shared = getenv("TOCSIN_SHARED");
	char *full = mem_format("%s/%s", shared ? shared : "../shared", path);
	FILE *file = fopen(full, "rb");
	enum { LIMIT = 1 << 20 };

	free(full);
	if (!file) {
		print_message("skipped: %s is not there\n", path);
		skip();
		return NULL;
	}
	char *bytes = mem_zero(LIMIT + 1);
	*len = fread(bytes, 1, LIMIT, file);
	fclose(file);
	return bytes;
}
