/* SPDX-License-Identifier: Apache-2.0
 * ask - see ask.h. Decides nothing itself: authority_decide() does.
 */
#include "ask.h"

#include <stdlib.h>
#include <string.h>

#include "decide_json.h"
#include "log.h"
#include "override.h"
#include "secrecy.h"
#include "when.h"

static void take_channels(struct ask *ask, const struct config *config, const struct bulletin *b)
{
	for (size_t i = 0; i < b->targets.count; i++) {
		const struct config_target *target = config_target(config, b->targets.items[i]);
		const char *kind = target ? target->kind : b->targets.items[i];
		if (!texts_have(&ask->channels, kind))
			texts_add(&ask->channels, kind);
	}
}

static void take_approvals(struct ask *ask, const struct policy *policy, const struct bulletin *b,
        const struct approval_list *approvals, int64_t moment, bool stale)
{
	char digest[DIGEST_HEX];

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	for (size_t i = 0; approvals && i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		if (!a->voided && strcmp(a->proof.manifest, digest) == 0 &&
		        (stale || policy_is_fresh(policy, a->proof.time, moment)))
			sign_offs_add(&ask->sign_offs, &a->proof);
	}
}

/* Those that still count; where they are too few the others as well, so that the refusal says whose
 * approval has grown too old. */
static void take_those_that_count(struct ask *ask, const struct policy *policy,
        const struct bulletin *b, const struct approval_list *approvals, int64_t moment)
{
	int reviews = 0;
	int signs = 0;

	take_approvals(ask, policy, b, approvals, moment, false);
	if (authority_signoff(policy, b->level, b->procedure, moment, &reviews, &signs, NULL) &&
	        ask->sign_offs.reviewers.count >= (size_t)reviews &&
	        ask->sign_offs.signers.count >= (size_t)signs)
		return;
	sign_offs_finish(&ask->sign_offs);
	take_approvals(ask, policy, b, approvals, moment, true);
}

/* How old it is is not asked of a delivery: it was at the release, by the policy of then. */
static int64_t counted_at(const struct proof *override, const struct bulletin *b)
{
	return b->released ? b->released : override->time;
}

/* What the people's acts amount to, as the signer will find it. */
static enum screening screening_of(const struct ask *ask, const struct policy *policy,
        const struct bulletin *b, const struct approval_list *approvals, const char *officer,
        int64_t at)
{
	const struct officer *releaser = policy_officer(policy, officer);
	const struct proof *override = approvals ? override_of(b, approvals) : NULL;
	const struct secrecy secrecy = {
	        .level = b->level,
	        .procedure = b->procedure,
	        .at = b->released ? b->released : at,
	        .held = b->screening == SCREENING_HELD || b->screening == SCREENING_OVERRIDDEN,
	        .overrider = override ? override->officer : NULL,
	        .overridden = override ? counted_at(override, b) : 0,
	        .drafter = b->drafter,
	        .earlier = &b->earlier,
	        .units = {b->unit, b->handler, releaser ? releaser->unit : NULL},
	        .review_count = ask->sign_offs.reviewers.count,
	        .sign_count = ask->sign_offs.signers.count,
	};

	return secrecy_screening(policy, &secrecy);
}

static const char *or_null(const char *text)
{
	return text && *text ? text : NULL;
}

void ask_decide(struct ask *ask, const struct policy *policy, const struct config *config,
        const struct bulletin *b, const struct approval_list *approvals, const char *officer,
        int64_t at, const char *chain_unit, bool submission)
{
	*ask = (struct ask){0};
	take_channels(ask, config, b);
	take_those_that_count(ask, policy, b, approvals, b->released ? b->released : at);
	for (size_t i = 0; i < b->areas.count; i++)
		texts_add(&ask->areas, b->areas.items[i]);
	ask->request = (struct request){
	        .officer = or_null(officer),
	        .verb = b->verb,
	        .kind = b->kind,
	        .hazard = b->hazard,
	        .level = b->level,
	        .areas = (const char *const *)ask->areas.items,
	        .area_count = ask->areas.count,
	        .channels = (const char *const *)ask->channels.items,
	        .channel_count = ask->channels.count,
	        .incident = or_null(b->incident),
	        .handler = or_null(b->handler),
	        .status = b->status,
	        .mode = config->mode,
	        .disclosure = b->disclosure,
	        .screening = screening_of(ask, policy, b, approvals, officer, at),
	        .procedure = b->procedure,
	        .drafter = or_null(b->drafter),
	        .earlier = (const char *const *)b->earlier.items,
	        .earlier_count = b->earlier.count,
	        .at = at,
	        .chain = or_null(chain_unit),
	        .expires = b->expires,
	        .released = b->released,
	        .source = or_null(b->source),
	        .submission = submission,
	};
	sign_offs_put(&ask->sign_offs, &ask->request);
	authority_decide(policy, &ask->request, &ask->decision);
}

void ask_finish(struct ask *ask)
{
	texts_finish(&ask->channels);
	sign_offs_finish(&ask->sign_offs);
	texts_finish(&ask->areas);
	decision_finish(&ask->decision);
}

static json_t *text_array(const char *const *texts, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(texts[i]));
	return array;
}

static json_t *moment(int64_t ms)
{
	char text[WHEN_TEXT];

	when_text(ms, text);
	return json_string(text);
}

static void put_times(json_t *facts, const char *name, const int64_t *times, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, moment(times[i]));
	json_object_set_new(facts, name, array);
}

/* Who wrote and who approved. */
static void put_people(json_t *facts, const struct request *r)
{
	json_object_set_new(facts, "reviews", text_array(r->reviews, r->review_count));
	json_object_set_new(facts, "signs", text_array(r->signs, r->sign_count));
	put_times(facts, "review_times", r->review_times, r->review_count);
	put_times(facts, "sign_times", r->sign_times, r->sign_count);
	if (r->earlier_count)
		json_object_set_new(facts, "earlier", text_array(r->earlier, r->earlier_count));
}

/* The form `tocsin decide` reads, so that any stored decision can be asked again. */
static json_t *facts_json(const struct ask *ask)
{
	const struct request *r = &ask->request;
	json_t *facts = json_pack("{s:s?,s:s,s:s,s:s?,s:s,s:o,s:o,s:s,s:s,s:s,s:s,s:s?,s:o}",
	        "officer", r->officer, "verb", verb_text(r->verb), "kind", kind_text(r->kind),
	        "hazard", r->hazard, "level", level_text(r->level), "areas",
	        text_array(r->areas, r->area_count), "channels",
	        text_array(r->channels, r->channel_count), "status", r->status, "disclosure",
	        disclosure_text(r->disclosure), "screening", screening_text(r->screening),
	        "procedure", procedure_text(r->procedure), "drafter", r->drafter, "at",
	        moment(r->at));

	put_people(facts, r);
	json_object_set_new(facts, "incident",
	        r->incident ? json_pack("{s:s,s:s?}", "id", r->incident, "handler", r->handler)
	                    : json_null());
	if (r->chain)
		json_object_set_new(facts, "chain", json_string(r->chain));
	if (r->expires)
		json_object_set_new(facts, "expires", moment(r->expires));
	if (r->released)
		json_object_set_new(facts, "released", moment(r->released));
	if (r->source)
		json_object_set_new(facts, "source", json_string(r->source));
	return facts;
}

/* The same words as `tocsin decide` and `tocsin why` show. */
static void log_decision(const struct ask *ask, const char *bulletin, const char *asked)
{
	const struct decision *d = &ask->decision;
	struct buf reasons;

	buf_init(&reasons, 0);
	for (size_t i = 0; i < d->reason_count; i++)
		buf_format(
		        &reasons, "%s%s / %s", i ? "; " : "", d->reasons[i].zh, d->reasons[i].en);
	log_event(d->permit ? LOG_INFO : LOG_WARN, "decision", "bulletin", bulletin, "asked", asked,
	        "officer", ask->request.officer, "permit", d->permit ? "true" : "false", "rule",
	        d->rule, "basis", d->basis, "policy", d->policy, "reasons", reasons.data, NULL);
	buf_finish(&reasons);
}

bool ask_record(struct store *store, const struct ask *ask, const char *bulletin, const char *asked,
        struct err *err)
{
	json_t *facts = facts_json(ask);
	json_t *decision = decision_json(&ask->decision);
	bool ok = store_add_decision(store, bulletin, asked,
	        ask->request.officer ? ask->request.officer : "", ask->decision.permit, decision,
	        facts, ask->request.at, err);

	json_decref(facts);
	json_decref(decision);
	log_decision(ask, bulletin, asked);
	return ok;
}

bool ask_refusal(const struct ask *ask, struct err *err)
{
	return ask_say_refusal(&ask->decision, err);
}

bool ask_say_refusal(const struct decision *decision, struct err *err)
{
	struct buf zh;
	struct buf en;

	buf_init(&zh, 0);
	buf_init(&en, 0);
	for (size_t i = 0; i < decision->reason_count; i++) {
		buf_format(&zh, "%s%s", i ? "；" : "", decision->reasons[i].zh);
		buf_format(&en, "%s%s", i ? "; " : "", decision->reasons[i].en);
	}
	err_set(err, ERR_DENIED, "授权规则不允许", "the policy does not permit this");
	if (err && zh.len) {
		struct err reasons;
		err_set(&reasons, ERR_DENIED, "%s", "%s", zh.data);
		memcpy(err->zh, reasons.zh, sizeof err->zh);
		err_set(&reasons, ERR_DENIED, "%s", "%s", en.data);
		memcpy(err->en, reasons.en, sizeof err->en);
	}
	buf_finish(&zh);
	buf_finish(&en);
	return false;
}
