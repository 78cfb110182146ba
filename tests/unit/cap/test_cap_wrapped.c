/* SPDX-License-Identifier: Apache-2.0
 * Messages inside other documents, and messages of older versions: what is found, as what it is
 * read, and that it stands alone afterwards.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "cap_read.h"
#include "cap_sign.h"
#include "sign_fixture.h"

static const struct cap_manner strict = {0};
static const struct cap_manner lenient = {.lenient = true};

static bool read_text(const char *text, const struct cap_manner *manner, struct cap_messages *out)
{
	return cap_read(text, strlen(text), manner, out);
}

/* Each of tests/data/cap/wrapped: the messages in it are STORM-1, STORM-2, ... */
static const struct {
	const char *file;
	size_t count;
	const char *places[2];
	size_t lines[2];
} wrapped[] = {
        {"wrapped/atom.xml", 2, {"/feed/entry/content", "/feed/entry/content"}, {11, 17}},
        {"wrapped/rss.xml", 2, {"/rss/channel/item/description", "/rss/channel/item"}, {9, 13}},
        {"wrapped/edxl.xml", 2,
                {"/EDXLDistribution/contentObject/xmlContent/embeddedXMLContent",
                        "/EDXLDistribution/contentObject/nonXMLContent/contentData"},
                {12, 19}},
        {"wrapped/ipaws.xml", 2, {"/alerts", "/alerts"}, {3, 4}},
        {"wrapped/soap.xml", 1, {"/Envelope/Body/getMessageResponse/return", NULL}, {6, 0}},
};

static void look_at(
        const struct cap_message *message, size_t number, const char *place, size_t line)
{
	char *name = mem_format("STORM-%zu", number);
	char *where = mem_format("%s/alert (line %zu)", place, line);
	struct cap_problems problems = {0};

	assert_non_null(message->alert);
	assert_int_equal(message->problems.errors, 0);
	assert_string_equal(message->alert->identifier, name);
	assert_string_equal(message->place, place);
	assert_string_equal(message->problems.items[0].rule, "read.wrapper");
	assert_string_equal(message->problems.items[0].path, where);
	if (message->version == CAP_VERSION_12) {
		struct cap_alert *alone = cap_parse(
		        message->document, message->document_len, CAP_LIMIT_API, &problems);

		assert_int_equal(message->liberties, 0);
		assert_int_equal(problems.errors, 0);
		assert_true(alerts_same(alone, message->alert));
		cap_alert_destroy(&alone);
	}
	cap_problems_finish(&problems);
	free(where);
	free(name);
}

static void messages_are_taken_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
		struct cap_messages messages;
		char *text = sample_read(wrapped[i].file);

		assert_false(read_text(text, &strict, &messages));
		assert_int_equal(messages.count, 0);
		assert_int_equal(messages.problems.errors, 1);
		cap_messages_finish(&messages);
		assert_true(read_text(text, &lenient, &messages));
		assert_int_equal(messages.count, wrapped[i].count);
		for (size_t k = 0; k < messages.count; k++)
			look_at(&messages.items[k], k + 1, wrapped[i].places[k],
			        wrapped[i].lines[k]);
		cap_messages_finish(&messages);
		free(text);
	}
}

static void only_what_is_needed_is_declared(void **state)
{
	(void)state;
	struct cap_messages messages;
	char *text = sample_read("wrapped/soap.xml");

	assert_true(read_text(text, &lenient, &messages));
	assert_int_equal(strncmp(messages.items[0].document,
	                         "<q:alert xmlns=\"urn:service\" "
	                         "xmlns:q=\"urn:oasis:names:tc:emergency:cap:1.2\"><q:identifier>",
	                         80),
	        0);
	cap_messages_finish(&messages);
	free(text);
}

static void a_list_of_links_holds_none(void **state)
{
	(void)state;
	struct cap_messages messages;
	char *text = sample_read("wrapped/links.xml");

	assert_false(read_text(text, &lenient, &messages));
	assert_int_equal(messages.count, 0);
	assert_non_null(strstr(messages.problems.items[0].en, "no CAP message inside"));
	cap_messages_finish(&messages);
	free(text);
}

/* One that is bad leaves the other be. */
static void the_good_one_is_kept(void **state)
{
	(void)state;
	struct cap_messages messages;
	char *sample = sample_read("wrapped/ipaws.xml");
	char *text = text_replace(sample, "<severity>Moderate</severity>", "");

	assert_true(read_text(text, &lenient, &messages));
	assert_int_equal(messages.count, 2);
	assert_true(messages.items[0].problems.errors > 0);
	assert_int_equal(strncmp(messages.items[0].problems.items[1].path, "/alerts/alert/info[1]",
	                         strlen("/alerts/alert/info[1]")),
	        0);
	assert_int_equal(messages.items[1].problems.errors, 0);
	cap_messages_finish(&messages);
	free(text);
	free(sample);
}

/* What was signed before it was wrapped still is. */
static void signatures_live_through_it(void **state)
{
	struct sign_place *place = *state;
	struct cap_problems problems = {0};
	struct cap_messages messages;
	struct cap_alert *alert =
	        cap_parse(sign_sample, strlen(sign_sample), CAP_LIMIT_API, &problems);
	struct buf out;
	struct err err = {0};

	buf_init(&out, 0);
	assert_true(cap_sign(alert, place->key, NULL, &out, &err));
	const char *bare = strstr(out.data, "<alert");
	char *text = mem_format("<?xml version=\"1.0\"?><a:feed xmlns:a=\"urn:a\" xmlns=\"urn:b\">"
	                        "<a:content>\n%s\n</a:content></a:feed>",
	        bare);

	assert_true(read_text(text, &lenient, &messages));
	assert_int_equal(messages.count, 1);
	assert_true(messages.items[0].has_signature);
	/* Our own profile wants our head and tail again, and not a byte else. */
	char *whole = mem_format(
	        "%.*s%s\n", (int)(bare - out.data), out.data, messages.items[0].document);

	assert_string_equal(whole, out.data);
	assert_int_equal(
	        cap_verify(whole, strlen(whole), place->key, NULL, &err), CAP_SIGNATURE_GOOD);
	free(whole);
	cap_messages_finish(&messages);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	buf_finish(&out);
	free(text);
}

static void cap_10_is_read(void **state)
{
	(void)state;
	struct cap_messages messages;
	char *text = sample_read("flood_10.xml");

	assert_true(read_text(text, &strict, &messages));
	const struct cap_message *message = &messages.items[0];
	const struct cap_info *info = &message->alert->infos[0];

	assert_int_equal(message->problems.errors, 0);
	assert_int_equal(message->version, CAP_VERSION_10);
	assert_int_equal(message->alert->scope, CAP_PUBLIC);
	assert_int_equal(info->certainty, CAP_LIKELY);
	assert_int_equal(info->category_count, 1);
	assert_int_equal(info->categories[0], CAP_OTHER);
	assert_string_equal(cap_pairs_find(&info->event_codes, "SAME"), "FLW");
	assert_string_equal(cap_pairs_find(&info->parameters, "GAUGE"), "7.2 m");
	assert_string_equal(cap_pairs_find(&info->parameters, ""), "no equals sign");
	assert_string_equal(cap_pairs_find(&info->areas[0].geocodes, "FIPS6"), "006017");
	assert_string_equal(info->resources[0].mime_type, "application/octet-stream");
	cap_messages_finish(&messages);
	free(text);
}

/* By the schema of its own version: what another has is an error. */
static void versions_keep_to_their_schemas(void **state)
{
	(void)state;
	static const struct {
		const char *file, *from, *to, *rule;
	} rows[] = {
	        {"flood_10.xml", "<certainty>Very Likely", "<certainty>Observed", "schema.word"},
	        {"flood_10.xml", "<status>Actual", "<status>Draft", "schema.word"},
	        {"flood_10.xml", "<event>Flood", "<category>CBRNE</category><event>Flood",
	                "schema.word"},
	        {"flood_10.xml", "<urgency>", "<responseType>Monitor</responseType><urgency>",
	                "schema.unknown"},
	        {"flood_10.xml", "SAME=FLW", "<valueName>SAME</valueName><value>FLW</value>",
	                "schema.unknown"},
	        {"flood_10.xml", "<expires>2004-06-11T18:00:00-07:00", "<expires>2004-06-11",
	                "schema.time"},
	        {"quake_11.xml", "<responseType>Monitor", "<responseType>Avoid", "schema.word"},
	        {"quake_11.xml", "<category>Geo</category>", "", "schema.missing"},
	        {"quake_11.xml", "<scope>Public</scope>", "", "schema.missing"},
	        {"quake_11.xml", "<certainty>Observed", "<certainty>Very Likely", "schema.word"},
	        {"quake_11.xml", "<msgType>Update</msgType>",
	                "<msgType>Update</msgType><password>x</password>", "schema.unknown"},
	        {"quake_11.xml", "<sent>2009-11-04T03:22:10.125Z", "<sent>2009-11-04T03:22:10",
	                "schema.time"},
	        {"quake_11.xml", "</alert>",
	                "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></alert>",
	                "schema.unknown"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cap_messages messages;
		char *sample = sample_read(rows[i].file);
		char *text = text_replace(sample, rows[i].from, rows[i].to);

		assert_true(read_text(text, &strict, &messages));
		if (!has_rule(&messages.items[0].problems, rows[i].rule)) {
			print_problems(&messages.items[0].problems);
			fail_msg("%s: want %s", rows[i].to, rows[i].rule);
		}
		cap_messages_finish(&messages);
		free(text);
		free(sample);
	}
}

/* What is written of an old message is one of CAP 1.2. */
static void old_messages_are_written_new(void **state)
{
	(void)state;
	static const char *const files[] = {"flood_10.xml", "quake_11.xml"};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct cap_problems problems = {0};
		struct cap_messages messages;
		struct buf out;
		char *text = sample_read(files[i]);

		assert_true(read_text(text, &strict, &messages));
		buf_init(&out, 0);
		cap_write(messages.items[0].alert, &out);
		struct cap_alert *back = cap_parse(out.data, out.len, CAP_LIMIT_API, &problems);

		assert_int_equal(problems.errors, 0);
		assert_true(alerts_same(back, messages.items[0].alert));
		cap_alert_destroy(&back);
		cap_problems_finish(&problems);
		cap_messages_finish(&messages);
		buf_finish(&out);
		free(text);
	}
}

static int setup(void **state)
{
	static struct sign_place place;
	struct err err;

	sign_place_init(&place);
	*state = &place;
	return cap_sign_setup(&err) ? 0 : -1;
}

static int teardown(void **state)
{
	sign_place_finish(*state);
	cap_sign_shutdown();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(messages_are_taken_out),
	        cmocka_unit_test(only_what_is_needed_is_declared),
	        cmocka_unit_test(a_list_of_links_holds_none),
	        cmocka_unit_test(the_good_one_is_kept),
	        cmocka_unit_test(signatures_live_through_it),
	        cmocka_unit_test(cap_10_is_read),
	        cmocka_unit_test(versions_keep_to_their_schemas),
	        cmocka_unit_test(old_messages_are_written_new),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
