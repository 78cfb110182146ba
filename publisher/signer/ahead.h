/* SPDX-License-Identifier: Apache-2.0
 * ahead - what was looked through before anybody releases it: message, texts and screen hang on the
 * words alone, and a proof that holds goes on holding. So the last approval has it done
 * (FRAME_PREPARE), and the release finds it done. The signer believes nobody but itself here: what
 * is kept is found by SHA-256 over the words that come with the release. The policy in force goes
 * into it; whoever changes that forgets all.
 */
#ifndef TOCSIN_AHEAD_H
#define TOCSIN_AHEAD_H

#include "signing.h"

enum { AHEAD_MOST = 16 }; /* kept at once */

struct ahead;

struct ahead *ahead_create(void);
void ahead_destroy(struct ahead **ahead);
/* Takes over what the checks found; the oldest makes room. *signing is empty afterwards. */
void ahead_keep(struct ahead *ahead, struct signing *signing);
/* Of the same words: gives manifest, digest, alert, facts, worded, hit, and the proofs that held
 * (`known`). false: nobody looked these through. */
bool ahead_take(struct ahead *ahead, struct signing *signing);
void ahead_forget(struct ahead *ahead);

#endif
