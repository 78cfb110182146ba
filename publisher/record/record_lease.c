/* SPDX-License-Identifier: Apache-2.0
 * record_lease - takes leases for the one who writes by this record. What it presents is what is on
 * disk: tokens are presented only once the change that took them is committed.
 */
#include "record.h"

#include <stdlib.h>

#include "store_lease.h"
#include "when.h"

struct taking {
	const struct lease_wish *wish;
	struct lease_list taken; /* names and tokens */
};

static bool take(struct store *store, struct taking *t, const char *name, struct err *err)
{
	int64_t token;

	if (!store_take_lease(store, name, t->wish, when_now(), &token, err))
		return false;
	struct lease *lease = mem_push(&t->taken.items, &t->taken.count, sizeof *lease);
	lease->name = mem_text(name);
	lease->token = token;
	return true;
}

/* A far side that is in nobody's settings any more has deliveries all the same, and somebody who
 * still has it in his may hold it. */
static bool take_the_rest(struct store *store, struct taking *t, struct err *err)
{
	struct lease_list all;
	bool ok = store_list_leases(store, &all, err);

	for (size_t i = 0; ok && i < all.count; i++)
		if (!texts_have(t->wish->names, all.items[i].name))
			ok = take(store, t, all.items[i].name, err);
	if (ok || all.items)
		lease_list_finish(&all);
	return ok;
}

static bool take_all(struct store *store, void *arg, struct err *err)
{
	struct taking *t = arg;
	bool ok = true;

	for (size_t i = 0; ok && i < t->wish->names->count; i++)
		ok = take(store, t, t->wish->names->items[i], err);
	return ok && (!t->wish->by_force || take_the_rest(store, t, err));
}

static bool present_all(struct store *store, void *arg, struct err *err)
{
	const struct taking *t = arg;

	(void)err;
	for (size_t i = 0; i < t->taken.count; i++)
		store_present(store, t->taken.items[i].name, t->taken.items[i].token);
	return true;
}

bool record_take_leases(struct record *record, const struct lease_wish *wish, struct err *err)
{
	struct taking taking = {.wish = wish};
	bool ok = record_do(record, 0, take_all, &taking, err) &&
	          record_do(record, 0, present_all, &taking, err);

	lease_list_finish(&taking.taken);
	return ok;
}

static bool set_lost(struct store *store, void *arg, struct err *err)
{
	(void)err;
	store_when_fenced(store, *(lease_lost *)arg);
	return true;
}

bool record_when_fenced(struct record *record, lease_lost lost, struct err *err)
{
	return record_do(record, 0, set_lost, &lost, err);
}
