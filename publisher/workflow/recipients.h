/* SPDX-License-Identifier: Apache-2.0
 * recipients - who gets an SMS: a CSV file of number,division, chosen by area. (The directory with
 * hazards, levels and groups grows from here.)
 */
#ifndef TOCSIN_RECIPIENTS_H
#define TOCSIN_RECIPIENTS_H

#include "bulletin.h"
#include "err.h"

/* Adds blocks to the audience: every number whose division lies in one of the areas, each once, in
 * the file's order. A line that is no number,division refuses the whole file, named by its line:
 * nobody is left out silently. */
bool recipients_choose(
        const char *path, const struct texts *areas, struct audience *audience, struct err *err);

#endif
