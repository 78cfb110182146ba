/* SPDX-License-Identifier: Apache-2.0
 * relay - a verified upstream warning passed on unedited: every upstream element is kept, its
 * identifier and `sent` too; its Signature stays in the record and ours takes its place. The signer
 * verifies the upstream signature by its own trust file; nothing here is believed by it.
 */
#ifndef TOCSIN_RELAY_H
#define TOCSIN_RELAY_H

#include "cap.h"
#include "house.h"

const struct relay *relay_row(
        const struct policy *policy, const char *source); /* first for this source, or NULL */

/* A bulletin ready to go (DRAFT, procedure relay, prepared), or NULL + *err: why it cannot be one.
 */
struct bulletin *relay_bulletin(struct house *house, struct store *reader,
        const struct cap_alert *alert, const struct relay *row, const void *bytes, size_t len,
        struct err *err);

#endif
