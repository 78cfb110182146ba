/* SPDX-License-Identifier: Apache-2.0
 * frame - see frame.h. Trusts no length it reads.
 */
#include "frame.h"

#include <string.h>

#include "mem.h"
#include "utf8.h"

static void put_u16(unsigned char *p, uint16_t v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void put_u32(unsigned char *p, uint32_t v)
{
	put_u16(p, (uint16_t)(v >> 16));
	put_u16(p + 2, (uint16_t)v);
}

static uint16_t u16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t u32(const unsigned char *p)
{
	return (uint32_t)u16(p) << 16 | u16(p + 2);
}

size_t frame_begin(struct buf *out, uint16_t type)
{
	size_t mark = out->len;
	unsigned char head[FRAME_HEAD] = {0};

	put_u16(head + 4, type);
	buf_add(out, head, sizeof head);
	return mark;
}

void frame_put(struct buf *out, uint16_t tag, const void *bytes, size_t len)
{
	unsigned char head[6];

	if (len > FRAME_MAX) {
		out->full = true;
		return;
	}
	put_u16(head, tag);
	put_u32(head + 2, (uint32_t)len);
	buf_add(out, head, sizeof head);
	buf_add(out, bytes, len);
}

void frame_put_text(struct buf *out, uint16_t tag, const char *text)
{
	frame_put(out, tag, text ? text : "", text ? strlen(text) : 0);
}

void frame_put_int(struct buf *out, uint16_t tag, int64_t value)
{
	unsigned char bytes[8];

	put_u32(bytes, (uint32_t)((uint64_t)value >> 32));
	put_u32(bytes + 4, (uint32_t)value);
	frame_put(out, tag, bytes, sizeof bytes);
}

bool frame_end(struct buf *out, size_t mark)
{
	size_t len = out->len - mark;

	if (out->full || len > FRAME_MAX) {
		out->len = mark;
		out->full = false;
		if (out->data)
			out->data[mark] = '\0';
		return false;
	}
	put_u32((unsigned char *)out->data + mark, (uint32_t)(len - 4));
	return true;
}

size_t frame_length(const void *bytes, size_t len)
{
	if (len < 4)
		return 0;
	size_t whole = (size_t)u32(bytes) + 4;
	return whole < FRAME_HEAD || whole > FRAME_MAX ? SIZE_MAX : whole;
}

bool frame_open(struct frame *frame, const void *bytes, size_t len)
{
	*frame = (struct frame){.spoilt = true};
	if (len < FRAME_HEAD || frame_length(bytes, len) != len)
		return false;
	frame->type = u16((const unsigned char *)bytes + 4);
	frame->at = (const unsigned char *)bytes + FRAME_HEAD;
	frame->end = (const unsigned char *)bytes + len;
	frame->spoilt = false;
	return true;
}

bool frame_more(const struct frame *frame, uint16_t tag)
{
	return !frame->spoilt && frame->end - frame->at >= 6 && u16(frame->at) == tag;
}

const void *frame_get(struct frame *frame, uint16_t tag, size_t *len)
{
	*len = 0;
	if (!frame_more(frame, tag) || u32(frame->at + 2) > (size_t)(frame->end - frame->at - 6)) {
		frame->spoilt = true;
		return "";
	}
	*len = u32(frame->at + 2);
	const void *bytes = frame->at + 6;
	frame->at += 6 + *len;
	return bytes;
}

char *frame_get_text(struct frame *frame, uint16_t tag)
{
	size_t len;
	const void *bytes = frame_get(frame, tag, &len);

	if (!utf8_valid(bytes, len, NULL)) {
		frame->spoilt = true;
		len = 0;
	}
	return mem_text_n(bytes, len);
}

int64_t frame_get_int(struct frame *frame, uint16_t tag)
{
	size_t len;
	const unsigned char *bytes = frame_get(frame, tag, &len);

	if (len != 8) {
		frame->spoilt = true;
		return 0;
	}
	return (int64_t)((uint64_t)u32(bytes) << 32 | u32(bytes + 4));
}

bool frame_close(struct frame *frame, struct err *err)
{
	if (frame->spoilt || frame->at != frame->end)
		return err_set(err, ERR_INPUT, "内部消息（类型 %u）格式不对",
		        "malformed internal message (type %u)", (unsigned)frame->type);
	return true;
}
