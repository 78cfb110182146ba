/* SPDX-License-Identifier: Apache-2.0
 * outbox_list - the list of an audience's blocks, for agents that do not have it yet.
 *
 * Ten thousand digests are some tens of milliseconds of the record thread, and a bulk send hands
 * out several blocks at a time: so what was read last is kept, and shared with the marks on their
 * way. A frozen audience never changes.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

static struct audience_list *read_list(
        struct store *store, const char *bulletin, const char *target, struct err *err)
{
	struct audience_list *list = mem_zero(sizeof *list);

	atomic_init(&list->holders, 1);
	list->bulletin = mem_text(bulletin);
	list->target = mem_text(target);
	if (!store_audience_digests(store, bulletin, target, &list->digests, &list->count, err))
		outbox_list_let_go(&list);
	return list;
}

struct audience_list *outbox_list(struct outbox *outbox, struct store *store, const char *bulletin,
        const char *target, struct err *err)
{
	const struct audience_list *last = outbox->list;

	if (!last || strcmp(last->bulletin, bulletin) != 0 || strcmp(last->target, target) != 0) {
		outbox_list_let_go(&outbox->list);
		outbox->list = read_list(store, bulletin, target, err);
	}
	if (outbox->list)
		atomic_fetch_add(&outbox->list->holders, 1);
	return outbox->list;
}

void outbox_list_let_go(struct audience_list **place)
{
	struct audience_list *list = *place;

	*place = NULL;
	if (!list || atomic_fetch_sub(&list->holders, 1) > 1)
		return;
	free(list->bulletin);
	free(list->target);
	free(list->digests);
	free(list);
}
