/* SPDX-License-Identifier: Apache-2.0
 * cap_losses - see cap_losses.h: one table of elements and the forms that carry them. What stands
 * in them is not repeated. Cannot fail.
 */
#include "cap_losses.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_china.h"
#include "national_parts.h"

enum { NATIONAL = CAP_FORM_NATIONAL, JSON = CAP_FORM_JSON, TEXT = CAP_FORM_TEXT };

struct text_row {
	const char *element;
	size_t offset;
	unsigned carried;
};

static const struct text_row alert_texts[] = {
        {"source", offsetof(struct cap_alert, source), 0},
        {"addresses", offsetof(struct cap_alert, addresses), 0},
        {"note", offsetof(struct cap_alert, note), NATIONAL},
        {"incidents", offsetof(struct cap_alert, incidents), 0},
};

static const struct text_row info_texts[] = {
        {"audience", offsetof(struct cap_info, audience), 0},
        {"web", offsetof(struct cap_info, web), NATIONAL | JSON},
        {"contact", offsetof(struct cap_info, contact), JSON | TEXT},
};

static bool has_text(const void *object, size_t offset)
{
	const char *text = *(char *const *)((const char *)object + offset);

	return text && *text;
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcasecmp(name, *names) == 0)
			return true;
	return false;
}

static bool has_other(const struct cap_pairs *pairs, const char *const *known)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!is_one_of(pairs->items[i].name, known))
			return true;
	return false;
}

struct losses {
	const struct cap_alert *alert;
	const struct cap_info *info;
	size_t number; /* the info's, from 1 */
	enum cap_form form;
	struct cap_problems *problems;
};

static void lose(const struct losses *l, const char *path)
{
	national_note(l->problems, "convert.lost", path, "没有对应的写法，已略去",
	        "it has no counterpart: left out");
}

static void lose_of_info(const struct losses *l, const char *element)
{
	char *path = mem_format("/alert/info[%zu]/%s", l->number, element);

	lose(l, path);
	free(path);
}

static bool keeps(const struct losses *l, unsigned carried)
{
	return (carried & l->form) != 0;
}

static void look_at_alert(const struct losses *l)
{
	const char *restriction = l->alert->restriction;
	bool class =
	        restriction && strncmp(restriction, NATIONAL_CLASS, strlen(NATIONAL_CLASS)) == 0;

	for (size_t i = 0; i < sizeof alert_texts / sizeof *alert_texts; i++) {
		const struct text_row *row = &alert_texts[i];
		char *path = mem_format("/alert/%s", row->element);

		if (!keeps(l, row->carried) && has_text(l->alert, row->offset))
			lose(l, path);
		free(path);
	}
	if (restriction && *restriction && !(class && keeps(l, NATIONAL)))
		lose(l, "/alert/restriction");
	if (l->alert->codes.count)
		lose(l, "/alert/code");
	if (l->alert->references && *l->alert->references)
		national_note(l->problems, "convert.lost", "/alert/references",
		        keeps(l, TEXT) ? "没有对应的写法，已略去" : "只留编号，略去发出单位和时间",
		        keeps(l, TEXT) ? "it has no counterpart: left out"
		                       : "the identifier alone stays, without sender and time");
	for (size_t i = 0; i < l->alert->info_count; i++) {
		char *path = mem_format("/alert/info[%zu]", i + 1);

		if (i + 1 != l->number)
			national_note(l->problems, "convert.lost", path,
			        "只写一个 info，其余已略去",
			        "one info is carried over: this one was left out");
		free(path);
	}
}

static void look_at_codes(const struct losses *l)
{
	static const char *const code[] = {CAP_CHINA_EVENT_CODE, NULL};
	static const char *const ours[] = {"kind", "colour", "color", "responseLevel", NULL};
	static const char *const level[] = {"colour", "color", "responseLevel", NULL};
	const char *kind;

	cap_china_parameter(l->info, "kind", "kind", &kind);
	bool warns = !kind || strcmp(kind, "warning") == 0;

	if (keeps(l, TEXT) ? l->info->event_codes.count > 0
	                   : has_other(&l->info->event_codes, code))
		lose_of_info(l, "eventCode");
	if (has_other(&l->info->parameters, keeps(l, NATIONAL) && !warns ? level : ours))
		lose_of_info(l, "parameter");
	if (l->info->response_count)
		lose_of_info(l, "responseType");
	if (l->info->resource_count)
		lose_of_info(l, "resource");
	if (l->info->category_count > 1 || (l->info->category_count && keeps(l, TEXT)))
		lose_of_info(l, "category");
}

/* One level is carried over, and the colour is it. */
static void look_at_level(const struct losses *l)
{
	enum level level;
	const char *colour;
	char *path = mem_format("/alert/info[%zu]/severity", l->number);

	cap_china_parameter(l->info, "colour", "color", &colour);
	if (colour && cap_china_level_read(colour, &level) &&
	        l->info->severity != CAP_SEVERITY_UNKNOWN &&
	        l->info->severity != cap_china_severity(level))
		national_note(l->problems, "convert.level", path,
		        "severity 与参数 colour 不符，按 colour",
		        "it is not that of the parameter colour, which holds");
	free(path);
}

static void look_at_times(const struct losses *l)
{
	if (!keeps(l, TEXT))
		return;
	if (l->info->urgency != CAP_URGENCY_UNKNOWN)
		lose_of_info(l, "urgency");
	if (l->info->certainty != CAP_CERTAINTY_UNKNOWN)
		lose_of_info(l, "certainty");
	if (l->info->effective.set)
		lose_of_info(l, "effective");
	if (l->info->onset.set)
		lose_of_info(l, "onset");
}

static void look_at_area(const struct losses *l, const struct cap_area *area, size_t number)
{
	static const char *const code[] = {CAP_CHINA_GEOCODE, NULL};
	size_t polygons = keeps(l, TEXT) ? 0 : 1;
	bool codes = keeps(l, TEXT) ? area->geocodes.count > 0 : has_other(&area->geocodes, code);
	const struct {
		const char *element;
		bool lost;
	} rows[] = {{"polygon", area->polygon_count > polygons}, {"circle", area->circle_count > 0},
	        {"geocode", codes}, {"altitude", area->altitude != NULL},
	        {"ceiling", area->ceiling != NULL}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *element = mem_format("area[%zu]/%s", number, rows[i].element);

		if (rows[i].lost)
			lose_of_info(l, element);
		free(element);
	}
}

void cap_losses(const struct cap_alert *alert, const struct cap_info *chosen, enum cap_form form,
        struct cap_problems *problems)
{
	struct losses l = {alert, chosen, 0, form, problems};

	for (size_t i = 0; i < alert->info_count; i++)
		if (&alert->infos[i] == chosen)
			l.number = i + 1;
	look_at_alert(&l);
	if (!chosen)
		return;
	for (size_t i = 0; i < sizeof info_texts / sizeof *info_texts; i++)
		if (!keeps(&l, info_texts[i].carried) && has_text(chosen, info_texts[i].offset))
			lose_of_info(&l, info_texts[i].element);
	look_at_codes(&l);
	look_at_level(&l);
	look_at_times(&l);
	for (size_t i = 0; i < chosen->area_count; i++)
		look_at_area(&l, &chosen->areas[i], i + 1);
}
