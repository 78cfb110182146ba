/* SPDX-License-Identifier: Apache-2.0
 * mem - memory that is there, or the program ends.
 *
 * The record makes dying cheap: systemd starts us again and the record is replayed. So nobody above
 * checks for NULL. Sizes that come from outside are bounded before they get here. Who reads hostile
 * bytes asks with mem_try: one message that is too much shall not end the work of the others.
 */
#ifndef TOCSIN_MEM_H
#define TOCSIN_MEM_H

#include <stdbool.h>
#include <stddef.h>

void *mem_zero(size_t size);                            /* zeroed, freed with free() */
void *mem_array(size_t count, size_t size);             /* zeroed */
void *mem_resize(void *old, size_t count, size_t size); /* contents kept, new part undefined */
char *mem_text(const char *text);                       /* copy; NULL stays NULL */
char *mem_text_n(const void *bytes, size_t len);        /* copy with a NUL behind it */
char *mem_text_trimmed(const char *text, size_t len);   /* no white space around it */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what bytes from outside ask for: NULL when there is no memory, and the caller says
 * so and gives back what it had. */
void *mem_try(size_t count, size_t size);                    /* zeroed */
char *mem_try_text_n(const void *bytes, size_t len);         /* NUL behind it */
void *mem_try_push(void *items, size_t *count, size_t size); /* as mem_push; all is as it was */

/* A copy takes the place of what was there (which may be part of what `text` points to). */
void mem_set_text(char **place, const char *text);
void mem_put_text(char **place, const char *text); /* the same; NULL becomes "" */

/* Makes room for one more element and returns its zeroed place; *count grows by one.
 * *items is the array (or NULL at the start). The room doubles, so pushing is cheap. */
void *mem_push(void *items, size_t *count, size_t size);

/* A list of texts; owns them. Zeroed = empty. */
struct texts {
	char **items;
	size_t count;
};

void texts_add(struct texts *texts, const char *text);
bool texts_have(const struct texts *texts, const char *text);
void texts_finish(struct texts *texts);

#endif
