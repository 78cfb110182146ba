/* SPDX-License-Identifier: Apache-2.0
 * test_sms - the sms channel against a real Kannel with its fakesmsc: what reaches the network,
 * what comes back to the callbacks, what the gateway refuses. Runs in a network namespace of its
 * own where that is allowed (the fake network's port listens on every address). Skipped, saying so,
 * where Kannel is not installed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "carried.h"
#include "channel_types.h"
#include "far.h"
#include "folder.h"
#include "sms_coding.h"
#include "when.h"
#include "source_tree.h"

#define WARNING "【天津应急】暴雨红色预警，请立即转移。"

enum { SKIP = 77, MANY = 300 };

static struct far kannel;
static char *folder;

static const char *said(const char *key)
{
	return json_string_value(json_object_get(kannel.hello, key));
}

static struct channel *open_sms(const char *url, const char *password, const char *rate)
{
	return carried_open(&channel_sms, "url", url, "username", said("user"), "password",
	        password, "from", "12379", "rate", rate, NULL);
}

static char *read_log(void)
{
	struct buf text = {0};
	char piece[4096];
	size_t got;
	FILE *log = fopen(said("log"), "r");

	assert_non_null(log);
	while ((got = fread(piece, 1, sizeof piece, log)) > 0)
		buf_add(&text, piece, got);
	fclose(log);
	return buf_take(&text);
}

static size_t count_in_log(const char *needle)
{
	char *log = read_log();
	size_t count = 0;

	for (const char *at = log; (at = strstr(at, needle)) != NULL; at++)
		count++;
	free(log);
	return count;
}

/* Waits until the network got `want` messages to this number. */
static void expect_in_network(const char *needle, size_t want)
{
	int64_t until = when_boot() + 15000;
	size_t got;

	while ((got = count_in_log(needle)) < want && when_boot() < until)
		poll(NULL, 0, 20);
	if (got != want)
		fail_msg("got %zu of \"%s\" in the network, want %zu", got, needle, want);
}

static struct channel_job sms_job(
        const char *id, const char *text, const struct channel_recipient *to, size_t count)
{
	struct channel_job job = carried_job(id, text, 10000);

	job.recipients = to;
	job.recipient_count = count;
	return job;
}

static void expect(const char *what, const struct channel_receipt *got, enum channel_verdict want)
{
	if (got->verdict != want)
		fail_msg("%s: got %s (%s%s), want %s", what, verdict_text(got->verdict), got->proof,
		        got->reason, verdict_text(want));
}

static void test_chinese(void **state)
{
	const struct channel_recipient to[] = {{"13800138001", ""}, {"+8613800138002", ""}};
	struct channel *channel = open_sms(said("url"), said("password"), "0");
	struct channel_work work = {0};
	struct channel_job job = sms_job("sms-1", WARNING, to, 2);

	(void)state;
	const struct channel_receipt *whole = carried_deliver(channel, &work, &job);
	expect("whole", whole, CHANNEL_DELIVERED);
	assert_int_equal(work.answer_count, 3);
	for (size_t i = 0; i < 2; i++) {
		expect("recipient", &work.answers[i].receipt, CHANNEL_DELIVERED);
		assert_string_equal(
		        work.answers[i].receipt.proof, "HTTP 202 0: Accepted for delivery");
	}
	assert_string_equal(whole->proof, "the gateway took 2 of 2");
	/* 【天津 in UCS-2, as fakesmsc prints it */
	expect_in_network("<12379 13800138001 ucs-2 0%10Y)m%25", 1);
	expect_in_network("<12379 +8613800138002 ucs-2 ", 1);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_plain(void **state)
{
	const struct channel_recipient to = {"13800138003", ""};
	struct channel *channel = open_sms(said("url"), said("password"), "0");
	struct channel_work work = {0};
	struct channel_job job = sms_job("sms-2", "Storm warning: go [now] @ 5€", &to, 1);

	(void)state;
	expect("plain", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	expect_in_network("<12379 13800138003 text Storm warning: go [now] @ 5€>", 1);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_refusals(void **state)
{
	const struct channel_recipient to[] = {
	        {"13800138004\r\nX: y", ""}, {"", ""}, {"13800138004", ""}};
	struct channel *channel = open_sms(said("url"), said("password"), "0");
	struct channel *wrong = open_sms(said("url"), "wrong-password-4711", "0");
	struct channel_work work = {0};
	struct channel_job job = sms_job("sms-3", WARNING, to, 3);

	(void)state;
	expect("one of three", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	expect("line break", &work.answers[0].receipt, CHANNEL_REJECTED);
	expect("empty", &work.answers[1].receipt, CHANNEL_REJECTED);
	expect("wrong password", carried_deliver(wrong, &work, &job), CHANNEL_REJECTED);
	assert_null(strstr(work.answers[work.answer_count - 1].receipt.reason, "4711"));
	job.recipient_count = 0;
	expect("nobody", carried_deliver(channel, &work, &job), CHANNEL_REJECTED);
	job.recipient_count = 3;
	job.text = "";
	expect("no text", carried_deliver(channel, &work, &job), CHANNEL_REJECTED);
	carried_finish(&work);
	carried_close(&wrong);
	carried_close(&channel);
}

static int listen_here(int *port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof in), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	*port = ntohs(in.sin_port);
	return fd;
}

/* Takes one request and says yes; its first line is in `line`. */
static bool take_request(int listener, char *line, size_t room, int64_t until)
{
	static const char yes[] =
	        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	struct pollfd waiting = {.fd = listener, .events = POLLIN};

	if (poll(&waiting, 1, (int)(until - when_boot())) != 1)
		return false;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ssize_t got = read(fd, line, room - 1);
	line[got > 0 ? got : 0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	assert_int_equal(write(fd, yes, sizeof yes - 1), sizeof yes - 1);
	close(fd);
	return true;
}

/* Kannel reports to the recipient's own callback: what the phone said, and no more than that. */
static void test_callbacks(void **state)
{
	int port;
	int listener = listen_here(&port);
	char *callback = mem_format("http://127.0.0.1:%d/in/sms/job-4%%2F1/abc", port);
	const struct channel_recipient to = {"13800138005", callback};
	struct channel *channel = open_sms(said("url"), said("password"), "0");
	struct channel_work work = {0};
	struct channel_job job = sms_job("sms-4", WARNING, &to, 1);
	bool delivered = false;
	int64_t until = when_boot() + 15000;
	char line[1024];

	(void)state;
	expect("with callback", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	while (!delivered && take_request(listener, line, sizeof line, until)) {
		assert_null(strstr(line, "type=8 "));
		delivered = strstr(line, "GET /in/sms/job-4%2F1/abc?type=1 ") != NULL;
	}
	assert_true(delivered);
	close(listener);
	free(callback);
	carried_finish(&work);
	carried_close(&channel);
}

/* Of the recipients, not the whole. */
static size_t answers_with(const struct channel_work *work, enum channel_verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < work->answer_count; i++)
		count += work->answers[i].recipient >= 0 &&
		         work->answers[i].receipt.verdict == verdict;
	return count;
}

static void test_many(void **state)
{
	struct channel_recipient to[MANY];
	char numbers[MANY][24];
	struct channel *channel = open_sms(said("url"), said("password"), "0");
	struct channel_work work = {0};

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(numbers[i], sizeof numbers[i], "139%08d", i);
		to[i] = (struct channel_recipient){numbers[i], ""};
	}
	struct channel_job job = sms_job("sms-5", WARNING, to, MANY);
	const struct channel_receipt *whole = carried_deliver(channel, &work, &job);

	/* On a busy machine Kannel resets some of the connections; those may have arrived, and are
	 * said to be UNKNOWN, never sent again by themselves. */
	size_t unknown = answers_with(&work, CHANNEL_UNKNOWN);
	expect("many", whole, unknown ? CHANNEL_UNKNOWN : CHANNEL_DELIVERED);
	assert_int_equal(work.answer_count, MANY + 1);
	assert_int_equal(answers_with(&work, CHANNEL_DELIVERED) + unknown, MANY);
	assert_in_range(unknown, 0, MANY / 10);
	if (unknown)
		print_message("%zu of %d UNKNOWN\n", unknown, MANY);
	else
		expect_in_network("<12379 139", MANY);
	carried_finish(&work);
	carried_close(&channel);
}

/* 40 recipients at 50 a second take at least what 37 of them need (a burst of 3 goes at once). */
static void test_rate(void **state)
{
	struct channel_recipient to[40];
	struct channel *channel = open_sms(said("url"), said("password"), "50");
	struct channel_work work = {0};

	(void)state;
	for (int i = 0; i < 40; i++)
		to[i] = (struct channel_recipient){"13700137000", ""};
	struct channel_job job = sms_job("sms-6", "rate", to, 40);
	int64_t before = when_boot();
	expect("rate", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
	assert_in_range(when_boot() - before, 700, 8000);
	job.deadline = when_boot() + 200;
	before = when_boot();
	expect("over the deadline", carried_deliver(channel, &work, &job), CHANNEL_DEFERRED);
	assert_in_range(when_boot() - before, 150, 1500);
	assert_int_equal(work.answer_count, 41);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_dead_gateway(void **state)
{
	const struct channel_recipient to[] = {{"13800138006", ""}, {"13800138007", ""}};
	int port;
	int silent = listen_here(&port);
	char *url = mem_format("http://127.0.0.1:%d/cgi-bin/sendsms", port);
	struct channel *hole = open_sms(url, "x", "0");
	struct channel *nobody = open_sms("http://127.0.0.1:1/cgi-bin/sendsms", "x", "0");
	struct channel_work work = {0};
	struct channel_job job = sms_job("sms-7", WARNING, to, 2);

	(void)state;
	expect("nobody there", carried_deliver(nobody, &work, &job), CHANNEL_DEFERRED);
	job.deadline = when_boot() + 500;
	int64_t before = when_boot();
	expect("no answer", carried_deliver(hole, &work, &job), CHANNEL_UNKNOWN);
	assert_in_range(when_boot() - before, 400, 1500);
	job.expires = when_now() - 1;
	expect("expired", carried_deliver(nobody, &work, &job), CHANNEL_DEFERRED);
	close(silent);
	free(url);
	carried_finish(&work);
	carried_close(&hole);
	carried_close(&nobody);
}

/* The network behind the gateway is gone: it keeps the message, and says so under the same status.
 * Last of all. */
static void test_queued(void **state)
{
	const struct channel_recipient to = {"13800138008", ""};
	struct channel *channel = open_sms(said("url"), said("password"), "0");
	struct channel_work work = {0};
	int64_t until = when_boot() + 10000;
	bool queued = false;

	(void)state;
	kill((pid_t)json_integer_value(json_object_get(kannel.hello, "fakesmsc")), SIGTERM);
	while (!queued && when_boot() < until) {
		struct channel_job job = sms_job("sms-8", "queued", &to, 1);
		expect("queued", carried_deliver(channel, &work, &job), CHANNEL_DELIVERED);
		queued = strcmp(work.answers[0].receipt.proof,
		                 "HTTP 202 3: Queued for later delivery") == 0;
		poll(NULL, 0, 20);
	}
	assert_true(queued);
	carried_finish(&work);
	carried_close(&channel);
}

static void test_coding(void **state)
{
	(void)state;
	assert_true(sms_is_gsm7("Plain text, @£$¥ [ok] {5€} Ωß\n"));
	assert_false(sms_is_gsm7("暴雨"));
	assert_false(sms_is_gsm7("naïve"));
	assert_false(sms_is_gsm7("tab\t"));
}

/* A network of our own with nothing but loopback. false: not allowed here, and the settings have to
 * do. */
static bool leave_network(void)
{
	struct ifreq lo = {.ifr_name = "lo"};

	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = ioctl(fd, SIOCGIFFLAGS, &lo) == 0;
	lo.ifr_flags |= IFF_UP;
	up = up && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;
	close(fd);
	return up;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_coding),
	        cmocka_unit_test(test_chinese),
	        cmocka_unit_test(test_plain),
	        cmocka_unit_test(test_refusals),
	        cmocka_unit_test(test_callbacks),
	        cmocka_unit_test(test_many),
	        cmocka_unit_test(test_rate),
	        cmocka_unit_test(test_dead_gateway),
	        cmocka_unit_test(test_queued),
	};
	folder = folder_make();
	char *script = source_path("tests/doubles/kannel.py");
	const char *const arguments[] = {script, folder, "--until-eof", NULL};
	int status = 0;

	if (!leave_network())
		fputs("test_sms: no network namespace here; Kannel runs on this machine's own\n",
		        stderr);
	bool up = far_start(&kannel, arguments, &status);
	free(script);
	if (!up) {
		folder_remove(&folder);
		fputs("test_sms: SKIPPED: Kannel did not start (Debian: kannel, kannel-extras)\n",
		        stderr);
		return WIFEXITED(status) && WEXITSTATUS(status) == SKIP ? SKIP : 1;
	}
	int failed = cmocka_run_group_tests_name("sms", tests, NULL, NULL);
	far_stop(&kannel);
	folder_remove(&folder);
	return failed;
}
