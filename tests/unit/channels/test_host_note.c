/* SPDX-License-Identifier: Apache-2.0
 * test_host_note - a notice leaves only as the status key signed it: host_check on jobs of the kind
 * NOTE, without a process.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "status.h"

static const struct channel_type sms_type = {
        .name = "sms", .recipients = true, .notes = 1u << STATUS_NOTICE};
static const struct channel_type robot_type = {.name = "wecom", .notes = 1u << STATUS_NOTICE};
static const struct channel_type site_type = {.name = "website", .notes = 1u << STATUS_INDEX};
static const struct channel_type weibo_type = {.name = "weibo"};

struct scene {
	struct host host;
	struct channel channel;
	struct host_job job;
	struct channel_recipient recipients[2];
	struct key *alert, *status;
	struct status notice;
	int64_t now;
};

static int setup(void **state)
{
	struct scene *s = mem_zero(sizeof *s);

	s->alert = key_generate();
	s->status = key_generate();
	s->now = 1795410000000;
	s->host = (struct host){.name = "sms-a",
	        .mode = MODE_LIVE,
	        .alert_key = s->alert,
	        .status_key = s->status,
	        .signature = "",
	        .channel = &s->channel};
	s->channel.type = &sms_type;
	s->recipients[0].address = "13800000001";
	s->notice = (struct status){.form = STATUS_NOTICE,
	        .node = "tj-1",
	        .mode = MODE_LIVE,
	        .time = s->now,
	        .number = "12000041600000_20261123090000_a1",
	        .step = STEP_SIGN,
	        .waiting = 125,
	        .officer = "met-sign-1",
	        .unit = "tj-met"};
	status_audience(&s->recipients[0].address, 1, s->notice.audience);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	key_destroy(&s->alert);
	key_destroy(&s->status);
	free(s->job.text);
	free(s->job.form);
	free(s->job.signature);
	free(s);
	return 0;
}

/* The job as a frame would have left it, signed with `key`. */
static void seal(struct scene *s, const struct key *key)
{
	struct buf form;

	buf_init(&form, 0);
	status_write(&s->notice, &form);
	free(s->job.form);
	free(s->job.signature);
	s->job.signature = key_sign(key, form.data, form.len);
	s->job.form = buf_take(&form);
	s->job.job.kind = CHANNEL_NOTE;
	s->job.recipients = s->recipients;
	s->job.recipient_count = s->channel.type->recipients ? 1 : 0;
}

static void refused(struct scene *s, const char *word)
{
	struct err err = {0};

	if (host_check(&s->host, &s->job, s->now, &err))
		fail_msg("let through, want a refusal with \"%s\"", word);
	if (!strstr(err.en, word) || !*err.zh)
		fail_msg("refused with \"%s\", want \"%s\"", err.en, word);
}

static void passes(struct scene *s, const char *text)
{
	struct err err = {0};

	if (!host_check(&s->host, &s->job, s->now, &err))
		fail_msg("refused: %s", err.en);
	if (text)
		assert_string_equal(s->job.job.text, text);
}

static void the_words_are_made_here(void **state)
{
	struct scene *s = *state;

	seal(s, s->status);
	passes(s, "警钟待办：12000041600000_20261123090000_a1 等待签发，已等2分钟，请met-sign-1"
	          "（tj-met）办理。");
}

/* As before every SMS; a robot has none. */
static void the_signature_stands_before_an_sms(void **state)
{
	struct scene *s = *state;

	s->host.signature = "【天津应急】";
	seal(s, s->status);
	passes(s, "【天津应急】警钟待办：12000041600000_20261123090000_a1 "
	          "等待签发，已等2分钟，请met-sign-1"
	          "（tj-met）办理。");
	s->channel.type = &robot_type;
	s->job.recipient_count = 0;
	memset(s->notice.audience, 0, sizeof s->notice.audience);
	seal(s, s->status);
	passes(s, NULL);
	assert_null(strstr(s->job.job.text, "【天津应急】"));
}

static void a_signature_is_no_place_for_words(void **state)
{
	struct err err;

	(void)state;
	assert_true(host_signature_shaped("", &err));
	assert_true(host_signature_shaped("【天津应急】", &err));
	const char *const wrong[] = {"天津应急", "【】", "【天津", "津】", "【天津\n应急】",
	        "【\xff】", "【一二三四五六七八九十一二三四五六七八九十一】"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(host_signature_shaped(wrong[i], &err));
		assert_non_null(strstr(err.en, "--signature"));
	}
}

static void a_drill_says_so(void **state)
{
	struct scene *s = *state;

	s->host.mode = s->notice.mode = MODE_EXERCISE;
	seal(s, s->status);
	passes(s, NULL);
	assert_ptr_equal(strstr(s->job.job.text, "【演练】"), s->job.job.text);
}

static void only_the_status_key_signs_a_notice(void **state)
{
	struct scene *s = *state;

	seal(s, s->alert);
	refused(s, "status key");
	seal(s, s->status);
	strstr(s->job.form, "met-sign-1")[9] = '2';
	refused(s, "status key");
	seal(s, s->status);
	s->host.status_key = NULL;
	refused(s, "--status-key");
}

static void not_to_others(void **state)
{
	struct scene *s = *state;

	seal(s, s->status);
	s->recipients[0].address = "13800000009";
	refused(s, "recipients");
	s->recipients[0].address = "13800000001";
	s->recipients[1].address = "13800000009";
	s->job.recipient_count = 2;
	refused(s, "recipients");
	s->job.recipient_count = 0;
	refused(s, "recipients");
}

static void not_in_another_mode_and_not_later(void **state)
{
	struct scene *s = *state;

	s->notice.mode = MODE_EXERCISE;
	seal(s, s->status);
	refused(s, "mode");
	s->notice.mode = MODE_LIVE;
	s->notice.time = s->now - 11 * 60000;
	seal(s, s->status);
	refused(s, "of now");
	s->notice.time = s->now + 2 * 60000;
	seal(s, s->status);
	refused(s, "of now");
}

static void only_where_its_form_is_carried(void **state)
{
	struct scene *s = *state;

	s->channel.type = &weibo_type;
	seal(s, s->status);
	refused(s, "notice");
	s->channel.type = &site_type;
	seal(s, s->status);
	refused(s, "notice");
	*s->notice.audience = '\0';
	s->channel.type = &robot_type;
	seal(s, s->status);
	passes(s, NULL);
}

static void other_forms_go_as_they_are(void **state)
{
	struct scene *s = *state;

	s->notice.form = STATUS_INDEX;
	s->channel.type = &site_type;
	*s->notice.audience = '\0';
	seal(s, s->status);
	passes(s, NULL);
	assert_int_equal(s->job.job.note, STATUS_INDEX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(the_words_are_made_here, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                the_signature_stands_before_an_sms, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_signature_is_no_place_for_words, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_drill_says_so, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                only_the_status_key_signs_a_notice, setup, teardown),
	        cmocka_unit_test_setup_teardown(not_to_others, setup, teardown),
	        cmocka_unit_test_setup_teardown(not_in_another_mode_and_not_later, setup, teardown),
	        cmocka_unit_test_setup_teardown(only_where_its_form_is_carried, setup, teardown),
	        cmocka_unit_test_setup_teardown(other_forms_go_as_they_are, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
