/* SPDX-License-Identifier: Apache-2.0
 * audit_words - what the audit chain and the list of decisions call things, in Chinese. The chain
 * itself holds the English word only, and that is hashed; this is for whoever reads it.
 */
#ifndef TOCSIN_AUDIT_WORDS_H
#define TOCSIN_AUDIT_WORDS_H

/* A record's `what`. One that is not known, of a later version, is given as it is. */
const char *audit_what_zh(const char *what);
/* The word of the chain for what a person typed: that word, or its Chinese; else the text. */
const char *audit_what_read(const char *text);

/* On what occasion a decision was asked for. */
const char *asked_zh(const char *asked);

#endif
