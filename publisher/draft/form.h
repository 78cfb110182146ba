/* SPDX-License-Identifier: Apache-2.0
 * form - a draft as the report it could have been written as (draft_from_report), for a form that
 * edits it. The reverse of draft_report.c, and refused where anything would be lost.
 */
#ifndef TOCSIN_FORM_H
#define TOCSIN_FORM_H

#include <jansson.h>

#include "bulletin.h"
#include "cap.h"
#include "draft.h"

/* The report's members; of `rules` catalog and phrases are looked at. NULL: ERR_CONFLICT, and *err
 * names what a report cannot say (a second language, heights, an attachment ...). */
json_t *form_of(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct draft_rules *rules, struct err *err);

/* Of what is released: the report of an update of it, with the words to begin from; its headline is
 * made anew. */
json_t *form_of_update(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct draft_rules *rules, struct err *err);

#endif
