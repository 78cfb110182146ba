/* SPDX-License-Identifier: Apache-2.0
 * catalog - the tables of event types (GB/T 35561), divisions (GB/T 2260) and their outlines, read
 * once from CSV files.
 *
 * Never changed after reading: many threads may look at one catalog. What it gives is borrowed and
 * lives as long as the catalog. Look-ups that find nothing, or more than one answer, give NULL:
 * nobody guesses.
 */
#ifndef TOCSIN_CATALOG_H
#define TOCSIN_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "area.h"
#include "cap.h"
#include "err.h"

struct hazard {
	char *code; /* 11B03 */
	char *name_zh, *name_en;
	enum cap_category category;
	char basis; /* A-D: data/README.md */
};

struct division {
	char *code; /* 6, 9 or 12 digits */
	char *name_zh, *name_en;
	char *level;  /* municipality, grouping, district, street */
	char *parent; /* code, or "" */
	char *slug;   /* binhai, or "" */
};

struct catalog {
	struct hazard *hazards;
	size_t hazard_count;
	struct division *divisions;
	size_t division_count;
	struct outlines
	        *outlines; /* of divisions (area.h); without any when there is no such file */
};

/* Reads event-types.csv, divisions.csv and, where it is there, outlines.csv from the folder. NULL:
 * *err names file, line and cause. */
struct catalog *catalog_read(const char *folder, struct err *err);
void catalog_destroy(struct catalog **catalog);

const struct hazard *catalog_hazard(const struct catalog *catalog, const char *code);
const struct hazard *catalog_hazard_named(
        const struct catalog *catalog, const char *name_zh); /* exactly */
/* The longest name that stands in the text: 海上大风, not 大风. */
const struct hazard *catalog_hazard_in(const struct catalog *catalog, const char *text);

const struct division *catalog_division(
        const struct catalog *catalog, const char *code); /* 12-digit forms too */
/* 滨海新区, 天津市, binhai, Binhai New Area; also without 市, 区, 新区 at the end: 滨海. */
const struct division *catalog_division_named(const struct catalog *catalog, const char *name);
/* The division whose name (or shortened name) the text begins with, the longest one: the seat of a
 * unit. */
const struct division *catalog_division_of_unit(
        const struct catalog *catalog, const char *unit_name);

bool hazard_code_shaped(const char *code); /* "1", a digit, 0 or a capital letter, two digits */
/* 120116000000 -> 120116, 120116001000 -> 120116001; *out the caller's. false: not 6, 9 or 12
 * digits. */
bool division_code_short(const char *code, char **out);

#endif
