/* SPDX-License-Identifier: Apache-2.0
 * submit - see submit.h. Everything is made before the transaction; the transaction only looks
 * whether the draft is still the one it was made from.
 */
#include "submit.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cap_io.h"
#include "draft.h"
#include "flatten.h"
#include "incident_now.h"
#include "log.h"
#include "prepare.h"
#include "problems.h"
#include "review.h"
#include "screened.h"
#include "stage.h"
#include "when.h"

struct submission {
	struct house *house;
	struct store *reader;
	const struct policy *policy;
	const struct caller *caller;
	struct bulletin *bulletin;
	struct cap_alert *alert;
	char *chain_unit; /* who holds the chain it joins; NULL for a first issue */
	struct bulletin *staged[STAGED_COUNT];
	char *identifiers[1 + STAGED_COUNT];
	struct screened screened;
	int64_t now;
	struct incident_now incident;
};

static void submission_finish(struct submission *s)
{
	incident_now_finish(&s->incident);
	for (size_t i = 0; i < STAGED_COUNT; i++)
		bulletin_destroy(&s->staged[i]);
	for (size_t i = 0; i < 1 + STAGED_COUNT; i++)
		free(s->identifiers[i]);
	screened_finish(&s->screened);
	cap_alert_destroy(&s->alert);
	free(s->chain_unit);
	bulletin_destroy(&s->bulletin);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static bool take_identifiers(struct store *store, void *arg, struct err *err)
{
	struct submission *s = arg;
	const struct unit *unit = policy_unit(s->policy, s->bulletin->unit);

	for (size_t i = 0; i < 1 + STAGED_COUNT; i++)
		if (!store_take_identifier(store, unit->code, s->now, &s->identifiers[i], err))
			return false;
	return true;
}

static bool number_it(struct submission *s, struct err *err)
{
	const struct unit *unit = policy_unit(s->policy, s->bulletin->unit);

	if (!unit)
		return err_set(err, ERR_DENIED, "授权规则中没有单位 %s",
		        "the policy knows no unit %s", s->bulletin->unit);
	if (!record_do(s->house->record, level_rank(s->bulletin->level), take_identifiers, s, err))
		return false;
	mem_set_text(&s->alert->identifier, s->identifiers[0]);
	free(s->alert->sender);
	s->alert->sender = flatten_sender(unit->code, s->house->config->mode);
	s->alert->sent = (struct cap_time){0};
	mem_set_text(&s->bulletin->identifier, s->identifiers[0]);
	if (!*s->bulletin->replaces)
		mem_set_text(&s->bulletin->chain, s->identifiers[0]);
	return true;
}

/* An update names the message it replaces, which must be ours, released, and the last of its chain.
 */
static bool join_chain(struct submission *s, struct err *err)
{
	struct bulletin *b = s->bulletin;
	struct bulletin *original = NULL;
	struct cap_problems problems = {0};

	if (b->verb == VERB_PUBLISH)
		return true;
	if (!*b->replaces || !store_get_bulletin(s->reader, b->replaces, &original, err))
		return err_set(err, ERR_INPUT, "更新必须引用本系统已发布的消息（references）",
		        "an update must name a message released here (references)");
	struct cap_alert *alert =
	        original->signed_cap ? cap_parse(original->signed_cap, strlen(original->signed_cap),
	                                       CAP_LIMIT_SOURCE, &problems)
	                             : NULL;
	if (alert) {
		char *reference = cap_reference_text(alert);
		mem_set_text(&s->alert->references, reference);
		free(reference);
		mem_set_text(&b->chain, original->chain);
		mem_set_text(&b->replaces, original->identifier);
	} else {
		err_set(err, ERR_CONFLICT, "被引用的 %s 尚未发布",
		        "%s, which is referred to, was never released", b->replaces);
	}
	bool ok = alert != NULL;
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	bulletin_destroy(&original);
	return ok;
}

/* --- the words of its end --------------------------------------------------------------------- */

static struct bulletin *staged_of(
        const struct submission *s, const char *as, const char *identifier)
{
	const struct bulletin *b = s->bulletin;
	struct bulletin *staged = NULL;
	struct err err;

	/* Submitted again after an edit: the same row is worded anew. */
	if (!store_get_staged(s->reader, b->id, as, &staged, &err))
		staged = bulletin_create();
	staged->state = BULLETIN_STAGED;
	staged->mode = b->mode;
	staged->verb = strcmp(as, "cancel") == 0 ? VERB_CANCEL : VERB_CORRECT;
	staged->kind = b->kind;
	staged->level = b->level;
	staged->disclosure = b->disclosure;
	mem_set_text(&staged->disclosure_reason, b->disclosure_reason);
	mem_set_text(&staged->hazard, b->hazard);
	mem_set_text(&staged->status, b->status);
	mem_set_text(&staged->unit, b->unit);
	mem_set_text(&staged->drafter, b->drafter);
	mem_set_text(&staged->incident, b->incident);
	mem_set_text(&staged->handler, b->handler);
	mem_set_text(&staged->identifier, identifier);
	mem_set_text(&staged->chain, b->chain);
	mem_set_text(&staged->replaces, b->identifier);
	mem_set_text(&staged->parent, b->id);
	mem_set_text(&staged->staged_as, as);
	texts_finish(&staged->areas);
	texts_finish(&staged->targets);
	for (size_t i = 0; i < b->areas.count; i++)
		texts_add(&staged->areas, b->areas.items[i]);
	for (size_t i = 0; i < b->targets.count; i++)
		texts_add(&staged->targets, b->targets.items[i]);
	staged->created = s->now;
	return staged;
}

static bool stage_one(struct submission *s, struct staged_message *message, size_t i,
        struct cap_problems *problems, struct err *err)
{
	struct bulletin *staged = staged_of(s, message->as, s->identifiers[1 + i]);

	s->staged[i] = staged;
	mem_set_text(&message->alert->identifier, staged->identifier);
	mem_set_text(&message->alert->sender, s->alert->sender);
	message->alert->sent = (struct cap_time){0};
	mem_set_text(&message->alert->references, "");
	const struct cap_info *info = message->alert->info_count ? &message->alert->infos[0] : NULL;
	mem_set_text(&staged->headline, info && info->headline ? info->headline : "");
	return prepare_bulletin(
	        s->house->config, staged, message->alert, NULL, 0, PREPARE_TO_KEEP, problems, err);
}

static bool stage_all(struct submission *s, struct cap_problems *problems, struct err *err)
{
	struct staged_message messages[STAGED_COUNT];

	if (!stage_messages(s->bulletin, s->alert, messages, err))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < STAGED_COUNT; i++)
		ok = stage_one(s, &messages[i], i, problems, err);
	staged_messages_finish(messages);
	return ok;
}

/* --- review and authority
 * -------------------------------------------------------------------------- */

static bool look_it_over(struct submission *s, struct cap_problems *problems, struct err *err)
{
	const struct config *config = s->house->config;
	struct review_rules rules = {.catalog = s->house->catalog, .mode = config->mode};

	review_bulletin(s->bulletin, s->alert, &rules, s->now, problems);
	if (!screened_look(s->house, s->reader, s->bulletin, s->now, &s->screened, err))
		return false;
	screen_problems(&s->screened.found, problems);
	return !problems->errors || problems_err(problems, err);
}

struct writing {
	struct submission *submission;
	struct ask *ask;
};

static bool write_refusal(struct store *store, void *arg, struct err *err)
{
	const struct writing *w = arg;

	return ask_record(store, w->ask, w->submission->bulletin->id, "submission", err);
}

static bool add_step(struct store *store, const struct submission *s, enum step_kind kind,
        const char *reason, struct err *err)
{
	const struct bulletin *b = s->bulletin;
	struct step step = {.kind = kind, .at = s->now};

	step.officer = mem_text(s->caller->officer->id);
	step.reason = mem_text(reason);
	digest_sha256(b->manifest, strlen(b->manifest), step.manifest);
	bool ok = store_add_step(store, b->id, &step, err);
	step_finish(&step);
	return ok;
}

/* What is up for approval now, so that whoever saw it can be told later what has changed since. */
static bool write_step(struct store *store, const struct submission *s, struct err *err)
{
	const struct bulletin *b = s->bulletin;

	return store_add_words(store, b, err) && add_step(store, s, STEP_SUBMIT, "", err) &&
	       (b->screening != SCREENING_HELD ||
	               add_step(store, s, STEP_HELD, b->screening_note, err));
}

static bool write_submission(struct store *store, void *arg, struct err *err)
{
	struct writing *w = arg;
	struct submission *s = w->submission;

	s->bulletin->state = BULLETIN_SUBMITTED;
	s->bulletin->submitted = s->now;
	if (!incident_still(store, s->bulletin, s->incident.standing.sequence, err) ||
	        !store_put_bulletin(store, s->bulletin, err) ||
	        !store_void_approvals(store, s->bulletin->id, err) ||
	        !screened_write(store, s->bulletin, &s->screened, s->now, err))
		return false;
	for (size_t i = 0; i < STAGED_COUNT; i++)
		if (s->staged[i] && !store_put_bulletin(store, s->staged[i], err))
			return false;
	return ask_record(store, w->ask, s->bulletin->id, "submission", err) &&
	       write_step(store, s, err);
}

static bool ask_and_write(struct submission *s, struct err *err)
{
	int rank = level_rank(s->bulletin->level);
	struct ask ask;
	struct writing writing = {s, &ask};

	ask_decide(&ask, s->policy, s->house->config, s->bulletin, NULL, s->bulletin->drafter,
	        s->now, s->chain_unit, true);
	bool ok = record_do(s->house->record, rank,
	        ask.decision.permit ? write_submission : write_refusal, &writing, err);
	if (ok && !ask.decision.permit)
		ok = ask_refusal(&ask, err);
	ask_finish(&ask);
	return ok;
}

bool submit_is_theirs(const struct caller *caller, const struct bulletin *b, struct err *err)
{
	const struct officer *officer = caller->officer;

	if (!officer && (*b->drafter || b->state != BULLETIN_DRAFT))
		return err_set(err, ERR_DENIED, "%s 已由 %s 拟制，机器令牌 %s 不能再改动",
		        "%s was drafted by %s: a machine's token (%s) can no longer change it",
		        b->id, *b->drafter ? b->drafter : "-", caller->token.name);
	if (!officer || !*b->unit || strcmp(officer->unit, b->unit) == 0)
		return true;
	return err_set(err, ERR_DENIED, "%s 是 %s 的稿件；%s 属于 %s，不能修改或提交",
	        "%s is a draft of %s: %s is of %s and can neither edit nor submit it", b->id,
	        b->unit, officer->id, officer->unit);
}

/* A relay that could not leave by itself: from here on a message of the unit's own, with full
 * sign-offs. The upstream's bytes stay in `intake`. */
static void take_over(struct bulletin *b)
{
	b->procedure = PROCEDURE_NORMAL;
	b->sent = 0;
	free(b->upstream);
	b->upstream = NULL;
	b->upstream_len = 0;
}

static bool open_draft(struct submission *s, const char *id, struct err *err)
{
	const struct caller *caller = s->caller;
	struct cap_problems problems = {0};

	if (!caller_must_be_officer(caller, err) ||
	        !store_get_bulletin(s->reader, id, &s->bulletin, err) ||
	        !submit_is_theirs(caller, s->bulletin, err))
		return false;
	struct bulletin *b = s->bulletin;
	if (b->state != BULLETIN_DRAFT)
		return err_set(err, ERR_CONFLICT, "%s 不是草稿（%s）%.0s",
		        "%s is no draft (%.0s%s)", b->id, bulletin_state_zh(b->state),
		        bulletin_state_text(b->state));
	if (!*b->drafter)
		mem_set_text(&b->drafter, caller->officer->id);
	if (!*b->unit)
		mem_set_text(&b->unit, caller->officer->unit);
	if (b->procedure == PROCEDURE_RELAY)
		take_over(b);
	s->alert = cap_parse_unfilled(b->cap, strlen(b->cap), CAP_LIMIT_SOURCE, &problems);
	cap_problems_finish(&problems);
	return s->alert != NULL || err_set(err, ERR_INTERNAL, "%s 的草稿无法读回",
	                                   "the draft of %s cannot be read back", b->id);
}

bool submit_bulletin(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, struct cap_problems *problems, struct err *err)
{
	struct submission s = {.house = house,
	        .reader = reader,
	        .policy = atomic_load(&house->policy),
	        .caller = caller,
	        .now = when_now()};

	bool ok = open_draft(&s, id, err) && join_chain(&s, err) && number_it(&s, err) &&
	          draft_settle(s.bulletin, s.alert, house->catalog, err) &&
	          incident_settle(house, reader, s.bulletin, s.now, &s.incident, err) &&
	          incident_chain_holder(reader, s.bulletin, &s.chain_unit, err);
	if (ok && !s.bulletin->targets.count)
		prepare_default_targets(
		        house->config, s.bulletin, flatten_is_drawn(s.alert), problems);
	ok = ok && look_it_over(&s, problems, err) && stage_all(&s, problems, err) &&
	     prepare_bulletin(house->config, s.bulletin, s.alert, s.staged, STAGED_COUNT,
	             PREPARE_TO_KEEP, problems, err) &&
	     ask_and_write(&s, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "submit", "bulletin", id, "reason", ok ? NULL : err->en,
	        NULL);
	submission_finish(&s);
	return ok;
}
