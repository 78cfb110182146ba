/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_china_contents - colours, and the eight contents that 突发事件应对法 (2024) art. 64
 * asks of a warning: category, level, start time, area, matters, measures, issuing unit, issue time
 * (cap_rules.h). What lifts a warning asks nothing more of people. Cannot fail.
 */
#include <string.h>
#include <strings.h>

#include "cap_rules_china.h"

static const struct {
	const char *word, *zh; /* of the parameter, and in a headline */
	enum cap_severity severity;
} colours[] = {
        {"Red", "红色", CAP_EXTREME},
        {"Orange", "橙色", CAP_SEVERE},
        {"Yellow", "黄色", CAP_MODERATE},
        {"Blue", "蓝色", CAP_MINOR},
};
enum { COLOURS = sizeof colours / sizeof *colours };

/* Its row; COLOURS: no such colour. */
static size_t find_colour(const char *text)
{
	size_t i = 0;

	while (i < COLOURS && strcasecmp(text, colours[i].word) != 0 &&
	        strcmp(text, colours[i].zh) != 0)
		i++;
	return i;
}

/* COLOURS: none is given, or one that is none. */
static size_t colour_of(const struct cap_info *info)
{
	const char *text;

	cap_china_parameter(info, "colour", "color", &text);
	return text ? find_colour(text) : COLOURS;
}

static bool warns(const struct cap_look *look)
{
	enum cap_msg_type type = look->alert->msg_type;

	return (type == CAP_ALERT || type == CAP_UPDATE) && china_kind_is(look->info, "warning");
}

void cap_rule_china_colour_missing(const struct cap_look *look)
{
	const char *colour;

	cap_china_parameter(look->info, "colour", "color", &colour);
	if (cap_blank(colour) && china_kind_is(look->info, "warning"))
		cap_found(look, "parameter", 0, NULL);
}

void cap_rule_china_colour_word(const struct cap_look *look)
{
	const char *colour;
	bool one = cap_china_parameter(look->info, "colour", "color", &colour);

	if (!one || (!cap_blank(colour) && find_colour(colour) == COLOURS))
		cap_found(look, "parameter", 0, colour);
}

void cap_rule_china_colour_extra(const struct cap_look *look)
{
	const char *colour;

	cap_china_parameter(look->info, "colour", "color", &colour);
	if (!cap_blank(colour) && !china_kind_is(look->info, "warning"))
		cap_found(look, "parameter", 0, colour);
}

void cap_rule_china_colour_severity(const struct cap_look *look)
{
	size_t colour = colour_of(look->info);

	if (colour < COLOURS && colours[colour].severity != look->info->severity)
		cap_found(look, "severity", 0, cap_severity_text(look->info->severity));
}

/* A headline may name two: "由橙色升级为红色". One of them must be ours. */
void cap_rule_china_colour_headline(const struct cap_look *look)
{
	const char *headline = look->info->headline;
	size_t colour = colour_of(look->info);
	bool any = false;

	for (size_t i = 0; headline && i < COLOURS; i++)
		any = any || strstr(headline, colours[i].zh);
	if (any && colour < COLOURS && !strstr(headline, colours[colour].zh))
		cap_found(look, "headline", 0, headline);
}

/* 解除 in a headline may also be a thing that is told (封控解除): the words of warnings only. */
void cap_rule_china_lift(const struct cap_look *look)
{
	const char *headline = look->info->headline;
	bool lifts = headline && (strstr(headline, "解除") || strstr(headline, "取消") ||
	                                 strstr(headline, "撤销") || strstr(headline, "撤回"));

	if (cap_blank(headline) || !cap_language_is(cap_language(look->info), "zh") ||
	        !china_kind_is(look->info, "warning"))
		return;
	if ((look->alert->msg_type == CAP_CANCEL) != lifts)
		cap_found(look, "headline", 0, headline);
}

static void wanted(const struct cap_look *look, bool there, const char *element)
{
	if (!there && warns(look))
		cap_found(look, element, 0, NULL);
}

void cap_rule_china_contents_category(const struct cap_look *look)
{
	wanted(look, !cap_blank(look->info->event), "event");
}

void cap_rule_china_contents_level(const struct cap_look *look)
{
	wanted(look,
	        colour_of(look->info) < COLOURS || look->info->severity != CAP_SEVERITY_UNKNOWN,
	        "severity");
}

void cap_rule_china_contents_start(const struct cap_look *look)
{
	wanted(look, look->info->effective.set || look->info->onset.set, "effective");
}

void cap_rule_china_contents_area(const struct cap_look *look)
{
	bool there = false;

	for (size_t i = 0; i < look->info->area_count; i++)
		there = there || !cap_blank(look->info->areas[i].desc);
	wanted(look, there, "area");
}

void cap_rule_china_contents_matters(const struct cap_look *look)
{
	wanted(look, !cap_blank(look->info->description), "description");
}

void cap_rule_china_contents_measures(const struct cap_look *look)
{
	wanted(look, !cap_blank(look->info->instruction), "instruction");
}

void cap_rule_china_contents_unit(const struct cap_look *look)
{
	wanted(look, !cap_blank(look->info->sender_name), "senderName");
}

void cap_rule_china_contents_time(const struct cap_look *look)
{
	enum cap_msg_type type = look->alert->msg_type;

	if (!look->alert->sent.set && (type == CAP_ALERT || type == CAP_UPDATE))
		cap_found(look, "sent", 0, NULL);
}
