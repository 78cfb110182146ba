/* SPDX-License-Identifier: Apache-2.0
 * cap_gate - the walk of expat over hostile bytes, and who may follow it. Inside cap/ only
 * (cap_io.h has cap_gate, the walk that nobody follows).
 */
#ifndef TOCSIN_CAP_GATE_H
#define TOCSIN_CAP_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct gate_cause;
struct gate_bounds {
	size_t depth, attributes, elements;
	const struct gate_cause *deep, *wide, *many; /* what is said past each */
};
extern const struct gate_bounds gate_message; /* a bare message: 16, 16, 100000 */
extern const struct gate_bounds gate_wrapper; /* what may lie around messages: 32, 32, 200000 */

/* Why the walk ends early; both texts stay valid. */
struct gate_cause {
	const char *zh, *en;
};
extern const struct gate_cause gate_no_memory;
bool gate_starved(struct err *err); /* false, and *err is ERR_UNAVAILABLE: gate_no_memory */

/* Where a tag stands, in bytes from the beginning: its '<', and behind its '>'. */
struct gate_tag {
	size_t from, to;
};

/* Called along the walk with the follower's `self`; whoever returns a cause ends it. Names are as
 * they stand, with their prefix. The end of an element without content (<a/>) has an empty tag
 * behind the first. */
struct gate_follower {
	const struct gate_cause *(*start)(void *self, const char *name,
	        const char *const *attributes, const struct gate_tag *tag);
	const struct gate_cause *(*end)(void *self, const struct gate_tag *tag);
	void (*comment)(void *self);
	void (*cdata)(void *self);
	/* Before the root; NULL: nobody asks. */
	const struct gate_cause *(*instruction)(
	        void *self, const char *target, const char *content);
};

/* false: *err names line and cause: ERR_INPUT, or ERR_UNAVAILABLE for want of memory. The bytes are
 * UTF-8 already. */
bool gate_walk(const void *bytes, size_t len, const struct gate_bounds *bounds,
        const struct gate_follower *follower, void *self, struct err *err);

/* The checks before expat: not over the limit, UTF-8; each says what it found. */
bool gate_bytes(const void *bytes, size_t len, size_t limit, struct err *err);
bool gate_size(size_t len, size_t limit, struct err *err);
bool gate_not_utf8(size_t at, struct err *err); /* false: byte `at`, from 0, is none */

#endif
