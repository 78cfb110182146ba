/* SPDX-License-Identifier: Apache-2.0
 * buf - bytes that grow up to a limit given at the start, so that nothing from outside grows for
 * ever.
 *
 * Past the limit nothing more is added and `full` stays set: write first, look once at the end.
 * data always has a NUL behind it once anything was added.
 */
#ifndef TOCSIN_BUF_H
#define TOCSIN_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buf {
	char *data;
	size_t len;
	size_t room;
	size_t limit;
	bool full;
	bool mild;    /* made by buf_init_mild */
	bool starved; /* full for want of memory */
};

#define BUF_LIMIT_DEFAULT ((size_t)16 << 20)

void buf_init(struct buf *buf, size_t limit);      /* 0 = BUF_LIMIT_DEFAULT */
void buf_init_mild(struct buf *buf, size_t limit); /* want of memory makes it full, and no more */
void buf_finish(struct buf *buf);
void buf_reset(struct buf *buf); /* empty again, room kept */
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_drop(struct buf *buf, size_t len); /* forgets the first len bytes */
bool buf_read(struct buf *buf, FILE *file); /* all that is left of it; false: errno, or full */
char *buf_take(struct buf *buf); /* the bytes, now the caller's (never NULL); buf is empty */

#endif
