/* SPDX-License-Identifier: Apache-2.0
 * world - far sides that answer, fail, hang and die; operators who release, update and cancel; a
 * clock that only goes forward, at times by an hour. All of it from one seed.
 */
#ifndef TOCSIN_DISPATCH_WORLD_H
#define TOCSIN_DISPATCH_WORLD_H

#include "model.h"

struct flight {
	int64_t id;
	int64_t answer_at; /* INT64_MAX: never; its agent dies of it */
};

enum mood { HEALTHY, SLOW, FAILING, HANGING, DEAD, MOODS };

struct world {
	struct dispatch *dispatch;
	struct model model;
	uint64_t random;
	int64_t now;
	int64_t order;
	enum mood moods[MODEL_TARGETS];
	struct flight *flights[MODEL_TARGETS][MODEL_LANES];
	size_t flight_count[MODEL_TARGETS][MODEL_LANES];
	int *live_chains; /* that may be updated or cancelled */
	size_t live_count;
	size_t alerts;
};

void world_init(struct world *world, uint64_t seed);
void world_finish(struct world *world);
void world_step(struct world *world, bool releasing); /* one moment: events, answers, handing out */
bool world_over(const struct world *world);           /* every delivery has ended */

#endif
