/* SPDX-License-Identifier: Apache-2.0
 * test_host_life - the real tocsin-channel when things go away: tocsind in mid-send, a call that
 * hangs, a kill, a stop. What it began is answered for, what it did not begin is left to tocsind.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "house.h"
#include "when.h"

static void receipts_come_again_until_acknowledged(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_holds_bulletin(house, "null", "delay_ms", "0", &bulletin);
	house_begin(house, 7, &bulletin);
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

	house_holds_bulletin(house, "null", "delay_ms", "300", &bulletin);
	house_begin(house, 7, &bulletin);
	house_accept(house, NULL); /* hangs up first */
	house_welcome(house, "null", "delay_ms", "300", NULL);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	signed_finish(&bulletin);
}

/* A port that accepts and says nothing. */
static int silent_port(char url[64])
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(url, 64, "http://127.0.0.1:%d/", ntohs(address.sin_port));
	return fd;
}

static void write_secret(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("good-secret-4711\n", file);
	fclose(file);
	chmod(path, 0600);
}

/* The far side is silent about the first one: the second one goes out all the same, and whoever
 * asks anew hears that both are on their way. */
static void one_that_hangs_does_not_keep_the_next(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;
	char url[64];
	int fd = silent_port(url);
	char *secret = mem_format("%s/secret", house->folder);

	write_secret(secret);
	house_run_agent(house, "far", "all", "live");
	house_accept(house, NULL);
	house_welcome(house, "webhook", "url", url, "secret", secret, NULL);
	house_expect_number(house, FRAME_READY);
	signed_make(&bulletin, house->key, &(struct signed_wish){.kind = "webhook"});
	house_send_bulletin(house, &bulletin);
	for (int i = 7; i <= 8; i++) {
		house_send_job(house,
		        &(struct house_job){.number = i, .bulletin = &bulletin, .wait = 20000});
		assert_int_equal(house_expect_number(house, FRAME_BEGAN), i);
	}
	house_accept(house, NULL);
	assert_int_equal(house->in_flight, 2);
	close(fd);
	signed_finish(&bulletin);
	free(secret);
}

static void far_word(struct house *house, int64_t want, const char *why)
{
	struct frame frame = house_expect(house, FRAME_FAR);

	assert_int_equal(frame_get_int(&frame, TAG_COUNT), want);
	char *reason = frame_get_text(&frame, TAG_REASON);
	assert_true(frame_close(&frame, NULL));
	if (!strstr(reason, why))
		fail_msg("%s: want %s", reason, why);
	free(reason);
}

/* Three failures, and the host looks at what it has delivered; then a delivery ends the doubt. */
static void a_far_side_that_fails_is_looked_at(void **state)
{
	static const int plan[] = {
	        CHANNEL_DELIVERED, CHANNEL_DEFERRED, CHANNEL_DEFERRED, CHANNEL_DEFERRED};
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_holds_bulletin(
	        house, "fail", "plan", "delivered,deferred,deferred,deferred,rejected", &bulletin);
	for (int i = 0; i < 4; i++) {
		house_begin(house, 7 + i, &bulletin);
		house_expect_answer(house, 7 + i, plan[i], "");
		house_send_number(house, FRAME_ACK, 7 + i);
	}
	far_word(house, 0, "cannot be read back");
	house_accept(house, NULL);
	house_welcome(house, "fail", "plan", "delivered,deferred,deferred,deferred,rejected", NULL);
	far_word(house, 0, "cannot be read back"); /* whoever asks anew hears it too */
	house_send_bulletin(house, &bulletin);
	house_begin(house, 20, &bulletin);
	far_word(house, 1, "");
	signed_finish(&bulletin);
}

static void what_has_not_begun_is_left_to_tocsind(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_holds_bulletin(house, "null", "delay_ms", "200", &bulletin);
	house_send_job(house, &(struct house_job){.number = 7, .bulletin = &bulletin});
	house_send_job(house, &(struct house_job){.number = 8, .bulletin = &bulletin});
	assert_int_equal(house_expect_number(house, FRAME_BEGAN), 7);
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

	house_holds_bulletin(house, "null", "delay_ms", "300", &bulletin);
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

	house_holds_bulletin(house, "fail", "plan", "hang", &bulletin);
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

	house_holds_bulletin(house, "fail", "plan", "delivered,exit", &bulletin);
	house_begin(house, 7, &bulletin);
	house_expect_answer(house, 7, CHANNEL_DELIVERED, "");
	house_begin(house, 8, &bulletin);
	house_expect_end(house);
	int status = house_wait_agent(house);
	assert_true(WIFSIGNALED(status));
	signed_finish(&bulletin);
}

static void sigterm_finishes_what_is_in_flight(void **state)
{
	struct house *house = *state;
	struct signed_bulletin bulletin;

	house_holds_bulletin(house, "null", "delay_ms", "300", &bulletin);
	house_begin(house, 7, &bulletin);
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
	                receipts_come_again_until_acknowledged, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_is_in_flight_outlives_tocsind, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                what_has_not_begun_is_left_to_tocsind, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_passed_deadline_is_deferred_without_a_byte, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                one_that_hangs_does_not_keep_the_next, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_far_side_that_fails_is_looked_at, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_hung_call_ends_the_process, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                a_killed_agent_has_said_that_it_began, house_setup, house_teardown),
	        cmocka_unit_test_setup_teardown(
	                sigterm_finishes_what_is_in_flight, house_setup, house_teardown),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("host_life", tests, NULL, NULL);
}
