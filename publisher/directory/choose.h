/* SPDX-License-Identifier: Apache-2.0
 * choose - whom a bulletin is for, out of the directory in force: counted, or frozen as an
 * audience.
 *
 * Blocks whose people are all meant are taken whole, by their head alone; those with some of them
 * are opened. Consent and purposes hold in every choice: nobody is told what they have not agreed
 * to, or what the law does not have them told.
 */
#ifndef TOCSIN_CHOOSE_H
#define TOCSIN_CHOOSE_H

#include "region.h"
#include "store_directory.h"

struct selection {
	const struct texts *divisions; /* codes: who is known to be in one of them; may be NULL */
	const struct cap_area *const *drawn; /* or whose place lies in what one of these draws */
	size_t drawn_count;
	const char *hazard; /* code; NULL = whatever they wish */
	enum level level;   /* at or above their least level */
	enum kind kind;
	bool any_level;             /* `level` says nothing */
	const struct texts *groups; /* of one of these; NULL or empty = whoever */
	int64_t within;             /* ms that what is drawn may take; 0 = as long as it does */
	int64_t looks;              /* corners times people near its line, at most; 0 = no limit */
};

struct chosen_count {
	int64_t people, blocks;
	int64_t unplaced; /* people of the directory in force whose place is not known; only of a
	                     selection that draws */
};

/* Of the directory in force. ERR_MISSING: there is none. ERR_BUSY: `within` has passed, or another
 * count of a drawn area is under way: there is one at a time. */
bool choose_count(struct store *store, const struct selection *selection,
        struct chosen_count *count, struct err *err);
/* audience: count, digest, kept. Frozen before with the directory in force: the same again. Nobody
 * chosen: count 0, nothing is kept. writer: a second connection, open for writing: one that reads
 * and writes by turns would lose its place to others who write. */
bool choose_freeze(struct store *store, struct store *writer, const struct selection *selection,
        int64_t now, struct audience *audience, struct err *err);

#endif
