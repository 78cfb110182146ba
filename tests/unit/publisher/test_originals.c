/* SPDX-License-Identifier: Apache-2.0
 * test_originals - however long a chain is, what goes to the signer fits into a frame, and holds
 * the two messages that it asks for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem.h"
#include "originals.h"
#include "protocol.h"

enum { LONGEST = 200 };

struct many {
	struct bulletin_list list;
	struct bulletin *items[LONGEST];
	struct bulletin messages[LONGEST];
	char names[LONGEST][24];
};

/* m0, m1, ... of so many bytes each. */
static void make(struct many *chain, size_t count, const char *cap)
{
	*chain = (struct many){0};
	chain->list = (struct bulletin_list){.items = chain->items, .count = count};
	for (size_t i = 0; i < count; i++) {
		snprintf(chain->names[i], sizeof chain->names[i], "m%zu", i);
		chain->messages[i].identifier = chain->names[i];
		chain->messages[i].signed_cap = (char *)cap;
		chain->items[i] = &chain->messages[i];
	}
}

/* "m9 m8 m0": what goes along when `replaces` is replaced. */
static char *chosen(const struct many *chain, const char *replaces)
{
	struct bulletin b = {.replaces = (char *)replaces, .chain = (char *)"m0"};
	struct buf out;
	size_t count = 0;
	const struct bulletin **originals = originals_of(&b, &chain->list, &count);

	buf_init(&out, 0);
	for (size_t i = 0; i < count; i++)
		buf_format(&out, "%s%s", i ? " " : "", originals[i]->identifier);
	free(originals);
	return buf_take(&out);
}

static void says(const struct many *chain, const char *replaces, const char *want)
{
	char *got = chosen(chain, replaces);

	assert_string_equal(got ? got : "", want);
	free(got);
}

static void short_chains_go_whole(void **state)
{
	struct many chain;

	(void)state;
	make(&chain, 0, "");
	says(&chain, "", "");
	make(&chain, 1, "cap");
	says(&chain, "m0", "m0");
	make(&chain, 4, "cap");
	says(&chain, "m3", "m3 m2 m1 m0");
	says(&chain, "m1", "m1 m3 m2 m0");
	says(&chain, "m0", "m0 m3 m2 m1");
}

static void long_ones_by_their_ends(void **state)
{
	struct many chain;

	(void)state;
	for (size_t count = SIGN_ORIGINALS_MOST - 1; count < LONGEST; count++) {
		make(&chain, count, "cap");
		const char *last = chain.names[count - 1];
		struct bulletin b = {.replaces = (char *)last, .chain = (char *)"m0"};
		size_t kept = 0;
		const struct bulletin **originals = originals_of(&b, &chain.list, &kept);
		assert_int_equal(kept, count < SIGN_ORIGINALS_MOST ? count : SIGN_ORIGINALS_MOST);
		for (size_t i = 0; i + 1 < kept; i++)
			assert_ptr_equal(originals[i], chain.items[count - 1 - i]);
		assert_ptr_equal(originals[kept - 1], chain.items[0]);
		free(originals);
	}
}

/* No older one goes in the place of a newer, and the two that must go, go. */
static void large_ones_as_far_as_there_is_room(void **state)
{
	char *large = mem_zero(ORIGINALS_BYTES);
	struct many chain;

	(void)state;
	memset(large, 'x', ORIGINALS_BYTES / 3);
	make(&chain, 9, large);
	says(&chain, "m8", "m8 m7 m6 m5 m0");
	memset(large, 'x', ORIGINALS_BYTES - 1);
	make(&chain, 4, large);
	chain.messages[1].signed_cap = (char *)"cap";
	says(&chain, "m3", "m3 m2 m0");
	chain.messages[2].filled_manifest = (char *)"two";
	says(&chain, "m3", "m3 m0");
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(short_chains_go_whole),
	        cmocka_unit_test(long_ones_by_their_ends),
	        cmocka_unit_test(large_ones_as_far_as_there_is_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
