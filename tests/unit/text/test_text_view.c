/* SPDX-License-Identifier: Apache-2.0
 * test_text_view - a view comes back from a frame as it went in; anything else is refused and leaks
 * nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "protocol.h"
#include "sample.h"

static void framed(const struct view *view, struct buf *out)
{
	buf_init(out, 0);
	size_t mark = frame_begin(out, FRAME_BULLETIN);
	view_put(view, out);
	assert_true(frame_end(out, mark));
}

static bool unframed(struct view *view, const char *bytes, size_t len)
{
	struct frame frame;

	if (!frame_open(&frame, bytes, len) || !view_get(view, &frame))
		return false;
	if (frame_close(&frame, NULL))
		return true;
	view_finish(view);
	return false;
}

static void round_trip(void **state)
{
	struct view view, back;
	struct buf bytes, again;
	(void)state;
	sample_cancel(&view);
	view.sent = 1;
	view.onset = -1;
	view.mode = MODE_TEST;
	framed(&view, &bytes);
	assert_true(unframed(&back, bytes.data, bytes.len));
	framed(&back, &again);
	assert_int_equal(bytes.len, again.len);
	assert_memory_equal(bytes.data, again.data, bytes.len);
	assert_string_equal(back.references, view.references);
	assert_string_equal(back.sender, view.sender);
	assert_string_equal(back.areas[0].polygon, view.areas[0].polygon);
	assert_int_equal(back.area_count, 2);
	assert_int_equal(back.onset, -1);
	assert_int_equal(back.verb, VERB_CANCEL);
	buf_finish(&bytes);
	buf_finish(&again);
	view_finish(&view);
	view_finish(&back);
}

static void every_cut_is_refused(void **state)
{
	struct view view, back;
	struct buf bytes;
	(void)state;
	sample_correction(&view);
	framed(&view, &bytes);
	for (size_t len = 0; len < bytes.len; len++) {
		char *cut = malloc(len ? len : 1);
		memcpy(cut, bytes.data, len);
		assert_false(unframed(&back, cut, len)); /* the head still says the whole length */
		if (len >= FRAME_HEAD) {                 /* a head that agrees with the cut */
			cut[0] = (char)((len - 4) >> 24);
			cut[1] = (char)((len - 4) >> 16);
			cut[2] = (char)((len - 4) >> 8);
			cut[3] = (char)(len - 4);
			if (unframed(&back, cut, len)) { /* areas may end between two of them */
				assert_int_equal(back.area_count, 0);
				view_finish(&back);
			}
		}
		free(cut);
	}
	buf_finish(&bytes);
	view_finish(&view);
}

static void every_broken_byte_is_survived(void **state)
{
	struct view view, back;
	struct buf bytes;
	(void)state;
	sample_rainstorm(&view);
	framed(&view, &bytes);
	for (size_t i = 0; i < bytes.len; i++) {
		char kept = bytes.data[i];
		bytes.data[i] = (char)(kept ^ 0x81);
		if (unframed(&back, bytes.data, bytes.len))
			view_finish(&back);
		bytes.data[i] = kept;
	}
	buf_finish(&bytes);
	view_finish(&view);
}

static void words_out_of_range_are_refused(void **state)
{
	struct view view, back;
	struct buf bytes;
	(void)state;
	for (int word = 0; word < 4; word++) {
		sample_rainstorm(&view);
		if (word == 0)
			view.verb = VERB_COUNT;
		else if (word == 1)
			view.mode = MODE_COUNT;
		else if (word == 2)
			view.kind = KIND_COUNT;
		else
			view.level = LEVEL_COUNT;
		framed(&view, &bytes);
		assert_false(unframed(&back, bytes.data, bytes.len));
		buf_finish(&bytes);
		view_finish(&view);
	}
}

static void digest_leaves_out_what_release_fills(void **state)
{
	struct view view;
	char first[DIGEST_HEX], second[DIGEST_HEX];
	(void)state;
	sample_rainstorm(&view);
	view_digest(&view, first);
	view.sent = 12345;
	sample_set(&view.references, "a,b,c");
	view_digest(&view, second);
	assert_string_equal(first, second);
	sample_set(&view.areas[1].name, "河东区");
	view_digest(&view, second);
	assert_string_not_equal(first, second);
	view_finish(&view);
	view_finish(&view); /* twice is fine */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(round_trip),
	        cmocka_unit_test(every_cut_is_refused),
	        cmocka_unit_test(every_broken_byte_is_survived),
	        cmocka_unit_test(words_out_of_range_are_refused),
	        cmocka_unit_test(digest_leaves_out_what_release_fills),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
