/* SPDX-License-Identifier: Apache-2.0
 * mem - see mem.h. The one place that looks whether memory was to be had.
 */
#include "mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Not abort(): there is no fault to look for in a core. */
static void *there(void *memory)
{
	if (!memory) {
		fputs("<2>tocsin: 内存不足 / out of memory\n", stderr);
		_exit(EX_OSERR);
	}
	return memory;
}

void *mem_zero(size_t size)
{
	return there(calloc(1, size ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
	return there(calloc(count ? count : 1, size));
}

void *mem_resize(void *old, size_t count, size_t size)
{
	return there(reallocarray(old, count ? count : 1, size));
}

char *mem_text(const char *text)
{
	return text ? there(strdup(text)) : NULL;
}

char *mem_text_n(const void *bytes, size_t len)
{
	return there(mem_try_text_n(bytes, len));
}

char *mem_text_trimmed(const char *text, size_t len)
{
	while (len && strchr(" \t\r\n", *text)) {
		text++;
		len--;
	}
	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	return mem_text_n(text, len);
}

char *mem_format(const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	int len = vasprintf(&text, format, args);
	va_end(args);
	return there(len < 0 ? NULL : text);
}

void mem_set_text(char **place, const char *text)
{
	char *copy = mem_text(text);

	free(*place);
	*place = copy;
}

void mem_put_text(char **place, const char *text)
{
	mem_set_text(place, text ? text : "");
}

void *mem_try(size_t count, size_t size)
{
	return calloc(count ? count : 1, size ? size : 1);
}

char *mem_try_text_n(const void *bytes, size_t len)
{
	char *text = malloc(len + 1);

	if (!text)
		return NULL;
	if (len)
		memcpy(text, bytes, len);
	text[len] = '\0';
	return text;
}

void *mem_try_push(void *items, size_t *count, size_t size)
{
	void **array = items;

	/* Grown at 0, 1, 2, 4, 8, ...: the count alone tells when the room is used up. */
	if ((*count & (*count - 1)) == 0) {
		void *grown = reallocarray(*array, *count ? *count * 2 : 1, size);

		if (!grown)
			return NULL;
		*array = grown;
	}
	void *place = (char *)*array + *count * size;
	memset(place, 0, size);
	*count += 1;
	return place;
}

void *mem_push(void *items, size_t *count, size_t size)
{
	return there(mem_try_push(items, count, size));
}

void texts_add(struct texts *texts, const char *text)
{
	*(char **)mem_push(&texts->items, &texts->count, sizeof *texts->items) = mem_text(text);
}

bool texts_have(const struct texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->items[i], text) == 0)
			return true;
	return false;
}

void texts_finish(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct texts){0};
}
