/* SPDX-License-Identifier: Apache-2.0
 * test_resolver - names, by a resolver of our own (this program's getaddrinfo stands before the C
 * library's): that lead nowhere, take their time, or lead into our own network although the rules
 * only allow the internet. No connection is made where none may be, and time is up when it is up.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http.h"
#include "when.h"

enum { SLOW_MS = 1500 };

static const struct name {
	const char *name;
	const char *leads[3]; /* numeric; none: nowhere */
	int takes;            /* ms */
} names[] = {
        {"nowhere.example", {NULL}, 0},
        {"slow.example", {"127.0.0.1"}, SLOW_MS},
        {"inside.example", {"127.0.0.1"}, 0},
        {"inside6.example", {"::1"}, 0},
        {"mapped.example", {"::ffff:127.0.0.1"}, 0},
        {"private.example", {"10.0.0.1", "192.168.1.1"}, 0},
        {"linklocal.example", {"169.254.169.254"}, 0},
        {"mixed.example", {"10.0.0.1", "127.0.0.1"}, 0},
};

static atomic_int asked;

static struct addrinfo *lead(const char *to, int port)
{
	struct addrinfo *info = mem_zero(sizeof *info);
	struct sockaddr_in6 *six = mem_zero(sizeof *six);
	struct sockaddr_in *four = (struct sockaddr_in *)six;

	info->ai_socktype = SOCK_STREAM;
	info->ai_protocol = IPPROTO_TCP;
	info->ai_addr = (struct sockaddr *)six;
	if (inet_pton(AF_INET6, to, &six->sin6_addr) == 1) {
		info->ai_family = six->sin6_family = AF_INET6;
		info->ai_addrlen = sizeof *six;
		six->sin6_port = htons((uint16_t)port);
		return info;
	}
	assert_int_equal(inet_pton(AF_INET, to, &four->sin_addr), 1);
	info->ai_family = four->sin_family = AF_INET;
	info->ai_addrlen = sizeof *four;
	four->sin_port = htons((uint16_t)port);
	return info;
}

int getaddrinfo(
        const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo **end = out;

	(void)hints;
	atomic_fetch_add(&asked, 1);
	*out = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!host || strcmp(host, names[i].name) != 0)
			continue;
		poll(NULL, 0, names[i].takes);
		for (size_t k = 0; k < 3 && names[i].leads[k]; k++) {
			*end = lead(
			        names[i].leads[k], service ? (int)strtol(service, NULL, 10) : 0);
			end = &(*end)->ai_next;
		}
	}
	return *out ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info)
{
	while (info) {
		struct addrinfo *next = info->ai_next;
		free(info->ai_addr);
		free(info);
		info = next;
	}
}

/* A listener that nobody may reach, of both kinds of address where this machine has both. */
static int listener, port;

static int listen_at(struct sockaddr *any, socklen_t len)
{
	int off = 0;
	int fd = socket(any->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (any->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	if (bind(fd, any, len) == 0 && listen(fd, 8) == 0 && getsockname(fd, any, &len) == 0)
		return fd;
	close(fd);
	return -1;
}

static int start(void **state)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
	struct sockaddr_in four = {.sin_family = AF_INET};

	(void)state;
	listener = listen_at((struct sockaddr *)&six, sizeof six);
	port = ntohs(six.sin6_port);
	if (listener < 0) {
		listener = listen_at((struct sockaddr *)&four, sizeof four);
		port = ntohs(four.sin_port);
	}
	return listener < 0 ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	return close(listener);
}

static bool somebody_came(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static enum http_state ask(const struct http_rules *rules, const char *name, int64_t ms)
{
	struct http *http = http_create(rules);
	struct http_request request = {.deadline = when_boot() + ms};
	struct http_answer answer;

	buf_format(&request.url, "https://%s:%d/", name, port);
	int before = atomic_load(&asked);
	http_call(http, &request, &answer);
	assert_true(atomic_load(&asked) > before); /* it is this resolver that was asked */
	enum http_state state = answer.state;
	assert_true(answer.reason && *answer.reason);
	http_answer_finish(&answer);
	http_destroy(&http);
	return state;
}

static void a_name_that_leads_nowhere_is_not_sent(void **state)
{
	const struct http_rules rules = {.connect_timeout = 3000, .ca_file = (char *)""};

	(void)state;
	assert_int_equal(ask(&rules, "nowhere.example", 2000), HTTP_NOT_SENT);
}

/* Whoever may only go outside connects to nothing in here, whatever a name says. */
static void a_name_that_leads_into_our_network_is_not_followed(void **state)
{
	struct texts nothing = {0};
	const struct http_rules outside = {
	        .connect_timeout = 500, .ca_file = (char *)"", .inside = &nothing};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!names[i].leads[0] || names[i].takes)
			continue;
		assert_int_equal(ask(&outside, names[i].name, 1000), HTTP_NOT_SENT);
		if (somebody_came())
			fail_msg("%s was followed", names[i].name);
	}
}

static void what_is_named_as_inside_is_reached(void **state)
{
	struct texts loopback = {0};
	const struct http_rules rules = {
	        .connect_timeout = 500, .ca_file = (char *)"", .inside = &loopback};

	(void)state;
	texts_add(&loopback, "127.0.0.0/8");
	ask(&rules, "inside.example", 300); /* nobody speaks TLS there */
	assert_true(somebody_came());
	ask(&rules, "mixed.example", 300); /* the second of its addresses */
	assert_true(somebody_came());
	texts_finish(&loopback);
}

/* An answer comes by the deadline, or the resolver's: no later than both. Nothing is sent. */
static void a_slow_name_ends_with_its_lookup(void **state)
{
	const struct http_rules rules = {.connect_timeout = 300, .ca_file = (char *)""};
	int64_t begun = when_boot();

	(void)state;
	assert_int_equal(ask(&rules, "slow.example", 300), HTTP_NOT_SENT);
	print_message("a look-up of %d ms, a deadline of 300 ms: answered after %lld ms\n", SLOW_MS,
	        (long long)(when_boot() - begun));
	assert_false(somebody_came());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_name_that_leads_nowhere_is_not_sent),
	        cmocka_unit_test(a_name_that_leads_into_our_network_is_not_followed),
	        cmocka_unit_test(what_is_named_as_inside_is_reached),
	        cmocka_unit_test(a_slow_name_ends_with_its_lookup),
	};

	return cmocka_run_group_tests_name("resolver", tests, start, stop);
}
