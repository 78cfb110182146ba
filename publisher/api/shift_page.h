/* SPDX-License-Identifier: Apache-2.0
 * shift_page - what stands at this moment, a sentence each, for the page that hands the watch over.
 */
#ifndef TOCSIN_SHIFT_PAGE_H
#define TOCSIN_SHIFT_PAGE_H

#include "shift_text.h"
#include "web.h"

/* Fills in the lists but for the remarks. What a list has no room for it counts in its last line.
 */
bool shift_page(struct call *call, struct shift_text *out, struct err *err);

#endif
