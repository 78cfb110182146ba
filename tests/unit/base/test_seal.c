/* SPDX-License-Identifier: Apache-2.0
 * What seal.h promises: only the same secret and the same matter open it, and no changed byte does.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "seal.h"

static void opens_with_the_same_secret_only(void **state)
{
	char *sealed = seal_close("secret", "met-1", "twenty bytes of them", 20);
	char *again = seal_close("secret", "met-1", "twenty bytes of them", 20);
	size_t len = 0;

	(void)state;
	assert_string_not_equal(sealed, again);
	unsigned char *open = seal_open("secret", "met-1", sealed, &len);
	assert_int_equal(len, 20);
	assert_string_equal((char *)open, "twenty bytes of them");
	assert_null(seal_open("Secret", "met-1", sealed, &len));
	assert_null(seal_open("secret", "met-2", sealed, &len));
	assert_null(seal_open("secret", "met-1", "", &len));
	assert_null(seal_open("secret", "met-1", "not base64!", &len));
	assert_null(seal_open("secret", "met-1", "YWJj", &len));
	free(open);
	free(sealed);
	free(again);
}

static void no_byte_may_change(void **state)
{
	char *sealed = seal_close("secret", "met-1", "abc", 3);
	size_t len = 0;
	unsigned char *bytes = base64_bytes(sealed, &len);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		size_t opened = 0;
		bytes[i] ^= 1;
		char *changed = base64_text(bytes, len);
		assert_null(seal_open("secret", "met-1", changed, &opened));
		free(changed);
		bytes[i] ^= 1;
	}
	free(bytes);
	free(sealed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(opens_with_the_same_secret_only),
	        cmocka_unit_test(no_byte_may_change),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
