/* SPDX-License-Identifier: Apache-2.0
 * relay - see relay.h.
 */
#include "relay.h"

#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "draft.h"
#include "flatten.h"
#include "log.h"
#include "prepare.h"
#include "when.h"

const struct relay *relay_row(const struct policy *policy, const char *source)
{
	for (size_t i = 0; i < policy->relay_count; i++)
		if (strcmp(policy->relays[i].source, source) == 0)
			return &policy->relays[i];
	return NULL;
}

static bool covered(const struct relay *row, const char *kind)
{
	for (size_t i = 0; i < row->channels.count; i++)
		if (strcmp(row->channels.items[i], kind) == 0 ||
		        strcmp(row->channels.items[i], "*") == 0)
			return true;
	return row->channels.count == 0;
}

/* Of an area that is only drawn recipients by division would be too many. Nobody is asked before a
 * relay leaves, so somebody is told. */
static void choose_targets(
        const struct config *config, const struct relay *row, bool drawn, struct bulletin *b)
{
	for (size_t i = 0; i < config->target_count; i++) {
		const struct config_target *t = &config->targets[i];
		if (!t->by_default || !covered(row, t->kind) || !prepare_takes(t, b->disclosure))
			continue;
		if (drawn && prepare_only_coded(t))
			log_event(LOG_WARN, "target-left-out", "identifier", b->identifier,
			        "source", b->source, "target", t->name, "reason",
			        "it chooses recipients by division, and an area here is only a "
			        "polygon or circle",
			        NULL);
		else
			texts_add(&b->targets, t->name);
	}
}

static enum verb verb_of(enum cap_msg_type type)
{
	return type == CAP_UPDATE ? VERB_UPDATE : type == CAP_CANCEL ? VERB_CANCEL : VERB_PUBLISH;
}

/* The message a reference names, if it was relayed here and is this sender's own; or NULL. */
static struct bulletin *relayed(
        struct store *reader, const struct cap_reference *reference, const char *sender)
{
	struct bulletin *original = NULL;
	int64_t sent = 0;
	char *id = NULL;

	if (strcmp(reference->sender, sender) == 0 &&
	        store_find_message(
	                reader, reference->sender, reference->identifier, &sent, &id, NULL))
		store_get_bulletin(reader, id, &original, NULL);
	if (original && (!original->signed_cap || original->procedure != PROCEDURE_RELAY))
		bulletin_destroy(&original);
	free(id);
	return original;
}

/* What it updates or cancels must have been relayed here before, from the same sender: the signer
 * asks that too. */
static bool find_original(
        struct store *reader, const struct cap_alert *alert, struct bulletin *b, struct err *err)
{
	const char *at = alert->references ? alert->references : "";
	struct cap_reference reference;
	struct bulletin *original = NULL;

	while (!original && cap_reference_next(&at, &reference, NULL)) {
		original = relayed(reader, &reference, alert->sender);
		cap_reference_finish(&reference);
	}
	if (!original)
		return err_set(err, ERR_MISSING, "其引用的原消息不是该发送者经本系统转发的消息",
		        "the message it refers to is not one of its own sender that was relayed "
		        "here");
	mem_set_text(&b->chain, original->chain);
	mem_set_text(&b->replaces, original->identifier);
	bulletin_destroy(&original);
	return true;
}

static void take_facts(
        struct bulletin *b, const struct cap_alert *alert, const struct cap_facts *facts)
{
	b->kind = facts->kind;
	b->level = facts->level;
	mem_set_text(&b->hazard, facts->hazard ? facts->hazard : "");
	mem_set_text(&b->incident, facts->incident ? facts->incident : "");
	for (size_t i = 0; i < facts->areas.count; i++)
		texts_add(&b->areas, facts->areas.items[i]);
	mem_set_text(&b->status, cap_status_text(alert->status));
	const struct cap_info *info = cap_china_info(alert);
	bulletin_headline(b, info && info->headline ? info->headline : alert->identifier);
}

/* Does this headline name another colour, and not this one? */
static bool names_another(const char *headline, enum level level)
{
	if (!headline || strstr(headline, level_zh(level)))
		return false;
	for (enum level other = LEVEL_BLUE; other <= LEVEL_RED; other++)
		if (strstr(headline, level_zh(other)))
			return true;
	return false;
}

/* Nobody looks at a relay before it leaves, and its colour decides who is woken: where its severity
 * or its headline says another, a person says which is meant. What is taken back needs none. */
static bool of_one_level(const struct cap_alert *alert, const struct bulletin *b, struct err *err)
{
	if (b->verb == VERB_CANCEL || b->level < LEVEL_BLUE || b->level > LEVEL_RED)
		return true;
	for (size_t i = 0; i < alert->info_count; i++) {
		const struct cap_info *info = &alert->infos[i];
		if (info->severity != cap_china_severity(b->level) &&
		        info->severity != CAP_SEVERITY_UNKNOWN)
			return err_set(err, ERR_INPUT, "级别为%s%.0s，severity 却为 %s，须有人核对",
			        "%.0sits level is %s, its severity %s: somebody must say which",
			        level_zh(b->level), level_text(b->level),
			        cap_severity_text(info->severity));
		if (names_another(info->headline, b->level))
			return err_set(err, ERR_INPUT, "级别为%s%.0s，标题却为“%s”，须有人核对",
			        "%.0sits level is %s, its headline \"%s\": somebody must say which",
			        level_zh(b->level), level_text(b->level), info->headline);
	}
	return true;
}

struct bulletin *relay_bulletin(struct house *house, struct store *reader,
        const struct cap_alert *alert, const struct relay *row, const void *bytes, size_t len,
        struct err *err)
{
	struct bulletin *b = bulletin_create();
	struct cap_alert *unfilled = cap_alert_copy(alert);
	struct cap_problems problems = {0};
	struct cap_facts facts = {0};

	b->state = BULLETIN_DRAFT;
	b->mode = house->config->mode;
	b->procedure = PROCEDURE_RELAY;
	b->verb = verb_of(alert->msg_type);
	mem_set_text(&b->unit, row->unit);
	mem_set_text(&b->source, row->source);
	mem_set_text(&b->identifier, alert->identifier);
	mem_set_text(&b->chain, alert->identifier);
	b->sent = alert->sent.ms;
	b->created = when_now();
	b->upstream = mem_text_n(bytes, len);
	b->upstream_len = len;
	unfilled->sent = (struct cap_time){0};
	bool ok = cap_facts_read(alert, house->catalog->outlines, &facts, err);
	if (ok) {
		take_facts(b, alert, &facts);
		draft_take_scope(b, alert);
		choose_targets(house->config, row, facts.drawn, b);
		ok = of_one_level(alert, b, err) &&
		     (b->verb == VERB_PUBLISH || find_original(reader, alert, b, err)) &&
		     prepare_bulletin(
		             house->config, b, unfilled, NULL, 0, PREPARE_TO_KEEP, &problems, err);
	}
	cap_facts_finish(&facts);
	cap_problems_finish(&problems);
	cap_alert_destroy(&unfilled);
	if (!ok)
		bulletin_destroy(&b);
	return b;
}
