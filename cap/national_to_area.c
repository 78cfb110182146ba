/* SPDX-License-Identifier: Apache-2.0
 * national_to_area - see national_to_area.h. A shape that is not in CAP's form is left out: codes
 * are the form's own way to name a place, and nobody knows its circle's unit.
 */
#include "national_to_area.h"

#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_geometry.h"
#include "national_parts.h"

enum { FULL = 12 };

static size_t count_parts(const char *text, const char *(*next)(const char **at, size_t *len))
{
	size_t count = 0;
	size_t len;

	while (text && next(&text, &len))
		count++;
	return count;
}

/* 120116 and 120116001 are 120116000000 and 120116001000; what is no such code stays as it is, and
 * is refused where it is used. */
static char *full_code(const char *text, size_t len, bool *changed)
{
	char *code = mem_zero(len + FULL + 1);

	memcpy(code, text, len);
	if ((len == 6 || len == 9) && strspn(code, "0123456789") == len) {
		memset(code + len, '0', FULL - len);
		*changed = true;
	}
	return code;
}

static bool have(const struct cap_info *info, size_t from, const char *desc, const char *code)
{
	for (size_t i = from; i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];

		if (strcmp(area->desc, desc) == 0 &&
		        strcmp(area->geocodes.items[0].value, code) == 0)
			return true;
	}
	return false;
}

/* Names and codes in step: an area each, but the same one once. */
static void put_each(
        const struct national_area *from, struct cap_info *info, bool *changed, bool *twice)
{
	size_t first = info->area_count;
	const char *names = from->desc;
	const char *codes = from->geocode;
	const char *name, *code;
	size_t name_len, code_len;

	while ((name = national_next_name(&names, &name_len)) != NULL &&
	        (code = national_next(&codes, &code_len)) != NULL) {
		char *desc = mem_text_n(name, name_len);
		char *full = full_code(code, code_len, changed);

		if (have(info, first, desc, full)) {
			*twice = true;
		} else {
			struct cap_area *area = cap_info_add_area(info);

			mem_set_text(&area->desc, desc);
			cap_pairs_add(&area->geocodes, CAP_CHINA_GEOCODE, full);
		}
		free(desc);
		free(full);
	}
}

static void put_whole(const struct national_area *from, struct cap_info *info, bool *changed)
{
	struct cap_area *area = cap_info_add_area(info);
	const char *codes = from->geocode ? from->geocode : "";
	const char *code;
	size_t len;

	mem_set_text(&area->desc, from->desc ? from->desc : "");
	while ((code = national_next(&codes, &len)) != NULL) {
		char *full = full_code(code, len, changed);

		cap_pairs_add(&area->geocodes, CAP_CHINA_GEOCODE, full);
		free(full);
	}
	if (from->polygon)
		cap_area_add_polygon(area, from->polygon, NULL);
}

static bool is_polygon(const char *text)
{
	struct cap_polygon polygon;
	const char *rule;
	bool good = cap_polygon_read(text, &polygon, &rule, NULL);

	free(polygon.text);
	free(polygon.points);
	return good;
}

static void lost(struct cap_problems *problems, const char *path, const char *element,
        const char *zh, const char *en)
{
	char *full = mem_format("%s/%s", path, element);

	national_note(problems, "convert.lost", full, zh, en);
	free(full);
}

void national_to_area(const struct national_area *from, const char *path, struct cap_info *info,
        struct cap_problems *problems)
{
	struct national_area area = *from;
	size_t names = count_parts(from->desc, national_next_name);
	size_t codes = count_parts(from->geocode, national_next);
	bool changed = false;
	bool twice = false;

	if (codes + names + info->area_count > NATIONAL_AREAS_MAX) {
		cap_problem_add(problems, CAP_PROBLEM_ERROR, "convert.area", path,
		        "区域的名称和区划代码太多（限 %d）",
		        "too many names and codes of areas (the limit is %d)", NATIONAL_AREAS_MAX);
		return;
	}
	if (from->polygon && !is_polygon(from->polygon)) {
		area.polygon = NULL;
		lost(problems, path, "polygon", "不是 CAP 写法的多边形（纬度,经度），已略去",
		        "no polygon as CAP writes one (latitude,longitude): it was left out");
	}
	if (from->circle)
		lost(problems, path, "circle", "圆的写法和半径单位不明，已略去",
		        "how a circle is written, and the unit of its radius, is not certain: left "
		        "out");
	if (codes && names == codes && !area.polygon)
		put_each(&area, info, &changed, &twice);
	else
		put_whole(&area, info, &changed);
	if (changed || twice)
		national_note(problems, "convert.changed", path,
		        changed ? "区划代码补足 12 位" : "同一区域写了两次，只取一次",
		        changed ? "division codes were written out to twelve digits"
		                : "the same area stands there twice: taken once");
	if (codes && names != codes)
		national_note(problems, "convert.changed", path,
		        "区域名称与区划代码个数不同，作为一个区域",
		        "there are not as many names as codes: they are one area");
}
