/* SPDX-License-Identifier: Apache-2.0
 * Bytes meant to hurt: each is refused within milliseconds of CPU, with place and cause. The big
 * ones are made here; the corpus of known evil documents is read from $TOCSIN_SHARED when it is
 * there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define OPEN "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"

enum { ALLOWED_MS = 20 };

/* CPU time of one reading. A neighbour on the same core costs caches, so the best of three counts.
 */
static double best_of_three(const char *bytes, size_t len)
{
	double best = 1e9;

	for (int i = 0; i < 3 && best > cpu_allowed(ALLOWED_MS); i++) {
		struct cap_problems problems = {0};
		double before = cpu_ms();
		struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &problems);
		double used = cpu_ms() - before;

		best = used < best ? used : best;
		cap_alert_destroy(&alert);
		cap_problems_finish(&problems);
	}
	return best;
}

/* Refused: no message, an error that says `en` (NULL: any), in time. */
static void refused(const char *what, const char *bytes, size_t len, const char *en)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &problems);
	double used = best_of_three(bytes, len);

	if (alert || problems.errors == 0)
		fail_msg("%s: was not refused", what);
	if (used > cpu_allowed(ALLOWED_MS))
		fail_msg("%s: took %.1f ms of CPU, allowed %.1f", what, used,
		        cpu_allowed(ALLOWED_MS));
	if (en && !strstr(problems.items[0].en, en))
		fail_msg("%s: want \"%s\", got \"%s\"", what, en, problems.items[0].en);
	assert_true(*problems.items[0].zh && *problems.items[0].path);
	cap_problems_finish(&problems);
}

static void refused_text(const char *what, const char *text, const char *en)
{
	refused(what, text, strlen(text), en);
}

static void document_types_are_refused(void **state)
{
	(void)state;
	static const char *const types[] = {
	        "<!DOCTYPE alert [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>",
	        "<!DOCTYPE alert [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>",
	        "<!DOCTYPE alert [<!ENTITY a SYSTEM \"http://169.254.169.254/\">]>",
	        "<!DOCTYPE alert SYSTEM \"file:///etc/passwd\">",
	        "<!DOCTYPE alert PUBLIC \"x\" \"http://127.0.0.1/x.dtd\">",
	        "<!DOCTYPE alert [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]>",
	        "<!DOCTYPE alert>",
	        "<!DOCTYPE alert [<!ATTLIST alert version CDATA \"1.2\">]>",
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		char *text =
		        mem_format(HEAD "%s" OPEN "<identifier>&a;</identifier></alert>", types[i]);

		refused_text(types[i], text, "line 2: DOCTYPE is not allowed");
		free(text);
	}
}

/* One 50 kB entity, two thousand references: a hundred million bytes for a libxml2 that was let. */
static void quadratic_growth_is_refused(void **state)
{
	(void)state;
	struct buf text;

	buf_init(&text, 0);
	buf_text(&text, HEAD "<!DOCTYPE alert [<!ENTITY a \"");
	for (size_t i = 0; i < 50000; i++)
		buf_char(&text, 'a');
	buf_text(&text, "\">]>" OPEN "<identifier>");
	for (size_t i = 0; i < 2000; i++)
		buf_text(&text, "&a;");
	buf_text(&text, "</identifier></alert>");
	refused("quadratic", text.data, text.len, "DOCTYPE is not allowed");
	buf_finish(&text);
}

static void repeat(struct buf *out, const char *format, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *mark = strchr(format, '#');

		if (!mark) {
			buf_text(out, format);
			continue;
		}
		buf_add(out, format, (size_t)(mark - format));
		buf_format(out, "%zu", i);
		buf_text(out, mark + 1);
	}
}

static void masses_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *what, *before, *each;
		size_t count;
		const char *after, *en;
	} rows[] = {
	        {"40000 attributes", "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"",
	                " a#=\"\"", 40000, "/>", "more than 16 attributes"},
	        {"20000 namespaces", "<alert", " xmlns:n#=\"urn:x\"", 20000, "/>",
	                "more than 16 attributes"},
	        {"depth", OPEN, "<info>", 100000, "", "nested more than 16 deep"},
	        {"elements", OPEN, "<a/>", 100001, "</alert>", "more than 100000 elements"},
	        {"a megabyte", OPEN "<identifier>", "0123456789", 110000, "</identifier></alert>",
	                "over the limit of 1048576"},
	        {"open tags", "", "<", 100000, "", "not well-formed"},
	        {"a long name", "<", "a", 1000000, "", "not well-formed"},
	        {"a long value", OPEN "<identifier a=\"", "a", 900000, "", "not well-formed"},
	        {"a long comment", OPEN "<!--", "a", 900000, "", "not well-formed"},
	        {"many comments", OPEN, "<!---->", 100000, "", "not well-formed"},
	        {"cdata that never ends", OPEN "<note><![CDATA[", "]", 900000, "",
	                "not well-formed"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf text;

		buf_init(&text, 0);
		buf_text(&text, rows[i].before);
		repeat(&text, rows[i].each, rows[i].count);
		buf_text(&text, rows[i].after);
		refused(rows[i].what, text.data, text.len, rows[i].en);
		buf_finish(&text);
	}
}

static void other_encodings_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *what, *bytes;
		size_t len;
		const char *en;
	} rows[] = {
	        {"an overlong slash", OPEN "\xc0\xaf</alert>", sizeof OPEN + 9,
	                "not valid UTF-8 at byte"},
	        {"a lone surrogate", OPEN "\xed\xa0\x80</alert>", sizeof OPEN + 10,
	                "not valid UTF-8"},
	        {"a zero byte", OPEN "\0</alert>", sizeof OPEN + 8, "not valid UTF-8"},
	        {"UTF-16", "\xff\xfe<\0a\0/\0>\0", 10, "not valid UTF-8 at byte 1"},
	        {"GBK bytes", HEAD OPEN "\xb1\xa9\xd3\xea</alert>", sizeof HEAD + sizeof OPEN + 10,
	                "not valid UTF-8"},
	        {"GB18030 declared", "<?xml version=\"1.0\" encoding=\"GB18030\"?>" OPEN "</alert>",
	                sizeof "<?xml version=\"1.0\" encoding=\"GB18030\"?>" OPEN "</alert>" - 1,
	                "encoding other than UTF-8"},
	        {"BOM and GB18030", "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"GB18030\"?><a/>",
	                46, "encoding other than UTF-8"},
	        {"nothing", "", 0, "no element found"},
	        {"blanks", "  \n ", 4, "no element found"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		refused(rows[i].what, rows[i].bytes, rows[i].len, rows[i].en);
}

static void other_documents_are_refused(void **state)
{
	(void)state;
	refused_text("two roots", OPEN "</alert>" OPEN "</alert>", "junk after document element");
	refused_text("Atom", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry/></feed>",
	        "its namespace is: \"http://www.w3.org/2005/Atom\"");
	refused_text("EDXL",
	        "<EDXLDistribution xmlns=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\"/>",
	        "not the alert of CAP 1.2");
	refused_text("CAP 1.1", "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.1\"/>",
	        "its namespace is: \"urn:oasis:names:tc:emergency:cap:1.1\"");
	refused_text("no namespace", "<alert/>", "not the alert of CAP 1.2");
	refused_text("an unbound prefix", "<cap:alert/>", "namespaces are not well-formed");
	refused_text("an instruction", OPEN "<?php system('x') ?></alert>",
	        "processing instructions are not allowed");
	refused_text("a reference", OPEN "<note>&xxe;</note></alert>", "undefined entity");
}

static void the_gate_lets_good_ones_pass(void **state)
{
	(void)state;
	static const char good[] = "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	                           "<?xml-stylesheet href=\"x\"?><!-- a --><a "
	                           "b=\"1\"><c>\xe6\x9a\xb4&amp;&#10;</c></a>\n";
	struct err err;

	assert_true(cap_gate(good, sizeof good - 1, CAP_LIMIT_API, &err));
	assert_false(cap_gate(good, sizeof good - 1, 20, &err));
	assert_int_equal(err.kind, ERR_TOO_BIG);
	assert_false(cap_gate(good, 30, CAP_LIMIT_API, &err));
	assert_int_equal(err.kind, ERR_INPUT);
}

static void refuse_file(const char *folder, const char *name)
{
	char *path = mem_format("%s/%s", folder, name);
	size_t len;
	char *bytes = file_read(path, &len);

	assert_non_null(bytes);
	refused(path, bytes, len, NULL);
	free(bytes);
	free(path);
}

static void known_evil_is_refused(void **state)
{
	(void)state;
	static const char *const folders[] = {"corpus/evil/defusedxml",
	        "corpus/evil/lib-google-caplib", "corpus/evil/xmldsig-xml-crypto"};
	size_t count = 0;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char *path = shared_path(folders[i]);
		DIR *folder = path ? opendir(path) : NULL;
		struct dirent *entry;

		while (folder && (entry = readdir(folder)) != NULL) {
			if (entry->d_name[0] == '.')
				continue;
			refuse_file(path, entry->d_name);
			count++;
		}
		if (folder)
			closedir(folder);
		free(path);
	}
	if (count == 0) {
		print_message("SKIPPED: no corpus/evil below $TOCSIN_SHARED\n");
		skip();
	}
	print_message("%zu documents refused\n", count);
}

/* Each line as a document, and as the beginning of a good one. */
static void known_payloads_are_refused(void **state)
{
	(void)state;
	char *path = shared_path("corpus/evil/xxe-payload-list.txt");
	size_t len;
	char *bytes = path ? file_read(path, &len) : NULL;

	free(path);
	if (!bytes) {
		print_message(
		        "SKIPPED: no corpus/evil/xxe-payload-list.txt below $TOCSIN_SHARED\n");
		skip();
	}
	for (char *line = bytes, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		char *text = mem_format("%.*s" OPEN "</alert>", (int)(end - line), line);

		refused("a payload", line, (size_t)(end - line), NULL);
		if (strstr(text, "<!DOCTYPE"))
			refused("a payload before an alert", text, strlen(text), NULL);
		free(text);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(document_types_are_refused),
	        cmocka_unit_test(quadratic_growth_is_refused),
	        cmocka_unit_test(masses_are_refused),
	        cmocka_unit_test(other_encodings_are_refused),
	        cmocka_unit_test(other_documents_are_refused),
	        cmocka_unit_test(the_gate_lets_good_ones_pass),
	        cmocka_unit_test(known_evil_is_refused),
	        cmocka_unit_test(known_payloads_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
