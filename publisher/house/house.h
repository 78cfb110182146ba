/* SPDX-License-Identifier: Apache-2.0
 * house - what every use case of tocsind stands on: settings, policy, catalog, record, outbox. Made
 * by daemon.c, the same for every thread; only the policy may be exchanged while we run.
 */
#ifndef TOCSIN_HOUSE_H
#define TOCSIN_HOUSE_H

#include <stdatomic.h>

#include "catalog.h"
#include "claims.h"
#include "config.h"
#include "policy.h"
#include "population.h"
#include "record.h"
#include "screen_lists.h"
#include "worker.h"

struct outbox;
struct phrases;
struct policies;
struct upload;

struct house {
	const struct config *config;
	const struct catalog *catalog;
	const struct screen_lists *screen;
	const struct phrases *phrases;       /* NULL: there is no table of plain sentences */
	const struct population *population; /* empty where none was imported */
	struct record *record;
	struct loop *loop;
	struct outbox *outbox;
	struct workers *workers;
	struct workers *hashers;   /* for routes that hash passwords */
	struct workers *tenders;   /* for chores, so that one which hangs holds up no call */
	struct workers *importer;  /* for the one import of recipients there may be; last in line */
	struct upload *upload;     /* a list of recipients that comes by the API */
	struct guard *guard;       /* who may try to sign in just now */
	struct attempts *attempts; /* what passkeys are asked at a sign-in */
	struct claims *claims;     /* Idempotency-Keys being answered */
	struct heartbeat *heartbeat;
	struct policies *policies;             /* all that were in force since the start */
	_Atomic(const struct policy *) policy; /* the one in force */
	atomic_int held;                       /* restored from a backup: nothing leaves */
	atomic_int record_damaged;             /* a page of it is; work goes on */
	int64_t record_check_due;              /* boot ms; record_watch's own */
	atomic_int ending;                     /* things that end soon (duties/ends.h) */
	int64_t ends_said_until;               /* boot ms; ends_chore's own */
	atomic_int draining;                   /* SIGTERM came: take nothing in */
};

/* Who is asking: the token or session, and the officer it belongs to (NULL: a machine). A session
 * looks like a token with the scopes of its officer's duties. */
struct caller {
	struct token token;
	const struct officer *officer;
	char session[17];     /* the session's name; "" for a token */
	int64_t session_ends; /* when it ends unless it is used */
	char *csrf;           /* the word a browser must send with it; NULL for a token */
};
bool caller_has(const struct caller *caller, const char *scope);
bool caller_must_be_officer(
        const struct caller *caller, struct err *err); /* ERR_DENIED for a machine */
/* Holds one of these duties. ERR_DENIED names them. */
bool caller_must_hold(const struct caller *caller, unsigned duties, struct err *err);

#endif
