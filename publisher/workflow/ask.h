/* SPDX-License-Identifier: Apache-2.0
 * ask - puts a bulletin before the policy: the request from what the record holds, the decision
 * into the record, the refusal into a sentence.
 */
#ifndef TOCSIN_ASK_H
#define TOCSIN_ASK_H

#include "house.h"
#include "sign_offs.h"

struct ask {
	struct request request;
	struct texts channels, areas; /* what the request points to */
	struct sign_offs sign_offs;
	struct decision decision;
	int64_t incident_sequence; /* how far its incident had gone when this was asked */
};

/* approvals: only those over the bulletin's present manifest count. chain_unit: who holds the
 * chain, or NULL. */
void ask_decide(struct ask *ask, const struct policy *policy, const struct config *config,
        const struct bulletin *bulletin, const struct approval_list *approvals, const char *officer,
        int64_t at, const char *chain_unit, bool submission);
void ask_finish(struct ask *ask);

/* Inside a transaction: the decision with its facts and reasons, and its audit line. */
bool ask_record(struct store *store, const struct ask *ask, const char *bulletin, const char *asked,
        struct err *err);

/* ERR_DENIED with every failed condition in both languages. */
bool ask_refusal(const struct ask *ask, struct err *err);
bool ask_say_refusal(const struct decision *decision, struct err *err);

#endif
