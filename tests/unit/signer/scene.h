/* SPDX-License-Identifier: Apache-2.0
 * scene - a bureau in small for the signer's tests: a policy, officers with real keys, a signer,
 * bulletins made and approved as tocsind would.
 */
#ifndef TOCSIN_SCENE_H
#define TOCSIN_SCENE_H

#include "bulletin.h"
#include "manifest.h"
#include "signer.h"
#include "signer_client.h"
#include "signing.h"

/* li drafts; zhao reviews; chen and wu sign; wang (no hand in it) publishes: all of tj-met. sun of
 * tj-emb may do all, for a unit without a grant. */
enum who { LI, ZHAO, CHEN, WU, WANG, SUN, WHO_COUNT };
extern const char *const who_id[WHO_COUNT];

struct scene {
	struct signer signer;
	struct key *keys[WHO_COUNT];
	struct key *upstream;
	int64_t now;
};

void scene_init(struct scene *scene);
void scene_finish(struct scene *scene);
int64_t scene_time(const char *text);

/* One scene for a whole file of tests, with libxmlsec1 set up: for cmocka_run_group_tests. */
int scene_setup(void **state);
int scene_teardown(void **state);
/* One for a single test, which spoils it: cmocka_unit_test_setup_teardown, inside such a group. */
int scene_open(void **state);
int scene_close(void **state);

/* A bulletin ready to be approved; tests change its parts and seal it again. */
struct piece {
	struct bulletin *bulletin;
	struct cap_alert *alert;
	struct manifest manifest;
	struct proof proofs[8];
	size_t proof_count;
	const struct bulletin *originals[4];
	size_t original_count;
	const struct signed_steps *steps; /* of its incident, or NULL */
	const char *officer;
	int64_t sent;
};

void piece_init(struct piece *piece, struct scene *scene, enum level level, const char *identifier);
void piece_finish(struct piece *piece);
/* Message -> canonical bytes, view, texts, manifest. */
void piece_seal(struct piece *piece, struct scene *scene);
/* Only the manifest's bytes again, after a test changed the struct. */
void piece_write_manifest(struct piece *piece);
void piece_prove(struct piece *piece, struct scene *scene, enum act act, enum who who);
/* Lets a screening hit pass for this reason. */
void piece_override(struct piece *piece, struct scene *scene, enum who who, const char *reason);
/* The usual: review by zhao, signs by chen and wu. */
void piece_approve(struct piece *piece, struct scene *scene);
/* It now follows `original` (a released one): verb, references, chain. */
void piece_follows(struct piece *piece, const struct piece *original, enum verb verb);
/* Words that are approved together with `original`: both are sealed. */
void piece_stage(struct piece *original, struct piece *staged, struct scene *scene, const char *as);
/* A released original and the words staged with it (as: "cancel", "wrong-area"), which still lack
 * the proof of who sends them. */
void piece_staged_pair(struct piece *original, struct piece *staged, struct scene *scene,
        enum verb verb, const char *as);
/* The relay of a message that its producer signed five minutes ago; and sealed and signed by the
 * producer again, as of piece->sent, after a test changed it. */
void piece_relay(struct piece *piece, struct scene *scene, const char *identifier);
void piece_relay_seal(struct piece *piece, struct scene *scene);

/* Has the signer look it through before its release. */
bool piece_prepare(const struct piece *piece, struct scene *scene, struct err *err);
/* Asks the signer (after piece_prepare, whatever came of it, where the signer keeps such). true:
 * *answer (the caller's to finish); false: *err is the refusal. */
bool piece_ask(const struct piece *piece, struct scene *scene, struct sign_answer *answer,
        struct err *err);
/* Asks, must be signed; the bulletin then holds what came back, as released. */
void piece_release(struct piece *piece, struct scene *scene);
/* Must be refused with a sentence that holds `word`. */
void piece_refused(
        const char *name, const struct piece *piece, struct scene *scene, const char *word);

#endif
