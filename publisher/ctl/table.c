/* SPDX-License-Identifier: Apache-2.0
 * table - see table.h.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

enum { GAP = 2 };

void table_init(struct table *table, size_t columns)
{
	*table = (struct table){.columns = columns};
}

void table_add(struct table *table, const char *text)
{
	char *line = mem_text(text);

	utf8_one_line(line);
	texts_add(&table->cells[table->at], line);
	table->at = (table->at + 1) % table->columns;
	free(line);
}

/* East Asian wide and full-width forms, as far as our texts have them. */
static bool is_wide(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},
	        {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
	        {0x20000, 0x3fffd}};

	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (c >= wide[i].from && c <= wide[i].to)
			return true;
	return false;
}

static size_t width(const char *text)
{
	size_t places = 0;
	uint32_t c;

	while ((c = utf8_next(&text)))
		places += is_wide(c) ? 2 : 1;
	return places;
}

static size_t widest(const struct texts *column)
{
	size_t most = 0;

	for (size_t i = 0; i < column->count; i++) {
		size_t places = width(column->items[i]);
		most = places > most ? places : most;
	}
	return most;
}

void table_print(const struct table *table, FILE *out)
{
	size_t most[TABLE_MOST];

	for (size_t c = 0; c < table->columns; c++)
		most[c] = widest(&table->cells[c]);
	for (size_t row = 0; row < table->cells[table->columns - 1].count; row++) {
		for (size_t c = 0; c < table->columns; c++) {
			const char *text = table->cells[c].items[row];
			size_t blanks = c + 1 < table->columns ? most[c] - width(text) + GAP : 0;
			fprintf(out, "%s%*s", text, (int)blanks, "");
		}
		fputc('\n', out);
	}
}

void table_finish(struct table *table)
{
	for (size_t c = 0; c < table->columns; c++)
		texts_finish(&table->cells[c]);
}
