/* SPDX-License-Identifier: Apache-2.0
 * draft_build - see draft_build.h. Fills in by rule what nobody said (fact sheet of warning
 * practice: urgency Expected and certainty Likely, Immediate and Observed where it is there
 * already); cannot fail.
 */
#include "draft_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "flatten.h"

void draft_content_finish(struct draft_content *content)
{
	free(content->event);
	free(content->headline);
	free(content->description);
	free(content->instruction);
	free(content->contact);
	free(content->incident);
	free(content->disclosure_reason);
	free(content->replaces);
	free(content->sender_name);
	texts_finish(&content->areas);
	texts_finish(&content->targets);
	for (size_t i = 0; i < content->shape_count; i++) {
		free(content->shapes[i].name);
		free(content->shapes[i].polygon);
		free(content->shapes[i].circle);
		texts_finish(&content->shapes[i].codes);
	}
	free(content->shapes);
	*content = (struct draft_content){0};
}

const struct draft_unit *draft_unit_find(const struct draft_rules *rules, const char *id)
{
	for (size_t i = 0; id && i < rules->unit_count; i++)
		if (strcmp(rules->units[i].id, id) == 0 || strcmp(rules->units[i].name, id) == 0)
			return &rules->units[i];
	return NULL;
}

bool draft_no_unit(const char *id, struct err *err)
{
	return err_set(
	        err, ERR_DENIED, "授权规则中没有单位“%s”", "the policy has no unit \"%s\"", id);
}

struct bulletin *draft_bulletin(
        const struct draft_rules *rules, const struct draft_unit *unit, int64_t now)
{
	struct bulletin *bulletin = bulletin_create();

	bulletin->state = BULLETIN_DRAFT;
	bulletin->mode = rules->mode;
	bulletin->created = now;
	mem_put_text(&bulletin->unit, unit->id);
	mem_put_text(&bulletin->drafter, rules->drafter);
	mem_put_text(&bulletin->source, rules->source);
	return bulletin;
}

char *draft_subject(enum kind kind, enum level level, const char *event)
{
	const char *word = level == LEVEL_NONE ? "" : level_zh(level);

	return mem_format("%s%s%s", event, word, kind_zh(kind));
}

void draft_pair_set(struct cap_pairs *pairs, const char *name, const char *value)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->items[i].name, name) == 0) {
			mem_set_text(&pairs->items[i].value, value);
			return;
		}
	}
	cap_pairs_add(pairs, name, value);
}

void draft_profile(struct cap_info *info, enum kind kind, enum level level, const char *hazard)
{
	const char *colour = cap_china_colour(level);

	draft_pair_set(&info->parameters, "kind", kind_text(kind));
	if (kind == KIND_WARNING && colour)
		draft_pair_set(&info->parameters, "colour", colour);
	if (kind == KIND_RESPONSE && level != LEVEL_NONE)
		draft_pair_set(&info->parameters, "responseLevel", level_text(level));
	if (hazard[0])
		draft_pair_set(&info->event_codes, FLATTEN_EVENT_CODE, hazard);
}

struct standing {
	enum cap_urgency urgency;
	enum cap_certainty certainty;
	enum cap_response_type response;
};

static struct standing standing_of(const struct draft_content *content)
{
	static const struct standing rows[KIND_COUNT] = {
	        [KIND_WARNING] = {CAP_EXPECTED, CAP_LIKELY, CAP_PREPARE},
	        [KIND_ADVISORY] = {CAP_EXPECTED, CAP_POSSIBLE, CAP_MONITOR},
	        [KIND_FACT] = {CAP_IMMEDIATE, CAP_OBSERVED, CAP_MONITOR},
	        [KIND_MEASURE] = {CAP_IMMEDIATE, CAP_OBSERVED, CAP_MONITOR},
	        [KIND_RESULT] = {CAP_PAST, CAP_OBSERVED, CAP_NONE},
	        [KIND_RESPONSE] = {CAP_IMMEDIATE, CAP_OBSERVED, CAP_EXECUTE},
	        [KIND_CLARIFICATION] = {CAP_PAST, CAP_OBSERVED, CAP_NONE},
	        [KIND_LOSS] = {CAP_PAST, CAP_OBSERVED, CAP_NONE},
	        [KIND_REPORT] = {CAP_PAST, CAP_OBSERVED, CAP_NONE},
	        [KIND_NOTICE] = {CAP_EXPECTED, CAP_LIKELY, CAP_MONITOR},
	};
	struct standing standing = rows[content->kind];

	if (content->kind == KIND_WARNING && content->occurring &&
	        level_rank(content->level) >= 3) {
		standing.urgency = CAP_IMMEDIATE;
		standing.certainty = CAP_OBSERVED;
	}
	if (content->verb == VERB_CANCEL)
		standing = (struct standing){CAP_PAST, CAP_OBSERVED, CAP_ALL_CLEAR};
	return standing;
}

static void add_code(struct cap_area *area, const char *code)
{
	char full[13];

	snprintf(full, sizeof full, "%.12s", code);
	for (size_t len = strlen(full); len < 12; len++)
		memcpy(full + len, "0", 2);
	cap_pairs_add(&area->geocodes, FLATTEN_GEOCODE, full);
}

static void add_area(struct cap_info *info, const struct catalog *catalog, const char *code)
{
	const struct division *division = catalog_division(catalog, code);
	struct cap_area *area = cap_info_add_area(info);

	mem_set_text(&area->desc, division ? division->name_zh : code);
	add_code(area, code);
}

/* Called by the divisions it lies in when nobody has named it. */
static char *shape_name(const struct cap_area *area, const struct catalog *catalog)
{
	struct texts touched = {0};
	struct buf name;

	buf_init(&name, 0);
	if (outlines_touched(catalog->outlines, area, &touched, NULL))
		for (size_t i = 0; i < touched.count; i++) {
			const struct division *d = catalog_division(catalog, touched.items[i]);
			buf_format(&name, "%s%s", i ? "、" : "", d ? d->name_zh : touched.items[i]);
		}
	buf_text(&name, touched.count ? "的部分区域" : "图上画定的区域");
	texts_finish(&touched);
	return buf_take(&name);
}

static void add_shape(
        struct cap_info *info, const struct draft_shape *shape, const struct catalog *catalog)
{
	struct cap_area *area = cap_info_add_area(info);

	if (shape->polygon)
		cap_area_add_polygon(area, shape->polygon, NULL);
	else
		cap_area_add_circle(area, shape->circle, NULL);
	for (size_t i = 0; i < shape->codes.count; i++)
		add_code(area, shape->codes.items[i]);
	area->desc = shape->name ? mem_text(shape->name) : shape_name(area, catalog);
}

void draft_areas(
        struct cap_info *info, const struct draft_content *content, const struct catalog *catalog)
{
	for (size_t i = 0; i < content->areas.count; i++)
		add_area(info, catalog, content->areas.items[i]);
	for (size_t i = 0; i < content->shape_count; i++)
		add_shape(info, &content->shapes[i], catalog);
}

static char *made_headline(const struct draft_content *content, const char *event)
{
	char *subject = draft_subject(content->kind, content->level, event);
	const char *verb = content->verb == VERB_PUBLISH && content->kind == KIND_RESPONSE
	                           ? "启动"
	                           : verb_zh(content->verb);
	char *headline = mem_format("%s%s%s", content->sender_name, verb, subject);

	free(subject);
	return headline;
}

/* A drill's words say so at their beginning, in every place where they are read alone. */
static char *marked(const char *mark, const char *text)
{
	return strncmp(text, mark, strlen(mark)) == 0 ? mem_text(text)
	                                              : mem_format("%s%s", mark, text);
}

static void fill_words(struct cap_info *info, const struct draft_content *content, const char *mark)
{
	char *made = content->headline ? NULL : made_headline(content, info->event);

	info->headline = marked(mark, made ? made : content->headline);
	info->description = marked(mark, content->description);
	mem_set_text(&info->sender_name, content->sender_name);
	mem_set_text(&info->instruction, content->instruction);
	mem_set_text(&info->contact, content->contact);
	free(made);
}

static void fill_info(struct cap_info *info, const struct draft_content *content,
        const struct draft_rules *rules, int64_t now)
{
	struct standing standing = standing_of(content);
	int64_t from = content->effective ? content->effective : now;
	int64_t expires =
	        content->expires ? content->expires : from + draft_lifetime(content->kind);

	mem_set_text(&info->language, "zh-CN");
	cap_info_add_category(info, content->hazard ? content->hazard->category : CAP_OTHER);
	mem_set_text(&info->event, content->hazard ? content->hazard->name_zh : content->event);
	if (standing.response != CAP_NONE)
		cap_info_add_response(info, standing.response);
	info->urgency = standing.urgency;
	info->certainty = standing.certainty;
	info->severity = cap_china_severity(content->level);
	if (content->effective)
		info->effective = cap_time_china(content->effective);
	if (content->onset)
		info->onset = cap_time_china(content->onset);
	info->expires = cap_time_china(expires);
	draft_profile(
	        info, content->kind, content->level, content->hazard ? content->hazard->code : "");
	fill_words(info, content, mode_banner(rules->mode));
	draft_areas(info, content, rules->catalog);
}

static enum cap_msg_type type_of(enum verb verb)
{
	return verb == VERB_UPDATE ? CAP_UPDATE : verb == VERB_PUBLISH ? CAP_ALERT : CAP_CANCEL;
}

static enum cap_status status_of(enum mode mode)
{
	return mode == MODE_EXERCISE ? CAP_EXERCISE : mode == MODE_TEST ? CAP_TEST : CAP_ACTUAL;
}

static char *quoted_incident(const char *incident)
{
	return strpbrk(incident, " \t") ? mem_format("\"%s\"", incident) : mem_text(incident);
}

static struct cap_alert *build_alert(
        const struct draft_content *content, const struct draft_rules *rules, int64_t now)
{
	struct cap_alert *alert = cap_alert_create();

	mem_set_text(&alert->identifier, "");
	free(alert->sender);
	alert->sender = flatten_sender(content->unit->code, rules->mode);
	alert->status = status_of(rules->mode);
	alert->msg_type = type_of(content->verb);
	alert->scope = CAP_PUBLIC;
	if (rules->mode == MODE_EXERCISE)
		mem_set_text(&alert->note, "演练信息，请勿当真 This is an exercise");
	if (content->incident)
		alert->incidents = quoted_incident(content->incident);
	fill_info(cap_alert_add_info(alert), content, rules, now);
	return alert;
}

void draft_build(const struct draft_content *content, const struct draft_rules *rules, int64_t now,
        struct draft *draft)
{
	struct bulletin *bulletin = draft_bulletin(rules, content->unit, now);
	struct err cause = {0};

	draft->alert = build_alert(content, rules, now);
	draft->bulletin = bulletin;
	bulletin->verb = content->verb;
	bulletin->procedure = content->procedure;
	bulletin->disclosure = content->disclosure;
	mem_put_text(&bulletin->disclosure_reason, content->disclosure_reason);
	mem_put_text(&bulletin->replaces, content->replaces);
	for (size_t i = 0; i < content->targets.count; i++)
		texts_add(&bulletin->targets, content->targets.items[i]);
	if (draft_settle(bulletin, draft->alert, rules->catalog, &cause))
		return;
	/* Not all was understood (no colour, say): the officer gets it as far as it goes. */
	struct buf buf;
	cap_problem_add(&draft->notes, CAP_PROBLEM_ERROR, "draft.incomplete", "/alert", "%s%.0s",
	        "%.0s%s", cause.zh, cause.en);
	buf_init(&buf, CAP_LIMIT_SOURCE);
	cap_write(draft->alert, &buf);
	free(bulletin->cap);
	bulletin->cap = buf_take(&buf);
	bulletin->kind = content->kind;
	bulletin->level = content->level;
	mem_put_text(&bulletin->status, cap_status_text(draft->alert->status));
	bulletin_headline(bulletin, draft->alert->infos[0].headline);
	mem_put_text(&bulletin->hazard, content->hazard ? content->hazard->code : "");
	mem_put_text(&bulletin->incident, content->incident);
	for (size_t i = 0; i < content->areas.count; i++)
		texts_add(&bulletin->areas, content->areas.items[i]);
	if (draft->alert->infos[0].expires.set)
		bulletin->expires = draft->alert->infos[0].expires.ms;
}
