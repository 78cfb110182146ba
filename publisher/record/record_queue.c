/* SPDX-License-Identifier: Apache-2.0
 * record_queue - see record_queue.h. A mutex, a condition, one list per rank. Cannot fail.
 */
#include "record_queue.h"

#include <errno.h>
#include <time.h>

void jobs_add(struct jobs *jobs, struct job *job)
{
	job->next = NULL;
	if (jobs->last)
		jobs->last->next = job;
	else
		jobs->first = job;
	jobs->last = job;
}

struct job *jobs_take(struct jobs *jobs)
{
	struct job *job = jobs->first;

	if (!job)
		return NULL;
	jobs->first = job->next;
	if (!jobs->first)
		jobs->last = NULL;
	job->next = NULL;
	return job;
}

void queue_init(struct record_queue *queue)
{
	pthread_condattr_t attributes;

	*queue = (struct record_queue){0};
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->more, &attributes);
	pthread_condattr_destroy(&attributes);
}

void queue_finish(struct record_queue *queue)
{
	pthread_cond_destroy(&queue->more);
	pthread_mutex_destroy(&queue->mutex);
}

void queue_add(struct record_queue *queue, struct job *job)
{
	pthread_mutex_lock(&queue->mutex);
	jobs_add(&queue->ranks[job->rank], job);
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->mutex);
}

void queue_close(struct record_queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->closed = true;
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->mutex);
}

/* The list to take from next, or NULL. With the mutex held. */
static struct jobs *best(struct record_queue *queue)
{
	for (int rank = RANKS - 1; rank >= 0; rank--)
		if (queue->ranks[rank].first)
			return &queue->ranks[rank];
	return NULL;
}

static struct timespec moment_after(long ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += ms / 1000;
	at.tv_nsec += ms % 1000 * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000;
	}
	return at;
}

enum queue_word queue_wait(struct record_queue *queue, long idle_ms)
{
	struct timespec until = moment_after(idle_ms < 0 ? 0 : idle_ms);
	int waited = 0;

	pthread_mutex_lock(&queue->mutex);
	while (!best(queue) && !queue->closed && waited != ETIMEDOUT) {
		if (idle_ms < 0)
			waited = pthread_cond_wait(&queue->more, &queue->mutex);
		else
			waited = pthread_cond_timedwait(&queue->more, &queue->mutex, &until);
	}
	enum queue_word word = best(queue) ? QUEUE_JOB : queue->closed ? QUEUE_CLOSED : QUEUE_IDLE;
	pthread_mutex_unlock(&queue->mutex);
	return word;
}

struct job *record_queue_take(struct record_queue *queue, bool red)
{
	struct job *job = NULL;

	pthread_mutex_lock(&queue->mutex);
	struct jobs *jobs = best(queue);
	if (jobs && (jobs->first->rank == RANK_RED) == red)
		job = jobs_take(jobs);
	pthread_mutex_unlock(&queue->mutex);
	return job;
}

bool queue_red_waits(struct record_queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	bool waits = queue->ranks[RANK_RED].first != NULL;
	pthread_mutex_unlock(&queue->mutex);
	return waits;
}
