/* SPDX-License-Identifier: Apache-2.0
 * backup - what the writer feels of a backup: the time of a commit (one bulletin of 20 kB) while
 * the record is copied again and again, against the same without a copy; the median and the 99th
 * percentile, in turns, on a record of about RECORD_MB. TMPDIR says on which disk.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup.h"
#include "figure.h"
#include "folder.h"
#include "record.h"

enum { RECORD_MB = 200, BODY = 20000, PAIRS = 5, COMMITS = 400 };

static void die(const struct err *err)
{
	fprintf(stderr, "%s\n", err->en);
	exit(1);
}

static bool put(struct store *store, void *arg, struct err *err)
{
	int count = *(int *)arg;
	bool ok = true;

	for (int i = 0; ok && i < count; i++) {
		struct bulletin *b = bulletin_create();
		free(b->cap);
		b->cap = mem_zero(BODY + 1);
		memset(b->cap, 'x', BODY);
		ok = store_put_bulletin(store, b, err);
		bulletin_destroy(&b);
	}
	return ok;
}

struct copier {
	const char *folder, *to;
	atomic_int ending;
	int copies;
};

static void *copy_on(void *arg)
{
	struct copier *c = arg;
	struct backup_facts facts;
	struct err err;

	while (!atomic_load(&c->ending)) {
		if (!backup_copy(c->folder, c->to, &facts, &err))
			die(&err);
		unlink(c->to);
		c->copies++;
	}
	return NULL;
}

/* Fills in the median and the 99th percentile of a row of commits. */
static void commits(struct record *record, double *median, double *late)
{
	double took[COMMITS];
	int one = 1;
	struct err err;

	for (int i = 0; i < COMMITS; i++) {
		double start = figure_ms(CLOCK_MONOTONIC);
		if (!record_do(record, 0, put, &one, &err))
			die(&err);
		took[i] = figure_ms(CLOCK_MONOTONIC) - start;
	}
	*median = figure_median(took, COMMITS);
	*late = took[COMMITS * 99 / 100];
}

static void print(const char *name, double ours[PAIRS], double against[PAIRS])
{
	figure_print(&(struct figure){name, "ms", figure_median(ours, PAIRS),
	        figure_median(against, PAIRS), .pairs = PAIRS});
}

static void measure(struct record *record, const char *folder, const char *to)
{
	double with[2][PAIRS], without[2][PAIRS];
	int copies = 0;

	for (int i = 0; i < PAIRS; i++) {
		struct copier copier = {.folder = folder, .to = to};
		pthread_t thread;
		commits(record, &without[0][i], &without[1][i]);
		if (pthread_create(&thread, NULL, copy_on, &copier) != 0)
			exit(1);
		commits(record, &with[0][i], &with[1][i]);
		atomic_store(&copier.ending, 1);
		pthread_join(thread, NULL);
		copies += copier.copies;
	}
	fprintf(stderr, "backup: %d copies meanwhile\n", copies);
	print("backup-commit-median", with[0], without[0]);
	print("backup-commit-p99", with[1], without[1]);
}

int main(void)
{
	char *folder = folder_make();
	struct err err;

	char *to = mem_format("%s/copy.db", folder);
	struct record *record = record_open(folder, &err);
	if (!record)
		die(&err);
	int some = 500;
	for (int mb = 0; mb < RECORD_MB; mb += some * BODY >> 20)
		if (!record_do(record, 0, put, &some, &err))
			die(&err);
	measure(record, folder, to);
	record_close(&record);
	folder_remove(&folder);
	free(to);
	return 0;
}
