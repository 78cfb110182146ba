/* SPDX-License-Identifier: Apache-2.0
 * test_turn - whose turn it is, and since when: approvals that have grown too old count for
 * nothing, and make it somebody's turn anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "turn.h"

#define HOUR ((int64_t)3600 * 1000)
#define NOW INT64_C(1795395600000) /* 2026-11-23T09:00:00+08:00 */

static const char document[] =
        "version: 1\n"
        "units: [{id: u, name: 单位, code: \"12000041600000\", division: \"120000\"}]\n"
        "officers: [{id: a, name: 甲, unit: u, duties: [draft]}]\n"
        "signoff: [{levels: [orange], reviews: 1, signs: 1, basis: 规定}]\n";

struct case_ {
	const char *what;
	int64_t now;
	struct {
		enum act act;
		int64_t time;
		bool voided;
	} approvals[4]; /* ends with time 0 */
	enum status_step step;
	int64_t since;
};

static void turns(void **state)
{
	static const struct case_ cases[] = {
	        {"nobody has looked", NOW, {{0}}, STEP_REVIEW, NOW - 40 * HOUR},
	        {"reviewed", NOW, {{ACT_REVIEW, NOW - HOUR, false}}, STEP_SIGN, NOW - HOUR},
	        {"a review that still counts", NOW, {{ACT_REVIEW, NOW - 24 * HOUR, false}},
	                STEP_SIGN, NOW - 24 * HOUR},
	        {"one that does not: the reviewer's again, since it lapsed", NOW + 1,
	                {{ACT_REVIEW, NOW - 24 * HOUR, false}}, STEP_REVIEW, NOW},
	        {"both have lapsed: since the last", NOW + 3 * HOUR,
	                {{ACT_REVIEW, NOW - 24 * HOUR, false}, {ACT_SIGN, NOW - 22 * HOUR, false}},
	                STEP_REVIEW, NOW + 2 * HOUR},
	        {"reviewed again", NOW + 3 * HOUR,
	                {{ACT_REVIEW, NOW - 24 * HOUR, true}, {ACT_SIGN, NOW - 22 * HOUR, true},
	                        {ACT_REVIEW, NOW + 5 * HOUR / 2, false}},
	                STEP_SIGN, NOW + 5 * HOUR / 2},
	        {"the review stands, the signature lapsed: not the call of before", NOW + 3 * HOUR,
	                {{ACT_SIGN, NOW - 22 * HOUR, false}, {ACT_REVIEW, NOW - HOUR, false}},
	                STEP_SIGN, NOW + 2 * HOUR},
	        {"an override of yesterday is nobody's turn to review", NOW,
	                {{ACT_REVIEW, NOW - HOUR, false}, {ACT_OVERRIDE, NOW - 30 * HOUR, false}},
	                STEP_SIGN, NOW - HOUR},
	        {"of the words before these", NOW, {{ACT_SIGN, NOW - 41 * HOUR, true}}, STEP_REVIEW,
	                NOW - 40 * HOUR},
	};
	struct policy *policy = policy_parse("t", document, sizeof document - 1, NULL);

	(void)state;
	assert_non_null(policy);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct case_ *one = &cases[i];
		struct bulletin b = {.state = BULLETIN_SUBMITTED,
		        .level = LEVEL_ORANGE,
		        .submitted = NOW - 40 * HOUR};
		struct approval items[4] = {0};
		struct approval_list list = {items, 0};
		struct turn turn;
		for (; list.count < 4 && one->approvals[list.count].time; list.count++) {
			struct approval *a = &items[list.count];
			a->proof.act = one->approvals[list.count].act;
			a->proof.time = a->recorded = one->approvals[list.count].time;
			a->voided = one->approvals[list.count].voided;
		}
		assert_true(turn_of(policy, &b, &list, one->now, &turn));
		if (turn.step != one->step || turn.since != one->since)
			fail_msg("%s: %s since %+lld min", one->what, status_step_text(turn.step),
			        (long long)(turn.since - NOW) / 60000);
	}
	policy_destroy(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(turns)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
