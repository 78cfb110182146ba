/* SPDX-License-Identifier: Apache-2.0
 * draft_national - what the table of event types and the headline say of a message of the national
 * platform: the `event` of struct national_help (cap/national.h).
 */
#ifndef TOCSIN_DRAFT_NATIONAL_H
#define TOCSIN_DRAFT_NATIONAL_H

#include "national.h"

/* `catalog` is a struct catalog, only looked at. Some upstreams put numbers of their own behind our
 * codes: so the name in the headline holds. A headline that is no more than an event's name will
 * do. */
void draft_national_event(void *catalog, const char *code, const char *headline, const char *text,
        struct national_event *out);

#endif
