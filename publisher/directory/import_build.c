/* SPDX-License-Identifier: Apache-2.0
 * import_build - an import's third step: people in the order of their places become blocks.
 */
#include <stdlib.h>
#include <string.h>

#include "import_private.h"

enum { BLOCKS_AT_ONCE = 64 }; /* in a transaction: whoever freezes an audience waits for one */
#define ROOM_AT_ONCE ((int64_t)8 << 20) /* what one takes, its log included */

struct building {
	struct importing *importing;
	struct digest_stream *digest;
	struct block_head head;
	struct detail details[AUDIENCE_BLOCK];
	struct profile_share shares[AUDIENCE_BLOCK];
	struct buf lines;
};

static void share(struct building *b, uint32_t profile)
{
	size_t i = 0;

	while (i < b->head.share_count && b->shares[i].profile != profile)
		i++;
	if (i == b->head.share_count)
		b->shares[b->head.share_count++] = (struct profile_share){.profile = profile};
	b->shares[i].people++;
}

static void put_person(struct building *b, const struct person *person)
{
	b->details[b->head.count] = person->detail;
	if (b->head.count++ == 0)
		b->head.first = person->detail.division;
	b->head.last = person->detail.division;
	block_head_widen(&b->head, &person->detail);
	share(b, person->detail.profile);
	buf_format(&b->lines, "%.*s\n", NUMBER_ROOM, person->number);
}

static bool end_block(struct building *b, struct err *err)
{
	struct generation *made = b->importing->made;
	char details[DIGEST_HEX];

	if (b->head.count == 0)
		return true;
	digest_sha256(b->lines.data, b->lines.len, b->head.digest);
	digest_sha256(b->details, (size_t)b->head.count * sizeof *b->details, details);
	digest_more(b->digest, b->head.digest, DIGEST_HEX - 1);
	digest_more(b->digest, details, DIGEST_HEX - 1);
	b->head.shares = b->shares;
	struct store *store = b->importing->store;
	bool ok =
	        block_add(store, made->id, made->blocks, &b->head, b->lines.data, b->details, err);
	b->head = (struct block_head){0};
	buf_reset(&b->lines);
	if (!ok || ++made->blocks % BLOCKS_AT_ONCE != 0)
		return ok;
	return directory_change_end(store, true, err) &&
	       directory_room(b->importing->order->folder, ROOM_AT_ONCE, err) &&
	       directory_change_begin(store, err);
}

static bool each_person(struct building *b, struct err *err)
{
	const void *record;

	while (import_goes_on(b->importing, err) && sorter_take(b->importing->kept, &record, err)) {
		if (!record)
			return end_block(b, err);
		put_person(b, record);
		if (b->head.count == AUDIENCE_BLOCK && !end_block(b, err))
			return false;
	}
	return false;
}

static void digest_profiles(struct building *b)
{
	const struct profiles *profiles = b->importing->file.profiles;

	for (size_t i = 0; i < profiles_count(profiles); i++) {
		const struct profile *p = profiles_at(profiles, i);
		char *line =
		        mem_format("%d\n%s\n%s\n%s\n", p->rank, p->hazards, p->groups, p->purposes);
		digest_more(b->digest, line, strlen(line));
		free(line);
	}
}

bool import_build(struct importing *importing, struct err *err)
{
	struct building *b = mem_zero(sizeof *b);

	b->importing = importing;
	b->digest = digest_begin();
	buf_init(&b->lines, 0);
	bool ok = directory_room(importing->order->folder, ROOM_AT_ONCE, err) &&
	          directory_change_begin(importing->store, err);
	if (ok) {
		ok = each_person(b, err);
		ok = directory_change_end(importing->store, ok, err);
	}
	digest_profiles(b);
	digest_end(&b->digest, importing->made->digest);
	buf_finish(&b->lines);
	free(b);
	return ok;
}
