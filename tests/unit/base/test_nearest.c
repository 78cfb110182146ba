/* SPDX-License-Identifier: Apache-2.0
 * What "did you mean" suggests, and that it is silent rather than silly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nearest.h"

static const char *meant(const char *word)
{
	static const char *const known[] = {
	        "to", "of", "sms", "publish", "orange", "level", "levels"};
	struct nearest near = {.word = word};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		nearest_look(&near, known[i]);
	return near.best ? near.best : "(none)";
}

static void test_near_words(void **state)
{
	(void)state;
	assert_string_equal(meant("pubish"), "publish");
	assert_string_equal(meant("publihs"), "publish");
	assert_string_equal(meant("sns"), "sms");
	assert_string_equal(meant("if"), "of");
	assert_string_equal(meant("levle"), "level");
	assert_string_equal(meant("levelss"), "levels");
}

static void test_far_words(void **state)
{
	(void)state;
	assert_string_equal(meant(""), "(none)");
	assert_string_equal(meant("t"), "(none)");
	assert_string_equal(meant("xs"), "(none)");
	assert_string_equal(meant("weather"), "(none)");
	assert_string_equal(meant("publishpublishpublishpublishpublishpublish"), "(none)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_near_words),
	        cmocka_unit_test(test_far_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
