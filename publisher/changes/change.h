/* SPDX-License-Identifier: Apache-2.0
 * change - administrative changes as acts of two people: one administrator proposes, another
 * confirms, then it takes effect in one transaction, or it is refused, withdrawn, or runs out.
 *
 * Every attempt is a decision in the record, permitted or denied, with its reasons. What kinds
 * there are: change_kinds.h.
 */
#ifndef TOCSIN_CHANGE_H
#define TOCSIN_CHANGE_H

#include "house.h"
#include "store_change.h"

/* `change` has text (follows included), body and one proof: the caller's. */
bool change_propose(struct house *house, struct store *reader, const struct caller *caller,
        struct change *change, struct err *err);
/* A second person's proof; the change is in effect when it returns true. *word (may be NULL; the
 * caller's, to be forgotten) is for this person only, said this once. */
bool change_confirm(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const struct proof *proof, char **word, struct err *err);
/* Its proposer withdraws it; anybody else who could confirm it refuses it. */
bool change_end(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *reason, struct err *err);
/* A chore: ends those whose time is over. */
void change_run_out(struct house *house, struct store *reader, int64_t now);

#endif
