/* SPDX-License-Identifier: Apache-2.0
 * store_change - see store_change.h: proposals, their proofs, and how they ended.
 */
#include "store_change.h"

#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "store_db.h"

static const struct {
	const char *text;
	const char *zh;
} states[CHANGE_STATE_COUNT] = {
        [CHANGE_PROPOSED] = {"proposed", "待确认"},
        [CHANGE_EFFECTIVE] = {"effective", "已生效"},
        [CHANGE_REFUSED] = {"refused", "已否决"},
        [CHANGE_WITHDRAWN] = {"withdrawn", "已撤回"},
        [CHANGE_EXPIRED] = {"expired", "已过期"},
};

const char *change_state_text(enum change_state state)
{
	return states[state].text;
}

const char *change_state_zh(enum change_state state)
{
	return states[state].zh;
}

static bool state_read(const char *text, enum change_state *out)
{
	for (int i = 0; i < CHANGE_STATE_COUNT; i++) {
		if (strcmp(states[i].text, text) == 0) {
			*out = (enum change_state)i;
			return true;
		}
	}
	return false;
}

void change_finish(struct change *change)
{
	change_text_finish(&change->text);
	free(change->body);
	free(change->reason);
	free(change->closer);
	for (size_t i = 0; i < change->proof_count; i++)
		proof_finish(&change->proofs[i]);
	free(change->proofs);
	secret_forget(&change->word);
	*change = (struct change){0};
}

void change_list_finish(struct change_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		change_finish(&list->items[i]);
	free(list->items);
	*list = (struct change_list){0};
}

static bool missing(const char *id, struct err *err)
{
	return err_set(err, ERR_MISSING, "没有变更 %s", "there is no change %s", id);
}

bool store_add_change(
        struct store *store, const struct change *change, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO change (id, kind, mode, follows, digest, body, state, reason, closer,"
	        " proposed, ends, closed) VALUES (?,?,?,?,?,?,'proposed','','',?,?,0)",
	        err);
	query_text(&q, change->text.id);
	query_text(&q, change->text.kind);
	query_text(&q, mode_text(change->text.mode));
	query_text(&q, change->text.follows);
	query_text(&q, change->digest);
	query_text(&q, change->body);
	query_int(&q, change->proposed);
	query_int(&q, change->ends);
	if (!query_run(&q))
		return q.conflict ? err_set(err, ERR_CONFLICT, "编号为 %s 的变更已经存在",
		                            "there is a change %s already", change->text.id)
		                  : false;
	for (size_t i = 0; i < change->proof_count; i++)
		if (!store_add_change_proof(store, change->text.id, &change->proofs[i], now, err))
			return false;
	return true;
}

bool store_add_change_proof(struct store *store, const char *id, const struct proof *proof,
        int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO change_proof (change, act, officer, time, signature, recorded)"
	        " SELECT row, ?, ?, ?, ?, ? FROM change WHERE id = ?",
	        err);
	query_text(&q, act_text(proof->act));
	query_text(&q, proof->officer);
	query_int(&q, proof->time);
	query_text(&q, proof->signature);
	query_int(&q, now);
	query_text(&q, id);
	if (query_run(&q))
		return store_changes(store) == 1 || missing(id, err);
	return q.conflict ? err_set(err, ERR_CONFLICT, "%s 已签署过变更 %s，须由另一人确认",
	                            "%s has signed change %s already: somebody else confirms it",
	                            proof->officer, id)
	                  : false;
}

static bool read_head(struct query *q, struct change *out)
{
	*out = (struct change){.row = query_get_int(q)};
	out->text.id = query_get_text(q);
	out->text.kind = query_get_text(q);
	bool known = mode_read(query_peek_text(q), &out->text.mode);
	query_get_digest(q, out->text.follows);
	query_get_digest(q, out->digest);
	known &= state_read(query_peek_text(q), &out->state);
	out->reason = query_get_text(q);
	out->closer = query_get_text(q);
	out->proposed = query_get_int(q);
	out->ends = query_get_int(q);
	out->closed = query_get_int(q);
	out->body = query_get_text(q);
	return known;
}

static bool read_proofs(struct store *store, struct change *change, struct err *err)
{
	struct query q;
	bool known = true;

	query_begin(&q, store,
	        "SELECT act, officer, time, signature FROM change_proof WHERE change = ? ORDER BY "
	        "id",
	        err);
	query_int(&q, change->row);
	while (query_row(&q)) {
		struct proof *proof =
		        mem_push(&change->proofs, &change->proof_count, sizeof *proof);
		known &= act_read(query_peek_text(&q), &proof->act);
		proof->officer = query_get_text(&q);
		proof->time = query_get_int(&q);
		memcpy(proof->manifest, change->digest, DIGEST_HEX);
		proof->signature = query_get_text(&q);
	}
	return query_end(&q) &&
	       (known || err_set(err, ERR_UNAVAILABLE, "记录库中变更 %s 的签署行为无法识别",
	                         "the record holds an act on change %s that is none",
	                         change->text.id));
}

static bool unknown_words(const char *id, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "记录库中变更 %s 的状态或模式无法识别",
	        "the record holds a state or mode of change %s that is none", id);
}

bool store_get_change(struct store *store, const char *id, struct change *out, struct err *err)
{
	struct query q;
	bool found = false;
	bool known = true;

	*out = (struct change){0};
	query_begin(&q, store,
	        "SELECT row, id, kind, mode, follows, digest, state, reason, closer, proposed, "
	        "ends, closed, body FROM change WHERE id = ?",
	        err);
	query_text(&q, id);
	if ((found = query_row(&q)))
		known = read_head(&q, out);
	bool ok = query_end(&q) && (found || missing(id, err)) && (known || unknown_words(id, err));
	if (ok)
		digest_sha256(out->body, strlen(out->body), out->text.body);
	if (ok && read_proofs(store, out, err))
		return true;
	change_finish(out);
	return false;
}

bool store_list_changes(struct store *store, int limit, struct change_list *out, struct err *err)
{
	struct query q;
	bool ok = true;

	*out = (struct change_list){0};
	query_begin(&q, store,
	        "SELECT row, id, kind, mode, follows, digest, state, reason, closer, proposed, "
	        "ends, closed, '' FROM change ORDER BY row DESC LIMIT ?",
	        err);
	query_int(&q, limit);
	while (query_row(&q)) {
		struct change *change = mem_push(&out->items, &out->count, sizeof *change);
		ok = read_head(&q, change) && ok;
	}
	ok = query_end(&q) && (ok || unknown_words("-", err));
	for (size_t i = 0; ok && i < out->count; i++)
		ok = read_proofs(store, &out->items[i], err);
	if (!ok)
		change_list_finish(out);
	return ok;
}

bool store_close_change(struct store *store, const char *id, enum change_state state,
        const char *closer, const char *reason, int64_t now, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE change SET state = ?, closer = ?, reason = ?, closed = ?"
	        " WHERE id = ? AND state = 'proposed'",
	        err);
	query_text(&q, change_state_text(state));
	query_text(&q, closer);
	query_text(&q, reason);
	query_int(&q, now);
	query_text(&q, id);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 || err_set(err, ERR_CONFLICT, "变更 %s 已不在待确认状态",
	                                            "change %s is not open any more", id);
}

bool store_find_ended_change(struct store *store, int64_t now, char **id, struct err *err)
{
	struct query q;

	*id = NULL;
	query_begin(&q, store,
	        "SELECT id FROM change WHERE state = 'proposed' AND ends <= ? ORDER BY ends LIMIT "
	        "1",
	        err);
	query_int(&q, now);
	if (query_row(&q))
		*id = query_get_text(&q);
	return query_end(&q);
}
