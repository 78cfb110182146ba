/* SPDX-License-Identifier: Apache-2.0
 * decide_say - the sentences: for every condition that failed, in Chinese and in English, which
 * rule, which values, and the row's legal basis. Asked only once the answer is no; decides nothing.
 */
#include "decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "when.h"

enum { SENTENCE_MOST = 1000, LIST_MOST = 200 };

/* Values come from outside: one line, not endless, and UTF-8 whatever the caller gave. */
static void clean(char *text)
{
	bool valid = utf8_valid(text, strlen(text), NULL);

	for (char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (c < 0x20 || c == 0x7f || (c >= 0x80 && !valid))
			*p = ' ';
	}
	if (strlen(text) > SENTENCE_MOST)
		text[utf8_cut(text, SENTENCE_MOST)] = '\0';
}

void deny(struct decision *decision, enum condition condition, const char *row, char *zh, char *en)
{
	struct reason *reason =
	        mem_push(&decision->reasons, &decision->reason_count, sizeof *reason);

	clean(zh);
	clean(en);
	*reason = (struct reason){.condition = condition, .row = row, .zh = zh, .en = en};
}

static void join(const char *const *items, size_t count, char out[LIST_MOST])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (len + strlen(items[i]) + 8 > LIST_MOST) {
			snprintf(out + len, LIST_MOST - len, " ...");
			return;
		}
		len += (size_t)snprintf(out + len, LIST_MOST - len, "%s%s", i ? " " : "", items[i]);
	}
}

static const char *unit_name(const struct indexed_unit *unit)
{
	return unit ? unit->unit->name : "-";
}

static const char *unit_id(const struct indexed_unit *unit)
{
	return unit ? unit->unit->id : "-";
}

static const char *shown(const char *text)
{
	return text ? text : "null";
}

static void say_request(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;

	(void)reading;
	if (is_relay(r) && r->officer)
		deny(decision, CONDITION_REQUEST, NULL,
		        mem_format("条件0 请求：自动转发不得有发布人（%s）", r->officer),
		        mem_format(
		                "condition 0, request: a relay has no officer (%s)", r->officer));
	if (!is_relay(r) && !asking->drafter)
		deny(decision, CONDITION_REQUEST, NULL,
		        mem_format("条件0 请求：授权规则中没有拟制人 %s", shown(r->drafter)),
		        mem_format("condition 0, request: the drafter %s is not in the policy",
		                shown(r->drafter)));
	if (r->incident && r->handler && !policy_unit(asking->policy, r->handler))
		deny(decision, CONDITION_REQUEST, NULL,
		        mem_format("条件0 请求：事件 %s 的处置单位 %s 不在授权规则中", r->incident,
		                r->handler),
		        mem_format("condition 0, request: incident %s is handled by %s, a unit the "
		                   "policy does not know",
		                r->incident, r->handler));
	if (r->chain && !policy_unit(asking->policy, r->chain))
		deny(decision, CONDITION_REQUEST, NULL,
		        mem_format("条件0 请求：持有本链的单位 %s 不在授权规则中", r->chain),
		        mem_format("condition 0, request: the chain is held by %s, a unit the "
		                   "policy does not know",
		                r->chain));
}

void deny_misread(const char *what, struct decision *decision)
{
	deny(decision, CONDITION_REQUEST, NULL, mem_format("条件0 请求：无法理解 %s", what),
	        mem_format("condition 0, request: cannot understand %s", what));
}

void deny_officer(const struct officer *officer, const char *id, struct decision *decision)
{
	const char *zh = !officer           ? "不在授权规则中"
	                 : !officer->active ? "已停用"
	                                    : "没有发布（publish）职责";
	const char *en = !officer           ? "is not in the policy"
	                 : !officer->active ? "is not active"
	                                    : "does not hold the duty publish";

	deny(decision, CONDITION_OFFICER, NULL, mem_format("条件1 人员：%s %s", shown(id), zh),
	        mem_format("condition 1, officer: %s %s", shown(id), en));
}

static void say_officer(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	(void)reading;
	deny_officer(asking->officer, asking->request->officer, decision);
}

/* The term of a row; days at +08:00. */
static void term_text(const struct scope *scope, char out[64])
{
	char from[WHEN_TEXT] = "-";
	char until[WHEN_TEXT] = "-";

	if (scope->from != INT64_MIN)
		when_text(scope->from, from);
	if (scope->until != INT64_MAX)
		when_text(scope->until, until);
	snprintf(out, 64, "%.10s .. %.10s", from, until);
}

static void say_behalf_term(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct grant *row = reading->behalf->grant;
	char at[WHEN_TEXT];
	char term[64];

	when_text(asking->request->at, at);
	term_text(&reading->behalf->scope, term);
	deny(decision, CONDITION_HANDLER, row->label,
	        mem_format("条件2 处置单位：%s 的代发期限为 %s，%s 不在其内（依据：%s）",
	                row->label, term, at, row->basis),
	        mem_format(
	                "condition 2, handler: %s lets act on behalf for %s, not at %s (basis: %s)",
	                row->label, term, at, row->basis));
}

static void say_incident(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;

	if (!r->handler) {
		deny_nobodys(r, decision);
		return;
	}
	const struct indexed_unit *handler = policy_index_unit(asking->policy, r->handler);

	deny(decision, CONDITION_HANDLER, NULL,
	        mem_format("条件2 处置单位：事件 %s 由 "
	                   "%s（%s）处置，%s（%s）不是其处置单位，也无代发授权",
	                r->incident, unit_name(handler), shown(r->handler),
	                unit_name(reading->unit), unit_id(reading->unit)),
	        mem_format("condition 2, handler: incident %s is handled by %s; %s does not handle "
	                   "it and may not "
	                   "act on its behalf",
	                r->incident, shown(r->handler), unit_id(reading->unit)));
}

static void say_handler(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;
	char areas[LIST_MOST];

	if (reading->behalf && !scope_is_now(&reading->behalf->scope, r->at)) {
		say_behalf_term(asking, reading, decision);
		return;
	}
	if (r->incident && !is_withdrawal(r)) {
		say_incident(asking, reading, decision);
		return;
	}
	if (r->incident &&
	        !unit_is_above(reading->unit, policy_index_unit(asking->policy, r->chain))) {
		say_incident(asking, reading, decision);
		return;
	}
	join(r->areas, r->area_count, areas);
	deny(decision, CONDITION_HANDLER, NULL,
	        mem_format("条件2 处置单位：%s（%s）对 %s 在 %s 没有有效的处置或主管授权",
	                unit_name(reading->unit), unit_id(reading->unit), r->hazard, areas),
	        mem_format("condition 2, handler: %s holds no grant in force of role handle or "
	                   "charge over %s at %s",
	                unit_id(reading->unit), r->hazard, areas));
}

static void say_grant(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;
	char channels[LIST_MOST];
	char areas[LIST_MOST];
	char at[WHEN_TEXT];

	when_text(r->at, at);
	join(r->areas, r->area_count, areas);
	join(r->channels, r->channel_count, channels);
	if (is_relay(r)) {
		deny(decision, CONDITION_GRANT, NULL,
		        mem_format("条件3 授权：来源 %s 没有一条转发规则覆盖 %s、%s、%s、区域 "
		                   "%s、渠道 %s",
		                shown(r->source), kind_zh(r->kind), r->hazard, level_zh(r->level),
		                areas, channels),
		        mem_format("condition 3, grant: no relay row of source %s covers %s, %s, "
		                   "%s, areas %s, channels %s",
		                shown(r->source), kind_text(r->kind), r->hazard,
		                level_text(r->level), areas, channels));
		return;
	}
	deny(decision, CONDITION_GRANT, reading->behalf ? reading->behalf->grant->label : NULL,
	        mem_format("条件3 授权：%s（%s）没有一条%s授权覆盖 %s、%s、%s、%s、区域 %s、渠道 "
	                   "%s、时间 %s",
	                unit_name(reading->unit), unit_id(reading->unit),
	                reading->behalf ? "连同代发的" : "", verb_zh(r->verb), kind_zh(r->kind),
	                r->hazard, level_zh(r->level), areas, channels, at),
	        mem_format("condition 3, grant: no grant of %s%s covers %s, %s, %s, %s, areas %s, "
	                   "channels %s, at %s",
	                unit_id(reading->unit), reading->behalf ? " with its behalf row" : "",
	                verb_text(r->verb), kind_text(r->kind), r->hazard, level_text(r->level),
	                areas, channels, at));
}

static void say_forbid(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	size_t row = forbid_find(asking, reading->unit);
	const struct forbid *forbid = &asking->policy->forbids[row];
	const char *unless = shown(forbid->unless_unit);

	if (forbid->unless_unit)
		deny(decision, CONDITION_FORBID, forbid->label,
		        mem_format(
		                "条件4 禁止：%s 规定此项只可由 %s 发布，不可由 %s 发布（依据：%s）",
		                forbid->label, unless, unit_id(reading->unit), forbid->basis),
		        mem_format("condition 4, forbid: %s reserves this to %s, it is not for %s "
		                   "(basis: %s)",
		                forbid->label, unless, unit_id(reading->unit), forbid->basis));
	else
		deny(decision, CONDITION_FORBID, forbid->label,
		        mem_format("条件4 禁止：%s 规定此项任何单位不得发布（依据：%s）",
		                forbid->label, forbid->basis),
		        mem_format("condition 4, forbid: %s lets nobody publish this (basis: %s)",
		                forbid->label, forbid->basis));
}

static void say_secrecy(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	bool held = asking->request->screening == SCREENING_HELD;

	(void)reading;
	deny(decision, CONDITION_SECRECY, NULL,
	        mem_format("条件6 保密审查：%s",
	                held ? "筛查命中而未经说明理由放行，或放行已过期（held）"
	                     : "没有保密审查记录（none）"),
	        mem_format("condition 6, secrecy: %s",
	                held ? "a screening hit stands and was not overridden, or too long "
	                       "ago (held)"
	                     : "no secrecy review is recorded (none)"));
}

static void say_disclosure(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;

	(void)reading;
	for (size_t i = 0; i < r->channel_count; i++)
		if (channel_kind_public(r->channels[i]))
			deny(decision, CONDITION_DISCLOSURE, NULL,
			        mem_format("条件7 公开属性：%s的信息不得进入公共渠道 %s（%s）",
			                disclosure_zh(r->disclosure),
			                channel_kind_zh(r->channels[i]), r->channels[i]),
			        mem_format("condition 7, disclosure: what is %s may not go to the "
			                   "public channel %s",
			                disclosure_text(r->disclosure), r->channels[i]));
}

static void say_mode(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;

	(void)reading;
	deny(decision, CONDITION_MODE, NULL,
	        mem_format("条件8 状态：%s模式不发布状态为 %s 的信息", mode_zh(r->mode), r->status),
	        mem_format("condition 8, status: an instance in mode %s does not publish status %s",
	                mode_text(r->mode), r->status));
}

static void say_life(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;
	char expires[WHEN_TEXT];

	when_text(r->expires, expires);
	if (r->expires && r->at >= r->expires)
		deny(decision, CONDITION_LIFE, NULL,
		        mem_format("条件9 时效：已于 %s 失效", expires),
		        mem_format("condition 9, life: it expired at %s", expires));
	if (!chain_is_ours(asking, reading))
		deny(decision, CONDITION_LIFE, NULL,
		        mem_format("条件9 归属：本链由 %s 持有，%s 既不是它也不是它的上级，不得%s",
		                r->chain, unit_id(reading->unit), verb_zh(r->verb)),
		        mem_format("condition 9, chain: it is held by %s; %s is neither that unit "
		                   "nor above it and may "
		                   "not %s",
		                r->chain, unit_id(reading->unit), verb_text(r->verb)));
}

void say_condition(const struct asking *asking, const struct reading *reading,
        enum condition condition, struct decision *decision)
{
	static void (*const sayings[CONDITION_COUNT])(
	        const struct asking *, const struct reading *, struct decision *) = {
	        [CONDITION_REQUEST] = say_request,
	        [CONDITION_OFFICER] = say_officer,
	        [CONDITION_HANDLER] = say_handler,
	        [CONDITION_GRANT] = say_grant,
	        [CONDITION_FORBID] = say_forbid,
	        [CONDITION_SIGNOFF] = say_signoff,
	        [CONDITION_SECRECY] = say_secrecy,
	        [CONDITION_DISCLOSURE] = say_disclosure,
	        [CONDITION_MODE] = say_mode,
	        [CONDITION_LIFE] = say_life,
	};

	sayings[condition](asking, reading, decision);
}
