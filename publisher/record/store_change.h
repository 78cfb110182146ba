/* SPDX-License-Identifier: Apache-2.0
 * store_change - administrative changes and the policy's versions in the record (store.h says what
 * a store is, and how its functions fail).
 */
#ifndef TOCSIN_STORE_CHANGE_H
#define TOCSIN_STORE_CHANGE_H

#include "change_text.h"
#include "proof.h"
#include "store.h"

enum change_state {
	CHANGE_PROPOSED,
	CHANGE_EFFECTIVE,
	CHANGE_REFUSED,
	CHANGE_WITHDRAWN,
	CHANGE_EXPIRED,
	CHANGE_STATE_COUNT
};
const char *change_state_text(enum change_state state);
const char *change_state_zh(enum change_state state); /* 待确认 已生效 已否决 已撤回 已过期 */

struct change {
	int64_t row;
	struct change_text text;
	char digest[DIGEST_HEX]; /* of the text's lines: what proofs are over */
	char *body;
	enum change_state state;
	char *reason, *closer; /* who ended it, and why; "" */
	int64_t proposed, ends, closed;
	struct proof *proofs; /* oldest first: the proposer's, then who confirmed */
	size_t proof_count;
	char *word; /* told once to who confirmed it (two_part.h); never in the record; or NULL */
};
void change_finish(struct change *change);

struct change_list {
	struct change *items;
	size_t count;
};
void change_list_finish(struct change_list *list);

/* Proposed, with its first proof. ERR_CONFLICT: there is one with this id. */
bool store_add_change(
        struct store *store, const struct change *change, int64_t now, struct err *err);
bool store_get_change(struct store *store, const char *id, struct change *out, struct err *err);
/* Newest first, with proofs and without documents. */
bool store_list_changes(struct store *store, int limit, struct change_list *out, struct err *err);
bool store_add_change_proof(struct store *store, const char *id, const struct proof *proof,
        int64_t now, struct err *err);
/* ERR_CONFLICT when it is not open any more: whoever comes second comes too late. */
bool store_close_change(struct store *store, const char *id, enum change_state state,
        const char *closer, const char *reason, int64_t now, struct err *err);
/* An open change whose time is over; *id NULL: none. The caller's. */
bool store_find_ended_change(struct store *store, int64_t now, char **id, struct err *err);

/* A policy that is or was in force. */
struct policy_version {
	int64_t number; /* from 1 */
	char version[DIGEST_HEX], head[DIGEST_HEX];
	char *change; /* its id; "": root installed it */
	int64_t at;
	char *text;
};
void policy_version_finish(struct policy_version *version);

bool store_add_policy_version(
        struct store *store, const struct policy_version *version, struct err *err);
/* The one in force. ERR_MISSING: none yet. */
bool store_newest_policy(struct store *store, struct policy_version *out, struct err *err);
bool store_get_policy_version(
        struct store *store, int64_t number, struct policy_version *out, struct err *err);
/* The newest whose history stood there; *number 0: we do not know that place. */
bool store_find_policy_head(
        struct store *store, const char *head, int64_t *number, struct err *err);
/* Without texts, oldest first: [{number, version, head, change, at}]. */
bool store_list_policy_versions(struct store *store, json_t **out, struct err *err);

#endif
