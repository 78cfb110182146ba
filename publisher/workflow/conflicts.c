/* SPDX-License-Identifier: Apache-2.0
 * conflicts - see conflicts.h.
 */
#include "conflicts.h"

#include <string.h>

#include "policy.h"

enum { GROUP = 3 };

/* Natural hazards are told apart by their codes: wind is not rain, and showing it would teach
 * people to look away. Two bodies that speak of one accident (12) or outbreak (13) often choose
 * different codes of its group (12D01 explosion, 12D03 fire), and "00" names the whole group. */
static bool same_hazard(const char *one, const char *other)
{
	bool by_event = one[0] == '1' && (one[1] == '2' || one[1] == '3');

	if (strcmp(one, other) == 0)
		return true;
	if (strlen(one) <= GROUP || strlen(other) <= GROUP || strncmp(one, other, GROUP) != 0)
		return false;
	return by_event || strcmp(one + GROUP, "00") == 0 || strcmp(other + GROUP, "00") == 0;
}

static bool areas_touch(const struct bulletin *one, const struct bulletin *other)
{
	for (size_t i = 0; i < one->areas.count; i++)
		for (size_t k = 0; k < other->areas.count; k++)
			if (policy_division_touches(one->areas.items[i], other->areas.items[k]))
				return true;
	return false;
}

bool conflicts_find(struct store *reader, const struct bulletin *b, int64_t now,
        struct bulletin_list *out, struct err *err)
{
	struct bulletin_list all;
	size_t kept = 0;

	if (!store_list_others_warnings(reader, b->unit, now, &all, err))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		struct bulletin *other = all.items[i];
		bool against = other->mode == b->mode && same_hazard(b->hazard, other->hazard) &&
		               areas_touch(b, other) &&
		               (!*b->chain || strcmp(b->chain, other->chain) != 0);
		if (against)
			all.items[kept++] = other;
		else
			bulletin_destroy(&other);
	}
	all.count = kept;
	*out = all;
	return true;
}
