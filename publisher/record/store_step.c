/* SPDX-License-Identifier: Apache-2.0
 * store_step - a bulletin's history before its release, and its words at each submission.
 *
 * Rows are added and read, never changed. Fails as store_db.h says.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

/* A reason may name a person, and a few words are soon guessed: its digest is keyed. */
static json_t *audit_body(const struct store *store, const struct step *step)
{
	char digest[DIGEST_HEX];

	store_keyed_digest(store, step->reason, strlen(step->reason), digest);
	return json_pack("{s:s,s:s,s:s}", "officer", step->officer, "manifest", step->manifest,
	        "reason", digest);
}

bool store_add_step(
        struct store *store, const char *bulletin, const struct step *step, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO step (bulletin, kind, officer, reason, manifest, at)"
	        " VALUES (?,?,?,?,?,?)",
	        err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, step_text(step->kind));
	query_text(&q, step->officer);
	query_text(&q, step->reason);
	query_text(&q, step->manifest);
	query_int(&q, step->at);
	if (!query_run(&q))
		return false;
	json_t *body = audit_body(store, step);
	bool ok = store_audit(store, step_text(step->kind), bulletin, body, step->at, err);
	json_decref(body);
	return ok;
}

bool store_list_steps(
        struct store *store, const char *bulletin, struct step_list *out, struct err *err)
{
	bool known = true;
	struct query q;

	*out = (struct step_list){0};
	query_begin(&q, store,
	        "SELECT kind, officer, reason, manifest, at FROM step WHERE bulletin = ?"
	        " ORDER BY id",
	        err);
	query_int(&q, bulletin_row(bulletin));
	while (query_row(&q)) {
		struct step *step = mem_push(&out->items, &out->count, sizeof *step);
		known &= step_read(query_peek_text(&q), &step->kind);
		step->officer = query_get_text(&q);
		step->reason = query_get_text(&q);
		query_get_digest(&q, step->manifest);
		step->at = query_get_int(&q);
	}
	if (query_end(&q) && known)
		return true;
	if (!known)
		err_set(err, ERR_UNAVAILABLE, "记录库中有无法识别的办理环节",
		        "the record holds a step that is none");
	step_list_finish(out);
	return false;
}

bool store_add_words(struct store *store, const struct bulletin *b, struct err *err)
{
	char digest[DIGEST_HEX];
	struct query q;

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	query_begin(&q, store,
	        "INSERT INTO submitted_words (bulletin, digest, manifest, cap) VALUES (?,?,?,?)"
	        " ON CONFLICT (bulletin, digest) DO NOTHING",
	        err);
	query_int(&q, b->row);
	query_text(&q, digest);
	query_text(&q, b->manifest);
	query_text(&q, b->cap);
	return query_run(&q);
}

bool store_get_words(struct store *store, const char *bulletin, const char *digest, char **manifest,
        char **cap, struct err *err)
{
	struct query q;

	*manifest = *cap = NULL;
	query_begin(&q, store,
	        "SELECT manifest, cap FROM submitted_words WHERE bulletin = ? AND digest = ?", err);
	query_int(&q, bulletin_row(bulletin));
	query_text(&q, digest);
	bool found = query_row(&q);
	if (found) {
		*manifest = query_get_text(&q);
		*cap = query_get_text(&q);
	}
	if (!query_end(&q)) {
		free(*manifest);
		free(*cap);
		*manifest = *cap = NULL;
		return false;
	}
	return found || err_set(err, ERR_MISSING, "%s 没有这一次提交的文本",
	                        "%s has no words of that submission", bulletin);
}
