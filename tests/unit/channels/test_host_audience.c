/* SPDX-License-Identifier: Apache-2.0
 * test_host_audience - whom the real tocsin-channel tells: the blocks of recipients that the signed
 * manifest names, and nobody else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

#define ONE "13800000001"
#define TWO "13800000002"
#define THREE "13800000003"
#define FOUR "13800000004"

/* None of these may begin. The audience has two blocks of two. */
static void only_the_approved_block_is_told(void **state)
{
	static const struct {
		int64_t block;
		const char *recipients[4];
		int done;
		const char *want;
	} cases[] = {
	        {0, {ONE, "13800000003"}, 0, "block 0 are not those approved"}, /* one number */
	        {0, {TWO, ONE}, 0, "block 0 are not those approved"},
	        {0, {THREE, FOUR}, 0, "block 0 are not those approved"}, /* the blocks swapped */
	        {1, {ONE, TWO}, 0, "block 1 are not those approved"},
	        {0, {ONE, TWO, THREE}, 0, "block 0 are not those approved"},
	        {0, {ONE}, 0, "block 0 are not those approved"},
	        {0, {ONE "\n" TWO}, 0, "form of a number"}, /* the same bytes, but one number */
	        {1, {ONE, FOUR}, 1, "block 1 are not those approved"}, /* hidden as done */
	        {2, {ONE, TWO}, 0, "2 blocks, none of them is number 2"},
	        {-1, {ONE, TWO}, 0, "does not say which block"},
	};
	struct house *house = *state;
	struct signed_bulletin bulletin;
	struct house_job job = {.bulletin = &bulletin};

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key,
	        &(struct signed_wish){.blocks = {ONE "\n" TWO "\n", THREE "\n" FOUR "\n"}});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		job.number = (int64_t)i + 1;
		job.block = cases[i].block;
		job.done = cases[i].done;
		memcpy(job.recipients, cases[i].recipients, sizeof cases[i].recipients);
		house_send_job(house, &job);
		house_expect_answer(house, job.number, CHANNEL_REJECTED, cases[i].want);
	}
	house_send_job(house, &(struct house_job){.number = 50,
	                              .bulletin = &bulletin,
	                              .block = 1,
	                              .recipients = {THREE, FOUR}});
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 50, 2);
	house_expect_answer(house, 50, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

/* A list as long as one of ten million people. */
static void the_last_block_of_ten_thousand(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key,
	        &(struct signed_wish){.blocks = {ONE "\n", TWO "\n"}, .times = 5000});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	struct house_job job = {
	        .number = 1, .bulletin = &bulletin, .recipients = {TWO}, .block = 9998};
	house_send_job(house, &job);
	house_expect_answer(house, 1, CHANNEL_REJECTED, "block 9998 are not those approved");
	job.number = 2;
	job.block = 9999;
	house_send_job(house, &job);
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 2, 1);
	house_expect_answer(house, 2, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

/* Of what was cut off, those who are left: no bit of whoever was told before. */
static void the_rest_of_a_block_is_told(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key,
	        &(struct signed_wish){.blocks = {ONE "\n" TWO "\n" THREE "\n"}});
	house_send_bulletin(house, &bulletin);
	house_send_audience(house, &bulletin);
	house_send_job(house, &(struct house_job){.number = 1,
	                              .bulletin = &bulletin,
	                              .recipients = {ONE, TWO, THREE},
	                              .done = 2});
	house_expect_number(house, FRAME_BEGAN);
	struct frame frame = house_expect(house, FRAME_TALLY);
	size_t len;
	assert_int_equal(frame_get_int(&frame, TAG_JOB), 1);
	const unsigned char *taken = frame_get(&frame, TAG_BYTES, &len);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(taken[i / 8] >> (i % 8) & 1, i == HOUSE_FIRST + 2);
	house_expect_answer(house, 1, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

/* Blocks that match a list do not go out when nobody signed the list. */
static void a_list_that_nobody_signed_is_refused(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin, other;

	house_at_work(house, "null", "delay_ms", "0");
	signed_make(&bulletin, house->key, &(struct signed_wish){.blocks = {ONE "\n", TWO "\n"}});
	signed_make(&other, house->key, &(struct signed_wish){.blocks = {ONE "\n", THREE "\n"}});
	house_send_bulletin(house, &bulletin);
	struct house_job job = {.number = 1, .bulletin = &bulletin, .recipients = {ONE}};
	house_send_job(house, &job);
	house_expect_answer(house, 1, CHANNEL_REJECTED, "does not say which block");
	house_send_audience(house, &other);
	job.number = 2;
	house_send_job(house, &job);
	house_expect_answer(house, 2, CHANNEL_REJECTED, "is not the one its manifest names");
	other.block_count = 1; /* a list cut short */
	house_send_audience(house, &other);
	job.number = 3;
	house_send_job(house, &job);
	house_expect_answer(house, 3, CHANNEL_REJECTED, "is not the one its manifest names");
	house_send_audience(house, &bulletin);
	job.number = 4;
	house_send_job(house, &job);
	house_expect_number(house, FRAME_BEGAN);
	house_expect_tally(house, 4, 1);
	house_expect_answer(house, 4, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
	signed_finish(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                only_the_approved_block_is_told, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                the_rest_of_a_block_is_told, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                the_last_block_of_ten_thousand, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_list_that_nobody_signed_is_refused, house_setup, house_teardown),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("host_audience", tests, NULL, NULL);
}
