/* SPDX-License-Identifier: Apache-2.0
 * api_people - what the handlers about people share: a body with secrets in it.
 */
#ifndef TOCSIN_API_PEOPLE_H
#define TOCSIN_API_PEOPLE_H

#include "people.h"
#include "web.h"

/* The body, which must say that it is JSON: no page of another site can send that type unasked.
 * NULL: *err. */
json_t *people_body(const struct call *call, struct err *err);
/* A member that must be a text of at most 256 bytes; borrowed. */
bool people_text(const json_t *json, const char *name, const char **out, struct err *err);
/* Both factors of a claim: `password`, and `code` or a passkey's `attempt` and `assertion`;
 * borrowed.
 */
bool people_factors(const json_t *json, struct claim *claim, struct err *err);

#endif
