/* SPDX-License-Identifier: Apache-2.0
 * frame - typed messages over a byte stream, between our own programs only.
 *
 *   frame  = u32 length of what follows | u16 type | field*         (big endian)
 *   field  = u16 tag | u32 length | bytes
 *
 * A message is read field by field, in the order it was written, to the last byte; anything left
 * over, missing, or of another tag spoils the whole frame. What the frames are: protocol.h.
 */
#ifndef TOCSIN_FRAME_H
#define TOCSIN_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"

enum { FRAME_MAX = 1 << 20, FRAME_HEAD = 6 };

/* Writing: begin, put in order, end. Several frames may stand in one buf. */
size_t frame_begin(struct buf *out, uint16_t type); /* returns the mark for frame_end */
void frame_put(struct buf *out, uint16_t tag, const void *bytes, size_t len);
void frame_put_text(struct buf *out, uint16_t tag, const char *text); /* NULL goes as "" */
void frame_put_int(struct buf *out, uint16_t tag, int64_t value);
bool frame_end(
        struct buf *out, size_t mark); /* false: over FRAME_MAX, the frame is taken out again */

/* Reading. frame_length looks at the first bytes of a stream: 0 = head not complete, SIZE_MAX =
 * over FRAME_MAX or impossible, else the whole length of the frame. */
size_t frame_length(const void *bytes, size_t len);

struct frame {
	uint16_t type;
	const unsigned char *at;
	const unsigned char *end;
	bool spoilt;
};

bool frame_open(struct frame *frame, const void *bytes, size_t len);
bool frame_more(const struct frame *frame, uint16_t tag); /* is the next field this one? */
/* Each returns what stood there, or an empty value and spoils the frame. Bytes are borrowed. */
const void *frame_get(struct frame *frame, uint16_t tag, size_t *len);
char *frame_get_text(struct frame *frame, uint16_t tag); /* the caller's; valid UTF-8 without NUL */
int64_t frame_get_int(struct frame *frame, uint16_t tag);
bool frame_close(struct frame *frame, struct err *err); /* true: whole, in order, nothing left */

#endif
