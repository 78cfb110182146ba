/* SPDX-License-Identifier: Apache-2.0
 * test_mqtt_look - a broker that acknowledges everything and shows nothing, as one does whose
 * access list was changed under us: found out within two times `look_back`, and asked anew what it
 * holds when it shows again. Skipped, aloud, where there is no mosquitto.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker.h"
#include "carried.h"
#include "folder.h"
#include "options.h"
#include "when.h"

struct mqtt_test {
	struct broker broker;
	struct channel *channel;
	struct channel_work work;
};

static void allow(const struct mqtt_test *t, const char *what)
{
	char *list = mem_format("topic %s alert/#\n", what);

	folder_write(t->broker.folder, "acl", list);
	free(list);
	if (t->broker.pid > 0)
		kill(t->broker.pid, SIGHUP);
}

static bool start_with_list(struct mqtt_test *t, const char *what)
{
	if (!broker_start(&t->broker, NULL)) /* for its folder */
		return false;
	broker_stop(&t->broker);
	allow(t, what);
	char *line = mem_format("user root\nacl_file %s/acl", t->broker.folder);
	bool started = broker_start(&t->broker, line);
	free(line);
	return started;
}

static void open_channel(struct mqtt_test *t, const char *look_back)
{
	t->channel = carried_open(channel_type_find("mqtt"), "host", "127.0.0.1", "port",
	        t->broker.port, "connect_timeout", "1", "look_back", look_back, NULL);
}

static int setup(void **state)
{
	struct mqtt_test *t = mem_zero(sizeof *t);

	assert_true(start_with_list(t, "readwrite"));
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct mqtt_test *t = *state;

	carried_finish(&t->work);
	channel_destroy(&t->channel);
	broker_finish(&t->broker);
	free(t);
	return 0;
}

/* Through four probes, none of which may be missed. */
static void tend_for_a_while(struct mqtt_test *t)
{
	for (int64_t until = when_boot() + 1200; when_boot() < until; poll(NULL, 0, 5)) {
		t->channel->type->tend(t->channel, &t->work);
		assert_int_equal(t->work.far, 1);
	}
}

static void one_that_shows_is_well(void **state)
{
	struct mqtt_test *t = *state;
	char digest[DIGEST_HEX], held[DIGEST_HEX];

	open_channel(t, "0.3");
	carried_tend_until(t->channel, &t->work, 1);
	assert_int_equal(carried_issue(t->channel, &t->work, "one", digest), CHANNEL_DELIVERED);
	tend_for_a_while(t);
	t->channel->type->held(t->channel, held);
	assert_string_equal(held, digest);
}

static void one_that_shows_nothing_any_more_is_found_out(void **state)
{
	struct mqtt_test *t = *state;
	char digest[DIGEST_HEX], held[DIGEST_HEX];

	open_channel(t, "0.3");
	carried_tend_until(t->channel, &t->work, 1);
	allow(t, "write");
	carried_tend_until(t->channel, &t->work, -1);
	assert_non_null(strstr(t->work.far_why, "does not show them"));
	assert_int_equal(carried_issue(t->channel, &t->work, "one", digest),
	        CHANNEL_DELIVERED); /* so it says */
	allow(t, "readwrite");
	carried_tend_until(t->channel, &t->work, 1);
	t->channel->type->held(t->channel, held); /* asked anew */
	assert_string_equal(held, digest);
}

static void one_that_never_shows_is_ill_from_the_start(void **state)
{
	struct mqtt_test *t = *state;

	allow(t, "write");
	open_channel(t, "0.3");
	carried_tend_until(t->channel, &t->work, -1);
}

static void one_that_need_not_is_not_looked_at(void **state)
{
	struct mqtt_test *t = *state;

	allow(t, "write");
	open_channel(t, "0");
	carried_tend_until(t->channel, &t->work, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	        CASE(one_that_shows_is_well),
	        CASE(one_that_shows_nothing_any_more_is_found_out),
	        CASE(one_that_never_shows_is_ill_from_the_start),
	        CASE(one_that_need_not_is_not_looked_at),
#undef CASE
	};
	struct broker probe = {0};

	if (!broker_start(&probe, NULL)) {
		fputs("SKIPPED: there is no mosquitto on this machine\n", stderr);
		return 77;
	}
	broker_finish(&probe);
	return cmocka_run_group_tests_name("mqtt_look", tests, NULL, NULL);
}
