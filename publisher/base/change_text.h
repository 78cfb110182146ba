/* SPDX-License-Identifier: Apache-2.0
 * change_text - an administrative change as it is put one's name to: a few lines that name the
 * change, what it follows and the digest of its document. Administrators' proofs (act `change`) are
 * over the SHA-256 of these lines, so that a proof counts for this change, in this mode, at this
 * point of the policy's history, and for no other.
 *
 * Form: "tocsin-change 1", then one line each, "key value", in the order of the struct. Reading is
 * strict: change_text_write(change_text_read(x)) is x, byte for byte, or x is refused.
 */
#ifndef TOCSIN_CHANGE_TEXT_H
#define TOCSIN_CHANGE_TEXT_H

#include "buf.h"
#include "digest.h"
#include "err.h"
#include "terms.h"

enum { CHANGE_ID_MOST = 40 };

struct change_text {
	char *id;   /* chosen by whoever proposes: "c-" and 4 to 38 of a-z, 0-9 and - */
	char *kind; /* a row of change_kinds (publisher/changes/change_kinds.h): a-z and - */
	enum mode mode;
	char follows[DIGEST_HEX]; /* where the policy's history stood: the digest of the change that
	                             made the policy in force, or of the installed document */
	char body[DIGEST_HEX];    /* SHA-256 of the document */
};

void change_text_finish(struct change_text *text);
bool change_id_fits(const char *id);
bool change_kind_fits(const char *kind);
void change_text_write(const struct change_text *text, struct buf *out);
bool change_text_read(struct change_text *text, const char *bytes, size_t len, struct err *err);
void change_text_digest(const struct change_text *text, char hex[DIGEST_HEX]);

#endif
