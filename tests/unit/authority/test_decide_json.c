/* SPDX-License-Identifier: Apache-2.0
 * Requests as JSON: what cannot be understood is a deny with its reason, what is no JSON is
 * an error, and the answer has one form.
 */
#include "fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "decide_main.h"
#include "decide_request.h"
#include "source_tree.h"

static const struct decide_case malformed[] = {
        {"unknown member", "{\"colour\":\"red\"}", "deny 0", MODE_LIVE},
        {"officer is a number", "{\"officer\":5}", "deny 0", MODE_LIVE},
        {"a NUL in a name", "{\"officer\":\"met-publish\\u0000\"}", "deny 0", MODE_LIVE},
        {"unknown verb", "{\"verb\":\"shout\"}", "deny 0", MODE_LIVE},
        {"verb left out", "{\"-verb\":0}", "deny 0", MODE_LIVE},
        {"verb in capitals", "{\"verb\":\"Publish\"}", "deny 0", MODE_LIVE},
        {"unknown kind", "{\"kind\":\"rumour\"}", "deny 0", MODE_LIVE},
        {"kind left out", "{\"-kind\":0}", "deny 0", MODE_LIVE},
        {"unknown level", "{\"level\":\"purple\"}", "deny 0", MODE_LIVE},
        {"level null", "{\"level\":null}", "deny 0", MODE_LIVE},
        {"hazard null", "{\"hazard\":null}", "deny 0", MODE_LIVE},
        {"hazard is a pattern", "{\"hazard\":\"11B*\"}", "deny 0", MODE_LIVE},
        {"hazard in small letters", "{\"hazard\":\"11b03\"}", "deny 0", MODE_LIVE},
        {"no areas", "{\"areas\":[]}", "deny 0", MODE_LIVE},
        {"areas left out", "{\"-areas\":0}", "deny 0", MODE_LIVE},
        {"areas no list", "{\"areas\":\"120116\"}", "deny 0", MODE_LIVE},
        {"area a number", "{\"areas\":[120116]}", "deny 0", MODE_LIVE},
        {"area a pattern", "{\"areas\":[\"12*\"]}", "deny 0", MODE_LIVE},
        {"area of 4 digits", "{\"areas\":[\"1201\"]}", "deny 0", MODE_LIVE},
        {"no channels", "{\"channels\":[]}", "deny 0", MODE_LIVE},
        {"unknown channel", "{\"channels\":[\"mqtt\",\"fax\"]}", "deny 0", MODE_LIVE},
        {"channel a star", "{\"channels\":[\"*\"]}", "deny 0", MODE_LIVE},
        {"incident a word", "{\"incident\":\"i\"}", "deny 0", MODE_LIVE},
        {"incident without id", "{\"incident\":{\"handler\":\"met\"}}", "deny 0", MODE_LIVE},
        {"incident with more", "{\"incident\":{\"id\":\"i\",\"handler\":\"met\",\"x\":1}}",
                "deny 0", MODE_LIVE},
        {"handler a number", "{\"incident\":{\"id\":\"i\",\"handler\":1}}", "deny 0", MODE_LIVE},
        {"unknown status", "{\"status\":\"actual\"}", "deny 0", MODE_LIVE},
        {"status null", "{\"status\":null}", "deny 0", MODE_LIVE},
        {"unknown disclosure", "{\"disclosure\":\"secret\"}", "deny 0", MODE_LIVE},
        {"unknown screening", "{\"screening\":true}", "deny 0", MODE_LIVE},
        {"unknown procedure", "{\"procedure\":\"fast\"}", "deny 0", MODE_LIVE},
        {"reviews null", "{\"reviews\":null}", "deny 0", MODE_LIVE},
        {"signs with a number", "{\"signs\":[\"met-sign\",5]}", "deny 0", MODE_LIVE},
        {"at without offset", "{\"at\":\"2026-11-23T09:00:00\"}", "deny 0", MODE_LIVE},
        {"at with Z", "{\"at\":\"2026-11-23T01:00:00Z\"}", "deny 0", MODE_LIVE},
        {"at on a day that is none", "{\"at\":\"2026-02-29T01:00:00+08:00\"}", "deny 0", MODE_LIVE},
        {"at left out", "{\"-at\":0}", "deny 0", MODE_LIVE},
        {"expires a day", "{\"expires\":\"2026-11-24\"}", "deny 0", MODE_LIVE},
        {"expires a number", "{\"expires\":0}", "deny 0", MODE_LIVE},
        {"chain a list", "{\"chain\":[\"met\"]}", "deny 0", MODE_LIVE},
        {"to, for a publication", "{\"to\":\"emb\"}", "deny 0", MODE_LIVE},
        {"optional ones null", "{\"chain\":null,\"expires\":null,\"source\":null,\"to\":null}",
                "permit grants[0]", MODE_LIVE},
        {"incident left out", "{\"-incident\":0}", "permit grants[0]", MODE_LIVE},
        {"not understood, so nothing else is asked",
                "{\"level\":\"x\",\"officer\":\"nobody\",\"status\":\"Test\"}", "deny 0",
                MODE_LIVE},
};

static void denies_what_it_cannot_understand(void **state)
{
	check_cases(*state, malformed, sizeof malformed / sizeof malformed[0]);
}

/* C callers can say things JSON cannot. */
static void denies_broken_structs(void **state)
{
	const char *areas[] = {"120116", NULL};
	const char *channels[] = {"mqtt"};
	struct request good = {.officer = "met-publish",
	        .kind = KIND_WARNING,
	        .hazard = "11B03",
	        .level = LEVEL_ORANGE,
	        .areas = areas,
	        .area_count = 1,
	        .channels = channels,
	        .channel_count = 1,
	        .status = "Actual",
	        .drafter = "met-draft"};
	struct request broken[10];
	struct decision decision;

	for (size_t i = 0; i < 10; i++)
		broken[i] = good;
	broken[0].verb = (enum verb)99;
	broken[1].level = (enum level) - 1;
	broken[2].kind = KIND_COUNT;
	broken[3].mode = (enum mode)7;
	broken[4].area_count = 2;
	broken[5].areas = NULL;
	broken[6].channel_count = SIZE_MAX;
	broken[7].reviews = NULL;
	broken[7].review_count = 1;
	broken[8].status = NULL;
	broken[9] = (struct request){0};
	for (size_t i = 0; i < 10; i++) {
		authority_decide(*state, &broken[i], &decision);
		if (decision.permit || decision.reason_count != 1 ||
		        decision.reasons[0].condition != CONDITION_REQUEST)
			fail_msg("broken request %zu was asked further", i);
		decision_finish(&decision);
	}
}

static void answers_in_one_form(void **state)
{
	json_t *request = request_with("{\"officer\":\"heping-publish\",\"hazard\":\"11B03\"}");
	char *line = json_dumps(request, 0);
	struct err err = {0};
	json_t *answer = decide_line(*state, MODE_LIVE, line, strlen(line), &err);
	const struct policy *policy = *state;

	assert_int_equal(json_object_size(answer), 5);
	assert_true(json_is_false(json_object_get(answer, "permit")));
	assert_true(json_is_null(json_object_get(answer, "rule")));
	assert_true(json_is_null(json_object_get(answer, "basis")));
	assert_string_equal(json_string_value(json_object_get(answer, "policy")), policy->version);
	json_t *reasons = json_object_get(answer, "reasons");
	char *all = json_dumps(reasons, 0);
	assert_non_null(strstr(all, "condition 2, handler: heping holds no grant"));
	assert_non_null(strstr(all, "条件4 禁止：forbids[0] 规定此项只可由 met 发布，不可由 heping "
	                            "发布（依据：met law 22）"));
	assert_non_null(strstr(
	        all, "condition 3, grant: grants[1] lacks the hazard 11B03 (basis: law 64)"));
	free(all);
	free(line);
	json_decref(answer);
	json_decref(request);
}

/* Nearest first, not more than a page of them. */
static void names_the_nearest_rows(void **state)
{
	struct buf text;
	char got[64];

	(void)state;
	buf_init(&text, 0);
	buf_text(&text,
	        "version: 1\nunits: [{id: met}]\nofficers:\n- {id: met-publish, unit: met, duties: "
	        "[publish]}\n"
	        "- {id: met-draft, unit: met}\n- {id: met-review, unit: met, duties: [review]}\n"
	        "- {id: met-sign, unit: met, duties: [sign]}\nsignoff: [{levels: [orange], "
	        "reviews: 1, signs: 1}]\n"
	        "grants:\n");
	for (int i = 0; i < 12; i++)
		buf_format(&text,
		        "- {unit: met, role: handle, basis: law %d, acts: [publish], hazards: "
		        "[\"%s\"], levels: [orange], "
		        "areas: [\"120101\"], channels: [\"*\"]}\n",
		        i, i == 11 ? "11B*" : "12*");
	struct policy *policy = policy_of_text(text.data);
	json_t *request = request_with("{}");
	char *line = json_dumps(request, 0);
	json_t *answer_json = decide_line(policy, MODE_LIVE, line, strlen(line), NULL);
	json_t *reasons = json_object_get(answer_json, "reasons");
	answer(policy, request, MODE_LIVE, got);
	assert_string_equal(got, "deny 2 3");
	assert_int_equal(json_array_size(reasons), 2 + 8 + 1);
	assert_non_null(strstr(json_string_value(json_array_get(reasons, 2)),
	        "grants[11] lacks the area 120116 (basis: law 11)"));
	assert_non_null(strstr(
	        json_string_value(json_array_get(reasons, 3)), "grants[0] lacks the hazard 11B03"));
	assert_non_null(strstr(json_string_value(json_array_get(reasons, 10)), "4 more rows"));
	json_decref(answer_json);
	json_decref(request);
	free(line);
	policy_destroy(&policy);
	buf_finish(&text);
}

static void refuses_what_is_no_json(void **state)
{
	static const char *const lines[] = {
	        "", "x", "{", "[", "{\"a\":}", "{} {}", "\xff", "{\"a\":\"\xff\"}", "nul"};
	static const char *const values[] = {"[]", "5", "null", "\"publish\"", "[{}]", "true"};
	struct err err = {0};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		json_t *answer_json =
		        decide_line(*state, MODE_LIVE, lines[i], strlen(lines[i]), &err);
		if (answer_json)
			fail_msg("%s: answered", lines[i]);
		assert_int_equal(err.kind, ERR_INPUT);
	}
	/* JSON, but no request: a deny, and nothing else is asked. */
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		json_t *answer_json =
		        decide_line(*state, MODE_LIVE, values[i], strlen(values[i]), &err);
		assert_true(json_is_false(json_object_get(answer_json, "permit")));
		assert_int_equal(json_array_size(json_object_get(answer_json, "reasons")), 1);
		json_decref(answer_json);
	}
	static const char twice[] = "{\"verb\":\"publish\",\"verb\":\"cancel\"}";
	json_t *answer_json = decide_line(*state, MODE_LIVE, twice, sizeof twice - 1, &err);
	assert_true(json_is_false(json_object_get(answer_json, "permit")));
	json_decref(answer_json);
}

/* Of a policy with many rows a decision looks at those of the units concerned. */
static void looks_at_few_rows(void **state)
{
	struct buf text;
	struct decision decision;

	(void)state;
	buf_init(&text, 0);
	buf_text(&text, "version: 1\nofficers: [{id: met-publish, unit: met, duties: [publish]}, "
	                "{id: met-draft, unit: met}]\nunits: [{id: met}, {id: other}]\ngrants:\n");
	for (int i = 0; i < 200; i++)
		buf_format(&text,
		        "- {unit: %s, role: handle, acts: [publish], hazards: ['*'], areas: ['*'], "
		        "levels: [red], channels: ['*'], basis: b}\n",
		        i % 50 ? "other" : "met");
	struct policy *policy = policy_of_text(text.data);
	json_t *request = request_with("{\"officer\":\"met-publish\",\"drafter\":\"met-draft\"}");
	parsed_request_decide(policy, request, MODE_LIVE, &decision);
	assert_in_range(
	        decision.rows, 4, 16); /* who handles, who is granted, who is near: 4 each */
	decision_finish(&decision);
	json_decref(request);
	policy_destroy(&policy);
	buf_finish(&text);
}

static void survives_hostile_values(void **state)
{
	json_t *request = request_with("{\"officer\":\"x\\n\\u001b[31m\\u007f\"}");
	json_t *many = json_array();
	char *longest = mem_format("%0*d", 300000, 7);
	char *line = json_dumps(request, 0);
	json_t *answer_json = decide_line(*state, MODE_LIVE, line, strlen(line), NULL);
	char *text = json_dumps(answer_json, JSON_ENSURE_ASCII);
	char got[64];

	assert_null(strstr(text, "\\u001b"));
	assert_null(strstr(text, "\\n"));
	json_object_set_new(request, "officer", json_string(longest));
	answer(*state, request, MODE_LIVE, got);
	assert_string_equal(got, "deny 1 2 3 4 5");
	for (int i = 0; i < 10001; i++)
		json_array_append_new(many, json_string("120116"));
	json_object_set_new(request, "areas", many);
	answer(*state, request, MODE_LIVE, got);
	assert_string_equal(got, "deny 0");
	json_decref(request);
	json_decref(answer_json);
	free(longest);
	free(line);
	free(text);
}

/* Runs the command with these lines on stdin; what it wrote goes to out. */
static int run(char **argv, int argc, const char *input, char *out, size_t room)
{
	FILE *in = tmpfile();
	FILE *to = tmpfile();
	int kept_in = dup(STDIN_FILENO);
	int kept_out = dup(STDOUT_FILENO);

	fputs(input, in);
	rewind(in);
	fflush(stdout);
	dup2(fileno(in), STDIN_FILENO);
	dup2(fileno(to), STDOUT_FILENO);
	clearerr(stdin);
	int code = decide_main(argc, argv);
	fflush(stdout);
	dup2(kept_in, STDIN_FILENO);
	dup2(kept_out, STDOUT_FILENO);
	rewind(to);
	out[fread(out, 1, room - 1, to)] = '\0';
	close(kept_in);
	close(kept_out);
	fclose(in);
	fclose(to);
	return code;
}

static void is_a_command(void **state)
{
	char *policy = source_path("tests/unit/authority/policy.yaml");
	char word[] = "decide";
	char policy_option[] = "--policy";
	char mode_option[] = "--mode";
	char check[] = "--check";
	char bad[] = "real";
	char missing[] = "/nonexistent";
	char *good[] = {word, policy_option, policy, NULL};
	char *checks[] = {word, policy_option, policy, check, NULL};
	char *bad_mode[] = {word, policy_option, policy, mode_option, bad, NULL};
	char *no_policy[] = {word, NULL};
	char *broken[] = {word, policy_option, missing, NULL};
	static char out[65536];

	(void)state;
	assert_int_equal(run(good, 3, "", out, sizeof out), EX_OK);
	assert_int_equal(run(checks, 4, "", out, sizeof out), EX_OK);
	assert_int_equal(strlen(out), DIGEST_HEX);
	assert_int_equal(run(no_policy, 1, "", out, sizeof out), EX_USAGE);
	assert_int_equal(run(bad_mode, 5, "", out, sizeof out), EX_USAGE);
	assert_int_equal(run(broken, 3, "", out, sizeof out), EX_CONFIG);
	assert_int_equal(run(good, 3, "{}\n\n{\"verb\":1}", out, sizeof out), EX_OK);
	assert_non_null(strchr(strchr(out, '\n') + 1, '\n'));
	assert_int_equal(run(good, 3, "{}\n{}\nx\n{}\n", out, sizeof out), EX_DATAERR);
	free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(denies_what_it_cannot_understand),
	        cmocka_unit_test(denies_broken_structs),
	        cmocka_unit_test(answers_in_one_form),
	        cmocka_unit_test(names_the_nearest_rows),
	        cmocka_unit_test(refuses_what_is_no_json),
	        cmocka_unit_test(looks_at_few_rows),
	        cmocka_unit_test(survives_hostile_values),
	        cmocka_unit_test(is_a_command),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
