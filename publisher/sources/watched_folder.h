/* SPDX-License-Identifier: Apache-2.0
 * watched_folder - a source that is a folder on this machine: every file put there is handed in,
 * then moved to done/ or refused/ (with NAME.reason beside it). Write under a name that begins with
 * a dot, then rename.
 */
#ifndef TOCSIN_WATCHED_FOLDER_H
#define TOCSIN_WATCHED_FOLDER_H

#include <signal.h>

#include "buf.h"
#include "hand_in.h"

/* Until *stop, or until the line breaks. false + *err: the settings are wrong. */
bool folder_run(struct hand_in *line, const volatile sig_atomic_t *stop, struct err *err);
void folder_manual(struct buf *out); /* its options, as roff */

#endif
