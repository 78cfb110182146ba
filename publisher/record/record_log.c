/* SPDX-License-Identifier: Apache-2.0
 * record_log - see record_log.h. A write or fsync of the tables that fails is the end, as one of
 * the log is (record.h): logged as fatal, abort().
 */
#include "record_log.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "log.h"
#include "store_db.h"

struct record_log {
	struct store *store; /* the thread's */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t told;
	bool wanted, closing;
};

static void move(struct store *store)
{
	int code =
	        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY)
		return;
	log_event(LOG_FATAL, "record-failed", "during", "checkpoint", "path", store->path, "cause",
	        sqlite3_errmsg(store->db), NULL);
	abort();
}

static void *move_when_told(void *arg)
{
	struct record_log *log = arg;

	pthread_mutex_lock(&log->mutex);
	while (!log->closing) {
		if (!log->wanted) {
			pthread_cond_wait(&log->told, &log->mutex);
			continue;
		}
		log->wanted = false;
		pthread_mutex_unlock(&log->mutex);
		move(log->store);
		pthread_mutex_lock(&log->mutex);
	}
	pthread_mutex_unlock(&log->mutex);
	return NULL;
}

/* Signals are the loop's. */
static bool start(struct record_log *log, struct err *err)
{
	sigset_t all;
	sigset_t before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&log->thread, NULL, move_when_told, log);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code == 0 || err_set(err, ERR_UNAVAILABLE, "记录线程起不来（%d）",
	                            "the record thread cannot be started (%d)", code);
}

static void let_go(struct record_log *log)
{
	pthread_cond_destroy(&log->told);
	pthread_mutex_destroy(&log->mutex);
	store_close(&log->store);
	free(log);
}

struct record_log *record_log_open(const char *path, struct err *err)
{
	struct store *store = store_open(path, STORE_WRITE, err);

	if (!store)
		return NULL;
	struct record_log *log = mem_zero(sizeof *log);
	log->store = store;
	pthread_mutex_init(&log->mutex, NULL);
	pthread_cond_init(&log->told, NULL);
	if (start(log, err))
		return log;
	let_go(log);
	return NULL;
}

void record_log_move(struct record_log *log)
{
	pthread_mutex_lock(&log->mutex);
	log->wanted = true;
	pthread_cond_signal(&log->told);
	pthread_mutex_unlock(&log->mutex);
}

void record_log_close(struct record_log **log)
{
	struct record_log *l = *log;

	if (!l)
		return;
	*log = NULL;
	pthread_mutex_lock(&l->mutex);
	l->closing = true;
	pthread_cond_signal(&l->told);
	pthread_mutex_unlock(&l->mutex);
	pthread_join(l->thread, NULL);
	let_go(l);
}
