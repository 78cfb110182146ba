/* SPDX-License-Identifier: Apache-2.0
 * facts - what a CAP message states about itself (flatten.h): kind, level, hazard, areas, expiry,
 * incident.
 *
 * Every info is read, not only the one people see: a message that says two things in two languages
 * is refused, so that what is authorised is what every subscriber is told. Areas: facts_area.c.
 * Fails with the path of the element.
 */
#include "flatten.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "facts_area.h"

void cap_facts_finish(struct cap_facts *facts)
{
	if (!facts)
		return;
	free(facts->hazard);
	free(facts->incident);
	texts_finish(&facts->areas);
	*facts = (struct cap_facts){0};
}

static bool colour_read(const char *text, enum level *out)
{
	for (int level = LEVEL_BLUE; level <= LEVEL_RED; level++) {
		if (strcasecmp(text, cap_china_colour((enum level)level)) == 0 ||
		        strcmp(text, level_zh((enum level)level)) == 0) {
			*out = (enum level)level;
			return true;
		}
	}
	return false;
}

static bool read_kind(const struct cap_info *info, int number, enum kind *kind, struct err *err)
{
	const char *text;

	*kind = KIND_WARNING;
	if (!cap_china_parameter(info, "kind", "kind", &text))
		return err_set(err, ERR_INPUT,
		        "/alert/info[%d] 给出了两个不同的信息类别（参数 kind）",
		        "/alert/info[%d] gives two kinds (parameter kind)", number);
	if (text && !kind_read(text, kind))
		return err_set(err, ERR_INPUT, "/alert/info[%d] 的信息类别“%s”不存在（参数 kind）",
		        "/alert/info[%d]: \"%s\" is not a kind (parameter kind)", number, text);
	return true;
}

static bool read_warning_level(const struct cap_info *info, int number, const char *colour,
        enum level *level, struct err *err)
{
	if (colour && !colour_read(colour, level))
		return err_set(err, ERR_INPUT,
		        "/alert/info[%d] 的预警颜色“%s”不存在，应为 Red、Orange、Yellow 或 Blue",
		        "/alert/info[%d]: colour \"%s\" is not Red, Orange, Yellow or Blue", number,
		        colour);
	if (!colour)
		*level = cap_china_level(info->severity);
	if (*level == LEVEL_NONE)
		return err_set(err, ERR_INPUT,
		        "/alert/info[%d] 没有预警级别：既无参数 colour，severity 也是 Unknown",
		        "/alert/info[%d] has no warning level: no parameter colour, and severity "
		        "is Unknown",
		        number);
	return true;
}

static bool read_response_level(int number, const char *text, enum level *level, struct err *err)
{
	if (!text)
		return err_set(err, ERR_INPUT,
		        "/alert/info[%d] 是应急响应，却没有级别（参数 responseLevel，I 至 IV）",
		        "/alert/info[%d] is a response without a level (parameter responseLevel, I "
		        "to IV)",
		        number);
	if (!level_read(text, level) || !kind_takes_level(KIND_RESPONSE, *level))
		return err_set(err, ERR_INPUT,
		        "/alert/info[%d] 的响应级别“%s”不存在，应为 I、II、III 或 IV",
		        "/alert/info[%d]: responseLevel \"%s\" is not I, II, III or IV", number,
		        text);
	return true;
}

static bool read_level(
        const struct cap_info *info, int number, enum kind kind, enum level *level, struct err *err)
{
	const char *colour;
	const char *response;

	*level = LEVEL_NONE;
	if (!cap_china_parameter(info, "colour", "color", &colour) ||
	        !cap_china_parameter(info, "responseLevel", "responseLevel", &response))
		return err_set(err, ERR_INPUT, "/alert/info[%d] 给出了两个不同的级别",
		        "/alert/info[%d] gives two levels", number);
	if ((colour && kind != KIND_WARNING) || (response && kind != KIND_RESPONSE))
		return err_set(err, ERR_INPUT, "/alert/info[%d] 的类别是%s，不能有参数 %s",
		        "/alert/info[%d]: a bulletin of kind %s cannot have the parameter %s",
		        number, kind_text(kind),
		        colour && kind != KIND_WARNING ? "colour" : "responseLevel");
	if (kind == KIND_WARNING)
		return read_warning_level(info, number, colour, level, err);
	if (kind == KIND_RESPONSE)
		return read_response_level(number, response, level, err);
	return true;
}

/* Some upstreams put numbers of their own behind our prefix (11B02 for 暴雨): where code and
 * Chinese name disagree the name holds. */
static const char *hazard_of(const struct cap_info *info, const struct catalog *catalog)
{
	const struct hazard *named = catalog ? catalog_hazard_named(catalog, info->event) : NULL;
	const char *own = cap_pairs_find(&info->event_codes, FLATTEN_EVENT_CODE);

	if (named)
		return named->code;
	if (own && (catalog ? catalog_hazard(catalog, own) != NULL : hazard_code_shaped(own)))
		return own;
	for (size_t i = 0; i < info->event_codes.count; i++) {
		const char *code = info->event_codes.items[i].value;
		if (catalog ? catalog_hazard(catalog, code) != NULL : hazard_code_shaped(code))
			return code;
	}
	named = catalog ? catalog_hazard_in(catalog, info->event) : NULL;
	return named ? named->code : "";
}

static bool read_hazard(const struct cap_info *info, int number, const struct catalog *catalog,
        struct cap_facts *facts, struct err *err)
{
	const char *code = hazard_of(info, catalog);

	if (!code[0])
		return true;
	if (facts->hazard[0] && strcmp(facts->hazard, code) != 0)
		return err_set(err, ERR_INPUT, "/alert/info[%d] 的事件编码 %s 与前面的 %s 不一致",
		        "/alert/info[%d]: event code %s is not the %s of the info before", number,
		        code, facts->hazard);
	free(facts->hazard);
	facts->hazard = mem_text(code);
	return true;
}

static bool read_info(const struct facts_reading *reading, const struct cap_info *info, int number,
        struct err *err)
{
	struct cap_facts *facts = reading->facts;
	enum kind kind;
	enum level level;

	if (!read_kind(info, number, &kind, err) || !read_level(info, number, kind, &level, err))
		return false;
	if (number > 1 && (kind != facts->kind || level != facts->level))
		return err_set(err, ERR_INPUT,
		        "/alert/info[%d] 的类别或级别（%s，%s）与第一个 info（%s，%s）不一致",
		        "/alert/info[%d]: kind or level (%s, %s) is not that of the first info "
		        "(%s, %s)",
		        number, kind_text(kind), level_text(level), kind_text(facts->kind),
		        level_text(facts->level));
	facts->kind = kind;
	facts->level = level;
	if (!read_hazard(info, number, reading->catalog, facts, err) ||
	        !facts_read_areas(reading, info, number, err))
		return false;
	if (info->expires.set && info->expires.ms > facts->expires)
		facts->expires = info->expires.ms;
	return true;
}

/* `incidents` is a list parted by white space, names with blanks in double quotes. */
static char *first_incident(const char *incidents)
{
	const char *at = incidents ? incidents + strspn(incidents, " \t\r\n") : "";

	if (*at == '"')
		return mem_text_n(at + 1, strcspn(at + 1, "\""));
	return mem_text_n(at, strcspn(at, " \t\r\n"));
}

static bool read_facts(
        const struct cap_alert *alert, struct facts_reading *reading, struct err *err)
{
	struct cap_facts *facts = reading->facts;
	bool ok = true;

	*facts = (struct cap_facts){
	        .hazard = mem_text(""), .incident = first_incident(alert->incidents)};
	if (alert->info_count == 0)
		ok = err_set(err, ERR_INPUT, "消息没有 info，说不出类别、级别和区域",
		        "the message has no info: it states no kind, level or area");
	for (size_t i = 0; reading->known && i < reading->known->count; i++)
		texts_add(&facts->areas, reading->known->items[i]);
	for (size_t i = 0; ok && i < alert->info_count; i++)
		ok = read_info(reading, &alert->infos[i], (int)i + 1, err);
	if (!ok)
		cap_facts_finish(facts);
	return ok;
}

bool cap_facts_read_draft(const struct cap_alert *alert, const struct catalog *catalog,
        struct cap_facts *facts, struct err *err)
{
	struct facts_reading reading = {
	        .catalog = catalog, .outlines = catalog->outlines, .facts = facts};

	return read_facts(alert, &reading, err);
}

bool cap_facts_read_settled(const struct cap_alert *alert, const struct texts *areas,
        struct cap_facts *facts, struct err *err)
{
	struct facts_reading reading = {.known = areas, .facts = facts};

	return read_facts(alert, &reading, err);
}

bool cap_facts_read(const struct cap_alert *alert, const struct outlines *outlines,
        struct cap_facts *facts, struct err *err)
{
	struct facts_reading reading = {.outlines = outlines, .facts = facts};

	return read_facts(alert, &reading, err);
}
