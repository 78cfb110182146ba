/* SPDX-License-Identifier: Apache-2.0
 * test_website_look - the site looks at itself as the public does, through a web server: one that
 * serves another folder, an older set, or is dead, makes the far side ill within `look_back`; and
 * it is well again when the public sees what was written. A web server that hangs holds nothing up.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "carried.h"
#include "far.h"
#include "folder.h"
#include "options.h"
#include "when.h"

/* Serves FOLDER/served until our end of its stdin closes. */
static const char server[] = "import functools, http.server, json, sys, threading\n"
                             "class Quiet(http.server.SimpleHTTPRequestHandler):\n"
                             "    def log_message(self, *_):\n"
                             "        pass\n"
                             "serve = functools.partial(Quiet, directory=sys.argv[1])\n"
                             "httpd = http.server.ThreadingHTTPServer(('127.0.0.1', 0), serve)\n"
                             "threading.Thread(target=httpd.serve_forever, daemon=True).start()\n"
                             "print(json.dumps({'port': httpd.server_address[1]}), flush=True)\n"
                             "sys.stdin.read()\n";

struct looked {
	char *folder, *served;
	struct far web;
	struct channel *channel;
	struct channel_work work;
};

static void serve(const struct looked *t, const char *what)
{
	unlink(t->served);
	assert_int_equal(symlink(what, t->served), 0);
}

static int setup(void **state)
{
	struct looked *t = mem_zero(sizeof *t);
	int status;

	t->folder = folder_make();
	t->served = mem_format("%s/served", t->folder);
	serve(t, "current");
	const char *arguments[] = {"-c", server, t->served, NULL};
	assert_true(far_start(&t->web, arguments, &status));
	char *url = mem_format("http://127.0.0.1:%lld",
	        (long long)json_integer_value(json_object_get(t->web.hello, "port")));
	t->channel = carried_open(channel_type_find("website"), "folder", t->folder, "public_url",
	        url, "look_back", "0.3", NULL);
	free(url);
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct looked *t = *state;

	carried_finish(&t->work);
	channel_destroy(&t->channel);
	far_stop(&t->web);
	unlink(t->served);
	folder_remove(&t->folder);
	free(t->served);
	free(t);
	return 0;
}

static void show(struct looked *t, const char *identifier)
{
	char digest[DIGEST_HEX];

	assert_int_equal(
	        carried_issue(t->channel, &t->work, identifier, digest), CHANNEL_DELIVERED);
}

static void what_the_public_sees_is_well(void **state)
{
	struct looked *t = *state;

	show(t, "one");
	carried_tend_until(t->channel, &t->work, 1);
	show(t, "two");
	carried_tend_until(t->channel, &t->work, 1);
}

static void another_folder_is_found_out(void **state)
{
	struct looked *t = *state;

	show(t, "one");
	carried_tend_until(t->channel, &t->work, 1);
	serve(t, "nowhere");
	carried_tend_until(t->channel, &t->work, -1);
	assert_non_null(strstr(t->work.far_why, "HTTP 404"));
	assert_non_null(strstr(t->work.far_why, "the public has not seen"));
	serve(t, "current");
	carried_tend_until(t->channel, &t->work, 1);
}

static void an_older_set_is_found_out(void **state)
{
	struct looked *t = *state;

	show(t, "one");
	carried_tend_until(t->channel, &t->work, 1);
	char *then = folder_read(t->folder, "current/active.json");
	folder_write(t->folder, "gen/active.json", then);
	free(then);
	serve(t, "gen"); /* a cache that does not ask any more */
	show(t, "two");
	carried_tend_until(t->channel, &t->work, -1);
	assert_non_null(strstr(t->work.far_why, "another set"));
	serve(t, "current");
	carried_tend_until(t->channel, &t->work, 1);
}

static void a_web_server_that_hangs_holds_nothing_up(void **state)
{
	struct looked *t = *state;

	show(t, "one");
	carried_tend_until(t->channel, &t->work, 1);
	kill(t->web.pid, SIGSTOP);
	int64_t start = when_boot();
	for (int i = 0; i < 10; i++)
		t->channel->type->tend(t->channel, &t->work);
	show(t, "two");
	assert_in_range(when_boot() - start, 0, 2000); /* an answer may take ten seconds */
	kill(t->web.pid, SIGCONT);
	carried_tend_until(t->channel, &t->work, 1);
}

static void a_dead_web_server_is_found_out(void **state)
{
	struct looked *t = *state;

	show(t, "one");
	carried_tend_until(t->channel, &t->work, 1);
	far_stop(&t->web);
	carried_tend_until(t->channel, &t->work, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	        CASE(what_the_public_sees_is_well),
	        CASE(another_folder_is_found_out),
	        CASE(an_older_set_is_found_out),
	        CASE(a_web_server_that_hangs_holds_nothing_up),
	        CASE(a_dead_web_server_is_found_out),
#undef CASE
	};

	return cmocka_run_group_tests_name("website_look", tests, NULL, NULL);
}
