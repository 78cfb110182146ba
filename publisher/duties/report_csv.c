/* SPDX-License-Identifier: Apache-2.0
 * report_csv - the reports as lines a spreadsheet opens (csv_write.h: no cell is taken for a
 * formula).
 */
#include "csv_write.h"
#include "report.h"

#define BOM "\xef\xbb\xbf"

static void field(const json_t *json, const char *name, struct buf *out)
{
	const json_t *value = json_object_get(json, name);

	if (json_is_number(value))
		csv_number(out, json_number_value(value));
	else
		csv_field(out, json_is_string(value)  ? json_string_value(value)
		               : json_is_true(value)  ? "yes"
		               : json_is_false(value) ? "no"
		                                      : "");
}

static void line(const json_t *json, const char *const *names, struct buf *out)
{
	for (; *names; names++)
		field(json, *names, out);
}

static void head(const char *first, const char *const *names, struct buf *out)
{
	buf_text(out, first);
	for (; *names; names++)
		csv_field(out, *names);
	csv_end(out);
}

void report_assessment_csv(const json_t *report, struct buf *out)
{
	static const char *const rows[] = {"month", "unit", "kind", "hazard", "level", "step",
	        "target", "count", "on_time", "share", "median", "p90", "worst", "limit",
	        "unaccepted", "reached", "failed", NULL};
	static const char *const lates[] = {"id", "identifier", "headline", "unit", "level", "step",
	        "target", "took", "limit", "finished", "reason", NULL};
	const json_t *item;
	size_t i;

	head(BOM "section", rows, out);
	json_array_foreach(json_object_get(report, "rows"), i, item)
	{
		csv_field(out, "row");
		line(item, rows, out);
		csv_end(out);
	}
	head("section", lates, out);
	json_array_foreach(json_object_get(report, "late"), i, item)
	{
		csv_field(out, "late");
		line(item, lates, out);
		csv_end(out);
	}
}

static void section(
        const json_t *list, const char *name, const char *const *members, struct buf *out)
{
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *)list, i, item)
	{
		csv_field(out, name);
		line(item, members, out);
		csv_end(out);
	}
}

void report_morning_csv(const json_t *report, struct buf *out)
{
	static const char *const columns[] = {
	        "id", "level", "unit", "what", "at", "overdue", "text", NULL};
	static const char *const released[] = {
	        "id", "level", "unit", "verb", "released", "-", "headline", NULL};
	static const char *const due[] = {
	        "id", "level", "unit", "what", "due", "overdue", "headline", NULL};
	static const char *const failed[] = {
	        "bulletin", "-", "target", "state", "at", "-", "reason", NULL};

	head(BOM "section", columns, out);
	section(json_object_get(report, "released"), "released", released, out);
	section(json_object_get(report, "due"), "due", due, out);
	section(json_object_get(report, "failed"), "failed", failed, out);
}
