/* SPDX-License-Identifier: Apache-2.0
 * review - see review.h. First the standard, then the house: one function per rule, all are asked,
 * so that an operator sees everything at once. Relies on cap_check_by() for whatever the message
 * alone can tell.
 */
#include "review.h"

#include <stdlib.h>
#include <string.h>

#include "cap_rule.h"
#include "flatten.h"
#include "review_rules.h"
#include "stage.h"

char *review_path(size_t info, const char *rest)
{
	return mem_format("/alert/info[%zu]%s", info + 1, rest);
}

/* The rules of the standard and of our profile need what is only filled in later: they are shown a
 * copy with stand-ins. */
static void check_standard(const struct review *review)
{
	struct cap_alert *copy = cap_alert_copy(review->alert);

	if (!copy->identifier || !copy->identifier[0])
		mem_set_text(&copy->identifier, review->bulletin->identifier[0]
		                                        ? review->bulletin->identifier
		                                        : "12000000000000_20000101000000");
	if (!copy->sent.set)
		copy->sent = cap_time_china(review->now / 1000 * 1000);
	bool refers = copy->msg_type != CAP_ALERT && (!copy->references || !copy->references[0]);
	if (refers && review->bulletin->replaces[0]) {
		char *reference = mem_format("%s,%s,2000-01-01T00:00:00+08:00",
		        copy->sender ? copy->sender : "", review->bulletin->replaces);
		mem_set_text(&copy->references, reference);
		free(reference);
	}
	cap_check_by(copy, &(struct cap_ways){.profiles = CAP_PROFILE_CHINA}, review->problems);
	cap_alert_destroy(&copy);
}

static bool same_areas(const struct texts *a, const struct texts *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

/* What is authorised is the bulletin's word; what is told is the message's. The signer compares
 * them again. */
static void check_facts(const struct review *review)
{
	const struct bulletin *bulletin = review->bulletin;
	struct cap_facts facts;
	struct err err = {0};

	if (!cap_facts_read(review->alert, review->rules->catalog->outlines, &facts, &err)) {
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.facts", "/alert",
		        "%s%.0s", "%.0s%s", err.zh, err.en);
		return;
	}
	const struct {
		const char *what;
		bool same;
	} rows[] = {
	        {"kind", facts.kind == bulletin->kind},
	        {"level", facts.level == bulletin->level},
	        {"hazard", strcmp(facts.hazard, bulletin->hazard) == 0},
	        {"areas", same_areas(&facts.areas, &bulletin->areas)},
	        {"expires", facts.expires == bulletin->expires},
	        {"incident", strcmp(facts.incident, bulletin->incident) == 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!rows[i].same)
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.facts",
			        "/alert", "报文与登记的“%s”不一致",
			        "the message and the record disagree on \"%s\"", rows[i].what);
	cap_facts_finish(&facts);
}

static void check_level(const struct review *review)
{
	const struct bulletin *bulletin = review->bulletin;

	if (!kind_takes_level(bulletin->kind, bulletin->level))
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.level",
		        "/alert/info/parameter", "%s不能用“%s”%.0s%.0s",
		        "%.0s%.0sa %s cannot have the level %s", kind_zh(bulletin->kind),
		        level_zh(bulletin->level), kind_text(bulletin->kind),
		        level_text(bulletin->level));
	for (size_t i = 0; i < review->alert->info_count; i++) {
		enum cap_severity want = cap_china_severity(bulletin->level);
		char *path = review_path(i, "/severity");
		if (bulletin->level != LEVEL_NONE && review->alert->infos[i].severity != want)
			cap_problem_add(review->problems, CAP_PROBLEM_WARNING, "review.severity",
			        path, "severity 为 %s，与级别%s通常对应的 %s 不同%.0s",
			        "severity is %s%.0s, where %s is usual for %s",
			        cap_severity_text(review->alert->infos[i].severity),
			        level_zh(bulletin->level), cap_severity_text(want),
			        level_text(bulletin->level));
		free(path);
	}
}

static void check_hazard(const struct review *review)
{
	const struct catalog *catalog = review->rules->catalog;
	const struct hazard *hazard = catalog_hazard(catalog, review->bulletin->hazard);
	const struct cap_info *info = cap_china_info(review->alert);
	bool named = false;

	if (!hazard) {
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.hazard",
		        "/alert/info/eventCode", "事件编码“%s”不在事件类型表中（GB/T 35561）",
		        "event code \"%s\" is not in the table of event types (GB/T 35561)",
		        review->bulletin->hazard);
		return;
	}
	if (info && info->event && strcmp(info->event, hazard->name_zh) != 0)
		cap_problem_add(review->problems, CAP_PROBLEM_WARNING, "review.hazard",
		        "/alert/info/event", "事件名称“%s”与编码 %s（%s）不同",
		        "the event is \"%s\", but code %s is %s", info->event, hazard->code,
		        hazard->name_zh);
	for (size_t i = 0; info && i < info->category_count; i++)
		named = named || info->categories[i] == hazard->category;
	if (info && !named)
		cap_problem_add(review->problems, CAP_PROBLEM_WARNING, "review.category",
		        "/alert/info/category", "类别通常为 %s", "the category is usually %s",
		        cap_category_text(hazard->category));
}

static bool in_catalog(const struct catalog *catalog, const char *code)
{
	char parent[7] = "";

	strncat(parent, code, 6);
	const struct division *division = catalog_division(catalog, parent);
	return division && strcmp(division->level, "grouping") != 0;
}

/* The text says one place and the code sends to another: somebody must look. A street may bear its
 * district's name. */
static void check_area_name(const struct review *review, const struct cap_area *area,
        const char *code, const char *path)
{
	const struct catalog *catalog = review->rules->catalog;
	const struct division *named =
	        area->desc ? catalog_division_named(catalog, area->desc) : NULL;

	if (named && strncmp(named->code, code, strlen(named->code)) != 0)
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.area.name", path,
		        "区域写的是“%s”（%s），区划代码却是 %s",
		        "the area is called \"%s\" (%s), but its division code is %s", area->desc,
		        named->code, code);
}

static void check_area(
        const struct review *review, const struct cap_area *area, size_t info, size_t number)
{
	char *rest = mem_format("/area[%zu]", number + 1);
	char *path = review_path(info, rest);
	bool any = false;

	if (cap_area_is_doubtful(area))
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.area.doubtful", path,
		        "区域“%s”的多边形或圆写法不合标准，读出的范围不能算数，请改正",
		        "a polygon or circle of area \"%s\" is not in the standard's form: what "
		        "was read of it counts for nothing, mend it",
		        area->desc ? area->desc : "");
	for (size_t i = 0; i < area->geocodes.count; i++) {
		const struct cap_pair *pair = &area->geocodes.items[i];
		char *code = NULL;
		if (strcmp(pair->name, FLATTEN_GEOCODE) != 0 ||
		        !division_code_short(pair->value, &code))
			continue;
		any = true;
		if (!in_catalog(review->rules->catalog, code))
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.area.unknown",
			        path, "区划代码 %s 不在本地区划表中",
			        "division %s is not in our table", code);
		else
			check_area_name(review, area, code, path);
		free(code);
	}
	if (!any && !flatten_area_is_drawn(area))
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.area.code", path,
		        "区域“%s”没有区划代码，不知道发给谁",
		        "area \"%s\" has no division code: nobody knows whom it is for",
		        area->desc ? area->desc : "");
	free(path);
	free(rest);
}

static void check_areas(const struct review *review)
{
	for (size_t i = 0; i < review->alert->info_count; i++) {
		const struct cap_info *info = &review->alert->infos[i];
		char *path = review_path(i, "");
		if (info->area_count == 0)
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.area.none",
			        path, "没有区域；缺少区域时不会按更大范围发布",
			        "there is no area; a missing one is never replaced by a wider one");
		for (size_t n = 0; n < info->area_count; n++)
			check_area(review, &info->areas[n], i, n);
		free(path);
	}
}

static void check_expiry(const struct review *review)
{
	int64_t longest =
	        review->rules->longest ? review->rules->longest : (int64_t)7 * 24 * 3600 * 1000;

	longest += review->bulletin->staged_as[0] ? STAGED_AFTER_MS : 0;
	for (size_t i = 0; i < review->alert->info_count; i++) {
		const struct cap_time *expires = &review->alert->infos[i].expires;
		char *path = review_path(i, "/expires");
		if (!expires->set)
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.expires.none",
			        path, "没有失效时间", "there is no expiry");
		else if (expires->ms <= review->now)
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.expires.past",
			        path, "失效时间已过", "it has expired");
		else if (expires->ms - review->now > longest)
			cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.expires.far",
			        path, "失效时间在 %d 小时以后，过远",
			        "it expires in more than %d hours", (int)(longest / 3600000));
		free(path);
	}
}

static void check_status(const struct review *review)
{
	static const enum cap_status statuses[MODE_COUNT] = {
	        [MODE_LIVE] = CAP_ACTUAL, [MODE_EXERCISE] = CAP_EXERCISE, [MODE_TEST] = CAP_TEST};
	enum cap_status want = statuses[review->rules->mode];

	if (review->alert->status != want)
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.status",
		        "/alert/status", "本系统处于%s模式%.0s，status 应为 %s，而不是 %s",
		        "%.0sthis instance is in %s mode: status must be %s, not %s",
		        mode_zh(review->rules->mode), mode_text(review->rules->mode),
		        cap_status_text(want), cap_status_text(review->alert->status));
	if (review->bulletin->mode != review->rules->mode)
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.mode", "/alert/status",
		        "该信息按%s模式起草%.0s", "%.0sit was drafted in %s mode",
		        mode_zh(review->bulletin->mode), mode_text(review->bulletin->mode));
}

static void check_chain(const struct review *review)
{
	static const enum cap_msg_type types[VERB_COUNT] = {[VERB_PUBLISH] = CAP_ALERT,
	        [VERB_UPDATE] = CAP_UPDATE,
	        [VERB_CANCEL] = CAP_CANCEL,
	        [VERB_CORRECT] = CAP_CANCEL};
	const struct bulletin *bulletin = review->bulletin;

	if (review->alert->msg_type != types[bulletin->verb])
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.verb",
		        "/alert/msgType", "%s应使用 msgType %s，而不是 %s%.0s",
		        "%.0s%.0smsgType is %s, which is not to %s", verb_zh(bulletin->verb),
		        cap_msg_type_text(types[bulletin->verb]),
		        cap_msg_type_text(review->alert->msg_type), verb_text(bulletin->verb));
	if (bulletin->verb != VERB_PUBLISH && !bulletin->replaces[0])
		cap_problem_add(review->problems, CAP_PROBLEM_ERROR, "review.replaces",
		        "/alert/references", "没有指明所%s的原信息%.0s",
		        "%.0sit does not name the message it is to %s", verb_zh(bulletin->verb),
		        verb_text(bulletin->verb));
}

void review_bulletin(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct review_rules *rules, int64_t now, struct cap_problems *problems)
{
	static void (*const checks[])(const struct review *) = {check_standard, check_facts,
	        check_level, check_hazard, check_areas, check_expiry, check_status, check_chain,
	        review_contents, review_disclosure, review_marks, review_drill};
	struct review review = {.bulletin = bulletin,
	        .alert = alert,
	        .rules = rules,
	        .now = now,
	        .problems = problems,
	        .lifts = alert->msg_type == CAP_CANCEL};

	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
		checks[i](&review);
}
