/* SPDX-License-Identifier: Apache-2.0
 * cap_value_time - the readers of times, and of references, which hold times (cap_schema.h).
 */
#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"
#include "cap_liberty.h"
#include "cap_schema.h"

#define BLANKS " \t\r\n"

/* The schemas before 1.2 take any xs:dateTime. */
static unsigned allowed(const struct cap_reader *reader)
{
	if (reader->lenient)
		return ~0u;
	return reader->version < CAP_VERSION_12 ? LIBERTY_ZULU | LIBERTY_FRACTION : 0;
}

static void note_time(struct cap_reader *reader, const struct cap_place *place, unsigned liberties,
        const char *text)
{
	static const struct {
		unsigned liberty;
		const char *rule, *zh, *en;
	} rows[] = {
	        {LIBERTY_ZULU, "read.time.zulu", "时间以 Z 结尾，按 -00:00 读",
	                "the time ends in Z: read as -00:00"},
	        {LIBERTY_FRACTION, "read.time.fraction", "秒的小数部分已舍去",
	                "the parts of a second were dropped"},
	        {LIBERTY_BLANK, "read.time.blank", "日期与时刻之间是空格，按 T 读",
	                "a blank stands between date and clock: read as T"},
	        {LIBERTY_ZONE, "read.time.zone", "时间没有时差，按该来源设定的时差读",
	                "the time has no offset: that set for the source was taken"},
	        {LIBERTY_CLOCK, "read.time.clock", "时刻或时差写得不全，已补足",
	                "clock or offset are not written out: they were completed"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (liberties & rows[i].liberty)
			cap_read_note(reader, place, rows[i].rule, rows[i].zh, rows[i].en, text);
	}
}

static bool take_time(struct cap_reader *reader, const struct cap_place *place, const char *text,
        struct cap_time *out)
{
	struct cap_time time;
	unsigned liberties;

	if (cap_time_read(text, out))
		return true;
	if (!liberty_time(text, reader->zone, &time, &liberties) || (liberties & ~allowed(reader)))
		return false;
	*out = time;
	note_time(reader, place, liberties, text);
	return true;
}

static void bad_time(struct cap_reader *reader, const struct cap_place *place, const char *text)
{
	if (allowed(reader) && liberty_lacks_zone(text))
		cap_read_error(reader, place, "schema.time",
		        "时间没有时差，而该来源没有设定时区：不知道是何时",
		        "the time has no offset and no zone is set for the source: nobody can tell "
		        "when it is",
		        text);
	else
		cap_read_error(reader, place, "schema.time",
		        "不是 CAP 的时间，应如 2026-11-23T09:00:00+08:00（不用 Z，不带小数秒）",
		        "not a dateTime of CAP such as 2026-11-23T09:00:00+08:00 (no Z, no "
		        "fractions)",
		        text);
}

static void read_time(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, struct cap_time *out, bool optional)
{
	const char *raw = cap_read_leaf(reader, place, node);
	char *text = raw ? cap_read_got(reader, cap_text_collapse(raw)) : NULL;

	if (text && !*text && optional && reader->lenient)
		cap_read_note(reader, place, "read.empty", "元素是空的，按没有处理",
		        "the element is empty and counts as absent", NULL);
	else if (text && !take_time(reader, place, text, out))
		bad_time(reader, place, text);
	free(text);
}

void cap_read_time(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	read_time(reader, place, node, cap_read_field(object, row), true);
}

void cap_read_sent(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	if (reader->unfilled && !node->text_len && !node->child && !node->attribute)
		return;
	read_time(reader, place, node, cap_read_field(object, row), false);
}

/* One triplet, written with the strict form of its time when that takes a liberty; *changed then.
 */
static void put_reference(const struct cap_reader *reader, const char *from, size_t len,
        struct buf *out, bool *changed)
{
	char text[40] = "";
	char strict[26];
	struct cap_time time;
	unsigned liberties = 0;
	const char *first = memchr(from, ',', len);
	const char *second =
	        first ? memchr(first + 1, ',', len - (size_t)(first + 1 - from)) : NULL;
	size_t head = second ? (size_t)(second + 1 - from) : 0;

	if (second && len - head < sizeof text) {
		memcpy(text, from + head, len - head);
		if (!cap_time_read(text, &time) &&
		        liberty_time(text, reader->zone, &time, &liberties) &&
		        !(liberties & ~allowed(reader))) {
			cap_time_write(time, strict);
			buf_add(out, from, head);
			buf_text(out, strict);
			*changed = true;
			return;
		}
	}
	buf_add(out, from, len);
}

/* As the times of the messages they name are read, so are theirs: else nobody finds them. */
void cap_read_references(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	char **slot = cap_read_field(object, row);
	const char *text = cap_read_leaf(reader, place, node);
	struct buf out;
	bool changed = false;

	cap_read_optional(reader, place, node, row, object);
	if (!text || !*slot || !allowed(reader))
		return;
	buf_init_mild(&out, CAP_LIMIT_FEED);
	for (const char *at = text + strspn(text, BLANKS); *at; at += strspn(at, BLANKS)) {
		size_t len = strcspn(at, BLANKS);

		if (out.len)
			buf_char(&out, ' ');
		put_reference(reader, at, len, &out, &changed);
		at += len;
	}
	reader->starved = reader->starved || out.starved;
	if (changed && !out.full) {
		cap_read_note(reader, place, "read.references", "引用中的时间已按标准写法改写",
		        "times in the references were written as the standard has them", text);
		free(*slot);
		*slot = out.data;
		return;
	}
	buf_finish(&out);
}
