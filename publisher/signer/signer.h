/* SPDX-License-Identifier: Apache-2.0
 * signer - what the signer holds: keys, its own copy of the policy, the upstream keys it trusts.
 * Read at the start; only the policy changes, by two administrators' proofs (signer_policy.h), and
 * what it has seen of incidents.
 */
#ifndef TOCSIN_SIGNER_H
#define TOCSIN_SIGNER_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "cap_trust.h"
#include "catalog.h"
#include "key.h"
#include "policy.h"
#include "screen_lists.h"
#include "seen.h"
#include "steady.h"
#include "terms.h"

struct signer_trust {
	char *source; /* as the policy's relays and the manifests name it */
	struct cap_trust *trust;
};

/* How a far side's text is worded: needed to make a relay's texts again. The same as in tocsind's
 * settings. */
struct signer_style {
	char *target;
	char *signature, *prefix;
	int parts; /* 0 = the default */
};

struct ahead;

struct signer {
	struct policy *policy;
	char *policy_copy; /* the file it is kept in once it has changed; NULL: it cannot change */
	char policy_base[DIGEST_HEX]; /* of the installed document */
	char policy_head[DIGEST_HEX]; /* where its history stands (base/change_text.h) */
	struct key *alert, *status;
	struct cap_sm2 sm2;          /* how the alert key signs when it is SM2; texts borrowed */
	struct catalog *catalog;     /* or NULL: then nothing drawn is signed */
	struct screen_lists *screen; /* what the secrecy screen looks up */
	enum mode mode;
	char *public_url; /* "" = none */
	struct signer_trust *trusts;
	size_t trust_count;
	struct signer_style *styles;
	size_t style_count;
	struct seen *seen;   /* what changes: how far incidents have gone, what was followed */
	struct ahead *ahead; /* looked through before its release; NULL: nothing is */
	struct steady clock; /* watched by serve() */
	int64_t believed; /* the time what ends a chain goes by, set before each question; 0 = `now`
	                   */
};

void signer_finish(struct signer *signer);
const struct cap_trust *signer_trust(const struct signer *signer, const char *source); /* or NULL */
const struct signer_style *signer_style(
        const struct signer *signer, const char *target); /* or NULL */

/* One question in, one answer out: FRAME_SIGN -> FRAME_SIGNED, FRAME_SIGN_STATUS ->
 * FRAME_STATUS_SIGNED, FRAME_PREPARE -> FRAME_PREPARED, FRAME_KEYS -> FRAME_KEY_LIST, FRAME_POLICY
 * -> FRAME_POLICY_TAKEN, FRAME_STEPS -> FRAME_SEEN, anything refused or misshapen -> FRAME_REFUSED.
 * One log line each. */
void signer_answer(
        struct signer *signer, const void *frame, size_t len, int64_t now, struct buf *out);

#endif
