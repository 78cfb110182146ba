/* SPDX-License-Identifier: Apache-2.0
 * proof - an officer's signature over act, officer, time and manifest.
 *
 * Made by the tocsin command with the officer's key file; checked by tocsind when it comes in and
 * by the signer, from its own copy of the policy, before it signs.
 */
#ifndef TOCSIN_PROOF_H
#define TOCSIN_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "key.h"

enum act {
	ACT_REVIEW,
	ACT_SIGN,
	ACT_CANCEL,
	ACT_CORRECT,
	ACT_CHANGE,
	ACT_OVERRIDE,
	ACT_ASSIGN, /* these three are over a step of an incident (incident_step.h) */
	ACT_HANDOVER,
	ACT_CLOSE,
	ACT_SHIFT, /* over the page that hands the watch over (shift_text.h) */
	ACT_COUNT
};
const char *act_text(enum act act);
const char *act_zh(enum act act); /* 审核 签发 解除 更正 变更 放行 指派 移交 终结 交接班 */
bool act_read(const char *text, enum act *out);

struct proof {
	enum act act;
	char *officer;
	int64_t time;              /* ms, whole seconds */
	char manifest[DIGEST_HEX]; /* of what is approved: the unfilled manifest, or the lines of a
	                              change (change_text.h), or override_digest */
	char *signature;           /* base64 */
};

/* How far a proof's time may lie ahead of the clock of who looks at it: no officer's clock is
 * exact, but what is dated later was not made now. The same for whoever takes it in and for the
 * signer, or what one took the other would refuse until that time has come. */
enum { PROOF_AHEAD_MS = 60 * 1000 };

void proof_finish(struct proof *proof);
void proof_text(const struct proof *proof, struct buf *out); /* the bytes that are signed */
void proof_make(struct proof *proof, const struct key *key); /* fills in signature from the rest */
bool proof_holds(const struct proof *proof, const struct key *public_key);

/* What an override of a screening hit is signed over: these words and this reason, so that neither
 * can be exchanged. `manifest` is the digest of the unfilled manifest. */
void override_digest(const char *manifest, const char *reason, char out[DIGEST_HEX]);

#endif
