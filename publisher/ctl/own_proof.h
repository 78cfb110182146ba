/* SPDX-License-Identifier: Apache-2.0
 * own_proof - the officer's own key and what is made with it. Who that is comes from the
 * environment: TOCSIN_OFFICER, TOCSIN_KEY_FILE.
 */
#ifndef TOCSIN_OWN_PROOF_H
#define TOCSIN_OWN_PROOF_H

#include <jansson.h>

#include "proof.h"
#include "terms.h"

/* NULL: *err. The key and the officer's id are the caller's. */
struct key *own_key(char **officer, struct err *err);
/* Over this text, now; *proof is the caller's to finish either way. */
bool own_proof(enum act act, enum mode mode, const void *text, size_t len, struct proof *proof,
        struct err *err);
json_t *proof_json(const struct proof *proof); /* as the API takes it */

#endif
