/* SPDX-License-Identifier: Apache-2.0
 * generation_text - what two administrators put in force: a generation's digest and counts, as the
 * lines of a change's document, and in words.
 */
#ifndef TOCSIN_GENERATION_TEXT_H
#define TOCSIN_GENERATION_TEXT_H

#include "buf.h"
#include "store_directory.h"

/*
 *   generation 5
 *   digest <64 hex digits>
 *   follows 4            (0: there was none in force)
 *   people N, lines N, faults N, repeated N, withheld N, added N, gone N, changed N: a line each
 */
void generation_document(const struct generation *generation, struct buf *out);
/* Which generation a document is about; 0: it is none. */
int64_t generation_document_id(const char *document);
/* Two sentences for whoever confirms, Chinese and English, a line each. */
void generation_words(const struct generation *generation, struct buf *out);

#endif
