/* SPDX-License-Identifier: Apache-2.0
 * cap_encoding - see cap_encoding.h: what the bytes are, by what they say of themselves.
 */
#include "cap_encoding.h"

#include <string.h>
#include <strings.h>

#include "cap_gate.h"
#include "utf8.h"

/* So many characters are no accident. */
enum { SURE = 8, DECLARATION_MAX = 256, NAME_MAX_LEN = 24 };

static const struct {
	const char *name;
	enum encoding encoding;
} names[] = {
        {"UTF-8", ENCODING_UTF_8},
        {"UTF8", ENCODING_UTF_8},
        {"US-ASCII", ENCODING_UTF_8},
        {"ASCII", ENCODING_UTF_8},
        {"UTF-16", ENCODING_UTF_16},
        {"UTF-16LE", ENCODING_UTF_16},
        {"UTF-16BE", ENCODING_UTF_16},
        {"GB18030", ENCODING_GB18030},
        {"GBK", ENCODING_GB18030},
        {"GB2312", ENCODING_GB18030},
        {"GB_2312-80", ENCODING_GB18030},
        {"CP936", ENCODING_GB18030},
        {"EUC-CN", ENCODING_GB18030},
        {"ISO-8859-1", ENCODING_LATIN_1},
        {"ISO_8859-1", ENCODING_LATIN_1},
        {"ISO8859-1", ENCODING_LATIN_1},
        {"LATIN1", ENCODING_LATIN_1},
        {"windows-1252", ENCODING_WINDOWS_1252},
        {"CP1252", ENCODING_WINDOWS_1252},
};

static enum encoding encoding_of(const char *name)
{
	if (!name || !*name)
		return ENCODING_NONE;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].encoding;
	}
	return ENCODING_OTHER;
}

bool cap_encoding_known(const char *name)
{
	enum encoding encoding = encoding_of(name);

	return encoding != ENCODING_NONE && encoding != ENCODING_OTHER;
}

static const char *text_of(enum encoding encoding)
{
	static const char *const texts[] = {
	        "UTF-8", "UTF-16", "GB18030", "ISO-8859-1", "windows-1252"};

	return texts[encoding];
}

/* The encoding's name within the XML declaration the bytes begin with. */
struct named {
	char name[NAME_MAX_LEN]; /* "" = none */
	size_t from, to;         /* its place */
};

static struct named find_name(const char *bytes, size_t len)
{
	struct named named = {.name = ""};
	char head[DECLARATION_MAX];
	size_t room = len < sizeof head - 1 ? len : sizeof head - 1;

	if (len < 6 || memcmp(bytes, "<?xml", 5) != 0 || !strchr(" \t\r\n", bytes[5]))
		return named;
	memcpy(head, bytes, room);
	head[room] = '\0';
	head[strcspn(head, ">")] = '\0';
	const char *at = strstr(head, "encoding");

	if (!at)
		return named;
	at += strlen("encoding");
	at += strspn(at, " \t\r\n");
	if (*at != '=')
		return named;
	at++;
	at += strspn(at, " \t\r\n");
	size_t name = *at == '"' ? strcspn(at + 1, "\"") : *at == '\'' ? strcspn(at + 1, "'") : 0;

	if (name && name < sizeof named.name && at[name + 1]) {
		memcpy(named.name, at + 1, name);
		named.from = (size_t)(at + 1 - head);
		named.to = named.from + name;
	}
	return named;
}

static bool looks_like_utf16(const unsigned char *bytes, size_t len)
{
	return len >= 4 &&
	       ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff) ||
	               (bytes[0] == '<' && bytes[1] == 0) || (bytes[0] == 0 && bytes[1] == '<'));
}

/* What valid UTF-8 can only be, whatever it calls itself: many characters of three bytes, or many
 * of two where the other encoding would have a letter for each byte. *plain: nothing is above
 * ASCII. */
static bool surely_utf8(const unsigned char *bytes, size_t len, enum encoding other, bool *plain)
{
	unsigned char lead = other == ENCODING_GB18030 ? 0xe0 : 0xc2;
	size_t count = 0;

	*plain = true;
	for (size_t i = 0; i < len; i++) {
		*plain = *plain && bytes[i] < 0x80;
		count += bytes[i] >= lead;
	}
	return count >= SURE;
}

/* What only GB18030 can be: characters of GB 2312 in pairs, and no other byte above ASCII. */
static bool surely_gb2312(const unsigned char *bytes, size_t len)
{
	size_t pairs = 0;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] < 0x80)
			continue;
		if (bytes[i] < 0xa1 || bytes[i] > 0xf7 || i + 1 == len || bytes[i + 1] < 0xa1 ||
		        bytes[i + 1] > 0xfe)
			return false;
		pairs++;
		i++;
	}
	return pairs >= SURE;
}

static void note(struct cap_problems *problems, const char *rule, const char *zh, const char *en,
        const char *name)
{
	cap_problem_add(
	        problems, CAP_PROBLEM_NOTE, rule, "/", "%s%.0s：%s", "%.0s%s: %s", zh, en, name);
}

static bool contradiction(const char *name, struct err *err)
{
	return err_set(err, ERR_INPUT,
	        "声明的编码是 %s，字节却是 UTF-8：二者必有一误，请改正声明或另存",
	        "the encoding named is %s, but the bytes are UTF-8: one of the two is wrong", name);
}

/* Bytes that claim to be UTF-8, or nothing, and are not: may they be something else for sure? */
static bool other_than_utf8(const unsigned char *bytes, size_t len, const struct cap_manner *manner,
        size_t at, enum encoding *encoding, struct cap_problems *problems, struct err *err)
{
	enum encoding set = encoding_of(manner->encoding);

	if (!manner->lenient || memchr(bytes, 0, len))
		return gate_not_utf8(at, err);
	if (set == ENCODING_GB18030 || set == ENCODING_LATIN_1 || set == ENCODING_WINDOWS_1252) {
		*encoding = set;
		note(problems, "read.encoding.set", "没有如实声明编码，按该来源设定的编码读",
		        "no true encoding is named: read as set for the source", text_of(set));
		return true;
	}
	if (!surely_gb2312(bytes, len))
		return gate_not_utf8(at, err);
	*encoding = ENCODING_GB18030;
	note(problems, "read.encoding.undeclared",
	        "没有声明编码或声明为 UTF-8，字节却只能是这种编码，照此读",
	        "UTF-8 or no encoding is named, but the bytes can only be this: read so",
	        text_of(ENCODING_GB18030));
	return true;
}

/* The name says one thing; do the bytes, or a mark before them, say another? */
static bool agree(const struct named *named, const unsigned char *bytes, size_t len, bool mark,
        const struct cap_manner *manner, enum encoding *encoding, struct cap_problems *problems,
        struct err *err)
{
	size_t at;
	bool plain;
	bool sure = surely_utf8(bytes, len, *encoding, &plain);
	bool valid = utf8_valid(bytes, len, &at);
	bool utf8 = *encoding == ENCODING_UTF_8 || *encoding == ENCODING_NONE;

	if (utf8 && valid) {
		*encoding = ENCODING_UTF_8;
		return true;
	}
	if (utf8 && !mark)
		return other_than_utf8(bytes, len, manner, at, encoding, problems, err);
	if (utf8 || (mark && !valid))
		return gate_not_utf8(at, err);
	if (!mark && *encoding != ENCODING_UTF_16 && (plain || !valid))
		return true;
	/* A mark, a declaration that could be read at all, or many long characters: UTF-8. */
	if (!manner->lenient || !valid || !(mark || sure || *encoding == ENCODING_UTF_16))
		return valid ? contradiction(named->name, err) : gate_not_utf8(at, err);
	*encoding = ENCODING_UTF_8;
	note(problems, "read.encoding.wrong", "字节是 UTF-8，声明的却是这种编码，按 UTF-8 读",
	        "the bytes are UTF-8 and were read so, but another encoding is named", named->name);
	return true;
}

/* The declaration must not name another encoding than the bytes now have. */
static bool rename_encoding(struct cap_decoded *out, struct err *err)
{
	struct named named = find_name(out->bytes, out->len);
	struct buf again;

	if (!*named.name || strcasecmp(named.name, "UTF-8") == 0)
		return true;
	buf_init_mild(&again, out->len + DECLARATION_MAX);
	buf_add(&again, out->bytes, named.from);
	buf_text(&again, "UTF-8");
	buf_add(&again, out->bytes + named.to, out->len - named.to);
	buf_finish(&out->own);
	out->own = again;
	out->bytes = again.data;
	out->len = again.len;
	return !again.full || gate_starved(err);
}

static bool find_encoding(struct cap_decoded *out, const struct cap_manner *manner,
        enum encoding *encoding, struct cap_problems *problems, struct err *err)
{
	const unsigned char *bytes = (const unsigned char *)out->bytes;
	bool mark = out->len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;

	if (looks_like_utf16(bytes, out->len)) {
		*encoding = ENCODING_UTF_16;
		return true;
	}
	if (mark) {
		note(problems, "read.encoding.mark", "开头有字节顺序标记，已略去",
		        "there is a byte order mark in front: it was left out",
		        text_of(ENCODING_UTF_8));
		bytes += 3;
		out->bytes += 3;
		out->len -= 3;
	}
	struct named named = find_name(out->bytes, out->len);

	*encoding = encoding_of(named.name);
	if (*encoding == ENCODING_OTHER)
		return err_set(err, ERR_INPUT,
		        "不支持编码 %s；支持 UTF-8、UTF-16、GB18030（含 GBK、GB2312）、"
		        "ISO-8859-1、windows-1252",
		        "the encoding %s is not read; UTF-8, UTF-16, GB18030 (GBK and GB2312 too), "
		        "ISO-8859-1 and windows-1252 are",
		        named.name);
	return agree(&named, bytes, out->len, mark, manner, encoding, problems, err);
}

bool cap_decode(const void *bytes, size_t len, const struct cap_manner *manner,
        struct cap_decoded *out, struct cap_problems *problems, struct err *err)
{
	enum encoding encoding = ENCODING_UTF_8;

	*out = (struct cap_decoded){.bytes = bytes, .len = len};
	buf_init_mild(&out->own, 4 * (size_t)CAP_LIMIT_FEED);
	bool good = find_encoding(out, manner, &encoding, problems, err);

	if (good && encoding != ENCODING_UTF_8) {
		good = cap_transcode(
		        encoding, (const unsigned char *)out->bytes, out->len, &out->own, err);
		out->bytes = out->own.data ? out->own.data : "";
		out->len = out->own.len;
		if (good)
			note(problems, "read.encoding", "已转为 UTF-8，原文编码是",
			        "the bytes were made UTF-8; they were", text_of(encoding));
	}
	out->encoding = text_of(good ? encoding : ENCODING_UTF_8);
	good = good && rename_encoding(out, err);
	if (!good)
		cap_decoded_finish(out);
	return good;
}

void cap_decoded_finish(struct cap_decoded *decoded)
{
	buf_finish(&decoded->own);
}
