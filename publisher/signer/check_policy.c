/* SPDX-License-Identifier: Apache-2.0
 * check_policy - the policy is asked once more, by the signer's own copy, with what the proofs
 * showed and not with what the caller claims.
 */
#include "signing.h"

#include <string.h>

#include "authority.h"
#include "secrecy.h"

static const char *or_null(const char *text)
{
	return text && *text ? text : NULL;
}

/* The unit whose word about the incident counts; NULL: nobody's, or no incident is asked about. */
static const char *handler_of(const struct signing *s)
{
	return s->standing.handler ? or_null(incident_handler_for(&s->standing, s->manifest.verb))
	                           : NULL;
}

static void take_channels(struct signing *s)
{
	for (size_t i = 0; i < s->manifest.target_count; i++)
		if (!texts_have(&s->channels, s->manifest.targets[i].kind))
			texts_add(&s->channels, s->manifest.targets[i].kind);
}

/* What the proofs amount to; the caller's word for it is not asked. */
static enum screening screening_proven(const struct signer *signer, const struct signing *s)
{
	const struct manifest *m = &s->manifest;
	const struct officer *officer = policy_officer(signer->policy, s->officer);
	const struct secrecy secrecy = {
	        .level = m->level,
	        .procedure = m->procedure,
	        .at = s->sent,
	        .held = m->held || s->hit,
	        .overrider = *s->reason && s->override ? s->override->officer : NULL,
	        .overridden = s->override ? s->override->time : 0,
	        .drafter = m->drafter,
	        .earlier = &m->earlier,
	        .units = {m->unit, handler_of(s), officer ? officer->unit : NULL},
	        .review_count = s->sign_offs.reviewers.count,
	        .sign_count = s->sign_offs.signers.count,
	};

	return secrecy_screening(signer->policy, &secrecy);
}

static const struct manifest *chain_first(const struct signing *s)
{
	for (size_t i = 0; i < s->original_count; i++)
		if (strcmp(s->originals[i].manifest.identifier, s->manifest.chain) == 0)
			return &s->originals[i].manifest;
	return NULL;
}

/* By the chain's first message, as we signed it. */
static const char *chain_unit(const struct signing *s)
{
	const struct manifest *first = chain_first(s);

	if (!first)
		return NULL;
	bool relayed = first->procedure == PROCEDURE_RELAY;
	return incident_chain_unit(
	        first->unit, relayed ? "" : first->incident, s->manifest.incident, handler_of(s));
}

/* A hand-over moved the chain: the words staged with its messages are sent by the new handler, in
 * the name they were approved in. */
static bool is_moved_staged(const struct signing *s)
{
	const struct manifest *first = chain_first(s);

	return signing_is_staged(s) && first && strcmp(chain_unit(s), first->unit) != 0;
}

/* The manifest may name as issuer only the releaser's unit, the one it was permitted to act for, or
 * one below it: later messages take the holder of the chain from this line. */
static bool unit_is_releasers(const struct signer *signer, const struct signing *s,
        const struct decision *decision, struct err *err)
{
	const struct officer *officer = policy_officer(signer->policy, s->officer);
	const char *unit = s->manifest.unit;

	if (officer && policy_unit(signer->policy, unit) &&
	        (strcmp(officer->unit, unit) == 0 || strcmp(decision->unit, unit) == 0 ||
	                policy_is_superior(signer->policy, officer->unit, unit) ||
	                is_moved_staged(s)))
		return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：%s 不能以单位“%s”的名义发布（规则：谁处置谁发布）",
	        "not signed: %s cannot issue in the name of unit \"%s\" (rule: who handles "
	        "publishes)",
	        *s->officer ? s->officer : "-", unit);
}

/* The same of a relay: some row hands this source's messages on in that unit's name. */
static bool unit_is_a_rows(const struct signer *signer, const struct signing *s, struct err *err)
{
	const struct policy *policy = signer->policy;
	const struct manifest *m = &s->manifest;

	for (size_t i = 0; i < policy->relay_count; i++)
		if (strcmp(policy->relays[i].source, m->source) == 0 &&
		        strcmp(policy->relays[i].unit, m->unit) == 0)
			return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：来源“%s”不以单位“%s”的名义转发（规则：谁处置谁发布）",
	        "not signed: no relay of \"%s\" goes in the name of unit \"%s\" (rule: who handles "
	        "publishes)",
	        m->source, m->unit);
}

static bool denied(const struct decision *decision, struct err *err)
{
	struct buf zh, en;

	buf_init(&zh, 0);
	buf_init(&en, 0);
	for (size_t i = 0; i < decision->reason_count; i++) {
		const struct reason *r = &decision->reasons[i];
		buf_format(&zh, "%s%s%s%s%s", i ? "；" : "", r->zh, r->row ? "（" : "",
		        r->row ? r->row : "", r->row ? "）" : "");
		buf_format(&en, "%s%s%s%s%s", i ? "; " : "", r->en, r->row ? " (" : "",
		        r->row ? r->row : "", r->row ? ")" : "");
	}
	err_set(err, ERR_DENIED, "签名拒绝：授权规则不允许：%s%.0s",
	        "not signed: the policy does not permit it: %.0s%s", zh.data ? zh.data : "",
	        en.data ? en.data : "");
	buf_finish(&zh);
	buf_finish(&en);
	return false;
}

static struct request request_of(const struct signer *signer, const struct signing *s, int64_t now)
{
	const struct manifest *m = &s->manifest;
	bool relay = m->procedure == PROCEDURE_RELAY;

	return (struct request){
	        .officer = relay ? NULL : s->officer,
	        .verb = m->verb,
	        .kind = m->kind,
	        .hazard = m->hazard,
	        .level = m->level,
	        .areas = (const char *const *)m->areas.items,
	        .area_count = m->areas.count,
	        .channels = (const char *const *)s->channels.items,
	        .channel_count = s->channels.count,
	        .incident = or_null(m->incident),
	        .handler = handler_of(s),
	        .status = m->status,
	        .mode = signer->mode,
	        .disclosure = m->disclosure,
	        .screening = screening_proven(signer, s),
	        .procedure = m->procedure,
	        .drafter = or_null(m->drafter),
	        .earlier = (const char *const *)m->earlier.items,
	        .earlier_count = m->earlier.count,
	        .at = relay ? now : s->sent,
	        .chain = chain_unit(s),
	        .expires = m->expires,
	        .source = or_null(m->source),
	};
}

bool check_policy(const struct signer *signer, struct signing *s, int64_t now, struct err *err)
{
	struct decision decision = {0};

	take_channels(s);
	struct request request = request_of(signer, s, now);
	sign_offs_put(&s->sign_offs, &request);
	authority_decide(signer->policy, &request, &decision);
	bool ok = decision.permit || denied(&decision, err);
	if (ok)
		ok = s->manifest.procedure == PROCEDURE_RELAY
		             ? unit_is_a_rows(signer, s, err)
		             : unit_is_releasers(signer, s, &decision, err);
	decision_finish(&decision);
	return ok;
}
