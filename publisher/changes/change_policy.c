/* SPDX-License-Identifier: Apache-2.0
 * change_policy - the change of kind `policy`: a new policy document takes the place of the one in
 * force, in the record, in this program, and in the signer's own copy.
 */
#include "change_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policy_change.h"
#include "policy_history.h"
#include "policy_history_step.h"
#include "standing.h"
#include "text_diff.h"
#include "when.h"

/* A frame to the signer has to hold it, with what stands around it. */
enum { POLICY_BODY_MOST = 900 * 1024 };

bool change_policy_validate(
        struct house *house, struct store *reader, const char *body, struct err *err)
{
	size_t len = strlen(body);

	(void)reader;
	if (len > POLICY_BODY_MOST)
		return err_set(err, ERR_TOO_BIG, "授权规则超过 %d KiB", "the policy is over %d KiB",
		        (int)POLICY_BODY_MOST / 1024);
	struct policy *next = policy_successor(atomic_load(&house->policy), body, len, err);
	bool ok = next != NULL;
	if (!ok && err->kind == ERR_CONFIG)
		err->kind = ERR_INPUT; /* not our settings: the document handed in */
	policy_destroy(&next);
	return ok;
}

bool change_policy_apply(struct store *store, struct change *change, int64_t now, struct err *err)
{
	struct policy_version newest;

	if (!store_newest_policy(store, &newest, err))
		return false;
	bool ok =
	        strcmp(newest.head, change->text.follows) == 0 ||
	        err_set(err, ERR_CONFLICT,
	                "授权规则在提出变更 %s 之后已经变更，请以现行规则为底重新提出",
	                "the policy has changed since %s was proposed: propose it anew on the one "
	                "in force",
	                change->text.id);
	struct policy_version next = {.number = newest.number + 1,
	        .change = change->text.id,
	        .at = now,
	        .text = change->body};
	memcpy(next.version, change->text.body, DIGEST_HEX);
	memcpy(next.head, change->digest, DIGEST_HEX);
	json_t *body = json_pack("{s:I,s:s,s:s}", "number", (json_int_t)next.number, "policy",
	        next.version, "before", newest.version);
	ok = ok && store_add_policy_version(store, &next, err) &&
	     store_audit(store, "policy-changed", change->text.id, body, now, err);
	json_decref(body);
	policy_version_finish(&newest);
	return ok;
}

void change_policy_after(struct house *house, struct store *reader, const struct change *change)
{
	(void)change;
	policy_history_keep_up(house, reader, when_now());
	policy_hand_over(house, reader, when_now());
}

char *change_policy_show(struct house *house, struct store *reader, const struct change *change)
{
	(void)reader;
	return text_diff(atomic_load(&house->policy)->text, change->body);
}

/* A document that is no policy any more says nothing here: confirming it is refused with the
 * reason. */
json_t *change_policy_follows(
        struct house *house, struct store *reader, const struct change *change)
{
	json_t *list = json_array();
	struct standing_losses losses = {0};
	struct err err = {0};
	struct policy *next =
	        policy_parse("authority.yaml", change->body, strlen(change->body), &err);

	if (!next)
		return list;
	if (!standing_would_lose(house, next, reader, &losses, &err))
		log_event(LOG_WARN, "change-unclear", "change", change->text.id, "reason", err.en,
		        NULL);
	for (size_t i = 0; i < losses.count; i++) {
		const struct standing_loss *loss = &losses.items[i];
		char *zh = mem_format("%s 尚有 %zu 项投递未完成，变更生效后不再发出：%s",
		        loss->bulletin, loss->deliveries, loss->why.zh);
		char *en = mem_format("%s has %zu deliveries still to go out, which will be "
		                      "withdrawn: %s",
		        loss->bulletin, loss->deliveries, loss->why.en);
		json_array_append_new(list, json_pack("{s:s,s:s}", "zh", zh, "en", en));
		free(zh);
		free(en);
	}
	standing_losses_finish(&losses);
	policy_destroy(&next);
	return list;
}
