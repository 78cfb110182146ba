/* SPDX-License-Identifier: Apache-2.0
 * choose_private - a choice under way, shared by choose*.c.
 */
#ifndef TOCSIN_CHOOSE_PRIVATE_H
#define TOCSIN_CHOOSE_PRIVATE_H

#include "choose.h"

struct range {
	int64_t first, last;
};

/* A selection made ready for many questions. */
struct asking {
	struct range *ranges;
	size_t range_count;
	struct region *region; /* NULL: nothing is drawn */
	int64_t looks;         /* corners looked at so far, for single people */
	bool *suits;           /* by profile: their wishes allow it */
	size_t profile_count;
};

enum part { PART_NONE, PART_ALL, PART_SOME };

bool asking_begin(struct asking *asking, struct store *store, int64_t generation,
        const struct selection *selection, struct err *err);
void asking_finish(struct asking *asking);
/* What of a block is meant, by its head. PART_SOME: perhaps none or all. */
enum part asking_block(const struct asking *asking, const struct block_head *head);
/* Who of a block is meant: meant[count]. Returns how many. */
int64_t asking_people(
        struct asking *asking, const struct detail *details, int64_t count, bool *meant);

#endif
