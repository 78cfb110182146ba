/* SPDX-License-Identifier: Apache-2.0
 * words_fit - see words.h: the longest version of a text that fits.
 *
 * The versions form a row: all sentences; then one sentence less of the description each time, down
 * to its first; then one less of the instruction, down to its first. The longest that fits is found
 * by halving, so that a text of a hundred thousand sentences costs seventeen tries.
 */
#include "words.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/* A moment like any other: all filled texts are equally wide. */
enum { ANY_MOMENT = 1000 };

char *words_filled(const char *text)
{
	struct buf out;

	buf_init(&out, 0);
	text_fill_sent(text, ANY_MOMENT, &out);
	return buf_take(&out);
}

int words_bytes(const char *text)
{
	size_t len = strlen(text);

	return len > INT_MAX ? INT_MAX : (int)len;
}

int words_characters(const char *text)
{
	size_t count = utf8_count(text);

	return count > INT_MAX ? INT_MAX : (int)count;
}

/* Where sentences end: byte offsets behind 。；！ or a line end. */
struct sentences {
	char *text;
	size_t *ends;
	size_t count;
};

bool words_ends_sentence(uint32_t c)
{
	return c == 0x3002 || c == 0xff1b || c == 0xff01 || c == '\n';
}

static void sentences_init(struct sentences *s, const char *text)
{
	*s = (struct sentences){.text = words_clean(text)};
	const char *at = s->text;
	uint32_t c;

	while ((c = utf8_next(&at)))
		if (words_ends_sentence(c) || !*at)
			*(size_t *)mem_push(&s->ends, &s->count, sizeof *s->ends) =
			        (size_t)(at - s->text);
}

static void sentences_finish(struct sentences *s)
{
	free(s->text);
	free(s->ends);
}

static char *first_of(const struct sentences *s, size_t count)
{
	return mem_text_n(s->text, count ? s->ends[count - 1] : 0);
}

static size_t spare(const struct sentences *s)
{
	return s->count ? s->count - 1 : 0;
}

struct fitting {
	const struct view *view;
	const struct text_style *style;
	draft_compose *compose;
	draft_measure *measure;
	struct sentences description, instruction;
};

/* The version that keeps `kept` sentences beyond the first ones; its size. */
static int try_version(const struct fitting *f, size_t kept, struct buf *out)
{
	size_t of_instruction = kept < spare(&f->instruction) ? kept : spare(&f->instruction);
	size_t of_description = kept - of_instruction;
	char *description =
	        first_of(&f->description, f->description.count ? of_description + 1 : 0);
	char *instruction =
	        first_of(&f->instruction, f->instruction.count ? of_instruction + 1 : 0);
	const struct draft draft = {f->view, f->style, description, instruction};

	buf_reset(out);
	f->compose(&draft, out);
	free(description);
	free(instruction);
	char *filled = words_filled(out->data ? out->data : "");
	int size = out->full ? INT_MAX : f->measure(filled);
	free(filled);
	return size;
}

static int best_version(const struct fitting *f, int limit, struct buf *out, bool *shortened)
{
	size_t most = spare(&f->description) + spare(&f->instruction);
	int size = try_version(f, most, out);

	*shortened = size > limit;
	if (!*shortened || !most)
		return size;
	size_t low = 0;
	size_t high = most; /* does not fit */
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;
		if (try_version(f, middle, out) <= limit)
			low = middle;
		else
			high = middle;
	}
	return try_version(f, low, out);
}

bool words_fit(const struct view *view, const struct text_style *style, draft_compose *compose,
        draft_measure *measure, int limit, struct buf *out, struct text_fit *fit, struct err *err)
{
	struct fitting f = {view, style, compose, measure, {0}, {0}};
	struct buf text;

	sentences_init(&f.description, words_unmarked(view->mode, view->description));
	sentences_init(&f.instruction, words_unmarked(view->mode, view->instruction));
	buf_init(&text, 0);
	fit->limit = limit;
	fit->used = best_version(&f, limit, &text, &fit->shortened);
	if (fit->used <= limit)
		buf_add(out, text.data, text.len);
	buf_finish(&text);
	sentences_finish(&f.description);
	sentences_finish(&f.instruction);
	if (fit->used <= limit)
		return true;
	return err_set(err, ERR_INPUT,
	        "即使只留首句，文字仍占 %d（上限 %d，单位 %s）：请缩短标题、区域或首句",
	        "even with first sentences only the text takes %d (at most %d %s): shorten "
	        "headline, areas or first sentences",
	        fit->used, limit, fit->unit);
}
