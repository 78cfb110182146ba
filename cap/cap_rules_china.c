/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_china - the Chinese profile: identifiers, times, our parameters, event codes, divisions
 * (cap_rules.h). What art. 64 asks of a warning is in cap_rules_china_contents.c. Cannot fail.
 *
 * The words of the parameters are those of docs/SUBSCRIBERS.md; upstream messages may write
 * `color`, and any case.
 */
#include <string.h>
#include <strings.h>

#include "cap_rules_china.h"

enum { UNIT = 14, CODE = 5 };

#define DIGITS "0123456789"

/* GB/T 2260: the first two digits. */
static bool is_province(const char *code)
{
	static const char provinces[] =
	        " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
	        "46 50 51 52 53 54 61 62 63 64 65 71 81 82 ";
	const char two[] = {' ', code[0], code[0] ? code[1] : '\0', ' ', '\0'};

	return strspn(code, DIGITS) >= 2 && strstr(provinces, two);
}

void cap_rule_china_identifier(const struct cap_look *look)
{
	struct cap_time moment;

	if (!cap_china_identifier(look->alert->identifier, &moment))
		cap_found(look, "identifier", 0, look->alert->identifier);
}

void cap_rule_china_unit(const struct cap_look *look)
{
	const char *identifier = look->alert->identifier;
	struct cap_time moment;

	if (cap_china_identifier(identifier, &moment) && !is_province(identifier))
		cap_found(look, "identifier", 0, identifier);
}

void cap_rule_china_later(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	struct cap_time moment;

	if (alert->sent.set && cap_china_identifier(alert->identifier, &moment) &&
	        moment.ms > alert->sent.ms)
		cap_found(look, "identifier", 0, alert->identifier);
}

void cap_rule_china_sender(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	struct cap_time moment;

	if (alert->sender && cap_digits(alert->sender, UNIT) &&
	        cap_china_identifier(alert->identifier, &moment) &&
	        strncmp(alert->sender, alert->identifier, UNIT) != 0)
		cap_found(look, "sender", 0, alert->sender);
}

void cap_rule_china_first(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;

	if (alert->info_count && strcasecmp(cap_language(&alert->infos[0]), "zh-CN") != 0)
		cap_found(look, "info", 1, cap_language(&alert->infos[0]));
}

static bool abroad(struct cap_time time)
{
	return time.set && time.offset != 8 * 60;
}

void cap_rule_china_offset(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;

	if (abroad(alert->sent))
		cap_found(look, "sent", 0, NULL);
	for (size_t i = 0; i < alert->info_count; i++) {
		const struct cap_info *info = &alert->infos[i];

		if (abroad(info->effective) || abroad(info->onset) || abroad(info->expires))
			cap_found(look, "info", i + 1, NULL);
	}
}

bool china_kind_is(const struct cap_info *info, const char *kind)
{
	const char *value;

	cap_china_parameter(info, "kind", "kind", &value);
	return strcmp(cap_blank(value) ? "warning" : value, kind) == 0;
}

static bool same_parameter(
        const struct cap_info *a, const struct cap_info *b, const char *name, const char *other)
{
	const char *one;
	const char *two;

	cap_china_parameter(a, name, other, &one);
	cap_china_parameter(b, name, other, &two);
	return one && two ? strcasecmp(one, two) == 0 : one == two;
}

void cap_rule_china_differ(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;

	for (size_t i = 1; i < alert->info_count; i++) {
		const struct cap_info *first = &alert->infos[0];
		const struct cap_info *info = &alert->infos[i];

		if (!same_parameter(info, first, "kind", "kind") ||
		        !same_parameter(info, first, "colour", "color") ||
		        !same_parameter(info, first, "responseLevel", "responseLevel"))
			cap_found(look, "info", i + 1, NULL);
	}
}

void cap_rule_china_kind_missing(const struct cap_look *look)
{
	const char *kind;

	cap_china_parameter(look->info, "kind", "kind", &kind);
	if (cap_blank(kind))
		cap_found(look, "parameter", 0, NULL);
}

void cap_rule_china_kind_word(const struct cap_look *look)
{
	static const char *const kinds[] = {"warning", "advisory", "fact", "measure", "result",
	        "response", "clarification", "loss", "report", "notice"};
	const char *kind;
	bool found = false;
	bool one = cap_china_parameter(look->info, "kind", "kind", &kind);

	for (size_t i = 0; kind && i < sizeof kinds / sizeof *kinds; i++)
		found = found || strcmp(kind, kinds[i]) == 0;
	if (!one || (!cap_blank(kind) && !found))
		cap_found(look, "parameter", 0, kind);
}

void cap_rule_china_response_level(const struct cap_look *look)
{
	static const char *const levels[] = {"I", "II", "III", "IV"};
	const char *level;
	bool found = false;
	bool one = cap_china_parameter(look->info, "responseLevel", "responseLevel", &level);

	for (size_t i = 0; level && i < sizeof levels / sizeof *levels; i++)
		found = found || strcmp(level, levels[i]) == 0;
	if (!one || found != china_kind_is(look->info, "response") || (level && !found))
		cap_found(look, "parameter", 0, level);
}

/* The value of the eventCode of our name; *many: another one stands there too. */
static const char *event_code(const struct cap_info *info, bool *many)
{
	const char *code = NULL;

	*many = false;
	for (size_t i = 0; i < info->event_codes.count; i++) {
		const struct cap_pair *pair = &info->event_codes.items[i];

		if (strcmp(pair->name, CAP_CHINA_EVENT_CODE) != 0)
			continue;
		*many = *many || (code && strcmp(code, pair->value) != 0);
		code = pair->value;
	}
	return code;
}

void cap_rule_china_event_missing(const struct cap_look *look)
{
	bool many;

	if (!event_code(look->info, &many))
		cap_found(look, "eventCode", 0, NULL);
}

/* 1, a class of four, a letter, two digits. */
void cap_rule_china_event_form(const struct cap_look *look)
{
	bool many;
	const char *code = event_code(look->info, &many);

	if (code &&
	        (many || strlen(code) != CODE || code[0] != '1' || code[1] < '1' || code[1] > '4' ||
	                code[2] < 'A' || code[2] > 'Z' || strspn(code + 3, DIGITS) != 2))
		cap_found(look, "eventCode", 0, code);
}

void cap_rule_china_geocode_missing(const struct cap_look *look)
{
	const struct cap_area *area = look->area;

	if (area->polygon_count + area->circle_count == 0 &&
	        !cap_pairs_find(&area->geocodes, CAP_CHINA_GEOCODE))
		cap_found(look, NULL, 0, area->desc);
}

void cap_rule_china_geocode_division(const struct cap_look *look)
{
	const struct cap_pairs *codes = &look->area->geocodes;

	for (size_t i = 0; i < codes->count; i++) {
		const char *value = codes->items[i].value;

		if (strcmp(codes->items[i].name, CAP_CHINA_GEOCODE) == 0 && cap_digits(value, 12) &&
		        !is_province(value))
			cap_found(look, "geocode", i + 1, value);
	}
}
