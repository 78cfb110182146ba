/* SPDX-License-Identifier: Apache-2.0
 * change_shown - what a change of the policy changes, worked out here: whoever confirms signs what
 * they read, so neither the comparison nor what it is made with is the server's word.
 */
#ifndef TOCSIN_CHANGE_SHOWN_H
#define TOCSIN_CHANGE_SHOWN_H

#include <jansson.h>

#include "change_text.h"

/* Line by line, between the document that the change follows and its own: the first is the one
 * whose digest `follows` names, itself or by the lines of the change that made it, or it is refused
 * (ERR_DENIED). The signer takes no other `follows` than its own. NULL: *err. The caller's. */
char *change_shown(const struct change_text *text, const char *body, struct err *err);

#endif
