/* SPDX-License-Identifier: Apache-2.0
 * seen_chains - see seen_chains.h. A list: every entry took an officer's signature to make, and the
 * oldest goes when there are MOST.
 */
#include "seen_chains.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 10000 };

struct chain {
	char *incident;
	size_t length;
	char head[DIGEST_HEX];
};

struct seen_chains {
	struct chain *items;
	size_t count;
};

struct seen_chains *seen_chains_create(void)
{
	return mem_zero(sizeof(struct seen_chains));
}

void seen_chains_destroy(struct seen_chains **seen)
{
	if (!*seen)
		return;
	for (size_t i = 0; i < (*seen)->count; i++)
		free((*seen)->items[i].incident);
	free((*seen)->items);
	free(*seen);
	*seen = NULL;
}

static struct chain *find(struct seen_chains *seen, const char *incident)
{
	for (size_t i = seen->count; i > 0; i--)
		if (strcmp(seen->items[i - 1].incident, incident) == 0)
			return &seen->items[i - 1];
	return NULL;
}

static struct chain *add(struct seen_chains *seen, const char *incident)
{
	if (seen->count == MOST) {
		free(seen->items[0].incident);
		memmove(&seen->items[0], &seen->items[1], (MOST - 1) * sizeof *seen->items);
		seen->count--;
	}
	struct chain *chain = mem_push(&seen->items, &seen->count, sizeof *chain);
	*chain = (struct chain){.incident = mem_text(incident)};
	return chain;
}

bool seen_chains_take(struct seen_chains *seen, const char *incident,
        const struct signed_steps *steps, struct err *err)
{
	struct chain *chain = find(seen, incident);

	if (chain &&
	        (steps->count < chain->length ||
	                strcmp(steps->items[chain->length - 1].proof.manifest, chain->head) != 0))
		return err_set(err, ERR_DENIED,
		        "签名拒绝：事件 %s 已见到第 %zu "
		        "步，所附步骤到不了那里（规则：移交不得倒退）",
		        "not signed: incident %s was seen at step %zu already, and the steps that "
		        "came do not lead there (rule: no hand-over is undone)",
		        incident, chain->length);
	if (!steps->count)
		return true;
	if (!chain)
		chain = add(seen, incident);
	chain->length = steps->count;
	memcpy(chain->head, steps->items[steps->count - 1].proof.manifest, DIGEST_HEX);
	return true;
}
