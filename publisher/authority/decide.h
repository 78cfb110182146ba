/* SPDX-License-Identifier: Apache-2.0
 * decide - what the files of this room share about one decision: who asks, how it may be read,
 * which rows cover it. Nobody outside the room includes this.
 */
#ifndef TOCSIN_DECIDE_H
#define TOCSIN_DECIDE_H

#include "authority.h"
#include "policy_index.h"
#include "status.h"

/* The request with its people looked up. */
struct asking {
	const struct policy *policy;
	const struct request *request;
	const struct officer *officer;   /* at submission: the drafter; NULL: unknown, or a relay */
	const struct officer *drafter;   /* or NULL */
	const struct indexed_unit *unit; /* the officer's, or NULL */
	size_t *looked;                  /* counts the rows looked at */
};

/* One way to read the request: the unit in its own right, on behalf of a handler by one behalf row,
 * or a relay by one of its rows. It is permitted when one reading meets every condition. */
struct reading {
	const struct indexed_unit *unit;     /* whose authority counts; NULL: nobody's */
	const struct indexed_grant *behalf;  /* or NULL */
	const struct relay *relay;           /* or NULL */
	const struct scope *relay_scope;     /* or NULL */
	const struct indexed_grant *granted; /* the row of (3), once found */
	unsigned failed;                     /* bits of enum condition */
};

/* The first thing of a row that does not cover the request. */
enum thing {
	THING_NONE,
	THING_OF, /* behalf: of somebody else than the handler */
	THING_ACT,
	THING_KIND,
	THING_HAZARD,
	THING_LEVEL,
	THING_AREA,
	THING_CHANNEL,
	THING_TIME,
	THING_HANDLER_GRANT /* behalf: the row covers, but no row of the handler's does */
};

enum thing scope_misses(
        const struct scope *scope, const struct request *request, const char **value);
bool scope_forbids(const struct scope *scope, const struct request *request);
bool scope_is_over(
        const struct scope *scope, const char *hazard, const char *const *areas, size_t count);
bool scope_is_now(const struct scope *scope, int64_t at);
/* The unit's first row of role handle or charge that covers everything; or NULL. */
const struct indexed_grant *unit_grant(
        const struct indexed_unit *unit, const struct request *request, size_t *looked);
/* The same for hazard, areas and time alone: the unit handles such things at all. */
const struct indexed_grant *unit_handles(const struct indexed_unit *unit, const char *hazard,
        const char *const *areas, size_t count, int64_t at, size_t *looked);
bool unit_is_above(const struct indexed_unit *above, const struct indexed_unit *below);
enum thing behalf_misses(
        const struct asking *asking, const struct indexed_grant *row, const char **value);

/* (4): the first forbid that matches, or SIZE_MAX. */
size_t forbid_find(const struct asking *asking, const struct indexed_unit *unit);

/* (5): when the sign-offs were asked for: a delivery in the morning keeps the night's row. */
int64_t signed_at(const struct request *request);
/* (5): the row that says how many; or NULL. */
const struct signoff *signoff_row(
        const struct policy *policy, enum level level, enum procedure procedure, int64_t at);

/* (5): what is wrong with the i-th named person (reviewers first, then signers). */
enum person_fault {
	PERSON_GOOD,
	PERSON_UNKNOWN,
	PERSON_INACTIVE,
	PERSON_DUTY,
	PERSON_UNIT,
	PERSON_DRAFTER,
	PERSON_EARLIER,
	PERSON_TWICE,
	PERSON_STALE,
	PERSON_OFF_DUTY
};
enum person_fault person_look(const struct asking *asking, const struct reading *reading, size_t i);
const char *person_named(const struct request *request, size_t i); /* the id */
enum status_step person_step(const struct request *request, size_t i);
int64_t person_time(const struct request *request, size_t i); /* of their proof */

/* (9), second half: does the chain belong to that unit or one below it? */
bool chain_is_ours(const struct asking *asking, const struct reading *reading);

/* 0: the first thing that cannot be understood at all, or NULL; then nothing else is asked. */
const char *request_misread(const struct request *request);

/* Reasons (decide_say.c). deny takes both sentences; they become one clean line each. */
void deny(struct decision *decision, enum condition condition, const char *row, char *zh, char *en);
/* The request cannot be understood: `what`. */
void deny_misread(const char *what, struct decision *decision);
/* (1): what is wrong with who publishes or takes a step; officer NULL: not in the policy. */
void deny_officer(const struct officer *officer, const char *id, struct decision *decision);
/* (2), of an incident without a handler: what to do about it (decide_incident.c). */
void deny_nobodys(const struct request *request, struct decision *decision);
void say_condition(const struct asking *asking, const struct reading *reading,
        enum condition condition, struct decision *decision);
void say_signoff(/* decide_say_people.c */
        const struct asking *asking, const struct reading *reading, struct decision *decision);
void say_near_misses(
        const struct asking *asking, const struct reading *reading, struct decision *decision);

bool is_relay(const struct request *request);
bool is_withdrawal(const struct request *request); /* cancel or correct: one person is enough */

#endif
