/* SPDX-License-Identifier: Apache-2.0
 * What change_text.h promises: one change, one text, one digest; whatever is not exactly that text
 * is refused.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "change_text.h"
#include "mem.h"

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define GOOD                                                                                       \
	"tocsin-change 1\nid c-1f2e\nkind policy\nmode live\nfollows " A64 "\nbody " B64 "\n"

static void reads_what_it_writes(void **state)
{
	struct change_text text;
	struct err err = {0};
	struct buf again;
	char got[DIGEST_HEX], want[DIGEST_HEX];

	(void)state;
	assert_true(change_text_read(&text, GOOD, strlen(GOOD), &err));
	assert_string_equal(text.id, "c-1f2e");
	assert_string_equal(text.kind, "policy");
	assert_int_equal(text.mode, MODE_LIVE);
	assert_string_equal(text.follows, A64);
	assert_string_equal(text.body, B64);
	buf_init(&again, 0);
	change_text_write(&text, &again);
	assert_string_equal(again.data, GOOD);
	change_text_digest(&text, got);
	digest_sha256(GOOD, strlen(GOOD), want);
	assert_string_equal(got, want);
	buf_finish(&again);
	change_text_finish(&text);
}

static void anything_else_is_refused(void **state)
{
	static const char *const texts[] = {"", "\n", GOOD "\n", GOOD "x",
	        "tocsin-change 2\nid c-1f2e\nkind policy\nmode live\nfollows " A64 "\nbody " B64
	        "\n",
	        "tocsin-change 1\nid c-1f2e\nkind policy\nmode live\nfollows " A64 "\nbody " B64,
	        "tocsin-change 1\nid 1f2e22\nkind policy\nmode live\nfollows " A64 "\nbody " B64
	        "\n",
	        "tocsin-change 1\nid c-1F2e\nkind policy\nmode live\nfollows " A64 "\nbody " B64
	        "\n",
	        "tocsin-change 1\nid c-1f2e\nkind Policy\nmode live\nfollows " A64 "\nbody " B64
	        "\n",
	        "tocsin-change 1\nid c-1f2e\nkind \nmode live\nfollows " A64 "\nbody " B64 "\n",
	        "tocsin-change 1\nid c-1f2e\nkind policy\nmode drill\nfollows " A64 "\nbody " B64
	        "\n",
	        "tocsin-change 1\nid c-1f2e\nkind policy\nmode live\nfollows " A64 "a\nbody " B64
	        "\n",
	        "tocsin-change 1\nid c-1f2e\nkind policy\nmode live\nbody " B64 "\nfollows " A64
	        "\n",
	        "tocsin-change 1\r\nid c-1f2e\nkind policy\nmode live\nfollows " A64 "\nbody " B64
	        "\n"};
	struct change_text text;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct err err = {0};
		if (change_text_read(&text, texts[i], strlen(texts[i]), &err))
			fail_msg("read: %s", texts[i]);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_null(text.id);
	}
	/* A NUL hides nothing. */
	assert_false(change_text_read(&text, GOOD "\0more", strlen(GOOD) + 5, NULL));
}

static void ids_and_kinds(void **state)
{
	(void)state;
	assert_true(change_id_fits("c-ab12"));
	assert_false(change_id_fits("c-a"));
	assert_false(change_id_fits("c-../.."));
	assert_false(change_id_fits("c-012345678901234567890123456789012345678"));
	assert_true(change_kind_fits("account-add"));
	assert_false(change_kind_fits(""));
	assert_false(change_kind_fits("a b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_it_writes),
	        cmocka_unit_test(anything_else_is_refused), cmocka_unit_test(ids_and_kinds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
