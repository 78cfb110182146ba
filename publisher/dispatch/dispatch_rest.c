/* SPDX-License-Identifier: Apache-2.0
 * dispatch_rest - blocks of a job that stay on disk until their turn comes. They are alike, so that
 * one item stands for all of them: it waits, counts, expires, is held back and is overtaken as each
 * of them would, and has the last place behind those of its job that are here.
 *
 * When it is the best of its lane, and one could go, some of them are wished for. Until they are
 * here nothing worse goes: what is on disk has its rank. But when half of what may be here of its
 * job waits already - for back-off, or it would be better - the rest stands aside with it: so no
 * more than `loaded` of one job wait here, however ill its far side is, besides those that come
 * back from flight. What is read last is still in flight while the next are read, so that the far
 * side hardly ever waits for the disk.
 */
#include "dispatch_parts.h"

enum { UNREAD = 1000 }; /* ms until it is asked for again when it could not be read */

void dispatch_set_loaded(struct dispatch *d, int most)
{
	d->loaded = most > 1 ? (size_t)most : 2;
}

void dispatch_add_rest(
        struct dispatch *d, const struct dispatch_delivery *like, int64_t count, int64_t now)
{
	if (count > 0)
		admit_waiting(d, like, count, now);
}

static struct item *find_rest(const struct dispatch *d, int64_t id)
{
	struct item *item = item_find(d, id);

	return item && item->more ? item : NULL;
}

void rest_wish(struct dispatch *d, struct item *rest)
{
	if (rest->wished)
		return;
	rest->wished = true;
	*(int64_t *)mem_push(&d->wishes, &d->wish_count, sizeof *d->wishes) = rest->id;
}

bool rest_stands_aside(const struct dispatch *d, struct item *rest)
{
	if (rest->chain->waiting * 2 < d->loaded)
		return false;
	rest->aside = true;
	queue_leave(rest);
	return true;
}

void rest_look(struct dispatch *d, struct chain *chain)
{
	struct item *rest = chain->rest;

	if (!rest || !rest->aside || chain->waiting * 2 >= d->loaded)
		return;
	rest->aside = false;
	queue_rejoin(d, rest);
}

bool dispatch_take_wish(struct dispatch *d, struct dispatch_wish *out)
{
	while (d->wish_count) {
		const struct item *rest = find_rest(d, d->wishes[--d->wish_count]);
		if (!rest)
			continue; /* it has ended meanwhile */
		size_t room =
		        rest->chain->waiting < d->loaded ? d->loaded - rest->chain->waiting : 1;
		out->rest = rest->id;
		out->most = (size_t)rest->more < room ? (int)rest->more : (int)room;
		return true;
	}
	return false;
}

void dispatch_rest_read(struct dispatch *d, int64_t id, int64_t left, int64_t now)
{
	struct item *rest = find_rest(d, id);

	if (!rest)
		return;
	rest->wished = false;
	if (left <= 0) {
		forget(d, rest, now);
		return;
	}
	leave_state(d, rest);
	rest->more = left;
	enter_state(d, rest, DELIVERY_WAITING, now);
}

void dispatch_rest_unread(struct dispatch *d, int64_t id, int64_t now)
{
	struct item *rest = find_rest(d, id);

	if (!rest)
		return;
	rest->wished = false;
	leave_state(d, rest);
	rest->due = now + UNREAD;
	enter_state(d, rest, DELIVERY_WAITING, now);
}
