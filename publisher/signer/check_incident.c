/* SPDX-License-Identifier: Apache-2.0
 * check_incident - who handles the incident a message belongs to: worked out from the steps that
 * came with it, each with its officer's proof, and never from what the caller says.
 *
 * An incident without steps is nobody's; the policy then refuses. A relay's incident is its
 * upstream's affair and is not asked about.
 */
#include "signing.h"

#include <string.h>

static bool unwanted_steps(const struct signing *s, struct err *err)
{
	if (!s->steps.count)
		return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：%s 不属于任何事件，却附有事件步骤（规则：所附须有所用）",
	        "not signed: %s belongs to no incident that is asked about, but steps of one came "
	        "with it (rule: nothing comes along unasked)",
	        s->manifest.identifier);
}

bool check_incident(const struct signer *signer, struct signing *s, int64_t now, struct err *err)
{
	const struct manifest *m = &s->manifest;
	struct err why = {0};

	if (!*m->incident || m->procedure == PROCEDURE_RELAY)
		return unwanted_steps(s, err);
	if (!incident_chain(
	            signer->policy, &s->steps, m->incident, signer->mode, now, &s->standing, &why))
		return err_set(
		        err, ERR_DENIED, "签名拒绝：%s%.0s", "not signed: %.0s%s", why.zh, why.en);
	return seen_steps(signer->seen, m->incident, &s->steps, !*s->standing.handler, err);
}
