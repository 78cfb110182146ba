/* SPDX-License-Identifier: Apache-2.0
 * store_bulletin_parts - a bulletin's words, its texts per far side, its audiences.
 *
 * Audiences are written once per digest: the digest is taken over the blocks, so one that is stored
 * under the same digest is the same, whether its blocks are in hand or not. Those of a
 * directory's audience never are: they lie there (store_audience.c).
 *
 * Texts are written when they are others, and unfilled: what a released one became follows from its
 * mark and the moment of the message. A release of fifty far sides would else write each of them
 * twice, and every first byte waits for that disk.
 */
#include "store_bulletin.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool write_body(struct store *store, const struct bulletin *b, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO bulletin_body (bulletin, cap, manifest, signed_cap, filled_manifest,"
	        " manifest_signature, upstream) VALUES (?,?,?,?,?,?,?)"
	        " ON CONFLICT (bulletin) DO UPDATE SET cap = excluded.cap, manifest = "
	        "excluded.manifest,"
	        " signed_cap = excluded.signed_cap, filled_manifest = excluded.filled_manifest,"
	        " manifest_signature = excluded.manifest_signature, upstream = excluded.upstream",
	        err);
	query_int(&q, b->row);
	query_text(&q, b->cap ? b->cap : "");
	query_text(&q, b->manifest ? b->manifest : "");
	query_text(&q, b->signed_cap);
	query_text(&q, b->filled_manifest);
	query_text(&q, b->manifest_signature);
	query_bytes(&q, b->upstream, b->upstream_len);
	return query_run(&q);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* NULL before its release. */
static char *fill(const struct bulletin *b, const char *body)
{
	struct buf out;

	if (!b->order)
		return NULL;
	buf_init(&out, 0);
	text_fill_sent(body, b->sent, &out);
	return buf_take(&out);
}

/* What is stored of it: NULL where it follows. */
static const char *filled_otherwise(const struct bulletin *b, const struct bulletin_text *text)
{
	char *follows = fill(b, text->body ? text->body : "");
	bool same = same_text(follows, text->filled);

	free(follows);
	return same ? NULL : text->filled;
}

/* As it is stored. */
static bool read_texts(struct store *store, struct bulletin *b, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT target, kind, body, filled FROM bulletin_text WHERE bulletin = ?"
	        " ORDER BY position",
	        err);
	query_int(&q, b->row);
	while (query_row(&q)) {
		struct bulletin_text *text = bulletin_add_text(b);
		text->target = query_get_text(&q);
		text->kind = query_get_text(&q);
		text->body = query_get_text(&q);
		text->filled = query_get_maybe(&q);
	}
	return query_end(&q);
}

static bool same_texts(const struct bulletin *stored, const struct bulletin *b)
{
	if (stored->text_count != b->text_count)
		return false;
	for (size_t i = 0; i < b->text_count; i++) {
		const struct bulletin_text *other = &stored->texts[i];
		const struct bulletin_text *text = &b->texts[i];
		if (!same_text(text->target, other->target) ||
		        !same_text(text->kind, other->kind) ||
		        !same_text(text->body, other->body) ||
		        !same_text(filled_otherwise(b, text), other->filled))
			return false;
	}
	return true;
}

static bool put_texts(struct store *store, const struct bulletin *b, struct err *err)
{
	struct query q;

	query_begin(&q, store, "DELETE FROM bulletin_text WHERE bulletin = ?", err);
	query_int(&q, b->row);
	bool ok = query_run(&q);
	for (size_t i = 0; ok && i < b->text_count; i++) {
		const struct bulletin_text *text = &b->texts[i];
		query_begin(&q, store,
		        "INSERT INTO bulletin_text (bulletin, target, position, kind, body, filled)"
		        " VALUES (?,?,?,?,?,?)",
		        err);
		query_int(&q, b->row);
		query_text(&q, text->target);
		query_int(&q, (int64_t)i);
		query_text(&q, text->kind ? text->kind : "");
		query_text(&q, text->body ? text->body : "");
		query_text(&q, filled_otherwise(b, text));
		ok = query_run(&q);
	}
	return ok;
}

static bool write_texts(struct store *store, const struct bulletin *b, struct err *err)
{
	struct bulletin *stored = bulletin_create();

	stored->row = b->row;
	bool ok = read_texts(store, stored, err) &&
	          (same_texts(stored, b) || put_texts(store, b, err));
	bulletin_destroy(&stored);
	return ok;
}

static bool read_audiences(struct store *store, int64_t row, struct bulletin *into, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT target, digest, count FROM audience WHERE bulletin = ? ORDER BY position",
	        err);
	query_int(&q, row);
	while (query_row(&q)) {
		struct audience *audience = bulletin_add_audience(into);
		audience->target = query_get_text(&q);
		query_get_digest(&q, audience->digest);
		audience->count = query_get_int(&q);
	}
	return query_end(&q);
}

static bool drop_audience(struct store *store, int64_t row, const char *target, struct err *err)
{
	static const char *const steps[] = {
	        "DELETE FROM audience_block WHERE bulletin = ? AND target = ?",
	        "DELETE FROM audience WHERE bulletin = ? AND target = ?"};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof steps / sizeof *steps; i++) {
		struct query q;
		query_begin(&q, store, steps[i], err);
		query_int(&q, row);
		query_text(&q, target);
		ok = query_run(&q);
	}
	return ok;
}

static bool write_block(struct store *store, int64_t row, const struct audience *audience,
        size_t block, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO audience_block (bulletin, target, block, lines) VALUES (?,?,?,?)",
	        err);
	query_int(&q, row);
	query_text(&q, audience->target);
	query_int(&q, (int64_t)block);
	query_text(&q, audience->blocks.items[block]);
	return query_run(&q);
}

static bool write_audience(struct store *store, int64_t row, const struct audience *audience,
        size_t position, struct err *err)
{
	struct query q;

	if (audience->count > 0 && audience->blocks.count == 0 && !audience->kept)
		return err_set(err, ERR_INTERNAL, "发往 %s 的接收人名单不在手中，无法存入",
		        "the recipients for %s are not in hand and cannot be stored",
		        audience->target);
	query_begin(&q, store,
	        "INSERT INTO audience (bulletin, target, position, digest, count, blocks) VALUES "
	        "(?,?,?,?,?,?)",
	        err);
	query_int(&q, row);
	query_text(&q, audience->target);
	query_int(&q, (int64_t)position);
	query_text(&q, audience->digest);
	query_int(&q, audience->count);
	query_int(&q, audience->kept ? audience->kept_blocks : (int64_t)audience->blocks.count);
	bool ok = query_run(&q);
	for (size_t i = 0; ok && i < audience->blocks.count; i++)
		ok = write_block(store, row, audience, i, err);
	return ok;
}

static bool same_audience(const struct audience *a, const struct audience *b)
{
	return a && b && strcmp(a->digest, b->digest) == 0 && a->count == b->count;
}

static bool write_audiences(struct store *store, const struct bulletin *b, struct err *err)
{
	struct bulletin *stored = bulletin_create();
	bool ok = read_audiences(store, b->row, stored, err);

	for (size_t i = 0; ok && i < stored->audience_count; i++) {
		const char *target = stored->audiences[i].target;
		if (!same_audience(&stored->audiences[i], bulletin_audience(b, target)))
			ok = drop_audience(store, b->row, target, err);
	}
	for (size_t i = 0; ok && i < b->audience_count; i++) {
		const struct audience *audience = &b->audiences[i];
		if (!same_audience(audience, bulletin_audience(stored, audience->target)))
			ok = write_audience(store, b->row, audience, i, err);
	}
	bulletin_destroy(&stored);
	return ok;
}

bool parts_write(struct store *store, const struct bulletin *bulletin, struct err *err)
{
	return write_body(store, bulletin, err) && write_texts(store, bulletin, err) &&
	       write_audiences(store, bulletin, err);
}

static bool read_body(struct store *store, struct bulletin *b, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT cap, manifest, signed_cap, filled_manifest, manifest_signature, upstream"
	        " FROM bulletin_body WHERE bulletin = ?",
	        err);
	query_int(&q, b->row);
	if (query_row(&q)) {
		query_get_into(&q, &b->cap);
		query_get_into(&q, &b->manifest);
		b->signed_cap = query_get_maybe(&q);
		b->filled_manifest = query_get_maybe(&q);
		b->manifest_signature = query_get_maybe(&q);
		b->upstream = query_get_bytes(&q, &b->upstream_len);
	}
	return query_end(&q);
}

bool parts_read(struct store *store, struct bulletin *bulletin, struct err *err)
{
	if (!read_body(store, bulletin, err) || !read_texts(store, bulletin, err))
		return false;
	for (size_t i = 0; i < bulletin->text_count; i++)
		if (!bulletin->texts[i].filled)
			bulletin->texts[i].filled = fill(bulletin, bulletin->texts[i].body);
	return read_audiences(store, bulletin->row, bulletin, err);
}

static bool same_audiences(const struct bulletin *a, const struct bulletin *b)
{
	if (a->audience_count != b->audience_count)
		return false;
	for (size_t i = 0; i < a->audience_count; i++)
		if (!same_audience(&a->audiences[i], bulletin_audience(b, a->audiences[i].target)))
			return false;
	return true;
}

bool parts_same(struct store *store, const struct bulletin *bulletin, bool *same, struct err *err)
{
	struct bulletin *stored = bulletin_create();

	stored->row = bulletin->row;
	bool ok = read_body(store, stored, err) && read_texts(store, stored, err) &&
	          read_audiences(store, stored->row, stored, err);
	if (ok)
		*same = same_text(stored->cap, bulletin->cap) &&
		        same_text(stored->manifest, bulletin->manifest) &&
		        same_text(stored->signed_cap, bulletin->signed_cap) &&
		        same_text(stored->filled_manifest, bulletin->filled_manifest) &&
		        same_text(stored->manifest_signature, bulletin->manifest_signature) &&
		        same_texts(stored, bulletin) && same_audiences(stored, bulletin);
	bulletin_destroy(&stored);
	return ok;
}
