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

static void print_rows(const json_t *rows)
{
	const json_t *r;
	size_t i;

	printf("%-7s %-10s %-9s %-6s %-7s %-18s %6s %7s %8s %8s %8s %7s\n", "month", "unit", "kind",
	        "hazard", "level", "step", "count", "on time", "median", "p90", "worst", "limit");
	json_array_foreach((json_t *)rows, i, r)
	{
		bool channel = *json_text(r, "target") != '\0';
		char *step = mem_format(
		        "%s%s%s", json_text(r, "step"), channel ? ":" : "", json_text(r, "target"));
		printf("%-7s %-10s %-9s %-6s %-7s %-18s %6.0f %6.1f%% %7.1fs %7.1fs %7.1fs %6.0fs",
		        json_text(r, "month"), json_text(r, "unit"), json_text(r, "kind"),
		        json_text(r, "hazard"), json_text(r, "level"), step, number(r, "count"),
		        number(r, "share") * 100, number(r, "median"), number(r, "p90"),
		        number(r, "worst"), number(r, "limit"));
		if (channel)
			printf("  unaccepted %.0f reached %.0f failed %.0f",
			        number(r, "unaccepted"), number(r, "reached"), number(r, "failed"));
		putchar('\n');
		free(step);
	}
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
