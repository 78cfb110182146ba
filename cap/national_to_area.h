/* SPDX-License-Identifier: Apache-2.0
 * national_to_area - the areas of a national message as CAP's. Inside national_*.c only.
 */
#ifndef TOCSIN_NATIONAL_TO_AREA_H
#define TOCSIN_NATIONAL_TO_AREA_H

#include "national.h"

/* Adds to info->areas: one for each name with its code where the lists are in step, else one for
 * all of them. */
void national_to_area(const struct national_area *from, const char *path, struct cap_info *info,
        struct cap_problems *problems);

#endif
