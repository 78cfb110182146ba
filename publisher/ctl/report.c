/* SPDX-License-Identifier: Apache-2.0
 * report - the brief of the night and the assessment of promptness, as a table, CSV or JSON; and
 * the reason for what was late.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "mem.h"
#include "table.h"

static int usage(void)
{
	fputs("usage: tocsin report [morning] [--format table|csv|json]\n"
	      "       tocsin report assessment [--month YYYY-MM] [--months N] [--format "
	      "table|csv|json]\n"
	      "       tocsin report late ID --reason TEXT\n",
	        stderr);
	return EX_USAGE;
}

static double number(const json_t *json, const char *name)
{
	return json_number_value(json_object_get(json, name));
}

/* A number as it is shown: "14.7s", "100.0%". */
static void add_number(struct table *table, int digits, double value, const char *unit)
{
	char *text = mem_format("%.*f%s", digits, value, unit);

	table_add(table, text);
	free(text);
}

static void add_row(struct table *table, const json_t *r)
{
	const char *target = json_text(r, "target");
	char *step = mem_format("%s%s%s", json_text(r, "step"), *target ? ":" : "", target);
	char *reached = mem_format("%.0f/%.0f/%.0f", number(r, "reached"), number(r, "failed"),
	        number(r, "unaccepted"));

	table_add(table, json_text(r, "month"));
	table_add(table, json_text(r, "unit"));
	table_add(table, json_text(r, "kind"));
	table_add(table, json_text(r, "hazard"));
	table_add(table, json_text(r, "level"));
	table_add(table, step);
	add_number(table, 0, number(r, "count"), "");
	add_number(table, 1, number(r, "share") * 100, "%");
	add_number(table, 1, number(r, "median"), "s");
	add_number(table, 1, number(r, "p90"), "s");
	add_number(table, 1, number(r, "worst"), "s");
	add_number(table, 0, number(r, "limit"), "s");
	table_add(table, *target ? reached : "");
	free(step);
	free(reached);
}

static void print_rows(const json_t *rows)
{
	static const char *const heads[] = {"月份 month", "单位 unit", "类别 kind", "灾种 hazard",
	        "级别 level", "环节 step", "件数 count", "按时 on time", "中位 median", "九成 p90",
	        "最长 worst", "时限 limit", "到/未到/未接收 reached/failed/unaccepted"};
	enum { COLUMNS = sizeof heads / sizeof heads[0] };
	struct table table;
	const json_t *r;
	size_t i;

	table_init(&table, COLUMNS);
	for (i = 0; i < COLUMNS; i++)
		table_add(&table, heads[i]);
	json_array_foreach((json_t *)rows, i, r) add_row(&table, r);
	table_print(&table, stdout);
	table_finish(&table);
}

static void print_assessment(const json_t *report)
{
	const json_t *item;
	size_t i;

	print_rows(json_object_get(report, "rows"));
	if (json_array_size(json_object_get(report, "late")))
		puts("超时 / late:");
	json_array_foreach(json_object_get(report, "late"), i, item)
	{
		const char *reason = json_text(item, "reason");
		printf("  %-6s %-8s %-8s %s %.1fs > %.0fs  %s  %s\n", json_text(item, "id"),
		        json_text(item, "unit"), json_text(item, "step"), json_text(item, "target"),
		        number(item, "took"), number(item, "limit"), json_text(item, "headline"),
		        *reason ? reason : "未说明原因 / no reason filed");
	}
}

static void print_morning(const json_t *report)
{
	const json_t *item;
	size_t i;

	printf("值班简报 %s 至 %s\n", json_text(report, "since"), json_text(report, "until"));
	printf("已发布 / released: %zu\n", json_array_size(json_object_get(report, "released")));
	json_array_foreach(json_object_get(report, "released"), i, item)
	        printf("  %-6s %s %s %s\n", json_text(item, "id"), json_text(item, "released"),
	                json_text(item, "level_zh"), json_text(item, "headline"));
	printf("待办 / due: %zu\n", json_array_size(json_object_get(report, "due")));
	print_due(json_object_get(report, "due"), NULL);
	printf("未送达 / failed deliveries: %zu\n",
	        json_array_size(json_object_get(report, "failed")));
	json_array_foreach(json_object_get(report, "failed"), i, item) printf(
	        "  %-6s %-10s %-8s %s %s\n", json_text(item, "bulletin"), json_text(item, "target"),
	        json_text(item, "state"), json_text(item, "at"), json_text(item, "reason"));
}

static int late(const char *id, const char *reason)
{
	char *path = mem_format("/api/v1/bulletins/%s/late", id);
	int code = post_words(path, json_pack("{s:s}", "reason", reason));

	free(path);
	return code;
}

/* Words that go into a query as they are. */
static bool plain(const char *word)
{
	return !word || (*word && strspn(word, "0123456789-") == strlen(word));
}

static int assessment(const char *month, const char *months, const char *format)
{
	char *path = mem_format("/api/v1/report/assessment?format=%s%s%s%s%s", format,
	        month ? "&month=" : "", month ? month : "", months ? "&months=" : "",
	        months ? months : "");
	int code = show_answer(path, strcmp(format, "table") != 0, print_assessment, NULL);

	free(path);
	return code;
}

int command_report(int argc, char **argv)
{
	char *month = take_option(&argc, argv, "--month");
	char *months = take_option(&argc, argv, "--months");
	char *reason = take_option(&argc, argv, "--reason");
	char *given = take_option(&argc, argv, "--format");
	const char *format = given ? given : "table";
	const char *form = argc > 1 ? argv[1] : "morning";
	bool known = strcmp(format, "table") == 0 || strcmp(format, "csv") == 0 ||
	             strcmp(format, "json") == 0;

	if (argc == 3 && strcmp(form, "late") == 0 && reason && *reason)
		return late(argv[2], reason);
	if (argc > 2 || reason || !known || !plain(month) || !plain(months))
		return usage();
	if (strcmp(form, "assessment") == 0)
		return assessment(month, months, format);
	if (strcmp(form, "morning") != 0 || month || months)
		return usage();
	return show_answer(strcmp(format, "csv") == 0 ? "/api/v1/report/morning?format=csv"
	                                              : "/api/v1/report/morning",
	        strcmp(format, "table") != 0, print_morning, NULL);
}
