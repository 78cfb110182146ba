/* SPDX-License-Identifier: Apache-2.0
 * seen - what the signer remembers of what it has seen, so that whoever has taken tocsind's place
 * can not turn it back:
 *
 *   how far each incident has gone: steps up to an earlier handler only are refused;
 *   which messages it has signed a successor of: approvals hold as long as their words do, and what
 *   was cancelled or replaced could be signed once more with a new time of sending. To sign again
 *   what nothing followed is permitted: tocsind may have died before it could record the answer.
 *
 * In memory, and in a file (seen_file.h) that has it before anybody is answered. What expired a
 * week ago, and incidents closed for 90 days, are left out when it is opened.
 */
#ifndef TOCSIN_SEEN_H
#define TOCSIN_SEEN_H

#include "err.h"
#include "incident_step.h"
#include "manifest.h"

struct seen;

/* path NULL: in memory only, and gone at the end. NULL: *err, ERR_CONFIG. */
struct seen *seen_open(const char *path, enum mode mode, int64_t now, struct err *err);
void seen_close(struct seen **seen);

/* The steps (in order, verified, digests in their proofs) go at least as far as those seen before,
 * and are the same so far; they are what was seen from now on. closed: nobody handles it after
 * them. false: ERR_DENIED, or it could not be kept; nothing changed. */
bool seen_steps(struct seen *seen, const char *incident, const struct signed_steps *steps,
        bool closed, struct err *err);

/* false: ERR_DENIED, something was signed that follows it. */
bool seen_lacks_end(const struct seen *seen, const struct manifest *manifest, struct err *err);
/* Something was signed that follows it. false: it could not be kept, nothing changed. */
bool seen_end(struct seen *seen, const struct manifest *ended, struct err *err);

#endif
