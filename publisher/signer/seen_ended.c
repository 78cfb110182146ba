/* SPDX-License-Identifier: Apache-2.0
 * seen_ended - see seen_ended.h. A list, as every entry took people's approvals to make; the oldest
 * gives way, and has expired long before.
 */
#include "seen_ended.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 10000 };

/* A relay keeps its identifier, and two senders may use the same. */
struct ended {
	char *identifier, *sender;
};

struct seen_ended {
	struct ended items[MOST];
	size_t count, next; /* next: which one gives way */
};

struct seen_ended *seen_ended_create(void)
{
	return mem_zero(sizeof(struct seen_ended));
}

static void forget(struct ended *ended)
{
	free(ended->identifier);
	free(ended->sender);
	*ended = (struct ended){0};
}

void seen_ended_destroy(struct seen_ended **seen)
{
	if (!*seen)
		return;
	for (size_t i = 0; i < (*seen)->count; i++)
		forget(&(*seen)->items[i]);
	free(*seen);
	*seen = NULL;
}

static bool has(const struct seen_ended *seen, const struct manifest *m)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->items[i].identifier, m->identifier) == 0 &&
		        strcmp(seen->items[i].sender, m->sender) == 0)
			return true;
	return false;
}

void seen_ended_take(struct seen_ended *seen, const struct manifest *ended)
{
	if (has(seen, ended))
		return;
	struct ended *place = &seen->items[seen->next];
	forget(place);
	*place = (struct ended){mem_text(ended->identifier), mem_text(ended->sender)};
	seen->next = (seen->next + 1) % MOST;
	if (seen->count < MOST)
		seen->count++;
}

bool seen_ended_lacks(
        const struct seen_ended *seen, const struct manifest *manifest, struct err *err)
{
	return !has(seen, manifest) ||
	       err_set(err, ERR_DENIED,
	               "签名拒绝：%s "
	               "已被解除、更正或更新的消息接续，不再签发（规则：同一链条先后有序）",
	               "not signed: %s was followed by a cancel, correction or update already and "
	               "is "
	               "not issued again (rule: a chain goes in order)",
	               manifest->identifier);
}
