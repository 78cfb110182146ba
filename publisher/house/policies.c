/* SPDX-License-Identifier: Apache-2.0
 * policies - see policies.h. Cannot fail.
 */
#include "policies.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "house.h"

struct policies {
	pthread_mutex_t lock;
	struct policy **items;
	size_t count;
	int64_t number;
	char head[DIGEST_HEX];
	char signer_version[DIGEST_HEX];
	atomic_int signer, stuck;
	_Atomic int64_t file;
};

const char *signer_policy_text(enum signer_policy state)
{
	static const char *const words[] = {[SIGNER_POLICY_UNKNOWN] = "unknown",
	        [SIGNER_POLICY_SAME] = "same",
	        [SIGNER_POLICY_BEHIND] = "behind",
	        [SIGNER_POLICY_DIFFERS] = "differs"};

	return words[state];
}

struct policies *policies_create(void)
{
	struct policies *policies = mem_zero(sizeof *policies);

	pthread_mutex_init(&policies->lock, NULL);
	return policies;
}

void policies_destroy(struct policies **policies)
{
	struct policies *old = *policies;

	if (!old)
		return;
	for (size_t i = 0; i < old->count; i++)
		policy_destroy(&old->items[i]);
	free(old->items);
	pthread_mutex_destroy(&old->lock);
	free(old);
	*policies = NULL;
}

void policies_put(
        struct house *house, int64_t number, const char head[DIGEST_HEX], struct policy *policy)
{
	struct policies *policies = house->policies;

	pthread_mutex_lock(&policies->lock);
	*(struct policy **)mem_push(&policies->items, &policies->count, sizeof(struct policy *)) =
	        policy;
	if (number > policies->number) {
		policies->number = number;
		memcpy(policies->head, head, DIGEST_HEX);
		atomic_store(&house->policy, policy);
	}
	pthread_mutex_unlock(&policies->lock);
}

void policies_place(struct house *house, struct policies_place *out)
{
	struct policies *policies = house->policies;

	pthread_mutex_lock(&policies->lock);
	*out = (struct policies_place){atomic_load(&house->policy), policies->number, ""};
	memcpy(out->head, policies->head, DIGEST_HEX);
	pthread_mutex_unlock(&policies->lock);
}

bool policies_signer_is(
        struct policies *policies, enum signer_policy state, const char version[DIGEST_HEX])
{
	pthread_mutex_lock(&policies->lock);
	memcpy(policies->signer_version, version, DIGEST_HEX);
	pthread_mutex_unlock(&policies->lock);
	return atomic_exchange(&policies->signer, (int)state) != (int)state;
}

static const struct {
	const char *zh, *en;
} to_do[] = {
        [SIGNER_POLICY_UNKNOWN] = {"请查看 tocsin-signer 是否在运行；问到之前不发心跳",
                "look whether tocsin-signer runs; no heartbeat leaves until it is asked"},
        [SIGNER_POLICY_BEHIND] =
                {"它还没有接受变更，原因见签名进程日志（event=refused）；它跟上之前不发心跳，"
                 "每 2 秒再交一次。长时间跟不上的，由 root 在两处换装同一份（OPERATING 第 4 节）",
                        "it has not taken the change yet, its log says why (event=refused); no "
                        "heartbeat leaves until it has, and it is handed over every 2 s. Where "
                        "that does not end, root installs one document at both (OPERATING, "
                        "section 4)"},
        [SIGNER_POLICY_DIFFERS] =
                {"它不在本机现行的历史中：只在一处换装过，或有人改过；不发心跳。由 root "
                 "在两处换装同一份（OPERATING 第 4 节）",
                        "it does not lead to the one in force here: one side alone was installed "
                        "anew, or somebody "
                        "tampered; no heartbeat leaves. Root installs one document at both "
                        "(OPERATING, section 4)"},
};

bool policies_in_step(struct house *house, struct err *err)
{
	struct policies *policies = house->policies;
	enum signer_policy state = policies_signer(policies);
	char theirs[DIGEST_HEX];

	if (state == SIGNER_POLICY_SAME)
		return true;
	pthread_mutex_lock(&policies->lock);
	memcpy(theirs, policies->signer_version, DIGEST_HEX);
	pthread_mutex_unlock(&policies->lock);
	return err_set(err, ERR_CONFLICT,
	        "签名进程持有的授权规则是 %.16s，本机现行的是 %.16s：%s%.0s",
	        "the signer holds policy %.16s, in force here is %.16s: %.0s%s",
	        *theirs ? theirs : "?", atomic_load(&house->policy)->version, to_do[state].zh,
	        to_do[state].en);
}

bool policies_file_is(struct policies *policies, int64_t written)
{
	return atomic_exchange(&policies->file, written) != written;
}

enum signer_policy policies_signer(struct policies *policies)
{
	return (enum signer_policy)atomic_load(&policies->signer);
}

bool policies_stuck_is(struct policies *policies, bool stuck)
{
	return atomic_exchange(&policies->stuck, stuck) != stuck;
}
