/* SPDX-License-Identifier: Apache-2.0
 * retry - see retry.h. On record first, with who said so; then the loop takes the far side for one
 * that has just answered. What it may have at once, and in which order, dispatch goes on to say.
 */
#include "retry.h"

#include <stdlib.h>

#include "log.h"
#include "outbox_private.h"
#include "settle.h"
#include "when.h"

struct retrying {
	struct outbox *outbox;
	const struct officer *officer;
	struct delivery delivery;
};

static void retrying_destroy(struct retrying *r)
{
	delivery_finish(&r->delivery);
	free(r);
}

static bool write_down(struct store *store, const struct retrying *r, struct err *err)
{
	const struct delivery *d = &r->delivery;
	json_t *body = json_pack("{s:I,s:s,s:I,s:s}", "delivery", (json_int_t)d->id, "target",
	        d->target, "block", (json_int_t)d->block, "officer", r->officer->id);
	bool ok = store_audit(store, "retried", d->bulletin, body, when_now(), err) &&
	          store_delivery_state(
	                  store, d->id, DELIVERY_WAITING, 0, d->reason, "", "", when_now(), err);

	json_decref(body);
	return ok;
}

static bool write_retried(struct store *store, void *arg, struct err *err)
{
	struct retrying *r = arg;
	struct bulletin *b = NULL;
	int64_t id = r->delivery.id;

	delivery_finish(&r->delivery);
	if (!store_get_delivery(store, id, &r->delivery, err))
		return false;
	const struct delivery *d = &r->delivery;
	bool ok = store_get_bulletin(store, d->bulletin, &b, err) &&
	          settle_is_theirs(r->officer, b, err) &&
	          (d->state == DELIVERY_WAITING ||
	                  err_set(err, ERR_CONFLICT, "投递 %lld 的状态是%s%.0s，不在等待重试",
	                          "delivery %lld is %.0s%s: it does not wait to be tried again",
	                          (long long)d->id, delivery_state_zh(d->state),
	                          delivery_state_text(d->state))) &&
	          write_down(store, r, err);
	bulletin_destroy(&b);
	return ok;
}

static void take_up(void *arg)
{
	struct retrying *r = arg;
	int target = outbox_target_index(r->outbox->config, r->delivery.target);

	if (target >= 0)
		dispatch_target_back(r->outbox->dispatch, target, when_boot());
	outbox_pump(r->outbox);
	retrying_destroy(r);
}

bool retry_delivery(struct house *house, const struct caller *caller, int64_t delivery,
        char **bulletin, struct err *err)
{
	if (!caller_must_be_officer(caller, err))
		return false;
	struct retrying *r = mem_zero(sizeof *r);
	*r = (struct retrying){.outbox = house->outbox, .officer = caller->officer};
	delivery_init(&r->delivery);
	r->delivery.id = delivery;
	bool ok = record_do(house->record, level_rank(LEVEL_RED), write_retried, r, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "retried", "bulletin", r->delivery.bulletin, "target",
	        r->delivery.target, "officer", caller->officer->id, "reason", ok ? NULL : err->en,
	        NULL);
	if (!ok) {
		retrying_destroy(r);
		return false;
	}
	*bulletin = mem_text(r->delivery.bulletin);
	loop_post(house->loop, take_up, r);
	return true;
}
