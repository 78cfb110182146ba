/* SPDX-License-Identifier: Apache-2.0
 * Random messages of the national platform: what is written is read as it was, and what is lost on
 * the way through CAP is named.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "national_fixture.h"

/* Bytes and back: the same, but for the person. */
static void what_is_written_is_read(void **state)
{
	struct dice dice = {7};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct national *n = national_some(&dice);
		char *first = national_written(n);
		struct national *back = national_read_good(first);
		char *second = national_written(back);

		assert_string_equal(first, second);
		assert_null(strstr(first, "签发员"));
		assert_null(back->infos[0].sender_name);
		national_destroy(&n);
		national_destroy(&back);
		free(first);
		free(second);
	}
}

struct compared {
	const struct cap_problems *problems;
	int number;
};

/* A field that comes back otherwise was named: by its own path, or that of what it stands in. */
static void same_or_named(
        const struct compared *c, const char *element, bool same, const char *path)
{
	if (same)
		return;
	for (size_t i = 0; i < c->problems->count; i++)
		if (strncmp(c->problems->items[i].path, path, strlen(path)) == 0)
			return;
	print_problems(c->problems);
	fail_msg("message %d: %s came back otherwise, and nobody said so", c->number, element);
}

static void compare_info(
        const struct compared *c, const struct national_info *a, const struct national_info *b)
{
	same_or_named(c, "language", same_text(a->language ? a->language : "zh-CN", b->language),
	        "/alert/info[1]/language");
	same_or_named(
	        c, "eventType", same_text(a->event_type, b->event_type), "/alert/info[1]/event");
	same_or_named(c, "urgency", a->urgency == b->urgency, "/alert/info[1]/urgency");
	same_or_named(c, "certainty", a->certainty == b->certainty, "/alert/info[1]/certainty");
	same_or_named(c, "severity", a->level == b->level, "/alert/info[1]/severity");
	same_or_named(c, "times",
	        a->effective.ms == b->effective.ms && a->onset.ms == b->onset.ms &&
	                a->expires.ms == b->expires.ms,
	        "nowhere");
	same_or_named(c, "senderName", !a->sender_name, "/alert/info[1]/senderName");
	same_or_named(c, "headline", same_text(a->headline, b->headline), "nowhere");
	same_or_named(c, "description", same_text(a->description, b->description), "nowhere");
	same_or_named(c, "instruction", same_text(a->instruction, b->instruction), "nowhere");
	same_or_named(c, "web", same_text(a->web, b->web), "/alert/info[1]/web");
}

static void compare(const struct compared *c, const struct national *a, const struct national *b)
{
	same_or_named(c, "identifier", same_text(a->identifier, b->identifier), "nowhere");
	same_or_named(c, "sender", same_text(a->sender, b->sender), "nowhere");
	same_or_named(c, "senderCode", same_text(a->sender_code, b->sender_code), "nowhere");
	same_or_named(c, "sendTime", a->sent.ms == b->sent.ms, "nowhere");
	same_or_named(c, "words", a->status == b->status && a->msg_type == b->msg_type, "nowhere");
	same_or_named(c, "code", a->method_count == b->method_count, "/alert/code");
	same_or_named(c, "note", same_text(a->note, b->note), "nowhere");
	same_or_named(
	        c, "references", same_text(a->references, b->references), "/alert/references");
	same_or_named(c, "scope", a->scope == b->scope, "/alert/s");
	same_or_named(c, "secClassification",
	        same_text(a->sec_classification ? a->sec_classification : "None",
	                b->sec_classification),
	        "/alert/secClassification");
	compare_info(c, &a->infos[0], &b->infos[0]);
}

/* By way of CAP and back. Nothing that is not for the public becomes public on the way. */
static void what_is_lost_on_the_way_is_named(void **state)
{
	struct dice dice = {11};

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct cap_problems problems = {0};
		struct national *n = national_some(&dice);
		struct cap_alert *alert = national_to_cap(n, NULL, &problems);
		struct national *back = national_from_cap(alert, NULL, &problems);
		struct compared c = {&problems, i};

		compare(&c, n, back);
		bool open = n->scope == CAP_PUBLIC &&
		            (!n->sec_classification || same_text(n->sec_classification, "None"));
		assert_int_equal(alert->scope == CAP_PUBLIC, open);
		for (size_t k = 0; k < problems.count; k++)
			assert_true(!strstr(problems.items[k].zh, "签发员") &&
			            !strstr(problems.items[k].en, "13000000000"));
		national_destroy(&n);
		national_destroy(&back);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_written_is_read),
	        cmocka_unit_test(what_is_lost_on_the_way_is_named),
	};

	return cmocka_run_group_tests_name("national, random", tests, NULL, NULL);
}
