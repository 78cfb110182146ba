/* SPDX-License-Identifier: Apache-2.0
 * cap_io - CAP 1.2 in and out of bytes, and the rules.
 *
 * Reading goes through expat once: the walk that holds bytes to the gate's bounds (size, depth,
 * DOCTYPE, counts) makes the tree, and the tables of the schema make the message of it. Signatures
 * are verified on the same walk. Hostile bytes give problems, never more than milliseconds per 256
 * KiB and never a file or socket opened.
 */
#ifndef TOCSIN_CAP_IO_H
#define TOCSIN_CAP_IO_H

#include "cap.h"
#include "cap_problem.h"

/* The namespaces of the standard's versions. */
#define CAP_SPACE_12 "urn:oasis:names:tc:emergency:cap:1.2"
#define CAP_SPACE_11 "urn:oasis:names:tc:emergency:cap:1.1"
#define CAP_SPACE_10 "http://www.incident.com/cap/1.0"

/* The limits of the different ways in (settings may lower them). */
enum { CAP_LIMIT_API = 256 << 10, CAP_LIMIT_SOURCE = 1 << 20, CAP_LIMIT_FEED = 8 << 20 };

/* First look at hostile bytes. false: *err names place and cause (ERR_TOO_BIG or ERR_INPUT).
 * Refuses anything not UTF-8, a DOCTYPE, processing instructions inside the root, depth over 16,
 * more than 16 attributes on one element, more than 100 000 elements. */
bool cap_gate(const void *bytes, size_t len, size_t limit, struct err *err);

/* A strict CAP 1.2 document. Everything an XSD checks (order, counts, words, dateTime, types) is
 * checked here and named in *problems with its path; NULL only when an error makes the message
 * unusable, and always NULL with at least one error in *problems. A message that has errors but
 * could be read is returned too, so that later rules can be shown with it: look at
 * problems->errors. */
struct cap_alert *cap_parse(
        const void *bytes, size_t len, size_t limit, struct cap_problems *problems);

/* The same, for messages between encode and signer: `sent` may be empty, and `references` may be
 * "". */
struct cap_alert *cap_parse_unfilled(
        const void *bytes, size_t len, size_t limit, struct cap_problems *problems);

/* The rules an XSD cannot see, one table of them (docs/CAP.md). */
void cap_check(const struct cap_alert *alert, struct cap_problems *problems);

/* The one canonical form: UTF-8, XML declaration, elements in the standard's order, two blanks of
 * indentation, LF, no trailing blanks, only & < > (and CR as a character reference) escaped,
 * default namespace. The same message always gives the same bytes; parse(write(m)) gives m. An
 * unset `sent` is written as an empty element. */
void cap_write(const struct cap_alert *alert, struct buf *out);

/* SHA-256 (hex) of the canonical form with `sent` written empty (without_sent), and with
 * `references` written empty, be they absent or not (without_references): what is approved, and
 * what makes two copies of a message the same. */
void cap_digest(
        const struct cap_alert *alert, bool without_sent, bool without_references, char hex[65]);

/* One triplet of `references`: "sender,identifier,sent". */
struct cap_reference {
	char *sender, *identifier;
	struct cap_time sent;
};
void cap_reference_finish(struct cap_reference *reference);
char *cap_reference_text(
        const struct cap_alert *alert); /* the triplet that names this message; the caller's */
/* Reads the next triplet; *at moves on. false at the end, and when it is no triplet (*err then
 * set). */
bool cap_reference_next(const char **at, struct cap_reference *out, struct err *err);

/* What stands between blanks; its length, 0 at the end; *at moves on. */
size_t cap_reference_item(const char **at, const char **item);

/* cap_reference_next without a sentence: a hundred thousand that are none cost next to nothing. */
enum cap_triplet { CAP_TRIPLET_END, CAP_TRIPLET_GOOD, CAP_TRIPLET_BAD };
enum cap_triplet cap_reference_take(const char **at, struct cap_reference *out);

#endif
