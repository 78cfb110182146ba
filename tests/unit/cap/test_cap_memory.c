/* SPDX-License-Identifier: Apache-2.0
 * No memory: the k-th request for some fails, for every k, once or from there on. Reading and
 * writing then say so, give back all they had, and end nothing. expat asks through our code.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "cap_read.h"
#include "national.h"
#include "starve.h"

struct bytes {
	char *data;
	size_t len;
};

static bool starved(const struct cap_messages *messages)
{
	bool any = messages->problems.starved;

	for (size_t i = 0; i < messages->count; i++)
		any = any || messages->items[i].problems.starved;
	return any;
}

static bool same_messages(const struct cap_messages *a, const struct cap_messages *b)
{
	bool same = a->count == b->count && a->problems.errors == b->problems.errors;

	for (size_t i = 0; same && i < a->count; i++)
		same = (a->items[i].alert != NULL) == (b->items[i].alert != NULL) &&
		       a->items[i].problems.errors == b->items[i].problems.errors &&
		       (!a->items[i].alert || alerts_same(a->items[i].alert, b->items[i].alert));
	return same;
}

/* Reads with one failure; true while there was one. */
static bool read_without(const char *what, const struct bytes *bytes,
        const struct cap_manner *manner, size_t fatal, bool forth, const struct cap_messages *truth)
{
	struct cap_messages messages;

	starve_begin(fatal, forth);
	bool good = cap_read(bytes->data, bytes->len, manner, &messages);
	bool failed = memory.asked >= memory.fatal;
	bool said = starved(&messages) && !good;

	memory.on = false;
	if (failed && !said && !same_messages(&messages, truth))
		fail_msg("%s: the %zu-th request failed and nobody said so", what, fatal);
	if (said && !messages.problems.errors)
		fail_msg("%s: the %zu-th request: no error is counted", what, fatal);
	memory.on = true;
	memory.fatal = 0;
	cap_messages_finish(&messages);
	starve_end();
	if (memory.held)
		fail_msg("%s: the %zu-th request failed and %ld blocks stayed", what, fatal,
		        memory.held);
	return failed;
}

static void starve(const char *what, const struct bytes *bytes, bool lenient)
{
	const struct cap_manner manner = {.lenient = lenient, .zone = lenient ? "+08:00" : NULL};
	struct cap_messages truth;
	size_t requests = 0;

	cap_read(bytes->data, bytes->len, &manner, &truth);
	for (int forth = 0; forth < 2; forth++) {
		size_t fatal = 1;

		while (read_without(what, bytes, &manner, fatal, forth, &truth))
			fatal++;
		requests += fatal - 1;
	}
	print_message("%s: %zu failures\n", what, requests);
	assert_true(requests > 10);
	cap_messages_finish(&truth);
}

static void reading_bears_it(void **state)
{
	(void)state;
	static const struct {
		const char *file;
		bool lenient;
	} rows[] = {
	        {"rainstorm_orange.xml", false},
	        {"rainstorm_update.xml", true},
	        {"flood_10.xml", false},
	        {"quake_11.xml", true},
	        {"wrapped/atom.xml", true},
	        {"wrapped/rss.xml", true},
	        {"wrapped/edxl.xml", true},
	        {"wrapped/soap.xml", true},
	        {"wrapped/links.xml", true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes bytes = {.data = sample_read(rows[i].file)};

		bytes.len = strlen(bytes.data);
		starve(rows[i].file, &bytes, rows[i].lenient);
		free(bytes.data);
	}
}

/* Every kind of complaint and of liberty in one message. */
static void complaining_bears_it(void **state)
{
	(void)state;
	static const char *const changes[][2] = {
	        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15 09:30:00</sent>"},
	        {"<status>Actual</status>", "<status>actual</status><status>Odd</status>"},
	        {"<language>zh-CN</language>", "<language>zh_CN</language><odd/>"},
	        {"38.70,117.30</polygon>", "</polygon><polygon>(117.3,38.7 117.8,38.7 "
	                                   "117.8,39.2)</polygon><polygon>x</polygon>"
	                                   "<circle>117.5,39 1</circle><circle>y</circle>"},
	        {"<incidents>", "<references>a,b,2026-07-15T09:30:00Z c</references><incidents>"},
	        {"<web>https://example.org/warnings/rainstorm</web>", "<web>%zz</web>"},
	};
	char *text = sample_read("rainstorm_orange.xml");

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		char *changed = text_replace(text, changes[i][0], changes[i][1]);

		free(text);
		text = changed;
	}
	struct bytes bytes = {text, strlen(text)};

	starve("complaints", &bytes, true);
	starve("complaints, strictly", &bytes, false);
	free(text);
}

/* The reading of a national message; what CAP is made of is in memory by then. */
static void reading_a_national_message_bears_it(void **state)
{
	(void)state;
	char *text = sample_read("../national/rainstorm_red_update.xml");
	bool failed = true;

	for (size_t fatal = 1; failed; fatal++) {
		struct cap_problems problems = {0};

		starve_begin(fatal, fatal % 2);
		struct national *n = national_read(text, strlen(text), CAP_LIMIT_SOURCE, &problems);

		failed = memory.asked >= memory.fatal;
		memory.on = false;
		if (failed && n && !problems.starved)
			assert_string_equal(n->identifier, "12000041600000_20260701125500");
		if (failed && !n && !problems.starved)
			fail_msg("the %zu-th request failed and nobody said so", fatal);
		assert_true(n || problems.errors > 0);
		memory.on = true;
		memory.fatal = 0;
		national_destroy(&n);
		cap_problems_finish(&problems);
		starve_end();
		if (memory.held)
			fail_msg("the %zu-th request: %ld blocks stayed", fatal, memory.held);
		assert_true(fatal > 20 || failed);
	}
	free(text);
}

static void transcoding_bears_it(void **state)
{
	(void)state;
	static const char *const encodings[] = {"UTF-16", "GB18030"};

	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		char *sample = sample_read("rainstorm_cancel.xml");
		char *head = mem_format("encoding=\"%s\"", encodings[i]);
		char *text = text_replace(sample, "encoding=\"UTF-8\"", head);
		size_t left = strlen(text);
		size_t room = 4 * left;
		struct bytes bytes = {mem_zero(room), room};
		iconv_t table = iconv_open(encodings[i], "UTF-8");
		char *from = text;
		char *to = bytes.data;

		assert_int_equal(iconv(table, &from, &left, &to, &room), 0);
		iconv_close(table);
		bytes.len -= room;
		starve(encodings[i], &bytes, false);
		free(bytes.data);
		free(text);
		free(head);
		free(sample);
	}
}

/* Our own form, as the signer and the channels read it. */
static void parsing_bears_it(void **state)
{
	(void)state;
	char *text = sample_read("rainstorm_orange.xml");
	bool failed = true;

	for (size_t fatal = 1; failed; fatal++) {
		struct cap_problems problems = {0};

		starve_begin(fatal, fatal % 2);
		struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

		failed = memory.asked >= memory.fatal;
		memory.fatal = 0;
		memory.forth = false;
		assert_true(failed ? !alert && problems.starved && problems.errors : alert != NULL);
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
		starve_end();
		assert_int_equal(memory.held, 0);
	}
	free(text);
}

static void writing_bears_it(void **state)
{
	(void)state;
	struct cap_problems problems = {0};
	char *text = sample_read("rainstorm_orange.xml");
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
	bool failed = true;
	size_t fatal = 1;

	for (; failed; fatal++) {
		struct buf out;

		starve_begin(fatal, fatal % 2);
		buf_init_mild(&out, 0);
		cap_write(alert, &out);
		failed = memory.asked >= memory.fatal;
		assert_true(out.starved == failed && out.full == failed);
		assert_true(failed || strcmp(out.data, text) == 0);
		memory.fatal = 0;
		memory.forth = false;
		buf_finish(&out);
		starve_end();
		assert_int_equal(memory.held, 0);
	}
	assert_true(fatal > 4);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reading_bears_it),
	        cmocka_unit_test(complaining_bears_it),
	        cmocka_unit_test(reading_a_national_message_bears_it),
	        cmocka_unit_test(transcoding_bears_it),
	        cmocka_unit_test(parsing_bears_it),
	        cmocka_unit_test(writing_bears_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
