/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decide_request.h"
#include "source_tree.h"

static const char baseline[] = "{\"officer\":\"met-publish\",\"verb\":\"publish\",\"kind\":"
                               "\"warning\",\"hazard\":\"11B03\",\"level\":\"orange\","
                               "\"areas\":[\"120116\"],\"channels\":[\"mqtt\",\"sms\"],"
                               "\"incident\":null,\"status\":\"Actual\","
                               "\"disclosure\":\"proactive\",\"screening\":\"reviewed\","
                               "\"procedure\":\"normal\",\"drafter\":\"met-draft\","
                               "\"reviews\":[\"met-review\"],\"signs\":[\"met-sign\"],\"at\":"
                               "\"2026-11-23T09:00:00+08:00\"}";

int open_policy(void **state)
{
	char *path = source_path("tests/unit/authority/policy.yaml");
	struct err err = {0};

	*state = policy_read(path, &err);
	if (!*state)
		print_error("%s\n", err.en);
	free(path);
	return *state ? 0 : -1;
}

int close_policy(void **state)
{
	struct policy *policy = *state;

	policy_destroy(&policy);
	return 0;
}

struct policy *policy_of_text(const char *text)
{
	struct err err = {0};
	struct policy *policy = policy_parse("test.yaml", text, strlen(text), &err);

	if (!policy)
		fail_msg("the policy does not load: %s", err.en);
	return policy;
}

json_t *request_with(const char *change)
{
	json_error_t error;
	json_t *request = json_loads(baseline, 0, &error);
	json_t *members = json_loads(change, JSON_ALLOW_NUL, &error);
	const char *name;
	json_t *value;

	if (!members)
		fail_msg("the case is no JSON: %s: %s", change, error.text);
	json_object_foreach(members, name, value)
	{
		if (*name == '-')
			json_object_del(request, name + 1);
		else
			json_object_set(request, name, value);
	}
	json_decref(members);
	return request;
}

static void describe(const struct decision *decision, char got[64])
{
	unsigned failed = 0;

	if (decision->permit) {
		snprintf(got, 64, "permit %s", decision->rule ? decision->rule : "-");
		return;
	}
	for (size_t i = 0; i < decision->reason_count; i++)
		failed |= 1u << decision->reasons[i].condition;
	size_t len = (size_t)snprintf(got, 64, "deny");
	for (int i = 0; i < CONDITION_COUNT; i++)
		if (failed & 1u << i)
			len += (size_t)snprintf(got + len, 64 - len, " %d", i);
}

void answer(const struct policy *policy, json_t *request, enum mode mode, char got[64])
{
	struct decision decision;

	parsed_request_decide(policy, request, mode, &decision);
	describe(&decision, got);
	for (size_t i = 0; i < decision.reason_count; i++) {
		assert_true(strlen(decision.reasons[i].zh) > 0);
		assert_true(strlen(decision.reasons[i].en) > 0);
	}
	assert_string_equal(decision.policy, policy->version);
	decision_finish(&decision);
}

void check_cases(const struct policy *policy, const struct decide_case *cases, size_t count)
{
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		json_t *request = request_with(cases[i].change);
		char got[64];
		answer(policy, request, cases[i].mode, got);
		json_decref(request);
		if (strcmp(got, cases[i].want) != 0) {
			print_error("%s: got %s, want %s\n", cases[i].name, got, cases[i].want);
			wrong++;
		}
	}
	if (wrong)
		fail_msg("%zu of %zu cases wrong", wrong, count);
}
