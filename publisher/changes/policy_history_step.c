/* SPDX-License-Identifier: Apache-2.0
 * policy_history_step - see policy_history_step.h.
 */
#include "policy_history_step.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policies.h"
#include "signer_client.h"
#include "store_change.h"

bool policy_history_step(
        struct store *reader, int64_t number, struct policy_step *step, struct err *err)
{
	struct policy_version version;
	struct change change;
	struct buf lines;

	*step = (struct policy_step){0};
	if (!store_get_policy_version(reader, number, &version, err))
		return false;
	bool ok = store_get_change(reader, version.change, &change, err);
	if (ok) {
		buf_init(&lines, 0);
		change_text_write(&change.text, &lines);
		step->text = buf_take(&lines);
		step->body = version.text;
		step->body_len = strlen(version.text);
		version.text = NULL;
		step->proofs = change.proofs;
		step->proof_count = change.proof_count;
		change.proofs = NULL;
		change.proof_count = 0;
		change_finish(&change);
	}
	policy_version_finish(&version);
	return ok;
}

/* --- the signer's copy ------------------------------------------------------------------------ */

/* The steps the signer lacks, one after the other, up to the one in force here. A version that root
 * installed is no step: root installs it there as well. *version: what it holds then. */
static enum signer_policy hand_steps(struct house *house, struct store *reader, int64_t number,
        int64_t in_force, char version[DIGEST_HEX], struct err *err)
{
	while (number < in_force) {
		struct policy_step step;
		if (!policy_history_step(reader, ++number, &step, err))
			return err->kind == ERR_MISSING ? SIGNER_POLICY_DIFFERS
			                                : SIGNER_POLICY_UNKNOWN;
		bool ok = signer_put_policy(house->config->signer_socket, &step, err);
		if (ok)
			digest_sha256(step.body, step.body_len, version);
		policy_step_finish(&step);
		if (!ok)
			return SIGNER_POLICY_BEHIND;
	}
	return SIGNER_POLICY_SAME;
}

static enum signer_policy hand_over(
        struct house *house, struct store *reader, char version[DIGEST_HEX], struct err *err)
{
	enum signer_policy state = SIGNER_POLICY_UNKNOWN;
	struct policies_place here;
	struct signer_holds holds;
	int64_t number = 0;

	if (!signer_keys(house->config->signer_socket, &holds, err))
		return state;
	snprintf(version, DIGEST_HEX, "%s", holds.policy);
	policies_place(house, &here);
	if (store_find_policy_head(reader, holds.policy_head, &number, err))
		state = number && number <= here.number
		                ? hand_steps(house, reader, number, here.number, version, err)
		                : SIGNER_POLICY_DIFFERS;
	signer_holds_finish(&holds);
	return state;
}

void policy_hand_over(struct house *house, struct store *reader, int64_t now)
{
	char version[DIGEST_HEX] = "";
	struct err err = {0};
	struct err what = {0};
	enum signer_policy state = hand_over(house, reader, version, &err);

	(void)now;
	if (!policies_signer_is(house->policies, state, version))
		return;
	bool same = policies_in_step(house, &what);
	log_event(same ? LOG_INFO : LOG_WARN, "signer-policy", "state", signer_policy_text(state),
	        "do", same ? NULL : what.en, "reason", err.kind ? err.en : NULL, NULL);
}
