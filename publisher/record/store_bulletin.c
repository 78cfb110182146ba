/* SPDX-License-Identifier: Apache-2.0
 * store_bulletin - a bulletin into the record and out of it, by row, identifier or original.
 *
 * Relies on the record's transaction. Keeps two invariants by itself: a final state is never left
 * and what was released is never reworded (bulletin_may_become, bulletin_is_fixed), whoever asks.
 */
#include "store_bulletin.h"

#include <stdlib.h>
#include <string.h>

#include "store_number.h"

int64_t bulletin_row(const char *id)
{
	int64_t row = 0;

	if (!id || id[0] != 'b' || id[1] == '0' || strspn(id + 1, "0123456789") != strlen(id + 1))
		return 0;
	if (strlen(id) > 18)
		return 0;
	for (const char *p = id + 1; *p; p++)
		row = row * 10 + (*p - '0');
	return row;
}

bool store_no_bulletin(const char *id, struct err *err)
{
	return err_set(err, ERR_MISSING, "没有编号为 %s 的信息", "there is no bulletin %s", id);
}

/* The lists of a head as lines; they must live as long as the query they are bound to. */
struct head_lists {
	char *areas, *targets, *earlier;
};

static struct head_lists head_lists_of(const struct bulletin *b)
{
	return (struct head_lists){
	        lines_join(&b->areas), lines_join(&b->targets), lines_join(&b->earlier)};
}

static void head_lists_finish(struct head_lists *lists)
{
	free(lists->areas);
	free(lists->targets);
	free(lists->earlier);
}

/* Binds the head but for row and version, in the order of the INSERT and UPDATE below. */
static void bind_head(struct query *q, const struct bulletin *b, const struct head_lists *lists)
{
	const char *texts[] = {bulletin_state_text(b->state), mode_text(b->mode),
	        verb_text(b->verb), kind_text(b->kind), level_text(b->level),
	        procedure_text(b->procedure), disclosure_text(b->disclosure),
	        screening_text(b->screening), b->screening_note, b->hazard, b->status, b->unit,
	        b->drafter, b->source, b->incident, b->handler, b->identifier, b->chain,
	        b->replaces, b->parent, b->staged_as, b->headline, lists->areas, lists->targets,
	        b->releaser, b->reason};
	const int64_t numbers[] = {b->created, b->submitted, b->approved, b->released, b->sent,
	        b->expires, b->sequence, b->order};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		query_text(q, texts[i] ? texts[i] : "");
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		query_int(q, numbers[i]);
	query_text(q, b->disclosure_reason);
	query_text(q, lists->earlier);
}

static bool insert_head(struct store *store, struct bulletin *b, struct err *err)
{
	struct head_lists lists = head_lists_of(b);
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO bulletin (row, state, mode, verb, kind, level, procedure, disclosure, "
	        "screening,"
	        " screening_note, hazard, status, unit, drafter, source, incident, handler, "
	        "identifier,"
	        " chain, replaces, parent, staged_as, headline, areas, targets, releaser, reason,"
	        " created, submitted, approved, released, sent, expires, sequence, release_order,"
	        " disclosure_reason, earlier, version) VALUES "
	        "(" NUMBER_NEXT(
	                "bulletin", "row", NUMBER_BULLETIN) ",?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"
	                                                    ",?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)"
	                                                    " RETURNING row",
	        err);
	bind_head(&q, b, &lists);
	int64_t row = query_row(&q) ? query_get_int(&q) : 0;
	bool ok = query_end(&q);
	head_lists_finish(&lists);
	if (!ok)
		return false;
	b->row = row;
	b->version = 1;
	free(b->id);
	b->id = mem_format("b%lld", (long long)row);
	return true;
}

static bool update_head(struct store *store, struct bulletin *b, struct err *err)
{
	struct head_lists lists = head_lists_of(b);
	struct query q;

	query_begin(&q, store,
	        "UPDATE bulletin SET state = ?, mode = ?, verb = ?, kind = ?, level = ?, procedure "
	        "= ?,"
	        " disclosure = ?, screening = ?, screening_note = ?, hazard = ?, status = ?, unit "
	        "= ?,"
	        " drafter = ?, source = ?, incident = ?, handler = ?, identifier = ?, chain = ?,"
	        " replaces = ?, parent = ?, staged_as = ?, headline = ?, areas = ?, targets = ?,"
	        " releaser = ?, reason = ?, created = ?, submitted = ?, approved = ?, released = ?,"
	        " sent = ?, expires = ?, sequence = ?, release_order = ?,"
	        " disclosure_reason = ?, earlier = ?, version = version + 1"
	        " WHERE row = ?",
	        err);
	bind_head(&q, b, &lists);
	query_int(&q, b->row);
	bool ok = query_run(&q);
	head_lists_finish(&lists);
	b->version += ok;
	return ok;
}

/* The stored state of a row that may be replaced by `b`: there, of the version seen, by an arrow
 * that is drawn. */
static bool may_replace(
        struct store *store, const struct bulletin *b, enum bulletin_state *stored, struct err *err)
{
	struct query q;
	int64_t version = 0;

	query_begin(
	        &q, store, "SELECT version, state, release_order FROM bulletin WHERE row = ?", err);
	query_int(&q, b->row);
	bool found = query_row(&q);
	bool known = false;
	if (found) {
		version = query_get_int(&q);
		known = bulletin_state_read(query_peek_text(&q), stored);
	}
	if (!query_end(&q))
		return false;
	if (!found)
		return store_no_bulletin(b->id, err);
	if (!known)
		return err_set(err, ERR_UNAVAILABLE, "信息 %s 在记录库中的状态无法识别",
		        "the record holds a state for bulletin %s that is none", b->id);
	if (version != b->version)
		return err_set(err, ERR_CONFLICT,
		        "信息 %s 已被他人改动（现为第 %lld 版，您看到的是第 %lld 版），请重新打开",
		        "bulletin %s was changed meanwhile (now version %lld, you saw version "
		        "%lld)",
		        b->id, (long long)version, (long long)b->version);
	if (!bulletin_may_become(*stored, b->state))
		return err_set(err, ERR_CONFLICT, "信息 %s 的状态是 %s，不能变为 %s",
		        "bulletin %s is %s and cannot become %s", b->id,
		        bulletin_state_text(*stored), bulletin_state_text(b->state));
	return true;
}

static bool replace(struct store *store, struct bulletin *b, struct err *err)
{
	enum bulletin_state stored;
	bool same = true;

	if (!may_replace(store, b, &stored, err))
		return false;
	if (!bulletin_is_fixed(stored))
		return update_head(store, b, err) && parts_write(store, b, err);
	if (!parts_same(store, b, &same, err))
		return false;
	if (!same)
		return err_set(err, ERR_CONFLICT, "信息 %s 已发布或已终结，内容不能再改",
		        "bulletin %s is released or final, its words cannot be changed", b->id);
	return update_head(store, b, err);
}

bool store_put_bulletin(struct store *store, struct bulletin *bulletin, struct err *err)
{
	if (bulletin->state == BULLETIN_RELEASED && bulletin->order == 0 &&
	        !store_next_sequence(store, "release order", &bulletin->order, err))
		return false;
	if (bulletin->row)
		return replace(store, bulletin, err);
	return insert_head(store, bulletin, err) && parts_write(store, bulletin, err);
}

/* The one bulletin a query over heads finds, in full. `asked` names it when there is none. */
static bool read_one(struct query *q, const char *asked, struct bulletin **out, struct err *err)
{
	struct bulletin *bulletin = NULL;
	bool found = query_row(q);

	if (found)
		bulletin = head_read(q, err);
	if (!query_end(q) || (found && !bulletin)) {
		bulletin_destroy(&bulletin);
		return false;
	}
	if (!found)
		return store_no_bulletin(asked, err);
	if (!parts_read(q->store, bulletin, err)) {
		bulletin_destroy(&bulletin);
		return false;
	}
	*out = bulletin;
	return true;
}

bool store_get_bulletin(struct store *store, const char *id, struct bulletin **out, struct err *err)
{
	int64_t row = bulletin_row(id);
	struct snapshot snapshot;
	struct query q;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	if (row) {
		query_begin(&q, store, "SELECT " BULLETIN_HEAD " FROM bulletin WHERE row = ?", err);
		query_int(&q, row);
	} else {
		/* A relayed message keeps its identifier, and another sender may use the same:
		 * newest first. */
		query_begin(&q, store,
		        "SELECT " BULLETIN_HEAD
		        " FROM bulletin WHERE identifier = ? AND identifier <> ''"
		        " ORDER BY row DESC LIMIT 1",
		        err);
		query_text(&q, id);
	}
	bool ok = read_one(&q, id, out, err);
	snapshot_end(&snapshot);
	return ok;
}

bool store_get_staged(struct store *store, const char *parent, const char *as,
        struct bulletin **out, struct err *err)
{
	struct snapshot snapshot;
	struct query q;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD
	        " FROM bulletin WHERE parent = ? AND staged_as = ? AND state = 'staged'"
	        " ORDER BY row DESC LIMIT 1",
	        err);
	query_text(&q, parent);
	query_text(&q, as);
	char *asked = mem_format("%s/%s", parent, as);
	bool ok = read_one(&q, asked, out, err);
	free(asked);
	snapshot_end(&snapshot);
	return ok;
}

bool store_chain_first(
        struct store *store, const char *chain, char **unit, char **incident, struct err *err)
{
	struct query q;

	*unit = *incident = NULL;
	query_begin(&q, store,
	        "SELECT unit, CASE procedure WHEN 'relay' THEN '' ELSE incident END FROM"
	        " bulletin WHERE chain = ? AND release_order > 0"
	        " ORDER BY release_order LIMIT 1",
	        err);
	query_text(&q, chain);
	if (query_row(&q)) {
		*unit = query_get_text(&q);
		*incident = query_get_text(&q);
	}
	return query_end(&q);
}
