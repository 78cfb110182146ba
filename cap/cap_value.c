/* SPDX-License-Identifier: Apache-2.0
 * cap_value - the readers of the simple types (cap_schema.h): words, times, tokens, shapes.
 *
 * A reader never fails as such: it says what is wrong and leaves its field as it was, so that one
 * fault does not hide the next. Strictly it takes what the schema of the message's version takes;
 * leniently also what cap_liberty.h can read in one way only, and notes it.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"
#include "cap_leaf.h"
#include "cap_liberty.h"
#include "cap_schema.h"

/* An empty element that need not be there: leniently it is not. */
static bool counts_as_absent(
        struct cap_reader *reader, const struct cap_place *place, const char *text)
{
	if (!reader->lenient || !cap_leaf_blank(text))
		return false;
	cap_read_note(reader, place, "read.empty", "元素是空的，按没有处理",
	        "the element is empty and counts as absent", NULL);
	return true;
}

static void put_text(struct cap_reader *reader, char **out, const char *text)
{
	free(*out);
	*out = cap_read_got(reader, mem_try_text_n(text, strlen(text)));
}

/* xs:string: every blank counts. */
void cap_read_text(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *text = cap_read_leaf(reader, place, node);

	if (text)
		put_text(reader, cap_read_field(object, row), text);
}

void cap_read_optional(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *text = cap_read_leaf(reader, place, node);

	if (text && !counts_as_absent(reader, place, text))
		put_text(reader, cap_read_field(object, row), text);
}

void cap_read_code(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *text = cap_read_leaf(reader, place, node);
	struct texts *codes = cap_read_field(object, row);

	if (!text || counts_as_absent(reader, place, text))
		return;
	char **slot = cap_read_got(
	        reader, mem_try_push(&codes->items, &codes->count, sizeof *codes->items));

	if (slot)
		put_text(reader, slot, text);
}

/* What CAP 1.0 had and nobody should keep. */
void cap_read_skip(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	(void)row;
	(void)object;
	if (cap_read_leaf(reader, place, node))
		cap_read_note(reader, place, "read.skipped", "CAP 1.2 没有这个元素，已略去",
		        "CAP 1.2 has no such element: it was left out", NULL);
}

/* Types whose outer blanks do not count; the caller's. NULL: not to be had (it was said). */
static char *collapsed(
        struct cap_reader *reader, const struct cap_place *place, const struct cap_node *node)
{
	const char *text = cap_read_leaf(reader, place, node);

	return text ? cap_read_got(reader, cap_text_collapse(text)) : NULL;
}

static void bad_type(struct cap_reader *reader, const struct cap_place *place, const char *text)
{
	cap_read_error(reader, place, "schema.type", "值不符合该元素的类型",
	        "the value is not of this element's type", text);
}

static void take_token(char **out, char *text)
{
	free(*out);
	*out = text;
}

void cap_read_token(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	char *text = collapsed(reader, place, node);

	if (!text || counts_as_absent(reader, place, text)) {
		free(text);
		return;
	}
	if (!row->fits(text))
		bad_type(reader, place, text);
	take_token(cap_read_field(object, row), text);
}

/* A size is a hint: one that is no number tells nobody anything. */
void cap_read_size(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	const char *text = cap_read_leaf(reader, place, node);

	if (reader->lenient && text && !cap_leaf_blank(text)) {
		char *number = cap_read_got(reader, cap_text_collapse(text));
		bool fits = number && row->fits(number);

		free(number);
		if (number && !fits) {
			cap_read_note(reader, place, "read.size", "size 不是整数，已略去",
			        "the size is no integer: it was left out", text);
			return;
		}
	}
	if (text)
		cap_read_token(reader, place, node, row, object);
}

/* The default, en-US, is for the empty element; blanks are a value, and no language. */
void cap_read_language(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	char *text = collapsed(reader, place, node);

	if (!text || (reader->lenient && counts_as_absent(reader, place, text))) {
		free(text);
		return;
	}
	bool fits = row->fits(text) && (*text || !node->text_len);

	if (!fits && reader->lenient && *text) {
		for (char *c = strchr(text, '_'); c; c = strchr(c, '_'))
			*c = '-';
		fits = row->fits(text);
		if (fits)
			cap_read_note(reader, place, "read.language", "语言代码写法已改正",
			        "the language code was written right", text);
	}
	if (!fits)
		bad_type(reader, place, text);
	take_token(cap_read_field(object, row), text);
}

/* Words that not every version has. */
static bool is_of_version(const struct cap_words *words, unsigned value, enum cap_version version)
{
	static const struct {
		const struct cap_words *words;
		unsigned value;
		enum cap_version since;
	} later[] = {
	        {&cap_status_words, CAP_DRAFT, CAP_VERSION_11},
	        {&cap_category_words, CAP_CBRNE, CAP_VERSION_11},
	        {&cap_certainty_words, CAP_OBSERVED, CAP_VERSION_11},
	        {&cap_response_type_words, CAP_AVOID, CAP_VERSION_12},
	        {&cap_response_type_words, CAP_ALL_CLEAR, CAP_VERSION_12},
	};

	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		if (later[i].words == words && later[i].value == value)
			return version >= later[i].since;
	}
	return true;
}

/* false: no word (it was said, or it counts as absent). */
static bool take_word(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_words *words, bool optional, unsigned *value)
{
	const char *text = cap_read_leaf(reader, place, node);

	if (!text || (optional && counts_as_absent(reader, place, text)))
		return false;
	if (cap_words_read(words, text, value) &&
	        (reader->lenient || is_of_version(words, *value, reader->version)))
		return true;
	bool old = reader->version == CAP_VERSION_10 && words == &cap_certainty_words &&
	           strcmp(text, "Very Likely") == 0;

	if ((reader->lenient || old) && liberty_word(words, text, value)) {
		cap_read_note(reader, place, "read.word", "不是标准的写法，按标准的词读",
		        "not written as the standard has it: read as its word", text);
		return true;
	}
	cap_read_error(reader, place, "schema.word", "不是标准规定的词（区分大小写和空白）",
	        "not a word of the standard here (case and blanks count)", text);
	return false;
}

void cap_read_word(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	unsigned value;

	if (take_word(reader, place, node, row->words, false, &value))
		memcpy(cap_read_field(object, row), &value, sizeof value);
}

void cap_read_category(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_info *info = object;
	unsigned value;
	enum cap_category *slot =
	        take_word(reader, place, node, row->words, true, &value)
	                ? cap_read_got(reader, mem_try_push(&info->categories,
	                                               &info->category_count, sizeof *slot))
	                : NULL;

	if (slot)
		*slot = (enum cap_category)value;
}

void cap_read_response(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_info *info = object;
	unsigned value;
	enum cap_response_type *slot =
	        take_word(reader, place, node, row->words, true, &value)
	                ? cap_read_got(reader, mem_try_push(&info->responses, &info->response_count,
	                                               sizeof *slot))
	                : NULL;

	if (slot)
		*slot = (enum cap_response_type)value;
}
