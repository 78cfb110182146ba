/* SPDX-License-Identifier: Apache-2.0
 * cap_transcode - UTF-16, GB18030, ISO-8859-1 and windows-1252 as UTF-8 (cap_encoding.h).
 *
 * GB18030 is the C library's (iconv); the others are small enough to stand here. A byte that is
 * nothing in its encoding ends it: no stand-in character is ever put.
 */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "cap_encoding.h"
#include "cap_gate.h"
#include "utf8.h"

static bool bad_byte(size_t at, const char *name, struct err *err)
{
	return err_set(err, ERR_INPUT, "第 %zu 字节处不是合规的 %s", "byte %zu is not valid %s",
	        at + 1, name);
}

static bool put(uint32_t character, struct buf *out)
{
	char text[5];

	buf_add(out, text, utf8_put(character, text));
	return !out->full;
}

static uint32_t unit_at(const unsigned char *bytes, size_t at, bool big)
{
	return big ? (uint32_t)(bytes[at] << 8 | bytes[at + 1])
	           : (uint32_t)(bytes[at + 1] << 8 | bytes[at]);
}

static bool is_high(uint32_t unit)
{
	return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(uint32_t unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

/* With its mark, or without and known by the '<' it begins with. */
static bool from_utf16(const unsigned char *bytes, size_t len, struct buf *out, struct err *err)
{
	bool big = len >= 2 && (bytes[0] == 0xfe || bytes[0] == 0);
	size_t at = len >= 2 && unit_at(bytes, 0, big) == 0xfeff ? 2 : 0;

	for (; at + 1 < len; at += 2) {
		uint32_t unit = unit_at(bytes, at, big);
		uint32_t next = at + 3 < len ? unit_at(bytes, at + 2, big) : 0;

		if (unit == 0 || is_low(unit) || (is_high(unit) && !is_low(next)))
			return bad_byte(at, "UTF-16", err);
		if (is_high(unit)) {
			unit = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
			at += 2;
		}
		if (!put(unit, out))
			return gate_starved(err);
	}
	return at == len || bad_byte(at, "UTF-16", err);
}

/* 0: nothing in this encoding. */
static uint32_t character_of(unsigned char byte, bool windows)
{
	static const uint16_t upper[32] = {0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	        0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019,
	        0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,
	        0x017e, 0x0178};

	return windows && byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : byte;
}

static bool from_bytes(
        const unsigned char *bytes, size_t len, bool windows, struct buf *out, struct err *err)
{
	for (size_t at = 0; at < len; at++) {
		uint32_t character = character_of(bytes[at], windows);

		if (!character)
			return bad_byte(at, windows ? "windows-1252" : "ISO-8859-1", err);
		if (!put(character, out))
			return gate_starved(err);
	}
	return true;
}

/* false and errno: what iconv says. */
static bool pour(iconv_t table, char **from, size_t *left, struct buf *out)
{
	char block[4096];
	char *to = block;
	size_t room = sizeof block;
	size_t result = iconv(table, from, left, &to, &room);
	int why = errno;

	buf_add(out, block, (size_t)(to - block));
	errno = why;
	return result != (size_t)-1 || why == E2BIG;
}

static bool from_gb18030(const unsigned char *bytes, size_t len, struct buf *out, struct err *err)
{
	iconv_t table = iconv_open("UTF-8", "GB18030");
	char *from = (char *)bytes; /* iconv does not write there */
	size_t left = len;
	bool good = true;

	if (table == (iconv_t)-1 && errno == ENOMEM)
		return gate_starved(err);
	if (table == (iconv_t)-1)
		return err_set(err, ERR_UNAVAILABLE, "本机的 C 库没有 GB18030 编码表",
		        "this system's C library has no table of GB18030");
	while (good && left && !out->full)
		good = pour(table, &from, &left, out);
	iconv_close(table);
	if (out->full)
		return gate_starved(err);
	return good || bad_byte(len - left, "GB18030", err);
}

bool cap_transcode(enum encoding from, const unsigned char *bytes, size_t len, struct buf *out,
        struct err *err)
{
	switch (from) {
	case ENCODING_UTF_16:
		return from_utf16(bytes, len, out, err);
	case ENCODING_GB18030:
		return from_gb18030(bytes, len, out, err);
	case ENCODING_LATIN_1:
	case ENCODING_WINDOWS_1252:
		return from_bytes(bytes, len, from == ENCODING_WINDOWS_1252, out, err);
	case ENCODING_UTF_8:
	case ENCODING_NONE:
	case ENCODING_OTHER:
		break;
	}
	return err_set(err, ERR_INTERNAL, "没有这种转码", "there is no such transcoding");
}
