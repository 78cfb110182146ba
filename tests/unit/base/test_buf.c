/* SPDX-License-Identifier: Apache-2.0
 * What buf.h and mem.h promise: bytes in order, a limit that holds, arrays that grow.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"

/* Under AddressSanitizer too a request that cannot be met is answered. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void grows_in_order(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 0);
	for (int i = 0; i < 1000; i++)
		buf_format(&buf, "%03d", i);
	buf_text(&buf, NULL);
	buf_add(&buf, NULL, 0);
	buf_char(&buf, '!');
	assert_int_equal(buf.len, 3001);
	assert_int_equal(strlen(buf.data), 3001);
	assert_memory_equal(buf.data + 999 * 3, "999!", 5);
	buf_drop(&buf, 3);
	assert_memory_equal(buf.data, "001", 3);
	assert_int_equal(strlen(buf.data), 2998);
	buf_drop(&buf, 99999);
	assert_int_equal(buf.len, 0);
	buf_finish(&buf);
	assert_null(buf.data);
}

static void keeps_its_limit(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	buf_text(&buf, "0123456789");
	assert_false(buf.full);
	buf_char(&buf, 'x');
	assert_true(buf.full);
	buf_reset(&buf);
	assert_false(buf.full);
	buf_text(&buf, "012345678901");
	assert_true(buf.full);
	/* What would fit is not added behind what did not: the bytes have no hole. */
	buf_text(&buf, "a");
	assert_int_equal(buf.len, 0);
	buf_reset(&buf);
	buf_format(&buf, "%s", "0123456789a");
	assert_true(buf.full);
	assert_int_equal(buf.len, 0);
	buf_finish(&buf);
}

/* A request no machine can meet ends the one and not the other. */
static void mild_ones_end_nothing(void **state)
{
	static const char some[] = "abc";
	struct buf buf;
	char *items = NULL;
	size_t count = 0;

	(void)state;
	buf_init_mild(&buf, SIZE_MAX / 2);
	buf_text(&buf, some);
	assert_false(buf.full);
	buf_add(&buf, some, (size_t)1 << 60);
	assert_true(buf.full && buf.starved);
	assert_string_equal(buf.data, some);
	buf_reset(&buf);
	assert_false(buf.full || buf.starved);
	buf_finish(&buf);
	assert_true(buf.mild);
	assert_null(mem_try(SIZE_MAX / 2, 4));
	assert_null(mem_try_push(&items, &count, SIZE_MAX));
	assert_int_equal(count, 0);
	char *text = mem_try_text_n("abcd", 3);

	assert_string_equal(text, some);
	free(text);
}

static void limits_of_impossible_size(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_add(&buf, "x", 1);
	buf_add(&buf, "y", (size_t)-1);
	assert_true(buf.full);
	assert_int_equal(buf.len, 1);
	buf_finish(&buf);
}

static void a_zeroed_buf_works(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_text(&buf, "abc");
	char *taken = buf_take(&buf);
	assert_string_equal(taken, "abc");
	free(taken);
	taken = buf_take(&buf);
	assert_string_equal(taken, "");
	free(taken);
	buf_reset(&buf);
	buf_drop(&buf, 1);
	buf_finish(&buf);
}

static void arrays_grow_zeroed(void **state)
{
	struct item {
		size_t number;
		char *text;
	} *items = NULL;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		struct item *item = mem_push(&items, &count, sizeof *item);
		assert_int_equal(count, i + 1);
		assert_int_equal(item->number, 0);
		assert_null(item->text);
		item->number = i;
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(items[i].number, i);
	free(items);
}

static void texts_are_copies(void **state)
{
	struct texts texts = {0};
	char word[] = "one";

	(void)state;
	texts_add(&texts, word);
	word[0] = 'x';
	texts_add(&texts, "二");
	assert_int_equal(texts.count, 2);
	assert_string_equal(texts.items[0], "one");
	texts_finish(&texts);
	assert_int_equal(texts.count, 0);
	assert_null(texts.items);
	assert_null(mem_text(NULL));
	char *made = mem_format("%s-%d", "a", 7);
	assert_string_equal(made, "a-7");
	free(made);
	char *cut = mem_text_n("abc\0def", 5);
	assert_memory_equal(cut, "abc\0d\0", 6);
	free(cut);
	char *trimmed = mem_text_trimmed(" \t a b\r\n", 8);
	char *blank = mem_text_trimmed(" \n", 2);
	char *none = mem_text_n(NULL, 0);
	assert_string_equal(none, "");
	free(none);
	assert_string_equal(trimmed, "a b");
	free(trimmed);
	assert_string_equal(blank, "");
	free(blank);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(grows_in_order),
	        cmocka_unit_test(keeps_its_limit),
	        cmocka_unit_test(mild_ones_end_nothing),
	        cmocka_unit_test(limits_of_impossible_size),
	        cmocka_unit_test(a_zeroed_buf_works),
	        cmocka_unit_test(arrays_grow_zeroed),
	        cmocka_unit_test(texts_are_copies),
	};

	return cmocka_run_group_tests_name("buf and mem", tests, NULL, NULL);
}
