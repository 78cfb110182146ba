/* SPDX-License-Identifier: Apache-2.0
 * record - the one writer: see record.h. What the house may be after any death is decided here.
 *
 * A bulletin (store_put_bulletin goes every arrow, and refuses one that is not drawn):
 *
 *   DRAFT -- submit_bulletin --> SUBMITTED -- approve_bulletin --> APPROVED
 *   SUBMITTED, APPROVED -- edit_bulletin, send_back (return, withdraw) --> DRAFT
 *   SUBMITTED, APPROVED -- send_back (reject) --> REJECTED
 *   DRAFT -- send_back (discard) --> DISCARDED
 *   SUBMITTED, APPROVED (a relay: DRAFT) -- release_bulletin --> RELEASED
 *   STAGED (worded and approved with its original) -- cancel, correct --> RELEASED
 *   RELEASED -- newer one --> SUPERSEDED, -- cancel --> CANCELLED, -- time --> EXPIRED
 *
 * A delivery (store_add_delivery puts it in; first attempts already as SENDING):
 *
 *	           store_delivery_sending           store_delivery_state
 *	  WAITING ------------------------> SENDING -----> DELIVERED | REJECTED | UNKNOWN
 *	    | ^                               | |             UNKNOWN -- late report, rule, operator
 *--> any | '------ store_delivery_state ---' '-- store_delivery_began: the first byte may have left
 *	    '-- store_delivery_state --> EXPIRED | SUPERSEDED | WITHDRAWN
 *
 * Invariants, and who keeps them:
 *  (1) no byte leaves before RELEASED is on disk: `done` is called after COMMIT returned, never
 *before (run_group), and the loop hands out nothing it was not told of; (2) bytes sent = bytes
 *recorded = bytes approved but for `sent`: store_put_bulletin refuses new words for what was
 *released; (3) signed only with the approvals in hand: an edit voids them in its own transaction
 *      (store_void_approvals), and the signer asks for itself;
 *  (4) per destination, messages of one chain go in order: `order` is given inside the release's
 *      transaction (store_put_bulletin), and dispatch keeps to it;
 *  (5) every delivery ends in a final word, with when and why: store_delivery_state lets no final
 *word go; (6) after kill -9 anywhere, replay yields a state in which 1-5 hold: a change is in the
 *record whole or not at all, and store_list_pending gives back all that is not final.
 *
 * Groups: what has queued shares one transaction, each change in its own savepoint, for at most
 *CHUNK_MS. Reds are grouped with reds only, and a group of others ends at the change during which a
 *red came in.
 *
 * How it fails: a refused change is its caller's matter. A failing BEGIN, COMMIT, write or fsync is
 *the end: logged as fatal, abort(). It is never tried again, because after a failed fsync nobody
 *knows what the disk holds; the next start finds out.
 */
#include "record_queue.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "log.h"
#include "record_log.h"
#include "reserve.h"
#include "store_db.h"
#include "when.h"

enum {
	CHUNK_MS = 5,
	IDLE_MS = 200,          /* quiet for so long: time to move the log into the tables */
	LOG_PAGES = 1000,       /* worth moving when idle */
	LOG_PAGES_MOST = 16384, /* moved even when busy, but never before a red: 64 MiB */
};

struct record {
	struct store *store;
	struct record_queue queue;
	struct record_log *log; /* who moves it when we are idle */
	pthread_t thread;
	char *folder;
	bool reserved; /* a reserve is kept; the record thread's, like the next three */
	int log_pages; /* of the write-ahead log */
	record_watcher watcher;
	void *watcher_arg;
};

static void fatal(struct store *store, const char *during, const struct err *err)
{
	log_event(LOG_FATAL, "record-failed", "during", during, "path", store->path, "cause",
	        *store->fault ? store->fault : err->en, NULL);
	abort();
}

/* --- the record thread ------------------------------------------------------------------------ */

static void run_change(struct record *record, struct job *job)
{
	struct store *store = record->store;
	struct err err = {0};

	if (!store_savepoint(store, &err))
		fatal(store, "savepoint", &err);
	job->ok = job->change(store, job->arg, &err);
	if (store->broken)
		fatal(store, "change", &err);
	if (!job->ok) {
		job->err = mem_zero(sizeof *job->err);
		*job->err = err;
	}
	if (!(job->ok ? store_savepoint_keep(store, &err) : store_savepoint_undo(store, &err)))
		fatal(store, "savepoint", &err);
}

static void tell_all(struct jobs *group)
{
	struct job *job;

	while ((job = jobs_take(group))) {
		if (job->done)
			job->done(job->arg, job->ok, job->err);
		free(job->err);
		free(job);
	}
}

static void run_group(struct record *record)
{
	bool red = queue_red_waits(&record->queue);
	int64_t start = when_boot();
	struct jobs group = {0};
	struct err err = {0};
	struct job *job;

	if (record->reserved)
		reserve_look(record->folder);
	if (!store_begin(record->store, &err))
		fatal(record->store, "begin", &err);
	while ((job = record_queue_take(&record->queue, red))) {
		run_change(record, job);
		jobs_add(&group, job);
		if (when_boot() - start >= CHUNK_MS)
			break;
	}
	if (!store_commit(record->store, &err))
		fatal(record->store, "commit", &err);
	tell_all(&group);
	if (record->watcher)
		record->watcher(record->watcher_arg);
}

static int note_log_pages(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct record *record = arg;

	(void)db;
	(void)name;
	record->log_pages = pages;
	return SQLITE_OK;
}

/* Moves the log's pages into the tables, here and now: while changes come without a pause the log
 * ends only so. Waits for nobody: what a reader still needs is left for later. */
static void move_log(struct record *record)
{
	struct store *store = record->store;
	struct err err = {0};
	int code =
	        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	record->log_pages = 0;
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY)
		return;
	err_set(&err, ERR_UNAVAILABLE, "%s", "%s", sqlite3_errmsg(store->db));
	fatal(store, "checkpoint", &err);
}

static void *record_thread(void *arg)
{
	struct record *record = arg;

	for (;;) {
		bool worth = record->log_pages >= LOG_PAGES;
		switch (queue_wait(&record->queue, worth ? IDLE_MS : -1)) {
		case QUEUE_JOB:
			run_group(record);
			break;
		case QUEUE_IDLE:
			record->log_pages = 0;
			record_log_move(record->log);
			break;
		case QUEUE_CLOSED:
			return NULL;
		}
		if (record->log_pages >= LOG_PAGES_MOST && !queue_red_waits(&record->queue))
			move_log(record);
	}
}

/* Signals are the loop's; a thread that inherits a full mask never sees one. */
static bool start_thread(struct record *record, struct err *err)
{
	sigset_t all;
	sigset_t before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&record->thread, NULL, record_thread, record);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code == 0 || err_set(err, ERR_UNAVAILABLE, "记录线程起不来（%d）",
	                            "the record thread cannot be started (%d)", code);
}

/* --- open and close --------------------------------------------------------------------------- */

struct record *record_open(const char *folder, struct err *err)
{
	struct store *store = record_tool_open(folder, err);

	if (!store)
		return NULL;
	struct record *record = mem_zero(sizeof *record);
	record->store = store;
	record->folder = mem_text(folder);
	queue_init(&record->queue);
	sqlite3_wal_hook(store->db, note_log_pages, record);
	record->log = record_log_open(store->path, err);
	if (record->log && start_thread(record, err))
		return record;
	record_log_close(&record->log);
	queue_finish(&record->queue);
	record_tool_close(&record->store);
	free(record->folder);
	free(record);
	return NULL;
}

void record_close(struct record **place)
{
	struct record *record = *place;

	if (!record)
		return;
	*place = NULL;
	queue_close(&record->queue);
	pthread_join(record->thread, NULL);
	record_log_close(&record->log);
	queue_finish(&record->queue);
	record_tool_close(&record->store);
	free(record->folder);
	free(record);
}

struct store *record_reader_open(struct record *record, struct err *err)
{
	return store_open(record->store->path, STORE_READ, err);
}

void record_reader_close(struct store **reader)
{
	store_close(reader);
}

/* --- changes ---------------------------------------------------------------------------------- */

void record_post(struct record *record, int rank, record_change change, record_done done, void *arg)
{
	struct job *job = mem_zero(sizeof *job);

	job->rank = rank < 0 ? 0 : rank > RANK_RED ? RANK_RED : rank;
	job->change = change;
	job->done = done;
	job->arg = arg;
	queue_add(&record->queue, job);
}

/* A caller that waits: lives on its stack until the record thread has let go of it. */
struct waiter {
	record_change change;
	void (*tell)(void *arg); /* NULL = nobody */
	void *arg;
	struct err *err;
	pthread_mutex_t mutex;
	pthread_cond_t told;
	bool answered;
	bool ok;
};

static bool waiter_change(struct store *store, void *arg, struct err *err)
{
	struct waiter *waiter = arg;

	return waiter->change(store, waiter->arg, err);
}

static void waiter_done(void *arg, bool ok, const struct err *err)
{
	struct waiter *waiter = arg;

	if (ok && waiter->tell)
		waiter->tell(waiter->arg);
	pthread_mutex_lock(&waiter->mutex);
	waiter->answered = true;
	waiter->ok = ok;
	if (!ok && waiter->err)
		*waiter->err = *err;
	pthread_cond_signal(&waiter->told);
	pthread_mutex_unlock(&waiter->mutex);
}

bool record_do(struct record *record, int rank, record_change change, void *arg, struct err *err)
{
	return record_do_and_tell(record, rank, change, NULL, arg, err);
}

bool record_do_and_tell(struct record *record, int rank, record_change change,
        void (*tell)(void *arg), void *arg, struct err *err)
{
	struct waiter waiter = {.change = change, .tell = tell, .arg = arg, .err = err};

	if (pthread_equal(pthread_self(), record->thread))
		return err_set(err, ERR_INTERNAL, "记录线程不能等待自己",
		        "the record thread cannot wait for itself");
	pthread_mutex_init(&waiter.mutex, NULL);
	pthread_cond_init(&waiter.told, NULL);
	record_post(record, rank, waiter_change, waiter_done, &waiter);
	pthread_mutex_lock(&waiter.mutex);
	while (!waiter.answered)
		pthread_cond_wait(&waiter.told, &waiter.mutex);
	pthread_mutex_unlock(&waiter.mutex);
	pthread_cond_destroy(&waiter.told);
	pthread_mutex_destroy(&waiter.mutex);
	return waiter.ok;
}

struct watching {
	struct record *record;
	record_watcher watcher;
	void *arg;
};

static bool set_watcher(struct store *store, void *arg, struct err *err)
{
	const struct watching *watching = arg;

	(void)store;
	(void)err;
	watching->record->watcher = watching->watcher;
	watching->record->watcher_arg = watching->arg;
	return true;
}

void record_watch(struct record *record, record_watcher watcher, void *arg)
{
	struct watching watching = {record, watcher, arg};
	struct err err;

	record_do(record, 0, set_watcher, &watching, &err);
}

static bool set_reserved(struct store *store, void *arg, struct err *err)
{
	struct record *record = arg;

	(void)store;
	(void)err;
	record->reserved = true;
	reserve_look(record->folder);
	return true;
}

void record_keep_reserve(struct record *record)
{
	struct err err;

	record_do(record, 0, set_reserved, record, &err);
}

bool record_takes_in(const struct record *record, int rank, struct err *err)
{
	if (rank >= RANK_RED || reserve_there(record->folder))
		return true;
	return err_set(err, ERR_UNAVAILABLE,
	        "记录库所在磁盘将满（%s）：只收红色预警和解除，请尽快腾出空间，再交一次",
	        "the record's disk is nearly full (%s): only red and cancels are taken in; free "
	        "some space and hand it in again",
	        record->folder);
}
