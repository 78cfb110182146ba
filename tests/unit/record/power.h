/* SPDX-License-Identifier: Apache-2.0
 * power - what the disk may hold when the power fails at some point of a journal (disk_layer.h):
 * all that was synced, and of the rest any part: none, all, some writes and not those before them,
 * a write torn between two sectors, a name that is not there yet or is there still.
 */
#ifndef TOCSIN_RECORD_POWER_H
#define TOCSIN_RECORD_POWER_H

#include "disk_layer.h"

enum {
	POWER_NONE,   /* nothing unsynced came through */
	POWER_ALL,    /* all of it did */
	POWER_TORN,   /* all of it, the last write up to some sector */
	POWER_RANDOM, /* and above: any part, sectors too; the number is the chance */
};

struct power_bytes {
	char *data;
	size_t len, room;
};

struct power_file {
	struct power_bytes bytes; /* on disk */
	size_t *unsynced;         /* indices into the journal */
	size_t unsynced_count;
	char *name;    /* on disk under this name; NULL = under none */
	bool is_made;  /* has its name, whether that is on disk or not */
	char *to_name; /* what it was made as */
};

struct power {
	const struct disk_journal *journal;
	size_t next; /* the change the power failed at: it and what follows is not done */
	struct power_file *files;
	size_t file_count;
	int64_t mark; /* the last one before that point */
};

void power_start(struct power *power, const struct disk_journal *journal);
void power_finish(struct power *power);
/* On to the next sync or mark, or the end of the journal; false when there is none any more. */
bool power_step(struct power *power);
/* Is anything unsynced, so that there is more than one way to come out? */
bool power_open_ended(const struct power *power);
/* One way to come out, into this folder (which holds none of the files). */
void power_fail(const struct power *power, unsigned way, const char *folder);

#endif
