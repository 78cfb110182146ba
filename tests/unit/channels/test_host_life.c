/* SPDX-License-Identifier: Apache-2.0
 * test_host_life - the real tocsin-channel when things go away: tocsind in mid-send, a call that
 * hangs, a kill, a stop. What it began is answered for, what it did not begin is left to tocsind.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>

#include "house.h"
#include "when.h"

static int setup(void **state)
{
	struct house *house = mem_zero(sizeof *house);

	house_start(house);
	*state = house;
	return 0;
}

static int teardown(void **state)
{
	house_finish(*state);
	free(*state);
	return 0;
}

static void receipts_come_again_until_acknowledged(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	for (int i = 0; i < 2; i++) {
		house_accept(house, NULL);
		house_welcome(house, "null", "delay_ms", "0", NULL);
		house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	}
	/* The same job again, which a restarted tocsind may hand out: answered, not carried twice.
	 */
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_send_number(house, FRAME_ACK, 7);
	house_send_number(house, FRAME_STOP, -1);
	house_expect_end(house);
	house_accept(house, NULL);
	house_welcome(house, "null", "delay_ms", "0", NULL);
	house_send_number(house, FRAME_STOP, -1);
	house_expect_end(house);
	signed_finish(&bulletin);
}

static void what_is_in_flight_outlives_tocsind(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "300");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_expect_number(house, FRAME_BEGAN);
	house_accept(house, NULL); /* hangs up first */
	house_welcome(house, "null", "delay_ms", "300", NULL);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

static void what_has_not_begun_is_left_to_tocsind(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "200");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_send_job(house, &(struct house_job){.number = 8, .bulletin = &bulletin});
	house_expect_number(house, FRAME_BEGAN);
	house_send_number(house, FRAME_STOP, -1);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_send_number(house, FRAME_ACK, 7);
	house_expect_end(house);
	signed_finish(&bulletin);
}

static void a_passed_deadline_is_deferred_without_a_byte(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "300");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_send_job(house, &(struct house_job){.number = 8, .bulletin = &bulletin, .wait = 100});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_expect_answer(house, 8, CHANNEL_DEFERRED, "deadline");
	signed_finish(&bulletin);
}

static void a_hung_call_ends_the_process(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "fail", "plan", "hang");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	int64_t start = when_boot();
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin, .wait = 200});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_end(house);
	int status = house_wait_agent(house);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EX_TEMPFAIL);
	if (when_boot() - start > 4000)
		fail_msg("it took %lld ms", (long long)(when_boot() - start));
	signed_finish(&bulletin);
}

static void a_killed_agent_has_said_that_it_began(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "fail", "plan", "delivered,exit");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_send_job(house, &(struct house_job){.number = 8, .bulletin = &bulletin});
	assert_int_equal(house_expect_number(house, FRAME_BEGAN), 8);
	house_expect_end(house);
	int status = house_wait_agent(house);
	assert_true(WIFSIGNALED(status));
	signed_finish(&bulletin);
}

static void sigterm_finishes_what_is_in_flight(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "300");
	signed_make(&bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_expect_number(house, FRAME_BEGAN);
	kill(house->agent, SIGTERM);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_send_number(house, FRAME_ACK, 7);
	house_expect_end(house);
	int status = house_wait_agent(house);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EX_OK);
	signed_finish(&bulletin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                receipts_come_again_until_acknowledged, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_is_in_flight_outlives_tocsind, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_has_not_begun_is_left_to_tocsind, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_passed_deadline_is_deferred_without_a_byte, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_hung_call_ends_the_process, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_killed_agent_has_said_that_it_began, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                sigterm_finishes_what_is_in_flight, setup, teardown),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("host_life", tests, NULL, NULL);
}
