/* SPDX-License-Identifier: Apache-2.0
 * store_shift - see store_shift.h. Relies on the record's transaction.
 */
#include "store_shift.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"

static const struct {
	const char *text, *zh;
} states[SHIFT_STATE_COUNT] = {
        [SHIFT_MADE] = {"made", "待交班人签字"},
        [SHIFT_HANDED] = {"handed", "待接班人签字"},
        [SHIFT_TAKEN] = {"taken", "已交接"},
        [SHIFT_VOID] = {"void", "已作废"},
};

const char *shift_state_text(enum shift_state state)
{
	return states[state].text;
}

const char *shift_state_zh(enum shift_state state)
{
	return states[state].zh;
}

static bool state_read(const char *text, enum shift_state *out)
{
	for (int i = 0; i < SHIFT_STATE_COUNT; i++) {
		if (strcmp(states[i].text, text) == 0) {
			*out = (enum shift_state)i;
			return true;
		}
	}
	return false;
}

void shift_finish(struct shift *shift)
{
	free(shift->text);
	proof_finish(&shift->proofs[0]);
	proof_finish(&shift->proofs[1]);
	*shift = (struct shift){0};
}

void shift_list_finish(struct shift_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		shift_finish(&list->items[i]);
	free(list->items);
	*list = (struct shift_list){0};
}

/* --- changing -----------------------------------------------------------------------------------
 */

static bool void_what_waits(struct store *store, const char *unit, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE shift SET state = 'void', closed = ? WHERE unit = ?"
	        " AND state IN ('made', 'handed')",
	        err);
	query_int(&q, now);
	query_text(&q, unit);
	return query_run(&q);
}

bool store_add_shift(struct store *store, struct shift *shift, const char *unit, struct err *err)
{
	struct query q;

	digest_sha256(shift->text, strlen(shift->text), shift->digest);
	if (!void_what_waits(store, unit, shift->made, err) ||
	        !store_next_sequence(store, "shift", &shift->number, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO shift (number, unit, state, made, closed, digest, text)"
	        " VALUES (?,?,?,?,0,?,?)",
	        err);
	query_int(&q, shift->number);
	query_text(&q, unit);
	query_text(&q, shift_state_text(shift->state));
	query_int(&q, shift->made);
	query_text(&q, shift->digest);
	query_text(&q, shift->text);
	return query_run(&q);
}

static bool add_proof(struct store *store, int64_t number, const struct proof *proof, int64_t now,
        struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO shift_proof (shift, officer, time, signature, recorded)"
	        " VALUES (?,?,?,?,?)",
	        err);
	query_int(&q, number);
	query_text(&q, proof->officer);
	query_int(&q, proof->time);
	query_text(&q, proof->signature);
	query_int(&q, now);
	if (query_run(&q))
		return true;
	return q.conflict ? err_set(err, ERR_CONFLICT, "%s 已签过这份交接单",
	                            "%s has signed this page already", proof->officer)
	                  : false;
}

bool store_sign_shift(struct store *store, int64_t number, const struct proof *proof,
        enum shift_state state, int64_t now, struct err *err)
{
	struct query q;

	if (!add_proof(store, number, proof, now, err))
		return false;
	query_begin(&q, store, "UPDATE shift SET state = ?, closed = ? WHERE number = ?", err);
	query_text(&q, shift_state_text(state));
	query_int(&q, state == SHIFT_TAKEN ? now : 0);
	query_int(&q, number);
	return query_run(&q);
}

/* --- looking ------------------------------------------------------------------------------------
 */

#define SHIFT_COLUMNS "number, state, made, closed, digest, text"

static bool read_shift(struct query *q, struct shift *out)
{
	*out = (struct shift){.number = query_get_int(q)};
	bool known = state_read(query_peek_text(q), &out->state);
	out->made = query_get_int(q);
	out->closed = query_get_int(q);
	query_get_digest(q, out->digest);
	out->text = query_get_text(q);
	return known;
}

static bool no_state(struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "记录库中有无法识别的交接状态",
	        "the record holds a state of a hand-over that is none");
}

/* In the order they were made: who goes signs first. */
static bool read_proofs(struct store *store, struct shift *shift, struct err *err)
{
	struct query q;
	size_t i = 0;

	query_begin(&q, store,
	        "SELECT officer, time, signature FROM shift_proof WHERE shift = ?"
	        " ORDER BY recorded, time LIMIT 2",
	        err);
	query_int(&q, shift->number);
	while (query_row(&q)) {
		struct proof *proof = &shift->proofs[i++];
		proof->act = ACT_SHIFT;
		proof->officer = query_get_text(&q);
		proof->time = query_get_int(&q);
		proof->signature = query_get_text(&q);
		memcpy(proof->manifest, shift->digest, DIGEST_HEX);
	}
	return query_end(&q);
}

bool store_get_shift(struct store *store, int64_t number, struct shift *out, struct err *err)
{
	bool known = true;
	struct query q;

	*out = (struct shift){0};
	query_begin(&q, store, "SELECT " SHIFT_COLUMNS " FROM shift WHERE number = ?", err);
	query_int(&q, number);
	bool found = query_row(&q);
	if (found)
		known = read_shift(&q, out);
	bool ok = query_end(&q);
	if (ok && !found)
		ok = err_set(err, ERR_MISSING, "没有第 %lld 号交接单",
		        "there is no hand-over page %lld", (long long)number);
	if (ok && !known)
		ok = no_state(err);
	ok = ok && read_proofs(store, out, err);
	if (!ok)
		shift_finish(out);
	return ok;
}

bool store_list_shifts(
        struct store *store, const char *unit, int limit, struct shift_list *out, struct err *err)
{
	bool known = true;
	struct query q;

	*out = (struct shift_list){0};
	query_begin(&q, store,
	        "SELECT " SHIFT_COLUMNS
	        " FROM shift WHERE ? = '' OR unit = ? ORDER BY number DESC LIMIT ?",
	        err);
	query_text(&q, unit ? unit : "");
	query_text(&q, unit ? unit : "");
	query_int(&q, limit);
	while (query_row(&q))
		known &= read_shift(&q, mem_push(&out->items, &out->count, sizeof *out->items));
	bool ok = query_end(&q) && (known || no_state(err));
	for (size_t i = 0; ok && i < out->count; i++)
		ok = read_proofs(store, &out->items[i], err);
	if (!ok)
		shift_list_finish(out);
	return ok;
}

bool store_last_shift(
        struct store *store, const char *unit, char digest[DIGEST_HEX], struct err *err)
{
	struct query q;

	*digest = '\0';
	query_begin(&q, store,
	        "SELECT digest FROM shift WHERE unit = ? AND state = 'taken'"
	        " ORDER BY number DESC LIMIT 1",
	        err);
	query_text(&q, unit);
	if (query_row(&q))
		query_get_digest(&q, digest);
	return query_end(&q);
}
