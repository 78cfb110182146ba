/* SPDX-License-Identifier: Apache-2.0
 * kept - the session `tocsin login` left on this machine: one file a server, 0600, below
 * $XDG_STATE_HOME/tocsin (~/.local/state/tocsin). It holds the session's token and the word by
 * which the server knows this machine again.
 */
#ifndef TOCSIN_KEPT_H
#define TOCSIN_KEPT_H

#include <stdbool.h>

#include "err.h"

struct kept {
	char *token;  /* "" when signed out */
	char *device; /* "" when never signed in */
};
void kept_finish(struct kept *kept);
/* Nothing there is not a fault: both are "". */
bool kept_read(const char *server, struct kept *out, struct err *err);
bool kept_write(const char *server, const struct kept *kept, struct err *err);

#endif
