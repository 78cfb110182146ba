/* SPDX-License-Identifier: Apache-2.0
 * loop - tocsind's one event loop, and the only way other threads talk to it: they post.
 *
 * Nothing in the loop touches the disk or foreign XML. libevent must be told of threads before
 * loop_create (it does that itself).
 */
#ifndef TOCSIN_LOOP_H
#define TOCSIN_LOOP_H

#include <event2/event.h>
#include <stdint.h>

struct loop;
typedef void (*loop_call)(void *arg);

struct loop *loop_create(void);
void loop_destroy(struct loop **loop); /* runs what is still posted */
struct event_base *loop_base(struct loop *loop);
void loop_run(struct loop *loop);                             /* until loop_stop */
void loop_stop(struct loop *loop);                            /* from the loop thread */
void loop_post(struct loop *loop, loop_call call, void *arg); /* any thread; calls come in order */
/* After loop_run has ended: what was posted by threads that are gone, while what it is about still
 * stands. */
void loop_run_posted(struct loop *loop);

#endif
