/* SPDX-License-Identifier: Apache-2.0
 * store_directory - the directory of recipients, FOLDER/directory.db: whom a bulk channel can tell.
 * A file apart from the record, so that an import of millions never holds up its one writer, and
 * whatever is frozen lies where nothing but people's numbers does.
 *
 * It goes by generations. An import writes a new one in blocks of at most AUDIENCE_BLOCK people,
 * READY when it is whole; two administrators put it in force (CURRENT), which makes the one before
 * PAST. A block is never changed. An audience names whole blocks, and blocks of its own where it
 * means only some of the people in one; it is written once per selection and generation.
 *
 * Functions fail as store.h says. Writing is allowed between directory_open with `write` and its
 * close, in short transactions of their own: several processes write this file.
 */
#ifndef TOCSIN_STORE_DIRECTORY_H
#define TOCSIN_STORE_DIRECTORY_H

#include "bulletin.h"
#include "err.h"

struct store;

/* NULL: *err; for reading ERR_MISSING when there is no directory yet. store_close (here
 * directory_close) ends it. */
struct store *directory_open(const char *folder, bool write, struct err *err);
void directory_close(struct store **store);
/* Gives what root has made to whom the folder belongs: an import that was run as root must not
 * leave files that tocsind cannot open. Nothing for anybody else. */
bool directory_belongs(int fd, const char *folder);
/* Is there room for so many bytes more beside what a record keeps for red and cancels? The record
 * lies on the same disk; an import asks before it writes. */
bool directory_room(const char *folder, int64_t bytes, struct err *err);

/* Groups of changes; what is not committed was never there. */
bool directory_change_begin(struct store *store, struct err *err);
bool directory_change_end(struct store *store, bool keep, struct err *err);

/* --- generations ------------------------------------------------------------------------------ */
enum generation_state {
	GENERATION_BUILDING,
	GENERATION_READY,
	GENERATION_CURRENT,
	GENERATION_PAST,
	GENERATION_STATE_COUNT
};
const char *generation_state_text(enum generation_state state);

struct generation {
	int64_t id; /* 0: none */
	enum generation_state state;
	char digest[DIGEST_HEX];    /* over all its blocks, with everything in them */
	int64_t imported, in_force; /* ms; 0 = not yet */
	int64_t follows;            /* the one it was compared with; 0 = none was in force */
	int64_t lines, people, blocks;
	int64_t faults, repeated, withheld; /* lines: faulty; said twice; without consent */
	int64_t added, gone, changed;       /* people, compared with `follows` */
};

/* A new one, building. What broken-off imports left is taken away first: one import at a time, the
 * caller sees to that. */
bool generation_begin(
        struct store *store, int64_t follows, int64_t now, int64_t *id, struct err *err);
bool generation_finish(struct store *store, const struct generation *generation, struct err *err);
bool generation_drop(struct store *store, int64_t id, struct err *err);
/* ERR_MISSING: none. */
bool generation_current(struct store *store, struct generation *out, struct err *err);
bool generation_find(struct store *store, int64_t id, struct generation *out, struct err *err);
/* Newest first, PAST ones too as long as they are known; the caller frees *out. */
bool generation_list(struct store *store, struct generation **out, size_t *count, struct err *err);
/* Makes a READY one CURRENT; true also when it is CURRENT already. ERR_CONFLICT: it does not follow
 * the one in force. */
bool generation_enforce(struct store *store, int64_t id, int64_t now, struct err *err);

/* --- what people have in common --------------------------------------------------------------- */
/* Wishes many people share: kept once, by number from 0. Lists are words with blanks between. */
struct profile {
	char *hazards;  /* codes or beginnings of codes; "" = all */
	char *groups;   /* "" = none */
	char *purposes; /* kinds of bulletins; "" = all */
	int rank;       /* level_rank() of the least level; 0 = everything */
};
bool profile_add(struct store *store, int64_t generation, int64_t number,
        const struct profile *profile, struct err *err);
/* In the order of their numbers; the caller frees with profiles_free. */
bool profile_list(struct store *store, int64_t generation, struct profile **out, size_t *count,
        struct err *err);
void profiles_free(struct profile *profiles, size_t count);

/* --- blocks ----------------------------------------------------------------------------------- */
enum { PLACE_NONE = INT32_MIN };

/* What is kept of each of a block's people beside the number; as it lies in the file. */
struct detail {
	int64_t division; /* 12 digits, zeros behind */
	int32_t lon, lat; /* millionths of a degree; PLACE_NONE: not known */
	uint32_t profile;
	char name[12]; /* masked, UTF-8, NUL-padded */
};

struct profile_share {
	uint32_t profile, people;
};

/* A block without its people. */
struct block_head {
	int64_t id;
	int64_t count, placed;            /* people; those whose place is known */
	char digest[DIGEST_HEX];          /* of its numbers, a line each */
	int64_t first, last;              /* divisions */
	int32_t west, south, east, north; /* of those placed */
	struct profile_share *shares;     /* borrowed from the row while it is shown */
	size_t share_count;
};

bool block_add(struct store *store, int64_t generation, int64_t position,
        const struct block_head *head, const char *lines, const struct detail *details,
        struct err *err);
/* Every block of the generation whose divisions and [first, last] may meet, in order, until `take`
 * is false. */
bool block_each(struct store *store, int64_t generation, int64_t first, int64_t last,
        bool (*take)(void *arg, const struct block_head *head, struct err *err), void *arg,
        struct err *err);
/* The numbers, a line each, and details (`count` of them); both the caller's, NULL where not
 * wanted.
 */
bool block_open(struct store *store, const struct block_head *head, char **lines,
        struct detail **details, struct err *err);

/* --- audiences -------------------------------------------------------------------------------- */
/* selection: digest of what was asked, generation and all. ERR_MISSING: not frozen yet. Found: it
 * counts as frozen `now`. */
bool audience_find(struct store *store, const char *selection, int64_t now,
        struct audience *audience, struct err *err);
bool audience_begin(struct store *store, int64_t now, int64_t *id, struct err *err);
/* The next block: a whole one of a generation, or (head->id 0) one of its own. */
bool audience_add(struct store *store, int64_t id, int64_t position, const struct block_head *head,
        const char *lines, struct err *err);
bool audience_finish(struct store *store, int64_t id, const char *selection,
        const struct audience *audience, struct err *err);
bool audience_drop(struct store *store, int64_t id, struct err *err);

/* Of a frozen one, by its digest. ERR_MISSING: no such audience or block. */
bool audience_kept_blocks(struct store *store, const char *digest, int64_t *count, struct err *err);
bool audience_kept_lines(
        struct store *store, const char *digest, int64_t block, char **lines, struct err *err);
/* The blocks' digests in their order, DIGEST_BYTES each; the caller's. */
bool audience_kept_digests(struct store *store, const char *digest, unsigned char **digests,
        size_t *count, struct err *err);

/* --- the end of numbers ----------------------------------------------------------------------- */
struct sweep_counts {
	int64_t audiences, generations, blocks;
};
/* Destroys what nobody needs any more: audiences that are not among `needed` (digests) and were
 * frozen before `before`; what PAST generations say of people, READY ones that can never come into
 * force among them; blocks that no generation and no
 * audience has left. In short transactions; a kill in the middle leaves the rest to the next time.
 */
bool directory_sweep(struct store *store, const struct texts *needed, int64_t before,
        struct sweep_counts *counts, struct err *err);

#endif
