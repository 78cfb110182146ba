/* SPDX-License-Identifier: Apache-2.0
 * store - the record's sentences: every question and every change, typed, over one database
 * connection.
 *
 * A store is one connection: the record thread's (may write, only inside a transaction that
 * record.c opened) or a reader's. Nothing else in the house speaks SQL. Functions that find nothing
 * return false with ERR_MISSING; a broken database is ERR_UNAVAILABLE.
 */
#ifndef TOCSIN_STORE_H
#define TOCSIN_STORE_H

#include <jansson.h>

#include "bulletin.h"
#include "chain.h"
#include "err.h"
#include "step.h"
#include "status.h"

struct store;

/* --- what came in ----------------------------------------------------------------------------- */
struct intake {
	int64_t id;
	int64_t at;
	char *way;   /* "api", or the source's name */
	char *name;  /* file name, or the token's name */
	char *bytes; /* as they came */
	size_t len;
	char *outcome; /* "draft b12", "repeat of b12", "relay b13", "refused" */
	char *problem; /* English and Chinese, when refused; "" */
};
bool store_add_intake(
        struct store *store, const struct intake *intake, int64_t *id, struct err *err);
bool store_get_intake_bytes(
        struct store *store, int64_t id, char **bytes, size_t *len, struct err *err);
bool store_list_intake(struct store *store, int limit, json_t **out,
        struct err *err); /* newest first, without bytes */

/* The triple (sender, identifier, sent) of a CAP message seen before, with the digest of its
 * canonical content and the bulletin it became. */
bool store_add_identity(struct store *store, const char *sender, const char *identifier,
        int64_t sent, const char *digest, const char *bulletin, struct err *err);
/* The triple names another bulletin from now on. ERR_CONFLICT: it no longer named `from`. */
bool store_move_identity(struct store *store, const char *sender, const char *identifier,
        int64_t sent, const char *digest, const char *from, const char *to, struct err *err);
bool store_find_identity(struct store *store, const char *sender, const char *identifier,
        int64_t sent, char digest[DIGEST_HEX], char **bulletin, struct err *err);
/* The newest of those seen under this name; its bulletin is the caller's. */
bool store_find_message(struct store *store, const char *sender, const char *identifier,
        int64_t *sent, char **bulletin, struct err *err);

/* An API call answered before, by (token name, key): the same request gets the same answer. */
bool store_add_idempotent(struct store *store, const char *token, const char *key,
        const char *request_digest, int status, const char *answer, int64_t now, struct err *err);
bool store_find_idempotent(struct store *store, const char *token, const char *key,
        char request_digest[DIGEST_HEX], int *status, char **answer, struct err *err);

/* --- bulletins -------------------------------------------------------------------------------- */
/* row 0: inserted, and row and id are filled in. Otherwise everything is replaced, provided that
 * the stored version is still bulletin->version (ERR_CONFLICT otherwise); the version then counts
 * up in both. What was released or is final keeps its words (ERR_CONFLICT), and no final state is
 * left. `order` is given here when it becomes RELEASED. After a change that was rolled back the
 * struct is ahead of the record: read it again. */
bool store_put_bulletin(struct store *store, struct bulletin *bulletin, struct err *err);
/* by id ("b12") or by CAP identifier; in full but for the audiences' blocks (store_audience_block):
 * they are megabytes where a file names many, and this is asked again at each delivery. */
bool store_get_bulletin(
        struct store *store, const char *id, struct bulletin **out, struct err *err);
/* The unit of a chain's first released message and its incident ("" of a relay, whose incident is
 * its upstream's word); the caller's, NULL when there is none. */
bool store_chain_first(
        struct store *store, const char *chain, char **unit, char **incident, struct err *err);
/* The staged bulletin of this original, by staged_as. */
bool store_get_staged(struct store *store, const char *parent, const char *as,
        struct bulletin **out, struct err *err);

struct bulletin_list {
	struct bulletin **items; /* heads only: no cap, texts, audiences, upstream */
	size_t count;
};
void bulletin_list_finish(struct bulletin_list *list);
/* state < 0 = all but STAGED; newest first. */
bool store_list_bulletins(
        struct store *store, int state, int limit, struct bulletin_list *out, struct err *err);
/* RELEASED and not yet expired, in the order of release: the active set. In full, but audiences
 * come without their blocks (count and digest only; store_audience_block has them). Put back so,
 * the stored blocks stay. */
bool store_list_active(struct store *store, struct bulletin_list *out, struct err *err);
/* Every released message of a chain, in the order of release, in full but for the blocks. */
bool store_list_chain(
        struct store *store, const char *chain, struct bulletin_list *out, struct err *err);
/* An incident's bulletins but for the staged ones, oldest first; heads only. */
bool store_list_incident_bulletins(
        struct store *store, const char *incident, struct bulletin_list *out, struct err *err);
/* Warnings in force at `now` whose unit is another than this one; heads only, newest first. */
bool store_list_others_warnings(struct store *store, const char *unit, int64_t now,
        struct bulletin_list *out, struct err *err);
/* Takes the next free identifier "<unit>_<YYYYMMDDhhmmss>_<N>" at or after `now`; the sixth in
 * one second takes the next second. Inside a transaction only. */
bool store_take_identifier(struct store *store, const char *unit_code, int64_t now,
        char **identifier, struct err *err);
#define COUNTER_MESSAGES "mqtt" /* what is released, as subscribers see it numbered */
bool store_next_sequence(struct store *store, const char *counter, int64_t *value, struct err *err);

/* --- the secrecy screen ----------------------------------------------------------------------- */
/* Digests of what a bulletin says about somebody, as the screen made them (screen_aggregate.h). */
struct store_trace {
	const char *kind, *digest; /* borrowed */
	bool subject;
};
/* What was found takes the place of what was found before. hits: an array. */
bool store_put_screening(struct store *store, const char *bulletin, const json_t *hits,
        const struct store_trace *traces, size_t count, int64_t now, struct err *err);
bool store_get_screening(
        struct store *store, const char *bulletin, json_t **hits, struct err *err); /* [] = none */
/* Each trace of other bulletins of the same incident or chain; where there is no incident, of
 * bulletins of one hazard in one of the areas, created since. One bulletin's come together. */
bool store_each_trace(struct store *store, const struct bulletin *bulletin, int64_t since,
        void (*take)(void *arg, const char *bulletin, const struct store_trace *trace), void *arg,
        struct err *err);

/* --- people's acts ---------------------------------------------------------------------------- */
struct approval {
	struct proof proof;
	int64_t recorded;
	bool voided; /* by an edit */
};
struct approval_list {
	struct approval *items;
	size_t count;
};
void approval_list_finish(struct approval_list *list);
bool store_add_approval(struct store *store, const char *bulletin, const struct proof *proof,
        int64_t now, struct err *err);
/* Those that hold: voided ones are left out. */
bool store_list_approvals(
        struct store *store, const char *bulletin, struct approval_list *out, struct err *err);
bool store_list_all_approvals(
        struct store *store, const char *bulletin, struct approval_list *out, struct err *err);
bool store_void_approvals(struct store *store, const char *bulletin, struct err *err);
/* Reviews and signatures made before that moment. */
bool store_void_stale_approvals(
        struct store *store, const char *bulletin, int64_t before, struct err *err);
/* Another takes its place. */
bool store_void_override(struct store *store, const char *bulletin, struct err *err);

/* A bulletin's history before release, and its audit line (the reason by digest). */
bool store_add_step(
        struct store *store, const char *bulletin, const struct step *step, struct err *err);
bool store_list_steps(struct store *store, const char *bulletin, struct step_list *out,
        struct err *err); /* oldest first */
/* The words as submitted, by the digest of their manifest: what an approval or a return was about.
 */
bool store_add_words(struct store *store, const struct bulletin *bulletin, struct err *err);
bool store_get_words(struct store *store, const char *bulletin, const char *digest, char **manifest,
        char **cap, struct err *err); /* both the caller's */

/* asked: "submission", "release", "cancel", "relay", "delivery", "assign", "handover", "close".
 * facts: the request as JSON. Goes into the hash chain too, by digest. bulletin NULL or "": a
 * request that never became one; officer NULL: a relay. */
bool store_add_decision(struct store *store, const char *bulletin, const char *asked,
        const char *officer, bool permit, const json_t *decision, const json_t *facts, int64_t now,
        struct err *err);
/* Is a permit for this bulletin by this version of the policy on record? */
bool store_has_permit(
        struct store *store, const char *bulletin, const char *policy, bool *has, struct err *err);
bool store_list_decisions(struct store *store, const char *bulletin, json_t **out,
        struct err *err); /* array, oldest first */
/* Every question about who handles this incident (asked: assign, handover, close), likewise. */
bool store_list_incident_decisions(
        struct store *store, const char *incident, json_t **out, struct err *err);

/* --- deliveries ------------------------------------------------------------------------------- */
struct delivery_list {
	struct delivery *items;
	size_t count;
};
void delivery_list_finish(struct delivery_list *list);
bool store_add_delivery(
        struct store *store, struct delivery *delivery, struct err *err); /* fills in id */
bool store_get_delivery(struct store *store, int64_t id, struct delivery *out,
        struct err *err); /* true: *out is the caller's to finish, whatever stood there before */
bool store_list_deliveries(
        struct store *store, const char *bulletin, struct delivery_list *out, struct err *err);
/* Everything not final (WAITING, SENDING, and UNKNOWN that may still be decided), oldest first:
 * replay. */
bool store_list_pending(struct store *store, struct delivery_list *out, struct err *err);
/* Blocks of one bulletin for one far side, below red, that wait and that nobody has tried: a
 * release that fills ten thousand of them is one line of this. */
struct delivery_rest {
	char *bulletin, *chain, *target;
	int job_kind;
	enum level level;
	bool correction;
	int64_t order, expires;
	int block;     /* the first of them */
	int64_t count; /* so many */
};
struct delivery_rest_list {
	struct delivery_rest *items;
	size_t count;
};
void delivery_rest_finish(struct delivery_rest *rest);
void delivery_rest_list_finish(struct delivery_rest_list *list);
bool delivery_may_rest(const struct delivery *delivery); /* is it one of such? */
/* All there are, and everything else that is not final: both together are store_list_pending. */
bool store_list_rests(struct store *store, struct delivery_rest_list *out, struct err *err);
bool store_list_begun(struct store *store, struct delivery_list *out, struct err *err);
/* The next `most` of them from `block` on, in their order; fewer: there are no more. */
bool store_list_rest_blocks(struct store *store, const struct delivery_rest *rest, int most,
        struct delivery_list *out, struct err *err);
/* All of them from `block` on end so: one line of the chain, as store_close_waiting. */
bool store_close_rest(struct store *store, const struct delivery_rest *rest,
        enum delivery_state state, const char *reason, int64_t now, struct err *err);
/* WAITING -> SENDING, attempt + 1, began = false; ERR_CONFLICT when it is not WAITING any more,
 * or its bulletin was superseded or cancelled. */
bool store_delivery_sending(struct store *store, int64_t id, int64_t now, struct err *err);
bool store_delivery_began(struct store *store, int64_t id, int64_t now, struct err *err);
/* Of a block of what ends its chain: may anybody of it have an earlier message? True as well where
 * an earlier one went by another list of recipients, or the end was relayed. */
bool store_delivery_heard(struct store *store, int64_t id, bool *heard, struct err *err);
/* Sets state, due, reason, and where given ("" = keep) proof and far_id. A final state is never
 * left (ERR_CONFLICT), but for UNKNOWN. */
bool store_delivery_state(struct store *store, int64_t id, enum delivery_state state, int64_t due,
        const char *reason, const char *proof, const char *far_id, int64_t now, struct err *err);
/* How often it was sent again in doubt, so far: `doubts` of the delivery. */
bool store_delivery_doubts(struct store *store, int64_t id, int doubts, struct err *err);
/* All of a bulletin's that still wait end so: one line of the chain for each far side, however many
 * blocks its recipients fill. */
bool store_close_waiting(struct store *store, const char *bulletin, enum delivery_state state,
        const char *reason, int64_t now, struct err *err);
/* Marks recipients of a block, whom the far side took and whom it refused: bitmaps of `len` bytes.
 * Each recipient counts once, however often he is named. */
bool store_delivery_recipients(struct store *store, int64_t id, const unsigned char *taken,
        const unsigned char *refused, size_t len, int64_t now, struct err *err);
/* A block's recipients: one address a line; in the record or in the directory. */
bool store_audience_block(struct store *store, const char *bulletin, const char *target, int block,
        char **out, struct err *err);
/* How many there are. */
bool store_audience_blocks(struct store *store, const char *bulletin, const char *target,
        int64_t *count, struct err *err);
/* The digests of the blocks in their order, DIGEST_BYTES each; the caller's. Of blocks in the
 * directory as they were frozen, of those in the record as they stand there now. */
bool store_audience_digests(struct store *store, const char *bulletin, const char *target,
        unsigned char **digests, size_t *count, struct err *err);
/* Digests of the audiences whose numbers were not purged: what the directory has to keep. */
bool store_audiences_needed(struct store *store, struct texts *digests, struct err *err);
bool store_find_far_id(struct store *store, const char *target, const char *far_id,
        int64_t *delivery, struct err *err);

/* --- tokens, audit, upkeep -------------------------------------------------------------------- */
struct token {
	char *name, *officer, *source; /* officer or source: "" when none */
	char *scopes;                  /* "read draft submit approve release cancel" */
	char *addresses;               /* ranges it may come from, with blanks between; "" = any */
	int64_t ends;                  /* ms; 0 = never */
	int64_t used;                  /* ms, to the minute; 0 = never */
};
void token_finish(struct token *token);
bool store_add_token(struct store *store, const char *secret_digest, const struct token *token,
        int64_t now, struct err *err);
bool store_find_token(struct store *store, const char *secret_digest, int64_t now,
        struct token *out, struct err *err);
bool store_touch_token(struct store *store, const char *name, int64_t now, struct err *err);
bool store_has_token(struct store *store, const char *name, struct err *err);
bool store_drop_token(struct store *store, const char *name, struct err *err);
json_t *store_list_tokens(struct store *store, struct err *err); /* NULL: *err */

/* Appends to the hash chain: hash = SHA-256 of (previous hash, seq, at, what, ref, body), each with
 * its length in front. Body never holds personal data. */
bool store_audit(struct store *store, const char *what, const char *ref, const json_t *body,
        int64_t now, struct err *err);
/* Where the chain ends, by the word kept apart from it; seq 0 and 64 zeros when it is empty. */
bool store_audit_head(struct store *store, int64_t *seq, char hash[DIGEST_HEX], struct err *err);
/* Walks the whole chain. false + *err names the first record that does not fit. */
bool store_audit_verify(
        struct store *store, int64_t *records, char head[DIGEST_HEX], struct err *err);
/* The next `most` records of a walk. *at_end: the end was reached, and it and the decisions were
 * looked at, too. */
bool store_audit_walk(
        struct store *store, struct chain *chain, int most, bool *at_end, struct err *err);
/* The last `most` records only. */
bool store_audit_tail(struct store *store, int most, struct chain *chain, struct err *err);

struct audit_wish {
	const char *ref, *what; /* NULL = any */
	int64_t from;           /* first seq; 0 = from the first */
	int64_t since, until;   /* ms, until excluded; 0 = no bound */
	bool newest;            /* the last of them first */
	int most;
};
/* Records as they are hashed:
 * [{"seq","at"(ms),"what","ref","body"(text),"hash","previous"(hash)}]. */
bool store_list_audit(
        struct store *store, const struct audit_wish *wish, json_t **out, struct err *err);

/* --- what the house says of itself ------------------------------------------------------------ */
/* What is in force at `now`, in order of release, with the digest of each signed CAP. *items is the
 * caller's. */
bool store_list_in_force(struct store *store, int64_t now, struct status_item **items,
        size_t *count, struct err *err);
/* The last sequence number given, and the highest of those that were given to a release none of
 * these far sides ever got or will get; rising, at most STATUS_VOIDS_MOST. */
bool store_list_voids(struct store *store, const struct texts *targets, int64_t *last,
        int64_t *voids, size_t *count, struct err *err);

/* --- a case ----------------------------------------------------------------------------------- */
/* Ids of all bulletins of this one's chain and incident, with those staged for them; in order. */
bool store_list_case(struct store *store, const char *bulletin, struct texts *ids, struct err *err);
/* Adds what came in for a bulletin: {"id","at"(ms),"way","outcome","size"}. */
bool store_list_inputs(struct store *store, const char *bulletin, json_t *list, struct err *err);

/* --- when an event is over -------------------------------------------------------------------- */
struct purge {
	const char *change;       /* whose order it was; the ref of its audit line; "" */
	int64_t before;           /* ms: numbers, inputs and answers of what was over by then */
	int64_t confirmed_before; /* ms: what far sides confirmed; not after `before` */
};
struct purge_counts {
	int64_t blocks, confirmations, inputs, answers; /* rows emptied or taken out */
};
bool store_purge(struct store *store, const struct purge *purge, int64_t now,
        struct purge_counts *counts, struct err *err);

/* For what must be recognised and not read: HMAC-SHA-256 under the record's audit key. Once the key
 * is destroyed nothing can be linked to it any more. */
void store_keyed_digest(
        const struct store *store, const void *bytes, size_t len, char hex[DIGEST_HEX]);

/* The record's mode is this one, from its first use on; ERR_CONFIG when it is another. Inside a
 * transaction only. */
bool store_bind_mode(struct store *store, enum mode mode, struct err *err);

#endif
