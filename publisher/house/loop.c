/* SPDX-License-Identifier: Apache-2.0
 * loop - see loop.h. Posts wake the loop through an eventfd; a post never waits.
 */
#include "loop.h"

#include <event2/thread.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mem.h"

struct post {
	struct post *next;
	loop_call call;
	void *arg;
};

struct loop {
	struct event_base *base;
	struct event *wake;
	int fd;
	pthread_mutex_t lock;
	struct post *first, **last;
};

static struct post *take_all(struct loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	struct post *posts = loop->first;
	loop->first = NULL;
	loop->last = &loop->first;
	pthread_mutex_unlock(&loop->lock);
	return posts;
}

static void run_posts(evutil_socket_t fd, short what, void *arg)
{
	struct loop *loop = arg;
	uint64_t count;

	(void)what;
	if (read(fd, &count, sizeof count) < 0)
		count = 0;
	for (struct post *post = take_all(loop); post;) {
		struct post *next = post->next;
		post->call(post->arg);
		free(post);
		post = next;
	}
}

struct loop *loop_create(void)
{
	struct loop *loop = mem_zero(sizeof *loop);

	evthread_use_pthreads();
	loop->base = event_base_new();
	loop->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!loop->base || loop->fd < 0)
		abort();
	pthread_mutex_init(&loop->lock, NULL);
	loop->last = &loop->first;
	loop->wake = event_new(loop->base, loop->fd, EV_READ | EV_PERSIST, run_posts, loop);
	event_add(loop->wake, NULL);
	return loop;
}

void loop_run_posted(struct loop *loop)
{
	while (loop->first)
		run_posts(loop->fd, 0, loop);
}

void loop_destroy(struct loop **loop)
{
	if (!*loop)
		return;
	loop_run_posted(*loop);
	event_free((*loop)->wake);
	event_base_free((*loop)->base);
	close((*loop)->fd);
	pthread_mutex_destroy(&(*loop)->lock);
	free(*loop);
	*loop = NULL;
}

struct event_base *loop_base(struct loop *loop)
{
	return loop->base;
}

void loop_run(struct loop *loop)
{
	event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

void loop_post(struct loop *loop, loop_call call, void *arg)
{
	struct post *post = mem_zero(sizeof *post);
	uint64_t one = 1;

	post->call = call;
	post->arg = arg;
	pthread_mutex_lock(&loop->lock);
	*loop->last = post;
	loop->last = &post->next;
	pthread_mutex_unlock(&loop->lock);
	if (write(loop->fd, &one, sizeof one) < 0)
		return; /* the counter is full: the loop is awake anyway */
}
