/* SPDX-License-Identifier: Apache-2.0
 * Condition 5 by the duty roster: with `sign_by_roster: yes` whoever reviews or signs stood on it
 * at the moment of their own proof. 2026-11-20 is a Friday; the baseline is asked on a Monday at
 * nine.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "decide_request.h"
#include "policy_roster.h"
#include "when.h"

#define COUNT(cases) (sizeof cases / sizeof cases[0])

static const char roster[] =
        "roster:\n"
        "  - {unit: met, officer: met-review, steps: [review], deputy: met-all}\n"
        "  - {unit: met, officer: met-sign, steps: [sign], hours: \"08:00-20:00\"}\n"
        "  - {unit: met, officer: met-sign-2, steps: [sign], hours: \"22:00-06:00\", days: [fri],\n"
        "     deputy: met-all}\n"
        "  - {unit: met, officer: met-sign-twin, steps: [sign], from: 2026-12-01,\n"
        "     until: \"2026-12-02T09:00:00+08:00\"}\n"
        "  - {unit: met, officer: met-review-2, steps: [review], hours: \"08:00-20:00\", days: "
        "[sat, "
        "sun]}\n"
        "  - {unit: port, officer: port-review, steps: [review]}\n"
        "  - {unit: port, officer: port-sign, steps: [sign]}\n";

#define SIGNED(who, when) "{\"signs\":[\"" who "\"],\"sign_times\":[\"" when "+08:00\"]}"

static const struct decide_case people[] = {
        {"both are on duty", "{}", "permit grants[0]", MODE_LIVE},
        {"the deputy reviews", "{\"reviews\":[\"met-all\"]}", "permit grants[0]", MODE_LIVE},
        {"the deputy of another turn signs", "{\"signs\":[\"met-all\"]}", "deny 5", MODE_LIVE},
        {"reviewer on another day", "{\"reviews\":[\"met-review-2\"]}", "deny 5", MODE_LIVE},
        {"reviewer on their day",
                "{\"reviews\":[\"met-review-2\"],\"review_times\":[\"2026-11-22T09:00:00+08:00\"]}",
                "permit grants[0]", MODE_LIVE},
        {"signer of another turn", "{\"signs\":[\"met-sign-2\"]}", "deny 5", MODE_LIVE},
        {"one more, off duty", "{\"signs\":[\"met-sign\",\"met-sign-2\"]}", "deny 5", MODE_LIVE},
        {"another account of who is on duty", "{\"signs\":[\"met-sign-twin\"]}", "deny 5",
                MODE_LIVE},
        {"urgent, off duty", "{\"procedure\":\"urgent\",\"signs\":[\"met-sign-2\"]}", "deny 5",
                MODE_LIVE},
        {"an update, off duty", "{\"verb\":\"update\",\"signs\":[\"met-sign-2\"]}", "deny 5",
                MODE_LIVE},
        {"a cancel, off duty", "{\"verb\":\"cancel\",\"signs\":[\"met-sign-2\"]}",
                "permit grants[0]", MODE_LIVE},
        {"a cancel by nobody", "{\"verb\":\"cancel\",\"reviews\":[],\"signs\":[]}",
                "permit grants[0]", MODE_LIVE},
        {"a correction, off duty", "{\"verb\":\"correct\",\"reviews\":[\"met-review-2\"]}",
                "permit grants[0]", MODE_LIVE},
        {"a relay", "{\"procedure\":\"relay\",\"officer\":null,\"source\":\"feed\"}",
                "permit relays[0]", MODE_LIVE},
        {"of a delivery it is not asked again",
                "{\"released\":\"2026-11-23T09:00:00+08:00\",\"signs\":[\"met-sign-2\"]}",
                "permit grants[0]", MODE_LIVE},
};

static const struct decide_case moments[] = {
        {"before the turn", SIGNED("met-sign", "2026-11-23T07:59:59"), "deny 5", MODE_LIVE},
        {"its first second", SIGNED("met-sign", "2026-11-23T08:00:00"), "permit grants[0]",
                MODE_LIVE},
        {"its last second, the day before", SIGNED("met-sign", "2026-11-22T19:59:59"),
                "permit grants[0]", MODE_LIVE},
        {"the end is outside", SIGNED("met-sign", "2026-11-22T20:00:00"), "deny 5", MODE_LIVE},
        {"another offset",
                "{\"signs\":[\"met-sign\"],\"sign_times\":[\"2026-11-23T00:00:00+00:00\"]}",
                "permit grants[0]", MODE_LIVE},
        {"signed in the turn, released after it",
                "{\"at\":\"2026-11-23T20:30:00+08:00\",\"sign_times\":[\"2026-11-23T19:30:00+08:"
                "00\"]}",
                "permit grants[0]", MODE_LIVE},
        {"signed before the turn, released in it",
                "{\"sign_times\":[\"2026-11-23T07:30:00+08:00\"]}", "deny 5", MODE_LIVE},
        {"without times: `at`", "{\"at\":\"2026-11-23T20:30:00+08:00\"}", "deny 5", MODE_LIVE},
        {"each at their own moment",
                "{\"signs\":[\"met-sign\",\"met-sign-2\"],\"sign_times\":["
                "\"2026-11-20T19:00:00+08:00\",\"2026-11-20T23:00:00+08:00\"]}",
                "permit grants[0]", MODE_LIVE},
        {"and not at the other's",
                "{\"signs\":[\"met-sign\",\"met-sign-2\"],\"sign_times\":["
                "\"2026-11-20T23:00:00+08:00\",\"2026-11-20T19:00:00+08:00\"]}",
                "deny 5", MODE_LIVE},
        {"Friday's night begins", SIGNED("met-sign-2", "2026-11-20T22:00:00"), "permit grants[0]",
                MODE_LIVE},
        {"not before", SIGNED("met-sign-2", "2026-11-20T21:59:59"), "deny 5", MODE_LIVE},
        {"midnight is inside", SIGNED("met-sign-2", "2026-11-21T00:00:00"), "permit grants[0]",
                MODE_LIVE},
        {"until Saturday morning", SIGNED("met-sign-2", "2026-11-21T05:59:59"), "permit grants[0]",
                MODE_LIVE},
        {"and no longer", SIGNED("met-sign-2", "2026-11-21T06:00:00"), "deny 5", MODE_LIVE},
        {"Friday before dawn is Thursday's night", SIGNED("met-sign-2", "2026-11-20T02:00:00"),
                "deny 5", MODE_LIVE},
        {"Saturday's night is another", SIGNED("met-sign-2", "2026-11-21T22:00:00"), "deny 5",
                MODE_LIVE},
        {"the night's deputy", SIGNED("met-all", "2026-11-21T03:00:00"), "permit grants[0]",
                MODE_LIVE},
        {"before a day", SIGNED("met-sign-twin", "2026-11-30T23:59:59"), "deny 5", MODE_LIVE},
        {"from a day", SIGNED("met-sign-twin", "2026-12-01T00:00:00"), "permit grants[0]",
                MODE_LIVE},
        {"until a moment", SIGNED("met-sign-twin", "2026-12-02T08:59:59"), "permit grants[0]",
                MODE_LIVE},
        {"which is outside", SIGNED("met-sign-twin", "2026-12-02T09:00:00"), "deny 5", MODE_LIVE},
};

#define PORT "\"officer\":\"emb-publish\",\"hazard\":\"12J01\",\"areas\":[\"120116001\"]"

static const struct decide_case on_behalf[] = {
        {"the handler's people, by their own roster",
                "{" PORT ",\"reviews\":[\"port-review\"],\"signs\":[\"port-sign\"]}",
                "permit grants[3]", MODE_LIVE},
        {"the officer's people are on none",
                "{" PORT ",\"reviews\":[\"emb-review\"],\"signs\":[\"port-sign\"]}", "deny 5",
                MODE_LIVE},
};

/* Not to be understood, whatever the policy binds. */
static const struct decide_case misread[] = {
        {"one time too few", "{\"sign_times\":[]}", "deny 0", MODE_LIVE},
        {"one too many",
                "{\"review_times\":[\"2026-11-23T09:00:00+08:00\",\"2026-11-23T09:00:00+08:00\"]}",
                "deny 0", MODE_LIVE},
        {"times of nobody", "{\"-reviews\":0,\"review_times\":[\"2026-11-23T09:00:00+08:00\"]}",
                "deny 0", MODE_LIVE},
        {"no moment", "{\"sign_times\":[\"2026-11-23\"]}", "deny 0", MODE_LIVE},
        {"a number", "{\"sign_times\":[1763859600]}", "deny 0", MODE_LIVE},
        {"null in it", "{\"review_times\":[null]}", "deny 0", MODE_LIVE},
        {"no list", "{\"sign_times\":\"2026-11-23T09:00:00+08:00\"}", "deny 0", MODE_LIVE},
        {"null", "{\"review_times\":null}", "deny 0", MODE_LIVE},
        {"of a cancel too", "{\"verb\":\"cancel\",\"sign_times\":[]}", "deny 0", MODE_LIVE},
        {"none of none", "{\"verb\":\"cancel\",\"signs\":[],\"sign_times\":[]}", "permit grants[0]",
                MODE_LIVE},
};

/* The fixture's policy with the roster and this line. */
static struct policy *bound_by(const struct policy *fixture, const char *line)
{
	char *text = mem_format("%s%s%s", fixture->text, roster, line);
	struct policy *policy = policy_of_text(text);

	free(text);
	return policy;
}

static void check_bound(void **state, const struct decide_case *cases, size_t count)
{
	struct policy *policy = bound_by(*state, "sign_by_roster: yes\napprovals_within: P30D\n");

	check_cases(policy, cases, count);
	policy_destroy(&policy);
}

static void asks_who_is_on_duty(void **state)
{
	check_bound(state, people, COUNT(people));
}

static void asks_at_each_ones_moment(void **state)
{
	check_bound(state, moments, COUNT(moments));
}

/* Weeks go on below zero. */
static void asks_before_1970(void **state)
{
	struct policy *policy = bound_by(*state, "sign_by_roster: yes\n");
	int64_t friday = 0;

	assert_true(when_read("1969-12-27T05:59:59+08:00", &friday, NULL));
	assert_true(roster_lets(policy, "met-sign-2", STEP_SIGN, friday));
	assert_false(roster_lets(policy, "met-sign-2", STEP_SIGN, friday + 1000));
	policy_destroy(&policy);
}

static void asks_each_units_roster(void **state)
{
	check_bound(state, on_behalf, COUNT(on_behalf));
}

static void understands_the_times(void **state)
{
	check_bound(state, misread, COUNT(misread));
	check_cases(*state, misread, COUNT(misread));
}

/* `no`, absent, or no roster at all: as before. */
static void asks_only_when_bound(void **state)
{
	static const char *const lines[] = {"", "sign_by_roster: no\n", "sign_by_roster:\n"};
	static const struct decide_case free_[] = {
	        {"off duty", "{\"signs\":[\"met-sign-2\"]}", "permit grants[0]", MODE_LIVE},
	        {"at night", SIGNED("met-sign", "2026-11-23T03:00:00"), "permit grants[0]",
	                MODE_LIVE},
	};

	check_cases(*state, free_, COUNT(free_));
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct policy *policy = bound_by(*state, lines[i]);
		check_cases(policy, free_, COUNT(free_));
		policy_destroy(&policy);
	}
}

static void must_say(const struct decision *decision, const char *zh, const char *en)
{
	for (size_t i = 0; i < decision->reason_count; i++)
		if (strstr(decision->reasons[i].zh, zh) && strstr(decision->reasons[i].en, en))
			return;
	fail_msg("no reason says %s / %s; the first: %s", zh, en,
	        decision->reason_count ? decision->reasons[0].en : "none");
}

/* Who, for which step, when, who is on duty then, and what to do. */
static void says_who_and_when(void **state)
{
	struct policy *policy = bound_by(*state, "sign_by_roster: yes\n");
	json_t *request = request_with(
	        "{\"reviews\":[\"met-review-2\"],\"signs\":[\"met-sign\"],\"sign_times\":["
	        "\"2026-11-22T21:00:00+00:00\"]}");
	struct decision decision;

	parsed_request_decide(policy, request, MODE_LIVE, &decision);
	must_say(&decision,
	        "条件5 审签：met-review-2 于 2026-11-23T09:00:00+08:00 不在 met "
	        "的审核值班表（roster）上，当时在班：met-review met-all；请由当班人员审核",
	        "condition 5, sign-off: met-review-2 was not on the roster of met to review at "
	        "2026-11-23T09:00:00+08:00 (on duty then: met-review met-all): let somebody on "
	        "duty review it");
	must_say(&decision,
	        "met-sign 于 2026-11-23T05:00:00+08:00 不在 met 的签发值班表（roster）上，"
	        "当时在班：无人",
	        "met-sign was not on the roster of met to sign at 2026-11-23T05:00:00+08:00 (on "
	        "duty then: nobody)");
	decision_finish(&decision);
	json_decref(request);
	policy_destroy(&policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(asks_who_is_on_duty),
	        cmocka_unit_test(asks_at_each_ones_moment),
	        cmocka_unit_test(asks_before_1970),
	        cmocka_unit_test(asks_each_units_roster),
	        cmocka_unit_test(understands_the_times),
	        cmocka_unit_test(asks_only_when_bound),
	        cmocka_unit_test(says_who_and_when),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
