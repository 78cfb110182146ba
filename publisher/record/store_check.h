/* SPDX-License-Identifier: Apache-2.0
 * store_check - is what the file holds still what was written? Two looks: a short one at what work
 * rests on, before anybody is served, and a long one at all of it, while we run.
 *
 * A damaged record is never mended in passing and never moved away by us: an empty one in its place
 * would give numbers twice and forget what waits. ERR_DAMAGED names what is damaged and what to do.
 */
#ifndef TOCSIN_STORE_CHECK_H
#define TOCSIN_STORE_CHECK_H

#include "store.h"

/* The tables numbers, heads and rights stand in, and every row of the others that is still under
 * way: its time grows with what is pending, not with the past. */
bool store_check_live(struct store *store, struct err *err);

/* Every page of every table and index, one table after another, for a fifth of one processor's
 * time; minutes when the record is large. go_on: asked often, from this thread; false ends it (and
 * it returns true, having found nothing). */
bool store_check_all(struct store *store, bool (*go_on)(void *arg), void *arg, struct err *err);

#endif
