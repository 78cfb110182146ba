/* SPDX-License-Identifier: Apache-2.0
 * The message of the national platform, read: by itself, and by who reads CAP leniently.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_read.h"
#include "national_fixture.h"

static void reads_what_the_platform_sends(void **state)
{
	char *text = sample_read("../national/rainstorm_orange.xml");
	struct national *n = national_read_good(text);
	char sent[26];

	(void)state;
	cap_time_write(n->sent, sent);
	assert_string_equal(n->identifier, "12000041600000_20260701095500");
	assert_string_equal(n->sender, "天津市气象局");
	assert_string_equal(n->sender_code, "12000041600000");
	assert_string_equal(sent, "2026-07-01T09:50:00+08:00");
	assert_int_equal(n->msg_type, CAP_ALERT);
	assert_int_equal(n->method_count, 2);
	assert_string_equal(n->methods[0].name, "SMS");
	assert_null(n->methods[1].message);
	assert_null(n->references);
	assert_int_equal(n->info_count, 1);
	assert_int_equal(n->infos[0].level, LEVEL_ORANGE);
	assert_int_equal(n->infos[0].urgency, CAP_URGENCY_UNKNOWN);
	assert_true(n->infos[0].effective.set);
	assert_false(n->infos[0].onset.set || n->infos[0].expires.set);
	assert_string_equal(n->infos[0].areas[0].geocode, "120111000000,120118000000");
	national_destroy(&n);
	free(text);
}

/* What stands for a level, a time or a word, and what does not. */
static void reads_levels_times_and_words(void **state)
{
	static const struct {
		const char *from, *to, *rule; /* rule NULL: read without a fault */
		enum level level;
	} cases[] = {
	        {">Orange<", ">RED<", NULL, LEVEL_RED},
	        {">Orange<", ">yellow<", NULL, LEVEL_YELLOW},
	        {">Orange<", ">蓝色<", NULL, LEVEL_BLUE},
	        {">Orange<", ">红色预警<", NULL, LEVEL_RED},
	        {">Orange<", ">Ⅲ级<", NULL, LEVEL_YELLOW},
	        {">Orange<", ">IV<", NULL, LEVEL_BLUE},
	        {">Orange<", ">特别重大<", NULL, LEVEL_RED},
	        {">Orange<", ">Severe<", NULL, LEVEL_ORANGE},
	        {">Orange<", ">Unknown<", NULL, LEVEL_NONE},
	        {">Orange<", "><", NULL, LEVEL_NONE},
	        {">Orange<", ">Purple<", "schema.word", LEVEL_NONE},
	        {">Orange<", ">Redd<", "schema.word", LEVEL_NONE},
	        {"09:50:00 +08:00", "09:50:00", NULL, LEVEL_ORANGE},
	        {"2026-07-01 09:50:00 +08:00", "2026-07-01T09:50:00+08:00", NULL, LEVEL_ORANGE},
	        {"2026-07-01 09:50:00 +08:00", "2026-02-30 09:50:00+08:00", "schema.time",
	                LEVEL_ORANGE},
	        {"2026-07-01 09:50:00 +08:00", "", "schema.missing", LEVEL_ORANGE},
	        {"<onset/>", "<onset>soon</onset>", "schema.time", LEVEL_ORANGE},
	        {">Alert<", ">Alarm<", "schema.word", LEVEL_ORANGE},
	        {">Alert<", "><", "schema.word", LEVEL_ORANGE},
	        {"<scope>Public</scope>", "", "schema.missing", LEVEL_ORANGE},
	        {">12000041600000<", "> <", "schema.missing", LEVEL_ORANGE},
	        {"<status>", "<status>Test</status><status>", "schema.repeat", LEVEL_ORANGE},
	        {"<web/>", "<web><!--x-->y</web>", "xml.comment", LEVEL_ORANGE},
	};
	char *text = sample_read("../national/rainstorm_orange.xml");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_problems problems = {0};
		char *changed = text_replace(text, cases[i].from, cases[i].to);
		struct national *n = national_read_text(changed, &problems);

		assert_non_null(n);
		if (cases[i].rule ? !has_rule(&problems, cases[i].rule) : problems.errors > 0) {
			print_problems(&problems);
			fail_msg("%s -> %s", cases[i].from, cases[i].to);
		}
		if (n->infos[0].level != cases[i].level)
			fail_msg("%s is %s", cases[i].to, level_text(n->infos[0].level));
		national_destroy(&n);
		cap_problems_finish(&problems);
		free(changed);
	}
	free(text);
}

static void refuses_what_is_none(void **state)
{
	static const char *const texts[] = {"", "{}", "<alert/>",
	        "<alert><identifier>a</identifier></alert>",
	        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><senderCode/></alert>",
	        "<!DOCTYPE alert><alert><senderCode>1</senderCode></alert>",
	        "<alert><senderCode>\xff</senderCode></alert>", "<alert><senderCode>1</alert>",
	        "<alert><senderCode>&e;</senderCode></alert>",
	        "<warning><senderCode>1</senderCode></warning>"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct cap_problems problems = {0};

		assert_null(national_read_text(texts[i], &problems));
		assert_true(problems.errors > 0);
		cap_problems_finish(&problems);
	}
}

static void lenient_reading_takes_it(void **state)
{
	char *text = sample_read("../national/rainstorm_orange.xml");
	char *wrapped = mem_format("<feed>%s</feed>", strstr(text, "<alert>"));
	const char *const texts[] = {text, wrapped};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct cap_manner manner = {.lenient = true};
		struct cap_messages messages;

		assert_true(cap_read(texts[i], strlen(texts[i]), &manner, &messages));
		assert_int_equal(messages.count, 1);
		assert_true(messages.items[0].national && messages.items[0].alert);
		assert_false(messages.items[0].has_signature);
		assert_true(messages.items[0].liberties > 0);
		assert_true(has_rule(&messages.items[0].problems, "read.national"));
		assert_true(national_noted(&messages.items[0].problems, "convert.lost",
		        i ? "/feed/alert/code" : "/alert/code"));
		cap_messages_finish(&messages);
		manner.lenient = false;
		assert_false(cap_read(texts[i], strlen(texts[i]), &manner, &messages));
		cap_messages_finish(&messages);
	}
	free(wrapped);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_what_the_platform_sends),
	        cmocka_unit_test(reads_levels_times_and_words),
	        cmocka_unit_test(refuses_what_is_none),
	        cmocka_unit_test(lenient_reading_takes_it),
	};

	return cmocka_run_group_tests_name("national", tests, NULL, NULL);
}
