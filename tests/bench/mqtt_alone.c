/* SPDX-License-Identifier: Apache-2.0
 * mqtt_alone - the MQTT channel by itself: mqtt_alone HOST PORT USER PASSWORD_FILE BYTES JOBS
 * delivers that many warnings with payloads of one line of so many bytes, three messages each (two
 * live, one retained), all acknowledged; no tocsind, no host, no signature, no record. Prints
 * "MESSAGES SECONDS", from the first job taken to the last answer. For bench_mqtt.py; exits 1 with
 * a sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "options.h"
#include "when.h"

/* The host's side of the contract: gives out one job after the other. */
struct channel_work {
	struct channel_bulletin *bulletins;
	const struct channel_bulletin **active; /* all of them; the first `taken` are in force */
	struct channel_job *jobs;
	size_t count, taken, answered, failed;
	const char *line;
	double first, last; /* ms */
	char why[256];
};

const struct channel_job *work_take(struct channel_work *work)
{
	size_t i = work->taken;
	struct channel_job *job = &work->jobs[i];

	if (i == work->count)
		return NULL;
	work->taken++;
	*job = (struct channel_job){.id = work->bulletins[i].view.identifier,
	        .kind = CHANNEL_ISSUE,
	        .attempt = 1,
	        .bulletin = &work->bulletins[i],
	        .text = work->line,
	        .active = work->active,
	        .active_count = work->taken,
	        .active_era = 1,
	        .active_digest = work->line, /* cut to a digest's length; nobody reads it */
	        .sequence = (int64_t)i + 1,
	        .deadline = when_boot() + 60000,
	        .expires = work->bulletins[i].view.expires};
	if (i == 1)
		work->first = figure_ms(CLOCK_MONOTONIC);
	return job;
}

void work_done(struct channel_work *work, const struct channel_job *job, int recipient,
        const struct channel_receipt *receipt)
{
	(void)job;
	(void)recipient;
	work->answered++;
	work->last = figure_ms(CLOCK_MONOTONIC);
	if (receipt->verdict == CHANNEL_DELIVERED)
		return;
	work->failed++;
	snprintf(work->why, sizeof work->why, "%s", receipt->reason);
}

int work_wakes(struct channel_work *work)
{
	(void)work;
	return -1;
}

bool work_halted(struct channel_work *work, const struct channel_job *job)
{
	(void)work;
	(void)job;
	return false;
}

bool work_overtaken(struct channel_work *work, const struct channel_job *job)
{
	(void)work;
	(void)job;
	return false;
}

size_t work_unwritten(struct channel_work *work, const struct channel_job *job)
{
	(void)work;
	(void)job;
	return 0;
}

void work_far(struct channel_work *work, bool well, const char *why)
{
	(void)work;
	(void)well;
	(void)why;
}

void work_report(
        struct channel_work *work, const char *far_id, const struct channel_receipt *receipt)
{
	(void)work;
	(void)far_id;
	(void)receipt;
}

static void make_bulletins(struct channel_work *work)
{
	int64_t now = when_now();

	for (size_t i = 0; i < work->count; i++) {
		struct channel_bulletin *b = &work->bulletins[i];
		view_init(&b->view);
		free(b->view.identifier);
		b->view.identifier = mem_format("alone-%lld-%zu", (long long)now, i);
		mem_set_text(&b->view.hazard, "11B03");
		b->view.level = LEVEL_YELLOW;
		b->view.expires = now + 3600000;
		mem_set_text(&view_add_area(&b->view)->code, "120116");
		b->cap = work->line;
		b->cap_len = strlen(work->line);
		work->active[i] = b;
	}
}

/* The first is not counted: before it nobody knows what the broker holds. */
static void deliver(struct channel *channel, struct channel_work *work)
{
	size_t all = work->count;

	work->count = 1;
	channel->type->deliver(channel, work);
	work->count = all;
	channel->type->deliver(channel, work);
}

static struct channel *open_channel(char **argv, struct err *err)
{
	struct channel_setting settings[] = {{(char *)"host", argv[1]}, {(char *)"port", argv[2]},
	        {(char *)"username", argv[3]}, {(char *)"password", argv[4]},
	        {(char *)"client_id", (char *)"alone"},
	        {(char *)"topic_root", (char *)"alert/alone"}};
	struct channel *channel = channel_create(
	        channel_type_find("mqtt"), settings, sizeof settings / sizeof *settings, err);

	if (!channel)
		return NULL;
	channel->name = "alone";
	channel->node = "bench";
	channel->lane = "all";
	channel->mode = MODE_LIVE;
	if (!channel->type->open(channel, err))
		channel_destroy(&channel);
	return channel;
}

static void measure(struct channel *channel, size_t bytes, size_t jobs)
{
	char *line = mem_zero(bytes + 1);
	struct channel_work work = {.count = jobs + 1, .line = line};

	memset(line, 'x', bytes);
	work.bulletins = mem_array(work.count, sizeof *work.bulletins);
	work.active = mem_array(work.count, sizeof *work.active);
	work.jobs = mem_array(work.count, sizeof *work.jobs);
	make_bulletins(&work);
	deliver(channel, &work);
	if (work.failed || work.answered != work.count)
		fprintf(stderr, "mqtt_alone: %zu of %zu failed: %s\n", work.failed, work.answered,
		        work.why);
	else
		printf("%zu %.6f\n", 3 * jobs, (work.last - work.first) / 1000);
	for (size_t i = 0; i < work.count; i++)
		view_finish(&work.bulletins[i].view);
	free(work.bulletins);
	free(work.active);
	free(work.jobs);
	free(line);
}

int main(int argc, char **argv)
{
	struct err err = {0};

	digest_setup();
	if (argc != 7) {
		fputs("usage: mqtt_alone HOST PORT USER PASSWORD_FILE BYTES JOBS\n", stderr);
		return 64;
	}
	struct channel *channel = open_channel(argv, &err);
	if (!channel) {
		fprintf(stderr, "mqtt_alone: %s\n", err.en);
		return 1;
	}
	measure(channel, strtoul(argv[5], NULL, 10), strtoul(argv[6], NULL, 10));
	channel_destroy(&channel);
	return 0;
}
