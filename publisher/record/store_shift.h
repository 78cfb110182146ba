/* SPDX-License-Identifier: Apache-2.0
 * store_shift - the pages by which the watch is handed over, and who signed them.
 *
 * Of a unit's pages one at most waits for a signature: a new one takes the place of what waits. A
 * page that both have signed is never changed.
 */
#ifndef TOCSIN_STORE_SHIFT_H
#define TOCSIN_STORE_SHIFT_H

#include "proof.h"
#include "shift_text.h"
#include "store.h"

enum shift_state {
	SHIFT_MADE,   /* nobody has signed */
	SHIFT_HANDED, /* who goes has */
	SHIFT_TAKEN,  /* both have */
	SHIFT_VOID,   /* another was made before both had */
	SHIFT_STATE_COUNT
};
const char *shift_state_text(enum shift_state state); /* made, handed, taken, void */
const char *shift_state_zh(enum shift_state state);

struct shift {
	int64_t number;
	enum shift_state state;
	char digest[DIGEST_HEX]; /* of `text` */
	char *text;
	int64_t made, closed;   /* ms; closed: taken or void, 0 = neither */
	struct proof proofs[2]; /* of who goes, of who comes; officer NULL = not yet */
};
void shift_finish(struct shift *shift);

struct shift_list {
	struct shift *items;
	size_t count;
};
void shift_list_finish(struct shift_list *list);

/* Takes the place of the unit's page that waits. Fills in number and digest. */
bool store_add_shift(struct store *store, struct shift *shift, const char *unit, struct err *err);
bool store_get_shift(struct store *store, int64_t number, struct shift *out, struct err *err);
/* The unit's, or (NULL) everybody's, newest first. */
bool store_list_shifts(
        struct store *store, const char *unit, int limit, struct shift_list *out, struct err *err);
/* Digest of the unit's last page that both signed; "" = none. */
bool store_last_shift(
        struct store *store, const char *unit, char digest[DIGEST_HEX], struct err *err);
/* The proof, and where the page stands with it. */
bool store_sign_shift(struct store *store, int64_t number, const struct proof *proof,
        enum shift_state state, int64_t now, struct err *err);

#endif
