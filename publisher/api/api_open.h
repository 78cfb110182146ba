/* SPDX-License-Identifier: Apache-2.0
 * api_open - of a bulletin what a page shows besides: what its reader may do, what the policy says
 * to that, its words each in its place, and its codes in words.
 */
#ifndef TOCSIN_API_OPEN_H
#define TOCSIN_API_OPEN_H

#include "api_show.h"
#include "open_acts.h"

/* Adds acts, sign_offs, authority, words, places, unit_name, hazard_zh, hazard_en. May settle the
 * bulletin's handler. */
void show_open(struct call *call, struct bulletin *bulletin, const struct approval_list *approvals,
        json_t *json);

/* The texts people wrote, each under its path. */
json_t *open_words_json(const struct bulletin *bulletin);

/* For lists: adds places, unit_name, hazard_zh, hazard_en; and acts, sign_offs. */
/* Of what is released: a cancel or correction is out, too, but tells of an end. */
bool open_in_force(const struct bulletin *bulletin, int64_t now);
void open_names(const struct house *house, const struct bulletin *bulletin, json_t *json);
void open_acts_json(const struct call *call, const struct bulletin *bulletin,
        const struct approval_list *approvals, int64_t now, json_t *json);
/* Of what is out: acts alone, which hang on no sign-off. */
void open_ends_json(
        const struct call *call, const struct bulletin *bulletin, int64_t now, json_t *json);

#endif
