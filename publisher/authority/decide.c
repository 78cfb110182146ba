/* SPDX-License-Identifier: Apache-2.0
 * decide - the nine conditions (authority.h), one small function each, in a table that says when
 * each is asked.
 *
 * A request can be read in several ways: the unit in its own right, on behalf of a handler, a relay
 * by this or that row. The first reading that meets every condition permits; otherwise the one that
 * fails fewest (the first of equals) is explained.
 */
#include "decide.h"

#include <stdlib.h>
#include <string.h>

bool is_relay(const struct request *request)
{
	return request->procedure == PROCEDURE_RELAY;
}

bool is_withdrawal(const struct request *request)
{
	return verb_ends_chain(request->verb);
}

/* 0: it names people and units that exist. */
static bool request_holds(const struct asking *asking, struct reading *reading)
{
	const struct request *request = asking->request;

	(void)reading;
	if (is_relay(request) ? request->officer != NULL : !asking->drafter)
		return false;
	if (request->incident && request->handler && !policy_unit(asking->policy, request->handler))
		return false;
	return !request->chain || policy_unit(asking->policy, request->chain);
}

/* 1: the officer is active and holds the duty to publish. */
static bool officer_holds(const struct asking *asking, struct reading *reading)
{
	(void)reading;
	return asking->officer && asking->officer->active && asking->officer->duties & DUTY_PUBLISH;
}

static bool handles_such(const struct asking *asking, const struct indexed_unit *unit)
{
	const struct request *request = asking->request;

	return unit_handles(unit, request->hazard, request->areas, request->area_count, request->at,
	               asking->looked) != NULL;
}

/* A superior's cancel or correction of what a unit below it holds. */
static bool is_from_above(const struct asking *asking, const struct reading *reading)
{
	const struct request *request = asking->request;

	return is_withdrawal(request) && request->chain &&
	       unit_is_above(reading->unit, policy_index_unit(asking->policy, request->chain));
}

/* 2: the unit handles it: the incident's handler, else by its own grant; or on behalf, within the
 * term. */
static bool handler_holds(const struct asking *asking, struct reading *reading)
{
	const struct request *request = asking->request;

	if (!reading->unit ||
	        (reading->behalf && !scope_is_now(&reading->behalf->scope, request->at)))
		return false;
	if (request->incident && request->handler &&
	        strcmp(request->handler, reading->unit->unit->id) == 0)
		return true;
	if (request->incident && (reading->behalf || !is_from_above(asking, reading)))
		return false;
	return handles_such(asking, reading->unit);
}

/* 3: one row covers all of it; on behalf, the behalf row and one of the handler's; a relay, its own
 * row. */
static bool grant_holds(const struct asking *asking, struct reading *reading)
{
	const char *value;

	if (is_relay(asking->request))
		return reading->relay &&
		       scope_misses(reading->relay_scope, asking->request, &value) == THING_NONE;
	reading->granted = unit_grant(reading->unit, asking->request, asking->looked);
	if (!reading->granted)
		return false;
	return !reading->behalf ||
	       scope_misses(&reading->behalf->scope, asking->request, &value) == THING_NONE;
}

/* 4: no forbid matches. */
static bool forbid_holds(const struct asking *asking, struct reading *reading)
{
	return forbid_find(asking, reading->unit) == SIZE_MAX;
}

/* 5: enough people, each entitled, all different. */
static bool signoff_holds(const struct asking *asking, struct reading *reading)
{
	const struct request *request = asking->request;
	const char *row;
	int reviews;
	int signs;

	if (!authority_signoff(asking->policy, request->level, request->procedure,
	            signed_at(request), &reviews, &signs, &row))
		return false;
	if (request->review_count < (size_t)reviews || request->sign_count < (size_t)signs)
		return false;
	for (size_t i = 0; i < request->review_count + request->sign_count; i++)
		if (person_look(asking, reading, i) != PERSON_GOOD)
			return false;
	return true;
}

/* 6: the secrecy review is recorded; of a relay, only that nothing was found. */
static bool secrecy_holds(const struct asking *asking, struct reading *reading)
{
	enum screening screening = asking->request->screening;

	(void)reading;
	if (is_relay(asking->request))
		return screening != SCREENING_HELD;
	return screening == SCREENING_REVIEWED || screening == SCREENING_OVERRIDDEN;
}

/* 7: what anybody can read carries only what is published on own initiative. */
static bool disclosure_holds(const struct asking *asking, struct reading *reading)
{
	const struct request *request = asking->request;

	(void)reading;
	for (size_t i = 0; i < request->channel_count; i++)
		if (request->disclosure != DISCLOSURE_PROACTIVE &&
		        channel_kind_public(request->channels[i]))
			return false;
	return true;
}

/* 8: status and mode agree; System and Draft agree with none. */
static bool mode_holds(const struct asking *asking, struct reading *reading)
{
	(void)reading;
	return strcmp(asking->request->status, mode_status(asking->request->mode)) == 0;
}

bool chain_is_ours(const struct asking *asking, const struct reading *reading)
{
	const struct request *request = asking->request;

	if (request->verb == VERB_PUBLISH || !request->chain)
		return true;
	const struct indexed_unit *holder = policy_index_unit(asking->policy, request->chain);
	return holder && reading->unit &&
	       (holder == reading->unit || unit_is_above(reading->unit, holder));
}

/* 9: not expired, and the chain is ours or of a unit below us. */
static bool life_holds(const struct asking *asking, struct reading *reading)
{
	const struct request *request = asking->request;

	return (!request->expires || request->at < request->expires) &&
	       chain_is_ours(asking, reading);
}

static const struct check {
	bool (*holds)(const struct asking *asking, struct reading *reading);
	bool at_submission, of_relay, of_withdrawal; /* is it asked then? */
} checks[CONDITION_COUNT] = {
        [CONDITION_REQUEST] = {request_holds, true, true, true},
        [CONDITION_OFFICER] = {officer_holds, false, false, true},
        [CONDITION_HANDLER] = {handler_holds, true, false, true},
        [CONDITION_GRANT] = {grant_holds, true, true, true},
        [CONDITION_FORBID] = {forbid_holds, true, true, true},
        [CONDITION_SIGNOFF] = {signoff_holds, false, false, false},
        [CONDITION_SECRECY] = {secrecy_holds, false, true, false},
        [CONDITION_DISCLOSURE] = {disclosure_holds, true, true, true},
        [CONDITION_MODE] = {mode_holds, true, true, true},
        [CONDITION_LIFE] = {life_holds, true, true, true},
};

static bool is_asked(const struct check *check, const struct request *request)
{
	return (!request->submission || check->at_submission) &&
	       (!is_relay(request) || check->of_relay) &&
	       (!is_withdrawal(request) || check->of_withdrawal);
}

static void judge(const struct asking *asking, struct reading *reading)
{
	reading->failed = 0;
	for (int i = 0; i < CONDITION_COUNT; i++)
		if (is_asked(&checks[i], asking->request) && !checks[i].holds(asking, reading))
			reading->failed |= 1u << i;
}

static bool next_relay(const struct asking *asking, size_t *cursor, struct reading *reading)
{
	const struct policy *policy = asking->policy;
	const char *source = asking->request->source;

	for (; source && *cursor < policy->relay_count; ++*cursor) {
		const struct relay *relay = &policy->relays[*cursor];
		++*asking->looked;
		if (strcmp(relay->source, source) == 0) {
			reading->relay = relay;
			reading->relay_scope = &policy->index->relays[(*cursor)++];
			reading->unit = policy_index_unit(policy, relay->unit);
			return true;
		}
	}
	return false;
}

static bool next_behalf(const struct asking *asking, size_t *cursor, struct reading *reading)
{
	const struct indexed_unit *unit = asking->unit;
	const struct request *request = asking->request;

	for (; unit && *cursor < unit->grant_count; ++*cursor) {
		const struct indexed_grant *row = &unit->grants[*cursor];
		++*asking->looked;
		if (row->grant->role != ROLE_BEHALF)
			continue;
		if (request->incident &&
		        (!request->handler || strcmp(request->handler, row->grant->of) != 0))
			continue;
		reading->behalf = row;
		reading->unit = row->of;
		++*cursor;
		return true;
	}
	return false;
}

/* The best reading: none failed, or fewest. There is always one, if only "nobody". */
static struct reading read_best(const struct asking *asking)
{
	struct reading best = {.unit = asking->unit};
	size_t cursor = 0;
	bool first = is_relay(asking->request);

	judge(asking, &best);
	while (best.failed) {
		struct reading other = {0};
		if (!(is_relay(asking->request) ? next_relay(asking, &cursor, &other)
		                                : next_behalf(asking, &cursor, &other)))
			break;
		judge(asking, &other);
		/* A relay's own row is always a better reading than none. */
		if (first || __builtin_popcount(other.failed) < __builtin_popcount(best.failed))
			best = other;
		first = false;
	}
	return best;
}

static void permit(const struct reading *reading, struct decision *decision)
{
	const struct grant *granted = reading->granted ? reading->granted->grant : NULL;

	decision->permit = true;
	decision->unit = reading->unit->unit->id;
	if (reading->relay) {
		decision->rule = reading->relay->label;
		decision->basis = reading->relay->basis;
	} else if (reading->behalf) {
		decision->rule = reading->behalf->grant->label;
		decision->basis = reading->behalf->grant->basis;
		decision->handler_rule = granted->label;
		decision->handler_basis = granted->basis;
	} else {
		decision->rule = granted->label;
		decision->basis = granted->basis;
	}
}

static struct asking look_up(
        const struct policy *policy, const struct request *request, size_t *looked)
{
	struct asking asking = {.policy = policy, .request = request, .looked = looked};

	if (is_relay(request))
		return asking;
	asking.drafter = policy_officer(policy, request->drafter);
	asking.officer =
	        request->submission ? asking.drafter : policy_officer(policy, request->officer);
	asking.unit = asking.officer ? policy_index_unit(policy, asking.officer->unit) : NULL;
	return asking;
}

void authority_decide(
        const struct policy *policy, const struct request *request, struct decision *decision)
{
	*decision = (struct decision){0};
	memcpy(decision->policy, policy->version, sizeof decision->policy);
	const char *misread = request_misread(request);
	if (misread) {
		deny_misread(misread, decision);
		return;
	}
	struct asking asking = look_up(policy, request, &decision->rows);
	struct reading reading = read_best(&asking);
	if (!reading.failed) {
		permit(&reading, decision);
		return;
	}
	for (int i = 0; i < CONDITION_COUNT; i++)
		if (reading.failed & 1u << i)
			say_condition(&asking, &reading, (enum condition)i, decision);
	if (reading.failed & (1u << CONDITION_HANDLER | 1u << CONDITION_GRANT))
		say_near_misses(&asking, &reading, decision);
}

void decision_finish(struct decision *decision)
{
	for (size_t i = 0; i < decision->reason_count; i++) {
		free(decision->reasons[i].zh);
		free(decision->reasons[i].en);
	}
	free(decision->reasons);
	*decision = (struct decision){0};
}
