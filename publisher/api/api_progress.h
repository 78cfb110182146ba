/* SPDX-License-Identifier: Apache-2.0
 * api_progress - how far a bulletin has got at each far side, and what is held back there.
 */
#ifndef TOCSIN_API_PROGRESS_H
#define TOCSIN_API_PROGRESS_H

#include "api.h"

/* Adds "progress" and "pauses" to the bulletin's answer. */
bool show_progress(struct call *call, const struct bulletin *b,
        const struct delivery_list *deliveries, json_t *json, struct err *err);

#endif
