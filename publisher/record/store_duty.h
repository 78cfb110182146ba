/* SPDX-License-Identifier: Apache-2.0
 * store_duty - what a release obliges somebody to (the law's duties), until it is done.
 *
 * OPEN -> DONE, once: by an officer with a note, or by the message that fulfils it. Overdue is an
 * OPEN one whose moment has passed; nothing is ever deleted.
 */
#ifndef TOCSIN_STORE_DUTY_H
#define TOCSIN_STORE_DUTY_H

#include "store.h"

struct duty_row {
	int64_t id;
	char *bulletin; /* id */
	char *chain, *unit;
	char *what;      /* report, notice, announce, advice, lift, after-report */
	char *recipient; /* to whom; "" */
	char *basis;     /* the law's words */
	int64_t opened, due;
	bool done;
	int64_t closed;  /* 0 = open */
	char *closed_by; /* an officer, or the bulletin that fulfilled it */
	char *reference, *note;
	int shouts; /* how often its being overdue was said aloud */
	int64_t shouted;
	char *headline; /* of its bulletin; read only */
};
struct duty_list {
	struct duty_row *items;
	size_t count;
};
void duty_list_finish(struct duty_list *list);

bool store_add_duty(struct store *store, const struct duty_row *duty, struct err *err);
/* Open ones, soonest first; bulletin NULL: of all, else every one of that bulletin, done or not. */
bool store_list_duties(struct store *store, const char *bulletin, int limit, struct duty_list *out,
        struct err *err);
bool store_get_duty(struct store *store, int64_t id, struct duty_list *out, struct err *err);
/* ERR_CONFLICT when it is done already. */
bool store_close_duty(struct store *store, int64_t id, const char *by, const char *reference,
        const char *note, int64_t now, struct err *err);
/* Those of this kind that are open anywhere in the chain, but for `bulletin`'s own. */
bool store_close_duties(struct store *store, const char *chain, const char *what,
        const char *bulletin, int64_t now, struct err *err);
/* Open ones of this kind whose moment has passed. */
bool store_list_overdue(
        struct store *store, const char *what, int64_t now, struct duty_list *out, struct err *err);
bool store_duty_shouted(struct store *store, int64_t id, int64_t now, struct err *err);

#endif
