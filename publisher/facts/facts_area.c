/* SPDX-License-Identifier: Apache-2.0
 * facts_area - which divisions the areas of a message concern.
 *
 * By their codes; an area that is only drawn is asked for by the divisions it touches (area.h), and
 * one with codes as well must not touch others. Fails with the path of the area.
 */
#include "facts_area.h"

#include <stdlib.h>
#include <string.h>

#include "policy.h"

enum { AREA_LIMIT = 2000 };

/* false: there are more than anybody's warning has, and comparing them would take long. */
static bool add_code(struct texts *areas, const char *code)
{
	for (size_t i = 0; i < areas->count; i++)
		if (strcmp(areas->items[i], code) == 0)
			return true;
	texts_add(areas, code);
	return areas->count <= AREA_LIMIT;
}

static bool too_many(int info, int number, struct err *err)
{
	return err_set(err, ERR_TOO_BIG, "/alert/info[%d]/area[%d]：区划代码超过 %d 个",
	        "/alert/info[%d]/area[%d]: more than %d division codes", info, number, AREA_LIMIT);
}

static bool read_codes(
        const struct cap_area *area, int info, int number, struct texts *codes, struct err *err)
{
	for (size_t i = 0; i < area->geocodes.count; i++) {
		const struct cap_pair *pair = &area->geocodes.items[i];
		char *code = NULL;
		if (strcmp(pair->name, FLATTEN_GEOCODE) != 0)
			continue;
		if (!division_code_short(pair->value, &code))
			return err_set(err, ERR_INPUT,
			        "/alert/info[%d]/area[%d] 的区划代码“%s”不是 6、9 或 12 位数字",
			        "/alert/info[%d]/area[%d]: division code \"%s\" is not 6, 9 or 12 "
			        "digits",
			        info, number, pair->value);
		bool few = add_code(codes, code);
		free(code);
		if (!few)
			return too_many(info, number, err);
	}
	return true;
}

static bool has_shape(const struct cap_area *area)
{
	return area->polygon_count + area->circle_count > 0;
}

bool flatten_area_is_drawn(const struct cap_area *area)
{
	return has_shape(area) && !cap_pairs_find(&area->geocodes, FLATTEN_GEOCODE);
}

bool flatten_is_drawn(const struct cap_alert *alert)
{
	for (size_t i = 0; i < alert->info_count; i++)
		for (size_t k = 0; k < alert->infos[i].area_count; k++)
			if (flatten_area_is_drawn(&alert->infos[i].areas[k]))
				return true;
	return false;
}

bool flatten_named_divisions(const struct cap_alert *alert, struct texts *codes, struct err *err)
{
	for (size_t i = 0; i < alert->info_count; i++)
		for (size_t k = 0; k < alert->infos[i].area_count; k++)
			if (!read_codes(
			            &alert->infos[i].areas[k], (int)i + 1, (int)k + 1, codes, err))
				return false;
	return true;
}

static bool within(const struct texts *codes, const char *division)
{
	for (size_t i = 0; i < codes->count; i++)
		if (policy_division_covers(codes->items[i], division))
			return true;
	return false;
}

/* Beside codes the shape says where in them; it must not say more than they do. */
static bool shape_keeps_within(const struct cap_area *area, const struct texts *codes,
        const struct texts *touched, const char *path, struct err *err)
{
	for (size_t i = 0; i < touched->count; i++)
		if (!within(codes, touched->items[i]))
			return err_set(err, ERR_INPUT,
			        "%s（%s）的多边形或圆涉及区划 %s，而区划代码（%s 等 %zu "
			        "个）不含它：请补上代码，或改画范围",
			        "%s (%s): polygon or circle touches division %s, which the "
			        "division codes (%s, %zu in all) do not cover: add the code or "
			        "redraw the shape",
			        path, area->desc ? area->desc : "", touched->items[i],
			        codes->items[0], codes->count);
	return true;
}

/* The divisions the shape touches: asked for when there are no codes, held against them else. */
static bool read_shape(const struct facts_reading *reading, const struct cap_area *area,
        const char *path, struct texts *codes, struct err *err)
{
	struct texts touched = {0};
	struct err cause = {0};
	bool ok = outlines_touched(reading->outlines, area, &touched, &cause);

	if (!ok)
		err_set(err, cause.kind, "%s（%s）：%s%.0s", "%s (%s): %.0s%s", path,
		        area->desc ? area->desc : "", cause.zh, cause.en);
	else if (codes->count)
		ok = shape_keeps_within(area, codes, &touched, path, err);
	else
		for (size_t i = 0; i < touched.count; i++)
			texts_add(codes, touched.items[i]);
	texts_finish(&touched);
	return ok;
}

static bool read_area(const struct facts_reading *reading, const struct cap_area *area, int info,
        int number, struct err *err)
{
	char *path = mem_format("/alert/info[%d]/area[%d]", info, number);
	struct texts codes = {0};
	bool drawn = flatten_area_is_drawn(area);
	/* A draft may wait for somebody to mend its shape: until then it counts for nothing. */
	bool waits = reading->catalog && cap_area_is_doubtful(area);
	bool ok = read_codes(area, info, number, &codes, err);

	/* A draft's shape is held against its codes when it is submitted, where people can mend it.
	 */
	if (ok && !waits && (drawn || (has_shape(area) && !reading->catalog)))
		ok = read_shape(reading, area, path, &codes, err);
	if (ok && !waits && !codes.count)
		ok = err_set(err, ERR_INPUT,
		        "%s（%s）没有区划代码（geocode " FLATTEN_GEOCODE "），也没有多边形和圆",
		        "%s (%s) has no division code (geocode " FLATTEN_GEOCODE
		        "), nor a polygon or circle",
		        path, area->desc ? area->desc : "");
	for (size_t i = 0; ok && i < codes.count; i++)
		ok = add_code(&reading->facts->areas, codes.items[i]) ||
		     too_many(info, number, err);
	reading->facts->drawn |= drawn;
	texts_finish(&codes);
	free(path);
	return ok;
}

bool facts_read_areas(const struct facts_reading *reading, const struct cap_info *info, int number,
        struct err *err)
{
	for (size_t i = 0; i < info->area_count; i++) {
		if (reading->known)
			reading->facts->drawn |= flatten_area_is_drawn(&info->areas[i]);
		else if (!read_area(reading, &info->areas[i], number, (int)i + 1, err))
			return false;
	}
	return true;
}
