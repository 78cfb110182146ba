/* SPDX-License-Identifier: Apache-2.0
 * problems - what is wrong with a message, shown: as one sentence, as JSON. The API and `tocsin
 * validate` use the same form.
 */
#ifndef TOCSIN_PROBLEMS_H
#define TOCSIN_PROBLEMS_H

#include <jansson.h>

#include "cap_problem.h"
#include "err.h"

/* The first error as a sentence with its place: always false, so that it can be returned. */
bool problems_err(const struct cap_problems *problems, struct err *err);

json_t *problems_json(
        const struct cap_problems *problems); /* [{"rule","level","path","message","message_zh"}] */

#endif
