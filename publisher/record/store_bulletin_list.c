/* SPDX-License-Identifier: Apache-2.0
 * store_bulletin_list - many bulletins at once: heads for lists, the active set and chains in full.
 */
#include "store_bulletin.h"

#include <stdlib.h>
#include <string.h>

char *lines_join(const struct texts *texts)
{
	size_t len = 0;

	for (size_t i = 0; i < texts->count; i++)
		len += strlen(texts->items[i]) + 1;
	char *lines = mem_zero(len + 1);
	char *at = lines;
	for (size_t i = 0; i < texts->count; i++) {
		size_t part = strlen(texts->items[i]);
		memcpy(at, texts->items[i], part);
		at[part] = '\n';
		at += part + 1;
	}
	return lines;
}

void lines_split(const char *lines, struct texts *texts)
{
	while (*lines) {
		size_t len = strcspn(lines, "\n");
		char *line = mem_text_n(lines, len);
		texts_add(texts, line);
		free(line);
		lines += len + (lines[len] == '\n');
	}
}

/* The enums, and whether every word was one we know. */
static bool read_words(struct query *q, struct bulletin *b)
{
	bool ok = bulletin_state_read(query_peek_text(q), &b->state);

	ok &= mode_read(query_peek_text(q), &b->mode);
	ok &= verb_read(query_peek_text(q), &b->verb);
	ok &= kind_read(query_peek_text(q), &b->kind);
	ok &= level_read(query_peek_text(q), &b->level);
	ok &= procedure_read(query_peek_text(q), &b->procedure);
	ok &= disclosure_read(query_peek_text(q), &b->disclosure);
	ok &= screening_read(query_peek_text(q), &b->screening);
	return ok;
}

struct bulletin *head_read(struct query *q, struct err *err)
{
	struct bulletin *b = bulletin_create();

	b->row = query_get_int(q);
	b->version = query_get_int(q);
	free(b->id);
	b->id = mem_format("b%lld", (long long)b->row);
	if (!read_words(q, b)) {
		err_set(err, ERR_UNAVAILABLE, "信息 %s 在记录库中的内容无法识别",
		        "the record holds a word for bulletin %s that is none", b->id);
		bulletin_destroy(&b);
		return NULL;
	}
	char **texts[] = {&b->screening_note, &b->hazard, &b->status, &b->unit, &b->drafter,
	        &b->source, &b->incident, &b->handler, &b->identifier, &b->chain, &b->replaces,
	        &b->parent, &b->staged_as, &b->headline};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		query_get_into(q, texts[i]);
	lines_split(query_peek_text(q), &b->areas);
	lines_split(query_peek_text(q), &b->targets);
	query_get_into(q, &b->releaser);
	query_get_into(q, &b->reason);
	int64_t *numbers[] = {&b->created, &b->submitted, &b->approved, &b->released, &b->sent,
	        &b->expires, &b->sequence, &b->order};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i] = query_get_int(q);
	query_get_into(q, &b->disclosure_reason);
	lines_split(query_peek_text(q), &b->earlier);
	return b;
}

void bulletin_list_finish(struct bulletin_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		bulletin_destroy(&list->items[i]);
	free(list->items);
	*list = (struct bulletin_list){0};
}

bool heads_read(struct query *q, struct bulletin_list *out, struct err *err)
{
	bool ok = true;

	*out = (struct bulletin_list){0};
	while (ok && query_row(q)) {
		struct bulletin *bulletin = head_read(q, err);
		ok = bulletin != NULL;
		if (ok)
			*(struct bulletin **)mem_push(
			        &out->items, &out->count, sizeof *out->items) = bulletin;
	}
	if (query_end(q) && ok)
		return true;
	bulletin_list_finish(out);
	return false;
}

/* Heads first, then each one's words: a statement is never asked anew while it is being read. */
static bool read_full(struct query *q, struct bulletin_list *out, struct err *err)
{
	if (!heads_read(q, out, err))
		return false;
	for (size_t i = 0; i < out->count; i++) {
		if (!parts_read(q->store, out->items[i], err)) {
			bulletin_list_finish(out);
			return false;
		}
	}
	return true;
}

bool store_list_bulletins(
        struct store *store, int state, int limit, struct bulletin_list *out, struct err *err)
{
	struct query q;

	if (state < 0)
		query_begin(&q, store,
		        "SELECT " BULLETIN_HEAD " FROM bulletin WHERE state <> 'staged'"
		        " ORDER BY row DESC LIMIT ?",
		        err);
	else
		query_begin(&q, store,
		        "SELECT " BULLETIN_HEAD
		        " FROM bulletin WHERE state = ? ORDER BY row DESC LIMIT ?",
		        err);
	if (state >= 0)
		query_text(&q, bulletin_state_text((enum bulletin_state)state));
	query_int(&q, limit);
	return heads_read(&q, out, err);
}

bool store_list_active(struct store *store, struct bulletin_list *out, struct err *err)
{
	struct snapshot snapshot;
	struct query q;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD
	        " FROM bulletin WHERE state = 'released' ORDER BY release_order",
	        err);
	bool ok = read_full(&q, out, err);
	snapshot_end(&snapshot);
	return ok;
}

bool store_list_chain(
        struct store *store, const char *chain, struct bulletin_list *out, struct err *err)
{
	struct snapshot snapshot;
	struct query q;

	if (!snapshot_begin(&snapshot, store, err))
		return false;
	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD
	        " FROM bulletin WHERE chain = ? AND release_order > 0 ORDER BY release_order",
	        err);
	query_text(&q, chain);
	bool ok = read_full(&q, out, err);
	snapshot_end(&snapshot);
	return ok;
}

bool store_list_incident_bulletins(
        struct store *store, const char *incident, struct bulletin_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD
	        " FROM bulletin WHERE incident = ? AND incident <> '' AND state <> 'staged'"
	        " ORDER BY row",
	        err);
	query_text(&q, incident);
	return heads_read(&q, out, err);
}

bool store_list_others_warnings(struct store *store, const char *unit, int64_t now,
        struct bulletin_list *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT " BULLETIN_HEAD
	        " FROM bulletin WHERE state = 'released' AND kind = 'warning' AND verb IN"
	        " ('publish', 'update') AND unit <> ? AND expires > ? ORDER BY row DESC LIMIT 200",
	        err);
	query_text(&q, unit);
	query_int(&q, now);
	return heads_read(&q, out, err);
}
