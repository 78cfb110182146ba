/* SPDX-License-Identifier: Apache-2.0
 * catalog_find - the look-ups of catalog.h. They walk the tables: a few hundred rows, asked a few
 * times a message. Cannot fail but by finding nothing.
 */
#include "catalog.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct hazard *catalog_hazard(const struct catalog *catalog, const char *code)
{
	for (size_t i = 0; code && i < catalog->hazard_count; i++)
		if (strcmp(catalog->hazards[i].code, code) == 0)
			return &catalog->hazards[i];
	return NULL;
}

const struct hazard *catalog_hazard_named(const struct catalog *catalog, const char *name_zh)
{
	const struct hazard *found = NULL;

	for (size_t i = 0; name_zh && i < catalog->hazard_count; i++) {
		if (strcmp(catalog->hazards[i].name_zh, name_zh) != 0)
			continue;
		if (found)
			return NULL;
		found = &catalog->hazards[i];
	}
	return found;
}

const struct hazard *catalog_hazard_in(const struct catalog *catalog, const char *text)
{
	const struct hazard *best = NULL;
	bool several = false;

	for (size_t i = 0; text && i < catalog->hazard_count; i++) {
		const struct hazard *hazard = &catalog->hazards[i];
		if (!strstr(text, hazard->name_zh))
			continue;
		size_t len = strlen(hazard->name_zh);
		size_t best_len = best ? strlen(best->name_zh) : 0;
		if (len > best_len)
			several = false;
		else if (len == best_len)
			several = true;
		if (len > best_len)
			best = hazard;
	}
	return several ? NULL : best;
}

const struct division *catalog_division(const struct catalog *catalog, const char *code)
{
	const struct division *found = NULL;
	char *wanted = NULL;

	if (!code || !division_code_short(code, &wanted))
		return NULL;
	for (size_t i = 0; i < catalog->division_count && !found; i++) {
		char *have = NULL;
		if (division_code_short(catalog->divisions[i].code, &have) &&
		        strcmp(have, wanted) == 0)
			found = &catalog->divisions[i];
		free(have);
	}
	free(wanted);
	return found;
}

static bool is_area(const struct division *division)
{
	return strcmp(division->level, "grouping") != 0;
}

/* How many bytes of the name are left without 新区, 区, 市, 县; at least two characters stay. */
static size_t short_len(const char *name)
{
	static const char *const ends[] = {"新区", "区", "市", "县"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t end = strlen(ends[i]);
		if (len >= end + 6 && strcmp(name + len - end, ends[i]) == 0)
			return len - end;
	}
	return len;
}

const struct division *catalog_division_named(const struct catalog *catalog, const char *name)
{
	for (size_t i = 0; name && i < catalog->division_count; i++) {
		const struct division *division = &catalog->divisions[i];
		size_t cut = short_len(division->name_zh);
		if (!is_area(division))
			continue;
		if (strcmp(division->name_zh, name) == 0 ||
		        strcasecmp(division->name_en, name) == 0)
			return division;
		if (strncmp(division->name_zh, name, cut) == 0 && !name[cut])
			return division;
		if (division->slug[0] && strcasecmp(division->slug, name) == 0)
			return division;
	}
	return NULL;
}

/* 河北省气象台 is no unit of 河北区: a shortened name must not go on as another kind of place. */
static bool goes_on_elsewhere(const char *rest)
{
	static const char *const kinds[] = {"省", "市", "县", "州", "自治", "地区", "区"};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strncmp(rest, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

static size_t begins_with(const char *text, const char *name)
{
	size_t full = strlen(name);
	size_t cut = short_len(name);

	if (strncmp(text, name, full) == 0)
		return full;
	if (strncmp(text, name, cut) == 0 && !goes_on_elsewhere(text + cut))
		return cut;
	return 0;
}

const struct division *catalog_division_of_unit(
        const struct catalog *catalog, const char *unit_name)
{
	const struct division *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; unit_name && i < catalog->division_count; i++) {
		const struct division *division = &catalog->divisions[i];
		size_t len = begins_with(unit_name, division->name_zh);
		if (is_area(division) && len > best_len) {
			best = division;
			best_len = len;
		}
	}
	return best;
}
