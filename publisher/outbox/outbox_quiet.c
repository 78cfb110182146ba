/* SPDX-License-Identifier: Apache-2.0
 * outbox_quiet - quiet hours are of the wall clock, dispatch knows the other one: asked at every
 * turn of the timer, so that a clock that is set holds within a second.
 */
#include "outbox_private.h"

void outbox_quiet(struct outbox *outbox, int64_t utc, int64_t now)
{
	for (size_t i = 0; i < outbox->config->target_count; i++) {
		const struct config_target *t = &outbox->config->targets[i];
		bool quiet = t->has_quiet && hours_hold(&t->quiet, utc);
		int64_t until = quiet ? hours_end(&t->quiet, utc) : 0;
		dispatch_set_quiet(outbox->dispatch, (int)i, quiet ? now + (until - utc) : 0);
	}
}
