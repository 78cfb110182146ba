/* SPDX-License-Identifier: Apache-2.0
 * plain - see plain.h. The versions form a row from the longest to the shortest; the first that
 * fits is taken. A version is cut at the ends of sentences only.
 */
#include "plain.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "words.h"

/* How much of it stands there. */
struct version {
	bool original, call;
	size_t act; /* bytes of what to do */
};

static bool latin_end(uint32_t c, const char *rest)
{
	return (c == '.' || c == '!' || c == '?') && (*rest == ' ' || *rest == '\0');
}

/* Bytes up to the end of the last sentence that ends before `len`; 0: the first goes beyond. */
static size_t sentences_before(const char *text, size_t len)
{
	const char *at = text;
	size_t end = 0;
	uint32_t c;

	while ((c = utf8_next(&at)) != 0 && (size_t)(at - text) < len)
		if (words_ends_sentence(c) || latin_end(c, at))
			end = (size_t)(at - text);
	return end;
}

/* On a line of its own, cleaned; nothing where nothing is said. */
static void put_line(struct buf *out, const char *text, size_t len)
{
	char *part = mem_text_n(text, len);
	size_t before = out->len;

	if (out->len)
		buf_char(out, '\n');
	size_t start = out->len;

	words_line(out, part);
	if (out->len == start && before < start)
		out->data[--out->len] = '\0';
	free(part);
}

static void put_whole(struct buf *out, const char *text)
{
	put_line(out, text, strlen(text));
}

/* To the letter: its lines stay. */
static void put_original(struct buf *out, const char *text)
{
	char *clean = words_clean(text);

	buf_format(out, "\n%s", clean);
	free(clean);
}

static void compose(const struct plain *plain, const struct version *version, struct buf *out)
{
	buf_reset(out);
	put_whole(out, plain->drill);
	put_line(out, plain->act, version->act);
	put_whole(out, plain->where);
	put_whole(out, plain->until);
	put_whole(out, plain->what);
	put_whole(out, plain->issuer);
	if (version->call)
		put_whole(out, plain->call);
	if (!version->original || !*plain->original)
		return;
	buf_char(out, '\n');
	put_whole(out, plain->original_head);
	put_original(out, plain->original);
}

/* The next shorter one; false: there is none. */
static bool shorten(const struct plain *plain, struct version *version)
{
	size_t act;

	if (version->original) {
		version->original = false;
		return true;
	}
	if (version->call) {
		version->call = false;
		return true;
	}
	act = sentences_before(plain->act, version->act);
	if (!act)
		return false;
	version->act = act;
	return true;
}

static bool check(const struct plain *plain, struct err *err)
{
	if (*plain->where && *plain->until && *plain->what && *plain->issuer)
		return true;
	return err_set(err, ERR_INPUT, "地点、时间、级别或发布单位缺一不能成文",
	        "place, time, level and issuer must all be there");
}

bool plain_compose(const struct plain *plain, size_t limit, struct buf *out, struct text_fit *fit,
        struct err *err)
{
	struct version version = {
	        *plain->original != '\0', *plain->call != '\0', strlen(plain->act)};
	struct buf text;
	bool shortened = false;
	bool more = true;

	if (!check(plain, err))
		return false;
	buf_init(&text, 0);
	compose(plain, &version, &text);
	while (limit && utf8_count(text.data) > limit &&
	        (more = shorten(plain, &version)) == true) {
		shortened = true;
		compose(plain, &version, &text);
	}
	size_t used = utf8_count(text.data);

	if (fit) {
		*fit = (struct text_fit){.used = (int)used, .parts = 1, .shortened = shortened};
		fit->limit = limit < INT_MAX ? (int)limit : INT_MAX;
		snprintf(fit->unit, sizeof fit->unit, "characters");
	}
	if (more)
		buf_add(out, text.data, text.len);
	buf_finish(&text);
	return more ||
	       err_set(err, ERR_TOO_BIG,
	               "至少需要 %zu 个字符，上限只有 %zu：地点、时间、级别和发布单位不能省略",
	               "at least %zu characters are needed, and the limit is %zu: place, time, "
	               "level and issuer are never left out",
	               used, limit);
}
