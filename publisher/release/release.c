/* SPDX-License-Identifier: Apache-2.0
 * release - see release.h. The transaction is in release_commit.c.
 */
#include "release.h"

#include <stdlib.h>
#include <string.h>

#include "approve.h"
#include "ask.h"
#include "encode.h"
#include "hold.h"
#include "incident_now.h"
#include "log.h"
#include "outbox.h"
#include "release_commit.h"
#include "when.h"

static bool must_be(const struct bulletin *b, enum bulletin_state one, enum bulletin_state other,
        struct err *err)
{
	if (b->state == one || b->state == other)
		return true;
	return err_set(err, ERR_CONFLICT, "%s 的状态是%s%.0s，不能这样操作",
	        "%s is %.0s%s: this cannot be done to it now", b->id, bulletin_state_zh(b->state),
	        bulletin_state_text(b->state));
}

static bool find_chain(struct store *reader, const struct bulletin *b, struct bulletin_list *chain,
        struct err *err)
{
	*chain = (struct bulletin_list){0};
	return !*b->replaces || store_list_chain(reader, b->chain, chain, err);
}

struct denial {
	const struct ask *ask;
	const struct policy *policy;
	const char *bulletin, *asked;
	int64_t now;
};

/* Approvals may have grown too old: then it waits for people again, who are called. */
static bool settle(struct store *store, const struct denial *denial, struct err *err)
{
	struct bulletin *b = NULL;
	bool changed = false;
	bool ok = store_get_bulletin(store, denial->bulletin, &b, err) &&
	          approve_settle(store, denial->policy, b, denial->now, &changed, err) &&
	          (!changed || store_put_bulletin(store, b, err));

	bulletin_destroy(&b);
	return ok;
}

static bool write_denial(struct store *store, void *arg, struct err *err)
{
	const struct denial *denial = arg;

	return ask_record(store, denial->ask, denial->bulletin, denial->asked, err) &&
	       settle(store, denial, err);
}

/* A refusal is recorded before it is spoken. */
static bool denied(struct house *house, const struct ask *ask, const struct policy *policy,
        const struct bulletin *b, const char *asked, struct err *err)
{
	struct denial denial = {ask, policy, b->id, asked, ask->request.at};

	if (record_do(house->record, level_rank(b->level), write_denial, &denial, err))
		ask_refusal(ask, err);
	log_event(LOG_WARN, "denied", "bulletin", b->id, "asked", asked, "reason", err->en, NULL);
	return false;
}

struct departure {
	struct store *reader;
	struct bulletin *bulletin;
	const struct approval_list *approvals;
	const struct proof *own; /* cancel and corrections */
	const char *officer;     /* NULL: relay */
	const char *asked;
	struct bulletin_list chain;
};

static bool sign_and_commit(struct house *house, struct departure *d, const struct ask *ask,
        const struct signed_steps *steps, int64_t sent, struct err *err)
{
	const char *officer = d->officer ? d->officer : "";

	return encode(house, d->bulletin, d->approvals, d->own, officer, &d->chain, steps, sent,
	               err) &&
	       release_commit(house, d->bulletin, &d->chain, ask, d->asked, d->own, err);
}

/* The one way out: decide, sign, record, tell. */
static bool depart(struct house *house, struct departure *d, struct err *err)
{
	const struct policy *policy = atomic_load(&house->policy);
	struct bulletin *b = d->bulletin;
	bool ends = verb_ends_chain(b->verb);
	int64_t now = ends ? outbox_believed_now(house->outbox, when_now()) : when_now();
	int64_t sent = encode_sent(b, &d->chain, now);
	struct incident_now incident;
	char *holder = NULL;
	struct ask ask;

	/* What takes a warning back waits for no clock. */
	if (!ends && !outbox_clock_believed(house->outbox, err))
		return false;
	if (!hold_permits(house, err) || !incident_settle(house, d->reader, b, now, &incident, err))
		return false;
	if (!incident_chain_holder(d->reader, b, &holder, err)) {
		incident_now_finish(&incident);
		return false;
	}
	ask_decide(&ask, policy, house->config, b, d->approvals, d->officer, now, holder, false);
	ask.incident_sequence = incident.standing.sequence;
	free(b->releaser);
	b->releaser = mem_text(d->officer ? d->officer : "");
	b->screening = ask.request.screening;
	bool ok = ask.decision.permit ? sign_and_commit(house, d, &ask, &incident.steps, sent, err)
	                              : denied(house, &ask, policy, b, d->asked, err);
	if (ok)
		log_event(LOG_INFO, "released", "bulletin", b->id, "identifier", b->identifier,
		        "verb", verb_text(b->verb), "level", level_text(b->level), "officer",
		        d->officer, "rule", ask.decision.rule, NULL);
	ask_finish(&ask);
	incident_now_finish(&incident);
	free(holder);
	return ok;
}

static bool is_as_seen(const struct bulletin *b, const char *manifest, struct err *err)
{
	char digest[DIGEST_HEX];

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	return !manifest || strcmp(manifest, digest) == 0 ||
	       err_set(err, ERR_CONFLICT, "%s 在您查看之后已被修改，请重新查看后再发布",
	               "%s was changed since you saw it: look again before you release it", b->id);
}

bool release_bulletin(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *manifest, struct err *err)
{
	struct approval_list approvals = {0};
	struct departure d = {.reader = reader, .approvals = &approvals, .asked = "release"};

	if (!caller_must_be_officer(caller, err) ||
	        !store_get_bulletin(reader, id, &d.bulletin, err))
		return false;
	d.officer = caller->officer->id;
	bool ok = must_be(d.bulletin, BULLETIN_SUBMITTED, BULLETIN_APPROVED, err) &&
	          is_as_seen(d.bulletin, manifest, err) &&
	          store_list_approvals(reader, d.bulletin->id, &approvals, err) &&
	          find_chain(reader, d.bulletin, &d.chain, err) && depart(house, &d, err);
	bulletin_list_finish(&d.chain);
	approval_list_finish(&approvals);
	bulletin_destroy(&d.bulletin);
	return ok;
}

static bool is_last_of_chain(
        const struct bulletin *original, const struct bulletin_list *chain, struct err *err)
{
	const struct bulletin *last = chain->count ? chain->items[chain->count - 1] : NULL;

	if (last && strcmp(last->id, original->id) == 0)
		return true;
	return err_set(err, ERR_CONFLICT, "%s 之后已有更新的消息 %s，请对它操作",
	        "%s has a newer message %s: act on that one", original->id, last ? last->id : "-");
}

bool release_staged(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *as, const struct proof *proof, const char *reason,
        struct err *err)
{
	struct bulletin *original = NULL;
	struct departure d = {.reader = reader, .own = proof, .asked = as};

	if (!caller_must_be_officer(caller, err) || !store_get_bulletin(reader, id, &original, err))
		return false;
	d.officer = caller->officer->id;
	bool ok = must_be(original, BULLETIN_RELEASED, BULLETIN_EXPIRED, err) &&
	          store_get_staged(reader, original->id, as, &d.bulletin, err) &&
	          store_list_chain(reader, original->chain, &d.chain, err) &&
	          is_last_of_chain(original, &d.chain, err);
	if (ok) {
		free(d.bulletin->reason);
		d.bulletin->reason = mem_text(reason ? reason : "");
		ok = depart(house, &d, err);
	}
	bulletin_list_finish(&d.chain);
	bulletin_destroy(&d.bulletin);
	bulletin_destroy(&original);
	return ok;
}

bool release_relay(
        struct house *house, struct store *reader, struct bulletin *bulletin, struct err *err)
{
	struct departure d = {.reader = reader, .bulletin = bulletin, .asked = "relay"};
	bool ok = find_chain(reader, bulletin, &d.chain, err) && depart(house, &d, err);

	bulletin_list_finish(&d.chain);
	return ok;
}
