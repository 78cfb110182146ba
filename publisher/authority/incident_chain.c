/* SPDX-License-Identifier: Apache-2.0
 * incident_chain - see incident_chain.h. A chain that cannot be followed to its end is nobody's: it
 * is refused, never shortened.
 */
#include "incident_chain.h"

#include <stdlib.h>
#include <string.h>

void incident_standing_finish(struct incident_standing *standing)
{
	free(standing->handler);
	free(standing->last);
	*standing = (struct incident_standing){0};
}

/* What a step is held against. */
struct walk {
	const struct policy *policy;
	const char *incident;
	enum mode mode;
	int64_t now;
	struct incident_standing *standing;
	const struct incident_step *first; /* of which hazard and areas stay */
};

static bool same_areas(const struct texts *one, const struct texts *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	return true;
}

/* It is the next step of this incident, in this mode, about the same thing. */
static bool follows(const struct walk *walk, const struct incident_step *step)
{
	const struct incident_standing *at = walk->standing;
	const struct incident_step *first = walk->first ? walk->first : step;

	return strcmp(step->incident, walk->incident) == 0 && step->mode == walk->mode &&
	       step->sequence == at->sequence + 1 && strcmp(step->previous, at->head) == 0 &&
	       strcmp(step->hazard, first->hazard) == 0 && same_areas(&step->areas, &first->areas);
}

/* An assignment is of what nobody handles; the other two come from whoever does. */
static bool leads_on(const struct walk *walk, const struct incident_step *step)
{
	if (strcmp(step->from, walk->standing->handler) != 0)
		return false;
	if ((step->act == ACT_ASSIGN) != (*step->from == '\0'))
		return false;
	return (step->act == ACT_CLOSE) == (*step->to == '\0');
}

static bool out_of_order(const struct walk *walk, struct err *err)
{
	return err_set(err, ERR_DENIED,
	        "事件 %s 的第 %lld 步接不上其前一步（现由“%s”处置）：步骤须逐一相接，"
	        "请取最新的步骤文本重做",
	        "incident %s: step %lld does not follow the one before it (handled by \"%s\" now): "
	        "each follows the last, take the newest text and do it again",
	        walk->incident, (long long)walk->standing->sequence + 1, walk->standing->handler);
}

struct incident_request incident_step_request(
        const struct incident_step *step, const char *officer, int64_t at)
{
	struct incident_request request = {
	        .officer = officer,
	        .incident = step->incident,
	        .handler = *step->from ? step->from : NULL,
	        .to = *step->to ? step->to : NULL,
	        .hazard = step->hazard,
	        .areas = (const char *const *)step->areas.items,
	        .area_count = step->areas.count,
	        .at = at,
	};

	incident_verb_read(act_text(step->act), &request.verb);
	return request;
}

/* The signature alone: whoever has left since still did what they did. */
static bool was_signed(const struct walk *walk, const struct signed_step *step, struct err *err)
{
	struct err why = {0};

	if (step->proof.time > walk->now + PROOF_AHEAD_MS)
		return err_set(err, ERR_DENIED, "事件 %s：%s 的步骤凭证时间在将来",
		        "incident %s: the proof of %s's step is from the future", walk->incident,
		        step->proof.officer);
	if (policy_proof_signed(walk->policy, &step->proof, &why))
		return true;
	return err_set(err, ERR_DENIED, "事件 %s 的第 %lld 步：%s%.0s（规则：每一步须为本人所签）",
	        "incident %s, step %lld: %.0s%s (rule: each step is that officer's signature)",
	        walk->incident, (long long)walk->standing->sequence + 1, why.zh, why.en);
}

/* The last step stands for the whole chain, so it must hold by the policy of today. */
static bool holds_today(const struct walk *walk, const struct incident_step *step,
        const struct proof *proof, struct err *err)
{
	struct incident_request request = incident_step_request(step, proof->officer, proof->time);
	struct decision decision;

	authority_incident(walk->policy, &request, &decision);
	bool ok = decision.permit;
	if (!ok)
		err_set(err, ERR_DENIED,
		        "事件 %s 的最后一步（第 %lld 步）现已不为授权规则所允许：%s%.0s；"
		        "请处置单位或其上级的在职人员重新移交（可移交给同一单位）",
		        "incident %s: its last step (%lld) is not permitted by the policy any "
		        "more: %.0s%s; an active officer of the handler or above it must hand it "
		        "over again (to the same unit, if you like)",
		        walk->incident, (long long)step->sequence, decision.reasons[0].zh,
		        decision.reasons[0].en);
	decision_finish(&decision);
	return ok;
}

static void step_on(
        struct incident_standing *at, const struct incident_step *step, const char head[DIGEST_HEX])
{
	mem_set_text(&at->handler, step->to);
	mem_set_text(&at->last, step->act == ACT_CLOSE ? step->from : step->to);
	at->sequence = step->sequence;
	memcpy(at->head, head, DIGEST_HEX);
}

static bool take_step(struct walk *walk, struct signed_step *signed_step,
        struct incident_step *step, bool last, struct err *err)
{
	if (!signed_step_open(signed_step, step, err))
		return false;
	if (!follows(walk, step) || !leads_on(walk, step))
		return out_of_order(walk, err);
	if (!was_signed(walk, signed_step, err) ||
	        (last && !holds_today(walk, step, &signed_step->proof, err)))
		return false;
	step_on(walk->standing, step, signed_step->proof.manifest);
	return true;
}

bool incident_chain(const struct policy *policy, struct signed_steps *steps, const char *incident,
        enum mode mode, int64_t now, struct incident_standing *standing, struct err *err)
{
	struct walk walk = {policy, incident, mode, now, standing, NULL};
	struct incident_step *read = mem_array(steps->count + 1, sizeof *read);
	bool ok = true;

	*standing = (struct incident_standing){.handler = mem_text(""), .last = mem_text("")};
	for (size_t i = 0; ok && i < steps->count; i++) {
		ok = take_step(&walk, &steps->items[i], &read[i], i + 1 == steps->count, err);
		walk.first = &read[0];
	}
	for (size_t i = 0; i < steps->count; i++)
		incident_step_finish(&read[i]);
	free(read);
	if (!ok)
		incident_standing_finish(standing);
	return ok;
}

const char *incident_handler_for(const struct incident_standing *standing, enum verb verb)
{
	return verb_ends_chain(verb) ? standing->last : standing->handler;
}

const char *incident_chain_unit(const char *first_unit, const char *first_incident,
        const char *incident, const char *handler)
{
	bool same = incident && *incident && strcmp(first_incident, incident) == 0;

	return same && handler && *handler ? handler : first_unit;
}
