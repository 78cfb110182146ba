/* SPDX-License-Identifier: Apache-2.0
 * prepare - see prepare.h. Pure but for the recipients, who are chosen anew each time and then
 * frozen (recipients.h).
 */
#include "prepare.h"

#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "flatten.h"
#include "problems.h"
#include "recipients.h"
#include "text.h"

static void note_left_out(const struct config_target *target, struct cap_problems *problems)
{
	char *path = mem_format("target/%s", target->name);

	cap_problem_add(problems, CAP_PROBLEM_WARNING, "house.target.drawn", path,
	        "未选 %s：它按区划选取接收人，而此信息有区域只有多边形或圆",
	        "%s is left out: it chooses recipients by division, and an area here is only a "
	        "polygon or circle",
	        target->name);
	free(path);
}

bool prepare_takes(const struct config_target *target, enum disclosure disclosure)
{
	return disclosure == DISCLOSURE_PROACTIVE || !target->traits->is_public;
}

bool prepare_only_coded(const struct config_target *target)
{
	return target->traits->recipients && !recipients_in_directory(target);
}

void prepare_default_targets(
        const struct config *config, struct bulletin *b, bool drawn, struct cap_problems *problems)
{
	for (size_t i = 0; i < config->target_count; i++) {
		const struct config_target *t = &config->targets[i];
		if (!t->by_default || !prepare_takes(t, b->disclosure))
			continue;
		if (drawn && prepare_only_coded(t))
			note_left_out(t, problems);
		else
			texts_add(&b->targets, t->name);
	}
}

static void forget_texts(struct bulletin *b)
{
	for (size_t i = 0; i < b->text_count; i++) {
		free(b->texts[i].target);
		free(b->texts[i].kind);
		free(b->texts[i].body);
		free(b->texts[i].filled);
	}
	free(b->texts);
	b->texts = NULL;
	b->text_count = 0;
	for (size_t i = 0; i < b->audience_count; i++) {
		free(b->audiences[i].target);
		texts_finish(&b->audiences[i].blocks);
	}
	free(b->audiences);
	b->audiences = NULL;
	b->audience_count = 0;
}

static bool render_one(const struct config_target *target, struct bulletin *b,
        const struct view *view, struct err *err)
{
	struct text_style style = {target->signature, target->prefix, (int)target->sms_max_parts};
	struct text_fit fit;
	struct buf out;

	buf_init(&out, 512 << 10);
	bool ok = text_render(target->kind, view, &style, &out, &fit, err);
	if (ok) {
		struct bulletin_text *text = bulletin_add_text(b);
		mem_set_text(&text->target, target->name);
		mem_set_text(&text->kind, target->kind);
		free(text->body);
		text->body = buf_take(&out);
		memcpy(text->unit, fit.unit, sizeof text->unit);
		text->used = fit.used;
		text->limit = fit.limit;
		text->parts = fit.parts;
		text->shortened = fit.shortened;
	}
	buf_finish(&out);
	return ok;
}

/* What a bulletin is prepared with. */
struct preparing {
	const struct config *config;
	struct bulletin *bulletin;
	const struct cap_alert *alert;
	const struct view *view;
	bool drawn, keep;
	struct cap_problems *problems;
};

/* Of an area that is only drawn, recipients known by division would be too many. */
static bool choose_recipients(
        const struct preparing *p, const struct config_target *target, struct err *err)
{
	if (p->drawn && prepare_only_coded(target))
		return err_set(err, ERR_INPUT,
		        "%s 按区划选取接收人，而此信息有区域只有多边形或圆：会发给范围以外的人；"
		        "请以区划代码写明区域，或不用此渠道",
		        "%s chooses recipients by division, but an area here is only a polygon or "
		        "circle: people outside of it would be told; name divisions by code, or "
		        "leave this channel out",
		        target->name);
	return recipients_choose(p->config, target, p->bulletin, p->alert, p->keep, err);
}

static void prepare_target(const struct preparing *p, const char *name)
{
	const struct config_target *target = config_target(p->config, name);
	struct err err = {0};

	if (!target)
		err_set(&err, ERR_INPUT, "设置中没有对端 %s", "there is no far side %s", name);
	if (target && render_one(target, p->bulletin, p->view, &err) &&
	        choose_recipients(p, target, &err))
		return;
	char *path = mem_format("target/%s", name);
	cap_problem_put(p->problems, CAP_PROBLEM_ERROR, "house.target", path, err.zh, err.en);
	free(path);
}

static void put_targets(const struct config *config, const struct bulletin *b, struct manifest *m)
{
	for (size_t i = 0; i < b->text_count; i++) {
		const struct bulletin_text *text = &b->texts[i];
		const struct audience *audience = bulletin_audience(b, text->target);
		struct manifest_target *t = mem_push(&m->targets, &m->target_count, sizeof *t);
		t->name = mem_text(text->target);
		t->kind = mem_text(config_target(config, text->target)->kind);
		digest_sha256(text->body, strlen(text->body), t->text);
		if (audience) {
			memcpy(t->audience, audience->digest, DIGEST_HEX);
			t->audience_count = audience->count;
		}
	}
}

static void put_staged(struct bulletin *const *staged, size_t count, struct manifest *m)
{
	for (size_t i = 0; i < count; i++) {
		struct manifest_staged *s = mem_push(&m->staged, &m->staged_count, sizeof *s);
		s->as = mem_text(staged[i]->staged_as);
		digest_sha256(staged[i]->manifest, strlen(staged[i]->manifest), s->digest);
	}
}

static void write_manifest(const struct config *config, struct bulletin *b,
        const struct cap_alert *alert, const struct view *view, struct bulletin *const *staged,
        size_t staged_count)
{
	struct manifest m;
	struct buf out;

	manifest_init(&m);
	m.identifier = mem_text(b->identifier);
	m.sender = mem_text(alert->sender);
	m.status = mem_text(b->status);
	m.mode = b->mode;
	m.verb = b->verb;
	m.kind = b->kind;
	m.hazard = mem_text(b->hazard);
	m.level = b->level;
	m.procedure = b->procedure;
	m.disclosure = b->disclosure;
	m.held = b->screening == SCREENING_HELD;
	m.unit = mem_text(b->unit);
	m.drafter = mem_text(b->drafter);
	for (size_t i = 0; i < b->earlier.count; i++)
		texts_add(&m.earlier, b->earlier.items[i]);
	m.source = mem_text(b->procedure == PROCEDURE_RELAY ? b->source : "");
	m.incident = mem_text(b->incident);
	m.chain = mem_text(b->chain);
	m.replaces = mem_text(b->replaces);
	m.expires = b->expires;
	for (size_t i = 0; i < b->areas.count; i++)
		texts_add(&m.areas, b->areas.items[i]);
	put_targets(config, b, &m);
	digest_sha256(b->cap, strlen(b->cap), m.cap);
	view_digest(view, m.view);
	put_staged(staged, staged_count, &m);
	buf_init(&out, 0);
	manifest_write(&m, &out);
	free(b->manifest);
	b->manifest = buf_take(&out);
	buf_finish(&out);
	manifest_finish(&m);
}

bool prepare_bulletin(const struct config *config, struct bulletin *b, struct cap_alert *alert,
        struct bulletin *const *staged, size_t staged_count, enum prepare_for purpose,
        struct cap_problems *problems, struct err *err)
{
	size_t errors = problems->errors;
	struct cap_facts facts = {0};
	struct view view;
	struct buf out;

	if (!cap_facts_read_settled(alert, &b->areas, &facts, err))
		return false;
	b->expires = facts.expires;
	buf_init(&out, 0);
	cap_write(alert, &out);
	free(b->cap);
	b->cap = buf_take(&out);
	buf_finish(&out);
	view_init(&view);
	flatten(alert, &facts, b->verb, b->mode, b->chain, b->replaces, config->public_url, &view);
	struct preparing p = {
	        config, b, alert, &view, facts.drawn, purpose == PREPARE_TO_KEEP, problems};
	forget_texts(b);
	for (size_t i = 0; i < b->targets.count; i++)
		prepare_target(&p, b->targets.items[i]);
	write_manifest(config, b, alert, &view, staged, staged_count);
	view_finish(&view);
	cap_facts_finish(&facts);
	if (problems->errors == errors)
		return true;
	return problems_err(problems, err);
}
