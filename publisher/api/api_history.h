/* SPDX-License-Identifier: Apache-2.0
 * api_history - what was done to a bulletin before its release, and what has changed since the one
 * who asks last had it before them.
 */
#ifndef TOCSIN_API_HISTORY_H
#define TOCSIN_API_HISTORY_H

#include "web.h"

/* Adds "steps", and "changes" since the caller's own last approval or return (null: there is none).
 */
bool show_history(struct call *call, const struct bulletin *bulletin,
        const struct approval_list *approvals, json_t *json, struct err *err);

#endif
