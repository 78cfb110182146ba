/* SPDX-License-Identifier: Apache-2.0
 * release - the moment a bulletin leaves the house: asked again, signed, recorded, handed to the
 * outbox.
 *
 * Worker threads only. Every function asks the policy afresh, records the decision whichever way it
 * falls, and tells the outbox only after the commit.
 */
#ifndef TOCSIN_RELEASE_H
#define TOCSIN_RELEASE_H

#include "house.h"

/* manifest: the digest of the one that the caller saw, so that nobody sends what they have not seen
 * (ERR_CONFLICT); NULL: as it stands. */
bool release_bulletin(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *manifest, struct err *err);

/* Staged words: `as` is cancel, wrong-area or false-alarm; one officer's proof over the staged
 * manifest. The reason goes to the record only. */
bool release_staged(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *as, const struct proof *proof, const char *reason,
        struct err *err);

/* A relay's draft, made by ingest from a source the policy lets through: no officer, no hand. */
bool release_relay(
        struct house *house, struct store *reader, struct bulletin *bulletin, struct err *err);

#endif
