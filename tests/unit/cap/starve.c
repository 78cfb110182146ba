/* SPDX-License-Identifier: Apache-2.0
 * starve - see starve.h.
 */
#include "starve.h"

#include <stdarg.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
int __real_vasprintf(char **out, const char *format, va_list args);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
int __wrap_vasprintf(char **out, const char *format, va_list args);
void __wrap_free(void *memory);

struct starve_memory memory;

static bool denied(void)
{
	if (!memory.on)
		return false;
	memory.asked++;
	return memory.forth ? memory.asked >= memory.fatal : memory.asked == memory.fatal;
}

static void *kept(void *block)
{
	memory.held += memory.on && block;
	return block;
}

void *__wrap_malloc(size_t size)
{
	return denied() ? NULL : kept(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return denied() ? NULL : kept(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
	if (denied())
		return NULL;
	return old ? __real_realloc(old, size) : kept(__real_realloc(old, size));
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	if (denied())
		return NULL;
	return old ? __real_reallocarray(old, count, size)
	           : kept(__real_reallocarray(old, count, size));
}

char *__wrap_strdup(const char *text)
{
	return denied() ? NULL : kept(__real_strdup(text));
}

int __wrap_vasprintf(char **out, const char *format, va_list args)
{
	int len = denied() ? -1 : __real_vasprintf(out, format, args);

	kept(len < 0 ? NULL : *out);
	return len;
}

void __wrap_free(void *block)
{
	memory.held -= memory.on && block;
	__real_free(block);
}

void starve_begin(size_t fatal, bool forth)
{
	memory.on = true;
	memory.forth = forth;
	memory.fatal = fatal;
	memory.asked = 0;
	memory.held = 0;
}

bool starve_end(void)
{
	memory.on = false;
	return memory.asked >= memory.fatal;
}
