/* SPDX-License-Identifier: Apache-2.0
 * What csv_write.h promises: RFC 4180, and no cell that a spreadsheet would take for a formula.
 */
#include "base_fixture.h"

#include "csv_write.h"

static void fields_are_written_as(void **state)
{
	static const struct {
		const char *text, *cell;
	} cases[] = {
	        {"plain", "plain"},
	        {"", "\"\""},
	        {"a,b", "\"a,b\""},
	        {"say \"so\"", "\"say \"\"so\"\"\""},
	        {"two\nlines", "\"two\nlines\""},
	        {"=1+1", "'=1+1"},
	        {"+86", "'+86"},
	        {"-1", "'-1"},
	        {"@SUM(A1)", "'@SUM(A1)"},
	        {"\tx", "'\tx"},
	        {"\rx", "\"'\rx\""},
	        {"=cmd|' /c calc'!A1,\"", "\"'=cmd|' /c calc'!A1,\"\"\""},
	        {"＝1+1", "'＝1+1"},
	        {"＋86", "'＋86"},
	        {"－1", "'－1"},
	        {"＠SUM(A1)", "'＠SUM(A1)"},
	        {"，", "，"},
	        {"a=b", "a=b"},
	        {"暴雨，橙色", "暴雨，橙色"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf out;
		buf_init(&out, 0);
		csv_field(&out, cases[i].text);
		assert_string_equal(out.data, cases[i].cell);
		buf_finish(&out);
	}
}

static void lines_have_commas_between_and_an_end(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	csv_field(&out, "");
	csv_number(&out, 1.23456);
	csv_number(&out, 600);
	csv_end(&out);
	csv_field(&out, "next");
	csv_field(&out, "");
	csv_end(&out);
	assert_string_equal(out.data, "\"\",1.235,600\r\nnext,\"\"\r\n");
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(fields_are_written_as),
	        cmocka_unit_test(lines_have_commas_between_and_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
