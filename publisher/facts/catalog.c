/* SPDX-License-Identifier: Apache-2.0
 * catalog - see catalog.h. Relies on csv for reading; gives nothing at all rather than half a
 * table.
 */
#include "catalog.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csv.h"

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

static bool hazard_row(void *place, char **fields, struct err *err)
{
	struct catalog *catalog = place;
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

static bool division_row(void *place, char **fields, struct err *err)
{
	struct catalog *catalog = place;
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

static bool outline_row(void *place, char **fields, struct err *err)
{
	struct catalog *catalog = place;
	char *end = NULL;
	long accuracy = strtol(fields[1], &end, 10);

	if (!catalog_division(catalog, fields[0]))
		return err_set(err, ERR_CONFIG, "区划代码“%s”不在 divisions.csv 中",
		        "division \"%s\" is not in divisions.csv", fields[0]);
	if (!fields[1][0] || *end || accuracy < 0 || accuracy > OUTLINE_ACCURACY_MOST)
		return err_set(err, ERR_CONFIG, "精度“%s”应为 0 至 %d 米",
		        "accuracy \"%s\" is not 0 to %d metres", fields[1],
		        (int)OUTLINE_ACCURACY_MOST);
	return outlines_add(catalog->outlines, fields[0], (int)accuracy, fields[2], err);
}

static const struct csv_table tables[] = {
        {"event-types.csv", "code,name_zh,name_en,cap_category,basis", 5, hazard_row},
        {"divisions.csv", "code,name_zh,name_en,level,parent,slug", 6, division_row},
};

/* A bureau may have no outlines: then nothing drawn is sent. */
static bool read_outlines(struct catalog *catalog, const char *folder, struct err *err)
{
	static const struct csv_table table = {
	        "outlines.csv", "code,accuracy_m,polygon", 3, outline_row};
	char *path = mem_format("%s/%s", folder, table.file);
	bool ok = access(path, F_OK) != 0 || csv_read(path, &table, catalog, err);

	free(path);
	return ok;
}

struct catalog *catalog_read(const char *folder, struct err *err)
{
	struct catalog *catalog = mem_zero(sizeof *catalog);
	bool ok = true;

	catalog->outlines = outlines_create();
	for (size_t i = 0; ok && i < sizeof tables / sizeof tables[0]; i++)
		ok = csv_read_in(folder, &tables[i], catalog, err);
	if (!ok || !read_outlines(catalog, folder, err))
		catalog_destroy(&catalog);
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
	outlines_destroy(&(*catalog)->outlines);
	free((*catalog)->hazards);
	free((*catalog)->divisions);
	free(*catalog);
	*catalog = NULL;
}
