/* SPDX-License-Identifier: Apache-2.0
 * authority - who handles, who publishes (谁主管谁负责、谁处置谁发布): one pure function.
 *
 * (policy, request) -> permit with its row and legal basis | deny with every condition that failed.
 * No clock, no memory, no I/O: the signer, tocsind and `tocsin decide` ask the same function. No
 * rule means deny; a NULL, unknown or malformed value is a deny with its reason, never a crash.
 */
#ifndef TOCSIN_AUTHORITY_H
#define TOCSIN_AUTHORITY_H

#include "policy.h"

struct request {
	const char *officer; /* NULL only for a relay */
	enum verb verb;
	enum kind kind;
	const char *hazard;
	enum level level;
	const char *const *areas;
	size_t area_count;
	const char *const *channels; /* channel kinds, each at least once */
	size_t channel_count;
	const char *incident; /* id, or NULL */
	const char *handler;  /* the incident's present handler (unit id), or NULL */
	const char *status;   /* CAP's word */
	enum mode mode;
	enum disclosure disclosure;
	enum screening screening;
	enum procedure procedure;
	const char *drafter;        /* officer id, or NULL (then a deny outside a relay) */
	const char *const *earlier; /* who drafted it before the drafter did */
	size_t earlier_count;
	const char *const *reviews;
	const int64_t *review_times; /* ms: of each one's proof; NULL: all of them `at` */
	size_t review_count;
	const char *const *signs;
	const int64_t *sign_times;
	size_t sign_count;
	int64_t at;        /* ms */
	int64_t released;  /* ms: a delivery of what went out then, whose sign-off row stays that of
	                      its release, and whose roster is not asked again; 0 = not yet: `at` */
	const char *chain; /* unit that holds the chain, or NULL: the officer's */
	int64_t expires;   /* ms; 0 = not expired */
	const char *source; /* relay: which source */
	const char *unread; /* a field of the request that could not be understood, or NULL */
	bool submission; /* asked at submission: only conditions 2-4 and 7-9, for the drafter's unit
	                  */
};

/* The nine conditions of the rule text (docs/AUTHORITY.md). */
enum condition {
	CONDITION_REQUEST,    /* 0: the request itself can be understood */
	CONDITION_OFFICER,    /* 1: active, with the duty to publish */
	CONDITION_HANDLER,    /* 2: its unit handles it, or acts on behalf */
	CONDITION_GRANT,      /* 3: one grant covers all of it */
	CONDITION_FORBID,     /* 4: no forbid matches */
	CONDITION_SIGNOFF,    /* 5: reviewed and signed by enough distinct people */
	CONDITION_SECRECY,    /* 6: the secrecy review is recorded */
	CONDITION_DISCLOSURE, /* 7: public channels carry only 主动公开 */
	CONDITION_MODE,       /* 8: status and instance mode agree */
	CONDITION_LIFE,       /* 9: not expired; the chain is ours or our subordinate's */
	CONDITION_COUNT
};

struct reason {
	enum condition condition;
	const char *
	        row; /* label of the policy row it is about, or NULL; lives as long as the policy */
	char *zh, *en;
};

struct decision {
	bool permit;
	const char *rule;  /* label of the granting row (on behalf: the behalf row); NULL on deny */
	const char *basis; /* its legal basis, or NULL when the row (a relay's) names none; NULL on
	                      deny */
	const char *unit;  /* permit: the unit whose authority counts (on behalf: the handler's);
	                      else NULL */
	const char *handler_rule,
	        *handler_basis; /* permit on behalf: the handler's own row; else NULL */
	struct reason *reasons; /* permit: none; deny: every failed condition, then near misses */
	size_t reason_count;
	size_t rows; /* how many rows of the policy were looked at for it */
	char policy[DIGEST_HEX];
};

enum { REQUEST_AREAS_MOST = 10000, REQUEST_CHANNELS_MOST = 64, REQUEST_PEOPLE_MOST = 64 };

void authority_decide(
        const struct policy *policy, const struct request *request, struct decision *decision);

/* Assigning, handing over and closing an incident (docs/AUTHORITY.md, "Incidents"). */
enum incident_verb { INCIDENT_ASSIGN, INCIDENT_HANDOVER, INCIDENT_CLOSE, INCIDENT_VERB_COUNT };
const char *incident_verb_text(enum incident_verb verb);
const char *incident_verb_zh(enum incident_verb verb); /* 指派 移交 终结 */
bool incident_verb_read(const char *text, enum incident_verb *out);

struct incident_request {
	const char *officer;
	enum incident_verb verb;
	const char *incident; /* id */
	const char *handler;  /* its present handler, or NULL: none yet */
	const char *to;       /* unit; NULL for close, and only then */
	const char *hazard;
	const char *const *areas;
	size_t area_count;
	int64_t at; /* ms */
	/* Compared with forbids that name them; what is not stated matches. */
	const enum kind *kind;
	const enum level *level;
	const char *const *channels;
	size_t channel_count;
	const char *unread;
};

/* Permit: `rule` is the row of `to` (close: of the handler, or NULL) over hazard and areas. */
void authority_incident(const struct policy *policy, const struct incident_request *request,
        struct decision *decision);

void decision_finish(struct decision *decision);

/* How many reviews and signs a bulletin of this level needs at `at`; false: no row, so nobody may.
 */
bool authority_signoff(const struct policy *policy, enum level level, enum procedure procedure,
        int64_t at, int *reviews, int *signs, const char **row);

#endif
