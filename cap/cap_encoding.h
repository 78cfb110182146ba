/* SPDX-License-Identifier: Apache-2.0
 * cap_encoding - foreign bytes as UTF-8, once. Inside cap/ only.
 *
 * Believed are the mark in front, the XML declaration, and what the caller says of this source.
 * Where they contradict each other, or the bytes them, it is an error, but for what can be one
 * thing only (leniently).
 */
#ifndef TOCSIN_CAP_ENCODING_H
#define TOCSIN_CAP_ENCODING_H

#include "buf.h"
#include "cap_read.h"

struct cap_decoded {
	const char *bytes; /* UTF-8 without a mark; of the caller's bytes, or of own */
	size_t len;
	struct buf own;
	const char *encoding; /* "UTF-8", "UTF-16", "GB18030", "ISO-8859-1", "windows-1252" */
};

/* false: *err says why. What was done is a note in *problems. */
bool cap_decode(const void *bytes, size_t len, const struct cap_manner *manner,
        struct cap_decoded *out, struct cap_problems *problems, struct err *err);
void cap_decoded_finish(struct cap_decoded *decoded);

enum encoding {
	ENCODING_UTF_8,
	ENCODING_UTF_16,
	ENCODING_GB18030,
	ENCODING_LATIN_1,
	ENCODING_WINDOWS_1252,
	ENCODING_NONE, /* nothing is named */
	ENCODING_OTHER /* something we do not read */
};

/* cap_transcode.c: the bytes as UTF-8 behind out. false: *err names the byte, or there was no
 * memory. */
bool cap_transcode(enum encoding from, const unsigned char *bytes, size_t len, struct buf *out,
        struct err *err);

#endif
