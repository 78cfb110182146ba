/* SPDX-License-Identifier: Apache-2.0
 * facts_area - the areas of one info, for facts.c alone.
 */
#ifndef TOCSIN_FACTS_AREA_H
#define TOCSIN_FACTS_AREA_H

#include "flatten.h"

/* Who reads, and what for. */
struct facts_reading {
	const struct catalog *catalog; /* drafts: the table of event types, and the outlines */
	const struct outlines *outlines;
	const struct texts *known; /* areas settled before: shapes are not looked at again */
	struct cap_facts *facts;
};

/* Adds to facts->areas and sets facts->drawn. `number` is the info's, from 1. */
bool facts_read_areas(const struct facts_reading *reading, const struct cap_info *info, int number,
        struct err *err);

#endif
