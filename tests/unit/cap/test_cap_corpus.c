/* SPDX-License-Identifier: Apache-2.0
 * Real messages: what we call a fault of the schema is what an XSD validator called one (the column
 * xsd_valid of the corpus's list), and what was read comes back from what is written. Needs
 * $TOCSIN_SHARED; exits 77 without.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"

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

static void write_and_read(const struct row *row, const char *bytes, size_t len)
{
	struct cap_problems problems = {0};
	struct cap_problems later = {0};
	struct buf first, second;
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_FEED, &problems);

	if (alert && !has_schema_error(&problems)) {
		buf_init(&first, 0);
		buf_init(&second, 0);
		cap_write(alert, &first);
		struct cap_alert *back = cap_parse(first.data, first.len, CAP_LIMIT_FEED, &later);

		if (!back || !alerts_same(alert, back) || has_schema_error(&later)) {
			print_problems(&later);
			fail_msg("%s does not come back", row->columns[COLUMN_FILE]);
		}
		cap_write(back, &second);
		assert_int_equal(first.len, second.len);
		assert_memory_equal(first.data, second.data, first.len);
		cap_check(back, &later);
		cap_alert_destroy(&back);
		buf_finish(&first);
		buf_finish(&second);
	}
	cap_problems_finish(&problems);
	cap_problems_finish(&later);
	cap_alert_destroy(&alert);
}

static void messages_come_back(void **state)
{
	(void)state;
	assert_true(each_message(write_and_read) > 100);
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
