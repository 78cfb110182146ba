/* SPDX-License-Identifier: Apache-2.0
 * cap_raw - the bytes between two tags of a document, as the text they stand for. Inside cap/ only.
 *
 * Only of what expat has walked over and found well-formed, without DOCTYPE or instructions: what
 * is left to do is five entities, character references, ends of lines, CDATA sections, and comments
 * to leave out. Most texts hold none of these and are taken as they stand.
 */
#ifndef TOCSIN_CAP_RAW_H
#define TOCSIN_CAP_RAW_H

#include "cap_arena.h"

#include <stdbool.h>

/* The text, a NUL behind it; *text_len without. NULL: no memory. */
const char *raw_text(struct cap_arena *arena, const char *bytes, size_t len, size_t *text_len);
bool raw_blank(const char *bytes, size_t len); /* is the text white space only? */

#endif
