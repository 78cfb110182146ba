/* SPDX-License-Identifier: Apache-2.0
 * policies - see policies.h. Cannot fail.
 */
#include "policies.h"

#include <pthread.h>
#include <stdlib.h>

#include "house.h"

struct policies {
	pthread_mutex_t lock;
	struct policy **items;
	size_t count;
	int64_t number;
	atomic_int signer;
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

void policies_put(struct house *house, int64_t number, struct policy *policy)
{
	struct policies *policies = house->policies;

	pthread_mutex_lock(&policies->lock);
	*(struct policy **)mem_push(&policies->items, &policies->count, sizeof(struct policy *)) =
	        policy;
	if (number > policies->number) {
		policies->number = number;
		atomic_store(&house->policy, policy);
	}
	pthread_mutex_unlock(&policies->lock);
}

int64_t policies_number(struct policies *policies)
{
	pthread_mutex_lock(&policies->lock);
	int64_t number = policies->number;
	pthread_mutex_unlock(&policies->lock);
	return number;
}

bool policies_signer_is(struct policies *policies, enum signer_policy state)
{
	return atomic_exchange(&policies->signer, (int)state) != (int)state;
}

bool policies_file_is(struct policies *policies, int64_t written)
{
	return atomic_exchange(&policies->file, written) != written;
}

enum signer_policy policies_signer(struct policies *policies)
{
	return (enum signer_policy)atomic_load(&policies->signer);
}
