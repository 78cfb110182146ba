/* SPDX-License-Identifier: Apache-2.0
 * outbox_standing - how each far side does, for the desk: made anew once a second on the loop,
 * taken by any thread, as the figures are (outbox_figures.c).
 */
#include "outbox_private.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Of both lanes of a far side that has two. */
struct standing_of {
	bool away, silent;
	size_t waiting, sending, unknown;
};

static void look_at_lane(const struct outbox *outbox, size_t target, enum dispatch_lane lane,
        const char *word, struct standing_of *out)
{
	struct dispatch_lane_now now;

	dispatch_lane_look(outbox->dispatch, (int)target, lane, &now);
	for (size_t rank = 0; rank < sizeof now.waiting / sizeof *now.waiting; rank++)
		out->waiting += now.waiting[rank];
	out->sending += now.sending;
	out->unknown += now.parked;
	out->silent |= now.open;
	out->away |= !agents_find(outbox->agents, outbox->config->targets[target].name, word);
}

static json_t *target_json(const struct outbox *outbox, size_t t)
{
	const struct config_target *target = &outbox->config->targets[t];
	struct standing_of s = {0};

	if (target->traits->lanes) {
		look_at_lane(outbox, t, DISPATCH_URGENT, "urgent", &s);
		look_at_lane(outbox, t, DISPATCH_ROUTINE, "routine", &s);
	} else {
		look_at_lane(outbox, t, DISPATCH_ALL, "all", &s);
	}
	return json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I}", "target", target->name, "kind",
	        target->kind, "health",
	        s.away     ? "away"
	        : s.silent ? "silent"
	                   : "well",
	        "waiting", (json_int_t)s.waiting, "sending", (json_int_t)s.sending, "unknown",
	        (json_int_t)s.unknown, "per_minute", (json_int_t)target->per_minute);
}

void outbox_standing_renew(struct outbox *outbox)
{
	json_t *list = json_array();

	for (size_t t = 0; t < outbox->config->target_count; t++)
		json_array_append_new(list, target_json(outbox, t));
	char *text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	pthread_mutex_lock(&outbox->figures.lock);
	char *old = outbox->figures.standing;
	outbox->figures.standing = text;
	pthread_mutex_unlock(&outbox->figures.lock);
	free(old);
}

json_t *outbox_standing(struct outbox *outbox)
{
	pthread_mutex_lock(&outbox->figures.lock);
	json_t *list =
	        outbox->figures.standing ? json_loads(outbox->figures.standing, 0, NULL) : NULL;
	pthread_mutex_unlock(&outbox->figures.lock);
	return list ? list : json_array();
}
