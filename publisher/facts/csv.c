/* SPDX-License-Identifier: Apache-2.0
 * csv - see csv.h. Relies on a file of at most CSV_LIMIT bytes.
 */
#include "csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "mem.h"
#include "utf8.h"

bool csv_split(char *line, char **fields, size_t most, size_t *count)
{
	char *in = line;
	bool more = true;

	*count = 0;
	while (more) {
		bool quoted = *in == '"';
		char *out = in;
		if (*count == most)
			return false;
		fields[(*count)++] = in;
		in += quoted;
		while (*in && (quoted || *in != ',')) {
			if (quoted && *in == '"' && *++in != '"') {
				quoted = false;
				continue;
			}
			*out++ = *in++;
		}
		if (quoted)
			return false;
		more = *in == ',';
		in += more;
		*out = '\0';
	}
	return true;
}

static char *file_text(const char *path, struct err *err)
{
	FILE *file = fopen(path, "rbe");
	struct buf text;

	if (!file) {
		err_set(err, ERR_CONFIG, "无法打开 %s：%s", "cannot open %s: %s", path,
		        strerror(errno));
		return NULL;
	}
	buf_init(&text, CSV_LIMIT);
	bool good = buf_read(&text, file);
	fclose(file);
	if (good && utf8_valid(text.data ? text.data : "", text.len, NULL))
		return buf_take(&text);
	err_set(err, ERR_CONFIG, "%s 无法读取、过大或不是 UTF-8",
	        "%s cannot be read, is too big, or is not UTF-8", path);
	buf_finish(&text);
	return NULL;
}

/* The heading tells that these are the columns we think they are. */
static bool read_line(
        const struct csv_table *table, void *place, char *line, bool *headed, struct err *err)
{
	char *fields[CSV_FIELDS];
	size_t count;

	line[strcspn(line, "\r")] = '\0';
	if (!line[0] || line[0] == '#')
		return true;
	if (!*headed) {
		*headed = true;
		if (strcmp(line, table->head) == 0)
			return true;
		return err_set(err, ERR_CONFIG, "表头应为“%s”", "the heading line is not \"%s\"",
		        table->head);
	}
	if (!csv_split(line, fields, CSV_FIELDS, &count) || count != table->fields)
		return err_set(err, ERR_CONFIG, "应有 %zu 个字段", "there are not %zu fields",
		        table->fields);
	return table->row(place, fields, err);
}

bool csv_read(const char *path, const struct csv_table *table, void *place, struct err *err)
{
	char *text = file_text(path, err);
	char *line = text;
	bool headed = false;
	bool ok = text != NULL;
	int number = 1;

	for (; ok && line; number++) {
		char *end = strchr(line, '\n');
		struct err cause = {0};
		if (end)
			*end = '\0';
		ok = read_line(table, place, line, &headed, &cause);
		if (!ok)
			err_set(err, ERR_CONFIG, "%s:%d: %s%.0s", "%s:%d: %.0s%s", path, number,
			        cause.zh, cause.en);
		line = end ? end + 1 : NULL;
	}
	if (ok && !headed)
		ok = err_set(err, ERR_CONFIG, "%s 是空的", "%s is empty", path);
	free(text);
	return ok;
}

bool csv_read_in(const char *folder, const struct csv_table *table, void *place, struct err *err)
{
	char *path = mem_format("%s/%s", folder, table->file);
	bool ok = csv_read(path, table, place, err);

	free(path);
	return ok;
}
