/* SPDX-License-Identifier: Apache-2.0
 * fuzz_frame - any bytes as a stream of frames, as a program gone wrong could send them. A frame
 * that is read to its end, written again, is the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "fuzz.h"
#include "utf8.h"

/* The tag that comes next, as a reader would expect it; it is never looked at twice. */
static uint16_t next_tag(const struct frame *frame)
{
	return frame->end - frame->at < 2 ? 1 : (uint16_t)(frame->at[0] << 8 | frame->at[1]);
}

static void copy_field(struct frame *frame, uint16_t tag, struct buf *out)
{
	struct frame kept = *frame;
	size_t len;
	const void *bytes = frame_get(frame, tag, &len);

	if (frame->spoilt)
		return;
	frame_put(out, tag, bytes, len);
	struct frame again = kept;
	int64_t number = frame_get_int(&again, tag);
	must(again.spoilt == (len != 8) && (len == 8 || number == 0));
	again = kept;
	char *text = frame_get_text(&again, tag);
	must(again.spoilt != utf8_valid(bytes, len, NULL));
	must(strlen(text) == (again.spoilt ? 0 : len));
	free(text);
}

static void one_frame(const uint8_t *bytes, size_t len)
{
	struct frame frame;
	struct buf out;

	must(frame_open(&frame, bytes, len));
	buf_init(&out, 0);
	size_t mark = frame_begin(&out, frame.type);
	while (!frame.spoilt && frame.at != frame.end)
		copy_field(&frame, next_tag(&frame), &out);
	if (frame_close(&frame, NULL)) {
		must(frame_end(&out, mark));
		must(out.len == len && memcmp(out.data, bytes, len) == 0);
	}
	buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		size_t whole = frame_length(bytes, len);
		if (whole == 0 || whole == SIZE_MAX || whole > len)
			break;
		one_frame(bytes, whole);
		bytes += whole;
		len -= whole;
	}
	struct frame frame;
	if (len < FRAME_HEAD)
		must(!frame_open(&frame, bytes, len));
	return 0;
}
