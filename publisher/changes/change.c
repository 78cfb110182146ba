/* SPDX-License-Identifier: Apache-2.0
 * change - see change.h. The checks are made by a worker, so that a person hears at once what is
 * wrong, and again inside the transaction, where they count.
 */
#include "change.h"

#include <stdlib.h>
#include <string.h>

#include "approve.h"
#include "change_kinds.h"
#include "log.h"
#include "policy_change.h"
#include "when.h"

/* --- the decision ----------------------------------------------------------------------------- */

struct attempt {
	const struct policy *policy;
	const struct change_kind *kind;
	struct change *change;     /* as it stands for the caller */
	const struct proof *proof; /* the second, or NULL */
	const char *asked;         /* propose, confirm, withdraw */
	const char *officer;
	const char *reason; /* of withdrawing; else NULL */
	int64_t now;
};

static json_t *reasons_json(const struct err *why)
{
	return why ? json_pack("[{s:s,s:s}]", "zh", why->zh, "en", why->en) : json_array();
}

/* `why` NULL: permitted. */
static bool record_decision(
        struct store *store, const struct attempt *a, const struct err *why, struct err *err)
{
	char *rule = mem_format("change:%s", a->kind->name);
	json_t *decision = json_pack("{s:b,s:s?,s:s?,s:s,s:o}", "permit", why == NULL, "rule",
	        why ? NULL : rule, "basis", why ? NULL : a->kind->basis, "policy",
	        a->policy->version, "reasons", reasons_json(why));
	json_t *facts = json_pack("{s:s,s:s,s:s,s:s,s:s}", "change", a->change->text.id, "kind",
	        a->kind->name, "act", a->asked, "duty", duty_text(a->kind->duty), "digest",
	        a->change->digest);
	bool ok = store_add_decision(
	        store, "", "change", a->officer, why == NULL, decision, facts, a->now, err);

	json_decref(decision);
	json_decref(facts);
	free(rule);
	return ok;
}

struct denial {
	const struct attempt *attempt;
	const struct err *why;
};

static bool write_denial(struct store *store, void *arg, struct err *err)
{
	const struct denial *d = arg;

	return record_decision(store, d->attempt, d->why, err);
}

/* A refusal is recorded before it is spoken. */
static bool denied(struct house *house, const struct attempt *a, struct err *err)
{
	struct denial denial = {a, err};
	struct err trouble = {0};

	if (err->kind == ERR_DENIED || err->kind == ERR_IDENTITY)
		if (!record_do(house->record, 0, write_denial, &denial, &trouble))
			*err = trouble;
	log_event(LOG_WARN, "change-denied", "change", a->change->text.id, "kind", a->kind->name,
	        "asked", a->asked, "officer", a->officer, "reason", err->en, NULL);
	return false;
}

static bool audit(struct store *store, const struct attempt *a, const char *what, struct err *err)
{
	char reason[DIGEST_HEX];

	/* It may name a person: the words stay in the change's row. */
	if (a->reason)
		store_keyed_digest(store, a->reason, strlen(a->reason), reason);
	json_t *body = json_pack("{s:s,s:s,s:s,s:s?}", "kind", a->kind->name, "digest",
	        a->change->digest, "officer", a->officer, "reason", a->reason ? reason : NULL);
	bool ok = store_audit(store, what, a->change->text.id, body, a->now, err);

	json_decref(body);
	return ok;
}

/* --- what must hold --------------------------------------------------------------------------- */

static bool same_digest(const struct change *change, const struct proof *proof, struct err *err)
{
	return strcmp(change->digest, proof->manifest) == 0 ||
	       err_set(err, ERR_CONFLICT, "凭证不是对变更 %s 的这一内容所签，请重新查看",
	               "the proof is not over change %s as it stands: look again", change->text.id);
}

/* The policy in the record is the one the proofs are checked by. */
static bool policy_stands(struct store *store, const struct attempt *a, struct err *err)
{
	struct policy_version newest;

	if (!store_newest_policy(store, &newest, err))
		return false;
	bool ok = strcmp(newest.version, a->policy->version) == 0 ||
	          err_set(err, ERR_BUSY, "授权规则刚刚变更，请重试",
	                  "the policy changed just now: try again");
	if (ok && !a->proof && strcmp(newest.head, a->change->text.follows) != 0)
		ok = err_set(err, ERR_CONFLICT, "变更 %s 所接续的不是现行授权规则，请重新提出",
		        "change %s does not follow the policy in force: propose it anew",
		        a->change->text.id);
	policy_version_finish(&newest);
	return ok;
}

/* --- proposing -------------------------------------------------------------------------------- */

static bool write_proposal(struct store *store, void *arg, struct err *err)
{
	const struct attempt *a = arg;

	return policy_stands(store, a, err) && store_add_change(store, a->change, a->now, err) &&
	       record_decision(store, a, NULL, err) && audit(store, a, "change-proposed", err);
}

bool change_propose(struct house *house, struct store *reader, const struct caller *caller,
        struct change *change, struct err *err)
{
	struct attempt a = {.policy = atomic_load(&house->policy),
	        .change = change,
	        .asked = "propose",
	        .now = when_now()};

	a.kind = change_kind_find(change->text.kind, err);
	if (!a.kind || !caller_must_be_officer(caller, err))
		return false;
	a.officer = caller->officer->id;
	change->proposed = a.now;
	change->ends = a.now + house->config->change_within;
	digest_sha256(change->body, strlen(change->body), change->text.body);
	change_text_digest(&change->text, change->digest);
	bool ok = (change->text.mode == house->config->mode ||
	                  err_set(err, ERR_INPUT, "变更的模式与本实例不同",
	                          "the change is for another mode than this instance's")) &&
	          approve_proof_is_own(caller, &change->proofs[0], a.now, err) &&
	          same_digest(change, &change->proofs[0], err) &&
	          change_proofs_hold(
	                  a.policy, a.kind->duty, change->digest, change->proofs, 1, err) &&
	          a.kind->validate(house, reader, change->body, err) &&
	          record_do(house->record, 0, write_proposal, &a, err);
	if (!ok)
		return denied(house, &a, err);
	log_event(LOG_INFO, "change-proposed", "change", change->text.id, "kind", a.kind->name,
	        "officer", a.officer, NULL);
	return true;
}

/* --- confirming ------------------------------------------------------------------------------- */

static bool is_open(const struct change *change, int64_t now, struct err *err)
{
	char digest[DIGEST_HEX];

	if (change->state != CHANGE_PROPOSED)
		return err_set(err, ERR_CONFLICT, "变更 %s %s%.0s，不能再办理",
		        "change %s is %.0s%s: nothing more can be done to it", change->text.id,
		        change_state_zh(change->state), change_state_text(change->state));
	if (now >= change->ends)
		return err_set(err, ERR_CONFLICT, "变更 %s 已过期，请重新提出",
		        "change %s has run out: propose it anew", change->text.id);
	/* What is in the record is what was signed. */
	change_text_digest(&change->text, digest);
	return strcmp(digest, change->digest) == 0 ||
	       err_set(err, ERR_UNAVAILABLE, "记录中变更 %s 的内容与摘要不符",
	               "change %s in the record is not what its digest says", change->text.id);
}

/* All who signed and this one, under the policy in force now. */
static bool all_hold(const struct attempt *a, struct err *err)
{
	size_t count = a->change->proof_count + 1;
	struct proof *proofs = mem_array(count, sizeof *proofs);

	for (size_t i = 0; i + 1 < count; i++)
		proofs[i] = a->change->proofs[i];
	proofs[count - 1] = *a->proof;
	bool ok = change_proofs_hold(
	                  a->policy, a->kind->duty, a->change->digest, proofs, count, err) &&
	          (count >= CHANGE_PEOPLE || err_set(err, ERR_DENIED, "变更须由两名管理员签署",
	                                             "a change takes two administrators"));
	free(proofs); /* the texts are still their owners' */
	return ok;
}

static bool write_effect(struct store *store, void *arg, struct err *err)
{
	struct attempt *a = arg;
	struct change now_there;

	if (!store_get_change(store, a->change->text.id, &now_there, err))
		return false;
	bool ok = is_open(&now_there, a->now, err) && policy_stands(store, a, err) &&
	          store_add_change_proof(store, now_there.text.id, a->proof, a->now, err) &&
	          a->kind->apply(store, &now_there, a->now, err) &&
	          store_close_change(store, now_there.text.id, CHANGE_EFFECTIVE, a->officer, "",
	                  a->now, err) &&
	          record_decision(store, a, NULL, err) && audit(store, a, "change-effective", err);
	if (ok) {
		a->change->word = now_there.word;
		now_there.word = NULL;
	}
	change_finish(&now_there);
	return ok;
}

bool change_confirm(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const struct proof *proof, char **word, struct err *err)
{
	struct change change;
	struct attempt a = {.policy = atomic_load(&house->policy),
	        .change = &change,
	        .proof = proof,
	        .asked = "confirm",
	        .now = when_now()};

	*word = NULL;
	if (!caller_must_be_officer(caller, err) || !store_get_change(reader, id, &change, err))
		return false;
	a.officer = caller->officer->id;
	a.kind = change_kind_find(change.text.kind, err);
	if (!a.kind) {
		change_finish(&change);
		return false;
	}
	bool ok = is_open(&change, a.now, err) && approve_proof_is_own(caller, proof, a.now, err) &&
	          same_digest(&change, proof, err) && all_hold(&a, err) &&
	          a.kind->validate(house, reader, change.body, err) &&
	          record_do(house->record, 0, write_effect, &a, err);
	if (ok) {
		log_event(LOG_INFO, "change-effective", "change", change.text.id, "kind",
		        a.kind->name, "officer", a.officer, NULL);
		*word = change.word;
		change.word = NULL;
		if (a.kind->after)
			a.kind->after(house, reader, &change);
	} else {
		denied(house, &a, err);
	}
	change_finish(&change);
	return ok;
}

/* --- ending ----------------------------------------------------------------------------------- */

static bool is_proposer(const struct change *change, const struct policy *policy, const char *id)
{
	const struct officer *one = policy_officer(policy, id);
	const struct officer *first =
	        change->proof_count ? policy_officer(policy, change->proofs[0].officer) : NULL;

	return one && first && strcmp(one->person, first->person) == 0;
}

static bool write_end(struct store *store, void *arg, struct err *err)
{
	const struct attempt *a = arg;
	bool own = is_proposer(a->change, a->policy, a->officer);

	return store_close_change(store, a->change->text.id,
	               own ? CHANGE_WITHDRAWN : CHANGE_REFUSED, a->officer, a->reason, a->now,
	               err) &&
	       record_decision(store, a, NULL, err) &&
	       audit(store, a, own ? "change-withdrawn" : "change-refused", err);
}

bool change_end(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *reason, struct err *err)
{
	struct change change;
	struct attempt a = {.policy = atomic_load(&house->policy),
	        .change = &change,
	        .asked = "withdraw",
	        .reason = reason,
	        .now = when_now()};

	if (!caller_must_be_officer(caller, err) || !store_get_change(reader, id, &change, err))
		return false;
	a.officer = caller->officer->id;
	a.kind = change_kind_find(change.text.kind, err);
	bool ok = a.kind && is_open(&change, a.now, err) &&
	          ((caller->officer->duties & a.kind->duty) ||
	                  err_set(err, ERR_DENIED, "%s 没有%s职责%.0s，不能撤回或否决此项变更",
	                          "%s does not hold the duty %.0s%s: it takes that to withdraw or "
	                          "refuse this change",
	                          a.officer, duty_zh(a.kind->duty), duty_text(a.kind->duty)));
	if (a.kind)
		ok = ok ? record_do(house->record, 0, write_end, &a, err) : denied(house, &a, err);
	change_finish(&change);
	return ok;
}

struct running_out {
	const char *id;
	int64_t now;
};

static bool write_running_out(struct store *store, void *arg, struct err *err)
{
	const struct running_out *r = arg;

	return store_close_change(store, r->id, CHANGE_EXPIRED, "", "", r->now, err) &&
	       store_audit(store, "change-expired", r->id, NULL, r->now, err);
}

void change_run_out(struct house *house, struct store *reader, int64_t now)
{
	struct running_out r = {NULL, now};
	char *id = NULL;
	struct err err = {0};
	bool ok = true;

	while (ok && store_find_ended_change(reader, now, &id, &err) && id) {
		r.id = id;
		ok = record_do(house->record, 0, write_running_out, &r, &err);
		log_event(ok ? LOG_INFO : LOG_WARN, "change-expired", "change", id, "reason",
		        ok ? NULL : err.en, NULL);
		free(id);
	}
}
