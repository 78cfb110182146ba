/* SPDX-License-Identifier: Apache-2.0
 * fields - texts among the members of a JSON object; they live as long as it. Cannot fail.
 */
#ifndef TOCSIN_FIELDS_H
#define TOCSIN_FIELDS_H

#include <jansson.h>

const char *json_text(const json_t *object, const char *name);  /* "" when it is none */
const char *json_shown(const json_t *object, const char *name); /* "-" for none and for "" */

#endif
