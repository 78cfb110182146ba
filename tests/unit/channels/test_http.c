/* SPDX-License-Identifier: Apache-2.0
 * test_http - the guards of http.h over real sockets: whose certificate is believed, where plain
 * http may go, how much of an answer is kept, that time is up when it is up; and the sliding window
 * of pace.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "far.h"
#include "http.h"
#include "pace.h"
#include "when.h"
#include "source_tree.h"

static char pem[] = "tocsin-tls-XXXXXX";
static struct far plain, secure;

/* A certificate of its own for 127.0.0.1 only, with its key, in one file. */
static const char make_certificate[] = "import subprocess, sys\n"
                                       "subprocess.run(['openssl', 'req', '-x509', '-newkey', "
                                       "'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',\n"
                                       "  '-nodes', '-days', '2', '-subj', '/CN=double', "
                                       "'-addext', 'subjectAltName=IP:127.0.0.1',\n"
                                       "  '-keyout', sys.argv[1] + '.key', '-out', sys.argv[1] + "
                                       "'.crt'], check=True, stderr=subprocess.DEVNULL)\n"
                                       "open(sys.argv[1], 'w').write(open(sys.argv[1] + "
                                       "'.key').read() + open(sys.argv[1] + '.crt').read())\n"
                                       "print('{}')\n";

static struct http_answer ask(const struct http_rules *rules, const char *url, int64_t ms)
{
	struct http *http = http_create(rules);
	struct http_request request = {.deadline = when_boot() + ms};
	struct http_answer answer;

	buf_text(&request.url, url);
	http_call(http, &request, &answer);
	http_destroy(&http);
	return answer;
}

static void expect(const struct http_rules *rules, const struct far *far, const char *host,
        enum http_state want)
{
	char *direct = far_url(far, "weibo", "/arrived?far=weibo");
	char *url = mem_format(
	        "%s://%s%s", far == &secure ? "https" : "http", host, strrchr(direct, ':'));
	struct http_answer answer = ask(rules, url, 5000);

	if (answer.state != want)
		fail_msg("%s: got %d (%s), want %d", url, answer.state, answer.reason, want);
	if (want == HTTP_ANSWERED)
		assert_int_equal(answer.status, 200);
	http_answer_finish(&answer);
	free(direct);
	free(url);
}

static void test_certificates(void **state)
{
	char *crt = mem_format("%s.crt", pem);
	const struct http_rules system = {.connect_timeout = 3000, .ca_file = (char *)""};
	const struct http_rules pinned = {.connect_timeout = 3000, .ca_file = crt};

	(void)state;
	expect(&pinned, &secure, "127.0.0.1", HTTP_ANSWERED);
	expect(&system, &secure, "127.0.0.1", HTTP_NOT_SENT);
	expect(&pinned, &secure, "localhost", HTTP_NOT_SENT); /* not the name it was made for */
	free(crt);
}

/* 0.0.0.0 reaches this machine without being its loopback: what counts is the address, not that it
 * works. */
static void test_plain_stays_here(void **state)
{
	const struct http_rules strict = {.connect_timeout = 3000, .ca_file = (char *)""};
	const struct http_rules lax = {
	        .connect_timeout = 3000, .ca_file = (char *)"", .allow_http = true};

	(void)state;
	expect(&strict, &plain, "127.0.0.1", HTTP_ANSWERED);
	expect(&strict, &plain, "0.0.0.0", HTTP_NOT_SENT);
	expect(&lax, &plain, "0.0.0.0", HTTP_ANSWERED);
}

static void test_other_schemes(void **state)
{
	static const char *const urls[] = {
	        "file:///etc/passwd", "ftp://127.0.0.1/", "dict://127.0.0.1:1/", "gopher:", ""};
	const struct http_rules rules = {
	        .connect_timeout = 3000, .ca_file = (char *)"", .allow_http = true};

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		struct http_answer answer = ask(&rules, urls[i], 2000);
		if (answer.state != HTTP_NOT_SENT || answer.body.len)
			fail_msg("%s: got %d", urls[i], answer.state);
		http_answer_finish(&answer);
	}
}

static void test_cut(void **state)
{
	const struct http_rules rules = {.connect_timeout = 3000, .ca_file = (char *)""};
	char *url = far_url(&plain, "wecom", "/cgi-bin/webhook/send");

	(void)state;
	far_fault(&plain, "wecom", "\"kind\":\"huge\"");
	struct http_answer answer = ask(&rules, url, 5000);
	assert_int_equal(answer.state, HTTP_ANSWERED);
	assert_true(answer.cut);
	assert_int_equal(answer.body.len, HTTP_ANSWER_MAX);
	http_answer_finish(&answer);
	free(url);
}

/* Many in flight, each with a deadline of its own; http_next returns when asked to, at the latest
 * then, and at once for what is to be heard of elsewhere. */
static void test_deadlines(void **state)
{
	const struct http_rules rules = {.connect_timeout = 3000, .ca_file = (char *)""};
	struct http *http = http_create(&rules);
	struct http_answer answer;
	int64_t before = when_boot();
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	far_fault(&plain, "wecom", "\"kind\":\"blackhole\",\"count\":8");
	for (size_t i = 0; i < 8; i++) {
		struct http_request request = {
		        .deadline = before + 300 + 50 * (int64_t)i, .tag = i};
		char *url = far_url(&plain, "wecom", "/cgi-bin/webhook/send");
		buf_text(&request.url, url);
		free(url);
		http_start(http, &request);
	}
	assert_false(http_next_or(http, ends[0], before + 50, &answer));
	assert_in_range(when_boot() - before, 45, 290);
	assert_int_equal(write(ends[1], "!", 1), 1);
	assert_false(http_next_or(http, ends[0], 0, &answer));
	close(ends[0]);
	close(ends[1]);
	assert_false(http_next(http, before + 100, &answer));
	assert_in_range(when_boot() - before, 95, 290);
	for (size_t i = 0; i < 8; i++) {
		assert_true(http_next(http, 0, &answer));
		assert_int_equal(answer.state, HTTP_NO_ANSWER);
		assert_int_equal(answer.tag, i);
		http_answer_finish(&answer);
	}
	assert_in_range(when_boot() - before, 640, 1500);
	assert_false(http_next(http, 0, &answer));
	http_destroy(&http);
	http_destroy(&http);
	far_forget(&plain, "wecom");
}

/* Who may go outside only, does not come here; but where the ranges say so. */
static void test_inside(void **state)
{
	const char *const names[] = {"127.0.0.1", "localhost"};
	char *range = (char *)"127.0.0.0/8";
	const struct texts none = {0};
	const struct texts loopback = {&range, 1};
	const struct http_rules outside = {
	        .connect_timeout = 3000, .ca_file = (char *)"", .inside = &none};
	const struct http_rules both = {
	        .connect_timeout = 3000, .ca_file = (char *)"", .inside = &loopback};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		expect(&outside, &plain, names[i], HTTP_NOT_SENT);
	expect(&both, &plain, "127.0.0.1", HTTP_ANSWERED);
}

static void expect_join(const char *base, const char *reference, const char *want)
{
	char *got = http_url_join(base, reference);

	if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0))
		fail_msg("%s + %s: got %s, want %s", base, reference, got ? got : "nothing",
		        want ? want : "nothing");
	free(got);
}

static void expect_site(const char *url, const char *want)
{
	char *got = http_url_site(url);

	if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0))
		fail_msg(
		        "%s: got %s, want %s", url, got ? got : "nothing", want ? want : "nothing");
	free(got);
}

static void test_addresses(void **state)
{
	(void)state;
	expect_join("https://a.example/x/feed.atom", "1.xml", "https://a.example/x/1.xml");
	expect_join("https://a.example/x/feed.atom", "/1.xml?a=b#c", "https://a.example/1.xml?a=b");
	expect_join("https://a.example/x", "//b.example/1", "https://b.example/1");
	expect_join("https://a.example/x", "http://b.example/1", "http://b.example/1");
	expect_join("https://[2001:db8::1]:8443/x", "y", "https://[2001:db8::1]:8443/y");
	expect_join("https://a.example/", "file:///etc/passwd", NULL);
	expect_join("https://a.example/", "javascript:alert(1)", NULL);
	expect_join("https://a.example/", "a b", NULL);
	expect_site("https://A.example/x", "a.example:443");
	expect_site("http://a.example:8080/x", "a.example:8080");
	expect_site("http://a.example", "a.example:80");
	expect_site("https://[2001:DB8::1]/", "[2001:db8::1]:443");
	expect_site("ftp://a.example/", NULL);
	expect_site("a b", NULL);
}

static void test_words(void **state)
{
	struct buf out = {0};

	(void)state;
	http_encode(&out, "a b&c=暴~");
	assert_string_equal(out.data, "a%20b%26c%3D%E6%9A%B4~");
	buf_finish(&out);
	assert_true(http_header_safe("id-1"));
	assert_false(http_header_safe(""));
	assert_false(http_header_safe(NULL));
	assert_false(http_header_safe("a\r\nb: c"));
}

static void test_pace(void **state)
{
	struct pace pace;

	(void)state;
	pace_init(&pace, 3, 1000);
	for (int64_t now = 100; now < 103; now++) {
		assert_int_equal(pace_wait(&pace, now), 0);
		pace_start(&pace, now);
	}
	assert_int_equal(pace_wait(&pace, 103), 997);
	assert_int_equal(pace_wait(&pace, 1100), 0);
	pace_start(&pace, 1100);
	assert_int_equal(pace_wait(&pace, 1100), 1);
	pace_finish(&pace);
	pace_finish(&pace);
	pace_init(&pace, 0, 0);
	pace_start(&pace, 1);
	assert_int_equal(pace_wait(&pace, 1), 0);
}

static bool start_double(struct far *far, const char *tls)
{
	char *script = source_path("tests/doubles/far_sides.py");
	const char *const arguments[] = {script, "--until-eof", tls ? "--tls" : NULL, tls, NULL};
	int status;
	bool up = far_start(far, arguments, &status);

	free(script);
	return up;
}

static int start(void **state)
{
	const char *const arguments[] = {"-c", make_certificate, pem, NULL};
	struct far maker;
	int status;
	int fd = mkstemp(pem);

	(void)state;
	close(fd);
	if (fd < 0 || !far_start(&maker, arguments, &status))
		return -1;
	far_stop(&maker);
	return start_double(&plain, NULL) && start_double(&secure, pem) ? 0 : -1;
}

static int stop(void **state)
{
	static const char *const ends[] = {"", ".key", ".crt"};

	(void)state;
	far_stop(&plain);
	far_stop(&secure);
	for (size_t i = 0; i < 3; i++) {
		char *path = mem_format("%s%s", pem, ends[i]);
		unlink(path);
		free(path);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_certificates),
	        cmocka_unit_test(test_plain_stays_here),
	        cmocka_unit_test(test_other_schemes),
	        cmocka_unit_test(test_cut),
	        cmocka_unit_test(test_deadlines),
	        cmocka_unit_test(test_inside),
	        cmocka_unit_test(test_addresses),
	        cmocka_unit_test(test_words),
	        cmocka_unit_test(test_pace),
	};

	return cmocka_run_group_tests_name("http", tests, start, stop);
}
