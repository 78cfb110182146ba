/* SPDX-License-Identifier: Apache-2.0
 * turn_call - one turn of one step of a bulletin, as somebody is called to it (叫应): how often,
 * and whether anybody answered. Kept so that a restart neither calls again at once nor forgets.
 */
#ifndef TOCSIN_TURN_CALL_H
#define TOCSIN_TURN_CALL_H

#include "status.h"
#include "store.h"

enum { CALL_RUNGS = 3 }; /* the one on duty, the same again, the deputy */

struct turn_call {
	int64_t bulletin; /* row */
	enum status_step step;
	int64_t since; /* when the bulletin reached the step: with the two above, the turn's name */
	int rung;      /* 0 nobody was called, 1 first, 2 again, 3 the deputy */
	int64_t called;    /* when this rung was called last */
	int tries;         /* of this rung */
	int64_t arrived;   /* a far side took this rung's call; 0 = not yet */
	int64_t confirmed; /* somebody answered; 0 = nobody */
	char *confirmed_by;
};
void turn_call_finish(struct turn_call *call);

/* Fills in what is known of the turn named by the first three members; zeroed when nothing is. */
bool store_get_call(struct store *store, struct turn_call *call, struct err *err);
struct turn_call_list {
	struct turn_call *items;
	size_t count;
};
void turn_call_list_finish(struct turn_call_list *list);
/* Every turn of a bulletin that somebody was called to, or answered; oldest first. */
bool store_list_calls(
        struct store *store, const char *bulletin, struct turn_call_list *out, struct err *err);
/* Rung, called, tries, arrived = 0. */
bool store_put_call(struct store *store, const struct turn_call *call, struct err *err);
/* The first word that this rung's call was taken counts. */
bool store_call_arrived(
        struct store *store, const struct turn_call *call, int64_t now, struct err *err);
bool store_call_confirmed(struct store *store, const struct turn_call *call, const char *officer,
        int64_t now, struct err *err);

#endif
