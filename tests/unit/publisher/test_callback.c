/* SPDX-License-Identifier: Apache-2.0
 * Addresses that far sides report to: ours are read back, and nobody else can make one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "callback.h"
#include "mem.h"

static const char secret[] = "a secret of ours", foreign[] = "a secret of theirs";

static void ours_are_read(void **state)
{
	static const int64_t pairs[][2] = {{1, 0}, {12, 999}, {INT64_C(900000000000000000), 7}};
	int64_t delivery, recipient;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		char *url = callback_url("http://a", secret, pairs[i][0], pairs[i][1]);
		assert_int_equal(strncmp(url, "http://a/c/", 11), 0);
		assert_true(callback_read(url + 11, secret, &delivery, &recipient));
		assert_int_equal(delivery, pairs[i][0]);
		assert_int_equal(recipient, pairs[i][1]);
		assert_false(callback_read(url + 11, foreign, &delivery, &recipient));
		free(url);
	}
}

/* Each letter of one of ours changed, and what looks like one. */
static void others_are_not(void **state)
{
	static const char *const tokens[] = {"", "-", "1", "1-2", "1-2-", "-1-2-00", "1--00",
	        "99999999999999999999-1-00", "1-2-00000000000000000000000000000000", "1-2-%s"};
	char *url = callback_url("", secret, 12, 34);
	int64_t delivery, recipient;

	(void)state;
	for (char *at = url + 3; *at; at++) {
		char was = *at;
		*at = was == '1' ? '2' : '1';
		assert_false(callback_read(url + 3, secret, &delivery, &recipient));
		*at = was;
	}
	char *longer = mem_format("%s0", url + 3);
	assert_false(callback_read(longer, secret, &delivery, &recipient));
	free(longer);
	free(url);
	for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
		assert_false(callback_read(tokens[i], secret, &delivery, &recipient));
}

static void kinds(void **state)
{
	static const struct {
		const char *type;
		enum report_word word;
	} rows[] = {{"1", REPORT_DELIVERED}, {"2", REPORT_FAILED}, {"4", REPORT_BUFFERED},
	        {"8", REPORT_ACCEPTED}, {"16", REPORT_REJECTED}};
	static const char *const none[] = {"", "0", "3", "01", "1 ", "32", "%d", "-1"};
	enum report_word word;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(callback_word(rows[i].type, &word));
		assert_int_equal(word, rows[i].word);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(callback_word(none[i], &word));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(ours_are_read),
	        cmocka_unit_test(others_are_not),
	        cmocka_unit_test(kinds),
	};

	return cmocka_run_group_tests_name("callback", tests, NULL, NULL);
}
