/* SPDX-License-Identifier: Apache-2.0
 * heartbeat - see heartbeat.h. What it says is read from the record as it stands on disk, in a
 * worker; a signer that does not answer is logged once, until it answers again.
 */
#include "heartbeat.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policies.h"
#include "outbox.h"
#include "signer_client.h"
#include "when.h"

/* How soon it is tried again when it was not signed: at once, for a change of policy may just be on
 * its way to the signer, then more and more seldom. */
enum { FIRST_WAIT_MS = 500 };
/* A change of the set has it made anew only after so many times what it took last: of ten thousand
 * in force the index is their texts' digests, and a storm changes the set with every warning. */
enum { PACE = 20 };

struct heartbeat {
	atomic_int chain; /* enum status_chain */
	struct audit_watch watch;
	int64_t due;               /* boot ms; the chore's own, like the next five */
	int64_t wait;              /* ms, while it is silent */
	int64_t rested;            /* boot ms: not for a change of the set before */
	long long sets;            /* of the outbox, when last signed */
	bool silent;               /* it could not be signed, and that was said */
	enum signer_policy signer; /* at the last look */
	pthread_mutex_t mutex;
	char *last; /* sealed */
};

struct heartbeat *heartbeat_create(void)
{
	struct heartbeat *heartbeat = mem_zero(sizeof *heartbeat);

	atomic_init(&heartbeat->chain, CHAIN_UNCHECKED);
	heartbeat->sets = -1;
	pthread_mutex_init(&heartbeat->mutex, NULL);
	return heartbeat;
}

void heartbeat_destroy(struct heartbeat **heartbeat)
{
	struct heartbeat *h = *heartbeat;

	if (!h)
		return;
	pthread_mutex_destroy(&h->mutex);
	free(h->last);
	free(h);
	*heartbeat = NULL;
}

void heartbeat_set_chain(struct heartbeat *heartbeat, enum status_chain chain)
{
	atomic_store(&heartbeat->chain, (int)chain);
}

enum status_chain heartbeat_chain(struct heartbeat *heartbeat)
{
	return (enum status_chain)atomic_load(&heartbeat->chain);
}

struct audit_watch *heartbeat_watch(struct heartbeat *heartbeat)
{
	return &heartbeat->watch;
}

char *heartbeat_last(struct heartbeat *heartbeat)
{
	pthread_mutex_lock(&heartbeat->mutex);
	char *last = mem_text(heartbeat->last);
	pthread_mutex_unlock(&heartbeat->mutex);
	return last;
}

static void keep(struct heartbeat *heartbeat, const char *text, const char *signature)
{
	struct buf sealed;

	buf_init(&sealed, 0);
	status_seal(text, signature, &sealed);
	pthread_mutex_lock(&heartbeat->mutex);
	free(heartbeat->last);
	heartbeat->last = buf_take(&sealed);
	pthread_mutex_unlock(&heartbeat->mutex);
	buf_finish(&sealed);
}

/* The set's digest as the outbox makes it: of the identifiers, in order of release. */
static void digest_set(struct status *s)
{
	struct buf text;

	buf_init(&text, 0);
	for (size_t i = 0; i < s->item_count; i++)
		buf_format(&text, "%s\n", s->items[i].identifier);
	digest_sha256(text.data ? text.data : "", text.len, s->active);
	buf_finish(&text);
}

static bool fill(
        struct house *house, struct store *reader, int64_t now, struct status *s, struct err *err)
{
	const struct config *config = house->config;
	const struct policy *policy = atomic_load(&house->policy);
	struct texts brokers = {0};
	int64_t head = 0;

	*s = (struct status){.mode = config->mode,
	        .time = now / 1000 * 1000,
	        .chain = heartbeat_chain(house->heartbeat)};
	snprintf(s->node, sizeof s->node, "%s", config->node);
	memcpy(s->policy, policy->version, DIGEST_HEX);
	for (size_t i = 0; i < config->target_count; i++)
		if (config->targets[i].traits->heartbeat)
			texts_add(&brokers, config->targets[i].name);
	bool ok = store_audit_head(reader, &head, s->head_hash, err) &&
	          store_list_in_force(reader, now, &s->items, &s->item_count, err) &&
	          store_list_voids(reader, &brokers, &s->sequence, s->voids, &s->void_count, err);
	s->head_seq = head;
	digest_set(s);
	texts_finish(&brokers);
	if (ok && s->item_count > STATUS_ITEMS_MOST)
		ok = err_set(err, ERR_TOO_BIG, "有效信息多于 %d 条，目录无法签署",
		        "more than %d messages are in force: the index cannot be signed",
		        STATUS_ITEMS_MOST);
	return ok;
}

static bool say(struct house *house, struct status *s, enum status_form form, struct err *err)
{
	char *text = NULL;
	char *signature = NULL;

	s->form = form;
	if (!signer_status(house->config->signer_socket, s, &text, &signature, err))
		return false;
	outbox_note(house->outbox, form, text, signature);
	if (form == STATUS_HEARTBEAT)
		keep(house->heartbeat, text, signature);
	free(text);
	free(signature);
	return true;
}

/* What the signer says about the policy is told with what to do about it. */
static void tell(struct house *house, bool ok, const struct err *err)
{
	struct heartbeat *heartbeat = house->heartbeat;
	struct err what = {0};
	bool same = policies_in_step(house, &what);

	if (!ok && !heartbeat->silent)
		log_event(LOG_ERROR, "heartbeat-unsigned", "reason", err->en, "do",
		        same ? NULL : what.en, NULL);
	if (ok && heartbeat->silent)
		log_event(LOG_INFO, "heartbeat-again", NULL);
	heartbeat->silent = !ok;
}

/* While it is silent it waits longer each time, but not beyond the moment when the signer comes
 * into step. */
static bool is_due(struct house *house, long long sets)
{
	struct heartbeat *h = house->heartbeat;
	enum signer_policy now = policies_signer(house->policies);
	bool came = now == SIGNER_POLICY_SAME && h->signer != SIGNER_POLICY_SAME;

	h->signer = now;
	return when_boot() >= h->due ||
	       (h->silent ? came : sets != h->sets && when_boot() >= h->rested);
}

/* began: boot ms. */
static void set_due(struct house *house, bool ok, int64_t began)
{
	struct heartbeat *h = house->heartbeat;
	int64_t period = house->config->heartbeat * 1000;

	h->wait = ok ? 0 : h->wait ? 2 * h->wait : FIRST_WAIT_MS;
	h->due = when_boot() + (ok || h->wait > period ? period : h->wait);
	h->rested = when_boot() + PACE * (when_boot() - began);
}

static bool is_ours(struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return store_must_hold(store, LEASE_HEARTBEAT, err);
}

void heartbeat_chore(struct house *house, struct store *reader, int64_t now)
{
	struct heartbeat *heartbeat = house->heartbeat;
	long long sets = outbox_sets(house->outbox);
	int64_t began = when_boot();
	struct status status;
	struct err err = {0};

	if (!is_due(house, sets))
		return;
	bool ok = record_do(house->record, 0, is_ours, NULL, &err) &&
	          fill(house, reader, now, &status, &err) &&
	          say(house, &status, STATUS_HEARTBEAT, &err) &&
	          say(house, &status, STATUS_INDEX, &err);
	if (ok)
		heartbeat->sets = sets;
	set_due(house, ok, began);
	tell(house, ok, &err);
	status_finish(&status);
}
