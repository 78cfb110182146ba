/* SPDX-License-Identifier: Apache-2.0
 * chores - see chores.h. The loop keeps the time, workers do the work; a busy house leaves a chore
 * out rather than queue it twice.
 */
#include "chores.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "loop.h"
#include "when.h"

enum { LOOK_MS = 200 };

struct errand {
	struct house *house;
	const struct chore *chore;
	int64_t due;        /* boot ms */
	atomic_int running; /* set by the loop, taken back by the worker */
};

struct chores {
	struct errand *errands;
	size_t count;
	struct house *house;
	struct event *timer;
};

static void run(struct store *reader, void *arg)
{
	struct errand *errand = arg;

	errand->chore->run(errand->house, reader, when_now());
	atomic_store(&errand->running, 0);
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct chores *chores = arg;
	int64_t now = when_boot();

	(void)fd;
	(void)what;
	for (size_t i = 0; i < chores->count; i++) {
		struct errand *errand = &chores->errands[i];
		if (now < errand->due || atomic_exchange(&errand->running, 1))
			continue;
		errand->due = now + errand->chore->every;
		if (!workers_add(chores->house->tenders, run, errand))
			atomic_store(&errand->running, 0);
	}
}

struct chores *chores_create(struct house *house, const struct chore *table)
{
	const struct timeval look = {.tv_usec = LOOK_MS * 1000};
	struct chores *chores = mem_zero(sizeof *chores);

	chores->house = house;
	for (const struct chore *chore = table; chore->name; chore++)
		chores->count++;
	chores->errands = mem_array(chores->count, sizeof *chores->errands);
	for (size_t i = 0; i < chores->count; i++) {
		chores->errands[i].house = house;
		chores->errands[i].chore = &table[i];
		chores->errands[i].due = when_boot() + table[i].every;
		atomic_init(&chores->errands[i].running, 0);
	}
	chores->timer = event_new(loop_base(house->loop), -1, EV_PERSIST, on_time, chores);
	event_add(chores->timer, &look);
	return chores;
}

void chores_stop(struct chores *chores)
{
	if (chores->timer)
		event_free(chores->timer);
	chores->timer = NULL;
}

void chores_destroy(struct chores **chores)
{
	struct chores *c = *chores;

	if (!c)
		return;
	chores_stop(c);
	free(c->errands);
	free(c);
	*chores = NULL;
}
