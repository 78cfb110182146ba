/* SPDX-License-Identifier: Apache-2.0
 * decide_say_people - the sentences of (5): too few, or who of those named may not, and why.
 */
#include "decide.h"

#include <stdlib.h>

#include "policy_roster.h"
#include "when.h"

static void say_off_duty(const struct asking *asking, size_t i, struct decision *decision)
{
	const struct request *r = asking->request;
	char *zh;
	char *en;

	roster_say(
	        asking->policy, person_named(r, i), person_step(r, i), person_time(r, i), &zh, &en);
	deny(decision, CONDITION_SIGNOFF, NULL, mem_format("条件5 审签：%s", zh),
	        mem_format("condition 5, sign-off: %s", en));
	free(zh);
	free(en);
}

static void say_stale(const struct asking *asking, size_t i, struct decision *decision)
{
	const struct request *r = asking->request;
	bool reviews = i < r->review_count;
	char when[WHEN_TEXT];
	char *zh;
	char *en;

	when_text(person_time(r, i), when);
	policy_freshness_say(asking->policy, &zh, &en);
	deny(decision, CONDITION_SIGNOFF, NULL,
	        mem_format("条件5 审签：%s人 %s 的批准作于 %s，已超过 %s（approvals_within），"
	                   "不再算数，请本人重新批准",
	                reviews ? "审核" : "签发", person_named(r, i), when, zh),
	        mem_format("condition 5, sign-off: %s %s approved at %s, over %s ago "
	                   "(approvals_within): it counts no more, let them approve again",
	                reviews ? "reviewer" : "signer", person_named(r, i), when, en));
	free(zh);
	free(en);
}

static void say_person(
        const struct asking *asking, size_t i, enum person_fault fault, struct decision *decision)
{
	static const struct {
		const char *zh, *en;
	} faults[] = {
	        [PERSON_UNKNOWN] = {"不在授权规则中", "is not in the policy"},
	        [PERSON_INACTIVE] = {"已停用", "is not active"},
	        [PERSON_DUTY] = {"没有相应职责", "does not hold the duty for it"},
	        [PERSON_UNIT] = {"不属于本单位或被代发单位",
	                "is of neither the officer's unit nor the handler's"},
	        [PERSON_DRAFTER] = {"就是拟制人", "is the drafter"},
	        [PERSON_EARLIER] = {"拟制过此稿（earlier）", "drafted it earlier"},
	        [PERSON_TWICE] = {"与另一审核或签发人是同一人",
	                "is the same person as another reviewer or signer"},
	};
	bool reviews = i < asking->request->review_count;
	const char *id = person_named(asking->request, i);

	deny(decision, CONDITION_SIGNOFF, NULL,
	        mem_format(
	                "条件5 审签：%s人 %s %s", reviews ? "审核" : "签发", id, faults[fault].zh),
	        mem_format("condition 5, sign-off: %s %s %s", reviews ? "reviewer" : "signer", id,
	                faults[fault].en));
}

void say_signoff(
        const struct asking *asking, const struct reading *reading, struct decision *decision)
{
	const struct request *r = asking->request;
	const char *level_en = level_text(r->level);
	const char *row = NULL;
	int reviews = 0;
	int signs = 0;

	if (!authority_signoff(
	            asking->policy, r->level, r->procedure, signed_at(r), &reviews, &signs, &row)) {
		bool urgent = r->procedure == PROCEDURE_URGENT;
		deny(decision, CONDITION_SIGNOFF, NULL,
		        mem_format("条件5 审签：%s没有适用于 %s 的审签规定",
		                urgent ? "紧急程序（urgent）" : "signoff ", level_zh(r->level)),
		        mem_format("condition 5, sign-off: no %s row holds for level %s now",
		                urgent ? "urgent" : "signoff", level_en));
		return;
	}
	if (r->review_count < (size_t)reviews || r->sign_count < (size_t)signs)
		deny(decision, CONDITION_SIGNOFF, row,
		        mem_format("条件5 审签：%s 对 %s 要求审核 %d 人、签发 %d 人，现有 %zu "
		                   "人、%zu 人",
		                row, level_zh(r->level), reviews, signs, r->review_count,
		                r->sign_count),
		        mem_format("condition 5, sign-off: %s asks for %d to review and %d to sign "
		                   "%s; there are %zu and %zu",
		                row, reviews, signs, level_en, r->review_count, r->sign_count));
	for (size_t i = 0; i < r->review_count + r->sign_count; i++) {
		enum person_fault fault = person_look(asking, reading, i);
		if (fault == PERSON_OFF_DUTY)
			say_off_duty(asking, i, decision);
		else if (fault == PERSON_STALE)
			say_stale(asking, i, decision);
		else if (fault != PERSON_GOOD)
			say_person(asking, i, fault, decision);
	}
}
