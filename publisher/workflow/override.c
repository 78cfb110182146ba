/* SPDX-License-Identifier: Apache-2.0
 * override - see override.h. Looked at again inside the transaction: it may have been sent back, or
 * overridden by a colleague, meanwhile.
 */
#include "override.h"

#include <stdlib.h>
#include <string.h>

#include "approve.h"
#include "log.h"
#include "reason.h"
#include "secrecy.h"
#include "when.h"

struct writing {
	const struct policy *policy;
	const char *id;
	const struct proof *proof;
	const char *reason;
	int64_t now;
};

static void digest_of(const struct bulletin *b, const char *reason, char out[DIGEST_HEX])
{
	char manifest[DIGEST_HEX];

	digest_sha256(b->manifest, strlen(b->manifest), manifest);
	override_digest(manifest, reason, out);
}

const struct proof *override_of(const struct bulletin *b, const struct approval_list *approvals)
{
	const struct proof *last = NULL;
	char digest[DIGEST_HEX];

	digest_of(b, b->screening_note, digest);
	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		if (!a->voided && a->proof.act == ACT_OVERRIDE &&
		        strcmp(a->proof.manifest, digest) == 0)
			last = &a->proof;
	}
	return last;
}

/* The override there is has grown too old, and another may take its place. */
static bool is_stale(
        struct store *store, const struct policy *policy, const struct bulletin *b, int64_t now)
{
	struct approval_list approvals = {0};

	if (b->screening != SCREENING_OVERRIDDEN ||
	        !store_list_approvals(store, b->id, &approvals, NULL))
		return false;
	const struct proof *override = override_of(b, &approvals);
	bool stale = override && !policy_is_fresh(policy, override->time, now);
	approval_list_finish(&approvals);
	return stale;
}

static bool is_held(struct store *store, const struct policy *policy, const struct bulletin *b,
        int64_t now, struct err *err)
{
	if (b->screening == SCREENING_HELD || is_stale(store, policy, b, now))
		return true;
	return err_set(err, ERR_CONFLICT, "%s 没有待放行的筛查命中（screening %s）",
	        "%s has no screening hit to override (screening %s)", b->id,
	        screening_text(b->screening));
}

static bool person_fits(const struct writing *w, const struct bulletin *b, struct err *err)
{
	const struct secrecy secrecy = {
	        .level = b->level,
	        .procedure = b->procedure,
	        .at = w->now,
	        .held = true,
	        .overrider = w->proof->officer,
	        .drafter = b->drafter,
	        .earlier = &b->earlier,
	        .units = {b->unit, b->handler},
	};

	return secrecy_may_override(w->policy, &secrecy, err);
}

static bool write_step(
        struct store *store, const struct writing *w, const struct bulletin *b, struct err *err)
{
	struct step step = {.kind = STEP_OVERRIDE, .at = w->now};

	step.officer = mem_text(w->proof->officer);
	step.reason = mem_text(w->reason);
	digest_sha256(b->manifest, strlen(b->manifest), step.manifest);
	bool ok = store_add_step(store, b->id, &step, err);
	step_finish(&step);
	return ok;
}

static bool write_override(struct store *store, void *arg, struct err *err)
{
	const struct writing *w = arg;
	struct bulletin *b = NULL;
	char digest[DIGEST_HEX];
	bool changed = false;

	if (!store_get_bulletin(store, w->id, &b, err))
		return false;
	digest_of(b, w->reason, digest);
	bool ok = approve_is_up(b, err) && is_held(store, w->policy, b, w->now, err) &&
	          person_fits(w, b, err) &&
	          (strcmp(digest, w->proof->manifest) == 0 ||
	                  err_set(err, ERR_CONFLICT, "%s 刚被修改，请重新查看",
	                          "%s was changed meanwhile: look again", b->id));
	if (ok) {
		b->screening = SCREENING_OVERRIDDEN;
		free(b->screening_note);
		b->screening_note = mem_text(w->reason);
		ok = store_void_override(store, b->id, err) &&
		     store_add_approval(store, b->id, w->proof, w->now, err) &&
		     approve_settle(store, w->policy, b, w->now, &changed, err) &&
		     store_put_bulletin(store, b, err) && write_step(store, w, b, err);
	}
	bulletin_destroy(&b);
	return ok;
}

bool override_screening(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const struct proof *proof, const char *reason, struct err *err)
{
	struct writing w = {atomic_load(&house->policy), id, proof, reason, when_now()};
	struct bulletin *b = NULL;
	char digest[DIGEST_HEX];

	if (!caller_must_be_officer(caller, err) || !reason_fits(reason, err) ||
	        !store_get_bulletin(reader, id, &b, err))
		return false;
	digest_of(b, reason, digest);
	bool ok = (proof->act == ACT_OVERRIDE ||
	                  err_set(err, ERR_INPUT, "凭证的 act 应为 %s",
	                          "the proof's act must be %s", act_text(ACT_OVERRIDE))) &&
	          approve_is_up(b, err) && is_held(reader, w.policy, b, w.now, err) &&
	          person_fits(&w, b, err) &&
	          approve_proof_is(house, caller, b, digest, proof, w.now, err) &&
	          record_do(house->record, level_rank(b->level), write_override, &w, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "override", "bulletin", b->id, "officer",
	        proof->officer, "reason", ok ? NULL : err->en, NULL);
	bulletin_destroy(&b);
	return ok;
}
