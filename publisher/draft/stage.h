/* SPDX-License-Identifier: Apache-2.0
 * stage - the words that are approved together with a warning, so that one person can send them at
 * once: its cancel (解除), and the corrections for a wrong area and a false alarm.
 *
 * All three are msgType Cancel. A correction is no Update, because an Update would leave the wrong
 * area marked as warned at every subscriber that keeps areas; it says what was wrong in `note`, in
 * the parameter `correction`, and in words. The right warning then goes out as a bulletin of its
 * own.
 */
#ifndef TOCSIN_STAGE_H
#define TOCSIN_STAGE_H

#include "bulletin.h"
#include "cap.h"
#include "err.h"

enum { STAGED_COUNT = 3, STAGED_AFTER_MS = 24 * 3600 * 1000 };

struct staged_message {
	const char *as;          /* static: cancel, wrong-area, false-alarm; bulletin.staged_as */
	struct cap_alert *alert; /* identifier and references "", sent unset */
};

/* The cancel expires with its original; the corrections STAGED_AFTER_MS later, since an error may
 * come to light at the end. false + *err: the original cannot be undone (it is a cancel itself, or
 * has no info or expiry). *out is only written to. */
bool stage_messages(const struct bulletin *original, const struct cap_alert *alert,
        struct staged_message out[STAGED_COUNT], struct err *err);
void staged_messages_finish(struct staged_message messages[STAGED_COUNT]);

#endif
