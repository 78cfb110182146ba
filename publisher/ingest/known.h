/* SPDX-License-Identifier: Apache-2.0
 * known - what the record knows of a message that an arriving one refers to: received from
 * upstream, or released here. For the rules of references (cap_rule.h).
 */
#ifndef TOCSIN_KNOWN_H
#define TOCSIN_KNOWN_H

#include "cap_rule.h"
#include "store.h"

struct known {
	struct store *reader;
	int64_t now; /* ms: what has expired by then is ended */
};

/* A cap_known_function; `record` is a struct known. A record that cannot be read knows nothing. */
enum cap_standing known_message(
        void *record, const struct cap_reference *reference, struct cap_time *sent);

#endif
