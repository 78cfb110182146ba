/* SPDX-License-Identifier: Apache-2.0
 * host_loop - what tocsin-channel does, turn by turn: connect, open, deliver, tend, wait.
 *
 * Every duty has its own time; nothing waits longer than a second. With tocsind away the channel is
 * tended all the same. Ends when the process is told to stop.
 */
#include "host.h"

#include <poll.h>
#include <stdlib.h>

#include "log.h"
#include "when.h"

enum { TEND_EVERY = 1000, GUARD_TEND = 30000, FAREWELL = 2000 }; /* ms */

static void tend(struct host *host)
{
	struct channel_work work = {host};

	if (!host->open || when_boot() < host->next_tend)
		return;
	if (host->channel->type->tend) {
		host_guard(GUARD_TEND);
		host->channel->type->tend(host->channel, &work);
		host_guard(0);
	}
	host_far_look(host);
	host->next_tend = when_boot() + TEND_EVERY;
}

/* The newest bulletin may have come ahead of its job: what can be said of it is known by then. */
static void check_ahead(struct host *host)
{
	struct err err;

	if (host->welcome && host->bulletins && !host->jobs)
		host_check_bulletin(host, host->bulletins, &err);
}

static int64_t next_duty(const struct host *host)
{
	int64_t next = when_boot() + TEND_EVERY;

	if (host->open && host->next_tend < next)
		next = host->next_tend;
	if (host->channel && !host->open && host->next_open < next)
		next = host->next_open;
	if (host->fd < 0 && host->next_connect < next)
		next = host->next_connect;
	return next;
}

static void wait_for_frames(struct host *host, int64_t until)
{
	int64_t now = when_boot();

	if (host->fd >= 0)
		host_link_read(host, until > now ? until : now);
	else if (until > now)
		poll(NULL, 0, (int)(until - now));
}

/* STOP: nothing is in flight between two calls of deliver, so what is left are receipts to be
 * acknowledged. */
static void finish_if_asked(struct host *host)
{
	if (!host->finishing)
		return;
	int64_t until = when_boot() + FAREWELL;
	while (host->fd >= 0 && host->kept_count && when_boot() < until)
		host_link_read(host, until);
	host_link_close(host, NULL);
}

static void one_turn(struct host *host)
{
	int64_t step;

	steady_look(&host->clock, when_now(), when_boot(), &step);
	host_link_connect(host);
	host_setup_open(host);
	if (host->open && host->welcome && host_job_next(host))
		host_deliver(host);
	host_jobs_drop_ended(host);
	tend(host);
	host_say_held(host);
	finish_if_asked(host);
	check_ahead(host);
	if (!host->open || !host->welcome || !host->jobs)
		wait_for_frames(host, next_duty(host));
}

static void farewell(struct host *host)
{
	host->finishing = true;
	host_jobs_drop(host, false);
	finish_if_asked(host);
	log_event(LOG_INFO, "stopped", "far", host->name, "lane", host->lane, NULL);
	host_link_close(host, NULL);
	host_setup_finish(host);
	host_bulletins_drop(host);
	host_kept_finish(host);
	buf_finish(&host->in);
	buf_finish(&host->reports);
	key_destroy(&host->alert_key);
	key_destroy(&host->status_key);
}

void host_run(struct host *host)
{
	host->fd = -1;
	buf_init(&host->in, (size_t)2 * FRAME_MAX);
	buf_init(&host->reports, FRAME_MAX);
	while (!host_stopping())
		one_turn(host);
	farewell(host);
}
