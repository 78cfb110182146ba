/* SPDX-License-Identifier: Apache-2.0
 * view_frame - a view as fields of a frame, and back; and its digest.
 *
 * Every text in the order of the table, then the words and moments as numbers, then code, name and
 * polygon of each area. Reading trusts nothing: an enum out of its range, a number of areas past
 * the limit or a field out of place spoils the frame, and the view is empty again.
 */
#include "view.h"

#include <stdlib.h>

#include "protocol.h"
#include "view_rows.h"

enum {
	TAG_WORD = TAG_VIEW + 64,
	TAG_MOMENT,
	TAG_CODE,
	TAG_AREA_NAME,
	TAG_POLYGON,
	MOST_AREAS = 10000
};

static void put_as(const struct view *view, int64_t sent, const char *references, struct buf *out)
{
	const int words[] = {(int)view->verb, (int)view->mode, (int)view->kind, (int)view->level};
	const int64_t moments[] = {sent, view->effective, view->onset, view->expires};

	for (size_t i = 0; i < view_text_count; i++) {
		const char *text = *(char *const *)((const char *)view + view_texts[i]);
		bool is_references = view_texts[i] == offsetof(struct view, references);
		frame_put_text(out, (uint16_t)(TAG_VIEW + i), is_references ? references : text);
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		frame_put_int(out, TAG_WORD, words[i]);
	for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++)
		frame_put_int(out, TAG_MOMENT, moments[i]);
	for (size_t i = 0; i < view->area_count; i++) {
		frame_put_text(out, TAG_CODE, view->areas[i].code);
		frame_put_text(out, TAG_AREA_NAME, view->areas[i].name);
		frame_put_text(out, TAG_POLYGON, view->areas[i].polygon);
	}
}

void view_put(const struct view *view, struct buf *out)
{
	put_as(view, view->sent, view->references, out);
}

static int get_word(struct frame *frame, int count)
{
	int64_t value = frame_get_int(frame, TAG_WORD);

	if (value < 0 || value >= count) {
		frame->spoilt = true;
		return 0;
	}
	return (int)value;
}

static void get_areas(struct view *view, struct frame *frame)
{
	while (frame_more(frame, TAG_CODE)) {
		struct view_area *area;

		if (view->area_count == MOST_AREAS) {
			frame->spoilt = true;
			return;
		}
		area = mem_push(&view->areas, &view->area_count, sizeof *view->areas);
		area->code = frame_get_text(frame, TAG_CODE);
		area->name = frame_get_text(frame, TAG_AREA_NAME);
		area->polygon = frame_get_text(frame, TAG_POLYGON);
	}
}

bool view_get(struct view *view, struct frame *frame)
{
	*view = (struct view){0};
	for (size_t i = 0; i < view_text_count; i++)
		*view_text(view, i) = frame_get_text(frame, (uint16_t)(TAG_VIEW + i));
	view->verb = (enum verb)get_word(frame, VERB_COUNT);
	view->mode = (enum mode)get_word(frame, MODE_COUNT);
	view->kind = (enum kind)get_word(frame, KIND_COUNT);
	view->level = (enum level)get_word(frame, LEVEL_COUNT);
	view->sent = frame_get_int(frame, TAG_MOMENT);
	view->effective = frame_get_int(frame, TAG_MOMENT);
	view->onset = frame_get_int(frame, TAG_MOMENT);
	view->expires = frame_get_int(frame, TAG_MOMENT);
	get_areas(view, frame);
	if (!frame->spoilt)
		return true;
	view_finish(view);
	return false;
}

void view_digest(const struct view *view, char hex[DIGEST_HEX])
{
	struct buf bytes;

	buf_init(&bytes, (size_t)64 << 20);
	put_as(view, 0, "", &bytes);
	digest_sha256(bytes.data, bytes.len, hex);
	buf_finish(&bytes);
}
