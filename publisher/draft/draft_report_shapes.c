/* SPDX-License-Identifier: Apache-2.0
 * draft_report_shapes - the drawn areas of a report: {"polygon": "lat,lon lat,lon ...", "name":
 * "...", "codes": [...]} or with "circle": "lat,lon radius". Whether a shape lies where we know the
 * divisions is asked later, of the message (facts_area.c): here only that it is one.
 */
#include <stdlib.h>
#include <string.h>

#include "draft_report.h"

enum { SHAPE_LIMIT = 100000 };

struct shaping {
	struct report *report;
	const char *path;
	struct draft_shape shape;
};

static void fault(struct shaping *s, const char *zh, const char *en)
{
	cap_problem_add(s->report->problems, CAP_PROBLEM_ERROR, "report.shape", s->path,
	        "“%s”：%s%.0s", "\"%s\": %.0s%s", s->path, zh, en);
}

/* A text of CAP's form, seen to be one. */
static char *read_text(struct shaping *s, const json_t *value,
        bool (*add)(struct cap_area *area, const char *text, struct err *err))
{
	const char *text = report_text(s->report, s->path, value, SHAPE_LIMIT);
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
	struct err cause = {0};
	bool good = text && add(area, text, &cause);

	if (text && !good)
		fault(s, cause.zh, cause.en);
	cap_alert_destroy(&alert);
	return good ? mem_text(text) : NULL;
}

static void read_codes(struct shaping *s, const json_t *list)
{
	size_t i;
	json_t *value;

	if (!json_is_array(list) || json_array_size(list) > REPORT_LIST_LIMIT) {
		fault(s, "codes 应为区划的列表", "codes must be a list of divisions");
		return;
	}
	json_array_foreach(list, i, value)
	{
		char *code = report_division(s->report, s->path, value);
		if (code && !texts_have(&s->shape.codes, code))
			texts_add(&s->shape.codes, code);
		free(code);
	}
}

static void read_member(struct shaping *s, const char *name, const json_t *value)
{
	const char *text;

	if (strcmp(name, "polygon") == 0)
		s->shape.polygon = read_text(s, value, cap_area_add_polygon);
	else if (strcmp(name, "circle") == 0)
		s->shape.circle = read_text(s, value, cap_area_add_circle);
	else if (strcmp(name, "codes") == 0)
		read_codes(s, value);
	else if (strcmp(name, "name") != 0)
		fault(s, "只能有 polygon、circle、name、codes",
		        "it has polygon, circle, name, codes and no more");
	else if ((text = report_text(s->report, s->path, value, REPORT_NAME_LIMIT)))
		s->shape.name = mem_text(text);
}

void report_shape(struct report *report, const char *path, const json_t *value)
{
	struct shaping s = {.report = report, .path = path};
	size_t errors = report->problems->errors;
	const char *name;
	json_t *member;
	bool one = !json_object_get(value, "polygon") != !json_object_get(value, "circle");

	if (!one)
		fault(&s, "应为一个多边形（polygon）或一个圆（circle）",
		        "it must be a polygon or a circle");
	json_object_foreach((json_t *)value, name, member) if (one) read_member(&s, name, member);
	struct draft_shape *place =
	        mem_push(&report->content.shapes, &report->content.shape_count, sizeof *place);
	*place = s.shape;
	if (report->problems->errors != errors) {
		report->content.shape_count--;
		free(s.shape.name);
		free(s.shape.polygon);
		free(s.shape.circle);
		texts_finish(&s.shape.codes);
	}
}
