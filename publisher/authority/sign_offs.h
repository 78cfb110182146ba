/* SPDX-License-Identifier: Apache-2.0
 * sign_offs - who put their name to something, each at the moment of their own proof: what tocsind
 * and the signer, each from the proofs it has seen, put into the request for (5).
 */
#ifndef TOCSIN_SIGN_OFFS_H
#define TOCSIN_SIGN_OFFS_H

#include "authority.h"
#include "proof.h"

/* Zeroed = empty. */
struct sign_offs {
	struct texts reviewers, signers;
	int64_t *review_times, *sign_times; /* one for each */
	size_t review_time_count, sign_time_count;
};

/* A review or a signature; any other act is none, and is let pass by. */
void sign_offs_add(struct sign_offs *sign_offs, const struct proof *proof);
/* The request's members point to them from here on. */
void sign_offs_put(const struct sign_offs *sign_offs, struct request *request);
void sign_offs_finish(struct sign_offs *sign_offs);

#endif
