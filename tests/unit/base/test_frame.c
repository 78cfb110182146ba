/* SPDX-License-Identifier: Apache-2.0
 * What frame.h promises: a frame reads as it was written, to the last byte, or it is refused.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "mem.h"

enum { TYPE = 7, WORD = 1, NUMBER, BYTES, ITEM };

static void write_frame(struct buf *out, uint16_t type, const char *word, int64_t number,
        const void *bytes, size_t len, const struct texts *items)
{
	size_t mark = frame_begin(out, type);

	frame_put_text(out, WORD, word);
	frame_put_int(out, NUMBER, number);
	frame_put(out, BYTES, bytes, len);
	for (size_t i = 0; i < items->count; i++)
		frame_put_text(out, ITEM, items->items[i]);
	assert_true(frame_end(out, mark));
}

static void sample(struct buf *out)
{
	char one[] = "第一", two[] = "";
	char *names[] = {one, two};
	struct texts items = {names, 2};

	write_frame(out, TYPE, "预警 warning", INT64_C(-1764000000000), "\0\xff\n", 3, &items);
}

/* Reads by the form of sample(). Whatever is read must be exactly what stood there: written again,
 * it gives the same bytes. */
static bool reads(const void *bytes, size_t len)
{
	struct frame frame;
	struct texts items = {0};
	size_t size;

	if (!frame_open(&frame, bytes, len))
		return false;
	char *word = frame_get_text(&frame, WORD);
	int64_t number = frame_get_int(&frame, NUMBER);
	const void *raw = frame_get(&frame, BYTES, &size);
	while (frame_more(&frame, ITEM)) {
		char *item = frame_get_text(&frame, ITEM);
		texts_add(&items, item);
		free(item);
	}
	bool whole = frame_close(&frame, NULL);
	if (whole) {
		struct buf again;
		buf_init(&again, 0);
		write_frame(&again, frame.type, word, number, raw, size, &items);
		assert_int_equal(again.len, len);
		assert_memory_equal(again.data, bytes, len);
		buf_finish(&again);
	}
	texts_finish(&items);
	free(word);
	return whole;
}

static void goes_round(void **state)
{
	struct buf out;
	struct frame frame;
	size_t len;

	(void)state;
	buf_init(&out, 0);
	sample(&out);
	assert_int_equal(frame_length(out.data, out.len), out.len);
	assert_true(frame_open(&frame, out.data, out.len));
	assert_int_equal(frame.type, TYPE);
	char *word = frame_get_text(&frame, WORD);
	assert_string_equal(word, "预警 warning");
	assert_true(frame_get_int(&frame, NUMBER) == INT64_C(-1764000000000));
	assert_memory_equal(frame_get(&frame, BYTES, &len), "\0\xff\n", 3);
	assert_int_equal(len, 3);
	assert_true(reads(out.data, out.len));
	free(word);
	buf_finish(&out);
}

static void the_extremes_of_a_number(void **state)
{
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(0x100000000)};

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct buf out;
		struct frame frame;
		buf_init(&out, 0);
		size_t mark = frame_begin(&out, 1);
		frame_put_int(&out, NUMBER, numbers[i]);
		assert_true(frame_end(&out, mark));
		assert_true(frame_open(&frame, out.data, out.len));
		assert_true(frame_get_int(&frame, NUMBER) == numbers[i]);
		assert_true(frame_close(&frame, NULL));
		buf_finish(&out);
	}
}

static void every_truncation_is_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	sample(&out);
	for (size_t len = 0; len < out.len; len++) {
		/* A copy of just that size: a step too far is the sanitizer's. */
		char *cut = mem_text_n(out.data, len);
		if (reads(cut, len))
			fail_msg("the first %zu bytes were read", len);
		/* And with a length that agrees. */
		if (len >= FRAME_HEAD) {
			cut[3] = (char)(len - 4);
			if (len != out.len - 6 && len != out.len - 6 - 12)
				assert_false(reads(cut, len));
			else
				assert_true(reads(cut, len)); /* an item less: as it says */
		}
		free(cut);
	}
	buf_finish(&out);
}

static void every_changed_byte_is_refused_or_read_as_it_stands(void **state)
{
	struct buf out;
	int refusals = 0;

	(void)state;
	buf_init(&out, 0);
	sample(&out);
	for (size_t i = 0; i < out.len; i++) {
		for (int change = 1; change < 256; change++) {
			char *copy = mem_text_n(out.data, out.len);
			copy[i] = (char)(copy[i] ^ change);
			refusals += !reads(copy, out.len);
			free(copy);
		}
	}
	assert_true(refusals > 4000);
	buf_finish(&out);
}

static void fields_out_of_order_are_refused(void **state)
{
	struct buf out;
	struct err err;

	(void)state;
	for (int skipped = 0; skipped < 4; skipped++) {
		buf_init(&out, 0);
		size_t mark = frame_begin(&out, TYPE);
		if (skipped == 0)
			frame_put_int(&out, NUMBER, 1);
		if (skipped != 1)
			frame_put_text(&out, WORD, "w");
		if (skipped != 0 && skipped != 2)
			frame_put_int(&out, NUMBER, 1);
		frame_put(&out, BYTES, "b", 1);
		if (skipped == 3)
			frame_put(&out, BYTES, "b", 1);
		assert_true(frame_end(&out, mark));
		assert_false(reads(out.data, out.len));
		buf_finish(&out);
	}
	struct frame frame;
	assert_false(frame_open(&frame, "", 0));
	assert_false(frame_close(&frame, &err));
	assert_int_equal(err.kind, ERR_INPUT);
}

static void wrong_values_are_refused(void **state)
{
	struct buf out;
	struct frame frame;

	(void)state;
	buf_init(&out, 0);
	size_t mark = frame_begin(&out, 1);
	frame_put(&out, WORD, "a\0b", 3);
	frame_put(&out, WORD, "\xff", 1);
	frame_put(&out, NUMBER, "1234567", 7);
	assert_true(frame_end(&out, mark));
	for (int i = 0; i < 3; i++) {
		size_t skip;
		assert_true(frame_open(&frame, out.data, out.len));
		for (int k = 0; k < i; k++)
			frame_get(&frame, WORD, &skip);
		if (i < 2) {
			char *text = frame_get_text(&frame, WORD);
			assert_string_equal(text, "");
			free(text);
		} else {
			assert_int_equal(frame_get_int(&frame, NUMBER), 0);
		}
		assert_true(frame.spoilt);
	}
	buf_finish(&out);
}

static void too_long_is_taken_out_again(void **state)
{
	char *block = mem_zero(FRAME_MAX);
	struct buf out;

	(void)state;
	buf_init(&out, 4 * FRAME_MAX);
	sample(&out);
	size_t before = out.len;
	size_t mark = frame_begin(&out, TYPE);
	frame_put(&out, BYTES, block, FRAME_MAX - 11);
	assert_false(frame_end(&out, mark));
	assert_int_equal(out.len, before);
	assert_int_equal(strlen(out.data + before), 0);
	assert_true(reads(out.data, out.len));
	mark = frame_begin(&out, TYPE);
	frame_put(&out, BYTES, block, FRAME_MAX - 12);
	assert_true(frame_end(&out, mark));
	assert_int_equal(frame_length(out.data + mark, out.len - mark), FRAME_MAX);
	mark = frame_begin(&out, TYPE);
	frame_put(&out, BYTES, block, (size_t)FRAME_MAX + 1);
	assert_false(frame_end(&out, mark));
	assert_false(out.full);
	buf_finish(&out);
	free(block);
}

static void lengths_of_strangers(void **state)
{
	(void)state;
	assert_int_equal(frame_length("", 0), 0);
	assert_int_equal(frame_length("\0\0\0", 3), 0);
	assert_true(frame_length("\0\0\0\0", 4) == SIZE_MAX);
	assert_true(frame_length("\0\0\0\1", 4) == SIZE_MAX);
	assert_int_equal(frame_length("\0\0\0\2", 4), 6);
	assert_int_equal(frame_length("\0\x0f\xff\xfc", 4), FRAME_MAX);
	assert_true(frame_length("\0\x0f\xff\xfd", 4) == SIZE_MAX);
	assert_true(frame_length("GET /", 5) == SIZE_MAX);
	assert_true(frame_length("\xff\xff\xff\xff", 4) == SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(goes_round),
	        cmocka_unit_test(the_extremes_of_a_number),
	        cmocka_unit_test(every_truncation_is_refused),
	        cmocka_unit_test(every_changed_byte_is_refused_or_read_as_it_stands),
	        cmocka_unit_test(fields_out_of_order_are_refused),
	        cmocka_unit_test(wrong_values_are_refused),
	        cmocka_unit_test(too_long_is_taken_out_again),
	        cmocka_unit_test(lengths_of_strangers),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
