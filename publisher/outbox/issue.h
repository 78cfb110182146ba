/* SPDX-License-Identifier: Apache-2.0
 * issue - a released bulletin as the loop holds it: everything an agent needs, never changed,
 * counted.
 */
#ifndef TOCSIN_ISSUE_H
#define TOCSIN_ISSUE_H

#include <stdatomic.h>

#include "bulletin.h"
#include "config.h"
#include "view.h"

struct issue {
	atomic_int holders;
	char *id, *identifier, *chain;
	int64_t order; /* of release */
	enum level level;
	enum verb verb;
	bool correction;
	bool overtaken;        /* it was superseded or cancelled already when this was made */
	int64_t sent, expires; /* ms, UTC */
	int64_t sequence;
	char *cap, *manifest, *signature;
	void *words; /* no address: alike of two with the same signature, never NULL */
	struct view view;
	struct bulletin_text *texts; /* only target, kind, filled */
	size_t text_count;
	struct issue_audience {
		char *target;
		int64_t count;
	} * audiences;
	size_t audience_count;
};

/* From a stored RELEASED (or later) bulletin. NULL + *err when its signed CAP cannot be read back,
 * which would be our own fault. */
struct issue *issue_create(
        const struct bulletin *bulletin, const char *public_url, struct err *err);
struct issue *issue_hold(struct issue *issue);
void issue_let_go(struct issue **issue);
const char *issue_text(const struct issue *issue, const char *target);   /* "" when it has none */
int64_t issue_recipients(const struct issue *issue, const char *target); /* 0: it has none there */
/* To so many that what becomes of each is the far side's to say, not an officer's. */
bool issue_is_bulk(const struct issue *issue, const char *target);

#endif
