/* SPDX-License-Identifier: Apache-2.0
 * disk_layer - a layer under SQLite (its default VFS while it is in place) that writes down, in
 * order, every change to the record's files, and makes one of them fail. What is written still goes
 * to the real files; power.h makes of the journal what a disk may hold after the power failed.
 *
 * Counted and made to fail: writes, syncs, truncations, makings and deletions of the main file, the
 * write-ahead log and the rollback journal. Not the shared memory beside the log: it never outlives
 * a boot.
 */
#ifndef TOCSIN_RECORD_DISK_LAYER_H
#define TOCSIN_RECORD_DISK_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum disk_op_kind {
	DISK_MAKE, /* the name is there; on disk once the folder is */
	DISK_WRITE,
	DISK_TRUNCATE,
	DISK_SYNC,
	DISK_DELETE,
	DISK_MARK, /* disk_mark: what the test had been told by then */
};

struct disk_op {
	enum disk_op_kind kind;
	int file;     /* 0, 1, ...: a name that is deleted and made again is another file */
	char *name;   /* MAKE, DELETE: without the folder */
	int64_t at;   /* WRITE: offset; TRUNCATE: size */
	size_t len;   /* WRITE, MAKE */
	char *bytes;  /* WRITE; of a MAKE what stood in it before the journal began, NULL = new */
	bool folder;  /* SYNC, DELETE: the folder is on disk too */
	int64_t mark; /* MARK */
};

struct disk_journal {
	struct disk_op *ops;
	size_t count;
};

enum disk_fault {
	DISK_WELL,
	DISK_EIO,  /* nothing is done */
	DISK_FULL, /* ENOSPC: half of a write is */
	DISK_DEAF, /* says yes to syncs and does not do them: no failure, but a liar */
};

void disk_install(void);
void disk_remove(void);

/* From here on into an empty journal, until it is taken; the files must not be open. */
void disk_journal_start(void);
struct disk_journal disk_journal_take(void); /* the caller's */
void disk_journal_finish(struct disk_journal *journal);
void disk_mark(int64_t mark);

/* Change number `at` from now (1 = the next) fails, and when `for_good` every one after it. */
void disk_fail(long at, enum disk_fault fault, bool for_good);
/* Called at each sync of a watched file, and may take its time, as a disk does; NULL: nobody. Set
 * while nobody works. */
typedef void (*disk_syncing)(void *arg, bool is_log);
void disk_on_sync(disk_syncing syncing, void *arg);
/* Changes since then, and the kind of the one that failed first (DISK_MARK: none did). */
long disk_changes(void);
enum disk_op_kind disk_failed(void);

#endif
