/* SPDX-License-Identifier: Apache-2.0
 * store_directory_block - see store_directory.h: what a generation's people wish, and its blocks.
 *
 * Details lie in the file as they lie in memory (little endian, 32 bytes a person): a directory is
 * read by the kind of machine that wrote it, and made anew from its CSV elsewhere.
 */
#include <stdlib.h>
#include <string.h>

#include "directory_rows.h"

_Static_assert(sizeof(struct detail) == 32, "details lie in the file as they are");

bool profile_add(struct store *store, int64_t generation, int64_t number,
        const struct profile *profile, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO profile (generation, number, hazards, rank, groups, purposes)"
	        " VALUES (?,?,?,?,?,?)",
	        err);
	query_int(&q, generation);
	query_int(&q, number);
	query_text(&q, profile->hazards);
	query_int(&q, profile->rank);
	query_text(&q, profile->groups);
	query_text(&q, profile->purposes);
	return query_run(&q);
}

bool profile_list(struct store *store, int64_t generation, struct profile **out, size_t *count,
        struct err *err)
{
	struct query q;

	*out = NULL;
	*count = 0;
	query_begin(&q, store,
	        "SELECT hazards, rank, groups, purposes FROM profile WHERE generation = ?"
	        " ORDER BY number",
	        err);
	query_int(&q, generation);
	while (query_row(&q)) {
		struct profile *profile = mem_push(out, count, sizeof **out);
		profile->hazards = query_get_text(&q);
		profile->rank = (int)query_get_int(&q);
		profile->groups = query_get_text(&q);
		profile->purposes = query_get_text(&q);
	}
	if (query_end(&q))
		return true;
	profiles_free(*out, *count);
	*out = NULL;
	*count = 0;
	return false;
}

void profiles_free(struct profile *profiles, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(profiles[i].hazards);
		free(profiles[i].groups);
		free(profiles[i].purposes);
	}
	free(profiles);
}

bool directory_put_lines(struct store *store, int64_t generation, const struct block_head *head,
        const char *lines, int64_t *id, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO block (generation, digest, count, lines) VALUES (?,?,?,?)"
	        " RETURNING id",
	        err);
	query_int(&q, generation);
	query_text(&q, head->digest);
	query_int(&q, head->count);
	query_text(&q, lines);
	*id = query_row(&q) ? query_get_int(&q) : 0;
	return query_end(&q);
}

static bool put_details(struct store *store, int64_t block, const struct detail *details,
        int64_t count, struct err *err)
{
	struct query q;

	query_begin(&q, store, "INSERT INTO detail (block, people) VALUES (?,?)", err);
	query_int(&q, block);
	query_bytes(&q, details, (size_t)count * sizeof *details);
	return query_run(&q);
}

static bool put_head(struct store *store, int64_t generation, int64_t position, int64_t block,
        const struct block_head *head, struct err *err)
{
	const int64_t numbers[] = {
	        head->first, head->last, head->west, head->south, head->east, head->north};
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO head (generation, position, block, count, placed, digest, first, last,"
	        " west, south, east, north, shares) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
	        err);
	query_int(&q, generation);
	query_int(&q, position);
	query_int(&q, block);
	query_int(&q, head->count);
	query_int(&q, head->placed);
	query_text(&q, head->digest);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		query_int(&q, numbers[i]);
	query_bytes(&q, head->shares, head->share_count * sizeof *head->shares);
	return query_run(&q);
}

bool block_add(struct store *store, int64_t generation, int64_t position,
        const struct block_head *head, const char *lines, const struct detail *details,
        struct err *err)
{
	int64_t id;

	return directory_put_lines(store, generation, head, lines, &id, err) &&
	       put_details(store, id, details, head->count, err) &&
	       put_head(store, generation, position, id, head, err);
}

static void read_head(struct query *q, struct block_head *head)
{
	size_t len;

	head->id = query_get_int(q);
	head->count = query_get_int(q);
	head->placed = query_get_int(q);
	query_get_digest(q, head->digest);
	head->first = query_get_int(q);
	head->last = query_get_int(q);
	head->west = (int32_t)query_get_int(q);
	head->south = (int32_t)query_get_int(q);
	head->east = (int32_t)query_get_int(q);
	head->north = (int32_t)query_get_int(q);
	free(head->shares);
	head->shares = query_get_bytes(q, &len);
	head->share_count = len / sizeof *head->shares;
}

bool block_each(struct store *store, int64_t generation, int64_t first, int64_t last,
        bool (*take)(void *arg, const struct block_head *head, struct err *err), void *arg,
        struct err *err)
{
	struct block_head head = {0};
	struct query q;
	bool ok = true;

	query_begin(&q, store,
	        "SELECT block, count, placed, digest, first, last, west, south, east, north, shares"
	        " FROM head WHERE generation = ? AND last >= ? AND first <= ? ORDER BY position",
	        err);
	query_int(&q, generation);
	query_int(&q, first);
	query_int(&q, last);
	while (ok && query_row(&q)) {
		read_head(&q, &head);
		ok = take(arg, &head, err);
	}
	free(head.shares);
	return query_end(&q) && ok;
}

static bool damaged(const struct store *store, struct err *err)
{
	return store_damaged(store->path, "detail", err);
}

static bool open_details(struct store *store, const struct block_head *head,
        struct detail **details, struct err *err)
{
	struct query q;
	size_t len = 0;

	query_begin(&q, store, "SELECT people FROM detail WHERE block = ?", err);
	query_int(&q, head->id);
	*details = query_row(&q) ? query_get_bytes(&q, &len) : NULL;
	if (!query_end(&q))
		return false;
	return len == (size_t)head->count * sizeof **details || damaged(store, err);
}

static bool open_lines(
        struct store *store, const struct block_head *head, char **lines, struct err *err)
{
	struct query q;

	query_begin(&q, store, "SELECT lines FROM block WHERE id = ?", err);
	query_int(&q, head->id);
	*lines = query_row(&q) ? query_get_text(&q) : NULL;
	return query_end(&q) && (*lines || damaged(store, err));
}

bool block_open(struct store *store, const struct block_head *head, char **lines,
        struct detail **details, struct err *err)
{
	if (lines)
		*lines = NULL;
	if (details)
		*details = NULL;
	if ((!lines || open_lines(store, head, lines, err)) &&
	        (!details || open_details(store, head, details, err)))
		return true;
	if (lines)
		free(*lines);
	if (details)
		free(*details);
	return false;
}
