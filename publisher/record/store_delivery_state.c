/* SPDX-License-Identifier: Apache-2.0
 * store_delivery_state - the arrows between a delivery's states (record.c has the picture). Every
 * arrow names the state it starts from, so that two who decide at once cannot both be right.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

#include "store_lease.h"

static bool no_delivery(int64_t id, struct err *err)
{
	return err_set(err, ERR_MISSING, "没有编号为 %lld 的投递", "there is no delivery %lld",
	        (long long)id);
}

/* The state as stored, for the sentence when an arrow could not be gone. */
static bool stored_state(
        struct store *store, int64_t id, enum delivery_state *state, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT state FROM delivery WHERE id = ?", err);
	query_int(&q, id);
	bool found = query_row(&q);
	bool known = found && delivery_state_read(query_peek_text(&q), state);
	if (!query_end(&q))
		return false;
	if (!found)
		return no_delivery(id, err);
	return known ||
	       err_set(err, ERR_UNAVAILABLE, "投递 %lld 在记录库中的状态无法识别",
	               "the record holds a state for delivery %lld that is none", (long long)id);
}

static bool not_from_here(struct store *store, int64_t id, const char *to, struct err *err)
{
	enum delivery_state state;

	if (!stored_state(store, id, &state, err))
		return false;
	if (state == DELIVERY_WAITING && strcmp(to, "sending") == 0)
		return err_set(err, ERR_CONFLICT, "投递 %lld 所属信息已被取代或解除",
		        "the bulletin of delivery %lld was superseded or cancelled", (long long)id);
	return err_set(err, ERR_CONFLICT, "投递 %lld 的状态是 %s，不能变为 %s",
	        "delivery %lld is %s and cannot become %s", (long long)id,
	        delivery_state_text(state), to);
}

/* A change of one delivery, whose statement returns the far side: false where there was none to
 * change (*changed says so), or where the far side is another's by now. */
static bool change_one(struct query *q, bool *changed)
{
	char *target = query_row(q) ? query_get_text(q) : NULL;
	bool ok = query_end(q);

	*changed = target != NULL;
	ok = ok && (!target || store_must_hold(q->store, target, q->err));
	free(target);
	return ok;
}

bool store_delivery_sending(struct store *store, int64_t id, int64_t now, struct err *err)
{
	struct query q;
	bool changed;

	/* What was in flight when it was overtaken may wait again, where the newer one does not go:
	 * it must not go either. */
	query_begin(&q, store,
	        "UPDATE delivery SET state = 'sending', attempt = attempt + 1, began = 0, updated "
	        "= ?"
	        " WHERE id = ? AND state = 'waiting' AND NOT EXISTS (SELECT 1 FROM bulletin"
	        " WHERE bulletin.row = delivery.bulletin"
	        " AND bulletin.state IN ('superseded','cancelled')) RETURNING target",
	        err);
	query_int(&q, now);
	query_int(&q, id);
	if (!change_one(&q, &changed))
		return false;
	return changed || not_from_here(store, id, "sending", err);
}

bool store_delivery_began(struct store *store, int64_t id, int64_t now, struct err *err)
{
	struct query q;
	bool changed;

	query_begin(&q, store,
	        "UPDATE delivery SET began = 1, updated = ?,"
	        " first_sent = CASE WHEN first_sent = 0 THEN ? ELSE first_sent END"
	        " WHERE id = ? AND state = 'sending' RETURNING target",
	        err);
	query_int(&q, now);
	query_int(&q, now);
	query_int(&q, id);
	if (!change_one(&q, &changed))
		return false;
	return changed || not_from_here(store, id, "begun", err);
}

/* Of a block, what release/heard.c says of those it is shown: change both. */
bool store_delivery_heard(struct store *store, int64_t id, bool *heard, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT o.row FROM delivery d JOIN bulletin b ON b.row = d.bulletin"
	        " JOIN audience x ON x.bulletin = d.bulletin AND x.target = d.target"
	        " JOIN bulletin o ON o.chain = d.chain AND o.release_order > 0"
	        " AND o.release_order < d.release_order"
	        " LEFT JOIN audience y ON y.bulletin = o.row AND y.target = d.target"
	        " LEFT JOIN delivery e ON e.bulletin = o.row AND e.target = d.target"
	        " AND e.job_kind = d.job_kind AND e.block = d.block"
	        " WHERE d.id = ? AND (b.procedure = 'relay' OR COALESCE(y.digest, '') <> x.digest"
	        " OR e.state IN ('sending','unknown') OR e.first_sent <> 0 OR e.doubts <> 0)",
	        err);
	query_int(&q, id);
	*heard = query_row(&q);
	return query_end(&q);
}

/* What the far side said, so that it can be recognised and not read: proofs may name a person. */
static json_t *proof_digest(const struct store *store, const char *proof, const char *far_id)
{
	char *both = mem_format("%s\n%s", proof, far_id);
	char digest[DIGEST_HEX];

	store_keyed_digest(store, both, strlen(both), digest);
	free(both);
	return json_string(digest);
}

/* The chain's line about an outcome: one for a far side or block, however many recipients. */
static bool audit_outcome(
        struct store *store, int64_t id, enum delivery_state state, int64_t now, struct err *err)
{
	struct query q;
	json_t *body = json_object();
	char *bulletin = NULL;

	query_begin(&q, store,
	        "SELECT bulletin, target, block, attempt, reached, failed, proof, far_id"
	        " FROM delivery WHERE id = ?",
	        err);
	query_int(&q, id);
	if (query_row(&q)) {
		bulletin = mem_format("b%lld", (long long)query_get_int(&q));
		json_object_set_new(body, "delivery", json_integer(id));
		json_object_set_new(body, "state", json_string(delivery_state_text(state)));
		json_object_set_new(body, "target", json_string(query_peek_text(&q)));
		json_object_set_new(body, "block", json_integer(query_get_int(&q)));
		json_object_set_new(body, "attempt", json_integer(query_get_int(&q)));
		json_object_set_new(body, "reached", json_integer(query_get_int(&q)));
		json_object_set_new(body, "failed", json_integer(query_get_int(&q)));
		char *proof = query_get_text(&q);
		json_object_set_new(body, "proof", proof_digest(store, proof, query_peek_text(&q)));
		free(proof);
	}
	bool ok = query_end(&q) && store_audit(store, "delivery", bulletin, body, now, err);
	json_decref(body);
	free(bulletin);
	return ok;
}

bool store_delivery_state(struct store *store, int64_t id, enum delivery_state state, int64_t due,
        const char *reason, const char *proof, const char *far_id, int64_t now, struct err *err)
{
	struct query q;
	bool changed;

	/* From WAITING and SENDING to anything; from UNKNOWN too, by rule, late report or operator.
	 */
	query_begin(&q, store,
	        "UPDATE delivery SET state = ?, due = ?, reason = ?,"
	        " proof = COALESCE(NULLIF(?, ''), proof), far_id = COALESCE(NULLIF(?, ''), far_id),"
	        " began = CASE WHEN ? = 'waiting' THEN 0 ELSE began END, updated = ?,"
	        " accepted = CASE WHEN ? = 'delivered' THEN ? ELSE accepted END"
	        " WHERE id = ? AND state IN ('waiting','sending','unknown') RETURNING target",
	        err);
	query_text(&q, delivery_state_text(state));
	query_int(&q, due);
	query_text(&q, reason ? reason : "");
	query_text(&q, proof ? proof : "");
	query_text(&q, far_id ? far_id : "");
	query_text(&q, delivery_state_text(state));
	query_int(&q, now);
	query_text(&q, delivery_state_text(state));
	query_int(&q, now);
	query_int(&q, id);
	if (!change_one(&q, &changed))
		return false;
	if (!changed)
		return not_from_here(store, id, delivery_state_text(state), err);
	return state == DELIVERY_WAITING || audit_outcome(store, id, state, now, err);
}

bool store_delivery_doubts(struct store *store, int64_t id, int doubts, struct err *err)
{
	struct query q;
	bool changed;

	query_begin(&q, store, "UPDATE delivery SET doubts = ? WHERE id = ? RETURNING target", err);
	query_int(&q, doubts);
	query_int(&q, id);
	if (!change_one(&q, &changed))
		return false;
	return changed || no_delivery(id, err);
}

/* What ends at once of a bulletin: all that waits, or the rest of one job. */
#define CLOSING                                                                                    \
	" WHERE bulletin = ?1 AND state = 'waiting' AND (?2 IS NULL OR (target = ?2"               \
	" AND job_kind = ?3 AND block >= ?4 AND attempt = 0))"

static void query_closing(struct query *q, const char *bulletin, const struct delivery_rest *rest)
{
	query_int(q, bulletin_row(bulletin));
	query_text(q, rest ? rest->target : NULL);
	query_int(q, rest ? rest->job_kind : 0);
	query_int(q, rest ? rest->block : 0);
}

/* A line for each far side where something of it waits. */
static bool audit_closing(struct store *store, const char *bulletin,
        const struct delivery_rest *rest, enum delivery_state state, int64_t now, struct err *err)
{
	json_t *bodies = json_array();
	struct query q;
	size_t i;
	json_t *body;

	query_begin(&q, store,
	        "SELECT target, min(id), min(block), count(*), max(attempt), sum(reached),"
	        " sum(failed) FROM delivery" CLOSING " GROUP BY target",
	        err);
	query_closing(&q, bulletin, rest);
	while (query_row(&q)) {
		static const char *const names[] = {
		        "delivery", "block", "deliveries", "attempt", "reached", "failed"};
		body = json_pack("{s:s,s:s}", "state", delivery_state_text(state), "target",
		        query_peek_text(&q));
		for (i = 0; i < sizeof names / sizeof names[0]; i++)
			json_object_set_new(body, names[i], json_integer(query_get_int(&q)));
		json_array_append_new(bodies, body);
	}
	bool ok = query_end(&q);
	json_array_foreach(bodies, i, body) ok =
	        ok && store_audit(store, "delivery", bulletin, body, now, err);
	json_decref(bodies);
	return ok;
}

static bool close_them(struct store *store, const char *bulletin, const struct delivery_rest *rest,
        enum delivery_state state, const char *reason, int64_t now, struct err *err)
{
	struct query q;

	if (!audit_closing(store, bulletin, rest, state, now, err))
		return false;
	query_begin(&q, store,
	        "UPDATE delivery SET state = ?5, due = 0, reason = ?6, updated = ?7" CLOSING, err);
	query_closing(&q, bulletin, rest);
	query_text(&q, delivery_state_text(state));
	query_text(&q, reason);
	query_int(&q, now);
	return query_run(&q);
}

bool store_close_waiting(struct store *store, const char *bulletin, enum delivery_state state,
        const char *reason, int64_t now, struct err *err)
{
	return close_them(store, bulletin, NULL, state, reason, now, err);
}

bool store_close_rest(struct store *store, const struct delivery_rest *rest,
        enum delivery_state state, const char *reason, int64_t now, struct err *err)
{
	return store_must_hold(store, rest->target, err) &&
	       close_them(store, rest->bulletin, rest, state, reason, now, err);
}

/* Whoever is new in `said` and in none of the bitmaps before; adds them to `done`. */
static int64_t add_bits(unsigned char *done, const unsigned char *said, size_t len)
{
	int64_t count = 0;

	for (size_t i = 0; i < len; i++) {
		for (unsigned char fresh = said[i] & (unsigned char)~done[i]; fresh;
		        fresh &= (unsigned char)(fresh - 1))
			count++;
		done[i] |= said[i];
	}
	return count;
}

/* The stored bitmap, `len` bytes long or longer; the caller's. */
static bool read_done(struct store *store, int64_t id, size_t len, unsigned char **out,
        size_t *out_len, struct err *err)
{
	struct query q;
	unsigned char *old = NULL;
	size_t old_len = 0;

	query_begin(&q, store, "SELECT done FROM delivery WHERE id = ?", err);
	query_int(&q, id);
	bool found = query_row(&q);
	if (found)
		old = query_get_bytes(&q, &old_len);
	if (!query_end(&q) || !found) {
		free(old);
		return q.failed ? false : no_delivery(id, err);
	}
	*out_len = old_len > len ? old_len : len;
	*out = mem_zero(*out_len + 1);
	if (old_len)
		memcpy(*out, old, old_len);
	free(old);
	return true;
}

bool store_delivery_recipients(struct store *store, int64_t id, const unsigned char *taken,
        const unsigned char *refused, size_t len, int64_t now, struct err *err)
{
	unsigned char *done = NULL;
	size_t done_len = 0;
	struct query q;
	bool changed;

	if (!read_done(store, id, len, &done, &done_len, err))
		return false;
	int64_t reached = add_bits(done, taken, len);
	int64_t failed = add_bits(done, refused, len);
	if (!reached && !failed) {
		free(done);
		return true;
	}
	query_begin(&q, store,
	        "UPDATE delivery SET done = ?, reached = reached + ?, failed = failed + ?, updated "
	        "= ?"
	        " WHERE id = ? RETURNING target",
	        err);
	query_bytes(&q, done, done_len);
	query_int(&q, reached);
	query_int(&q, failed);
	query_int(&q, now);
	query_int(&q, id);
	bool ok = change_one(&q, &changed);
	free(done);
	return ok;
}
