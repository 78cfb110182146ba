/* SPDX-License-Identifier: Apache-2.0
 * utf8 - see utf8.h. Only utf8_valid looks at untrusted bytes.
 */
#include "utf8.h"

#include <string.h>

static size_t sequence(const unsigned char *p, size_t left)
{
	size_t len = p[0] < 0x80   ? 1
	             : p[0] < 0xc2 ? 0
	             : p[0] < 0xe0 ? 2
	             : p[0] < 0xf0 ? 3
	             : p[0] < 0xf5 ? 4
	                           : 0;

	if (len == 0 || len > left || p[0] == 0)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if (len == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)))
		return 0;
	if (len == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)))
		return 0;
	return len;
}

/* How many bytes from here on, in eights, are neither NUL nor above ASCII. */
static size_t plain_run(const unsigned char *p, size_t left)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t highs = UINT64_C(0x8080808080808080);
	size_t run = 0;

	for (; left - run >= sizeof(uint64_t); run += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, p + run, sizeof word);
		if ((word | (word - ones)) & highs)
			break;
	}
	return run;
}

bool utf8_valid(const void *bytes, size_t len, size_t *at)
{
	const unsigned char *p = bytes;
	size_t i = 0;

	while (i < len) {
		size_t step = p[i] < 0x80 ? plain_run(p + i, len - i) : 0;

		if (!step)
			step = sequence(p + i, len - i);
		if (!step) {
			if (at)
				*at = i;
			return false;
		}
		i += step;
	}
	return true;
}

uint32_t utf8_next(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	uint32_t c = p[0];

	if (c < 0x80) {
		*text += c != 0;
		return c;
	}
	size_t len = sequence(p, 4); /* the NUL ends any that is cut short */

	if (!len) {
		*text += 1;
		return 0xfffd;
	}
	c &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	*text += len;
	return c;
}

size_t utf8_count(const char *text)
{
	size_t count = 0;

	while (utf8_next(&text))
		count++;
	return count;
}

size_t utf8_units16(const char *text)
{
	size_t units = 0;
	uint32_t c;

	while ((c = utf8_next(&text)))
		units += c > 0xffff ? 2 : 1;
	return units;
}

size_t utf8_cut(const char *text, size_t max_bytes)
{
	size_t len = strlen(text);

	if (len <= max_bytes)
		return len;
	len = max_bytes;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

size_t utf8_put(uint32_t c, char out[5])
{
	unsigned char *p = (unsigned char *)out;
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		p[i] = (unsigned char)(0x80 | (c & 0x3f));
	p[0] = (unsigned char)(len == 1 ? c : (0xf00u >> len & 0xff) | c);
	p[len] = 0;
	return len;
}

/* What a terminal or a reader of lines would act upon. */
static bool acts(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

void utf8_one_line(char *text)
{
	for (char *p = text; *p;) {
		unsigned char lead = (unsigned char)*p;
		size_t len = lead < 0x80 ? 1 : sequence((const unsigned char *)p, 4);
		const char *at = p;

		if (len == 0)
			*p = '?';
		else if ((lead < 0x80 || lead == 0xc2 || lead == 0xe2) && acts(utf8_next(&at)))
			memset(p, ' ', len);
		p += len ? len : 1;
	}
}
