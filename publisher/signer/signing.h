/* SPDX-License-Identifier: Apache-2.0
 * signing - one request for a signature, taken apart, and the checks it must pass.
 *
 * Nothing in it is believed until a check has looked: everything was said by the caller. Each check
 * is one file, refuses with one sentence that names the rule and its basis, and looks at what the
 * ones before it have found in order (the order stands in sign_request.c).
 */
#ifndef TOCSIN_SIGNING_H
#define TOCSIN_SIGNING_H

#include "bulletin.h"
#include "cap_io.h"
#include "flatten.h"
#include "frame.h"
#include "incident_chain.h"
#include "manifest.h"
#include "proof.h"
#include "sign_offs.h"
#include "signer.h"

/* A released message of the same chain, as we signed it. */
struct original {
	char *manifest_text, *signature, *cap;
	struct manifest manifest; /* filled; read and verified by check_originals */
	struct cap_alert *alert;
};

struct signing {
	/* as handed in */
	char *manifest_text, *cap;
	char *officer;             /* the releaser; "" for a relay */
	struct signed_steps steps; /* of the message's incident, oldest first */
	char *reason;              /* of an override; "" when there is none */
	int64_t sent;
	struct bulletin_text *texts; /* target, body; filled at the end */
	size_t text_count;
	struct proof *proofs;
	size_t proof_count;
	struct original *originals; /* the replaced one first */
	size_t original_count;
	unsigned char *upstream;
	size_t upstream_len;

	/* found by the checks */
	struct manifest manifest;
	char digest[DIGEST_HEX]; /* of the unfilled manifest: what proofs are over */
	struct cap_alert *alert;
	struct cap_facts facts;
	struct texts worded; /* far sides whose text is not the one this message gives */
	bool hit;            /* our own screen found something */
	struct proof *known; /* of those that came, the proofs that held when the words were looked
	                        through beforehand (ahead.h) */
	size_t known_count;
	struct texts channels;
	struct sign_offs sign_offs;        /* of proofs that hold, each at its own moment */
	const struct proof *override;      /* of a screening hit, that holds; NULL = none */
	struct cap_time relay_sent;        /* as the upstream wrote it */
	struct incident_standing standing; /* zeroed: no incident */
};

bool signing_read(struct signing *signing, struct frame *frame, struct err *err);
/* One of the frame's proofs: act, officer, time, signature. */
void signing_read_proof(struct proof *proof, struct frame *frame);
void signing_finish(struct signing *signing);
void signing_read_steps(struct signed_steps *steps, struct frame *frame);
bool signing_is_staged(
        const struct signing *signing); /* cancel and corrections in staged words; never a relay */

/* The manifest is one of ours, not filled yet; the message is canonical; both say the same. */
bool check_message(const struct signer *signer, struct signing *signing, struct err *err);
/* Texts and view are those of the manifest. Fills in worded. */
bool check_texts(const struct signer *signer, struct signing *signing, struct err *err);
/* `sent` is now (a relay: the upstream's), after the chain's last; the message has not expired. */
bool check_time(const struct signing *signing, int64_t now, struct err *err);
/* The originals are ours, of this chain, and the references name them; staged: approved with the
 * original. */
bool check_originals(const struct signer *signer, struct signing *signing, struct err *err);
bool check_references(const struct signing *signing, struct err *err);
bool check_staged(const struct signing *signing, struct err *err);
/* What our own secrecy screen finds, the manifest owns up to; a relay it holds does not go. Fills
 * in hit. After check_originals. */
bool check_screen(const struct signer *signer, struct signing *signing, struct err *err);
/* Every proof holds, over this manifest, by our copy of the policy. Fills in the sign-offs. */
bool check_proofs(
        const struct signer *signer, struct signing *signing, int64_t now, struct err *err);
/* Who handles its incident, by the steps that came with it. Fills in the standing. */
bool check_incident(
        const struct signer *signer, struct signing *signing, int64_t now, struct err *err);
/* The policy permits it. */
bool check_policy(
        const struct signer *signer, struct signing *signing, int64_t now, struct err *err);
/* The upstream signed it, and nothing was added. */
bool check_relay(
        const struct signer *signer, struct signing *signing, int64_t now, struct err *err);

/* Everything holds: puts in `sent` and `references`, signs, fills the manifest, verifies the
 * result, and adds FRAME_SIGNED to *out. */
bool sign_and_fill(
        const struct signer *signer, struct signing *signing, struct buf *out, struct err *err);

/* FRAME_SIGN_STATUS: one form of base/status.h, signed with the status key: adds
 * FRAME_STATUS_SIGNED to *out. */
bool sign_status(const struct signer *signer, struct frame *frame, int64_t now, struct buf *out,
        struct err *err);

#endif
