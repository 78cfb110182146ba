/* SPDX-License-Identifier: Apache-2.0
 * Tests of incident_step and lines: one form only, read back byte for byte or refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base_fixture.h"
#include "incident_step.h"

static const char text_form[] = "tocsin-incident 1\n"
                                "incident 2026-北塘 07\n"
                                "sequence 2\n"
                                "previous %s\n"
                                "verb handover\n"
                                "mode live\n"
                                "hazard 12D03\n"
                                "area 120116\n"
                                "area 120101\n"
                                "from tj-binhai\n"
                                "to tj-emb\n"
                                "reason 升级为市级处置\n";

static char *text_of(void)
{
	char digest[DIGEST_HEX];

	digest_sha256("before", 6, digest);
	return mem_format(text_form, digest);
}

static void reads_and_writes_the_same(void **state)
{
	char *text = text_of();
	struct incident_step step;
	struct err err = {0};
	struct buf again;

	(void)state;
	assert_true(incident_step_read(&step, text, strlen(text), &err));
	assert_string_equal(step.incident, "2026-北塘 07");
	assert_int_equal(step.sequence, 2);
	assert_int_equal(step.act, ACT_HANDOVER);
	assert_int_equal(step.areas.count, 2);
	assert_string_equal(step.from, "tj-binhai");
	assert_string_equal(step.to, "tj-emb");
	buf_init(&again, 0);
	incident_step_write(&step, &again);
	assert_string_equal(again.data, text);
	buf_finish(&again);
	incident_step_finish(&step);
	free(text);
}

/* What stands there -> what is put there: every one is another text, or none. */
static void refuses_any_other_form(void **state)
{
	static const struct {
		const char *from, *to;
	} spoilt[] = {{"incident 1", "incident 2"}, {"sequence 2", "sequence 02"},
	        {"sequence 2", "sequence -2"}, {"sequence 2", "sequence "},
	        {"verb handover", "verb sign"}, {"verb handover", "verb Handover"},
	        {"mode live", "mode drill"}, {"area 120116\n", "area 120116\r\n"},
	        {"from tj-binhai\n", ""}, {"to tj-emb\n", "to tj-emb\nto tj-emb\n"},
	        {"reason 升级", "reason  升级\nmore "}, {"previous ", "previous x"},
	        {"hazard 12D03", "hazard \t12D03"},
	        {"reason 升级为市级处置\n", "reason 升级为市级处置"},
	        {"reason 升级为市级处置\n", "reason \n"}, {"reason 升", "reason \xff"}};

	(void)state;
	for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
		char *text = text_of();
		const char *at = strstr(text, spoilt[i].from);
		assert_non_null(at);
		char *bad = mem_format("%.*s%s%s", (int)(at - text), text, spoilt[i].to,
		        at + strlen(spoilt[i].from));
		struct incident_step step;
		struct err err = {0};
		if (incident_step_read(&step, bad, strlen(bad), &err))
			fail_msg("\"%s\" for \"%s\": got it read, want it refused", spoilt[i].to,
			        spoilt[i].from);
		assert_int_equal(err.kind, ERR_INPUT);
		free(bad);
		free(text);
	}
}

static void ids_fit_one_line(void **state)
{
	static const char *const good[] = {"i-1", "2026-07-15-rain", "滨海新区 暴雨"};
	static const char *const bad[] = {"", "-", " i", "i ", "a\"b", "a/b", "a\nb", "a\xff"};
	char *most = mem_zero(INCIDENT_ID_MOST + 2);

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(incident_id_fits(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(incident_id_fits(bad[i]));
	memset(most, 'x', INCIDENT_ID_MOST);
	assert_true(incident_id_fits(most));
	most[INCIDENT_ID_MOST] = 'x';
	assert_false(incident_id_fits(most));
	free(most);
}

static void opens_with_the_texts_own_act(void **state)
{
	struct signed_step kept = {.text = text_of(), .proof = {.act = ACT_SIGN}};
	struct incident_step step;
	char digest[DIGEST_HEX];

	(void)state;
	assert_true(signed_step_open(&kept, &step, NULL));
	digest_sha256(kept.text, strlen(kept.text), digest);
	assert_int_equal(kept.proof.act, ACT_HANDOVER);
	assert_string_equal(kept.proof.manifest, digest);
	incident_step_finish(&step);
	signed_step_finish(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_and_writes_the_same),
	        cmocka_unit_test(refuses_any_other_form),
	        cmocka_unit_test(ids_fit_one_line),
	        cmocka_unit_test(opens_with_the_texts_own_act),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
