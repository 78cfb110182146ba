/* SPDX-License-Identifier: Apache-2.0
 * bench_decide - one decision over 1,000 grants and 10,000 officers: against the limit of 20
 * microseconds, and against the walk over all rows and officers that an uncompiled policy would be.
 *
 * Two policies: the grants spread over 50 units, and all of them one unit's, each asked by every
 * kind of request: permitted in its own right, on behalf, denied for its area, its people, a
 * forbid. Medians, alternating ours and theirs. The naive walk asks conditions (1) to (4) only, and
 * no words, so it is the smaller task.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "figure.h"

enum { UNITS = 50, OFFICERS = 10000, GRANTS = 1000, FORBIDS = 40, PAIRS = 20000, LIMIT_US = 20 };

static void put_people(struct buf *out)
{
	buf_text(out, "version: 1\nunits:\n");
	for (int i = 0; i < UNITS; i++)
		buf_format(out, "  - {id: u%d%s}\n", i, i ? ", superior: u0" : "");
	buf_text(out, "officers:\n");
	for (int i = 0; i < OFFICERS; i++)
		buf_format(out,
		        "  - {id: officer-%d, unit: u%d, duties: [draft, review, sign, publish]}\n",
		        i, i % UNITS);
}

/* Every 20th row of a unit is on behalf of the next one. */
static void put_grants(struct buf *out, int units)
{
	buf_text(out, "grants:\n");
	for (int i = 0; i < GRANTS; i++) {
		int unit = i % units;
		char behalf[40] = "handle";
		if (i / units % 20 == 19)
			snprintf(behalf, sizeof behalf, "behalf, of: u%d", (unit + 1) % UNITS);
		buf_format(out,
		        "  - {unit: u%d, role: %s, acts: [publish, update, cancel], hazards: "
		        "[1%dB%d*], levels: [red, orange, yellow, blue], areas: ['%06d', "
		        "'%06d'], channels: ['*'], from: 2026-01-01, until: 2030-01-01, basis: "
		        "law %d}\n",
		        unit, behalf, i % 3, i % 10, 110000 + i % 40 * 100, 120100 + i % 20, i);
	}
}

static struct policy *make_policy(int units)
{
	struct buf out;
	struct err err = {0};

	buf_init(&out, 0);
	put_people(&out);
	put_grants(&out, units);
	buf_text(&out, "forbids:\n");
	for (int i = 0; i < FORBIDS; i++)
		buf_format(&out,
		        "  - {unless_unit: u%d, hazards: [11B%d*], areas: ['%06d'], basis: b}\n",
		        i % UNITS, i % 10, 120100 + i);
	buf_text(&out, "signoff:\n  - {levels: [red], reviews: 1, signs: 2}\n"
	               "  - {levels: [orange, yellow, blue], reviews: 1, signs: 1}\n");
	struct policy *policy = policy_parse("bench", out.data, out.len, &err);
	if (!policy)
		fprintf(stderr, "bench_decide: %s\n", err.en);
	buf_finish(&out);
	return policy;
}

/* A request and the texts it borrows. */
struct question {
	char hazard[16], area[16];
	char people[5][32]; /* officer, drafter, reviewer, two signers */
	const char *area_list[1], *reviews[1], *signs[2];
	struct request request;
};

static const char *const channels[] = {"mqtt", "website", "sms"};

/* Made to fit the i-th row, but for every fourth. */
static void make_question(struct question *q, int units, int i)
{
	static const enum level levels[] = {LEVEL_RED, LEVEL_ORANGE, LEVEL_BLUE};
	int row = i * 7919 % GRANTS;
	int unit = row % units;

	snprintf(q->hazard, sizeof q->hazard, "1%dB%d1", row % 3, row % 10);
	snprintf(q->area, sizeof q->area, "%06d", i % 4 ? 120100 + row % 20 : 130000);
	for (int k = 0; k < 5; k++)
		snprintf(q->people[k], sizeof q->people[k], "officer-%d",
		        (unit + UNITS * (k + i % 190)) % OFFICERS);
	q->area_list[0] = q->area;
	q->reviews[0] = q->people[2];
	q->signs[0] = q->people[3];
	q->signs[1] = q->people[4];
	q->request = (struct request){.officer = q->people[0],
	        .verb = VERB_PUBLISH,
	        .kind = KIND_WARNING,
	        .hazard = q->hazard,
	        .level = levels[i % 3],
	        .areas = q->area_list,
	        .area_count = 1,
	        .channels = channels,
	        .channel_count = 3,
	        .status = "Actual",
	        .disclosure = DISCLOSURE_PROACTIVE,
	        .screening = SCREENING_REVIEWED,
	        .drafter = q->people[1],
	        .reviews = q->reviews,
	        .review_count = 1,
	        .signs = q->signs,
	        .sign_count = 2,
	        .at = 1795395600000};
}

static const struct officer *walk_to(const struct policy *policy, const char *id)
{
	for (size_t i = 0; i < policy->officer_count; i++)
		if (strcmp(policy->officers[i].id, id) == 0)
			return &policy->officers[i];
	return NULL;
}

static bool any_covers(const struct texts *patterns, const char *code,
        bool (*covers)(const char *pattern, const char *code))
{
	for (size_t i = 0; i < patterns->count; i++)
		if (covers(patterns->items[i], code))
			return true;
	return false;
}

/* What it would be without an index: every officer, every grant, every forbid, as they stand. */
static bool naive(const struct policy *policy, const struct request *r)
{
	const struct officer *officer = walk_to(policy, r->officer);
	bool people = officer && walk_to(policy, r->drafter) && walk_to(policy, r->reviews[0]) &&
	              walk_to(policy, r->signs[0]) && walk_to(policy, r->signs[1]);
	bool granted = false;

	for (size_t i = 0; people && i < policy->grant_count; i++) {
		const struct grant *row = &policy->grants[i];
		granted |= strcmp(row->unit, officer->unit) == 0 && row->role != ROLE_BEHALF &&
		           row->acts & 1u << r->verb && row->kinds & 1u << r->kind &&
		           row->levels & 1u << r->level && row->from <= r->at &&
		           r->at < row->until &&
		           any_covers(&row->hazards, r->hazard, policy_hazard_covers) &&
		           any_covers(&row->areas, r->areas[0], policy_division_covers);
	}
	for (size_t i = 0; granted && i < policy->forbid_count; i++) {
		const struct forbid *row = &policy->forbids[i];
		if (row->unless_unit && strcmp(row->unless_unit, officer->unit) != 0 &&
		        any_covers(&row->hazards, r->hazard, policy_hazard_covers) &&
		        any_covers(&row->areas, r->areas[0], policy_division_touches))
			granted = false;
	}
	return granted;
}

static double now_us(void)
{
	return figure_ms(CLOCK_MONOTONIC) * 1e3;
}

static double ours[PAIRS], theirs[PAIRS], rows[PAIRS];

/* How many were permitted. */
static int ask_all(const struct policy *policy, int units, int *walked)
{
	int permits = 0;

	for (int i = 0; i < PAIRS; i++) {
		struct question question;
		struct decision decision;
		make_question(&question, units, i);
		double start = now_us();
		authority_decide(policy, &question.request, &decision);
		ours[i] = now_us() - start;
		permits += decision.permit;
		rows[i] = (double)decision.rows;
		decision_finish(&decision);
		start = now_us();
		*walked += naive(policy, &question.request);
		theirs[i] = now_us() - start;
	}
	return permits;
}

static bool measure(const char *name, int units)
{
	char text[64];
	struct policy *policy = make_policy(units);

	if (!policy)
		return false;
	int walked = 0;
	int permits = ask_all(policy, units, &walked);
	double mine = figure_median(ours, PAIRS);
	double walk = figure_median(theirs, PAIRS);
	fprintf(stderr,
	        "%s: %d of %d permitted, %d granted by the walk; 99 of 100 within %.1f us\n", name,
	        permits, PAIRS, walked, ours[PAIRS / 100 * 99]);
	figure_print(&(struct figure){name, "us", mine, LIMIT_US, .pairs = PAIRS});
	snprintf(text, sizeof text, "%s-naive", name);
	figure_print(&(struct figure){text, "us", mine, walk, .pairs = PAIRS});
	snprintf(text, sizeof text, "%s-rows", name);
	figure_print(&(struct figure){
	        text, "rows", figure_median(rows, PAIRS), GRANTS + FORBIDS, .pairs = PAIRS});
	policy_destroy(&policy);
	return mine <= LIMIT_US;
}

int main(void)
{
	bool spread = measure("decide", UNITS);
	bool one = measure("decide-one-unit", 1);

	return spread && one ? EXIT_SUCCESS : EXIT_FAILURE;
}
