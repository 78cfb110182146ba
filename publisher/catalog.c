/* SPDX-License-Identifier: Apache-2.0
 * catalog - see catalog.h. Relies on a file of at most CATALOG_LIMIT bytes; fails by naming file,
 * line and cause, and then gives nothing at all rather than half a table.
 */
#include "catalog.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "utf8.h"

enum { CATALOG_LIMIT = 4 << 20, CATALOG_FIELDS = 8 };

struct table {
	const char *file;
	const char *head; /* the heading line, exactly */
	size_t fields;
	bool (*row)(struct catalog *catalog, char **fields, struct err *err);
};

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

bool hazard_code_shaped(const char *code)
{
	if (!code || strlen(code) != 5 || code[0] != '1')
		return false;
	if (code[1] < '0' || code[1] > '9' || (code[2] != '0' && (code[2] < 'A' || code[2] > 'Z')))
		return false;
	return code[3] >= '0' && code[3] <= '9' && code[4] >= '0' && code[4] <= '9';
}

bool division_code_short(const char *code, char **out)
{
	size_t len = strlen(code);

	if (strspn(code, "0123456789") != len || (len != 6 && len != 9 && len != 12))
		return false;
	while (len > 6 && strncmp(code + len - 3, "000", 3) == 0)
		len -= 3;
	*out = mem_text_n(code, len);
	return true;
}

static bool hazard_row(struct catalog *catalog, char **fields, struct err *err)
{
	enum cap_category category;

	if (!hazard_code_shaped(fields[0]))
		return err_set(err, ERR_CONFIG, "事件编码“%s”格式不对",
		        "\"%s\" is not an event code", fields[0]);
	if (catalog_hazard(catalog, fields[0]))
		return err_set(err, ERR_CONFIG, "事件编码“%s”重复",
		        "event code \"%s\" is there twice", fields[0]);
	if (!fields[1][0])
		return err_set(err, ERR_CONFIG, "事件编码“%s”缺少名称",
		        "event code \"%s\" has no name", fields[0]);
	if (!cap_category_read(fields[3], &category))
		return err_set(err, ERR_CONFIG, "CAP 类别“%s”不存在",
		        "\"%s\" is not a CAP category", fields[3]);
	if (strlen(fields[4]) != 1 || fields[4][0] < 'A' || fields[4][0] > 'D')
		return err_set(err, ERR_CONFIG, "依据“%s”应为 A 至 D",
		        "basis \"%s\" is not one of A to D", fields[4]);
	struct hazard *hazard =
	        mem_push(&catalog->hazards, &catalog->hazard_count, sizeof *catalog->hazards);
	hazard->code = mem_text(fields[0]);
	hazard->name_zh = mem_text(fields[1]);
	hazard->name_en = mem_text(fields[2]);
	hazard->category = category;
	hazard->basis = fields[4][0];
	return true;
}

static bool division_row(struct catalog *catalog, char **fields, struct err *err)
{
	static const char *const levels[] = {"municipality", "grouping", "district", "street"};
	char *code = NULL;
	bool known = false;

	if (!division_code_short(fields[0], &code))
		return err_set(err, ERR_CONFIG, "区划代码“%s”应为 6、9 或 12 位数字",
		        "division code \"%s\" is not 6, 9 or 12 digits", fields[0]);
	free(code);
	if (catalog_division(catalog, fields[0]))
		return err_set(err, ERR_CONFIG, "区划代码“%s”重复",
		        "division \"%s\" is there twice", fields[0]);
	if (!fields[1][0])
		return err_set(err, ERR_CONFIG, "区划代码“%s”缺少名称",
		        "division \"%s\" has no name", fields[0]);
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		known = known || strcmp(levels[i], fields[3]) == 0;
	if (!known)
		return err_set(err, ERR_CONFIG, "区划级别“%s”不存在",
		        "\"%s\" is not a level of division", fields[3]);
	struct division *division =
	        mem_push(&catalog->divisions, &catalog->division_count, sizeof *catalog->divisions);
	division->code = mem_text(fields[0]);
	division->name_zh = mem_text(fields[1]);
	division->name_en = mem_text(fields[2]);
	division->level = mem_text(fields[3]);
	division->parent = mem_text(fields[4]);
	division->slug = mem_text(fields[5]);
	return true;
}

static const struct table tables[] = {
        {"event-types.csv", "code,name_zh,name_en,cap_category,basis", 5, hazard_row},
        {"divisions.csv", "code,name_zh,name_en,level,parent,slug", 6, division_row},
};

static char *file_text(const char *path, struct err *err)
{
	FILE *file = fopen(path, "rbe");
	struct buf text;

	if (!file) {
		err_set(err, ERR_CONFIG, "无法打开 %s：%s", "cannot open %s: %s", path,
		        strerror(errno));
		return NULL;
	}
	buf_init(&text, CATALOG_LIMIT);
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
static bool read_line(struct catalog *catalog, const struct table *table, char *line, bool *headed,
        struct err *err)
{
	char *fields[CATALOG_FIELDS];
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
	if (!csv_split(line, fields, CATALOG_FIELDS, &count) || count != table->fields)
		return err_set(err, ERR_CONFIG, "应有 %zu 个字段", "there are not %zu fields",
		        table->fields);
	return table->row(catalog, fields, err);
}

static bool read_table(
        struct catalog *catalog, const struct table *table, const char *folder, struct err *err)
{
	char *path = mem_format("%s/%s", folder, table->file);
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
		ok = read_line(catalog, table, line, &headed, &cause);
		if (!ok)
			err_set(err, ERR_CONFIG, "%s:%d: %s%.0s", "%s:%d: %.0s%s", path, number,
			        cause.zh, cause.en);
		line = end ? end + 1 : NULL;
	}
	if (ok && !headed)
		ok = err_set(err, ERR_CONFIG, "%s 是空的", "%s is empty", path);
	free(text);
	free(path);
	return ok;
}

struct catalog *catalog_read(const char *folder, struct err *err)
{
	struct catalog *catalog = mem_zero(sizeof *catalog);

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (!read_table(catalog, &tables[i], folder, err)) {
			catalog_destroy(&catalog);
			return NULL;
		}
	}
	return catalog;
}

void catalog_destroy(struct catalog **catalog)
{
	if (!catalog || !*catalog)
		return;
	for (size_t i = 0; i < (*catalog)->hazard_count; i++) {
		struct hazard *hazard = &(*catalog)->hazards[i];
		free(hazard->code);
		free(hazard->name_zh);
		free(hazard->name_en);
	}
	for (size_t i = 0; i < (*catalog)->division_count; i++) {
		struct division *division = &(*catalog)->divisions[i];
		free(division->code);
		free(division->name_zh);
		free(division->name_en);
		free(division->level);
		free(division->parent);
		free(division->slug);
	}
	free((*catalog)->hazards);
	free((*catalog)->divisions);
	free(*catalog);
	*catalog = NULL;
}
