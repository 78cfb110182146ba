/* SPDX-License-Identifier: Apache-2.0
 * protocol - the frames our programs exchange: types, tags, and the order of the fields. Written
 * and read with frame.h; every field is there, in this order; [name] repeats 0..n times; {a b}
 * repeats as a group.
 */
#ifndef TOCSIN_PROTOCOL_H
#define TOCSIN_PROTOCOL_H

enum {
	PROTOCOL_VERSION = 5,
	SIGN_ORIGINALS_MOST = 64, /* in a FRAME_SIGN */
};

enum frame_type {
	/* agent -> tocsind */
	FRAME_HELLO = 1, /* VERSION ROLE NAME LANE DIGEST(active set the far side holds, "" = not
	                    known) [JOB]: begun and not answered yet */
	FRAME_READY,     /* COUNT: how many jobs it takes now (replaces what it said before) */
	FRAME_BEGAN,     /* JOB: sent before the job's first byte leaves */
	FRAME_RECEIPT, /* JOB VERDICT PROOF REASON FAR_ID WAIT: its end; repeated after a reconnect
	                * until FRAME_ACK */
	FRAME_REPORT,  /* FAR_ID VERDICT PROOF REASON: a late word */
	FRAME_HOLDS,   /* DIGEST: what the far side holds now (after it lost its memory) */
	FRAME_INTAKE,  /* sources: JOB(its own number) NAME(file) BYTES */
	FRAME_FAR,     /* COUNT(1 = it answers, 0 = it does not) REASON: what the channel found when
	                  it looked for itself, each time that changes and after each welcome */
	FRAME_TALLY, /* JOB BYTES(taken) BYTES(refused): whom of a job's recipients the far side has
	              * answered for so far; bit i % 8 of byte i / 8 is recipient i. Replaces what
	              * was said before; repeated after a reconnect until FRAME_ACK of the job */

	/* tocsind -> agent */
	FRAME_WELCOME = 32, /* TYPE MODE NODE {OPTION VALUE}; list options come once per item */
	FRAME_REFUSED,      /* KIND(err_kind) ZH EN; then the connection closes (also the signer's
	                       refusal) */
	FRAME_BULLETIN,     /* ID CAP MANIFEST(filled) SIGNATURE, then view_put's fields */
	FRAME_FORGET,       /* ID: will not be named again on this connection */
	FRAME_JOB,   /* JOB KIND ATTEMPT ID("" = none) TEXT WAIT(ms until deadline) EXPIRES SEQUENCE
	              * DIGEST(active set after it, of projections; else "") [ENDED] [ACTIVE] [BLOCK
	              * BYTES] {RECIPIENT ADDRESS CALLBACK} [SIGNATURE]. ENDED, ACTIVE: what has left
	              * the active set since the last JOB of this connection that had a DIGEST, and
	              * what has come to its end; it is empty at first. BLOCK: its recipients are
	              * this block of the audience, all of it, in order; whoever has a bit in BYTES
	              * (as in a TALLY) needs no more attempts. SIGNATURE: a note's, where TEXT is
	              * the signed form, not what is sent */
	FRAME_ACK,   /* JOB: the receipt (or intake) is on disk; forget it */
	FRAME_TAKEN, /* to sources: JOB KIND(err_kind; 0 = taken in) ZH EN: it is on disk, to be
	                handed in again (ERR_BUSY, ERR_UNAVAILABLE), or refused for good */
	FRAME_STOP,  /* finish what is in flight, then close */
	FRAME_COUNTED,  /* JOB COUNT: so many recipients of its tallies are on disk */
	FRAME_HALT,     /* JOB: called back; begin none of its recipients any more */
	FRAME_AUDIENCE, /* ID BYTES: the digests of the blocks of the bulletin's audience here, in
	                 * order, DIGEST_BYTES each; once per connection, between its BULLETIN and
	                 * the first JOB with a BLOCK of it */

	/* tocsind -> signer, and its answer */
	FRAME_SIGN = 64,     /* MANIFEST(unfilled) CAP(unfilled) SENT OFFICER(releaser, "" = relay)
	                      * OVERRIDE {STEP OFFICER TIME SIGNATURE}(its incident's steps,
	                      * incident_step.h) {TARGET TEXT}(unfilled) {ACT OFFICER TIME
	                      * SIGNATURE}(proofs) {MANIFEST SIGNATURE CAP}(the chain's signed
	                      * originals, the replaced one first; of a long chain the newest
	                      * and its first) UPSTREAM("" = no relay) */
	FRAME_SIGNED,        /* CAP(signed) MANIFEST(filled) SIGNATURE */
	FRAME_KEYS,          /* (no fields): which public keys? */
	FRAME_KEY_LIST,      /* KEY(alert, base64) KEY(status, base64) DIGEST(policy version)
	                      * DIGEST(where its history stands: change_text.h) MODE */
	FRAME_SIGN_STATUS,   /* TEXT: one form of base/status.h */
	FRAME_STATUS_SIGNED, /* SIGNATURE: of the status key, over the same text */
	FRAME_POLICY,        /* TEXT(the change's lines) BYTES(the document) {ACT OFFICER TIME
	                      * SIGNATURE}(administrators' proofs) */
	FRAME_POLICY_TAKEN,  /* DIGEST(policy version): checked, on disk, in force */
	FRAME_STEPS,   /* ID(incident) {STEP OFFICER TIME SIGNATURE}: a step was taken; know how far
	                * it went */
	FRAME_SEEN,    /* (no fields): seen */
	FRAME_PREPARE, /* as FRAME_SIGN, of what is approved and not released: look it through */
	FRAME_PREPARED, /* (no fields): nothing was found, as far as one can say beforehand */
};

enum frame_tag {
	TAG_VERSION = 1,
	TAG_ROLE, /* int: enum agent_role */
	TAG_NAME,
	TAG_LANE, /* "urgent", "routine", "all" */
	TAG_DIGEST,
	TAG_COUNT,
	TAG_JOB, /* int: the delivery's number in the record */
	TAG_RECIPIENT,
	TAG_VERDICT, /* int: enum channel_verdict */
	TAG_PROOF,
	TAG_REASON,
	TAG_FAR_ID,
	TAG_WAIT, /* int: ms */
	TAG_BYTES,
	TAG_TYPE,
	TAG_MODE,
	TAG_NODE,
	TAG_OPTION,
	TAG_VALUE,
	TAG_KIND, /* int */
	TAG_ZH,
	TAG_EN,
	TAG_ID,
	TAG_CAP,
	TAG_MANIFEST,
	TAG_SIGNATURE,
	TAG_ATTEMPT,
	TAG_TEXT,
	TAG_EXPIRES, /* int: ms since 1970 */
	TAG_SEQUENCE,
	TAG_ACTIVE,
	TAG_ADDRESS,
	TAG_CALLBACK,
	TAG_SENT, /* int: ms since 1970 */
	TAG_OFFICER,
	TAG_OVERRIDE, /* why a screening hit was overridden; "" = it was not */
	TAG_STEP,     /* one step of an incident, as it was signed */
	TAG_TARGET,
	TAG_ACT,  /* text */
	TAG_TIME, /* int: ms since 1970 */
	TAG_UPSTREAM,
	TAG_KEY,
	TAG_BLOCK, /* int: from 0 */
	TAG_ENDED,
	TAG_VIEW = 256, /* view_put's own tags start here */
};

enum agent_role { AGENT_CHANNEL = 1, AGENT_SOURCE = 2 };

#endif
