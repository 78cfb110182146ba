/* SPDX-License-Identifier: Apache-2.0
 * outbox_report - what the phone network reports of single recipients, gathered: all that came
 * while the last round was written, and for a moment after a round began, is the next round, one
 * change for each delivery in it. So a flood shares a commit by the hundred, and a trickle beside a
 * bulk job by the handful. Last in line at the record, where a red ends the group of changes it
 * comes upon.
 */
#include "outbox_private.h"

#include <stdlib.h>

#include "log.h"
#include "when.h"

/* Rounds begin so far apart, unless so many are there: a gateway has hundreds of calls open. */
enum { ROUND_MS = 20, ROUND_MANY = 256 };

struct round;

/* The reports of a round about one delivery: a change of its own. */
struct span {
	struct round *round;
	const struct outbox_report *items;
	struct report_said *said;
	size_t count;
	struct report_news news;
	bool ok;
	struct err err;
};

/* On its way: loop -> record thread -> loop. */
struct round {
	struct outbox *outbox;
	struct outbox_report *items;
	size_t count;
	struct span *spans;
	size_t span_count;
	size_t left; /* not written yet; the record thread's */
};

static int by_delivery(const void *a, const void *b)
{
	int64_t left = ((const struct outbox_report *)a)->delivery;
	int64_t right = ((const struct outbox_report *)b)->delivery;

	return (left > right) - (left < right);
}

static void round_destroy(struct round *round)
{
	for (size_t i = 0; i < round->span_count; i++) {
		report_news_finish(&round->spans[i].news);
		free(round->spans[i].said);
	}
	free(round->spans);
	free(round->items);
	free(round);
}

static bool write_span(struct store *store, void *arg, struct err *err)
{
	struct span *span = arg;

	for (size_t i = 0; i < span->count; i++)
		span->said[i] = (struct report_said){
		        .recipient = span->items[i].recipient, .word = span->items[i].word};
	return record_takes_in(span->round->outbox->record, 0, err) &&
	       store_add_reports(store, span->items->delivery, span->said, span->count, when_now(),
	               &span->news, err);
}

static void post_soon(struct outbox *outbox);

static void tell(struct outbox *outbox, const struct span *span)
{
	struct err nobody;

	err_set(&nobody, ERR_MISSING, "没有这个回执地址", "no such callback");
	for (size_t i = 0; i < span->count; i++) {
		const struct outbox_report *one = &span->items[i];
		bool refused = span->ok && span->said[i].refused;
		outbox->figures.refused += !span->ok || refused;
		one->told(one->arg, !span->ok ? &span->err : refused ? &nobody : NULL);
	}
}

/* Loop thread: nobody is in doubt about it any more. It was parked, which needs no change. */
void outbox_known_by_reports(struct outbox *outbox, int64_t delivery)
{
	dispatch_withdraw(outbox->dispatch, delivery, "known by late reports", when_boot());
}

static void follow(struct outbox *outbox, const struct span *span)
{
	const struct report_news *news = &span->news;
	int target = news->target ? outbox_target_index(outbox->config, news->target) : -1;

	if (target >= 0)
		for (int word = 0; word < REPORT_WORDS; word++)
			outbox->figures.reports[target].counts[word] += news->gained.counts[word];
	if (!news->ended)
		return;
	log_event(LOG_INFO, "delivery", "bulletin", news->bulletin, "target", news->target, "state",
	        delivery_state_text(news->state), "reason", "known by late reports", NULL);
	if (target >= 0)
		outbox->figures.ended[target][news->state]++;
	outbox_known_by_reports(outbox, span->items->delivery);
}

/* Loop thread: all of the round is on disk, or refused. */
static void told(void *arg)
{
	struct round *round = arg;
	struct outbox *outbox = round->outbox;

	outbox->reports.writing = false;
	for (size_t i = 0; i < round->span_count; i++) {
		follow(outbox, &round->spans[i]);
		tell(outbox, &round->spans[i]);
	}
	round_destroy(round);
	post_soon(outbox);
}

/* Record thread, after each commit. */
static void written(void *arg, bool ok, const struct err *err)
{
	struct span *span = arg;
	struct round *round = span->round;

	span->ok = ok;
	if (!ok && err)
		span->err = *err;
	if (--round->left == 0)
		loop_post(round->outbox->loop, told, round);
}

static void cut(struct round *round)
{
	for (size_t i = 0; i < round->count; i++) {
		struct outbox_report *item = &round->items[i];
		if (!i || item->delivery != item[-1].delivery)
			*(struct span *)mem_push(&round->spans, &round->span_count,
			        sizeof *round->spans) = (struct span){.items = item};
		round->spans[round->span_count - 1].count++;
	}
	for (size_t i = 0; i < round->span_count; i++) {
		struct span *span = &round->spans[i];
		span->round = round;
		span->said = mem_array(span->count, sizeof *span->said);
	}
	round->left = round->span_count;
}

static void post(struct outbox *outbox)
{
	struct round *round = mem_zero(sizeof *round);

	*round = (struct round){
	        .outbox = outbox, .items = outbox->reports.items, .count = outbox->reports.count};
	outbox->reports = (struct reports){
	        .writing = true, .last = when_boot(), .timer = outbox->reports.timer};
	qsort(round->items, round->count, sizeof *round->items, by_delivery);
	cut(round);
	size_t count = round->span_count; /* the last one written may end the round */
	for (size_t i = 0; i < count; i++)
		record_post(outbox->record, 0, write_span, written, &round->spans[i]);
}

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (outbox->reports.count && !outbox->reports.writing)
		post(outbox);
}

static void post_soon(struct outbox *outbox)
{
	struct reports *reports = &outbox->reports;
	int64_t wait = reports->last + ROUND_MS - when_boot();
	const struct timeval pause = {.tv_usec = wait * 1000};

	if (!reports->count || reports->writing)
		return;
	if (!reports->timer)
		reports->timer = evtimer_new(loop_base(outbox->loop), on_time, outbox);
	if (wait <= 0 || reports->count >= ROUND_MANY)
		post(outbox);
	else if (!evtimer_pending(reports->timer, NULL))
		evtimer_add(reports->timer, &pause);
}

void outbox_report(struct outbox *outbox, const struct outbox_report *report)
{
	struct reports *reports = &outbox->reports;

	*(struct outbox_report *)mem_push(
	        &reports->items, &reports->count, sizeof *reports->items) = *report;
	post_soon(outbox);
}

void outbox_no_report(struct outbox *outbox)
{
	outbox->figures.refused++;
}
