/* SPDX-License-Identifier: Apache-2.0
 * Real messages: what we call a fault of the schema is what an XSD validator called one (the column
 * xsd_valid of the corpus's list), and what was read comes back from what is written, which
 * xmllint takes. Needs $TOCSIN_SHARED; exits 77 without.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cap_fixture.h"
#include "cap_read.h"
#include "sign_fixture.h"

enum {
	COLUMN_FILE = 0,
	COLUMN_KIND = 5,
	COLUMN_VALID = 7,
	COLUMN_VERSION = 9,
	COLUMNS = 10,
	NOT_HERE = 77
};

/* Files an XSD accepts and we do not, with the rule that is ours: the bytes are not UTF-8. */
static const struct {
	const char *file, *rule;
} known[] = {
        {"earthquake-iso8859-1.cap", "xml.gate"},
};

struct row {
	char *columns[COLUMNS];
};

static char *list; /* MANIFEST.tsv, for all tests of this file */

/* Cuts the line apart in place; false at a line that has too few columns. */
static bool split(char *line, struct row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		row->columns[i] = line;
		line = strchr(line, '\t');
		if (!line)
			return false;
		*line++ = '\0';
	}
	return true;
}

static bool is_cap_12(const struct row *row)
{
	return strcmp(row->columns[COLUMN_VERSION], "1.2") == 0 &&
	       (strcmp(row->columns[COLUMN_KIND], "cap") == 0 ||
	               strcmp(row->columns[COLUMN_KIND], "cap-signed") == 0);
}

static const char *known_rule(const char *file)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strstr(file, known[i].file))
			return known[i].rule;
	}
	return NULL;
}

/* Calls `look` for every CAP 1.2 message of the list with its bytes; the count is what it was
 * called. */
static size_t each_message(void (*look)(const struct row *row, const char *bytes, size_t len))
{
	char *copy = mem_text(list);
	size_t count = 0;

	for (char *line = copy, *next; line && *line; line = next) {
		struct row row;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (!split(line, &row) || !is_cap_12(&row))
			continue;
		char *name = mem_format("corpus/%s", row.columns[COLUMN_FILE]);
		char *path = shared_path(name);
		size_t len;
		char *bytes = file_read(path, &len);

		assert_non_null(bytes);
		look(&row, bytes, len);
		count++;
		free(bytes);
		free(path);
		free(name);
	}
	free(copy);
	return count;
}

static void compare_verdict(const struct row *row, const char *bytes, size_t len)
{
	const char *file = row->columns[COLUMN_FILE];
	bool valid = strcmp(row->columns[COLUMN_VALID], "yes") == 0;
	const char *rule = known_rule(file);
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_FEED, &problems);
	bool ours = !has_schema_error(&problems) && (alert || rule);

	if (ours != valid || (rule && !has_rule(&problems, rule))) {
		print_problems(&problems);
		fail_msg("%s: the schema says %s, we say %s", file, valid ? "valid" : "not valid",
		        ours ? "valid" : "not valid");
	}
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

static void verdicts_are_those_of_the_schema(void **state)
{
	(void)state;
	size_t count = each_message(compare_verdict);

	print_message("%zu messages of CAP 1.2 compared\n", count);
	assert_true(count > 100);
}

/* What messages_come_back() found, and where it writes. */
static struct {
	char folder[64];
	struct texts written;
	size_t files, messages, with_errors;
} back;

static void read_as(const char *bytes, size_t len, bool lenient, struct cap_messages *out)
{
	const struct cap_manner manner = {.lenient = lenient, .zone = lenient ? "+08:00" : NULL};

	cap_read(bytes, len, &manner, out);
}

/* Read in the same way again, it is the same message, without a fault, and gives the same bytes. */
static void come_back(const char *path, const struct cap_message *message, bool lenient)
{
	struct cap_messages again;
	struct buf first, second;

	buf_init(&first, 0);
	buf_init(&second, 0);
	cap_write(message->alert, &first);
	read_as(first.data, first.len, lenient, &again);
	const struct cap_message *read = again.count == 1 ? &again.items[0] : NULL;

	if (!read || !read->alert || read->problems.errors ||
	        !alerts_same(message->alert, read->alert) || read->certain != message->certain) {
		print_problems(read ? &read->problems : &again.problems);
		fail_msg("%s does not come back", path);
	}
	cap_write(read->alert, &second);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);

	char *name = mem_format("%s/%05zu.xml", back.folder, back.written.count);

	sign_put(name, first.data, first.len);
	texts_add(&back.written, name);
	free(name);
	cap_messages_finish(&again);
	buf_finish(&first);
	buf_finish(&second);
}

static int write_and_read(const char *path, const struct stat *about, int kind, struct FTW *at)
{
	size_t len;
	char *bytes = kind == FTW_F ? file_read(path, &len) : NULL;

	(void)about;
	(void)at;
	back.files += bytes != NULL;
	for (int lenient = 0; bytes && lenient < 2; lenient++) {
		struct cap_messages messages;

		read_as(bytes, len, lenient, &messages);
		for (size_t i = 0; i < messages.count; i++) {
			const struct cap_message *message = &messages.items[i];

			back.messages += message->alert != NULL;
			back.with_errors += message->alert && message->problems.errors;
			if (message->alert && !message->problems.errors)
				come_back(path, message, lenient);
		}
		cap_messages_finish(&messages);
	}
	free(bytes);
	return 0;
}

/* By the official schema; the failure names the first that does not fit. */
static void ask_xmllint(void)
{
	char *xsd = shared_path("corpus/schema/CAP-v1.2.xsd");
	const char **argv = mem_array(back.written.count + 6, sizeof *argv);
	const char *const words[] = {"xmllint", "--nonet", "--noout", "--schema", xsd};

	memcpy(argv, words, sizeof words);
	memcpy(argv + 5, back.written.items, back.written.count * sizeof *argv);
	bool fit = sign_run(argv);

	for (size_t i = 0; !fit && i < back.written.count; i++) {
		argv[5] = back.written.items[i];
		argv[6] = NULL;
		if (!sign_run(argv))
			fail_msg("xmllint refuses %s (kept)", back.written.items[i]);
	}
	assert_true(fit);
	free(argv);
	free(xsd);
}

/* Every message of the corpus that can be read, in any wrapper, version and encoding. */
static void messages_come_back(void **state)
{
	char *path = shared_path("corpus");

	(void)state;
	snprintf(back.folder, sizeof back.folder, "/tmp/tocsin-corpus-XXXXXX");
	assert_non_null(mkdtemp(back.folder));
	assert_int_equal(nftw(path, write_and_read, 16, FTW_PHYS), 0);
	print_message("%zu files, %zu readings: %zu came back, %zu had errors\n", back.files,
	        back.messages, back.written.count, back.with_errors);
	assert_true(back.written.count > 300);
	ask_xmllint();
	for (size_t i = 0; i < back.written.count; i++)
		unlink(back.written.items[i]);
	rmdir(back.folder);
	texts_finish(&back.written);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(verdicts_are_those_of_the_schema),
	        cmocka_unit_test(messages_come_back),
	};
	char *path = shared_path("corpus/MANIFEST.tsv");
	size_t len;

	list = path ? file_read(path, &len) : NULL;
	free(path);
	if (!list) {
		puts("SKIPPED: no corpus/MANIFEST.tsv below $TOCSIN_SHARED");
		return NOT_HERE;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(list);
	return failed;
}
