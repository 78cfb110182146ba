/* SPDX-License-Identifier: Apache-2.0
 * choose - see choose.h. Memory: one block, and the one that is being filled.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "choose_private.h"
#include "region.h"
#include "when.h"

enum { PARTS_AT_ONCE = 256 }; /* in a transaction: others freeze in between */

struct choosing {
	struct store *store, *writer;
	struct asking asking;
	bool freeze;
	int64_t id;    /* of the audience, being frozen */
	int64_t until; /* when_boot(); 0 = no limit */
	int64_t looks; /* likewise */
	int64_t people, blocks, unplaced;
	struct buf rest; /* people of blocks that are not meant whole */
	int64_t rest_count;
	struct digest_stream *digest; /* over the blocks' digests, a line each */
};

/* --- one block of the audience -----------------------------------------------------------------
 */

static bool keep_block(
        struct choosing *c, const struct block_head *head, const char *lines, struct err *err)
{
	int64_t position = c->blocks++;

	c->people += head->count;
	if (!c->freeze)
		return true;
	digest_more(c->digest, head->digest, DIGEST_HEX - 1);
	digest_more(c->digest, "\n", 1);
	if (!audience_add(c->writer, c->id, position, head, lines, err))
		return false;
	return c->blocks % PARTS_AT_ONCE != 0 || (directory_change_end(c->writer, true, err) &&
	                                                 directory_change_begin(c->writer, err));
}

static bool end_rest(struct choosing *c, struct err *err)
{
	struct block_head own = {.count = c->rest_count};

	if (c->rest_count == 0)
		return true;
	if (c->freeze)
		digest_sha256(c->rest.data, c->rest.len, own.digest);
	bool ok = keep_block(c, &own, c->rest.data, err);
	buf_reset(&c->rest);
	c->rest_count = 0;
	return ok;
}

static bool keep_person(struct choosing *c, const char *line, size_t len, struct err *err)
{
	if (c->freeze) {
		buf_add(&c->rest, line, len);
		buf_char(&c->rest, '\n');
	}
	return ++c->rest_count < AUDIENCE_BLOCK || end_rest(c, err);
}

/* --- one block of the directory ----------------------------------------------------------------
 */

/* Those meant, out of a block that is not meant whole. */
static bool keep_some(
        struct choosing *c, const struct block_head *head, const bool *meant, struct err *err)
{
	char *lines;

	if (!block_open(c->store, head, &lines, NULL, err))
		return false;
	const char *at = lines;
	bool ok = true;
	for (int64_t i = 0; ok && i < head->count && *at; i++) {
		size_t len = strcspn(at, "\n");
		if (meant[i])
			ok = keep_person(c, at, len, err);
		at += len + (at[len] == '\n');
	}
	free(lines);
	return ok;
}

/* Who is to be frozen must be read; whoever is counted need not. All of them after all: as if the
 * head had said so. */
static bool look_into(struct choosing *c, const struct block_head *head, struct err *err)
{
	bool meant[AUDIENCE_BLOCK];
	struct detail *details;

	if (head->count > AUDIENCE_BLOCK)
		return err_set(err, ERR_DAMAGED, "接收人名册有一段超过 %d 人",
		        "a block of the directory has more than %d people", AUDIENCE_BLOCK);
	if (!block_open(c->store, head, NULL, &details, err))
		return false;
	int64_t count = asking_people(&c->asking, details, head->count, meant);
	free(details);
	if (count == head->count)
		return keep_block(c, head, NULL, err);
	if (count == 0)
		return true;
	if (c->freeze)
		return keep_some(c, head, meant, err);
	bool ok = true;
	for (int64_t i = 0; ok && i < count; i++)
		ok = keep_person(c, NULL, 0, err);
	return ok;
}

/* A shape with thousands of teeth before everybody costs so many looks a person: minutes, with a
 * million of them. The looks are the same whatever else the machine does; the clock is for what
 * they do not count. */
static bool in_time(const struct choosing *c, struct err *err)
{
	if (c->looks && c->asking.looks > c->looks)
		return err_set(err, ERR_INPUT,
		        "所画范围共 %zu "
		        "个边界点，边界附近人太多，无法逐人辨别：请减少边界点，或按区划写明区域",
		        "what is drawn has %zu corners, too many for the people near its line: "
		        "draw it with fewer, or name divisions",
		        region_corners(c->asking.region));
	return !c->until || when_boot() < c->until ||
	       err_set(err, ERR_BUSY, "所画范围太复杂，数人太久：请减少边界点，或按区划写明区域",
	               "what is drawn is too intricate to tell who lives in it: draw it with fewer "
	               "corners, or name divisions");
}

static bool take_block(void *arg, const struct block_head *head, struct err *err)
{
	struct choosing *c = arg;

	if (!in_time(c, err))
		return false;
	enum part part = asking_block(&c->asking, head);
	c->unplaced += head->count - head->placed;
	if (part == PART_NONE)
		return true;
	return part == PART_ALL ? keep_block(c, head, NULL, err) : look_into(c, head, err);
}

static bool each_block(struct choosing *c, int64_t generation, struct err *err)
{
	int64_t first = 0;
	int64_t last = INT64_MAX;

	/* Divisions alone: what lies before and behind them need not even be looked at. */
	for (size_t i = 0; !c->asking.region && i < c->asking.range_count; i++) {
		const struct range *range = &c->asking.ranges[i];
		first = i == 0 || range->first < first ? range->first : first;
		last = i == 0 || range->last > last ? range->last : last;
	}
	return block_each(c->store, generation, first, last, take_block, c, err) &&
	       end_rest(c, err);
}

static bool choose(
        struct choosing *c, const struct selection *selection, int64_t generation, struct err *err)
{
	if (!asking_begin(&c->asking, c->store, generation, selection, err))
		return false;
	if (c->asking.region && selection->within)
		c->until = when_boot() + selection->within;
	c->looks = selection->looks;
	buf_init(&c->rest, 0);
	bool ok = each_block(c, generation, err);
	buf_finish(&c->rest);
	asking_finish(&c->asking);
	return ok;
}

static bool count_them(struct store *store, const struct selection *selection,
        struct chosen_count *count, struct err *err)
{
	struct choosing c = {.store = store};
	struct generation current;

	if (!generation_current(store, &current, err) || !choose(&c, selection, current.id, err))
		return false;
	*count = (struct chosen_count){c.people, c.blocks, selection->drawn_count ? c.unplaced : 0};
	return true;
}

/* Whoever may draft may count, as often as they like: so that drawn areas never take all the
 * threads that releases need, one of them is counted at a time. */
bool choose_count(struct store *store, const struct selection *selection,
        struct chosen_count *count, struct err *err)
{
	static atomic_flag counting = ATOMIC_FLAG_INIT;

	if (!selection->drawn_count)
		return count_them(store, selection, count, err);
	if (atomic_flag_test_and_set(&counting))
		return err_set(err, ERR_BUSY, "正在数另一处所画的范围，请稍后再试",
		        "another drawn area is being counted just now, try again");
	bool ok = count_them(store, selection, count, err);
	atomic_flag_clear(&counting);
	return ok;
}

/* --- freezing ----------------------------------------------------------------------------------
 */

static void put_words(struct buf *out, const char *what, const struct texts *words)
{
	buf_text(out, what);
	for (size_t i = 0; words && i < words->count; i++)
		buf_format(out, " %s", words->items[i]);
	buf_char(out, '\n');
}

/* All that decides who is chosen. */
static void selection_digest(const struct selection *s, int64_t generation, char hex[DIGEST_HEX])
{
	struct buf out;

	buf_init(&out, 0);
	buf_format(&out, "generation %lld\nhazard %s\nrank %d\nkind %s\n", (long long)generation,
	        s->hazard ? s->hazard : "-", s->any_level ? -1 : level_rank(s->level),
	        kind_text(s->kind));
	put_words(&out, "divisions", s->divisions);
	put_words(&out, "groups", s->groups);
	for (size_t i = 0; i < s->drawn_count; i++) {
		const struct cap_area *area = s->drawn[i];
		for (size_t k = 0; k < area->polygon_count; k++)
			buf_format(&out, "polygon %s\n", area->polygons[k].text);
		for (size_t k = 0; k < area->circle_count; k++)
			buf_format(&out, "circle %s\n", area->circles[k].text);
	}
	digest_sha256(out.data, out.len, hex);
	buf_finish(&out);
}

/* What is not finished is taken away again, as far as it was committed in between. */
static bool finish(struct choosing *c, bool ok, const char *selection, struct audience *audience,
        struct err *err)
{
	digest_end(&c->digest, audience->digest);
	audience->count = c->people;
	audience->kept = c->people > 0;
	audience->kept_blocks = c->blocks;
	if (ok && audience->kept) {
		ok = audience_finish(c->writer, c->id, selection, audience, err);
		return directory_change_end(c->writer, ok, err);
	}
	directory_change_end(c->writer, false, NULL);
	if (directory_change_begin(c->writer, NULL))
		directory_change_end(c->writer, audience_drop(c->writer, c->id, NULL), NULL);
	return ok;
}

bool choose_freeze(struct store *store, struct store *writer, const struct selection *selection,
        int64_t now, struct audience *audience, struct err *err)
{
	struct choosing c = {.store = store, .writer = writer, .freeze = true};
	struct generation current;
	char digest[DIGEST_HEX];
	struct err none = {0};

	if (!generation_current(store, &current, err))
		return false;
	selection_digest(selection, current.id, digest);
	if (audience_find(writer, digest, now, audience, &none))
		return true;
	if (none.kind != ERR_MISSING) {
		*err = none;
		return false;
	}
	if (!directory_change_begin(writer, err))
		return false;
	bool ok = audience_begin(writer, now, &c.id, err);
	ok = directory_change_end(writer, ok, err) && directory_change_begin(writer, err);
	if (!ok)
		return false;
	c.digest = digest_begin();
	ok = choose(&c, selection, current.id, err);
	return finish(&c, ok, digest, audience, err);
}
