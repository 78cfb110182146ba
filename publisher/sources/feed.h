/* SPDX-License-Identifier: Apache-2.0
 * feed - a source that is a list somewhere else: Atom or RSS whose entries carry messages or say
 * where they are, or one document (CAP, EDXL-DE, JSON) that changes.
 *
 * What an entry leads to is handed in once; a removed entry means nothing. Links and redirects go
 * to the feed's own site and to those the settings name, and to no address of this network unless
 * the settings name it.
 */
#ifndef TOCSIN_FEED_H
#define TOCSIN_FEED_H

#include <signal.h>

#include "buf.h"
#include "hand_in.h"

/* Until *stop, or until the line breaks. false + *err: the settings are wrong. */
bool feed_run(struct hand_in *line, const volatile sig_atomic_t *stop, struct err *err);
void feed_manual(struct buf *out); /* its options, as roff */

#endif
