/* SPDX-License-Identifier: Apache-2.0
 * cap_xml - elements written one a line, two blanks of indentation a level. Inside cap/ only.
 *
 * Characters XML cannot hold become U+FFFD: cap_check names them first. Cannot fail; a full `out`
 * says so itself.
 */
#ifndef TOCSIN_CAP_XML_H
#define TOCSIN_CAP_XML_H

#include "buf.h"

/* What each document we write begins with; a signature is over those bytes that follow it. */
#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

void xml_open(struct buf *out, size_t depth, const char *name);
void xml_close(struct buf *out, size_t depth, const char *name);
void xml_text(struct buf *out, size_t depth, const char *name, const char *text); /* NULL: absent */

#endif
