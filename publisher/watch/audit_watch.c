/* SPDX-License-Identifier: Apache-2.0
 * audit_watch - see audit_watch.h. Relies on store_audit_walk for parts of a walk that stay right
 * while records are added behind them.
 */
#include "audit_watch.h"

#include "heartbeat.h"
#include "log.h"
#include "when.h"

enum { TAIL = 1000, PART = 20000, AGAIN_MS = 3600 * 1000 };

static bool write_broken(struct store *store, void *arg, struct err *err)
{
	const struct chain *chain = arg;
	json_t *body = json_pack("{s:I}", "good", (json_int_t)chain->seq);
	bool ok = store_audit(store, "chain-broken", "", body, when_now(), err);

	json_decref(body);
	return ok;
}

/* Said once: a chain does not mend. */
static void shout(struct house *house, struct chain *chain, const struct err *err)
{
	struct err trouble;

	if (heartbeat_chain(house->heartbeat) == CHAIN_BROKEN)
		return;
	heartbeat_set_chain(house->heartbeat, CHAIN_BROKEN);
	log_event(LOG_FATAL, "audit-broken", "reason", err->en, "zh", err->zh, NULL);
	if (!record_do(house->record, 0, write_broken, chain, &trouble))
		log_event(LOG_ERROR, "audit-broken", "reason", trouble.en, NULL);
}

void audit_watch_start(struct house *house, struct store *reader)
{
	struct err err = {0};
	struct chain chain;

	if (!store_audit_tail(reader, TAIL, &chain, &err))
		shout(house, &chain, &err);
}

void audit_watch_chore(struct house *house, struct store *reader, int64_t now)
{
	struct audit_watch *watch = heartbeat_watch(house->heartbeat);
	struct err err = {0};
	bool at_end = false;

	(void)now;
	if (when_boot() < watch->due || heartbeat_chain(house->heartbeat) == CHAIN_BROKEN)
		return;
	if (!watch->walking)
		chain_start(&watch->chain);
	watch->walking = true;
	if (!store_audit_walk(reader, &watch->chain, PART, &at_end, &err)) {
		if (err.kind == ERR_CONFLICT)
			shout(house, &watch->chain, &err);
		return;
	}
	if (!at_end)
		return;
	watch->walking = false;
	watch->due = when_boot() + AGAIN_MS;
	heartbeat_set_chain(house->heartbeat, CHAIN_WHOLE);
}
