/* SPDX-License-Identifier: Apache-2.0
 * outbox_pace - how fast the recipients of a bulletin are answered for, by what its far sides'
 * agents said in the last seconds. Kept for those seconds only: after a start nothing is known.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

enum { PACE_SECONDS = 10 };

struct pace {
	char *bulletin;
	int target;
	int64_t began, last; /* boot s */
	int64_t counts[PACE_SECONDS];
};

static int64_t second_now(void)
{
	return when_boot() / 1000;
}

static void drop(struct outbox *outbox, struct pace *pace)
{
	free(pace->bulletin);
	*pace = outbox->paces[--outbox->pace_count];
}

/* Those that have said nothing for a whole span leave first. */
static struct pace *find(struct outbox *outbox, const char *bulletin, int target, int64_t now)
{
	for (size_t i = outbox->pace_count; i-- > 0;)
		if (outbox->paces[i].last + PACE_SECONDS <= now)
			drop(outbox, &outbox->paces[i]);
	for (size_t i = 0; i < outbox->pace_count; i++)
		if (outbox->paces[i].target == target &&
		        strcmp(outbox->paces[i].bulletin, bulletin) == 0)
			return &outbox->paces[i];
	return NULL;
}

/* Seconds without a word count as none. */
static void move_on(struct pace *pace, int64_t now)
{
	for (; pace->last < now; pace->counts[pace->last % PACE_SECONDS] = 0)
		pace->last++;
}

void outbox_pace_add(struct outbox *outbox, const struct entry *entry, int64_t recipients)
{
	int64_t now = second_now();

	if (recipients <= 0)
		return;
	pthread_mutex_lock(&outbox->figures.lock);
	struct pace *pace = find(outbox, entry->issue->id, entry->target, now);
	if (!pace) {
		pace = mem_push(&outbox->paces, &outbox->pace_count, sizeof *pace);
		*pace = (struct pace){.bulletin = mem_text(entry->issue->id),
		        .target = entry->target,
		        .began = now,
		        .last = now};
	}
	move_on(pace, now);
	pace->counts[now % PACE_SECONDS] += recipients;
	pthread_mutex_unlock(&outbox->figures.lock);
}

double outbox_pace(struct outbox *outbox, const char *bulletin, const char *target)
{
	int64_t now = second_now();
	int64_t sum = 0;
	int64_t span = 1;

	pthread_mutex_lock(&outbox->figures.lock);
	struct pace *pace =
	        find(outbox, bulletin, outbox_target_index(outbox->config, target), now);
	if (pace) {
		move_on(pace, now);
		for (int i = 0; i < PACE_SECONDS; i++)
			sum += pace->counts[i];
		span = now - pace->began + 1;
	}
	pthread_mutex_unlock(&outbox->figures.lock);
	return (double)sum / (double)(span < PACE_SECONDS ? span : PACE_SECONDS);
}

void outbox_paces_clear(struct outbox *outbox)
{
	while (outbox->pace_count)
		drop(outbox, &outbox->paces[0]);
	free(outbox->paces);
	outbox->paces = NULL;
}
