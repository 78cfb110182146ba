/* SPDX-License-Identifier: Apache-2.0
 * What the rule settles beyond the nine conditions: absent lists, levels I-IV, superiors, relays,
 * submission, which reading is answered, incidents.
 */
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "when.h"

#define COUNT(cases) (sizeof cases / sizeof cases[0])
#define STRANGER                                                                                   \
	"\"officer\":\"stranger-all\",\"procedure\":\"urgent\",\"reviews\":[],\"signs\":["         \
	"\"stranger-all\"],"                                                                       \
	"\"drafter\":\"met-draft\""
#define EMB                                                                                        \
	"\"officer\":\"emb-publish\",\"drafter\":\"emb-publish\",\"reviews\":[\"emb-review\"],"    \
	"\"signs\":[\"emb-sign\"]"

static const struct decide_case lists[] = {
        {"absent lists of a grant cover nothing", "{" STRANGER ",\"hazard\":\"12A01\"}", "deny 2 3",
                MODE_LIVE},
        {"absent kinds are [warning]", "{" STRANGER ",\"hazard\":\"13A01\"}", "permit grants[6]",
                MODE_LIVE},
        {"and nothing else", "{" STRANGER ",\"hazard\":\"13A01\",\"kind\":\"fact\"}", "deny 3",
                MODE_LIVE},
        {"red does not cover I", "{\"level\":\"I\",\"signs\":[\"met-sign\",\"met-sign-2\"]}",
                "deny 3", MODE_LIVE},
        {"II where it is named",
                "{" EMB ",\"kind\":\"response\",\"hazard\":\"12D01\",\"level\":\"II\"}",
                "permit grants[4]", MODE_LIVE},
        {"III where it is not",
                "{" EMB ",\"kind\":\"response\",\"hazard\":\"12D01\",\"level\":\"III\"}",
                "deny 3 5", MODE_LIVE},
        {"correct needs the act update",
                "{\"officer\":\"heping-publish\",\"hazard\":\"12G01\",\"areas\":[\"120101\"],"
                "\"channels\":[\"mqtt\"],\"verb\":\"correct\"}",
                "deny 3", MODE_LIVE},
        {"a forbidden update forbids correct",
                "{\"officer\":\"port-publish\",\"hazard\":\"12G01\",\"channels\":[\"weibo\"],"
                "\"verb\":\"correct\"}",
                "deny 2 3 4", MODE_LIVE},
        {"but not publish",
                "{\"officer\":\"port-publish\",\"hazard\":\"12G01\",\"channels\":[\"weibo\"],"
                "\"verb\":\"cancel\"}",
                "deny 2 3", MODE_LIVE},
        {"12 digits of a whole district", "{\"areas\":[\"120116000000\"]}", "permit grants[0]",
                MODE_LIVE},
        {"a street", "{\"areas\":[\"120116001000\"]}", "permit grants[0]", MODE_LIVE},
};

#define CANCEL "\"verb\":\"cancel\",\"reviews\":[],\"signs\":[],\"screening\":\"none\""

static const struct decide_case superiors[] = {
        {"a superior cancels, whoever handles",
                "{" EMB "," CANCEL
                ",\"hazard\":\"12G01\",\"areas\":[\"120101\"],\"chain\":\"heping\","
                "\"incident\":{\"id\":\"i\",\"handler\":\"heping\"}}",
                "permit grants[4]", MODE_LIVE},
        {"a superior corrects",
                "{" EMB "," CANCEL ",\"verb\":\"correct\",\"hazard\":\"12G01\",\"areas\":["
                "\"120101\"],\"chain\":\"heping\","
                "\"incident\":{\"id\":\"i\",\"handler\":\"heping\"}}",
                "permit grants[4]", MODE_LIVE},
        {"a superior's update must handle it",
                "{" EMB ",\"verb\":\"update\",\"hazard\":\"12G01\",\"areas\":[\"120101\"],"
                "\"chain\":\"heping\","
                "\"incident\":{\"id\":\"i\",\"handler\":\"heping\"}}",
                "deny 2", MODE_LIVE},
        {"a superior needs its own grant",
                "{\"officer\":\"top-all\"," CANCEL
                ",\"hazard\":\"12G01\",\"areas\":[\"120101\"],\"chain\":\"heping\","
                "\"incident\":{\"id\":\"i\",\"handler\":\"heping\"}}",
                "deny 2 3", MODE_LIVE},
        {"no superior by the chain, not its incident",
                "{" EMB "," CANCEL ",\"hazard\":\"12G01\",\"areas\":[\"120101\"],\"chain\":\"emb\","
                "\"incident\":{\"id\":\"i\",\"handler\":\"heping\"}}",
                "deny 2", MODE_LIVE},
        {"the one below may not cancel the one above",
                "{\"officer\":\"heping-publish\"," CANCEL
                ",\"hazard\":\"12G01\",\"areas\":[\"120101\"],\"channels\":[\"mqtt\"],"
                "\"chain\":\"emb\"}",
                "deny 9", MODE_LIVE},
        {"beside is not above",
                "{\"officer\":\"heping-publish\"," CANCEL
                ",\"hazard\":\"12G01\",\"areas\":[\"120101\"],\"channels\":[\"mqtt\"],"
                "\"chain\":\"port\"}",
                "deny 9", MODE_LIVE},
};

#define RELAY                                                                                      \
	"\"officer\":null,\"procedure\":\"relay\",\"source\":\"feed\",\"drafter\":null,"           \
	"\"reviews\":[],\"signs\":[],"                                                             \
	"\"screening\":\"none\""

static const struct decide_case relays[] = {
        {"a relay", "{" RELAY "}", "permit relays[0]", MODE_LIVE},
        {"channels absent = all", "{" RELAY ",\"channels\":[\"weibo\",\"loudspeaker\"]}",
                "permit relays[0]", MODE_LIVE},
        {"the second row",
                "{" RELAY ",\"kind\":\"fact\",\"level\":\"none\",\"hazard\":\"12D01\",\"channels\":"
                "[\"mqtt\"]}",
                "permit relays[1]", MODE_LIVE},
        {"channel not in the row",
                "{" RELAY ",\"kind\":\"fact\",\"level\":\"none\",\"hazard\":\"12D01\"}", "deny 3",
                MODE_LIVE},
        {"an officer", "{" RELAY ",\"officer\":\"met-publish\"}", "deny 0", MODE_LIVE},
        {"level not auto", "{" RELAY ",\"level\":\"yellow\"}", "deny 3", MODE_LIVE},
        {"hazard", "{" RELAY ",\"hazard\":\"11A01\"}", "deny 3", MODE_LIVE},
        {"area", "{" RELAY ",\"areas\":[\"130000\"]}", "deny 3", MODE_LIVE},
        {"kind", "{" RELAY ",\"kind\":\"fact\"}", "deny 3", MODE_LIVE},
        {"unknown source", "{" RELAY ",\"source\":\"feed2\"}", "deny 3 4", MODE_LIVE},
        {"no source", "{" RELAY ",\"source\":null}", "deny 3 4", MODE_LIVE},
        {"an absent list of a relay row covers nothing", "{" RELAY ",\"source\":\"empty\"}",
                "deny 3", MODE_LIVE},
        {"the row's unit is asked for forbids", "{" RELAY ",\"source\":\"wrong\"}", "deny 4",
                MODE_LIVE},
        {"held", "{" RELAY ",\"screening\":\"held\"}", "deny 6", MODE_LIVE},
        {"held, cancel", "{" RELAY ",\"screening\":\"held\",\"verb\":\"cancel\"}",
                "permit relays[0]", MODE_LIVE},
        {"not for the public", "{" RELAY ",\"disclosure\":\"withheld\"}", "deny 7", MODE_LIVE},
        {"status", "{" RELAY ",\"status\":\"Test\"}", "deny 8", MODE_LIVE},
        {"expired", "{" RELAY ",\"expires\":\"2026-11-23T08:59:59+08:00\"}", "deny 9", MODE_LIVE},
        {"update of its own chain", "{" RELAY ",\"verb\":\"update\",\"chain\":\"met\"}",
                "permit relays[0]", MODE_LIVE},
        {"update of another's chain", "{" RELAY ",\"verb\":\"update\",\"chain\":\"emb\"}", "deny 9",
                MODE_LIVE},
        {"whoever handles the incident",
                "{" RELAY ",\"incident\":{\"id\":\"i\",\"handler\":\"emb\"}}", "permit relays[0]",
                MODE_LIVE},
        {"a source does not make a relay", "{\"source\":\"feed\"}", "permit grants[0]", MODE_LIVE},
        {"an officer's draft from a feed", "{\"source\":\"feed\",\"reviews\":[]}", "deny 5",
                MODE_LIVE},
};

static const struct decide_case known[] = {
        {"no drafter", "{\"drafter\":null}", "deny 0", MODE_LIVE},
        {"drafter left out", "{\"-drafter\":0}", "deny 0", MODE_LIVE},
        {"unknown drafter", "{\"drafter\":\"nobody\"}", "deny 0", MODE_LIVE},
        {"unknown drafter of a cancel", "{\"verb\":\"cancel\",\"drafter\":\"nobody\"}", "deny 0",
                MODE_LIVE},
        {"unknown handler", "{\"incident\":{\"id\":\"i\",\"handler\":\"nowhere\"}}", "deny 0 2",
                MODE_LIVE},
        {"unknown chain", "{\"chain\":\"nowhere\"}", "deny 0", MODE_LIVE},
        {"unknown chain of an update", "{\"verb\":\"update\",\"chain\":\"nowhere\"}", "deny 0 9",
                MODE_LIVE},
};

#define INCIDENT "\"hazard\":\"12D01\",\"areas\":[\"120116\"],"

static const struct decide_case incidents[] = {
        {"assign what nobody handles",
                "{\"officer\":\"emb-publish\",\"verb\":\"assign\",\"to\":\"port\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":null}}",
                "permit grants[2]", MODE_LIVE},
        {"assign without a grant",
                "{\"officer\":\"met-publish\",\"verb\":\"assign\",\"to\":\"port\"," INCIDENT
                "\"incident\":{\"id\":\"i\"}}",
                "deny 2", MODE_LIVE},
        {"hand over what is one's own",
                "{\"officer\":\"port-publish\",\"verb\":\"handover\",\"to\":\"emb\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "permit grants[4]", MODE_LIVE},
        {"a superior hands over",
                "{\"officer\":\"top-all\",\"verb\":\"handover\",\"to\":\"emb\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "permit grants[4]", MODE_LIVE},
        {"a stranger does not",
                "{\"officer\":\"met-publish\",\"verb\":\"handover\",\"to\":\"emb\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "deny 2", MODE_LIVE},
        {"to one without a grant",
                "{\"officer\":\"port-publish\",\"verb\":\"handover\",\"to\":\"met\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "deny 3", MODE_LIVE},
        {"to nobody we know",
                "{\"officer\":\"port-publish\",\"verb\":\"handover\",\"to\":\"nowhere\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "deny 3", MODE_LIVE},
        {"to one the law forbids",
                "{\"officer\":\"emb-publish\",\"verb\":\"handover\",\"to\":\"emb\",\"hazard\":"
                "\"12G99\",\"areas\":[\"120101\"],"
                "\"incident\":{\"id\":\"i\",\"handler\":\"emb\"}}",
                "deny 4", MODE_LIVE},
        {"without the duty",
                "{\"officer\":\"port-sign\",\"verb\":\"handover\",\"to\":\"emb\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "deny 1", MODE_LIVE},
        {"close",
                "{\"officer\":\"port-publish\",\"verb\":\"close\",\"to\":null," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "permit grants[2]", MODE_LIVE},
        {"close names nobody",
                "{\"officer\":\"port-publish\",\"verb\":\"close\",\"to\":\"emb\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "deny 0", MODE_LIVE},
        {"hand over names somebody",
                "{\"officer\":\"port-publish\",\"verb\":\"handover\",\"to\":null," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"port\"}}",
                "deny 0", MODE_LIVE},
        {"of what incident?",
                "{\"officer\":\"port-publish\",\"verb\":\"close\"," INCIDENT "\"incident\":null}",
                "deny 0", MODE_LIVE},
        {"an unknown handler",
                "{\"officer\":\"emb-publish\",\"verb\":\"handover\",\"to\":\"emb\"," INCIDENT
                "\"incident\":{\"id\":\"i\",\"handler\":\"nowhere\"}}",
                "deny 0", MODE_LIVE},
        {"a forbid of acts says nothing about handling",
                "{\"officer\":\"emb-publish\",\"verb\":\"assign\",\"to\":\"heping\",\"hazard\":"
                "\"12G01\",\"areas\":[\"120101\"],"
                "\"incident\":{\"id\":\"i\"}}",
                "permit grants[1]", MODE_LIVE},
};

static void covers_by_lists(void **state)
{
	check_cases(*state, lists, COUNT(lists));
}

static void lets_superiors_withdraw(void **state)
{
	check_cases(*state, superiors, COUNT(superiors));
}

static void relays_by_rows(void **state)
{
	check_cases(*state, relays, COUNT(relays));
}

static void knows_whom_it_names(void **state)
{
	check_cases(*state, known, COUNT(known));
}

static void hands_over_incidents(void **state)
{
	check_cases(*state, incidents, COUNT(incidents));
}

/* At submission nobody has signed: the drafter's unit, conditions 2-4 and 7-9. */
static void asks_at_submission(void **state)
{
	const char *area = "120116";
	const char *channel = "mqtt";
	struct request request = {.verb = VERB_PUBLISH,
	        .kind = KIND_WARNING,
	        .hazard = "11B03",
	        .level = LEVEL_ORANGE,
	        .areas = &area,
	        .area_count = 1,
	        .channels = &channel,
	        .channel_count = 1,
	        .status = "Actual",
	        .screening = SCREENING_HELD,
	        .drafter = "met-draft",
	        .submission = true};
	struct decision decision;

	assert_true(when_read("2026-11-23T09:00:00+08:00", &request.at, NULL));
	authority_decide(*state, &request, &decision);
	assert_true(decision.permit);
	assert_string_equal(decision.rule, "grants[0]");
	assert_string_equal(decision.unit, "met");
	decision_finish(&decision);

	request.drafter = "heping-publish";
	authority_decide(*state, &request, &decision);
	assert_false(decision.permit);
	assert_int_equal(decision.reasons[0].condition, CONDITION_HANDLER);
	decision_finish(&decision);

	request.drafter = NULL;
	authority_decide(*state, &request, &decision);
	assert_false(decision.permit);
	assert_int_equal(decision.reasons[0].condition, CONDITION_REQUEST);
	decision_finish(&decision);

	request.drafter = "met-draft";
	request.expires = request.at;
	authority_decide(*state, &request, &decision);
	assert_false(decision.permit);
	assert_int_equal(decision.reasons[0].condition, CONDITION_LIFE);
	decision_finish(&decision);
}

/* On behalf both rows are named, and whose authority counts. */
static void names_both_rows(void **state)
{
	const struct policy *policy = *state;
	json_t *json = request_with(
	        "{\"officer\":\"emb-publish\",\"hazard\":\"12J01\",\"areas\":[\"120116001\"],"
	        "\"reviews\":[\"emb-review\"],\"signs\":[\"port-sign\"]}");
	char *line = json_dumps(json, 0);
	struct decision decision;
	const char *areas[] = {"120116001"};
	const char *channels[] = {"mqtt"};
	const char *reviews[] = {"emb-review"};
	const char *signs[] = {"port-sign"};
	struct request request = {.officer = "emb-publish",
	        .kind = KIND_WARNING,
	        .hazard = "12J01",
	        .level = LEVEL_ORANGE,
	        .areas = areas,
	        .area_count = 1,
	        .channels = channels,
	        .channel_count = 1,
	        .status = "Actual",
	        .screening = SCREENING_REVIEWED,
	        .drafter = "emb-publish",
	        .reviews = reviews,
	        .review_count = 1,
	        .signs = signs,
	        .sign_count = 1};

	assert_true(when_read("2026-11-23T09:00:00+08:00", &request.at, NULL));
	authority_decide(policy, &request, &decision);
	assert_true(decision.permit);
	assert_string_equal(decision.rule, "grants[3]");
	assert_string_equal(decision.basis, "agreement");
	assert_string_equal(decision.unit, "port");
	assert_string_equal(decision.handler_rule, "grants[2]");
	assert_string_equal(decision.handler_basis, "port law");
	decision_finish(&decision);
	json_t *answer = decide_line(policy, MODE_LIVE, line, strlen(line), NULL);
	assert_string_equal(json_string_value(json_object_get(answer, "rule")), "grants[3]");
	json_decref(answer);
	json_decref(json);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(covers_by_lists),
	        cmocka_unit_test(lets_superiors_withdraw),
	        cmocka_unit_test(relays_by_rows),
	        cmocka_unit_test(knows_whom_it_names),
	        cmocka_unit_test(hands_over_incidents),
	        cmocka_unit_test(asks_at_submission),
	        cmocka_unit_test(names_both_rows),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
