/* SPDX-License-Identifier: Apache-2.0
 * test_host_set - the real tocsin-channel is told what has come into force and what has gone, job
 * by job, and never believes in a set that tocsind does not mean.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "house.h"

static int setup(void **state)
{
	house_setup(state);
	house_run_agent(*state, "far", "all", "live");
	return 0;
}

static void let_in(struct house *house)
{
	house_accept(house, NULL);
	house_welcome(house, "website", "folder", house->folder, "public_url",
	        "https://alerts.example.cn", NULL);
	house_expect_number(house, FRAME_READY);
}

static void make_three(struct house *house, struct signed_bulletin b[3])
{
	const char *const ids[] = {"b1", "b2", "b3"};
	const char *const names[] = {"alert-a", "alert-b", "alert-c"};

	for (int i = 0; i < 3; i++)
		signed_make(&b[i], house->key,
		        &(struct signed_wish){
		                .id = ids[i], .identifier = names[i], .kind = "website"});
}

static void send_state(struct house *house, int64_t number, const struct house_job *job)
{
	struct house_job state = *job;

	state.number = number;
	state.kind = CHANNEL_STATE;
	house_send_job(house, &state);
}

static void expect_delivered(struct house *house, int64_t number)
{
	assert_int_equal(house_expect_number(house, FRAME_BEGAN), number);
	house_expect_answer(house, number, CHANNEL_DELIVERED, "");
}

static void assert_shown(const struct house *house, const char *const wanted[3])
{
	char *active = folder_read(house->folder, "current/active.json");
	const char *const names[] = {"alert-a", "alert-b", "alert-c"};

	for (int i = 0; i < 3; i++)
		if (!strstr(active, names[i]) != !wanted[i])
			fail_msg("%s: got %s", names[i], active);
	free(active);
}

static void only_changes_are_told(void **state)
{
	struct house *house = *state;
	struct signed_bulletin b[3];

	let_in(house);
	make_three(house, b);
	house_send_bulletin(house, &b[0]);
	house_send_bulletin(house, &b[1]);
	send_state(house, -1, &(struct house_job){.active = {&b[0], &b[1]}});
	expect_delivered(house, -1);
	assert_shown(house, (const char *const[3]){"a", "b", NULL});
	house_send_bulletin(house, &b[2]);
	send_state(house, -2, &(struct house_job){.active = {&b[1], &b[2]}});
	expect_delivered(house, -2);
	assert_shown(house, (const char *const[3]){NULL, "b", "c"});
	send_state(house, -3, &(struct house_job){.active = {&b[1], &b[2]}});
	expect_delivered(house, -3);
	send_state(house, -4, &(struct house_job){0});
	expect_delivered(house, -4);
	assert_shown(house, (const char *const[3]){NULL, NULL, NULL});
	for (int i = 0; i < 3; i++)
		signed_finish(&b[i]);
}

/* A job that may not leave has told what is in force all the same: the next one goes on from there.
 */
static void a_refused_job_has_told_its_changes(void **state)
{
	struct house *house = *state;
	struct signed_bulletin b[3];

	let_in(house);
	make_three(house, b);
	for (int i = 0; i < 3; i++)
		house_send_bulletin(house, &b[i]);
	house_send_job(
	        house, &(struct house_job){.number = 1, .bulletin = &b[0], .active = {&b[0]}});
	expect_delivered(house, 1);
	house_send_job(house, &(struct house_job){.number = 2,
	                              .bulletin = &b[1],
	                              .text = "not the approved one",
	                              .active = {&b[0], &b[1]}});
	house_expect_answer(house, 2, CHANNEL_REJECTED, "the text for far");
	house_send_job(house,
	        &(struct house_job){.number = 3, .bulletin = &b[2], .active = {&b[1], &b[2]}});
	expect_delivered(house, 3);
	assert_shown(house, (const char *const[3]){NULL, NULL, "c"});
	send_state(house, -1, &(struct house_job){.active = {&b[1], &b[2]}});
	expect_delivered(house, -1);
	assert_shown(house, (const char *const[3]){NULL, "b", "c"});
	for (int i = 0; i < 3; i++)
		signed_finish(&b[i]);
}

/* It hangs up, and is told all of it anew. */
static void another_set_than_meant_begins_anew(void **state)
{
	struct house *house = *state;
	struct signed_bulletin b[3];
	char other[DIGEST_HEX];

	let_in(house);
	make_three(house, b);
	house_send_bulletin(house, &b[0]);
	digest_sha256("alert-z\n", 8, other);
	house_send_job(
	        house, &(struct house_job){
	                       .number = 1, .bulletin = &b[0], .active = {&b[0]}, .digest = other});
	house_expect_end(house);
	let_in(house);
	house_send_bulletin(house, &b[0]);
	house_send_job(
	        house, &(struct house_job){.number = 1, .bulletin = &b[0], .active = {&b[0]}});
	expect_delivered(house, 1);
	assert_shown(house, (const char *const[3]){"a", NULL, NULL});
	for (int i = 0; i < 3; i++)
		signed_finish(&b[i]);
}

static void nothing_comes_twice_or_goes_unasked(void **state)
{
	struct house *house = *state;
	struct signed_bulletin b[3];

	let_in(house);
	make_three(house, b);
	house_send_bulletin(house, &b[0]);
	send_state(house, -1, &(struct house_job){.active = {&b[0]}});
	expect_delivered(house, -1);
	memset(house->named, 0, sizeof house->named); /* so that it is named again */
	send_state(house, -2, &(struct house_job){.active = {&b[0]}});
	house_expect_end(house);
	let_in(house);
	house_send_bulletin(house, &b[0]);
	house->named[0] = &b[0]; /* it was never told of it, and now it is said to have ended */
	send_state(house, -3, &(struct house_job){0});
	house_expect_end(house);
	for (int i = 0; i < 3; i++)
		signed_finish(&b[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(only_changes_are_told, setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_refused_job_has_told_its_changes, setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                another_set_than_meant_begins_anew, setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                nothing_comes_twice_or_goes_unasked, setup, house_teardown),
	};

	return cmocka_run_group_tests_name("host_set", tests, NULL, NULL);
}
