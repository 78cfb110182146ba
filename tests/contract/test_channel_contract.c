/* SPDX-License-Identifier: Apache-2.0
 * test_channel_contract - what channel.h asks of every type, asked of every row of channel_types:
 * options that explain themselves, a close that may come at any time, deadlines kept with a far
 * side that refuses or never answers, every job and recipient answered, and no secret in anything
 * that is said.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "carried.h"
#include "folder.h"
#include "options.h"
#include "signed.h"
#include "when.h"

#define SECRET_MARK "xq7secretmark"
#define CALLBACK_MARK "xq8callbackmark"

enum { ATTEMPT_MS = 700, GRACE_MS = 500, OPEN_MS = 2000, SETTINGS_MOST = 64, PERSONS = 3 };

/* Where the far sides should be: a port that refuses, or one that takes the connection and says
 * nothing. */
struct dead {
	int fd;
	int port;
};

static struct dead dead_make(bool listens)
{
	struct sockaddr_in address = {
	        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	struct dead dead = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};

	/* Bound and not listening refuses, and nobody else can take the port meanwhile. */
	assert_int_equal(bind(dead.fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(dead.fd, (struct sockaddr *)&address, &len), 0);
	if (listens)
		assert_int_equal(listen(dead.fd, 16), 0);
	dead.port = ntohs(address.sin_port);
	return dead;
}

static bool is_named(const struct option *row, const char *name)
{
	return strcmp(row->name, name) == 0;
}

/* A value that points the type at the dead far side; NULL = leave the default. */
static char *value_for(const struct option *row, const char *folder, int port)
{
	if (row->kind == OPTION_SECRET) {
		folder_write(folder, row->name, SECRET_MARK "\n");
		return mem_format("%s/%s", folder, row->name);
	}
	if (is_named(row, "host"))
		return mem_text("127.0.0.1");
	if (is_named(row, "port"))
		return mem_format("%d", port);
	if (is_named(row, "url"))
		return mem_format("http://127.0.0.1:%d/", port);
	if (is_named(row, "folder"))
		return mem_format("%s/site", folder);
	if (is_named(row, "allow_http"))
		return mem_text("yes");
	if (is_named(row, "connect_timeout"))
		return mem_text("0.5");
	if (row->kind == OPTION_TEXT && !row->fallback)
		return mem_text(is_named(row, "rip") ? "127.0.0.1" : "example");
	return NULL;
}

static struct channel *make(const struct channel_type *type, const char *folder, int port)
{
	struct channel_setting settings[SETTINGS_MOST];
	struct err err = {0};
	size_t count = 0;

	for (const struct option *row = type->options; row->name; row++) {
		char *value = value_for(row, folder, port);
		if (value)
			settings[count++] = (struct channel_setting){(char *)row->name, value};
	}
	struct channel *channel = channel_create(type, settings, count, &err);
	for (size_t i = 0; i < count; i++)
		free(settings[i].value);
	if (!channel)
		fail_msg("%s: %s", type->name, err.en);
	channel->name = "far";
	channel->lane = type->lanes ? "urgent" : "all";
	channel->node = "node";
	return channel;
}

static bool has_far_side(const struct channel_type *type)
{
	return option_find(type->options, "host") || option_find(type->options, "url");
}

static void assert_no_secret(const struct channel_type *type, const char *said)
{
	if (strstr(said, SECRET_MARK) || strstr(said, CALLBACK_MARK))
		fail_msg("%s: a secret was said: %s", type->name, said);
}

static void assert_in_time(
        const struct channel_type *type, const char *what, int64_t start, int64_t most)
{
	int64_t took = when_boot() - start;

	if (took > most)
		fail_msg("%s: %s took %lld ms, want at most %lld", type->name, what,
		        (long long)took, (long long)most);
}

static bool open_in_time(struct channel *channel)
{
	struct err err = {0};
	int64_t start = when_boot();
	bool opened = channel->type->open(channel, &err);

	assert_in_time(channel->type, "open", start, OPEN_MS);
	if (!opened && (!*err.zh || !*err.en))
		fail_msg("%s: open failed and did not say why in both languages",
		        channel->type->name);
	assert_no_secret(channel->type, err.en);
	assert_no_secret(channel->type, err.zh);
	return opened;
}

/* --- the tables
 * ------------------------------------------------------------------------------------ */

static void check_row(const struct channel_type *type, const struct option *row, const char *manual)
{
	char *entry = mem_format("\\fB%s\\fR", row->name);

	if (strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(row->name))
		fail_msg("%s: setting %s is not a plain name", type->name, row->name);
	if (option_find(type->options, row->name) != row)
		fail_msg("%s: setting %s stands there twice", type->name, row->name);
	if (!row->help || !*row->help || !row->help_zh || !*row->help_zh)
		fail_msg("%s: setting %s lacks its help", type->name, row->name);
	if (!strstr(manual, entry) || !strstr(manual, row->help) || !strstr(manual, row->help_zh))
		fail_msg("%s: setting %s is not in the manual", type->name, row->name);
	if (row->offset < sizeof(struct channel) || row->offset >= type->size)
		fail_msg("%s: setting %s lies outside the instance", type->name, row->name);
	free(entry);
}

static void options_explain_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; channel_types[i]; i++) {
		const struct channel_type *type = channel_types[i];
		size_t count = 0;
		struct buf manual;
		buf_init(&manual, 0);
		option_manual(type->options, &manual);
		for (const struct option *row = type->options; row->name; row++, count++)
			check_row(type, row, manual.data);
		if (count >= SETTINGS_MOST)
			fail_msg("%s: has %zu settings, want fewer than %d", type->name, count,
			        SETTINGS_MOST);
		buf_finish(&manual);
	}
}

static void types_are_whole_and_as_the_terms_say(void **state)
{
	(void)state;
	for (size_t i = 0; channel_types[i]; i++) {
		const struct channel_type *type = channel_types[i];
		const struct channel_traits *traits = channel_traits(type->name);
		if (!type->open || !type->deliver || !type->close || type->window < 1 ||
		        type->size < sizeof(struct channel))
			fail_msg("%s: lacks what every type has", type->name);
		if (type->projection && !type->held)
			fail_msg("%s: mirrors the active set and cannot say what it holds",
			        type->name);
		if (channel_type_find(type->name) != type)
			fail_msg("%s: is not found by its name", type->name);
		if (traits &&
		        (traits->lanes != type->lanes || traits->takes_key != type->takes_key ||
		                traits->projection != type->projection ||
		                traits->recipients != type->recipients ||
		                traits->notes != (type->notes >> STATUS_NOTICE & 1) ||
		                traits->heartbeat != (type->notes >> STATUS_HEARTBEAT & 1) ||
		                traits->index != (type->notes >> STATUS_INDEX & 1)))
			fail_msg("%s: the type and terms.c differ", type->name);
	}
	assert_null(channel_type_find("no-such-type"));
}

static void settings_that_are_wrong_are_named(void **state)
{
	struct err err = {0};
	struct channel_setting unknown = {(char *)"colour", (char *)"red"};
	struct channel_setting twice[] = {
	        {(char *)"delay_ms", (char *)"1"}, {(char *)"delay_ms", (char *)"2"}};

	(void)state;
	for (size_t i = 0; channel_types[i]; i++) {
		assert_null(channel_create(channel_types[i], &unknown, 1, &err));
		assert_non_null(strstr(err.en, "colour"));
	}
	assert_null(channel_create(channel_type_find("null"), twice, 2, &err));
	assert_non_null(strstr(err.en, "twice"));
	assert_null(channel_create(channel_type_find("mqtt"), NULL, 0, &err));
	assert_non_null(strstr(err.en, "host"));
}

/* --- life
 * ------------------------------------------------------------------------------------------ */

static void closing_is_safe_at_any_time(void **state)
{
	struct dead dead = dead_make(false);

	(void)state;
	for (size_t i = 0; channel_types[i]; i++) {
		char *folder = folder_make();
		struct channel *channel = make(channel_types[i], folder, dead.port);
		channel->type->close(channel);
		open_in_time(channel);
		channel->type->close(channel);
		channel->type->close(channel);
		if (open_in_time(channel)) /* and again: the host does so after a trouble */
			channel->type->close(channel);
		channel_destroy(&channel);
		channel_destroy(&channel);
		folder_remove(&folder);
	}
	close(dead.fd);
}

/* --- a dead far side
 * ------------------------------------------------------------------------------- */

static void check_answer(const struct channel_type *type, const struct carried_answer *answer)
{
	const struct channel_receipt *receipt = &answer->receipt;

	assert_no_secret(type, receipt->proof);
	assert_no_secret(type, receipt->reason);
	assert_no_secret(type, receipt->far_id);
	if (has_far_side(type) && receipt->verdict == CHANNEL_DELIVERED)
		fail_msg("%s: a dead far side said yes: %s", type->name, receipt->proof);
	if (receipt->verdict != CHANNEL_DELIVERED && !*receipt->reason)
		fail_msg("%s: %s without a reason", type->name, verdict_text(receipt->verdict));
	if (receipt->verdict == CHANNEL_UNKNOWN && type->takes_key)
		fail_msg("%s: takes a key and is in doubt: that is DEFERRED", type->name);
}

/* Every job once as a whole, or every recipient once. */
static void check_answered(const struct channel_type *type, const struct channel_work *work,
        const struct channel_job *job)
{
	size_t whole = 0;
	size_t persons = 0;

	for (size_t i = 0; i < work->answer_count; i++) {
		if (work->answers[i].job != job)
			continue;
		check_answer(type, &work->answers[i]);
		if (work->answers[i].recipient < 0)
			whole++;
		else
			persons++;
	}
	if (!(whole == 1 && persons <= job->recipient_count) &&
	        !(whole == 0 && persons && persons == job->recipient_count))
		fail_msg("%s: job %s was answered %zu times and %zu of its %zu recipients",
		        type->name, job->id, whole, persons, job->recipient_count);
}

static void fill_jobs(const struct channel_type *type, const struct signed_bulletin *bulletin,
        struct channel_job jobs[2], const struct channel_recipient persons[PERSONS])
{
	for (int i = 0; i < 2; i++)
		jobs[i] = (struct channel_job){
		        .id = i ? "2-key" : "1-key",
		        .kind = CHANNEL_ISSUE,
		        .attempt = 1,
		        .bulletin = &bulletin->shown,
		        .text = bulletin->text,
		        .recipients = type->recipients ? persons : NULL,
		        .recipient_count = type->recipients ? PERSONS : 0,
		        .active_digest = "",
		        .deadline = when_boot() + ATTEMPT_MS,
		        .expires = bulletin->shown.view.expires,
		};
}

static void carry_to(const struct channel_type *type, const struct dead *dead)
{
	static const struct channel_recipient persons[PERSONS] = {
	        {"13800000001", "https://127.0.0.1/c/" CALLBACK_MARK}, {"13800000002", ""},
	        {"13800000003", ""}};
	char *folder = folder_make();
	struct channel *channel = make(type, folder, dead->port);
	struct channel_job jobs[2];
	struct channel_work work = {.jobs = jobs, .count = 2};
	struct signed_bulletin bulletin;

	signed_make(&bulletin, NULL, &(struct signed_wish){.kind = type->name});
	if (open_in_time(channel)) {
		int64_t start = when_boot();
		fill_jobs(type, &bulletin, jobs, persons);
		type->deliver(channel, &work);
		assert_in_time(type, "deliver", start, ATTEMPT_MS + GRACE_MS);
		if (work.next != 2)
			fail_msg("%s: took %zu of 2 jobs", type->name, work.next);
		for (int i = 0; i < 2; i++)
			check_answered(type, &work, &jobs[i]);
		if (type->tend)
			type->tend(channel, &work);
	}
	carried_finish(&work);
	channel_destroy(&channel);
	signed_finish(&bulletin);
	folder_remove(&folder);
}

static void a_far_side_that_refuses_keeps_the_deadline(void **state)
{
	struct dead dead = dead_make(false);

	(void)state;
	for (size_t i = 0; channel_types[i]; i++)
		carry_to(channel_types[i], &dead);
	close(dead.fd);
}

static void a_far_side_that_never_answers_keeps_the_deadline(void **state)
{
	struct dead dead = dead_make(true);

	(void)state;
	for (size_t i = 0; channel_types[i]; i++)
		carry_to(channel_types[i], &dead);
	close(dead.fd);
}

/* --- notes
 * ------------------------------------------------------------------------------------------ */

static struct channel_job note_job(enum status_form form)
{
	return (struct channel_job){.id = "n",
	        .kind = CHANNEL_NOTE,
	        .attempt = 1,
	        .note = form,
	        .form = "tocsin-status 1\n",
	        .signature = "x",
	        .text = "警钟待办",
	        .active_digest = "",
	        .deadline = when_boot() + ATTEMPT_MS};
}

/* A form this type does not carry is refused for good, and nothing is asked of the far side. */
static void refuses_note(struct channel *channel, enum status_form form)
{
	struct channel_job job = note_job(form);
	struct channel_work work = {0};
	const struct channel_receipt *receipt = carried_deliver(channel, &work, &job);

	if (receipt->verdict != CHANNEL_REJECTED || !*receipt->reason)
		fail_msg("%s: does not carry the form %s and says %s", channel->type->name,
		        status_form_text(form), verdict_text(receipt->verdict));
	carried_finish(&work);
}

static void notes_it_does_not_carry_are_refused(void **state)
{
	struct dead dead = dead_make(false);

	(void)state;
	for (size_t i = 0; channel_types[i]; i++) {
		char *folder = folder_make();
		struct channel *channel = make(channel_types[i], folder, dead.port);
		if (open_in_time(channel))
			for (int form = 0; form < STATUS_FORM_COUNT; form++)
				if (!(channel_types[i]->notes >> form & 1))
					refuses_note(channel, (enum status_form)form);
		channel->type->close(channel);
		channel_destroy(&channel);
		folder_remove(&folder);
	}
	close(dead.fd);
}

/* With the far side silent a notice fares as a bulletin does. */
static void carry_notice_to(const struct channel_type *type, const struct dead *dead)
{
	static const struct channel_recipient person = {"13800000001", ""};
	char *folder = folder_make();
	struct channel *channel = make(type, folder, dead->port);
	struct channel_job job = note_job(STATUS_NOTICE);
	struct channel_work work = {.jobs = &job, .count = 1};

	job.recipients = type->recipients ? &person : NULL;
	job.recipient_count = type->recipients ? 1 : 0;
	if (open_in_time(channel)) {
		int64_t start = when_boot();
		type->deliver(channel, &work);
		assert_in_time(type, "deliver", start, ATTEMPT_MS + GRACE_MS);
		check_answered(type, &work, &job);
	}
	carried_finish(&work);
	channel->type->close(channel);
	channel_destroy(&channel);
	folder_remove(&folder);
}

static void notices_keep_the_deadline(void **state)
{
	struct dead silent = dead_make(true);

	(void)state;
	for (size_t i = 0; channel_types[i]; i++)
		if (channel_types[i]->notes >> STATUS_NOTICE & 1 &&
		        channel_traits(channel_types[i]->name))
			carry_notice_to(channel_types[i], &silent);
	close(silent.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(options_explain_themselves),
	        cmocka_unit_test(types_are_whole_and_as_the_terms_say),
	        cmocka_unit_test(settings_that_are_wrong_are_named),
	        cmocka_unit_test(closing_is_safe_at_any_time),
	        cmocka_unit_test(a_far_side_that_refuses_keeps_the_deadline),
	        cmocka_unit_test(a_far_side_that_never_answers_keeps_the_deadline),
	        cmocka_unit_test(notes_it_does_not_carry_are_refused),
	        cmocka_unit_test(notices_keep_the_deadline),
	};

	return cmocka_run_group_tests_name("channel_contract", tests, NULL, NULL);
}
