/* SPDX-License-Identifier: Apache-2.0
 * test_signer_status - the status key signs fixed forms, of now and of this mode, and a notice only
 * to an officer of the policy; and neither key does the other's work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "protocol.h"
#include "scene.h"
#include "status.h"

static struct status notice(struct scene *scene)
{
	return (struct status){.form = STATUS_NOTICE,
	        .node = "tj-1",
	        .mode = MODE_LIVE,
	        .time = scene->now,
	        .number = "12000041600000_20261123090000_a1",
	        .step = STEP_REVIEW,
	        .waiting = 120,
	        .officer = "zhao",
	        .unit = "tj-met"};
}

/* The signer's answer to this text: its signature (the caller's), or NULL and the refusal. */
static char *ask_text(struct scene *scene, const char *text, struct err *err)
{
	struct buf out, in;
	struct frame frame;
	char *signature = NULL;

	buf_init(&out, 0);
	buf_init(&in, 0);
	size_t mark = frame_begin(&out, FRAME_SIGN_STATUS);
	frame_put_text(&out, TAG_TEXT, text);
	frame_end(&out, mark);
	signer_answer(&scene->signer, out.data, out.len, scene->now, &in);
	assert_true(frame_open(&frame, in.data, in.len));
	if (frame.type == FRAME_STATUS_SIGNED) {
		signature = frame_get_text(&frame, TAG_SIGNATURE);
	} else {
		assert_int_equal(frame.type, FRAME_REFUSED);
		frame_get_int(&frame, TAG_KIND);
		char *zh = frame_get_text(&frame, TAG_ZH);
		char *en = frame_get_text(&frame, TAG_EN);
		assert_true(*zh && *en);
		snprintf(err->en, sizeof err->en, "%s", en);
		free(zh);
		free(en);
	}
	assert_true(frame_close(&frame, NULL));
	buf_finish(&out);
	buf_finish(&in);
	return signature;
}

static char *ask(struct scene *scene, const struct status *status, struct err *err)
{
	struct buf text;

	buf_init(&text, 0);
	status_write(status, &text);
	char *signature = ask_text(scene, text.data, err);
	if (signature) {
		assert_true(key_verify(scene->signer.status, text.data, text.len, signature));
		assert_false(key_verify(scene->signer.alert, text.data, text.len, signature));
	}
	buf_finish(&text);
	return signature;
}

static void is_signed(struct scene *scene, const struct status *status)
{
	struct err err = {0};
	char *signature = ask(scene, status, &err);

	if (!signature)
		fail_msg("refused: %s", err.en);
	free(signature);
}

static void is_refused(struct scene *scene, const struct status *status, const char *word)
{
	struct err err = {0};
	char *signature = ask(scene, status, &err);

	if (signature)
		fail_msg("signed, want a refusal with \"%s\"", word);
	if (!strstr(err.en, word))
		fail_msg("refused with \"%s\", want \"%s\"", err.en, word);
}

static struct status state_form(struct scene *scene, enum status_form form)
{
	struct status s = notice(scene);

	s.form = form;
	memcpy(s.policy, scene->signer.policy->version, DIGEST_HEX);
	return s;
}

static void forms_of_now_are_signed(void **state)
{
	struct scene *scene = *state;
	struct status s = notice(scene);

	is_signed(scene, &s);
	s = state_form(scene, STATUS_HEARTBEAT);
	is_signed(scene, &s);
	s = state_form(scene, STATUS_INDEX);
	is_signed(scene, &s);
	s.time = scene->now - 61000;
	is_refused(scene, &s, "of now");
	s.time = scene->now + 61000;
	is_refused(scene, &s, "of now");
}

/* Whoever keeps a change of policy from the signer cannot say that it is in force. */
static void the_policy_named_is_the_one_in_force(void **state)
{
	static const enum status_form forms[] = {STATUS_HEARTBEAT, STATUS_INDEX};
	struct scene *scene = *state;
	char ours[17];

	snprintf(ours, sizeof ours, "%.16s", scene->signer.policy->version);

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct status s = state_form(scene, forms[i]);
		digest_sha256("another", 7, s.policy);
		is_refused(scene, &s, ours);
		is_refused(scene, &s, "the policy that is named");
		*s.policy = '\0';
		is_refused(scene, &s, "names policy -");
	}
}

static void a_drill_is_not_signed_here(void **state)
{
	struct status s = notice(*state);

	s.mode = MODE_EXERCISE;
	is_refused(*state, &s, "drills apart");
}

static void notices_go_to_officers_only(void **state)
{
	struct scene *scene = *state;
	struct status s = notice(scene);
	const char *someone = "13800000001";

	snprintf(s.officer, sizeof s.officer, "nobody");
	is_refused(scene, &s, "officers of the policy");
	s = notice(scene);
	snprintf(s.unit, sizeof s.unit, "tj-emb");
	is_refused(scene, &s, "officers of the policy");
	s = notice(scene);
	status_audience(&someone, 1, s.audience);
	is_refused(scene, &s, "addresses of the policy");
}

static void a_notice_carries_no_link(void **state)
{
	static const char *const good[] = {"2.49.0.1.156.0", "urn:oid:2.49.0.1", "upstream-7"};
	static const char *const links[] = {
	        "https://tocsin.example/login", "tocsin.example", "a/b", "desk@tocsin", "1.2.x"};
	struct status s = notice(*state);

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		snprintf(s.number, sizeof s.number, "%s", good[i]);
		is_signed(*state, &s);
	}
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		snprintf(s.number, sizeof s.number, "%s", links[i]);
		is_refused(*state, &s, "no link");
	}
}

static void only_our_own_keys_are_listed(void **state)
{
	struct scene *scene = *state;
	struct status s = notice(scene);
	char *alert = key_base64(scene->signer.alert);
	char *status = key_base64(scene->signer.status);

	s = state_form(scene, STATUS_KEYS);
	snprintf(s.alert_key, sizeof s.alert_key, "%s", alert);
	snprintf(s.status_key, sizeof s.status_key, "%s", status);
	is_signed(scene, &s);
	snprintf(s.alert_key, sizeof s.alert_key, "%s", status);
	is_refused(scene, &s, "not the signer's keys");
	snprintf(s.alert_key, sizeof s.alert_key, "%s", alert);
	digest_sha256("another", 7, s.policy);
	is_refused(scene, &s, "the policy that is named");
	free(alert);
	free(status);
}

/* A manifest or a proof through this door gets nothing. */
static void nothing_but_forms(void **state)
{
	struct err err = {0};

	assert_null(ask_text(*state, "tocsin-manifest 1\nidentifier x\n", &err));
	assert_null(ask_text(*state, "tocsin-proof 1\nact sign\n", &err));
	assert_null(ask_text(*state, "", &err));
	assert_null(ask_text(*state, "tocsin-status 1\nform notice\n", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(forms_of_now_are_signed),
	        cmocka_unit_test(the_policy_named_is_the_one_in_force),
	        cmocka_unit_test(a_drill_is_not_signed_here),
	        cmocka_unit_test(notices_go_to_officers_only),
	        cmocka_unit_test(a_notice_carries_no_link),
	        cmocka_unit_test(only_our_own_keys_are_listed),
	        cmocka_unit_test(nothing_but_forms),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
