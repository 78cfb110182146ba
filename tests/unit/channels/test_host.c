/* SPDX-License-Identifier: Apache-2.0
 * test_host - the real tocsin-channel against a tocsind of the test's own: what it checks before a
 * first byte, and whom it serves at all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "house.h"
#include "when.h"

static void a_job_begins_before_it_is_answered(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_holds_bulletin(house, "null", "delay_ms", "0", &bulletin);
	house_send_job(house,
	        &(struct house_job){.number = 7, .bulletin = &bulletin, .active = {&bulletin}});
	assert_int_equal(house_expect_number(house, FRAME_BEGAN), 7);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	struct frame frame = house_expect(house, FRAME_HOLDS);
	char *digest = frame_get_text(&frame, TAG_DIGEST);
	assert_true(digest_is_hex(digest));
	free(digest);
	signed_finish(&bulletin);
}

/* tocsind sends a bulletin while its release is still being written: that begins nothing, and what
 * is wrong with it is said of its job. */
static void a_bulletin_alone_begins_nothing(void **state)
{
	struct house *house = *state;
	struct signed_bulletin good, changed;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&good, house->key, &(struct signed_wish){0});
	signed_make(&changed, house->key, &(struct signed_wish){.id = "b2"});
	strstr(changed.cap, "2026")[0] = '3';
	house_send_bulletin(house, &good);
	house_send_bulletin(house, &changed);
	house_send_number(house, FRAME_ACK, 99); /* nothing is known of it: both lie there alone */
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &good});
	assert_int_equal(house_expect_number(house, FRAME_BEGAN), 7);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_send_job(house, &(struct house_job){.number = 8, .bulletin = &changed});
	house_expect_answer(house, 8, CHANNEL_REJECTED, "CAP");
	signed_finish(&changed);
	signed_finish(&good);
}

static void spoil_cap(struct signed_bulletin *b)
{
	strstr(b->cap, "2026")[0] = '3';
}

static void spoil_view(struct signed_bulletin *b)
{
	b->shown.view.level = LEVEL_RED;
}

static void spoil_sent(struct signed_bulletin *b)
{
	b->shown.view.sent += 1000;
}

static void spoil_manifest(struct signed_bulletin *b)
{
	strstr(b->manifest, "level orange")[7] = 'b';
}

static void spoil_signature(struct signed_bulletin *b)
{
	struct key *other = key_generate();

	free(b->signature);
	b->signature = key_sign(other, b->manifest, strlen(b->manifest));
	key_destroy(&other);
}

static void spoil_nothing(struct signed_bulletin *b)
{
	(void)b;
}

/* None of these may begin: the receipt comes without a BEGAN before it, which house_expect would
 * not pass. */
static void what_was_not_approved_is_refused(void **state)
{
	static const struct {
		void (*spoil)(struct signed_bulletin *);
		struct signed_wish wish;
		const char *text, *want;
	} cases[] = {
	        {spoil_cap, {0}, NULL, "CAP"},
	        {spoil_view, {0}, NULL, "view"},
	        {spoil_sent, {0}, NULL, "moment of release"},
	        {spoil_manifest, {0}, NULL, "valid signature"},
	        {spoil_signature, {0}, NULL, "valid signature"},
	        {spoil_nothing, {0}, "something else", "the text for far"},
	        {spoil_nothing, {.target = "other"}, NULL, "does not name the far side far"},
	        {spoil_nothing, {.mode = MODE_EXERCISE}, NULL, "is of mode exercise"},
	        {spoil_nothing, {.sent = 1000000000000, .expires = 1000003600000}, NULL,
	                "has expired"},
	};
	struct house *house = *state;

	house_at_work(house, "null", "delay_ms", "0");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct signed_bulletin bulletin;
		signed_make(&bulletin, house->key, &cases[i].wish);
		cases[i].spoil(&bulletin);
		house_send_bulletin(house, &bulletin);
		house_send_job(house, &(struct house_job){.number = (int64_t)i + 1,
		                              .bulletin = &bulletin,
		                              .text = cases[i].text});
		house_expect_answer(house, (int64_t)i + 1, CHANNEL_REJECTED, cases[i].want);
		signed_finish(&bulletin);
	}
}

static void another_kind_than_approved_is_refused(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_run_agent(house, "far", "all", "live");
	house_accept(house, NULL);
	house_welcome(house, "website", "folder", house->folder, "public_url",
	        "https://alerts.example.cn", NULL);
	house_expect_number(house, FRAME_READY);
	signed_make(&bulletin, house->key, &(struct signed_wish){.kind = "sms"});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 1, .bulletin = &bulletin});
	house_expect_answer(house, 1, CHANNEL_REJECTED, "far is sms, this process carries website");
	signed_finish(&bulletin);
}

static void what_others_show_is_left_out_here(void **state)
{
	struct house *house = *state;
	struct signed_bulletin ours, theirs;

	house_run_agent(house, "far", "all", "live");
	house_accept(house, NULL);
	house_welcome(house, "website", "folder", house->folder, "public_url",
	        "https://alerts.example.cn", NULL);
	house_expect_number(house, FRAME_READY);
	signed_make(&ours, house->key, &(struct signed_wish){.id = "b1", .identifier = "ours"});
	signed_make(&theirs, house->key,
	        &(struct signed_wish){.id = "b2", .identifier = "theirs", .target = "else"});
	house_send_bulletin(house, &ours);
	house_send_bulletin(house, &theirs);
	house_send_job(
	        house, &(struct house_job){
	                       .number = -1, .kind = CHANNEL_STATE, .active = {&ours, &theirs}});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_answer(house, -1, CHANNEL_DELIVERED, "");
	char *active = folder_read(house->folder, "current/active.json");
	assert_non_null(strstr(active, "ours"));
	assert_null(strstr(active, "theirs"));
	free(active);
	signed_finish(&ours);
	signed_finish(&theirs);
}

static void another_mode_is_never_served(void **state)
{
	struct house *house = *state;

	house_run_agent(house, "far", "all", "exercise");
	house_accept(house, NULL);
	house_welcome(house, "null", NULL);
	house_expect_end(house);
}

static void bad_settings_are_tried_again(void **state)
{
	struct house *house = *state;

	house_run_agent(house, "far", "all", "live");
	house_accept(house, NULL);
	house_welcome(house, "null", "delay", "3", NULL);
	house_expect_end(house);
	house_accept(house, NULL);
	house_welcome(house, "null", "delay_ms", "3", NULL);
	assert_true(house_expect_number(house, FRAME_READY) > 0);
}

#define ONE "13800000001"
#define TWO "13800000002"
#define THREE "13800000003"
#define FOUR "13800000004"

static void recipients_are_checked_and_counted_as_tocsind_does(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key, &(struct signed_wish){.blocks = {"12;34\n", ONE "\n"}});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	house_send_job(house,
	        &(struct house_job){
	                .number = 1, .bulletin = &bulletin, .recipients = {ONE, TWO, THREE}});
	house_expect_answer(house, 1, CHANNEL_REJECTED, "3 recipients, 2 were approved");
	house_send_job(house,
	        &(struct house_job){.number = 2, .bulletin = &bulletin, .recipients = {"12;34"}});
	house_expect_answer(house, 2, CHANNEL_REJECTED, "form of a number");
	house_send_job(house,
	        &(struct house_job){
	                .number = 3, .bulletin = &bulletin, .block = 1, .recipients = {ONE}});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 3, 1);
	house_expect_answer(house, 3, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

/* Two of four are out when it is called back; the others are left, and nobody is said twice. */
static void a_job_called_back_stops(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "rate", "2");
	signed_make(&bulletin, house->key,
	        &(struct signed_wish){.blocks = {ONE "\n" TWO "\n" THREE "\n" FOUR "\n"}});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	for (int64_t number = 1; number <= 2; number++)
		house_send_job(house, &(struct house_job){.number = number,
		                              .bulletin = &bulletin,
		                              .recipients = {ONE, TWO, THREE, FOUR}});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 1, 1);
	house_send_number(house, FRAME_HALT, 1);
	house_send_number(house, FRAME_HALT, 2);
	int64_t asked = when_boot();
	house_expect_answer(house, 2, CHANNEL_DEFERRED, "called back before it began");
	house_expect_answer(house, 1, CHANNEL_DEFERRED, "called back: 3 of 4");
	assert_true(when_boot() - asked < 400); /* the next was due half a second after the first */
	signed_finish(&bulletin);
}

/* A block that ended is on no disk before it is acknowledged: those it told count, too. */
static void an_ended_block_fills_the_window(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "unwritten", "1");
	signed_make(&bulletin, house->key, &(struct signed_wish){.blocks = {ONE "\n", TWO "\n"}});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	house_send_job(house,
	        &(struct house_job){.number = 1, .bulletin = &bulletin, .recipients = {ONE}});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 1, 1);
	house_expect_answer(house, 1, CHANNEL_DELIVERED, "");
	struct house_job second = {
	        .number = 2, .bulletin = &bulletin, .block = 1, .recipients = {TWO}};
	house_send_job(house, &second);
	house_expect_number(house, FRAME_BEGAN);
	house_send_number(house, FRAME_HALT, 2);
	house_expect_answer(house, 2, CHANNEL_DEFERRED, "called back: 1 of 1");
	house_send_number(house, FRAME_ACK, 1);
	house_send_number(house, FRAME_ACK, 2);
	second.number = 3;
	house_send_job(house, &second);
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 3, 1);
	house_expect_answer(house, 3, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

/* What was not acknowledged is said again, tally and all. */
static void a_tally_is_said_again(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key, &(struct signed_wish){.blocks = {ONE "\n" TWO "\n"}});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	house_send_job(house,
	        &(struct house_job){.number = 5, .bulletin = &bulletin, .recipients = {ONE, TWO}});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 5, 2);
	house_hang_up(house);
	house_accept(house, NULL);
	house_welcome(house, "null", "delay_ms", "0", NULL);
	house_expect_tally(house, 5, 2);
	house_expect_answer(house, 5, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                a_job_begins_before_it_is_answered, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_bulletin_alone_begins_nothing, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                an_ended_block_fills_the_window, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_was_not_approved_is_refused, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_job_called_back_stops, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(a_tally_is_said_again, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                another_kind_than_approved_is_refused, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_others_show_is_left_out_here, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                another_mode_is_never_served, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                bad_settings_are_tried_again, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(recipients_are_checked_and_counted_as_tocsind_does,
	                house_setup, house_teardown),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
