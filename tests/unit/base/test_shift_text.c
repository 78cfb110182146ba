/* SPDX-License-Identifier: Apache-2.0
 * Tests of shift_text: one form only, read back byte for byte or refused.
 */
#include <stdlib.h>
#include <string.h>

#include "base_fixture.h"
#include "shift_text.h"

static const char page[] = "tocsin-shift 1\n"
                           "mode live\n"
                           "unit tj-met\n"
                           "previous -\n"
                           "from met-lead\n"
                           "to met-review\n"
                           "made 2026-11-28T08:00:00+08:00\n"
                           "active b1 橙色 暴雨\n"
                           "active b2 蓝色 大风\n"
                           "waiting b3 草稿\n"
                           "sick 通道 sms：对方无应答\n"
                           "remark 夜里雨大\n";

static void reads_and_writes_the_same(void **state)
{
	struct shift_text shift;
	struct buf again;

	(void)state;
	assert_true(shift_text_read(&shift, page, strlen(page), NULL));
	assert_string_equal(shift.from, "met-lead");
	assert_string_equal(shift.previous, "");
	assert_int_equal(shift.active.count, 2);
	assert_int_equal(shift.due.count, 0);
	assert_string_equal(shift.remarks.items[0], "夜里雨大");
	buf_init(&again, 0);
	shift_text_write(&shift, &again);
	assert_string_equal(again.data, page);
	buf_finish(&again);
	shift_text_finish(&shift);
}

/* What stands there -> what is put there: every one is another text, or none. */
static void refuses_any_other_form(void **state)
{
	static const struct {
		const char *from, *to;
	} spoilt[] = {{"shift 1", "shift 2"}, {"mode live", "mode drill"},
	        {"previous -", "previous 0"}, {"to met-review\n", ""},
	        {"made 2026-11-28T08:00:00+08:00", "made 2026-11-28 08:00"},
	        {"sick 通道 sms：对方无应答\n", "sick x\nactive b9\n"},
	        {"waiting b3", "Waiting b3"}, {"remark 夜", "remark \xff"},
	        {"remark 夜里雨大\n", "remark 夜里雨大"}, {"remark 夜里雨大\n", "remark \n"},
	        {"active b1", "active\nactive b1"}};

	(void)state;
	for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
		const char *at = strstr(page, spoilt[i].from);
		assert_non_null(at);
		char *bad = mem_format("%.*s%s%s", (int)(at - page), page, spoilt[i].to,
		        at + strlen(spoilt[i].from));
		struct shift_text shift;
		struct err err = {0};
		if (shift_text_read(&shift, bad, strlen(bad), &err))
			fail_msg("\"%s\" for \"%s\": got it read, want it refused", spoilt[i].to,
			        spoilt[i].from);
		assert_int_equal(err.kind, ERR_INPUT);
		free(bad);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_and_writes_the_same),
	        cmocka_unit_test(refuses_any_other_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
