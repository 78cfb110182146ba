/* SPDX-License-Identifier: Apache-2.0
 * shift_text - see shift_text.h. Refuses by naming the line.
 */
#include "shift_text.h"

#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "utf8.h"

void shift_text_finish(struct shift_text *s)
{
	struct texts *lists[] = {&s->active, &s->waiting, &s->due, &s->sick, &s->remarks};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		texts_finish(lists[i]);
	free(s->unit);
	free(s->from);
	free(s->to);
	*s = (struct shift_text){0};
}

static void put_list(struct buf *out, const char *key, const struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		lines_put(out, key, texts->items[i]);
}

void shift_text_write(const struct shift_text *s, struct buf *out)
{
	buf_text(out, "tocsin-shift 1\n");
	lines_put(out, "mode", mode_text(s->mode));
	lines_put(out, "unit", s->unit);
	lines_put(out, "previous", s->previous);
	lines_put(out, "from", s->from);
	lines_put(out, "to", s->to);
	lines_put_moment(out, "made", s->made);
	put_list(out, "active", &s->active);
	put_list(out, "waiting", &s->waiting);
	put_list(out, "due", &s->due);
	put_list(out, "sick", &s->sick);
	put_list(out, "remark", &s->remarks);
}

static void read_list(struct lines *lines, const char *key, struct texts *texts)
{
	while (lines_next_is(lines, key))
		texts_add(texts, lines_value(lines, key));
}

static void read_lines(struct lines *lines, struct shift_text *s)
{
	if (!mode_read(lines_value(lines, "mode"), &s->mode))
		lines->bad = true;
	s->unit = lines_text(lines, "unit");
	const char *previous = lines_value(lines, "previous");
	if (strcmp(previous, "-") != 0)
		lines_digest(lines, previous, s->previous);
	s->from = lines_text(lines, "from");
	s->to = lines_text(lines, "to");
	s->made = lines_moment(lines, "made");
	read_list(lines, "active", &s->active);
	read_list(lines, "waiting", &s->waiting);
	read_list(lines, "due", &s->due);
	read_list(lines, "sick", &s->sick);
	read_list(lines, "remark", &s->remarks);
}

bool shift_text_read(struct shift_text *s, const char *bytes, size_t len, struct err *err)
{
	struct lines lines = {.number = 1};
	struct buf again;

	*s = (struct shift_text){0};
	if (len > SHIFT_BYTES_MOST || !utf8_valid(bytes, len, NULL))
		return err_set(err, ERR_INPUT, "交接单不是 UTF-8 文本，或过长",
		        "the hand-over page is not UTF-8 text, or too long");
	char *copy = mem_text_n(bytes, len);
	lines.at = copy;
	if (strcmp(lines_value(&lines, "tocsin-shift"), "1") != 0)
		lines.bad = true;
	read_lines(&lines, s);
	free(copy);

	buf_init(&again, len + 1);
	shift_text_write(s, &again);
	bool same = lines_same(&lines, &again, bytes, len);
	buf_finish(&again);
	if (same)
		return true;
	shift_text_finish(s);
	return err_set(err, ERR_INPUT, "交接单第 %d 行附近有误",
	        "the hand-over page is wrong near line %d", lines.number);
}
