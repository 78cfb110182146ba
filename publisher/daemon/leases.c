/* SPDX-License-Identifier: Apache-2.0
 * leases - see leases.h. _exit, as abort() after a failed write: nothing that is still under way
 * here may be finished.
 */
#include "leases.h"

#include <stdlib.h>
#include <unistd.h>

#include "log.h"

static void end_at_once(const struct err *err)
{
	log_event(LOG_FATAL, "fenced", "reason", err->en, "reason_zh", err->zh, NULL);
	_exit(err_exit_code(err->kind));
}

bool leases_take(struct house *house, struct err *err)
{
	const struct config *config = house->config;
	struct texts names = {0};

	texts_add(&names, LEASE_DISPATCH);
	texts_add(&names, LEASE_DUTIES);
	texts_add(&names, LEASE_HEARTBEAT);
	for (size_t i = 0; i < config->target_count; i++)
		texts_add(&names, config->targets[i].name);
	char *holder = mem_format("%s, pid %ld", config->node, (long)getpid());
	const struct lease_wish wish = {.names = &names, .holder = holder, .by_force = true};
	bool ok = record_take_leases(house->record, &wish, err) &&
	          record_when_fenced(house->record, end_at_once, err);

	free(holder);
	texts_finish(&names);
	return ok;
}

bool leases_ask(struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return store_must_hold(store, LEASE_DISPATCH, err);
}
