/* SPDX-License-Identifier: Apache-2.0
 * record_watch - see record_watch.h. Said once: a file does not mend.
 */
#include "record_watch.h"

#include <time.h>

#include "log.h"
#include "store_check.h"
#include "when.h"

enum { AGAIN_MS = 24 * 3600 * 1000, GIVE_WAY_MS = 5, GIVE_WAY_MOST_MS = 250 };

/* Whoever is being answered goes first: on a record of ten years this reads for minutes, and takes
 * disk and caches from them. It gets its turn four times a second all the same. */
static bool go_on(void *arg)
{
	const struct timespec wait = {.tv_nsec = GIVE_WAY_MS * 1000000L};
	struct house *house = arg;

	for (int waited = 0; waited < GIVE_WAY_MOST_MS && workers_busy(house->workers);
	        waited += GIVE_WAY_MS)
		nanosleep(&wait, NULL);
	return !atomic_load(&house->draining);
}

void record_watch_chore(struct house *house, struct store *reader, int64_t now)
{
	struct err err = {0};

	(void)now;
	if (when_boot() < house->record_check_due || atomic_load(&house->record_damaged))
		return;
	if (!store_check_all(reader, go_on, house, &err) && err.kind != ERR_DAMAGED) {
		log_event(LOG_WARN, "record-not-looked-over", "reason", err.en, NULL);
	} else if (err.kind == ERR_DAMAGED) {
		atomic_store(&house->record_damaged, 1);
		log_event(LOG_FATAL, "record-damaged", "reason", err.en, "zh", err.zh, NULL);
	}
	house->record_check_due = when_boot() + AGAIN_MS;
}
