/* SPDX-License-Identifier: Apache-2.0
 * test_cap_feed - what an entry of Atom or RSS leads to: by its links, its id, or the message it
 * carries; and that nothing is chosen where two may be it. The feeds of the corpus are read too,
 * where it is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "cap_feed.h"
#include "cap_fixture.h"

static const struct cap_manner lenient = {.lenient = true};

static enum cap_feed_kind read_text(const char *text, struct cap_feed *out)
{
	struct err err;

	return cap_feed_read(text, strlen(text), &lenient, out, &err);
}

static void expect_link(const char *inside, const char *want)
{
	char *text = mem_format("<feed xmlns='http://www.w3.org/2005/Atom' "
	                        "xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2' "
	                        "xmlns:x='urn:x'><link href='https://f.example/'/>"
	                        "<entry>%s</entry></feed>",
	        inside);
	struct cap_feed feed;

	assert_int_equal(read_text(text, &feed), CAP_FEED_LIST);
	assert_int_equal(feed.count, 1);
	if (strcmp(feed.items[0].link, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", inside, feed.items[0].link, want);
	assert_null(feed.items[0].document);
	cap_feed_finish(&feed);
	free(text);
}

#define CAP_TYPE "type='application/cap+xml'"

static void links_of_atom(void **state)
{
	(void)state;
	expect_link("<id>urn:a</id><link href=' /a.xml'/>", "/a.xml");
	expect_link("<id>urn:a</id><link rel='alternate' href='a&amp;b'/>", "a&b");
	/* CAP's type is surer than anything else. */
	expect_link("<link href='/page'/><link rel='related' " CAP_TYPE " href='/cap'/>", "/cap");
	expect_link("<link href='/a'/><link " CAP_TYPE " href='/b'/><link href='/c'/>", "/b");
	expect_link("<link type='application/cap+xml; charset=utf-8' href='/b'/>", "/b");
	expect_link("<link type='application/common-alerting-protocol+xml' href='/b'/>", "/b");
	expect_link("<content " CAP_TYPE " src='/b'/><link href='/a'/>", "/b");
	/* What is no message. */
	expect_link("<link rel='self' href='/s'/><link rel='enclosure' href='/e'/>"
	            "<link type='text/html' href='/p'/><link type='image/png' href='/i'/>"
	            "<link href='/a'/>",
	        "/a");
	expect_link("<content type='image/png' src='/b'/>", "");
	expect_link("<x:link href='/x'/><cap:link " CAP_TYPE " href='/y'/>", "");
	/* The same twice is one; two are none. */
	expect_link("<link href='/a'/><link href='/a'/>", "/a");
	expect_link("<id>https://f.example/i</id><link href='/a'/><link href='/b'/>", "");
	expect_link("<link " CAP_TYPE " href='/a'/><link " CAP_TYPE " href='/b'/>", "");
}

static void an_id_that_is_an_address(void **state)
{
	(void)state;
	expect_link("<id> https://f.example/1.xml\n</id>", "https://f.example/1.xml");
	expect_link("<id>HTTP://f.example/1</id><link type='text/html' href='/p'/>",
	        "HTTP://f.example/1");
	expect_link("<id>urn:oid:1.2.3</id>", "");
	expect_link("<id>ftp://f.example/1</id>", "");
	expect_link("<cap:id>https://f.example/1</cap:id>", "");
}

static void rss(void **state)
{
	struct cap_feed feed;

	(void)state;
	assert_int_equal(read_text("<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
	                           "<channel><link>https://f.example/</link>"
	                           "<atom:link rel='self' href='/rss'/>"
	                           "<item><guid isPermaLink='false'>n-1</guid>"
	                           "<pubDate>Thu, 1 Jan 2026 00:00:00 GMT</pubDate>"
	                           "<link> https://f.example/1.xml </link></item>"
	                           "<item><guid>https://f.example/2.xml</guid></item>"
	                           "<item><link>/page</link><enclosure url='/3.xml' length='1' "
	                           "type='application/cap+xml'/></item>"
	                           "<item><title>none</title></item></channel></rss>",
	                         &feed),
	        CAP_FEED_LIST);
	assert_int_equal(feed.count, 4);
	assert_string_equal(feed.items[0].id, "n-1");
	assert_string_equal(feed.items[0].updated, "Thu, 1 Jan 2026 00:00:00 GMT");
	assert_string_equal(feed.items[0].link, "https://f.example/1.xml");
	assert_string_equal(feed.items[1].link, "https://f.example/2.xml");
	assert_string_equal(feed.items[2].link, "/3.xml");
	assert_string_equal(feed.items[3].link, "");
	cap_feed_finish(&feed);
	assert_int_equal(read_text("<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	                           "xmlns='http://purl.org/rss/1.0/'><channel/>"
	                           "<item><link>https://f.example/1</link></item></r:RDF>",
	                         &feed),
	        CAP_FEED_LIST);
	assert_int_equal(feed.count, 1);
	assert_string_equal(feed.items[0].link, "https://f.example/1");
	cap_feed_finish(&feed);
}

/* As element, as escaped text; a message inside needs no link, and cap: elements beside it are
 * none. */
static void messages_inside(void **state)
{
	static const char *const files[] = {"wrapped/atom.xml", "wrapped/rss.xml"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *text = sample_read(files[i]);
		struct cap_messages messages;
		struct cap_feed feed;
		size_t found = 0;

		assert_int_equal(read_text(text, &feed), CAP_FEED_LIST);
		assert_true(cap_read(text, strlen(text), &lenient, &messages));
		for (size_t k = 0; k < feed.count; k++) {
			if (!feed.items[k].document)
				continue;
			assert_true(found < messages.count);
			assert_string_equal(feed.items[k].document, messages.items[found].document);
			assert_int_equal(feed.items[k].len, messages.items[found++].document_len);
		}
		assert_int_equal(found, messages.count);
		cap_messages_finish(&messages);
		cap_feed_finish(&feed);
		free(text);
	}
	expect_link("<id>urn:1</id><cap:identifier>x</cap:identifier><link href='/a'/>", "/a");
}

static void what_is_no_feed(void **state)
{
	struct cap_feed feed;

	(void)state;
	assert_int_equal(read_text("<alert xmlns='" CAP_SPACE_12 "'/>", &feed), CAP_FEED_OTHER);
	assert_int_equal(read_text("<html/>", &feed), CAP_FEED_OTHER);
	assert_int_equal(read_text("<feed><entry></feed>", &feed), CAP_FEED_BROKEN);
	assert_int_equal(read_text("", &feed), CAP_FEED_BROKEN);
	assert_int_equal(read_text("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>&a;</rss>", &feed),
	        CAP_FEED_BROKEN);
	assert_int_equal(read_text("<feed/>", &feed), CAP_FEED_LIST);
	assert_int_equal(feed.count, 0);
	cap_feed_finish(&feed);
}

static void no_more_than_a_thousand(void **state)
{
	struct cap_feed feed;
	struct buf text;

	(void)state;
	buf_init(&text, 0);
	buf_text(&text, "<feed>");
	for (size_t i = 0; i < CAP_MESSAGES_MAX + 1; i++)
		buf_format(&text, "<entry><link href='/%zu'/></entry>", i);
	buf_text(&text, "</feed>");
	assert_int_equal(read_text(text.data, &feed), CAP_FEED_LIST);
	assert_int_equal(feed.count, CAP_MESSAGES_MAX);
	assert_true(feed.cut);
	assert_string_equal(feed.items[CAP_MESSAGES_MAX - 1].link, "/999");
	cap_feed_finish(&feed);
	buf_finish(&text);
}

/* What the real ones lead to: entries, how many carry a message, how many say where it is; and the
 * encoding a source must be told of, where the feed's own word is not true. */
static const struct {
	const char *file;
	size_t entries, carried, linked;
	const char *encoding;
} corpus[] = {
        {"ca-eccc/cap-library__c3280ac__canada_signed.atom", 1, 1, 0, ""},
        {"ca-eccc/capparselib__7a6b9c9__pelmorex.atom", 1, 0, 1, "ISO-8859-1"},
        {"mx-smn/capparselib__99df07b__mexico.atom", 625, 0, 625, ""},
        {"oasis-examples/cap-library__8160b0b__earthquake.atom", 1, 1, 0, ""},
        {"oasis-examples/cap-library__d645b36__amber.atom", 1, 1, 0, ""},
        {"se-krisinformation/capparselib__605bea0__sweden.atom", 4, 0, 4, ""},
        {"us-nws/cap-library__ab4f9f2__weather_index.atom", 2, 0, 2, ""},
        {"us-nws/cap-library__bb71056__ny_index.rss", 2, 0, 2, ""},
        {"us-nws/cap-library__c545dce__empty_weather_index.atom", 0, 0, 0, ""},
        {"us-nws/cap__4e7a74c__nws_atom_feed_example.xml", 163, 0, 163, ""},
        {"us-nws/noaa-cap-alert__b020c69__noaaExampleSmall.xml", 1, 0, 1, ""},
        {"us-usgs/cap-library__ac9eadb__earthquake_index.atom", 1, 0, 1, ""},
};

static void feeds_of_the_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
		size_t len, carried = 0, linked = 0;
		char *name = mem_format("corpus/feeds/%s", corpus[i].file);
		char *path = shared_path(name);
		char *text = path ? file_read(path, &len) : NULL;
		struct cap_feed feed;

		free(name);
		free(path);
		if (!text) {
			print_message("SKIPPED: no %s below $TOCSIN_SHARED\n", corpus[i].file);
			continue;
		}
		struct cap_manner manner = {.lenient = true, .encoding = corpus[i].encoding};
		struct err err;

		if (*corpus[i].encoding)
			assert_int_equal(
			        cap_feed_read(text, len, &lenient, &feed, &err), CAP_FEED_BROKEN);
		enum cap_feed_kind kind = cap_feed_read(text, len, &manner, &feed, &err);

		for (size_t k = 0; k < feed.count; k++) {
			carried += feed.items[k].document != NULL;
			linked += !feed.items[k].document && *feed.items[k].link;
		}
		if (kind != CAP_FEED_LIST || feed.count != corpus[i].entries ||
		        carried != corpus[i].carried || linked != corpus[i].linked)
			fail_msg("%s: kind %d, {%zu, %zu, %zu}", corpus[i].file, kind, feed.count,
			        carried, linked);
		cap_feed_finish(&feed);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(links_of_atom),
	        cmocka_unit_test(an_id_that_is_an_address),
	        cmocka_unit_test(rss),
	        cmocka_unit_test(messages_inside),
	        cmocka_unit_test(what_is_no_feed),
	        cmocka_unit_test(no_more_than_a_thousand),
	        cmocka_unit_test(feeds_of_the_corpus),
	};

	return cmocka_run_group_tests_name("cap_feed", tests, NULL, NULL);
}
