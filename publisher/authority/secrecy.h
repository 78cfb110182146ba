/* SPDX-License-Identifier: Apache-2.0
 * secrecy - (6), seen from the people: which word of `screening` their sign-offs amount to. tocsind
 * and the signer ask the same function, each with what it has seen proven.
 *
 * A clean machine result is no review: the reviewer's sign-off is (a signer's where the row asks no
 * review). A hit stands until one of the same people overrides it with a reason, by a proof over
 * those words and that reason (override_digest in base/proof.h), which counts as long as any
 * approval does.
 */
#ifndef TOCSIN_SECRECY_H
#define TOCSIN_SECRECY_H

#include "policy.h"

struct secrecy {
	enum level level;
	enum procedure procedure;
	int64_t at;
	bool held;             /* the screen found something in these words */
	const char *overrider; /* officer with a proof that holds, or NULL */
	int64_t overridden;    /* ms: of that proof */
	const char *drafter;
	const struct texts *earlier; /* who drafted it before */
	const char *units[3]; /* the issuing unit, the handler, the releaser's; "" or NULL = none */
	size_t review_count, sign_count;
};

enum screening secrecy_screening(const struct policy *policy, const struct secrecy *secrecy);

/* Whose sign-off is the secrecy review: reviewers, or signers where the row asks no review. */
enum act secrecy_act(
        const struct policy *policy, enum level level, enum procedure procedure, int64_t at);

/* May `overrider` override this hit? ERR_DENIED with what is missing. */
bool secrecy_may_override(
        const struct policy *policy, const struct secrecy *secrecy, struct err *err);

/* What the review stands on: the sign-off row's basis, else the law. Lives as long as the policy.
 */
const char *secrecy_basis(
        const struct policy *policy, enum level level, enum procedure procedure, int64_t at);

#endif
