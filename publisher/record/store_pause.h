/* SPDX-License-Identifier: Apache-2.0
 * store_pause - far sides of one bulletin that an officer holds back: what waits there goes on
 * waiting, and nothing of it leaves until it is resumed. Who paused and resumed before is in the
 * audit chain.
 */
#ifndef TOCSIN_STORE_PAUSE_H
#define TOCSIN_STORE_PAUSE_H

#include "store.h"

struct pause {
	char *bulletin, *target;
	int64_t since; /* ms */
	char *officer, *reason;
};
struct pause_list {
	struct pause *items;
	size_t count;
};
void pause_list_finish(struct pause_list *list);

/* How a far side's deliveries of a bulletin stand. */
struct pause_ground {
	int64_t all, open; /* open: WAITING or SENDING */
	bool correction;   /* they take something back */
};
bool store_pause_ground(struct store *store, const char *bulletin, const char *target,
        struct pause_ground *out, struct err *err);

/* Inside a transaction. ERR_CONFLICT: it is paused already. */
bool store_add_pause(struct store *store, const struct pause *pause, struct err *err);
/* ERR_CONFLICT: it is not paused. */
bool store_end_pause(
        struct store *store, const char *bulletin, const char *target, struct err *err);
/* Of this bulletin; NULL: of all that are released. */
bool store_list_pauses(
        struct store *store, const char *bulletin, struct pause_list *out, struct err *err);

#endif
