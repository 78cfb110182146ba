/* SPDX-License-Identifier: Apache-2.0
 * What phone.h calls a telephone number.
 */
#include "base_fixture.h"

#include "phone.h"

static void what_can_be_called(void **state)
{
	static const char *const good[] = {
	        "12379", "13800138000", "+8613800138000", "01234567890123456789", "+0123"};
	static const char *const bad[] = {"", "+", "1237", "+123", "++86138", "138 0013",
	        "138-0013", "138\n0013", "12a45", "012345678901234567890", "１２３７９"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!phone_shaped(good[i]))
			fail_msg("\"%s\" is a number", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (phone_shaped(bad[i]))
			fail_msg("\"%s\" is no number", bad[i]);
	assert_false(phone_shaped(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_can_be_called),
	};

	return cmocka_run_group_tests_name("phone", tests, NULL, NULL);
}
