/* SPDX-License-Identifier: Apache-2.0
 * promptness - see promptness.h. Relies on the record's order: a group's rows come together, so
 * only one group is held at a time.
 */
#include "promptness.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { LATE_MOST = 1000 };

enum span { SPAN_DRAFT, SPAN_REVIEW, SPAN_SIGN, SPAN_RELEASE, SPAN_TOTAL, SPAN_CHANNEL, SPANS };

static const char *const span_words[SPANS] = {
        "draft", "review", "sign", "release", "total", "channel"};

struct tally {
	int64_t *took; /* ms */
	size_t count, on_time, unaccepted;
	int64_t reached, failed;
};

struct assessment {
	const struct config_prompt *limits;
	const char *month;
	int64_t now;
	json_t *rows, *late;
	char *unit, *kind, *hazard, *level, *target; /* of the group being gathered */
	struct tally tallies[SPANS];
};

static long limit_of(const struct assessment *a, enum span span, const char *level_word)
{
	const struct config_prompt *l = a->limits;
	const long *by_level[SPANS] = {
	        l->draft, l->review, l->sign, l->release, l->total, l->channel};
	enum level level = LEVEL_NONE;

	level_read(level_word, &level);
	return by_level[span][level];
}

static int shorter(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static double seconds(int64_t ms)
{
	return (double)ms / 1000;
}

/* The value below or at which this share of them lies. */
static json_t *rank(const struct tally *tally, size_t percent)
{
	if (!tally->count)
		return json_null();
	size_t at = (tally->count * percent + 99) / 100;

	return json_real(seconds(tally->took[at ? at - 1 : 0]));
}

static void write_row(struct assessment *a, enum span span)
{
	struct tally *t = &a->tallies[span];
	size_t all = t->count + t->unaccepted;

	if (all == 0)
		return;
	if (t->count)
		qsort(t->took, t->count, sizeof *t->took, shorter);
	json_t *row = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:f,s:o,s:o,s:o,s:f}",
	        "month", a->month, "unit", a->unit, "kind", a->kind, "hazard", a->hazard, "level",
	        a->level, "step", span_words[span], "target", span == SPAN_CHANNEL ? a->target : "",
	        "count", (json_int_t)all, "on_time", (json_int_t)t->on_time, "share",
	        (double)t->on_time / (double)all, "median", rank(t, 50), "p90", rank(t, 90),
	        "worst", rank(t, 100), "limit", seconds(limit_of(a, span, a->level)));
	if (span == SPAN_CHANNEL) {
		json_object_set_new(row, "unaccepted", json_integer((json_int_t)t->unaccepted));
		json_object_set_new(row, "reached", json_integer(t->reached));
		json_object_set_new(row, "failed", json_integer(t->failed));
	}
	json_array_append_new(a->rows, row);
}

static void end_group(struct assessment *a)
{
	for (int span = 0; span < SPANS; span++) {
		write_row(a, (enum span)span);
		free(a->tallies[span].took);
		a->tallies[span] = (struct tally){0};
	}
}

static bool same_group(const struct assessment *a, const struct report_group *g, const char *target)
{
	return a->unit && strcmp(a->unit, g->unit) == 0 && strcmp(a->kind, g->kind) == 0 &&
	       strcmp(a->hazard, g->hazard) == 0 && strcmp(a->level, g->level) == 0 &&
	       strcmp(a->target, target) == 0;
}

static void in_group(struct assessment *a, const struct report_group *g, const char *target)
{
	if (same_group(a, g, target))
		return;
	end_group(a);
	mem_set_text(&a->unit, g->unit);
	mem_set_text(&a->kind, g->kind);
	mem_set_text(&a->hazard, g->hazard);
	mem_set_text(&a->level, g->level);
	mem_set_text(&a->target, target);
}

/* What a late row is about. */
struct about {
	int64_t bulletin;
	const char *identifier, *headline, *reason, *target;
};

static void write_late(struct assessment *a, const struct about *about, enum span span,
        int64_t took, bool finished)
{
	char *id = mem_format("b%lld", (long long)about->bulletin);

	if (json_array_size(a->late) < LATE_MOST)
		json_array_append_new(a->late,
		        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:f,s:f,s:b,s:s}", "id", id,
		                "identifier", about->identifier, "headline", about->headline,
		                "unit", a->unit, "level", a->level, "step", span_words[span],
		                "target", about->target, "took", seconds(took), "limit",
		                seconds(limit_of(a, span, a->level)), "finished", finished,
		                "reason", about->reason));
	free(id);
}

static void count(struct assessment *a, const struct about *about, enum span span, int64_t from,
        int64_t until)
{
	struct tally *t = &a->tallies[span];
	int64_t took = until - from;

	if (from == 0 || until == 0)
		return;
	took = took < 0 ? 0 : took;
	*(int64_t *)mem_push(&t->took, &t->count, sizeof *t->took) = took;
	if (took <= limit_of(a, span, a->level))
		t->on_time++;
	else
		write_late(a, about, span, took, true);
}

static void moments(void *ctx, const struct report_moments *m)
{
	struct assessment *a = ctx;
	const struct about about = {m->bulletin, m->identifier, m->headline, m->reason, ""};

	in_group(a, &m->group, "");
	count(a, &about, SPAN_DRAFT, m->received, m->submitted);
	count(a, &about, SPAN_REVIEW, m->submitted, m->reviewed);
	count(a, &about, SPAN_SIGN, m->reviewed ? m->reviewed : m->submitted, m->approved);
	count(a, &about, SPAN_RELEASE, m->approved, m->released);
	count(a, &about, SPAN_TOTAL, m->received, m->released);
}

static void channel(void *ctx, const struct report_channel *c)
{
	struct assessment *a = ctx;
	struct tally *t = &a->tallies[SPAN_CHANNEL];
	const struct about about = {c->bulletin, c->identifier, c->headline, c->reason, c->target};

	in_group(a, &c->group, c->target);
	t->reached += c->reached;
	t->failed += c->failed;
	if (c->accepted) {
		count(a, &about, SPAN_CHANNEL, c->released, c->accepted);
		return;
	}
	t->unaccepted++;
	if (a->now - c->released > limit_of(a, SPAN_CHANNEL, a->level))
		write_late(a, &about, SPAN_CHANNEL, a->now - c->released, false);
}

bool promptness_add(struct store *reader, const struct config_prompt *limits, const char *month,
        int64_t from, int64_t until, int64_t now, json_t *rows, json_t *late, struct err *err)
{
	struct assessment a = {
	        .limits = limits, .month = month, .now = now, .rows = rows, .late = late};
	bool ok = store_report_moments(reader, from, until, moments, &a, err);

	end_group(&a);
	ok = ok && store_report_channels(reader, from, until, channel, &a, err);
	end_group(&a);
	free(a.unit);
	free(a.kind);
	free(a.hazard);
	free(a.level);
	free(a.target);
	return ok;
}
