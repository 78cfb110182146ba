/* SPDX-License-Identifier: Apache-2.0
 * due - what waits for somebody, soonest first (待办): what is about to expire, the law's duties,
 * drafts, what is to be reviewed, signed or released; and what else ends soon (ends.h).
 */
#ifndef TOCSIN_DUE_H
#define TOCSIN_DUE_H

#include <jansson.h>

#include "house.h"

/* bulletin NULL: everybody's open work; else that bulletin's duties, done ones too. */
bool due_list(struct house *house, struct store *reader, const char *bulletin, int64_t now,
        json_t **out, struct err *err);

#endif
