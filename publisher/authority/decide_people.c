/* SPDX-License-Identifier: Apache-2.0
 * decide_people - (5): how many must review and sign, and whether those named may.
 */
#include "decide.h"

#include <string.h>

#include "policy_roster.h"

const struct signoff *signoff_row(
        const struct policy *policy, enum level level, enum procedure procedure, int64_t at)
{
	if (procedure == PROCEDURE_URGENT)
		return policy->has_urgent && policy->urgent.levels & 1u << level ? &policy->urgent
		                                                                 : NULL;
	for (size_t i = 0; i < policy->signoff_count; i++)
		if (policy->signoffs[i].levels & 1u << level &&
		        hours_hold(&policy->signoffs[i].hours, at))
			return &policy->signoffs[i];
	return NULL;
}

int64_t signed_at(const struct request *request)
{
	return request->released ? request->released : request->at;
}

bool authority_signoff(const struct policy *policy, enum level level, enum procedure procedure,
        int64_t at, int *reviews, int *signs, const char **row)
{
	const struct signoff *found = signoff_row(policy, level, procedure, at);

	if (!found)
		return false;
	*reviews = found->reviews;
	*signs = found->signs;
	if (row)
		*row = found->label;
	return true;
}

const char *person_named(const struct request *request, size_t i)
{
	return i < request->review_count ? request->reviews[i]
	                                 : request->signs[i - request->review_count];
}

enum status_step person_step(const struct request *request, size_t i)
{
	return i < request->review_count ? STEP_REVIEW : STEP_SIGN;
}

int64_t person_time(const struct request *request, size_t i)
{
	bool reviews = i < request->review_count;
	const int64_t *times = reviews ? request->review_times : request->sign_times;

	return times ? times[reviews ? i : i - request->review_count] : request->at;
}

static bool same_person(const struct officer *one, const struct officer *other)
{
	return one && other && strcmp(one->person, other->person) == 0;
}

static bool named_before(const struct asking *asking, const struct officer *officer, size_t i)
{
	while (i-- > 0)
		if (same_person(officer,
		            policy_officer(asking->policy, person_named(asking->request, i))))
			return true;
	return false;
}

static bool drafted_before(const struct asking *asking, const struct officer *officer)
{
	const struct request *request = asking->request;

	for (size_t i = 0; i < request->earlier_count; i++)
		if (same_person(officer, policy_officer(asking->policy, request->earlier[i])))
			return true;
	return false;
}

/* Of a delivery it was asked at the release: tomorrow's policy need not know today's roster. */
static bool is_on_duty(const struct asking *asking, size_t i)
{
	const struct request *request = asking->request;

	return request->released || roster_lets(asking->policy, person_named(request, i),
	                                    person_step(request, i), person_time(request, i));
}

/* Nor is that asked of a delivery: what went out was approved in time. */
static bool is_fresh(const struct asking *asking, size_t i)
{
	const struct request *request = asking->request;

	return request->released ||
	       policy_is_fresh(asking->policy, person_time(request, i), request->at);
}

static bool is_of(const struct officer *officer, const struct indexed_unit *unit)
{
	return unit && strcmp(officer->unit, unit->unit->id) == 0;
}

enum person_fault person_look(const struct asking *asking, const struct reading *reading, size_t i)
{
	const struct request *request = asking->request;
	const struct officer *officer = policy_officer(asking->policy, person_named(request, i));

	if (!officer)
		return PERSON_UNKNOWN;
	if (!officer->active)
		return PERSON_INACTIVE;
	if (!(officer->duties & (i < request->review_count ? DUTY_REVIEW : DUTY_SIGN)))
		return PERSON_DUTY;
	if (!is_of(officer, asking->unit) && !is_of(officer, reading->unit))
		return PERSON_UNIT;
	if (same_person(officer, asking->drafter))
		return PERSON_DRAFTER;
	if (drafted_before(asking, officer))
		return PERSON_EARLIER;
	if (named_before(asking, officer, i))
		return PERSON_TWICE;
	if (!is_fresh(asking, i))
		return PERSON_STALE;
	return is_on_duty(asking, i) ? PERSON_GOOD : PERSON_OFF_DUTY;
}
