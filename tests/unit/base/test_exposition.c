/* SPDX-License-Identifier: Apache-2.0
 * Figures as text: heads, labels, what must be escaped, numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exposition.h"

static void test_text(void **state)
{
	struct buf out;
	(void)state;
	buf_init(&out, 0);
	exposition_head(&out, "a_total", "counter", "What it is.");
	exposition_put(&out, "a_total", 3, NULL);
	exposition_put(&out, "a_total", 1e15, "x", "say \"\\\n\"", "y", "\xe7\xba\xa2", NULL);
	exposition_put(&out, "b", 0.025, "le", "+Inf", NULL);
	assert_string_equal(out.data,
	        "# HELP a_total What it is.\n# TYPE a_total counter\n"
	        "a_total 3\n"
	        "a_total{x=\"say \\\"\\\\\\n\\\"\",y=\"\xe7\xba\xa2\"} 1e+15\n"
	        "b{le=\"+Inf\"} 0.025\n");
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
