/* SPDX-License-Identifier: Apache-2.0
 * choose_asking - see choose_private.h: is this block, is this person meant? Pure once begun.
 */
#include <stdlib.h>
#include <string.h>

#include "choose_private.h"
#include "person.h"
#include "policy.h"

/* Is the word in a list of words with blanks between? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at++)
		if ((at == list || at[-1] == ' ') && (at[len] == '\0' || at[len] == ' '))
			return true;
	return false;
}

static bool wishes_hazard(const char *hazards, const char *hazard)
{
	for (const char *at = hazards; *at; at += strcspn(at, " "), at += *at == ' ') {
		size_t len = strcspn(at, " ");
		if (strncmp(hazard, at, len) == 0)
			return true;
	}
	return !*hazards;
}

static bool profile_suits(const struct profile *profile, const struct selection *selection)
{
	bool in_group = !selection->groups || selection->groups->count == 0;

	for (size_t i = 0; !in_group && i < selection->groups->count; i++)
		in_group = has_word(profile->groups, selection->groups->items[i]);
	return in_group &&
	       (!selection->hazard || wishes_hazard(profile->hazards, selection->hazard)) &&
	       (selection->any_level || level_rank(selection->level) >= profile->rank) &&
	       (!*profile->purposes || has_word(profile->purposes, kind_text(selection->kind)));
}

static bool make_region(struct asking *asking, const struct selection *selection, struct err *err)
{
	if (!selection->drawn_count)
		return true;
	asking->region = region_create();
	for (size_t i = 0; i < selection->drawn_count; i++)
		if (!region_add(asking->region, selection->drawn[i], err))
			return false;
	return true;
}

bool asking_begin(struct asking *asking, struct store *store, int64_t generation,
        const struct selection *selection, struct err *err)
{
	struct profile *profiles = NULL;

	*asking = (struct asking){0};
	for (size_t i = 0; selection->divisions && i < selection->divisions->count; i++) {
		struct range *range =
		        mem_push(&asking->ranges, &asking->range_count, sizeof *asking->ranges);
		person_divisions(selection->divisions->items[i], &range->first, &range->last);
	}
	if (!make_region(asking, selection, err) ||
	        !profile_list(store, generation, &profiles, &asking->profile_count, err)) {
		asking_finish(asking);
		return false;
	}
	asking->suits = mem_array(asking->profile_count + 1, sizeof *asking->suits);
	for (size_t i = 0; i < asking->profile_count; i++)
		asking->suits[i] = profile_suits(&profiles[i], selection);
	profiles_free(profiles, asking->profile_count);
	return true;
}

void asking_finish(struct asking *asking)
{
	region_destroy(&asking->region);
	free(asking->ranges);
	free(asking->suits);
	*asking = (struct asking){0};
}

static enum part by_wishes(const struct asking *asking, const struct block_head *head)
{
	size_t suiting = 0;

	for (size_t i = 0; i < head->share_count; i++)
		suiting += head->shares[i].profile < asking->profile_count &&
		           asking->suits[head->shares[i].profile];
	return suiting == 0 ? PART_NONE : suiting == head->share_count ? PART_ALL : PART_SOME;
}

static enum part by_area(const struct asking *asking, const struct block_head *head)
{
	bool some = false;

	for (size_t i = 0; i < asking->range_count; i++) {
		const struct range *range = &asking->ranges[i];
		if (range->first <= head->first && head->last <= range->last)
			return PART_ALL;
		some = some || (range->first <= head->last && head->first <= range->last);
	}
	if (!asking->region || head->placed == 0)
		return some ? PART_SOME : PART_NONE;
	enum region_answer answer = region_box(asking->region, head->west / 1e6, head->south / 1e6,
	        head->east / 1e6, head->north / 1e6);
	if (answer == REGION_INSIDE && head->placed == head->count)
		return PART_ALL;
	return some || answer != REGION_OUTSIDE ? PART_SOME : PART_NONE;
}

enum part asking_block(const struct asking *asking, const struct block_head *head)
{
	enum part wishes = by_wishes(asking, head);
	enum part area = wishes == PART_NONE ? PART_NONE : by_area(asking, head);

	if (wishes == PART_NONE || area == PART_NONE)
		return PART_NONE;
	return wishes == PART_ALL && area == PART_ALL ? PART_ALL : PART_SOME;
}

/* --- who of a block ----------------------------------------------------------------------------
 */

/* Neighbours in a block are neighbours on the ground: a few of them mostly get one answer. */
enum { NEIGHBOURS = 32 };

static bool in_ranges(const struct asking *asking, int64_t division)
{
	for (size_t i = 0; i < asking->range_count; i++)
		if (asking->ranges[i].first <= division && division <= asking->ranges[i].last)
			return true;
	return false;
}

static enum region_answer around(
        const struct asking *asking, const struct detail *details, int64_t count)
{
	struct block_head box = {0};

	for (int64_t i = 0; i < count; i++)
		block_head_widen(&box, &details[i]);
	return box.placed ? region_box(asking->region, box.west / 1e6, box.south / 1e6,
	                            box.east / 1e6, box.north / 1e6)
	                  : REGION_OUTSIDE;
}

static bool placed_inside(
        struct asking *asking, const struct detail *detail, enum region_answer all)
{
	if (detail->lon == PLACE_NONE || all == REGION_OUTSIDE)
		return false;
	if (all == REGION_INSIDE)
		return true;
	asking->looks += (int64_t)region_corners(asking->region);
	return region_has(asking->region, detail->lon / 1e6, detail->lat / 1e6);
}

int64_t asking_people(
        struct asking *asking, const struct detail *details, int64_t count, bool *meant)
{
	enum region_answer all = REGION_OUTSIDE;
	int64_t meant_count = 0;

	for (int64_t i = 0; i < count; i++) {
		if (asking->region && i % NEIGHBOURS == 0)
			all = around(asking, details + i,
			        count - i < NEIGHBOURS ? count - i : NEIGHBOURS);
		meant[i] = details[i].profile < asking->profile_count &&
		           asking->suits[details[i].profile] &&
		           (in_ranges(asking, details[i].division) ||
		                   placed_inside(asking, &details[i], all));
		meant_count += meant[i];
	}
	return meant_count;
}
