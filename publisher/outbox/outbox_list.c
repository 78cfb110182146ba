/* SPDX-License-Identifier: Apache-2.0
 * outbox_list - the list of an audience's blocks, for agents that do not have it yet.
 *
 * Ten thousand digests are some tens of milliseconds of the record thread, and a bulk send hands
 * out several blocks at a time: so what was read last is kept. A frozen audience never changes.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

static bool is_of(const struct audience_list *list, const char *bulletin, const char *target)
{
	return list->digests && strcmp(list->bulletin, bulletin) == 0 &&
	       strcmp(list->target, target) == 0;
}

bool outbox_list(struct outbox *outbox, struct store *store, const char *bulletin,
        const char *target, unsigned char **digests, size_t *count, struct err *err)
{
	struct audience_list *list = &outbox->list;

	if (!is_of(list, bulletin, target)) {
		outbox_list_clear(outbox);
		if (!store_audience_digests(
		            store, bulletin, target, &list->digests, &list->count, err))
			return false;
		list->bulletin = mem_text(bulletin);
		list->target = mem_text(target);
	}
	*count = list->count;
	*digests = mem_array(*count, DIGEST_BYTES);
	memcpy(*digests, list->digests, *count * DIGEST_BYTES);
	return true;
}

void outbox_list_clear(struct outbox *outbox)
{
	struct audience_list *list = &outbox->list;

	free(list->bulletin);
	free(list->target);
	free(list->digests);
	*list = (struct audience_list){0};
}
