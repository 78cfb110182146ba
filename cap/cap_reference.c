/* SPDX-License-Identifier: Apache-2.0
 * cap_reference - the triplets of `references`: "sender,identifier,sent", white space between them
 * (cap_io.h). Strict: a triplet that is not one ends the reading with an error.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "cap_place.h"

void cap_reference_finish(struct cap_reference *reference)
{
	free(reference->sender);
	free(reference->identifier);
	*reference = (struct cap_reference){0};
}

char *cap_reference_text(const struct cap_alert *alert)
{
	char sent[26];

	cap_time_write(alert->sent, sent);
	return mem_format("%s,%s,%s", alert->sender ? alert->sender : "",
	        alert->identifier ? alert->identifier : "", sent);
}

/* false when it has not three good parts. */
static bool split(const char *text, size_t len, struct cap_reference *out)
{
	const char *end = text + len;
	const char *first = memchr(text, ',', len);
	const char *second = first ? memchr(first + 1, ',', (size_t)(end - first - 1)) : NULL;
	char sent[26];
	size_t rest = second ? (size_t)(end - second - 1) : 0;

	if (!second || first == text || second == first + 1 || rest >= sizeof sent)
		return false;
	memcpy(sent, second + 1, rest);
	sent[rest] = '\0';
	if (!cap_time_read(sent, &out->sent))
		return false;
	out->sender = mem_text_n(text, (size_t)(first - text));
	out->identifier = mem_text_n(first + 1, (size_t)(second - first - 1));
	return true;
}

/* strspn() and strcspn() would make a table of the blanks for each of many short items. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t cap_reference_item(const char **at, const char **item)
{
	const char *p = *at;

	while (is_blank(*p))
		p++;
	*item = p;
	while (*p && !is_blank(*p))
		p++;
	*at = p;
	return (size_t)(p - *item);
}

enum cap_triplet cap_reference_take(const char **at, struct cap_reference *out)
{
	const char *item;
	size_t len = cap_reference_item(at, &item);

	*out = (struct cap_reference){0};
	if (!len)
		return CAP_TRIPLET_END;
	return split(item, len, out) ? CAP_TRIPLET_GOOD : CAP_TRIPLET_BAD;
}

bool cap_reference_next(const char **at, struct cap_reference *out, struct err *err)
{
	const char *ahead = *at;
	const char *item;
	size_t len = cap_reference_item(&ahead, &item);
	enum cap_triplet found = cap_reference_take(at, out);
	char part[CAP_EXCERPT];

	if (err)
		err->kind = ERR_NONE;
	if (found != CAP_TRIPLET_BAD)
		return found == CAP_TRIPLET_GOOD;
	char *text = mem_text_n(item, len);

	cap_excerpt(text, part);
	free(text);
	return err_set(err, ERR_INPUT, "references 中的“%s”不是“sender,identifier,sent”三段式",
	        "\"%s\" in references is not of the form sender,identifier,sent", part);
}
