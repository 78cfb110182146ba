/* SPDX-License-Identifier: Apache-2.0
 * worker - see worker.h. The queue is bounded: under a flood the front says "busy" and nothing
 * grows.
 */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "mem.h"

struct task {
	worker_job job;
	void *arg;
};

struct workers {
	struct record *record;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct task *queue;
	size_t room, head, count, running;
	bool ending;
	pthread_t *threads;
	struct store **readers;
	size_t thread_count;
};

struct seat {
	struct workers *workers;
	struct store *reader;
};

static bool next_task(struct workers *w, struct task *task)
{
	pthread_mutex_lock(&w->lock);
	while (w->count == 0 && !w->ending)
		pthread_cond_wait(&w->filled, &w->lock);
	bool have = w->count > 0;
	if (have) {
		*task = w->queue[w->head];
		w->head = (w->head + 1) % w->room;
		w->count--;
		w->running++;
	}
	pthread_mutex_unlock(&w->lock);
	return have;
}

static void task_done(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	w->running--;
	pthread_mutex_unlock(&w->lock);
}

static void *work(void *arg)
{
	struct seat *seat = arg;
	struct task task;

	while (next_task(seat->workers, &task)) {
		task.job(seat->reader, task.arg);
		task_done(seat->workers);
	}
	free(seat);
	return NULL;
}

static bool seat_one(struct workers *w, struct err *err)
{
	struct store *reader = record_reader_open(w->record, err);
	struct seat *seat = mem_zero(sizeof *seat);

	seat->workers = w;
	seat->reader = reader;
	if (reader && pthread_create(&w->threads[w->thread_count], NULL, work, seat) == 0) {
		w->readers[w->thread_count++] = reader;
		return true;
	}
	if (reader)
		err_set(err, ERR_UNAVAILABLE, "无法启动工作线程", "cannot start a worker thread");
	record_reader_close(&reader);
	free(seat);
	return false;
}

struct workers *workers_create(struct record *record, long count, size_t queue, struct err *err)
{
	struct workers *w = mem_zero(sizeof *w);

	w->record = record;
	w->queue = mem_array(queue, sizeof *w->queue);
	w->room = queue;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->filled, NULL);
	w->threads = mem_array((size_t)count, sizeof *w->threads);
	w->readers = mem_array((size_t)count, sizeof *w->readers);
	for (long i = 0; i < count; i++) {
		if (!seat_one(w, err)) {
			workers_destroy(&w);
			return NULL;
		}
	}
	return w;
}

void workers_end(struct workers *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_broadcast(&w->filled);
	pthread_mutex_unlock(&w->lock);
	for (size_t i = 0; i < w->thread_count; i++) {
		pthread_join(w->threads[i], NULL);
		record_reader_close(&w->readers[i]);
	}
	w->thread_count = 0;
}

void workers_destroy(struct workers **workers)
{
	struct workers *w = *workers;

	if (!w)
		return;
	workers_end(w);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->filled);
	free(w->queue);
	free(w->threads);
	free(w->readers);
	free(w);
	*workers = NULL;
}

bool workers_add(struct workers *w, worker_job job, void *arg)
{
	pthread_mutex_lock(&w->lock);
	bool room = w->count < w->room && !w->ending;
	if (room) {
		w->queue[(w->head + w->count++) % w->room] = (struct task){job, arg};
		pthread_cond_signal(&w->filled);
	}
	pthread_mutex_unlock(&w->lock);
	return room;
}

bool workers_busy(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	bool busy = w->count + w->running > 0;
	pthread_mutex_unlock(&w->lock);
	return busy;
}
