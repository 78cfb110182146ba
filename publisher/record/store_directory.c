/* SPDX-License-Identifier: Apache-2.0
 * store_directory - see store_directory.h: its generations.
 */
#include "store_directory.h"

#include <stdlib.h>
#include <string.h>

#include "directory_rows.h"

bool directory_change_begin(struct store *store, struct err *err)
{
	return store_begin(store, err);
}

bool directory_change_end(struct store *store, bool keep, struct err *err)
{
	if (keep && store_commit(store, err))
		return true;
	store_roll_back(store);
	return false;
}

bool directory_run(struct store *store, const char *sql, int64_t number, struct err *err)
{
	struct query q;

	query_begin(&q, store, sql, err);
	query_int(&q, number);
	return query_run(&q);
}

/* --- generations ------------------------------------------------------------------------------ */

static const char *const states[] = {"building", "ready", "current", "past"};

const char *generation_state_text(enum generation_state state)
{
	return states[state];
}

#define GENERATION                                                                                 \
	"id, state, digest, imported, in_force, follows, lines, people, blocks, faults, repeated," \
	" withheld, added, gone, changed"

static void generation_read(struct query *q, struct generation *out)
{
	*out = (struct generation){.id = query_get_int(q)};
	const char *state = query_peek_text(q);
	for (int i = 0; i < GENERATION_STATE_COUNT; i++)
		if (strcmp(states[i], state) == 0)
			out->state = (enum generation_state)i;
	query_get_digest(q, out->digest);
	int64_t *const numbers[] = {&out->imported, &out->in_force, &out->follows, &out->lines,
	        &out->people, &out->blocks, &out->faults, &out->repeated, &out->withheld,
	        &out->added, &out->gone, &out->changed};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i] = query_get_int(q);
}

static bool generation_one(struct query *q, struct generation *out, struct err *err)
{
	bool found = query_row(q);

	if (found)
		generation_read(q, out);
	if (!query_end(q))
		return false;
	return found || err_set(err, ERR_MISSING, "没有这样的接收人名册",
	                        "there is no such directory of recipients");
}

bool generation_current(struct store *store, struct generation *out, struct err *err)
{
	struct query q;

	query_begin(
	        &q, store, "SELECT " GENERATION " FROM generation WHERE state = 'current'", err);
	return generation_one(&q, out, err);
}

bool generation_find(struct store *store, int64_t id, struct generation *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT " GENERATION " FROM generation WHERE id = ? AND state <> 'building'", err);
	query_int(&q, id);
	return generation_one(&q, out, err);
}

bool generation_list(struct store *store, struct generation **out, size_t *count, struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_begin(
	        &q, store, "SELECT " GENERATION " FROM generation ORDER BY id DESC LIMIT 100", err);
	while (query_row(&q))
		generation_read(&q, mem_push(out, count, sizeof **out));
	return query_end(&q);
}

/* In steps, so that nobody who freezes an audience meanwhile waits for all of it. */
static bool drop_rest(struct store *store, int64_t id, struct err *err)
{
	bool ok = true;
	int64_t left = 1;

	while (ok && left) {
		ok = store_begin(store, err) &&
		     directory_run(store,
		             "DELETE FROM detail WHERE block IN (SELECT id FROM block WHERE"
		             " generation = ? ORDER BY id LIMIT 64)",
		             id, err) &&
		     directory_run(store,
		             "DELETE FROM block WHERE id IN (SELECT id FROM block WHERE"
		             " generation = ? ORDER BY id LIMIT 64)",
		             id, err);
		left = store_changes(store);
		ok = directory_change_end(store, ok, err);
	}
	return ok;
}

bool generation_drop(struct store *store, int64_t id, struct err *err)
{
	bool ok = drop_rest(store, id, err) && store_begin(store, err);

	if (!ok)
		return false;
	ok = directory_run(store, "DELETE FROM head WHERE generation = ?", id, err) &&
	     directory_run(store, "DELETE FROM profile WHERE generation = ?", id, err) &&
	     directory_run(store, "DELETE FROM generation WHERE id = ?", id, err);
	return directory_change_end(store, ok, err);
}

static bool find_broken_off(struct store *store, int64_t *id, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT id FROM generation WHERE state = 'building' LIMIT 1", err);
	*id = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

bool generation_begin(
        struct store *store, int64_t follows, int64_t now, int64_t *id, struct err *err)
{
	struct query q;
	int64_t broken = 0;
	bool ok;

	while ((ok = find_broken_off(store, &broken, err)) && broken)
		if (!generation_drop(store, broken, err))
			return false;
	if (!ok || !store_begin(store, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO generation (state, digest, imported, in_force, follows, lines,"
	        " people, blocks, faults, repeated, withheld, added, gone, changed)"
	        " VALUES ('building', '', ?, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING id",
	        err);
	query_int(&q, now);
	query_int(&q, follows);
	*id = query_row(&q) ? query_get_int(&q) : 0;
	ok = query_end(&q);
	return directory_change_end(store, ok, err);
}

bool generation_finish(struct store *store, const struct generation *g, struct err *err)
{
	const int64_t numbers[] = {g->lines, g->people, g->blocks, g->faults, g->repeated,
	        g->withheld, g->added, g->gone, g->changed, g->id};
	struct query q;

	if (!store_begin(store, err))
		return false;
	query_begin(&q, store,
	        "UPDATE generation SET state = 'ready', digest = ?, lines = ?, people = ?,"
	        " blocks = ?, faults = ?, repeated = ?, withheld = ?, added = ?, gone = ?,"
	        " changed = ? WHERE id = ?",
	        err);
	query_text(&q, g->digest);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		query_int(&q, numbers[i]);
	bool ok = query_run(&q);
	return directory_change_end(store, ok, err);
}

static bool enforce(
        struct store *store, const struct generation *next, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store, "UPDATE generation SET state = 'past' WHERE state = 'current'", err);
	if (!query_run(&q))
		return false;
	query_begin(&q, store, "UPDATE generation SET state = 'current', in_force = ? WHERE id = ?",
	        err);
	query_int(&q, now);
	query_int(&q, next->id);
	return query_run(&q);
}

bool generation_enforce(struct store *store, int64_t id, int64_t now, struct err *err)
{
	struct generation next, current = {0};

	if (!store_begin(store, err))
		return false;
	bool ok = generation_find(store, id, &next, err);
	if (ok && next.state != GENERATION_CURRENT) {
		generation_current(store, &current, NULL);
		ok = next.state == GENERATION_READY && next.follows == current.id;
		if (!ok)
			err_set(err, ERR_CONFLICT,
			        "第 %lld 份名册是与另一份名册比对的，现行名册已变，请重新导入",
			        "directory %lld was compared with another one than the one in "
			        "force: import it again",
			        (long long)id);
		ok = ok && enforce(store, &next, now, err);
	}
	return directory_change_end(store, ok, err);
}
