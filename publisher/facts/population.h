/* SPDX-License-Identifier: Apache-2.0
 * population - how many people live in a division, as a source says: a CSV file that a bureau names
 * (setting `population`). A figure without a source is refused, and a division without a figure has
 * none: nothing is estimated, nothing is shared out over parts.
 */
#ifndef TOCSIN_POPULATION_H
#define TOCSIN_POPULATION_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct populace {
	char *code; /* 6, 9 or 12 digits */
	int64_t people;
	char *source; /* whose figure, and of which year */
};

struct population {
	struct populace *items;
	size_t count;
};

/* "" as path: nobody has imported any. NULL: *err names file, line and cause. */
struct population *population_read(const char *path, struct err *err);
void population_destroy(struct population **population);

const struct populace *population_of(
        const struct population *population, const char *code); /* or NULL */

#endif
