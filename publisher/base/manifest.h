/* SPDX-License-Identifier: Apache-2.0
 * manifest - what exactly is approved, as lines of text; and what exactly was released.
 *
 * Officers' proofs are signatures over the manifest before it is filled (`sent` empty). At release
 * the signer fills `sent` and the digests of the filled texts, signs the result with the alert key,
 * and every channel host checks that signature, the expiry and its own digests before the first
 * byte.
 *
 * Form: "tocsin-manifest 1", then one line per item in the order of the struct, "key value".
 * Reading is strict: manifest_write(manifest_read(x)) is x, byte for byte, or x is refused.
 */
#ifndef TOCSIN_MANIFEST_H
#define TOCSIN_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "err.h"
#include "mem.h"
#include "terms.h"

struct manifest_target {
	char *name;                /* the far side's name in the settings */
	char *kind;                /* its channel kind */
	char text[DIGEST_HEX];     /* of the text approved for it */
	char audience[DIGEST_HEX]; /* of its list of recipients; "" when it has none */
	int64_t audience_count;
};

struct manifest_staged {
	char *as;                /* cancel, wrong-area, false-alarm */
	char digest[DIGEST_HEX]; /* of the staged bulletin's own manifest, unfilled */
};

struct manifest {
	char *identifier; /* CAP identifier */
	char *sender;     /* CAP sender */
	char *status;     /* CAP status: Actual, Exercise, Test */
	enum mode mode;
	enum verb verb;
	enum kind kind;
	char *hazard; /* five characters, or "" */
	enum level level;
	enum procedure procedure;
	enum disclosure disclosure;
	bool held;  /* the screen found something: line "screening held"; no line when it did not */
	char *unit; /* the unit that issues */
	char *drafter;        /* officer id, or "" (relay) */
	struct texts earlier; /* who drafted it before them; a line each, none when nobody did */
	char *source;         /* relay: the source; else "" */
	char *incident;       /* incident id, or "" */
	char *chain;        /* identifier of the chain's first message; its own for a first issue */
	char *replaces;     /* identifier of the message it updates, cancels or corrects, or "" */
	int64_t expires;    /* ms, UTC */
	struct texts areas; /* division codes */
	struct manifest_target *targets;
	size_t target_count;
	char cap[DIGEST_HEX]; /* unfilled: CAP with empty sent (and references when staged); filled:
	                         signed CAP */
	char view[DIGEST_HEX];    /* of the flat view (channels/text/view.h), unfilled in both */
	struct texts attachments; /* SHA-256 each */
	struct manifest_staged *staged;
	size_t staged_count;
	int64_t sent; /* ms; 0 = not filled */
};

void manifest_init(struct manifest *manifest);
void manifest_finish(struct manifest *manifest);
void manifest_write(const struct manifest *manifest, struct buf *out);
bool manifest_read(struct manifest *manifest, const char *bytes, size_t len, struct err *err);
const struct manifest_target *manifest_target(
        const struct manifest *manifest, const char *name); /* or NULL */
const struct manifest_staged *manifest_staged(
        const struct manifest *manifest, const char *as); /* or NULL */

#endif
