/* SPDX-License-Identifier: Apache-2.0
 * signer_client - asks tocsin-signer, over its socket. Blocking, for worker threads: at most 10 s.
 */
#ifndef TOCSIN_SIGNER_CLIENT_H
#define TOCSIN_SIGNER_CLIENT_H

#include "buf.h"
#include "bulletin.h"
#include "err.h"
#include "frame.h"
#include "incident_step.h"
#include "policy_change.h"
#include "proof.h"
#include "status.h"

struct sign_request {
	const struct bulletin *bulletin;  /* manifest, cap (unfilled), texts, upstream, screening
	                                     with  its note */
	const struct signed_steps *steps; /* of its incident, or NULL */
	const struct proof *proofs;       /* those over this bulletin's manifest */
	size_t proof_count;
	const char *officer;                     /* who releases; "" for a relay */
	int64_t sent;                            /* ms; a relay's own sent */
	const struct bulletin *const *originals; /* the chain's released messages, the replaced one
	                                            first, no more than SIGN_ORIGINALS_MOST */
	size_t original_count;
};

struct sign_answer {
	char *cap, *manifest, *signature; /* signed CAP; filled manifest; its signature */
};

void sign_answer_finish(struct sign_answer *answer);

/* false: refused (*err is the signer's own sentence) or not reachable (ERR_UNAVAILABLE, ERR_BUSY).
 */
bool signer_sign(const char *socket_path, const struct sign_request *request,
        struct sign_answer *answer, struct err *err);

/* Has it look through what is approved and not released, so that the release finds that done.
 * false: as signer_sign. */
bool signer_prepare(const char *socket_path, const struct sign_request *request, struct err *err);

/* How far an incident has gone, so that nobody can fall back behind it. */
bool signer_steps(const char *socket_path, const char *incident, const struct signed_steps *steps,
        struct err *err);

/* What it holds: public keys (base64), the policy's version and where its history stands, the mode.
 */
struct signer_holds {
	char *alert_key, *status_key, *policy, *policy_head, *mode;
};
bool signer_keys(const char *socket_path, struct signer_holds *out, struct err *err);
void signer_holds_finish(struct signer_holds *holds);

/* Hands it the next step of the policy's history. */
bool signer_put_policy(const char *socket_path, const struct policy_step *step, struct err *err);

/* The form as text and the status key's signature over it (base64): the caller's. */
bool signer_status(const char *socket_path, const struct status *status, char **text,
        char **signature, struct err *err);

/* The two halves without the socket: a FRAME_SIGN written, a FRAME_SIGNED read. */
bool signer_put_request(const struct sign_request *request, struct buf *out, struct err *err);
bool signer_take_answer(struct frame *frame, struct sign_answer *answer, struct err *err);

#endif
