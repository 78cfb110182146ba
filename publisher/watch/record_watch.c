/* SPDX-License-Identifier: Apache-2.0
 * record_watch - see record_watch.h. Said once: a file does not mend.
 */
#include "record_watch.h"

#include "log.h"
#include "store_check.h"
#include "when.h"

enum { AGAIN_MS = 24 * 3600 * 1000 };

static bool go_on(void *arg)
{
	struct house *house = arg;

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
