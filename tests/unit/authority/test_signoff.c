/* SPDX-License-Identifier: Apache-2.0
 * Condition 5: who must review and sign, by level, procedure and hour; and that they are enough
 * different people.
 */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

#include "decide_request.h"
#include "when.h"

static const struct decide_case people[] = {
        {"nobody reviewed", "{\"reviews\":[]}", "deny 5", MODE_LIVE},
        {"reviews left out", "{\"-reviews\":0}", "deny 5", MODE_LIVE},
        {"nobody signed", "{\"signs\":[]}", "deny 5", MODE_LIVE},
        {"unknown reviewer", "{\"reviews\":[\"nobody\"]}", "deny 5", MODE_LIVE},
        {"unknown signer", "{\"signs\":[\"nobody\"]}", "deny 5", MODE_LIVE},
        {"an unknown one too many", "{\"signs\":[\"met-sign\",\"nobody\"]}", "deny 5", MODE_LIVE},
        {"reviewer not active", "{\"reviews\":[\"met-gone\"]}", "deny 5", MODE_LIVE},
        {"signer not active", "{\"signs\":[\"met-gone\"]}", "deny 5", MODE_LIVE},
        {"reviewer without the duty", "{\"reviews\":[\"met-sign-2\"]}", "deny 5", MODE_LIVE},
        {"signer without the duty", "{\"signs\":[\"met-review-2\"]}", "deny 5", MODE_LIVE},
        {"one more without the duty", "{\"signs\":[\"met-sign\",\"met-review-2\"]}", "deny 5",
                MODE_LIVE},
        {"reviewer of another unit", "{\"reviews\":[\"emb-review\"]}", "deny 5", MODE_LIVE},
        {"signer of another unit", "{\"signs\":[\"emb-sign\"]}", "deny 5", MODE_LIVE},
        {"signer of a superior unit", "{\"signs\":[\"top-all\"]}", "deny 5", MODE_LIVE},
        {"the drafter reviews", "{\"drafter\":\"met-all\",\"reviews\":[\"met-all\"]}", "deny 5",
                MODE_LIVE},
        {"the drafter signs", "{\"drafter\":\"met-all\",\"signs\":[\"met-all\"]}", "deny 5",
                MODE_LIVE},
        {"the drafter by another account reviews", "{\"reviews\":[\"met-draft-twin\"]}", "deny 5",
                MODE_LIVE},
        {"the drafter by another account signs", "{\"signs\":[\"met-draft-twin\"]}", "deny 5",
                MODE_LIVE},
        {"one reviews and signs", "{\"reviews\":[\"met-all\"],\"signs\":[\"met-all\"]}", "deny 5",
                MODE_LIVE},
        {"one by two accounts", "{\"reviews\":[\"met-sign-twin\"]}", "deny 5", MODE_LIVE},
        {"named twice", "{\"signs\":[\"met-sign\",\"met-sign\"]}", "deny 5", MODE_LIVE},
        {"an earlier drafter signs", "{\"earlier\":[\"met-sign\"]}", "deny 5", MODE_LIVE},
        {"an earlier drafter reviews",
                "{\"earlier\":[\"met-draft\",\"met-review\"],\"drafter\":\"met-all\"}", "deny 5",
                MODE_LIVE},
        {"an earlier drafter by another account", "{\"earlier\":[\"met-sign-twin\"]}", "deny 5",
                MODE_LIVE},
        {"somebody else drafted earlier", "{\"earlier\":[\"met-all\"]}", "permit grants[0]",
                MODE_LIVE},
        {"an earlier drafter who is gone", "{\"earlier\":[\"nobody\",\"met-gone\"]}",
                "permit grants[0]", MODE_LIVE},
        {"an earlier drafter sends", "{\"earlier\":[\"met-publish\"]}", "permit grants[0]",
                MODE_LIVE},
        {"nobody earlier", "{\"earlier\":[]}", "permit grants[0]", MODE_LIVE},
        {"a cancel of words written by its signer",
                "{\"verb\":\"cancel\",\"earlier\":[\"met-sign\"]}", "permit grants[0]", MODE_LIVE},
        {"earlier is no list", "{\"earlier\":\"met-all\"}", "deny 0", MODE_LIVE},
        {"earlier is null", "{\"earlier\":null}", "deny 0", MODE_LIVE},
        {"the other account alone is good", "{\"signs\":[\"met-sign-twin\"]}", "permit grants[0]",
                MODE_LIVE},
};

#define RED "\"level\":\"red\""
#define NIGHT "\"at\":\"2026-11-23T23:00:00+08:00\""

static const struct decide_case rows[] = {
        {"red: one signer", "{" RED "}", "deny 5", MODE_LIVE},
        {"red: two signers", "{" RED ",\"signs\":[\"met-sign\",\"met-sign-2\"]}",
                "permit grants[0]", MODE_LIVE},
        {"red: one signer by two accounts", "{" RED ",\"signs\":[\"met-sign\",\"met-sign-twin\"]}",
                "deny 5", MODE_LIVE},
        {"no row for blue", "{\"level\":\"blue\"}", "deny 5", MODE_LIVE},
        {"night: no review asked", "{" NIGHT ",\"reviews\":[]}", "permit grants[0]", MODE_LIVE},
        {"night: nor one person alone",
                "{" NIGHT ",\"reviews\":[],\"drafter\":\"met-all\",\"signs\":[\"met-all\"]}",
                "deny 5", MODE_LIVE},
        {"night: a reviewer who is named counts", "{" NIGHT ",\"reviews\":[\"met-gone\"]}",
                "deny 5", MODE_LIVE},
        {"22:00 is night", "{\"at\":\"2026-11-23T22:00:00+08:00\",\"reviews\":[]}",
                "permit grants[0]", MODE_LIVE},
        {"21:59:59 is not", "{\"at\":\"2026-11-23T21:59:59+08:00\",\"reviews\":[]}", "deny 5",
                MODE_LIVE},
        {"05:59:59 is night", "{\"at\":\"2026-11-23T05:59:59+08:00\",\"reviews\":[]}",
                "permit grants[0]", MODE_LIVE},
        {"06:00 is not", "{\"at\":\"2026-11-23T06:00:00+08:00\",\"reviews\":[]}", "deny 5",
                MODE_LIVE},
        {"hours are +08:00", "{\"at\":\"2026-11-23T14:30:00+00:00\",\"reviews\":[]}",
                "permit grants[0]", MODE_LIVE},
        {"urgent: one signer", "{" RED ",\"procedure\":\"urgent\",\"reviews\":[]}",
                "permit grants[0]", MODE_LIVE},
        {"urgent: not without", "{" RED ",\"procedure\":\"urgent\",\"reviews\":[],\"signs\":[]}",
                "deny 5", MODE_LIVE},
        {"urgent: not the drafter", "{" RED ",\"procedure\":\"urgent\",\"drafter\":\"met-sign\"}",
                "deny 5", MODE_LIVE},
        {"urgent: level not named", "{\"level\":\"yellow\",\"procedure\":\"urgent\"}", "deny 5",
                MODE_LIVE},
        {"urgent lowers no grant", "{\"procedure\":\"urgent\",\"areas\":[\"130000\"]}", "deny 2 3",
                MODE_LIVE},
        {"cancel: one person",
                "{\"verb\":\"cancel\",\"reviews\":[],\"signs\":[],\"screening\":\"none\"}",
                "permit grants[0]", MODE_LIVE},
        {"cancel: lists left out",
                "{\"verb\":\"cancel\",\"-reviews\":0,\"-signs\":0,\"screening\":\"held\"}",
                "permit grants[0]", MODE_LIVE},
        {"correct: one person",
                "{\"verb\":\"correct\",\"reviews\":[],\"signs\":[],\"screening\":\"none\"}",
                "permit grants[0]", MODE_LIVE},
        {"cancel, urgent, level not named",
                "{\"verb\":\"cancel\",\"level\":\"blue\",\"procedure\":\"urgent\",\"signs\":[]}",
                "permit grants[0]", MODE_LIVE},
        {"update: all of them", "{\"verb\":\"update\",\"reviews\":[]}", "deny 5", MODE_LIVE},
};

#define MADE(reviews, signs)                                                                       \
	"{\"review_times\":[\"2026-11-" reviews "+08:00\"],\"sign_times\":[\"2026-11-" signs       \
	"+08:00\"]"

/* The baseline is asked on the 23rd at nine. */
static const struct decide_case ages[] = {
        {"just now", MADE("23T08:59:59", "23T09:00:00") "}", "permit grants[0]", MODE_LIVE},
        {"a day ago", MADE("22T09:00:00", "22T09:00:00") "}", "permit grants[0]", MODE_LIVE},
        {"a second more", MADE("22T09:00:00", "22T08:59:59") "}", "deny 5", MODE_LIVE},
        {"the review", MADE("22T08:59:59", "23T09:00:00") "}", "deny 5", MODE_LIVE},
        {"urgent", MADE("22T08:59:59", "23T09:00:00") ",\"procedure\":\"urgent\"}", "deny 5",
                MODE_LIVE},
        {"an update", MADE("22T08:59:59", "23T09:00:00") ",\"verb\":\"update\"}", "deny 5",
                MODE_LIVE},
        {"a cancel asks for none", MADE("01T08:59:59", "01T09:00:00") ",\"verb\":\"cancel\"}",
                "permit grants[0]", MODE_LIVE},
        {"of a delivery it is not asked again",
                MADE("01T08:59:59", "01T09:00:00") ",\"released\":\"2026-11-01T10:00:00+08:00\"}",
                "permit grants[0]", MODE_LIVE},
        {"ahead by a clock that differs", MADE("23T09:00:59", "23T09:00:59") "}",
                "permit grants[0]", MODE_LIVE},
        {"one more, of yesterday",
                "{\"signs\":[\"met-sign\",\"met-sign-2\"],\"sign_times\":["
                "\"2026-11-23T08:00:00+08:00\",\"2026-11-22T08:00:00+08:00\"]}",
                "deny 5", MODE_LIVE},
};

static const struct decide_case ages_of_an_hour[] = {
        {"an hour ago", MADE("23T08:00:00", "23T08:00:00") "}", "permit grants[0]", MODE_LIVE},
        {"a second more", MADE("23T08:00:00", "23T07:59:59") "}", "deny 5", MODE_LIVE},
};

#define PORT "\"officer\":\"emb-publish\",\"hazard\":\"12J01\",\"areas\":[\"120116001\"]"

static const struct decide_case on_behalf[] = {
        {"the handler's people",
                "{" PORT ",\"reviews\":[\"port-review\"],\"signs\":[\"port-sign\"]}",
                "permit grants[3]", MODE_LIVE},
        {"the officer's people", "{" PORT ",\"reviews\":[\"emb-review\"],\"signs\":[\"emb-sign\"]}",
                "permit grants[3]", MODE_LIVE},
        {"some of each", "{" PORT ",\"reviews\":[\"port-review\"],\"signs\":[\"emb-sign\"]}",
                "permit grants[3]", MODE_LIVE},
        {"strangers", "{" PORT ",\"reviews\":[\"met-review\"],\"signs\":[\"emb-sign\"]}", "deny 5",
                MODE_LIVE},
};

static void asks_each_person(void **state)
{
	check_cases(*state, people, sizeof people / sizeof people[0]);
}

static void asks_by_row(void **state)
{
	check_cases(*state, rows, sizeof rows / sizeof rows[0]);
}

static void asks_on_behalf(void **state)
{
	check_cases(*state, on_behalf, sizeof on_behalf / sizeof on_behalf[0]);
}

/* 24 hours, or what the policy says. */
static void asks_how_old(void **state)
{
	const struct policy *policy = *state;
	char *text = mem_format("%sapprovals_within: PT1H\n", policy->text);
	struct policy *hour = policy_of_text(text);

	check_cases(policy, ages, sizeof ages / sizeof ages[0]);
	check_cases(hour, ages_of_an_hour, sizeof ages_of_an_hour / sizeof ages_of_an_hour[0]);
	policy_destroy(&hour);
	free(text);
}

/* Whose, of when, how long it would have counted, and what to do. */
static void says_whose_and_what_to_do(void **state)
{
	json_t *request = request_with(MADE("23T08:00:00", "22T07:00:00") "}");
	struct decision decision;

	parsed_request_decide(*state, request, MODE_LIVE, &decision);
	assert_int_equal(decision.reason_count, 1);
	assert_string_equal(decision.reasons[0].zh,
	        "条件5 审签：签发人 met-sign 的批准作于 2026-11-22T07:00:00+08:00，已超过 24 小时"
	        "（approvals_within），不再算数，请本人重新批准");
	assert_string_equal(decision.reasons[0].en,
	        "condition 5, sign-off: signer met-sign approved at 2026-11-22T07:00:00+08:00, "
	        "over "
	        "24 h ago (approvals_within): it counts no more, let them approve again");
	decision_finish(&decision);
	json_decref(request);
}

static void answers_how_many(void **state)
{
	const struct policy *policy = *state;
	int64_t noon = 0;
	const char *row = NULL;
	int reviews = -1;
	int signs = -1;

	assert_true(when_read("2026-11-23T12:00:00+08:00", &noon, NULL));
	assert_true(authority_signoff(
	        policy, LEVEL_RED, PROCEDURE_NORMAL, noon, &reviews, &signs, &row));
	assert_int_equal(reviews, 1);
	assert_int_equal(signs, 2);
	assert_string_equal(row, "signoff[1]");
	assert_true(authority_signoff(
	        policy, LEVEL_RED, PROCEDURE_URGENT, noon, &reviews, &signs, &row));
	assert_int_equal(reviews, 0);
	assert_string_equal(row, "urgent");
	assert_false(authority_signoff(
	        policy, LEVEL_BLUE, PROCEDURE_NORMAL, noon, &reviews, &signs, &row));
	assert_false(authority_signoff(
	        policy, LEVEL_BLUE, PROCEDURE_URGENT, noon, &reviews, &signs, &row));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(asks_each_person),
	        cmocka_unit_test(asks_by_row),
	        cmocka_unit_test(asks_on_behalf),
	        cmocka_unit_test(asks_how_old),
	        cmocka_unit_test(says_whose_and_what_to_do),
	        cmocka_unit_test(answers_how_many),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
