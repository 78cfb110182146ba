/* SPDX-License-Identifier: Apache-2.0
 * draft - see draft.h: a bulletin from a CAP message, and the bulletin's members read from its
 * message. Relies on cap_facts_read_draft(); what that cannot understand is no draft.
 */
#include "draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "draft_build.h"
#include "flatten.h"

void draft_finish(struct draft *draft)
{
	if (!draft)
		return;
	bulletin_destroy(&draft->bulletin);
	cap_alert_destroy(&draft->alert);
	cap_problems_finish(&draft->notes);
}

int64_t draft_lifetime(enum kind kind)
{
	const int64_t hour = 3600 * 1000;

	return kind == KIND_WARNING || kind == KIND_RESPONSE ? 24 * hour : 6 * hour;
}

bool draft_settle(struct bulletin *bulletin, const struct cap_alert *alert,
        const struct catalog *catalog, struct err *err)
{
	const struct cap_info *info = cap_china_info(alert);
	struct cap_facts facts;
	struct buf buf;

	if (!cap_facts_read_draft(alert, catalog, &facts, err))
		return false;
	bulletin->kind = facts.kind;
	bulletin->level = facts.level;
	bulletin->expires = facts.expires;
	mem_put_text(&bulletin->hazard, facts.hazard);
	mem_put_text(&bulletin->incident, facts.incident);
	mem_put_text(&bulletin->status, cap_status_text(alert->status));
	bulletin_headline(bulletin, info->headline);
	texts_finish(&bulletin->areas);
	for (size_t i = 0; i < facts.areas.count; i++)
		texts_add(&bulletin->areas, facts.areas.items[i]);
	cap_facts_finish(&facts);
	buf_init(&buf, CAP_LIMIT_SOURCE);
	cap_write(alert, &buf);
	if (buf.full) {
		buf_finish(&buf);
		return err_set(err, ERR_TOO_BIG, "报文写成规范形式后超过 %d 字节",
		        "written in its canonical form the message has more than %d bytes",
		        CAP_LIMIT_SOURCE);
	}
	free(bulletin->cap);
	bulletin->cap = buf_take(&buf);
	return true;
}

static bool read_verb(enum cap_msg_type type, enum verb *verb, struct err *err)
{
	switch (type) {
	case CAP_ALERT:
		*verb = VERB_PUBLISH;
		return true;
	case CAP_UPDATE:
		*verb = VERB_UPDATE;
		return true;
	case CAP_CANCEL:
		*verb = VERB_CANCEL;
		return true;
	case CAP_ACK:
	case CAP_ERROR:
		break;
	}
	return err_set(err, ERR_INPUT, "/alert/msgType 是 %s，不是可以发布的信息",
	        "/alert/msgType is %s: nothing that could be published", cap_msg_type_text(type));
}

/* The last one named is the newest by custom; the record knows the rest of the chain. */
static bool read_replaces(const struct cap_alert *alert, char **replaces, struct err *err)
{
	const char *at = alert->references ? alert->references : "";
	struct cap_reference reference = {0};
	struct err cause = {0};

	while (cap_reference_next(&at, &reference, &cause)) {
		mem_put_text(replaces, reference.identifier);
		cap_reference_finish(&reference);
	}
	if (cause.kind == ERR_NONE)
		return true;
	return err_set(err, ERR_INPUT, "/alert/references 无法理解：%s%.0s",
	        "/alert/references cannot be understood: %.0s%s", cause.zh, cause.en);
}

/* The national form has a person's name here; names of persons are not published (突发事件应对法
 * art. 83-85). */
static bool is_organisation(const char *name)
{
	static const char *const marks[] = {"局", "台", "站", "中心", "办", "部", "政府", "委",
	        "会", "院", "处", "所", "公司", "队", "厅", "署", "学校"};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (strstr(name, marks[i]))
			return true;
	return false;
}

static void check_sender_name(struct cap_info *info, size_t number, const struct draft_unit *unit,
        struct cap_problems *notes)
{
	char path[64];
	bool chinese = info->language && strncmp(info->language, "zh", 2) == 0;

	snprintf(path, sizeof path, "/alert/info[%zu]/senderName", number);
	if (!info->sender_name || !info->sender_name[0]) {
		mem_set_text(&info->sender_name, unit->name);
		cap_problem_add(notes, CAP_PROBLEM_ADVICE, "draft.sender-name", path,
		        "原文没有发布单位，已填“%s”",
		        "it names no issuing unit; \"%s\" was filled in", unit->name);
	} else if (chinese && !is_organisation(info->sender_name)) {
		cap_problem_add(notes, CAP_PROBLEM_WARNING, "draft.sender-name", path,
		        "“%s”不像单位名称；若是人名，请改为发布单位",
		        "\"%s\" does not look like a unit; no person's name is to be published",
		        info->sender_name);
	}
}

void draft_take_scope(struct bulletin *bulletin, const struct cap_alert *alert)
{
	if (alert->scope == CAP_PUBLIC)
		return;
	bulletin->disclosure = DISCLOSURE_WITHHELD;
	mem_put_text(&bulletin->disclosure_reason,
	        alert->scope == CAP_RESTRICTED && alert->restriction ? alert->restriction
	                                                             : "CAP scope Private");
}

/* Our profile has the Chinese words first; an upstream may write English before them. */
static void put_chinese_first(struct cap_alert *alert, struct cap_problems *notes)
{
	size_t at = 0;

	while (at < alert->info_count &&
	        (!alert->infos[at].language || strcmp(alert->infos[at].language, "zh-CN") != 0))
		at++;
	if (at == 0 || at == alert->info_count)
		return;
	struct cap_info chinese = alert->infos[at];
	memmove(&alert->infos[1], &alert->infos[0], at * sizeof *alert->infos);
	alert->infos[0] = chinese;
	cap_problem_add(notes, CAP_PROBLEM_ADVICE, "draft.language", "/alert/info[1]",
	        "原文的中文不在最前，已移到最前",
	        "the Chinese info was not the first: it was moved there");
}

static void take_infos(struct cap_alert *alert, const struct cap_facts *facts,
        const struct draft_unit *unit, int64_t now, struct cap_problems *notes)
{
	for (size_t i = 0; i < alert->info_count; i++) {
		struct cap_info *info = &alert->infos[i];
		check_sender_name(info, i + 1, unit, notes);
		draft_profile(info, facts->kind, facts->level, facts->hazard);
		if (info->expires.set)
			continue;
		info->expires = cap_time_china(now + draft_lifetime(facts->kind));
		cap_problem_add(notes, CAP_PROBLEM_ADVICE, "draft.expires", "/alert/info/expires",
		        "原文没有失效时间，按 %d 小时填写",
		        "it names no expiry; %d hours were filled in",
		        (int)(draft_lifetime(facts->kind) / 3600000));
	}
}

static void note_hazard(
        const struct cap_facts *facts, const struct catalog *catalog, struct cap_problems *notes)
{
	if (!facts->hazard[0])
		cap_problem_add(notes, CAP_PROBLEM_ERROR, "draft.hazard", "/alert/info/eventCode",
		        "无法确定事件编码（GB/T 35561）",
		        "the event code (GB/T 35561) cannot be told");
	else if (catalog_hazard(catalog, facts->hazard)->basis == 'D')
		cap_problem_add(notes, CAP_PROBLEM_ADVICE, "draft.hazard", "/alert/info/eventCode",
		        "事件编码 %s 系推定，发布前请核对 GB/T 35561",
		        "event code %s is an inferred one: compare it with GB/T 35561",
		        facts->hazard);
}

/* Where code and name disagree the name holds (facts.c): whoever approves must hear of it. */
static void note_other_code(
        const struct cap_alert *alert, const struct cap_facts *facts, struct cap_problems *notes)
{
	for (size_t i = 0; facts->hazard[0] && i < alert->info_count; i++) {
		const char *own = cap_pairs_find(&alert->infos[i].event_codes, FLATTEN_EVENT_CODE);
		if (own && strcmp(own, facts->hazard) != 0)
			cap_problem_add(notes, CAP_PROBLEM_WARNING, "draft.hazard",
			        "/alert/info/eventCode",
			        "原文事件编码 %s 与事件名称不符，按名称取 %s",
			        "its event code %s does not fit the event's name, which is %s", own,
			        facts->hazard);
	}
}

bool draft_from_cap(const struct cap_alert *alert, const struct draft_rules *rules, int64_t now,
        struct draft *draft, struct err *err)
{
	const struct draft_unit *unit = draft_unit_find(rules, rules->unit);
	struct cap_facts facts;
	enum verb verb = VERB_PUBLISH;

	*draft = (struct draft){0};
	if (!unit)
		return draft_no_unit(rules->unit, err);
	if (!read_verb(alert->msg_type, &verb, err) ||
	        !cap_facts_read_draft(alert, rules->catalog, &facts, err))
		return false;
	draft->alert = cap_alert_copy(alert);
	draft->bulletin = draft_bulletin(rules, unit, now);
	draft->bulletin->verb = verb;
	draft_take_scope(draft->bulletin, alert);
	mem_set_text(&draft->alert->identifier, "");
	free(draft->alert->sender);
	draft->alert->sender = flatten_sender(unit->code, rules->mode);
	draft->alert->sent = (struct cap_time){0};
	put_chinese_first(draft->alert, &draft->notes);
	note_hazard(&facts, rules->catalog, &draft->notes);
	note_other_code(alert, &facts, &draft->notes);
	take_infos(draft->alert, &facts, unit, now, &draft->notes);
	cap_facts_finish(&facts);
	if (read_replaces(draft->alert, &draft->bulletin->replaces, err) &&
	        draft_settle(draft->bulletin, draft->alert, rules->catalog, err))
		return true;
	bulletin_destroy(&draft->bulletin);
	cap_alert_destroy(&draft->alert);
	return false;
}
