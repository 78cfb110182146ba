/* SPDX-License-Identifier: Apache-2.0
 * shift_text - the page by which one officer hands the watch to another (交接班), as it is put
 * one's name to: who, to whom, when, and what was in force, waiting, due and sick at that moment,
 * with the outgoing officer's remarks. Both officers' proofs (act `shift`) are over the SHA-256 of
 * this text.
 *
 * Each page names the one before it of the same unit, so that none can be left out or put in.
 *
 * Form: "tocsin-shift 1", then one line per item in the order of the struct (lines.h), of a list as
 * many as it has. Reading is strict: shift_text_write(shift_text_read(x)) is x, byte for byte, or x
 * is refused.
 */
#ifndef TOCSIN_SHIFT_TEXT_H
#define TOCSIN_SHIFT_TEXT_H

#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "err.h"
#include "mem.h"
#include "terms.h"

struct shift_text {
	enum mode mode;
	char *unit;
	char previous[DIGEST_HEX]; /* of the unit's last page that both signed; "" = none */
	char *from, *to;           /* officers */
	int64_t made;              /* ms, whole seconds */
	struct texts active, waiting, due, sick; /* a sentence each, none empty */
	struct texts remarks;                    /* a line each */
};

enum { SHIFT_BYTES_MOST = 256 << 10 };

void shift_text_finish(struct shift_text *shift);
void shift_text_write(const struct shift_text *shift, struct buf *out);
bool shift_text_read(struct shift_text *shift, const char *bytes, size_t len, struct err *err);

#endif
