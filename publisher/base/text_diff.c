/* SPDX-License-Identifier: Apache-2.0
 * text_diff - see text_diff.h. Greedy: after a difference, the nearest pair of equal lines within
 * LOOK lines is where both go on, so the work is bounded by LOOK for every line.
 */
#include "text_diff.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"

enum { LOOK = 400 };

struct lines {
	const char **at;
	size_t *len;
	size_t count;
};

static struct lines split(const char *text)
{
	struct lines lines = {0};
	size_t room = 1;

	for (const char *p = text; *p; p++)
		room += *p == '\n';
	lines.at = mem_array(room, sizeof *lines.at);
	lines.len = mem_array(room, sizeof *lines.len);
	while (*text) {
		lines.at[lines.count] = text;
		lines.len[lines.count] = strcspn(text, "\n");
		text += lines.len[lines.count++];
		text += *text == '\n';
	}
	return lines;
}

static bool same(const struct lines *a, size_t i, const struct lines *b, size_t k)
{
	return a->len[i] == b->len[k] && memcmp(a->at[i], b->at[k], a->len[i]) == 0;
}

/* How many lines to leave out on either side until they agree again; false: not within LOOK. */
static bool meet(
        const struct lines *a, size_t i, const struct lines *b, size_t k, size_t *out, size_t *in)
{
	for (size_t sum = 1; sum <= LOOK; sum++) {
		for (size_t o = 0; o <= sum; o++) {
			size_t n = sum - o;
			if (i + o < a->count && k + n < b->count && same(a, i + o, b, k + n)) {
				*out = o;
				*in = n;
				return true;
			}
		}
	}
	return false;
}

static void put(struct buf *out, char mark, const struct lines *lines, size_t from, size_t count)
{
	for (size_t i = from; i < from + count; i++) {
		buf_char(out, mark);
		buf_add(out, lines->at[i], lines->len[i]);
		buf_char(out, '\n');
	}
}

char *text_diff(const char *before, const char *after)
{
	struct lines a = split(before);
	struct lines b = split(after);
	struct buf out;
	size_t i = 0, k = 0;

	buf_init(&out, 0);
	while (i < a.count || k < b.count) {
		if (i < a.count && k < b.count && same(&a, i, &b, k)) {
			i++, k++;
			continue;
		}
		size_t gone = a.count - i;
		size_t come = b.count - k;
		meet(&a, i, &b, k, &gone, &come);
		buf_format(&out, "@@ %zu, %zu @@\n", i + 1, k + 1);
		put(&out, '-', &a, i, gone);
		put(&out, '+', &b, k, come);
		i += gone;
		k += come;
	}
	free(a.at), free(a.len), free(b.at), free(b.len);
	return buf_take(&out);
}
