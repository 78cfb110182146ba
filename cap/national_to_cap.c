/* SPDX-License-Identifier: Apache-2.0
 * national_to_cap - a national message as CAP (national.h). Areas are in national_to_area.c.
 *
 * Nothing is guessed: what conversion fills in by rule (urgency and certainty, which this form
 * leaves Unknown) or takes from another place is a note. Relies on mem.h.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_china.h"
#include "cap_leaf.h"
#include "national_parts.h"
#include "national_to_area.h"

struct conversion {
	const struct national *from;
	struct cap_alert *to;
	const struct national_help *help;
	struct cap_problems *problems;
};

static void note(const struct conversion *c, size_t info, const char *rule, const char *element,
        const char *zh, const char *en)
{
	char *path = info ? mem_format("/alert/info[%zu]/%s", info, element)
	                  : mem_format("/alert/%s", element);

	national_note(c->problems, rule, path, zh, en);
	free(path);
}

/* Only what is classified None may go to everybody. CAP's word for it is a restriction, which the
 * house takes for "not to be published". */
static void take_scope(const struct conversion *c)
{
	const char *class = c->from->sec_classification;
	bool open = !class || strcasecmp(class, NATIONAL_PUBLIC) == 0;

	c->to->scope = open ? c->from->scope : CAP_RESTRICTED;
	if (c->to->scope == CAP_PRIVATE)
		c->to->scope = CAP_RESTRICTED;
	if (c->to->scope != c->from->scope)
		note(c, 0, "convert.changed", open ? "scope" : "secClassification",
		        "不是公开信息：scope 写作 Restricted",
		        "not for the public: scope becomes Restricted");
	if (c->to->scope == CAP_RESTRICTED)
		c->to->restriction =
		        mem_format(NATIONAL_CLASS "%s", open ? NATIONAL_PUBLIC : class);
}

/* Is the message of this sender in the record? */
static bool in_record(
        const struct conversion *c, struct cap_reference *reference, const char *sender, size_t len)
{
	struct cap_time sent = {0};

	free(reference->sender);
	reference->sender = mem_text_n(sender, len);
	if (!c->help || !c->help->known ||
	        c->help->known(c->help->record, reference, &sent) == CAP_STANDING_UNKNOWN)
		return false;
	reference->sent = cap_time_china(sent.ms);
	return true;
}

/* The sender stands in front of an identifier of this form, and its moment behind it. */
static bool resolve(const struct conversion *c, struct cap_reference *reference)
{
	const char *id = reference->identifier;
	const char *own = c->from->sender_code ? c->from->sender_code : "";
	size_t unit = strcspn(id, "_");

	if ((*own && in_record(c, reference, own, strlen(own))) ||
	        (unit && in_record(c, reference, id, unit)))
		return true;
	if (!unit || !cap_china_identifier(id, &reference->sent))
		return false;
	note(c, 0, "convert.reference", "references",
	        "所引用的报文不在记录中，发出单位和时间取自其编号",
	        "the message it refers to is not in the record: sender and time were read off its "
	        "identifier");
	return true;
}

static void take_reference(
        const struct conversion *c, const char *text, size_t len, struct buf *out)
{
	struct cap_reference reference = {.identifier = mem_text_n(text, len)};
	char sent[26];

	if (resolve(c, &reference)) {
		cap_time_write(reference.sent, sent);
		buf_format(out, "%s%s,%s,%s", out->len ? " " : "", reference.sender,
		        reference.identifier, sent);
	} else {
		cap_problem_add(c->problems, CAP_PROBLEM_ERROR, "convert.reference",
		        "/alert/references", "引用“%s”不在记录中，其编号也看不出发出单位和时间",
		        "the reference \"%s\" is not in the record, and its identifier tells "
		        "neither sender nor time",
		        reference.identifier);
	}
	cap_reference_finish(&reference);
}

static void take_references(const struct conversion *c)
{
	const char *at = c->from->references ? c->from->references : "";
	const char *text;
	size_t len;
	size_t count = 0;
	struct buf out;

	buf_init(&out, 0);
	while ((text = national_next(&at, &len)) != NULL && count++ < NATIONAL_REFERENCES_MAX)
		take_reference(c, text, len, &out);
	if (text)
		cap_problem_add(c->problems, CAP_PROBLEM_ERROR, "convert.reference",
		        "/alert/references", "引用超过 %d 条", "more than %d references",
		        NATIONAL_REFERENCES_MAX);
	if (out.len)
		c->to->references = buf_take(&out);
	buf_finish(&out);
}

static void take_event(const struct conversion *c, const struct national_info *from, size_t number,
        const struct national_event *event, struct cap_info *to)
{
	const char *name = event->name        ? event->name
	                   : from->event_type ? from->event_type
	                   : from->headline   ? from->headline
	                                      : "";

	mem_set_text(&to->event, name);
	cap_info_add_category(to, event->category);
	if (from->event_type)
		cap_pairs_add(&to->event_codes, CAP_CHINA_EVENT_CODE, from->event_type);
	if (!event->name)
		note(c, number, "convert.event", "eventType", "不知道该编码的事件名称",
		        "the name of the event that goes by this code is not known");
	else if (from->event_type && strcmp(event->code, from->event_type) != 0)
		note(c, number, "convert.event", "eventType", "编码与标题中的事件名称不符，按名称",
		        "the code is not that of the event in the headline, whose name holds");
}

/* Its own, else that of the headline. */
static enum level level_of(const struct national_info *from, const struct national_event *event)
{
	return from->level != LEVEL_NONE ? from->level : event->level;
}

static void take_level(const struct conversion *c, const struct national_info *from, size_t number,
        const struct national_event *event, struct cap_info *to)
{
	enum level level = level_of(from, event);

	if (from->level == LEVEL_NONE && level != LEVEL_NONE)
		note(c, number, "convert.level", "severity", "没有级别，取自标题",
		        "it names no level: that of the headline was taken");
	else if (event->level != LEVEL_NONE && event->level != level)
		note(c, number, "convert.level", "severity", "级别与标题中的颜色不符",
		        "the level is not the colour of the headline");
	to->severity = cap_china_severity(level);
	if (level != LEVEL_NONE)
		cap_pairs_add(&to->parameters, "colour", cap_china_colour(level));
}

/* The platform leaves both Unknown; what stands for them is the house's rule for weather signals
 * (draft_build.c has the same for texts). */
static void take_standing(const struct conversion *c, const struct national_info *from,
        size_t number, const struct national_event *event, struct cap_info *to)
{
	bool over = c->from->msg_type == CAP_CANCEL;
	bool there = over || (event->occurring && level_rank(level_of(from, event)) >= 3);

	to->urgency = from->urgency;
	to->certainty = from->certainty;
	if (from->urgency == CAP_URGENCY_UNKNOWN) {
		to->urgency = over ? CAP_PAST : there ? CAP_IMMEDIATE : CAP_EXPECTED;
		note(c, number, "convert.supplied", "urgency", "原为 Unknown，按规则填写",
		        "it was Unknown: filled in by rule");
	}
	if (from->certainty == CAP_CERTAINTY_UNKNOWN) {
		to->certainty = there ? CAP_OBSERVED : CAP_LIKELY;
		note(c, number, "convert.supplied", "certainty", "原为 Unknown，按规则填写",
		        "it was Unknown: filled in by rule");
	}
}

static void take_words(const struct conversion *c, const struct national_info *from, size_t number,
        struct cap_info *to)
{
	mem_set_text(&to->language, from->language ? from->language : "zh-CN");
	mem_set_text(&to->sender_name, c->from->sender);
	mem_set_text(&to->headline, from->headline);
	mem_set_text(&to->description, from->description);
	mem_set_text(&to->instruction, from->instruction);
	if (from->web && cap_leaf_uri(from->web))
		mem_set_text(&to->web, from->web);
	else if (from->web)
		note(c, number, "convert.lost", "web", "不是网址，已略去",
		        "no address: it was left out");
	if (!cap_leaf_language(to->language)) {
		mem_set_text(&to->language, "zh-CN");
		note(c, number, "convert.changed", "language", "不是语言代码，写作 zh-CN",
		        "no code of a language: written as zh-CN");
	}
	if (from->sender_name)
		note(c, number, "convert.lost", "senderName",
		        "签发人姓名属个人信息，已略去；CAP 的 senderName 写发布单位",
		        "the name of who signed it off is about a person: it was left out, and "
		        "CAP's senderName is the unit");
}

static void take_info(const struct conversion *c, const struct national_info *from, size_t number)
{
	struct cap_info *to = cap_alert_add_info(c->to);
	struct national_event event =
	        national_event_of(c->help, from->event_type, from->headline, from->description);

	take_words(c, from, number, to);
	take_event(c, from, number, &event, to);
	take_standing(c, from, number, &event, to);
	take_level(c, from, number, &event, to);
	to->effective = from->effective;
	to->onset = from->onset;
	to->expires = from->expires;
	for (size_t i = 0; i < from->area_count; i++) {
		char *path = mem_format("/alert/info[%zu]/area[%zu]", number, i + 1);

		national_to_area(&from->areas[i], path, to, c->problems);
		free(path);
	}
}

static void name_methods(const struct conversion *c)
{
	if (c->from->method_count)
		note(c, 0, "convert.lost", "code",
		        "发布手段及其文字、对象在 CAP 中没有对应，已略去",
		        "ways of sending, their texts and receivers have no counterpart in CAP: "
		        "left out");
}

struct cap_alert *national_to_cap(const struct national *national, const struct national_help *help,
        struct cap_problems *problems)
{
	struct conversion c = {national, cap_alert_create(), help, problems};

	mem_set_text(&c.to->identifier, national->identifier ? national->identifier : "");
	mem_set_text(&c.to->sender, national->sender_code ? national->sender_code : "");
	c.to->sent = national->sent;
	c.to->status = national->status;
	c.to->msg_type = national->msg_type;
	mem_set_text(&c.to->note, national->note);
	take_scope(&c);
	name_methods(&c);
	take_references(&c);
	if (national->info_count > NATIONAL_INFOS_MAX)
		cap_problem_add(problems, CAP_PROBLEM_ERROR, "convert.info", "/alert/info",
		        "info 超过 %d 个", "more than %d infos", NATIONAL_INFOS_MAX);
	for (size_t i = 0; i < national->info_count && i < NATIONAL_INFOS_MAX; i++)
		take_info(&c, &national->infos[i], i + 1);
	return c.to;
}
