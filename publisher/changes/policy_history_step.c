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

/* --- the signer's copy --------------------------------------------------------------------------
 */

/* The steps the signer lacks, one after the other. A version that root installed is no step: root
 * installs it there as well. */
static enum signer_policy hand_steps(
        struct house *house, struct store *reader, int64_t number, int64_t newest, struct err *err)
{
	while (number < newest) {
		struct policy_step step;
		if (!policy_history_step(reader, ++number, &step, err))
			return err->kind == ERR_MISSING ? SIGNER_POLICY_DIFFERS
			                                : SIGNER_POLICY_UNKNOWN;
		bool ok = signer_put_policy(house->config->signer_socket, &step, err);
		policy_step_finish(&step);
		if (!ok)
			return SIGNER_POLICY_BEHIND;
	}
	return SIGNER_POLICY_SAME;
}

static enum signer_policy hand_over(struct house *house, struct store *reader, struct err *err)
{
	enum signer_policy state = SIGNER_POLICY_UNKNOWN;
	struct policy_version newest;
	struct signer_holds holds;
	int64_t number = 0;

	if (!store_newest_policy(reader, &newest, err))
		return state;
	if (signer_keys(house->config->signer_socket, &holds, err)) {
		if (store_find_policy_head(reader, holds.policy_head, &number, err))
			state = number ? hand_steps(house, reader, number, newest.number, err)
			               : SIGNER_POLICY_DIFFERS;
		if (state == SIGNER_POLICY_DIFFERS)
			err_set(err, ERR_CONFLICT,
			        "签名进程的授权规则（%.16s）不在本机记录的现行历史中",
			        "the signer's policy (%.16s) does not lead to the one in force "
			        "here",
			        holds.policy);
		signer_holds_finish(&holds);
	}
	policy_version_finish(&newest);
	return state;
}

void policy_hand_over(struct house *house, struct store *reader, int64_t now)
{
	struct err err = {0};
	enum signer_policy state = hand_over(house, reader, &err);

	(void)now;
	if (policies_signer_is(house->policies, state))
		log_event(state == SIGNER_POLICY_SAME ? LOG_INFO : LOG_WARN, "signer-policy",
		        "state", signer_policy_text(state), "reason", err.kind ? err.en : NULL,
		        NULL);
}
