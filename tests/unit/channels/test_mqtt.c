/* SPDX-License-Identifier: Apache-2.0
 * test_mqtt - the MQTT channel against a real broker: what listeners hear, what stays retained, and
 * what a broker's death does. Skipped, aloud, where there is no mosquitto.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker.h"
#include "carried.h"
#include "options.h"
#include "signed.h"
#include "when.h"

#define ALERT "12000041600000_20261123090000"
#define LATER "12000041600000_20261123100000"
#define LIVE "alert/v1/120116/11B03/orange"

struct mqtt_test {
	struct broker broker;
	struct channel *channel;
	struct channel_work work;
	struct ear ear;
	char digest[DIGEST_HEX];
	int64_t era; /* of the set in force; 0 = not known */
};

static struct channel *make_channel(const struct broker *broker, enum mode mode)
{
	struct channel_setting settings[] = {{(char *)"host", (char *)"127.0.0.1"},
	        {(char *)"port", (char *)broker->port}, {(char *)"connect_timeout", (char *)"1"}};
	struct err err = {0};
	struct channel *channel = channel_create(channel_type_find("mqtt"), settings, 3, &err);

	if (!channel)
		fail_msg("%s", err.en);
	channel->name = "broker";
	channel->node = "node";
	channel->lane = "all";
	channel->mode = mode;
	return channel;
}

static void open_channel(struct channel *channel)
{
	struct err err = {0};

	if (!channel->type->open(channel, &err))
		fail_msg("%s", err.en);
}

static int setup_with(void **state, const char *extra)
{
	struct mqtt_test *t = mem_zero(sizeof *t);

	assert_true(broker_start(&t->broker, extra));
	t->channel = make_channel(&t->broker, MODE_LIVE);
	open_channel(t->channel);
	ear_open(&t->ear, &t->broker, "alert/#");
	*state = t;
	return 0;
}

static int setup(void **state)
{
	return setup_with(state, NULL);
}

static int setup_small(void **state)
{
	return setup_with(state, "message_size_limit 1000");
}

static int teardown(void **state)
{
	struct mqtt_test *t = *state;

	carried_finish(&t->work);
	channel_destroy(&t->channel);
	ear_close(&t->ear);
	broker_finish(&t->broker);
	free(t);
	return 0;
}

static const struct channel_receipt *carry_for(struct mqtt_test *t, enum channel_job_kind kind,
        const struct signed_bulletin *bulletin, const struct channel_bulletin *const *active,
        size_t count, int64_t ms)
{
	struct channel_job job = {
	        .id = "7-key",
	        .kind = kind,
	        .attempt = 1,
	        .bulletin = bulletin ? &bulletin->shown : NULL,
	        .text = bulletin ? bulletin->text : "",
	        .active = active,
	        .active_count = count,
	        .active_era = t->era,
	        .active_digest = t->digest,
	        .sequence = 5,
	        .deadline = when_boot() + ms,
	        .expires = bulletin ? bulletin->shown.view.expires : 0,
	};

	signed_digest(active, count, t->digest);
	return carried_deliver(t->channel, &t->work, &job);
}

static void carry(struct mqtt_test *t, enum channel_job_kind kind,
        const struct signed_bulletin *bulletin, const struct channel_bulletin *const *active,
        size_t count)
{
	const struct channel_receipt *receipt = carry_for(t, kind, bulletin, active, count, 3000);

	if (receipt->verdict != CHANNEL_DELIVERED)
		fail_msg("got %s: %s, want DELIVERED", verdict_text(receipt->verdict),
		        receipt->reason);
}

static void assert_held(const struct mqtt_test *t, const char *want)
{
	char got[DIGEST_HEX] = "";

	t->channel->type->held(t->channel, got);
	assert_string_equal(got, want);
}

/* What a subscriber that comes now is given. */
static size_t retained(const struct mqtt_test *t, const char *topic_part)
{
	struct ear late;

	ear_open(&late, &t->broker, "alert/#");
	size_t count = ear_count(&late, topic_part);
	ear_close(&late);
	return count;
}

static void issued_is_heard_and_kept(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL,
	        &(struct signed_wish){.identifier = ALERT,
	                .kind = "mqtt",
	                .areas = {"120116", "120116001", "120112"}});
	assert_held(t, "");
	carry(t, CHANNEL_ISSUE, &alert, active, 1);
	assert_non_null(strstr(t->work.answers[0].receipt.proof, "PUBACK"));
	const struct heard *heard = ear_wait(&t->ear, LIVE "/cap");
	assert_string_equal(heard->payload, alert.cap);
	assert_string_equal(heard->key, "7-key");
	assert_false(heard->retain);
	assert_string_equal(ear_wait(&t->ear, LIVE "/json")->payload, alert.text);
	ear_wait(&t->ear, "alert/v1/120112/11B03/orange/cap");
	assert_int_equal(
	        ear_count(&t->ear, LIVE "/cap"), 1); /* two of its areas have the same six digits */
	struct ear late;
	ear_open(&late, &t->broker, "alert/v1/state/#");
	heard = ear_wait(&late, "alert/v1/state/120116/" ALERT);
	assert_true(heard->retain);
	assert_string_equal(heard->payload, alert.cap);
	assert_in_range(heard->expiry, 3400, 3600);
	ear_close(&late);
	heard = ear_wait(&t->ear, "alert/v1/sys/node/state");
	assert_non_null(strstr(heard->payload, t->digest));
	assert_non_null(strstr(heard->payload, "\"sequence\":5"));
	assert_held(t, t->digest);
	signed_finish(&alert);
}

static void replaced_and_cancelled_leave_nothing_retained(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert, update, cancel;
	const struct channel_bulletin *first[] = {&alert.shown}, *second[] = {&update.shown};

	signed_make(&alert, NULL,
	        &(struct signed_wish){
	                .identifier = ALERT, .kind = "mqtt", .areas = {"120116", "120112"}});
	signed_make(&update, NULL,
	        &(struct signed_wish){.identifier = LATER,
	                .kind = "mqtt",
	                .replaces = ALERT,
	                .chain = ALERT,
	                .verb = VERB_UPDATE});
	signed_make(&cancel, NULL,
	        &(struct signed_wish){.identifier = "cancel",
	                .kind = "mqtt",
	                .replaces = LATER,
	                .chain = ALERT,
	                .verb = VERB_CANCEL});
	carry(t, CHANNEL_ISSUE, &alert, first, 1);
	assert_int_equal(retained(t, "/state/1201"), 2);
	carry(t, CHANNEL_ISSUE, &update, second, 1);
	assert_int_equal(retained(t, "/state/1201"), 1);
	assert_int_equal(retained(t, LATER), 1);
	carry(t, CHANNEL_ISSUE, &cancel, NULL, 0);
	assert_int_equal(ear_count(&t->ear, LIVE "/cap"), 3);
	assert_string_equal(ear_wait(&t->ear, LIVE "/cap")->payload, cancel.cap);
	assert_int_equal(retained(t, "/state/1201"), 0);
	assert_held(t, t->digest);
	signed_finish(&alert);
	signed_finish(&update);
	signed_finish(&cancel);
}

/* What only adds looks for nothing to clear; what ended meanwhile is cleared all the same, with the
 * next warning or the next state. */
static void what_ended_beside_others_is_cleared(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin b[4];
	const struct channel_bulletin *one[] = {&b[0].shown};
	const struct channel_bulletin *two[] = {&b[0].shown, &b[1].shown};
	const struct channel_bulletin *without_first[] = {&b[1].shown, &b[2].shown};
	const struct channel_bulletin *last[] = {&b[2].shown, &b[3].shown};
	const char *const names[] = {"alert-a", "alert-b", "alert-c", "alert-d"};

	for (int i = 0; i < 4; i++)
		signed_make(
		        &b[i], NULL, &(struct signed_wish){.identifier = names[i], .kind = "mqtt"});
	carry(t, CHANNEL_ISSUE, &b[0], one, 1);
	carry(t, CHANNEL_ISSUE, &b[1], two, 2);
	assert_int_equal(retained(t, "/state/120116/alert-"), 2);
	carry(t, CHANNEL_ISSUE, &b[1], two, 2); /* once more: nothing is there twice */
	carry(t, CHANNEL_ISSUE, &b[2], without_first, 2);
	assert_int_equal(retained(t, "alert-a"), 0);
	assert_int_equal(retained(t, "/state/120116/alert-"), 2);
	carry(t, CHANNEL_ISSUE, &b[3], last, 2);
	assert_int_equal(retained(t, "alert-b"), 0);
	carry(t, CHANNEL_STATE, NULL, &last[1], 1);
	assert_int_equal(retained(t, "/state/120116/alert-"), 1);
	assert_int_equal(retained(t, "alert-d"), 1);
	assert_held(t, t->digest);
	for (int i = 0; i < 4; i++)
		signed_finish(&b[i]);
}

/* A set of which it is known that it has only grown is not looked through again; the state names
 * all of it, and the first that has lost one is cleared. */
static void a_set_that_only_grows_is_added_to(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin b[3];
	const struct channel_bulletin *all[] = {&b[0].shown, &b[1].shown, &b[2].shown};
	const char *const names[] = {"alert-a", "alert-b", "alert-c"};

	for (int i = 0; i < 3; i++)
		signed_make(
		        &b[i], NULL, &(struct signed_wish){.identifier = names[i], .kind = "mqtt"});
	t->era = 4;
	for (size_t i = 0; i < 3; i++)
		carry(t, CHANNEL_ISSUE, &b[i], all, i + 1);
	assert_int_equal(retained(t, "/state/120116/alert-"), 3);
	struct ear late;
	ear_open(&late, &t->broker, "alert/v1/sys/#");
	assert_non_null(strstr(ear_wait(&late, "alert/v1/sys/node/state")->payload,
	        "[\"alert-a\",\"alert-b\",\"alert-c\"]"));
	ear_close(&late);
	t->era = 5;
	carry(t, CHANNEL_STATE, NULL, &all[1], 2);
	assert_int_equal(retained(t, "alert-a"), 0);
	assert_int_equal(retained(t, "/state/120116/alert-"), 2);
	assert_held(t, t->digest);
	for (int i = 0; i < 3; i++)
		signed_finish(&b[i]);
}

static void a_restart_of_ours_finds_what_the_broker_holds(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT, .kind = "mqtt"});
	carry(t, CHANNEL_ISSUE, &alert, active, 1);
	channel_destroy(&t->channel);
	assert_int_equal(ear_count(&t->ear, "/status"), 2);
	assert_string_equal(ear_wait(&t->ear, "alert/v1/sys/node/status")->payload, "offline");
	t->channel = make_channel(&t->broker, MODE_LIVE);
	open_channel(t->channel);
	assert_held(t, t->digest);
	carry(t, CHANNEL_CLEAR, &alert, NULL, 0); /* it clears what its forerunner put there */
	assert_int_equal(retained(t, "/state/1201"), 0);
	signed_finish(&alert);
}

static void a_broker_that_comes_back_empty_is_filled_again(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};
	char held[DIGEST_HEX] = "x";

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT, .kind = "mqtt"});
	carry(t, CHANNEL_ISSUE, &alert, active, 1);
	ear_close(&t->ear);
	broker_stop(&t->broker);
	const struct channel_receipt *receipt = carry_for(t, CHANNEL_ISSUE, &alert, active, 1, 500);
	assert_string_equal(verdict_text(receipt->verdict), "DEFERRED");
	t->channel->type->tend(t->channel, &t->work);
	assert_int_equal(t->work.far, -1); /* what waits for it will be told when it is back */
	broker_start(&t->broker, NULL);
	for (int64_t until = when_boot() + 10000; *held && when_boot() < until;) {
		t->channel->type->tend(t->channel, &t->work);
		t->channel->type->held(t->channel, held);
	}
	assert_string_equal(held, "");
	assert_int_equal(t->work.far, 1);
	carry(t, CHANNEL_STATE, NULL, active, 1);
	assert_int_equal(retained(t, "/state/120116/" ALERT), 1);
	assert_held(t, t->digest);
	ear_open(&t->ear, &t->broker, "alert/#");
	signed_finish(&alert);
}

static void a_broker_that_hangs_defers_and_gets_nothing_stale(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL,
	        &(struct signed_wish){
	                .identifier = ALERT, .kind = "mqtt", .areas = {"120116", "120112"}});
	kill(t->broker.pid, SIGSTOP);
	int64_t start = when_boot();
	const struct channel_receipt *receipt = carry_for(t, CHANNEL_ISSUE, &alert, active, 1, 300);
	assert_string_equal(verdict_text(receipt->verdict), "DEFERRED");
	if (when_boot() - start > 800)
		fail_msg("got an answer after %lld ms, want it by the deadline of 300",
		        (long long)(when_boot() - start));
	start = when_boot();
	receipt = carry_for(t, CHANNEL_ISSUE, &alert, active, 1, 300);
	assert_string_equal(verdict_text(receipt->verdict), "DEFERRED");
	assert_in_range(when_boot() - start, 0, 800);
	kill(t->broker.pid, SIGCONT);
	signed_finish(&alert);
}

static void drills_stay_off_the_live_topics(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin drill;
	const struct channel_bulletin *active[] = {&drill.shown};

	channel_destroy(&t->channel);
	t->channel = make_channel(&t->broker, MODE_EXERCISE);
	open_channel(t->channel);
	signed_make(&drill, NULL,
	        &(struct signed_wish){.identifier = ALERT, .kind = "mqtt", .mode = MODE_EXERCISE});
	carry(t, CHANNEL_ISSUE, &drill, active, 1);
	ear_wait(&t->ear, "alert/v1/exercise/120116/11B03/orange/cap");
	assert_int_equal(ear_count(&t->ear, LIVE), 0);
	assert_int_equal(ear_count(&t->ear, "alert/v1/state/"), 0);
	assert_int_equal(ear_count(&t->ear, "alert/v1/exercise/state/120116/" ALERT), 1);
	signed_finish(&drill);
}

static void what_the_broker_finds_too_large_is_rejected(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert;
	char *text = mem_zero(4001);

	memset(text, 'x', 4000);
	signed_make(&alert, NULL,
	        &(struct signed_wish){.identifier = ALERT, .kind = "mqtt", .text = text});
	const struct channel_receipt *receipt = carry_for(t, CHANNEL_ISSUE, &alert, NULL, 0, 3000);
	assert_string_equal(verdict_text(receipt->verdict), "REJECTED");
	assert_true(*receipt->reason);
	assert_held(t, "");
	free(text);
	signed_finish(&alert);
}

static void an_area_without_a_code_stops_the_send(void **state)
{
	struct mqtt_test *t = *state;
	struct signed_bulletin alert;

	signed_make(&alert, NULL,
	        &(struct signed_wish){
	                .identifier = ALERT, .kind = "mqtt", .areas = {"120116", "12"}});
	const struct channel_receipt *receipt = carry_for(t, CHANNEL_ISSUE, &alert, NULL, 0, 3000);
	assert_string_equal(verdict_text(receipt->verdict), "REJECTED");
	assert_int_equal(ear_count(&t->ear, "11B03"), 0);
	signed_finish(&alert);
}

static void many_jobs_fly_together(void **state)
{
	enum { JOBS = 100 };
	struct mqtt_test *t = *state;
	struct signed_bulletin bulletins[JOBS];
	struct channel_job jobs[JOBS];
	char digest[DIGEST_HEX];

	signed_digest(NULL, 0, digest);
	for (int i = 0; i < JOBS; i++) {
		char *identifier = mem_format("alert-%d", i);
		signed_make(&bulletins[i], NULL,
		        &(struct signed_wish){.identifier = identifier, .kind = "mqtt"});
		free(identifier);
		jobs[i] = (struct channel_job){.id = bulletins[i].shown.view.identifier,
		        .kind = CHANNEL_ISSUE,
		        .attempt = 1,
		        .bulletin = &bulletins[i].shown,
		        .text = bulletins[i].text,
		        .active_digest = digest,
		        .deadline = when_boot() + 8000};
	}
	t->work.jobs = jobs;
	t->work.count = JOBS;
	t->channel->type->deliver(t->channel, &t->work);
	assert_int_equal(t->work.answer_count, JOBS);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(carried_whole(&t->work, &jobs[i])->verdict, CHANNEL_DELIVERED);
		signed_finish(&bulletins[i]);
	}
	assert_int_equal(ear_count(&t->ear, LIVE "/cap"), JOBS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(issued_is_heard_and_kept, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                replaced_and_cancelled_leave_nothing_retained, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_restart_of_ours_finds_what_the_broker_holds, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_broker_that_comes_back_empty_is_filled_again, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_broker_that_hangs_defers_and_gets_nothing_stale, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_ended_beside_others_is_cleared, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_set_that_only_grows_is_added_to, setup, teardown),
	        cmocka_unit_test_setup_teardown(drills_stay_off_the_live_topics, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_the_broker_finds_too_large_is_rejected, setup_small, teardown),
	        cmocka_unit_test_setup_teardown(
	                an_area_without_a_code_stops_the_send, setup, teardown),
	        cmocka_unit_test_setup_teardown(many_jobs_fly_together, setup, teardown),
	};
	struct broker probe = {0};

	if (!broker_start(&probe, NULL)) {
		fputs("SKIPPED: there is no mosquitto on this machine\n", stderr);
		return 77;
	}
	broker_finish(&probe);
	return cmocka_run_group_tests_name("mqtt", tests, NULL, NULL);
}
