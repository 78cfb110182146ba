/* SPDX-License-Identifier: Apache-2.0
 * person - one of the people in the directory while it is imported, and the wishes they share.
 */
#ifndef TOCSIN_PERSON_H
#define TOCSIN_PERSON_H

#include "catalog.h"
#include "store_directory.h"

enum { NUMBER_ROOM = 20 }; /* "+" and at most 15 digits, NUL-padded */

/* What the sorter carries. */
struct person {
	char number[NUMBER_ROOM];
	uint32_t withheld; /* 1: consent was refused or withdrawn */
	struct detail detail;
	uint64_t said;  /* a digest of everything said about them but the number */
	uint64_t place; /* division's position on a curve that keeps neighbours together */
	int64_t line;
};

/* As it is dialled: 11 digits beginning with 1 of a mobile of the mainland, whatever stood before
 * or between them (+86, 0086, blanks, hyphens), or "+", country and number. false: neither. */
bool person_number(const char *text, char number[NUMBER_ROOM]);
/* The first character and stars: whoever looks up a number sees whom it may be, and no more. */
void person_mask(const char *name, char masked[12]);
/* "120116" -> 120116000000; false: not 6, 9 or 12 digits. */
bool person_division(const char *code, int64_t *out);
/* The divisions a code means, as numbers of 12 digits: all it covers (policy_division_covers). */
void person_divisions(const char *code, int64_t *first, int64_t *last);
/* Along Hilbert's curve: near on it is near on the ground. 0: no place. */
uint64_t person_place(int32_t lon, int32_t lat);

int person_by_number(const void *a, const void *b); /* and by line */
int person_by_place(const void *a, const void *b);  /* division, place, number */

/* Takes one more person into the block's box. */
void block_head_widen(struct block_head *head, const struct detail *detail);

/* Wishes, each once. */
struct profiles;
struct profiles *profiles_create(void);
void profiles_destroy(struct profiles **profiles);
enum { PROFILES_MOST = 65536 };
/* Takes the texts over when it is a new one, frees them otherwise. false: there are too many. */
bool profiles_number(struct profiles *profiles, struct profile *profile, uint32_t *number);
size_t profiles_count(const struct profiles *profiles);
const struct profile *profiles_at(const struct profiles *profiles, size_t number);
/* Everything said: name, division, place and wishes. */
uint64_t person_said(const struct detail *detail, const struct profile *profile);

#endif
