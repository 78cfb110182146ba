/* SPDX-License-Identifier: Apache-2.0
 * buf - see buf.h. Runs out of limit by saying so, out of memory by ending (mem.h).
 */
#include "buf.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

void buf_init(struct buf *buf, size_t limit)
{
	*buf = (struct buf){.limit = limit ? limit : BUF_LIMIT_DEFAULT};
}

void buf_init_mild(struct buf *buf, size_t limit)
{
	buf_init(buf, limit);
	buf->mild = true;
}

void buf_finish(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){.limit = buf->limit, .mild = buf->mild};
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->full = false;
	buf->starved = false;
	if (buf->data)
		buf->data[0] = '\0';
}

static bool grow(struct buf *buf, size_t room)
{
	void *data = buf->mild ? realloc(buf->data, room) : mem_resize(buf->data, room, 1);

	if (!data) {
		buf->full = true;
		buf->starved = true;
		return false;
	}
	buf->data = data;
	buf->room = room;
	return true;
}

static bool reserve(struct buf *buf, size_t more)
{
	if (!buf->limit)
		buf->limit = BUF_LIMIT_DEFAULT;
	if (buf->full || more > buf->limit - buf->len) {
		buf->full = true;
		return false;
	}
	if (buf->len + more + 1 <= buf->room)
		return true;
	size_t room = buf->room ? buf->room : 256;
	while (room < buf->len + more + 1)
		room *= 2;
	return grow(buf, room);
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (!reserve(buf, len))
		return;
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_text(struct buf *buf, const char *text)
{
	if (text)
		buf_add(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void buf_format(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_list again;

	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	if (len >= 0 && reserve(buf, (size_t)len)) {
		vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}

void buf_drop(struct buf *buf, size_t len)
{
	if (len >= buf->len) {
		buf_reset(buf);
		return;
	}
	memmove(buf->data, buf->data + len, buf->len - len + 1);
	buf->len -= len;
}

bool buf_read(struct buf *buf, FILE *file)
{
	char chunk[65536];
	size_t len;

	while (!buf->full && (len = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(buf, chunk, len);
	return !buf->full && !ferror(file);
}

char *buf_take(struct buf *buf)
{
	char *data = buf->data ? buf->data : mem_text("");

	*buf = (struct buf){.limit = buf->limit, .mild = buf->mild};
	return data;
}
