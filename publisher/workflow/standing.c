/* SPDX-License-Identifier: Apache-2.0
 * standing - see standing.h.
 */
#include "standing.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "house.h"
#include "incident_now.h"
#include "when.h"

enum { KEPT = 64 }; /* bulletins whose facts are at hand; the oldest makes room */

struct facts {
	struct bulletin *bulletin; /* NULL: free */
	struct approval_list approvals;
	char *chain_unit;           /* or NULL */
	char permitted[DIGEST_HEX]; /* by this version of the policy a permit is on record */
};

struct standings {
	const struct house *house;
	struct facts kept[KEPT];
	size_t next;
};

struct standings *standings_create(const struct house *house)
{
	struct standings *standings = mem_zero(sizeof *standings);

	standings->house = house;
	return standings;
}

static void forget(struct facts *facts)
{
	bulletin_destroy(&facts->bulletin);
	approval_list_finish(&facts->approvals);
	free(facts->chain_unit);
	*facts = (struct facts){0};
}

void standings_destroy(struct standings **place)
{
	struct standings *standings = *place;

	if (!standings)
		return;
	for (size_t i = 0; i < KEPT; i++)
		forget(&standings->kept[i]);
	free(standings);
	*place = NULL;
}

static bool read_facts(struct facts *facts, struct store *store, const char *id, struct err *err)
{
	bool ok = store_get_bulletin(store, id, &facts->bulletin, err) &&
	          store_list_approvals(store, id, &facts->approvals, err) &&
	          incident_chain_holder(store, facts->bulletin, &facts->chain_unit, err);

	if (!ok)
		forget(facts);
	return ok;
}

static struct facts *facts_of(
        struct standings *standings, struct store *store, const char *id, struct err *err)
{
	for (size_t i = 0; i < KEPT; i++)
		if (standings->kept[i].bulletin && strcmp(standings->kept[i].bulletin->id, id) == 0)
			return &standings->kept[i];
	struct facts *facts = &standings->kept[standings->next];
	standings->next = (standings->next + 1) % KEPT;
	forget(facts);
	return read_facts(facts, store, id, err) ? facts : NULL;
}

static void decide(const struct house *house, const struct policy *policy,
        const struct facts *facts, int64_t now, struct ask *ask)
{
	const struct bulletin *b = facts->bulletin;

	ask_decide(ask, policy, house->config, b, &facts->approvals, b->releaser, now,
	        facts->chain_unit, false);
}

/* The release's own permit counts, while the policy is still that one. */
static bool record_permit(
        struct facts *facts, struct store *store, const struct ask *ask, struct err *err)
{
	const char *version = ask->decision.policy;
	bool has = false;

	if (strcmp(facts->permitted, version) == 0)
		return true;
	if (!store_has_permit(store, facts->bulletin->id, version, &has, err))
		return false;
	/* Believed once it has been read back: what is written now may yet be undone. */
	if (has)
		memcpy(facts->permitted, version, DIGEST_HEX);
	return has || ask_record(store, ask, facts->bulletin->id, "delivery", err);
}

bool standing_ask(struct standings *standings, struct store *store, const char *id, bool *permitted,
        struct err *why, struct err *err)
{
	const struct house *house = standings->house;
	struct facts *facts = facts_of(standings, store, id, err);
	int64_t now = when_now();
	struct ask ask;

	*permitted = true;
	if (!facts)
		return false;
	const struct bulletin *b = facts->bulletin;
	if (b->expires && now >= b->expires)
		return true;
	decide(house, atomic_load(&house->policy), facts, now, &ask);
	*permitted = ask.decision.permit;
	bool ok = *permitted ? record_permit(facts, store, &ask, err)
	                     : ask_record(store, &ask, b->id, "delivery", err);
	if (!*permitted)
		ask_refusal(&ask, why);
	ask_finish(&ask);
	return ok;
}

/* --- what another policy would stop ----------------------------------------------------------- */

static struct standing_loss *loss_of(struct standing_losses *losses, const char *bulletin)
{
	/* From the end: deliveries of one bulletin stand together. */
	for (size_t i = losses->count; i > 0; i--)
		if (strcmp(losses->items[i - 1].bulletin, bulletin) == 0)
			return &losses->items[i - 1];
	struct standing_loss *loss = mem_push(&losses->items, &losses->count, sizeof *loss);
	loss->bulletin = mem_text(bulletin);
	return loss;
}

/* Whether this bulletin's deliveries would be withdrawn; *why says why. */
static bool would_lose(const struct house *house, const struct policy *policy, struct store *store,
        struct standing_loss *loss, struct err *err)
{
	struct facts facts = {0};
	int64_t now = when_now();
	struct ask ask;

	if (!read_facts(&facts, store, loss->bulletin, err))
		return false;
	if (!facts.bulletin->expires || now < facts.bulletin->expires) {
		decide(house, policy, &facts, now, &ask);
		loss->lost = !ask.decision.permit;
		if (loss->lost)
			ask_refusal(&ask, &loss->why);
		ask_finish(&ask);
	}
	forget(&facts);
	return true;
}

bool standing_would_lose(const struct house *house, const struct policy *policy,
        struct store *store, struct standing_losses *losses, struct err *err)
{
	struct delivery_list pending = {0};

	*losses = (struct standing_losses){0};
	if (!store_list_pending(store, &pending, err))
		return false;
	for (size_t i = 0; i < pending.count; i++)
		loss_of(losses, pending.items[i].bulletin)->deliveries++;
	delivery_list_finish(&pending);
	size_t kept = 0;
	bool ok = true;
	for (size_t i = 0; i < losses->count; i++) {
		struct standing_loss *loss = &losses->items[i];
		ok = ok && would_lose(house, policy, store, loss, err);
		if (loss->lost)
			losses->items[kept++] = *loss;
		else
			free(loss->bulletin);
	}
	losses->count = kept;
	if (!ok)
		standing_losses_finish(losses);
	return ok;
}

void standing_losses_finish(struct standing_losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		free(losses->items[i].bulletin);
	free(losses->items);
	*losses = (struct standing_losses){0};
}
