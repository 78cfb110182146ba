/* SPDX-License-Identifier: Apache-2.0
 * The nine conditions one at a time: a request that is permitted, then one thing wrong, and only
 * the condition it belongs to fails.
 */
#include "fixture.h"

#define COUNT(cases) (sizeof cases / sizeof cases[0])

/* A request of the port, on which the bureau may act on its behalf. */
#define PORT                                                                                       \
	"\"hazard\":\"12J01\",\"areas\":[\"120116001\"],\"drafter\":\"port-publish\",\"reviews\":" \
	"[\"port-review\"],"                                                                       \
	"\"signs\":[\"port-sign\"]"
#define HEPING                                                                                     \
	"\"officer\":\"heping-publish\",\"hazard\":\"12G01\",\"areas\":[\"120101\"],\"channels\":" \
	"[\"mqtt\"],"                                                                              \
	"\"drafter\":\"heping-publish\",\"reviews\":[\"heping-review\"],\"signs\":[\"heping-"      \
	"sign\"]"

static const struct decide_case baselines[] = {
        {"the baseline", "{}", "permit grants[0]", MODE_LIVE},
        {"incident of its own", "{\"incident\":{\"id\":\"i\",\"handler\":\"met\"}}",
                "permit grants[0]", MODE_LIVE},
        {"the port itself", "{\"officer\":\"port-publish\"," PORT "}", "permit grants[2]",
                MODE_LIVE},
        {"on behalf of the port", "{\"officer\":\"emb-publish\"," PORT "}", "permit grants[3]",
                MODE_LIVE},
        {"heping", "{" HEPING "}", "permit grants[1]", MODE_LIVE},
        {"the releaser drafted", "{\"officer\":\"met-all\",\"drafter\":\"met-all\"}",
                "permit grants[0]", MODE_LIVE},
        {"the releaser signed", "{\"officer\":\"met-all\",\"signs\":[\"met-all\"]}",
                "permit grants[0]", MODE_LIVE},
        {"the releaser reviewed", "{\"officer\":\"met-all\",\"reviews\":[\"met-all\"]}",
                "permit grants[0]", MODE_LIVE},
        {"the drafter's duty is not asked", "{\"drafter\":\"met-publish\"}", "permit grants[0]",
                MODE_LIVE},
        {"nor whether he is still there", "{\"drafter\":\"met-gone\"}", "permit grants[0]",
                MODE_LIVE},
        {"nor his unit", "{\"drafter\":\"stranger-all\"}", "permit grants[0]", MODE_LIVE},
        {"more than enough",
                "{\"reviews\":[\"met-review\",\"met-review-2\"],\"signs\":[\"met-sign\",\"met-sign-"
                "2\"]}",
                "permit grants[0]", MODE_LIVE},
};

static const struct decide_case one_officer[] = {
        {"unknown officer", "{\"officer\":\"nobody\"}", "deny 1 2 3 4 5", MODE_LIVE},
        {"null officer", "{\"officer\":null}", "deny 1 2 3 4 5", MODE_LIVE},
        {"not active", "{\"officer\":\"met-gone\"}", "deny 1", MODE_LIVE},
        {"active said", "{\"officer\":\"met-here\"}", "permit grants[0]", MODE_LIVE},
        {"without the duty", "{\"officer\":\"met-sign-2\"}", "deny 1", MODE_LIVE},
        {"without the duty, cancel", "{\"officer\":\"met-sign-2\",\"verb\":\"cancel\"}", "deny 1",
                MODE_LIVE},
        {"without the duty, correct", "{\"officer\":\"met-sign-2\",\"verb\":\"correct\"}", "deny 1",
                MODE_LIVE},
        {"without the duty, update", "{\"officer\":\"met-sign-2\",\"verb\":\"update\"}", "deny 1",
                MODE_LIVE},
        {"without the duty, urgent", "{\"officer\":\"met-sign-2\",\"procedure\":\"urgent\"}",
                "deny 1", MODE_LIVE},
};

static const struct decide_case two_handler[] = {
        {"somebody else's incident", "{\"incident\":{\"id\":\"i\",\"handler\":\"top\"}}", "deny 2",
                MODE_LIVE},
        {"an incident nobody handles", "{\"incident\":{\"id\":\"i\",\"handler\":null}}", "deny 2",
                MODE_LIVE},
        {"handler left out", "{\"incident\":{\"id\":\"i\"}}", "deny 2", MODE_LIVE},
        {"on behalf in the port's incident",
                "{\"officer\":\"emb-publish\",\"incident\":{\"id\":\"i\",\"handler\":\"port\"}"
                "," PORT "}",
                "permit grants[3]", MODE_LIVE},
        {"on behalf in another's incident",
                "{\"officer\":\"emb-publish\",\"incident\":{\"id\":\"i\",\"handler\":\"heping\"}"
                "," PORT ",\"reviews\":[\"emb-review\"],\"signs\":[\"emb-sign\"]}",
                "deny 2 3", MODE_LIVE},
        {"on behalf, the day before the term",
                "{\"officer\":\"emb-publish\",\"at\":\"2026-10-31T23:59:59+08:00\",\"incident\":{"
                "\"id\":\"i\",\"handler\":\"port\"}," PORT "}",
                "deny 2 3", MODE_LIVE},
        {"on behalf, its first second",
                "{\"officer\":\"emb-publish\",\"at\":\"2026-11-01T00:00:00+08:00\"," PORT "}",
                "permit grants[3]", MODE_LIVE},
        {"on behalf, its last second",
                "{\"officer\":\"emb-publish\",\"at\":\"2026-11-30T15:59:59+00:00\"," PORT "}",
                "permit grants[3]", MODE_LIVE},
        {"on behalf, term over",
                "{\"officer\":\"emb-publish\",\"at\":\"2026-12-01T00:00:00+08:00\",\"incident\":{"
                "\"id\":\"i\",\"handler\":\"port\"}," PORT "}",
                "deny 2 3", MODE_LIVE},
        {"the handler, but without a grant",
                "{\"incident\":{\"id\":\"i\",\"handler\":\"met\"},\"hazard\":\"12D01\"}", "deny 3",
                MODE_LIVE},
        {"behalf of one without a right",
                "{\"officer\":\"stranger-all\",\"hazard\":\"11A01\",\"reviews\":[],\"signs\":["
                "\"met-sign\"],"
                "\"procedure\":\"urgent\"}",
                "deny 2 3", MODE_LIVE},
};

static const struct decide_case three_grant[] = {
        {"hazard", "{\"hazard\":\"12D01\"}", "deny 2 3", MODE_LIVE},
        {"level", "{\"level\":\"none\"}", "deny 3", MODE_LIVE},
        {"kind", "{\"kind\":\"fact\"}", "deny 3", MODE_LIVE},
        {"area outside", "{\"areas\":[\"130000\"]}", "deny 2 3", MODE_LIVE},
        {"one area outside", "{\"areas\":[\"120116\",\"130100\"]}", "deny 2 3", MODE_LIVE},
        {"area wider than the grant", "{" HEPING ",\"areas\":[\"120100\"]}", "deny 2 3", MODE_LIVE},
        {"channel", "{" HEPING ",\"channels\":[\"mqtt\",\"sms\"]}", "deny 3", MODE_LIVE},
        {"act", "{" HEPING ",\"verb\":\"update\"}", "deny 3", MODE_LIVE},
        {"before its first day", "{\"at\":\"2025-12-31T23:59:59+08:00\"}", "deny 2 3", MODE_LIVE},
        {"its first second", "{\"at\":\"2026-01-01T00:00:00+08:00\"}", "permit grants[0]",
                MODE_LIVE},
        {"its last second", "{\"at\":\"2026-12-31T15:59:59+00:00\",\"signs\":[\"met-sign\"]}",
                "permit grants[0]", MODE_LIVE},
        {"the day of until", "{\"at\":\"2027-01-01T00:00:00+08:00\"}", "deny 2 3", MODE_LIVE},
        {"on behalf: only the handler covers",
                "{\"officer\":\"emb-publish\"," PORT ",\"channels\":[\"weibo\"]}", "deny 3",
                MODE_LIVE},
        {"on behalf: only the behalf row covers",
                "{\"officer\":\"emb-publish\"," PORT ",\"areas\":[\"120116002\"]}", "deny 3",
                MODE_LIVE},
};

static const struct decide_case four_forbid[] = {
        {"reserved by law", "{" HEPING ",\"hazard\":\"11B03\",\"officer\":\"heping-publish\"}",
                "deny 2 3 4", MODE_LIVE},
        {"nobody may", "{" HEPING ",\"hazard\":\"12G99\"}", "deny 4", MODE_LIVE},
        {"nobody may, for a wider area",
                "{\"officer\":\"emb-publish\",\"drafter\":\"emb-publish\",\"reviews\":[\"emb-"
                "review\"],\"signs\":[\"emb-sign\"],"
                "\"hazard\":\"12G99\",\"areas\":[\"120000\"]}",
                "deny 4", MODE_LIVE},
        {"nobody may, for a street in it",
                "{" HEPING ",\"hazard\":\"12G99\",\"areas\":[\"120101002\"]}", "deny 4", MODE_LIVE},
        {"next door is free",
                "{\"officer\":\"emb-publish\",\"drafter\":\"emb-publish\",\"reviews\":[\"emb-"
                "review\"],\"signs\":[\"emb-sign\"],"
                "\"hazard\":\"12G99\",\"areas\":[\"120102\"]}",
                "permit grants[4]", MODE_LIVE},
        {"one of several areas",
                "{\"officer\":\"emb-publish\",\"drafter\":\"emb-publish\",\"reviews\":[\"emb-"
                "review\"],"
                "\"signs\":[\"emb-sign\"],\"hazard\":\"12G99\",\"areas\":[\"120102\",\"120101\"]}",
                "deny 4", MODE_LIVE},
        {"on behalf: asked for the handler",
                "{\"officer\":\"stranger-all\",\"reviews\":[\"met-review\"],\"signs\":[\"met-"
                "sign\"]}",
                "permit grants[8]", MODE_LIVE},
        {"of another kind it is free",
                "{\"officer\":\"met-publish\",\"kind\":\"fact\",\"level\":\"none\"}", "deny 3",
                MODE_LIVE},
};

static const struct decide_case six_to_eight[] = {
        {"6: none", "{\"screening\":\"none\"}", "deny 6", MODE_LIVE},
        {"6: held", "{\"screening\":\"held\"}", "deny 6", MODE_LIVE},
        {"6: overridden", "{\"screening\":\"overridden\"}", "permit grants[0]", MODE_LIVE},
        {"6: urgent asks it too", "{\"procedure\":\"urgent\",\"screening\":\"none\"}", "deny 6",
                MODE_LIVE},
        {"6: an update asks it too", "{\"verb\":\"update\",\"screening\":\"held\"}", "deny 6",
                MODE_LIVE},
        {"7: on request, public", "{\"disclosure\":\"on-request\"}", "deny 7", MODE_LIVE},
        {"7: withheld, public", "{\"disclosure\":\"withheld\"}", "deny 7", MODE_LIVE},
        {"7: one public among others",
                "{\"disclosure\":\"withheld\",\"channels\":[\"wecom\",\"website\"]}", "deny 7",
                MODE_LIVE},
        {"7: none public",
                "{\"disclosure\":\"withheld\",\"channels\":[\"wecom\",\"dingtalk\",\"feishu\","
                "\"webhook\",\"manual\"]}",
                "permit grants[0]", MODE_LIVE},
        {"7: national is public", "{\"disclosure\":\"on-request\",\"channels\":[\"national\"]}",
                "deny 7", MODE_LIVE},
        {"7: carrier-area is public",
                "{\"disclosure\":\"on-request\",\"channels\":[\"carrier-area\"]}", "deny 7",
                MODE_LIVE},
        {"7: loudspeaker is public",
                "{\"disclosure\":\"on-request\",\"channels\":[\"loudspeaker\"]}", "deny 7",
                MODE_LIVE},
        {"7: a cancel too", "{\"verb\":\"cancel\",\"disclosure\":\"withheld\"}", "deny 7",
                MODE_LIVE},
        {"8: exercise in live", "{\"status\":\"Exercise\"}", "deny 8", MODE_LIVE},
        {"8: test in live", "{\"status\":\"Test\"}", "deny 8", MODE_LIVE},
        {"8: system", "{\"status\":\"System\"}", "deny 8", MODE_LIVE},
        {"8: draft", "{\"status\":\"Draft\"}", "deny 8", MODE_LIVE},
        {"8: actual in an exercise", "{}", "deny 8", MODE_EXERCISE},
        {"8: actual in a test", "{}", "deny 8", MODE_TEST},
        {"8: exercise in an exercise", "{\"status\":\"Exercise\"}", "permit grants[0]",
                MODE_EXERCISE},
        {"8: test in a test", "{\"status\":\"Test\"}", "permit grants[0]", MODE_TEST},
        {"8: test in an exercise", "{\"status\":\"Test\"}", "deny 8", MODE_EXERCISE},
        {"8: system in a test", "{\"status\":\"System\"}", "deny 8", MODE_TEST},
        {"8: a cancel too", "{\"verb\":\"cancel\",\"status\":\"Test\"}", "deny 8", MODE_LIVE},
};

static const struct decide_case nine_life[] = {
        {"expires later", "{\"expires\":\"2026-11-23T09:00:01+08:00\"}", "permit grants[0]",
                MODE_LIVE},
        {"expires now", "{\"expires\":\"2026-11-23T09:00:00+08:00\"}", "deny 9", MODE_LIVE},
        {"expired", "{\"expires\":\"2026-11-23T00:59:59+00:00\"}", "deny 9", MODE_LIVE},
        {"expired in 1970", "{\"expires\":\"1970-01-01T00:00:00+00:00\"}", "deny 9", MODE_LIVE},
        {"an expired cancel", "{\"verb\":\"cancel\",\"expires\":\"2026-11-22T09:00:00+08:00\"}",
                "deny 9", MODE_LIVE},
        {"update of our own", "{\"verb\":\"update\",\"chain\":\"met\"}", "permit grants[0]",
                MODE_LIVE},
        {"update, chain not said", "{\"verb\":\"update\"}", "permit grants[0]", MODE_LIVE},
        {"update of a stranger's", "{\"verb\":\"update\",\"chain\":\"emb\"}", "deny 9", MODE_LIVE},
        {"update of our superior's", "{\"verb\":\"update\",\"chain\":\"top\"}", "deny 9",
                MODE_LIVE},
        {"cancel of a stranger's", "{\"verb\":\"cancel\",\"chain\":\"emb\"}", "deny 9", MODE_LIVE},
        {"correct of a stranger's", "{\"verb\":\"correct\",\"chain\":\"emb\"}", "deny 9",
                MODE_LIVE},
        {"publish does not ask the chain", "{\"chain\":\"emb\"}", "permit grants[0]", MODE_LIVE},
        {"on behalf, the handler's chain",
                "{\"officer\":\"emb-publish\",\"verb\":\"update\",\"chain\":\"port\"," PORT "}",
                "permit grants[3]", MODE_LIVE},
        {"on behalf, not one's own chain",
                "{\"officer\":\"emb-publish\",\"verb\":\"update\",\"chain\":\"emb\"," PORT "}",
                "deny 9", MODE_LIVE},
};

static void permits_the_baselines(void **state)
{
	check_cases(*state, baselines, COUNT(baselines));
}

static void asks_the_officer(void **state)
{
	check_cases(*state, one_officer, COUNT(one_officer));
}

static void asks_who_handles(void **state)
{
	check_cases(*state, two_handler, COUNT(two_handler));
}

static void asks_the_grant(void **state)
{
	check_cases(*state, three_grant, COUNT(three_grant));
}

static void asks_the_forbids(void **state)
{
	check_cases(*state, four_forbid, COUNT(four_forbid));
}

static void asks_secrecy_disclosure_status(void **state)
{
	check_cases(*state, six_to_eight, COUNT(six_to_eight));
}

static void asks_life_and_chain(void **state)
{
	check_cases(*state, nine_life, COUNT(nine_life));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(permits_the_baselines),
	        cmocka_unit_test(asks_the_officer),
	        cmocka_unit_test(asks_who_handles),
	        cmocka_unit_test(asks_the_grant),
	        cmocka_unit_test(asks_the_forbids),
	        cmocka_unit_test(asks_secrecy_disclosure_status),
	        cmocka_unit_test(asks_life_and_chain),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
