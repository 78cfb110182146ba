/* SPDX-License-Identifier: Apache-2.0
 * national_from_cap - CAP as a national message (national.h). What stays behind is named by
 * cap_losses.h; what had to be changed, here. Relies on mem.h; cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_losses.h"
#include "national_parts.h"

#define NATIONAL_INNER "Inner"

enum { UNIT = 14 };

struct conversion {
	const struct cap_alert *from;
	struct national *to;
	const struct national_help *help;
	struct cap_problems *problems;
	size_t number; /* of the info, from 1 */
};

static void note(const struct conversion *c, const char *rule, const char *element, const char *zh,
        const char *en)
{
	char *path = c->number ? mem_format("/alert/info[%zu]/%s", c->number, element)
	                       : mem_format("/alert/%s", element);

	national_note(c->problems, rule, path, zh, en);
	free(path);
}

/* "" says nothing here. */
static void put(char **place, const char *text)
{
	mem_set_text(place, text && *text ? text : NULL);
}

static void take_class(const struct conversion *c)
{
	const char *restriction = c->from->restriction ? c->from->restriction : "";
	size_t len = strlen(NATIONAL_CLASS);
	bool class = strncmp(restriction, NATIONAL_CLASS, len) == 0 && restriction[len];

	c->to->scope = c->from->scope;
	if (class) {
		put(&c->to->sec_classification, restriction + len);
		return;
	}
	put(&c->to->sec_classification,
	        c->from->scope == CAP_PUBLIC ? NATIONAL_PUBLIC : NATIONAL_INNER);
	if (c->from->scope != CAP_PUBLIC)
		note(c, "convert.changed", "scope",
		        "不是公开信息：secClassification 写作 " NATIONAL_INNER,
		        "not for the public: secClassification becomes " NATIONAL_INNER);
}

static void take_references(const struct conversion *c)
{
	const char *at = c->from->references ? c->from->references : "";
	struct cap_reference reference;
	struct err err = {0};
	struct buf out;

	buf_init(&out, 0);
	while (cap_reference_next(&at, &reference, &err)) {
		buf_format(&out, "%s%s", out.len ? "," : "", reference.identifier);
		cap_reference_finish(&reference);
	}
	if (err.kind != ERR_NONE)
		cap_problem_put(c->problems, CAP_PROBLEM_ERROR, "convert.reference",
		        "/alert/references", err.zh, err.en);
	if (out.len)
		c->to->references = buf_take(&out);
	buf_finish(&out);
}

static void take_event(
        const struct conversion *c, const struct cap_info *from, struct national_info *to)
{
	const char *own = cap_pairs_find(&from->event_codes, CAP_CHINA_EVENT_CODE);
	struct national_event event =
	        national_event_of(c->help, own, own ? NULL : from->event, NULL);

	put(&to->event_type, own ? own : event.code);
	if (!to->event_type)
		note(c, "convert.event", "event", "不知道该事件的编码，eventType 空着",
		        "the code of this event is not known: eventType stays empty");
	else if (!own)
		note(c, "convert.event", "event", "eventType 按事件名称查得",
		        "eventType was looked up by the event's name");
	else if (event.name && from->event && strcmp(event.name, from->event) != 0)
		note(c, "convert.event", "event", "事件名称不是该编码的名称，只写编码",
		        "the event is not called as the code has it: the code alone is written");
}

static enum level level_of(const struct conversion *c, const struct cap_info *from)
{
	enum level level = LEVEL_NONE;
	const char *text;

	cap_china_parameter(from, "kind", "kind", &text);
	if (text && strcmp(text, kind_text(KIND_WARNING)) != 0 &&
	        strcmp(text, kind_text(KIND_RESPONSE)) != 0) {
		note(c, "convert.level", "parameter", "不是预警，没有级别：写作 Unknown",
		        "no warning, so it has no level: Unknown is written");
		return level;
	}
	cap_china_parameter(from, "colour", "color", &text);
	if (text && cap_china_level_read(text, &level))
		return level;
	cap_china_parameter(from, "responseLevel", "responseLevel", &text);
	if (text && cap_china_level_read(text, &level)) {
		note(c, "convert.level", "parameter", "应急响应级别写作相应颜色",
		        "the level of a response is written as the colour of its rank");
		return level;
	}
	level = cap_china_level(from->severity);
	if (level != LEVEL_NONE)
		note(c, "convert.level", "severity", "没有颜色，按 severity 写作相应颜色",
		        "it names no colour: that of its severity was taken");
	else
		note(c, "convert.level", "severity", "没有级别，写作 Unknown",
		        "it has no level: Unknown is written");
	return level;
}

static const char *only_code(const struct cap_area *area)
{
	const char *code = NULL;

	for (size_t i = 0; i < area->geocodes.count; i++) {
		if (strcmp(area->geocodes.items[i].name, CAP_CHINA_GEOCODE) != 0)
			continue;
		if (code)
			return NULL;
		code = area->geocodes.items[i].value;
	}
	return code;
}

static bool is_one_part(const char *text, const char *(*next)(const char **at, size_t *len))
{
	const char *at = text;
	size_t len;
	const char *part = next(&at, &len);

	return part == text && text[len] == '\0';
}

/* Can all areas stand in one, as lists in step? */
static bool in_step(const struct cap_info *info)
{
	for (size_t i = 0; i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];
		const char *code = only_code(area);

		if (!code || !area->desc || area->polygon_count ||
		        !is_one_part(area->desc, national_next_name) ||
		        !is_one_part(code, national_next))
			return false;
	}
	return info->area_count > 0;
}

static struct national_area *add_area(struct national_info *to)
{
	return mem_push(&to->areas, &to->area_count, sizeof *to->areas);
}

static void put_in_step(const struct cap_info *from, struct national_info *to)
{
	struct national_area *area = add_area(to);
	struct buf names, codes;

	buf_init(&names, 0);
	buf_init(&codes, 0);
	for (size_t i = 0; i < from->area_count; i++) {
		buf_format(&names, "%s%s", i ? "," : "", from->areas[i].desc);
		buf_format(&codes, "%s%s", i ? "," : "", only_code(&from->areas[i]));
	}
	area->desc = buf_take(&names);
	area->geocode = buf_take(&codes);
}

static void put_area(
        const struct conversion *c, const struct cap_area *from, struct national_area *to)
{
	struct buf codes;

	buf_init(&codes, 0);
	for (size_t i = 0; i < from->geocodes.count; i++)
		if (strcmp(from->geocodes.items[i].name, CAP_CHINA_GEOCODE) == 0)
			buf_format(&codes, "%s%s", codes.len ? "," : "",
			        from->geocodes.items[i].value);
	put(&to->desc, from->desc);
	put(&to->polygon, from->polygon_count ? from->polygons[0].text : NULL);
	if (codes.len)
		to->geocode = buf_take(&codes);
	else
		note(c, "convert.area", "area", "没有区划代码，而国家平台要求有",
		        "an area has no division code, which the national platform asks for");
	buf_finish(&codes);
}

static void take_info(const struct conversion *c, const struct cap_info *from)
{
	struct national_info *to =
	        mem_push(&c->to->infos, &c->to->info_count, sizeof *c->to->infos);

	put(&to->language, from->language);
	take_event(c, from, to);
	to->urgency = from->urgency;
	to->level = level_of(c, from);
	to->certainty = from->certainty;
	to->effective = from->effective;
	to->onset = from->onset;
	to->expires = from->expires;
	put(&to->headline, from->headline);
	put(&to->description, from->description);
	put(&to->instruction, from->instruction);
	put(&to->web, from->web);
	if (in_step(from)) {
		put_in_step(from, to);
		return;
	}
	for (size_t i = 0; i < from->area_count; i++)
		put_area(c, &from->areas[i], add_area(to));
}

struct national *national_from_cap(const struct cap_alert *alert, const struct national_help *help,
        struct cap_problems *problems)
{
	struct conversion c = {alert, mem_zero(sizeof *c.to), help, problems, 0};
	const struct cap_info *info = cap_china_info(alert);

	put(&c.to->identifier, alert->identifier);
	put(&c.to->sender_code, alert->sender);
	if (!alert->sender || strspn(alert->sender, "0123456789") != UNIT || alert->sender[UNIT])
		note(&c, "convert.changed", "sender", "不是 14 位单位编码，照写在 senderCode",
		        "not a unit's code of 14 digits: senderCode has it as it is");
	put(&c.to->sender, info ? info->sender_name : NULL);
	c.to->sent = alert->sent;
	c.to->status = alert->status;
	c.to->msg_type = alert->msg_type;
	put(&c.to->note, alert->note);
	take_class(&c);
	take_references(&c);
	cap_losses(alert, info, CAP_FORM_NATIONAL, problems);
	if (!info)
		return c.to;
	c.number = (size_t)(info - alert->infos) + 1;
	take_info(&c, info);
	return c.to;
}
