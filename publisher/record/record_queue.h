/* SPDX-License-Identifier: Apache-2.0
 * record_queue - changes waiting for the record thread: highest rank first, equal ranks in order.
 * Any thread may add; one thread takes. Inside this room only.
 */
#ifndef TOCSIN_RECORD_QUEUE_H
#define TOCSIN_RECORD_QUEUE_H

#include <pthread.h>

#include "record.h"

enum { RANKS = 5, RANK_RED = RANKS - 1 };

struct job {
	struct job *next;
	int rank;
	record_change change;
	record_done done;
	void *arg;
	bool ok;
	struct err *err; /* only when refused */
};

struct jobs {
	struct job *first;
	struct job *last;
};
void jobs_add(struct jobs *jobs, struct job *job);
struct job *jobs_take(struct jobs *jobs); /* or NULL */

struct record_queue {
	pthread_mutex_t mutex;
	pthread_cond_t more;
	struct jobs ranks[RANKS];
	bool closed;
};

void queue_init(struct record_queue *queue);
void queue_finish(struct record_queue *queue); /* nobody uses it any more, and it is empty */
void queue_add(struct record_queue *queue, struct job *job);
void queue_close(
        struct record_queue *queue); /* nothing more comes: the taker ends when it is empty */

enum queue_word { QUEUE_JOB, QUEUE_IDLE, QUEUE_CLOSED };
/* Waits until there is something to take, for at most idle_ms (< 0: for ever). */
enum queue_word queue_wait(struct record_queue *queue, long idle_ms);
/* The best job, if its being red (or not) is as wanted; NULL otherwise. */
struct job *record_queue_take(struct record_queue *queue, bool red);
bool queue_red_waits(struct record_queue *queue);

#endif
