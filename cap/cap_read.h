/* SPDX-License-Identifier: Apache-2.0
 * cap_read - CAP as the world writes it: versions 1.0, 1.1 and 1.2, in several encodings, bare or
 * inside a feed.
 *
 * Strict reading takes a bare message of any of the three versions that its own schema takes, in
 * any encoding it names truly. Lenient reading takes what feeds send: wrappers are opened, and each
 * liberty taken is a note (level CAP_PROBLEM_NOTE, rules "read.*") with its place. What would be a
 * guess is an error in both; the area of a shape not in the standard's form is marked doubtful.
 * docs/CAP.md lists the liberties.
 * Leniently a message of the national platform (national.h) is read too, and made CAP.
 */
#ifndef TOCSIN_CAP_READ_H
#define TOCSIN_CAP_READ_H

#include "cap_io.h"

enum cap_version { CAP_VERSION_10, CAP_VERSION_11, CAP_VERSION_12 };
const char *cap_version_text(enum cap_version version); /* "1.0" "1.1" "1.2" */

struct national_help;

/* How to read. Zeroed: strictly. */
struct cap_manner {
	bool lenient;
	const char *zone;     /* "+08:00": of times without offset; NULL or "": those are errors */
	const char *encoding; /* of bytes that are not UTF-8 and name nothing else; NULL or "": only
	                         what can be nothing but GB18030 is read. cap_encoding_known() */
	size_t limit;         /* bytes; not over CAP_LIMIT_FEED */
	const struct national_help *national; /* for making CAP of a national message; NULL: none */
};

bool cap_encoding_known(const char *name); /* is it one we can read? */
bool cap_zone_known(const char *zone);     /* "+08:00", "-03:30"; up to 14 hours */
/* Are zone and encoding, if given, known? And given only where they are of use: leniently. */
bool cap_manner_known(const struct cap_manner *manner);

/* One message found. */
struct cap_message {
	struct cap_alert *alert; /* NULL: it cannot be read, and problems say why */
	enum cap_version version;
	bool national; /* it was one of the national platform: `alert` is what was made of it */
	bool has_signature;
	bool certain;     /* no shape is doubtful */
	size_t liberties; /* how many were taken; the wrapper and the encoding are none */
	char *document;   /* the message alone, in UTF-8, as it stood: what a signature is over */
	size_t document_len;
	char *place; /* "" or where in the wrapper it stood: "/feed/entry/content" */
	struct cap_problems problems; /* errors and notes; cap_check() is the caller's */
};

struct cap_messages {
	struct cap_message *items;
	size_t count;
	const char *encoding;         /* of the bytes; static */
	struct cap_problems problems; /* of the bytes as a whole */
};

enum { CAP_MESSAGES_MAX = 1000 };

/* All messages in the bytes. false: none, or the bytes are no good, and out->problems say why (in
 * out->starved for want of memory). A true answer still may hold messages that have errors. */
bool cap_read(
        const void *bytes, size_t len, const struct cap_manner *manner, struct cap_messages *out);
void cap_messages_finish(struct cap_messages *messages);

#endif
