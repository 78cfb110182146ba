/* SPDX-License-Identifier: Apache-2.0
 * test_website - the site shows what is in force, all at once, and says so where something is over.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "carried.h"
#include "folder.h"
#include "lists.h"
#include "options.h"
#include "signed.h"
#include "when.h"

#define ALERT "12000041600000_20261123090000"
#define CANCEL "12000041600000_20261123100000"

struct site {
	char *folder;
	struct channel *channel;
	struct channel_work work;
	char digest[DIGEST_HEX];
	int64_t era; /* of the set in force; 0 = not known */
};

static struct channel *open_site(const char *folder)
{
	return carried_open(channel_type_find("website"), "folder", folder, "public_url",
	        "https://alerts.example.cn/warnings", "title", "预警信息", NULL);
}

static int setup(void **state)
{
	struct site *site = mem_zero(sizeof *site);

	site->folder = folder_make();
	site->channel = open_site(site->folder);
	*state = site;
	return 0;
}

static int teardown(void **state)
{
	struct site *site = *state;

	carried_finish(&site->work);
	channel_destroy(&site->channel);
	folder_remove(&site->folder);
	free(site);
	return 0;
}

static const struct channel_receipt *carry(struct site *site, enum channel_job_kind kind,
        const struct signed_bulletin *bulletin, const struct channel_bulletin *const *active,
        size_t count)
{
	struct channel_job job = {
	        .id = "1-key",
	        .kind = kind,
	        .attempt = 1,
	        .bulletin = bulletin ? &bulletin->shown : NULL,
	        .text = bulletin ? bulletin->text : "",
	        .active = active,
	        .active_count = count,
	        .active_era = site->era,
	        .active_digest = site->digest,
	        .deadline = when_boot() + 5000,
	        .expires = bulletin ? bulletin->shown.view.expires : 0,
	};

	signed_digest(active, count, site->digest);
	return carried_deliver(site->channel, &site->work, &job);
}

static void assert_shows(const struct site *site, const char *path, const char *wanted, bool shown)
{
	char *got = folder_read(site->folder, path);

	if (!got)
		fail_msg("%s is not there", path);
	if ((strstr(got, wanted) != NULL) != shown)
		fail_msg("%s: got %s, want %s%s", path, got, shown ? "" : "no ", wanted);
	free(got);
}

static void assert_held(const struct site *site, const char *want)
{
	char got[DIGEST_HEX] = "";

	site->channel->type->held(site->channel, got);
	assert_string_equal(got, want);
}

static void issued_is_shown_everywhere(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	assert_held(site, "");
	const struct channel_receipt *receipt = carry(site, CHANNEL_ISSUE, &alert, active, 1);
	assert_string_equal(verdict_text(receipt->verdict), "DELIVERED");
	assert_shows(site, "current/" TEXT_PAGE_DIR "/" ALERT ".html", "暴雨", true);
	assert_shows(site, "current/cap/" ALERT ".xml", alert.cap, true);
	assert_shows(site, "current/index.html", ALERT, true);
	assert_shows(site, "current/feed.atom", ALERT, true);
	assert_shows(site, "current/alerts.geojson", ALERT, true);
	assert_shows(site, "current/active.json", ALERT, true);
	assert_shows(site, "current/style.css", "{", true);
	assert_held(site, site->digest);
	signed_finish(&alert);
}

static void cancelled_says_so_on_its_own_page(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert, cancel;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	signed_make(&cancel, NULL,
	        &(struct signed_wish){.identifier = CANCEL,
	                .replaces = ALERT,
	                .chain = ALERT,
	                .verb = VERB_CANCEL});
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	const struct channel_receipt *receipt = carry(site, CHANNEL_ISSUE, &cancel, NULL, 0);
	assert_string_equal(verdict_text(receipt->verdict), "DELIVERED");
	assert_shows(site, TEXT_PAGE_DIR "/" ALERT ".html", "解除", true);
	assert_shows(site, TEXT_PAGE_DIR "/" ALERT ".html", CANCEL ".html", true);
	assert_shows(site, "current/active.json", ALERT, false);
	assert_shows(site, "current/alerts.geojson", ALERT, false);
	assert_shows(site, "current/feed.atom", CANCEL, true);
	assert_shows(site, "current/feed.atom", ALERT, true);
	assert_shows(site, TEXT_PAGE_DIR "/" CANCEL ".html", "已过期", false);
	assert_held(site, site->digest);
	signed_finish(&alert);
	signed_finish(&cancel);
}

static void expired_leaves_the_lists(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	carry(site, CHANNEL_CLEAR, &alert, NULL, 0);
	assert_shows(site, TEXT_PAGE_DIR "/" ALERT ".html", "已过期", true);
	assert_shows(site, "current/active.json", ALERT, false);
	signed_finish(&alert);
}

/* A set of which it is known that it has only grown is not looked through again; the first that has
 * lost one is, and so is a late one that never was in it. */
static void a_set_that_only_grows_ends_nothing(void **state)
{
	struct site *site = *state;
	struct signed_bulletin b[4];
	const struct channel_bulletin *all[] = {&b[0].shown, &b[1].shown, &b[2].shown};
	const char *const names[] = {"alert-a", "alert-b", "alert-c", "alert-late"};

	for (int i = 0; i < 4; i++)
		signed_make(&b[i], NULL, &(struct signed_wish){.identifier = names[i]});
	site->era = 4;
	for (size_t i = 0; i < 3; i++)
		carry(site, CHANNEL_ISSUE, &b[i], all, i + 1);
	for (int i = 0; i < 3; i++)
		assert_shows(site, "current/active.json", names[i], true);
	carry(site, CHANNEL_ISSUE, &b[3], all, 3);
	assert_shows(site, "current/active.json", "alert-late", false);
	assert_shows(site, TEXT_PAGE_DIR "/alert-late.html", "已过期", true);
	site->era = 5;
	carry(site, CHANNEL_STATE, NULL, &all[1], 2);
	assert_shows(site, "current/active.json", "alert-a", false);
	assert_shows(site, "current/active.json", "alert-c", true);
	assert_held(site, site->digest);
	for (int i = 0; i < 4; i++)
		signed_finish(&b[i]);
}

static void a_late_issue_of_what_is_over_shows_it_as_over(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	carry(site, CHANNEL_ISSUE, &alert, NULL, 0);
	assert_shows(site, TEXT_PAGE_DIR "/" ALERT ".html", "已过期", true);
	assert_shows(site, "current/active.json", ALERT, false);
	signed_finish(&alert);
}

static void everything_is_made_again_after_a_loss(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	char *page = folder_read(site->folder, TEXT_PAGE_DIR "/" ALERT ".html");
	channel_destroy(&site->channel);
	folder_remove(&site->folder);
	site->folder = folder_make();
	site->channel = open_site(site->folder);
	assert_held(site, "");
	carry(site, CHANNEL_STATE, NULL, active, 1);
	char *again = folder_read(site->folder, TEXT_PAGE_DIR "/" ALERT ".html");
	assert_non_null(again);
	assert_string_equal(again, page);
	assert_shows(site, "current/active.json", ALERT, true);
	assert_held(site, site->digest);
	free(page);
	free(again);
	signed_finish(&alert);
}

static void a_restart_remembers_what_to_end(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert, update;
	const struct channel_bulletin *active[] = {&alert.shown};
	const struct channel_bulletin *after[] = {&update.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	signed_make(&update, NULL,
	        &(struct signed_wish){.identifier = CANCEL,
	                .replaces = ALERT,
	                .chain = ALERT,
	                .verb = VERB_UPDATE});
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	channel_destroy(&site->channel);
	site->channel = open_site(site->folder);
	assert_held(site, site->digest);
	carry(site, CHANNEL_ISSUE, &update, after, 1);
	assert_shows(site, TEXT_PAGE_DIR "/" ALERT ".html", "已更新", true);
	assert_shows(site, "current/active.json", CANCEL, true);
	signed_finish(&alert);
	signed_finish(&update);
}

static void many_turns_leave_few_generations(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	for (int i = 0; i < 6; i++)
		carry(site, CHANNEL_ISSUE, &alert, active, 1);
	assert_false(folder_has(site->folder, "gen/1/index.html"));
	assert_true(folder_has(site->folder, "gen/7/index.html"));
	assert_true(folder_has(site->folder, "gen/5/index.html"));
	signed_finish(&alert);
}

static void a_web_server_may_read_it_whatever_our_umask(void **state)
{
	struct site *site = *state;
	struct stat status;
	mode_t before = umask(0077);

	channel_destroy(&site->channel);
	folder_remove(&site->folder);
	site->folder = folder_make();
	char *folder = mem_format("%s/site", site->folder);
	site->channel = open_site(folder);
	umask(before);
	char *index = mem_format("%s/current/index.html", folder);
	char *current = mem_format("%s/current/.", folder);
	assert_int_equal(stat(index, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
	assert_int_equal(stat(current, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0755);
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0755);
	free(index);
	free(current);
	free(folder);
}

static void a_drill_may_not_use_the_public_folder(void **state)
{
	struct site *site = *state;
	struct err err = {0};
	struct channel_setting settings[] = {{(char *)"folder", site->folder},
	        {(char *)"public_url", (char *)"https://alerts.example.cn"}};
	struct channel *drill = channel_create(channel_type_find("website"), settings, 2, &err);

	assert_non_null(drill);
	drill->mode = MODE_EXERCISE;
	assert_false(drill->type->open(drill, &err));
	assert_non_null(strstr(err.en, "belongs to mode live"));
	channel_destroy(&drill);
}

static void what_cannot_be_written_is_deferred_and_not_half_shown(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};
	char *in_the_way = mem_format("%s/" TEXT_PAGE_DIR "/" ALERT ".html.new", site->folder);

	/* A folder where the new file should go fails as a full disk does, for every user. */
	assert_int_equal(mkdir(in_the_way, 0700), 0);
	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	const struct channel_receipt *receipt = carry(site, CHANNEL_ISSUE, &alert, active, 1);
	assert_string_equal(verdict_text(receipt->verdict), "DEFERRED");
	assert_non_null(strstr(receipt->reason, "cannot write"));
	assert_shows(site, "current/index.html", ALERT, false);
	assert_held(site, "");
	assert_int_equal(rmdir(in_the_way), 0);
	receipt = carry(site, CHANNEL_ISSUE, &alert, active, 1);
	assert_string_equal(verdict_text(receipt->verdict), "DELIVERED");
	assert_shows(site, "current/index.html", ALERT, true);
	free(in_the_way);
	signed_finish(&alert);
}

/* Whoever has its address must not go on reading a warning that was cancelled. */
static void an_end_that_could_not_be_written_is_written_later(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert, cancel;
	const struct channel_bulletin *active[] = {&alert.shown};
	char *in_the_way = mem_format("%s/" TEXT_PAGE_DIR "/" ALERT ".html.new", site->folder);

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	signed_make(&cancel, NULL,
	        &(struct signed_wish){.identifier = CANCEL,
	                .replaces = ALERT,
	                .chain = ALERT,
	                .verb = VERB_CANCEL});
	site->era = 1;
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	assert_int_equal(mkdir(in_the_way, 0700), 0);
	site->era = 2;
	const struct channel_receipt *receipt = carry(site, CHANNEL_ISSUE, &cancel, NULL, 0);
	assert_string_equal(verdict_text(receipt->verdict), "DEFERRED");
	assert_int_equal(rmdir(in_the_way), 0);
	receipt = carry(site, CHANNEL_ISSUE, &cancel, NULL, 0);
	assert_string_equal(verdict_text(receipt->verdict), "DELIVERED");
	assert_shows(site, TEXT_PAGE_DIR "/" ALERT ".html", CANCEL ".html", true);
	free(in_the_way);
	signed_finish(&cancel);
	signed_finish(&alert);
}

/* The signed index lies beside the lists as it came, and goes along into later generations. */
static void the_signed_index_lies_beside_the_lists(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};
	struct channel_job note = {.id = "n",
	        .kind = CHANNEL_NOTE,
	        .note = STATUS_INDEX,
	        .form = "tocsin-status 1\nform index\n",
	        .signature = "c2ln",
	        .text = "",
	        .active_digest = "",
	        .deadline = when_boot() + 5000};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	const struct channel_receipt *receipt = carried_deliver(site->channel, &site->work, &note);
	assert_string_equal(verdict_text(receipt->verdict), "DELIVERED");
	assert_shows(
	        site, "current/status.txt", "tocsin-status 1\nform index\nsignature c2ln\n", true);
	assert_shows(site, "current/index.html", ALERT, true);
	assert_held(site, site->digest);
	carry(site, CHANNEL_STATE, NULL, NULL, 0);
	assert_shows(site, "current/status.txt", "signature c2ln", true);
	assert_held(site, site->digest);
	signed_finish(&alert);
}

#define SHAPE                                                                                      \
	"{\"sheets\": [{\"width\": 9, \"height\": 9, \"shapes\": [{\"code\": \"120116\", \"zh\": " \
	"\"滨海新区\", \"path\": \"%s\", \"at\": [1, 2]}]}]}"
#define SHADED "fill=\"url(#fill-orange)\" d=\"M1 1l2 0z\""
#define CALM "class=\"calm\" d=\"M1 1l2 0z\""

/* A site whose map is this file; NULL: the file is not there. */
static void open_with_map(struct site *site, const char *text)
{
	char *path = mem_format("%s/map.json", site->folder);

	if (text)
		folder_write(site->folder, "map.json", text);
	channel_destroy(&site->channel);
	site->channel = carried_open(channel_type_find("website"), "folder", site->folder,
	        "public_url", "https://alerts.example.cn/warnings", "map", path, NULL);
	free(path);
}

static void the_map_shows_what_is_in_force(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert, cancel;
	const struct channel_bulletin *active[] = {&alert.shown};
	char *text = mem_format(SHAPE, "M1 1l2 0z");

	open_with_map(site, text);
	signed_make(
	        &alert, NULL, &(struct signed_wish){.identifier = ALERT, .level = LEVEL_ORANGE});
	signed_make(&cancel, NULL,
	        &(struct signed_wish){.identifier = CANCEL,
	                .replaces = ALERT,
	                .chain = ALERT,
	                .verb = VERB_CANCEL});
	assert_shows(site, "current/index.html", CALM, true);
	carry(site, CHANNEL_ISSUE, &alert, active, 1);
	assert_shows(site, "current/index.html", SHADED, true);
	assert_shows(site, "current/map.css", ".fill-orange", true);
	carry(site, CHANNEL_ISSUE, &cancel, NULL, 0);
	assert_shows(site, "current/index.html", SHADED, false);
	carry(site, CHANNEL_STATE, NULL, active, 1);
	assert_shows(site, "current/index.html", SHADED, true);
	const struct channel_receipt *receipt = carry(site, CHANNEL_CLEAR, &alert, NULL, 0);
	assert_null(strstr(receipt->proof, "map"));
	assert_shows(site, "current/index.html", SHADED, false);
	assert_shows(site, "current/index.html", CALM, true);
	free(text);
	signed_finish(&alert);
	signed_finish(&cancel);
}

/* A warning does not wait for a picture: it is shown, and the receipt says what is missing. */
static void without_its_map_the_site_goes_on(void **state)
{
	struct site *site = *state;
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};
	char *hostile = mem_format(SHAPE, "M1 1\\\"/><script>");
	const char *const texts[] = {NULL, "", "no map", "[]", "{\"sheets\": []}",
	        "{\"sheets\": [{\"width\": 9, \"height\": 9, \"shapes\": []}]}",
	        "{\"sheets\": [{\"width\": -1, \"height\": 9, \"shapes\": [{}]}]}", hostile};

	signed_make(&alert, NULL, &(struct signed_wish){.identifier = ALERT});
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		open_with_map(site, texts[i]);
		const struct channel_receipt *receipt =
		        carry(site, CHANNEL_ISSUE, &alert, active, 1);
		assert_string_equal(verdict_text(receipt->verdict), "DELIVERED");
		if (!strstr(receipt->proof, "without the map: "))
			fail_msg("map %zu: got %s", i, receipt->proof);
		assert_shows(site, "current/index.html", ALERT, true);
		assert_shows(site, "current/index.html", "<svg", false);
	}
	free(hostile);
	signed_finish(&alert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(issued_is_shown_everywhere, setup, teardown),
	        cmocka_unit_test_setup_teardown(cancelled_says_so_on_its_own_page, setup, teardown),
	        cmocka_unit_test_setup_teardown(expired_leaves_the_lists, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_set_that_only_grows_ends_nothing, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_late_issue_of_what_is_over_shows_it_as_over, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                everything_is_made_again_after_a_loss, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_restart_remembers_what_to_end, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_web_server_may_read_it_whatever_our_umask, setup, teardown),
	        cmocka_unit_test_setup_teardown(many_turns_leave_few_generations, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                a_drill_may_not_use_the_public_folder, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                what_cannot_be_written_is_deferred_and_not_half_shown, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                the_signed_index_lies_beside_the_lists, setup, teardown),
	        cmocka_unit_test_setup_teardown(
	                an_end_that_could_not_be_written_is_written_later, setup, teardown),
	        cmocka_unit_test_setup_teardown(the_map_shows_what_is_in_force, setup, teardown),
	        cmocka_unit_test_setup_teardown(without_its_map_the_site_goes_on, setup, teardown),
	};

	return cmocka_run_group_tests_name("website", tests, NULL, NULL);
}
