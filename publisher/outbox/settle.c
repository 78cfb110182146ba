/* SPDX-License-Identifier: Apache-2.0
 * settle - see settle.h. The record changes in one transaction; then the loop forgets the parked
 * delivery, and takes it up anew when it is to go again.
 */
#include "settle.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "outbox_private.h"
#include "reason.h"
#include "when.h"

struct settling {
	struct outbox *outbox;
	const struct config *config;
	const struct officer *officer;
	const char *reason;
	bool came;
	struct delivery delivery;
	struct issue *issue; /* when it goes again */
};

static void settling_destroy(struct settling *s)
{
	delivery_finish(&s->delivery);
	issue_let_go(&s->issue);
	free(s);
}

bool settle_is_theirs(const struct officer *officer, const struct bulletin *b, struct err *err)
{
	if (strcmp(officer->unit, b->unit) != 0 && strcmp(officer->unit, b->handler) != 0)
		return err_set(err, ERR_DENIED,
		        "%s 属于 %s，不属于 %s 的发布单位 %s，其投递结果不由其认定",
		        "%s is of %s, and %s was issued by %s: its deliveries are not theirs to "
		        "settle",
		        officer->id, officer->unit, b->id, b->unit);
	if (officer->active && officer->duties & DUTY_PUBLISH)
		return true;
	return err_set(err, ERR_DENIED, "%s 没有发布职责（publish），不能认定投递结果",
	        "%s does not hold the duty publish: it is not theirs to settle a delivery",
	        officer->id);
}

/* What becomes of one that did not come: tried again while its warning is in force. */
static enum delivery_state after_all(const struct bulletin *b, int64_t now)
{
	if (b->state == BULLETIN_SUPERSEDED)
		return DELIVERY_SUPERSEDED;
	if (b->state == BULLETIN_CANCELLED)
		return DELIVERY_WITHDRAWN;
	return b->state == BULLETIN_RELEASED && (!b->expires || b->expires > now)
	               ? DELIVERY_WAITING
	               : DELIVERY_EXPIRED;
}

static bool write_down(
        struct store *store, const struct settling *s, enum delivery_state state, struct err *err)
{
	const struct delivery *d = &s->delivery;
	char *said = mem_format("%s：%s", s->officer->id, s->reason);
	char *proof = s->came ? mem_format("settled by %s", s->officer->id) : mem_text("");
	json_t *body = json_pack("{s:I,s:s,s:I,s:b,s:s,s:s,s:s}", "delivery", (json_int_t)d->id,
	        "target", d->target, "block", (json_int_t)d->block, "came", s->came, "state",
	        delivery_state_text(state), "officer", s->officer->id, "reason", s->reason);
	bool ok = store_audit(store, "settled", d->bulletin, body, when_now(), err) &&
	          store_delivery_state(store, d->id, state, 0, said, proof, "", when_now(), err) &&
	          store_delivery_doubts(store, d->id, 0, err); /* somebody has looked */

	json_decref(body);
	free(said);
	free(proof);
	return ok;
}

static bool settle_it(
        struct store *store, struct settling *s, const struct bulletin *b, struct err *err)
{
	enum delivery_state state = s->came ? DELIVERY_DELIVERED : after_all(b, when_now());

	if (!settle_is_theirs(s->officer, b, err))
		return false;
	if (s->delivery.state != DELIVERY_UNKNOWN)
		return err_set(err, ERR_CONFLICT, "投递 %lld 的状态是%s%.0s，无须认定",
		        "delivery %lld is %.0s%s: there is nothing to settle",
		        (long long)s->delivery.id, delivery_state_zh(s->delivery.state),
		        delivery_state_text(s->delivery.state));
	if (state == DELIVERY_WAITING) {
		s->issue = issue_create(b, s->config->public_url, err);
		if (!s->issue)
			return false;
		s->delivery.state = state;
		s->delivery.due = 0;
		s->delivery.doubts = 0;
	}
	return write_down(store, s, state, err);
}

static bool write_settled(struct store *store, void *arg, struct err *err)
{
	struct settling *s = arg;
	struct bulletin *b = NULL;
	struct delivery found;

	if (!store_get_delivery(store, s->delivery.id, &found, err))
		return false;
	delivery_finish(&s->delivery);
	s->delivery = found;
	bool ok = store_get_bulletin(store, s->delivery.bulletin, &b, err) &&
	          settle_it(store, s, b, err);
	bulletin_destroy(&b);
	return ok;
}

static void take_up(void *arg)
{
	struct settling *s = arg;
	int64_t now = when_boot();

	dispatch_withdraw(s->outbox->dispatch, s->delivery.id, "settled", now);
	if (s->issue)
		outbox_entry_add(s->outbox, &s->delivery, s->issue, now);
	outbox_pump(s->outbox);
	settling_destroy(s);
}

bool settle_delivery(struct house *house, const struct caller *caller, int64_t delivery, bool came,
        const char *reason, char **bulletin, struct err *err)
{
	if (!caller_must_be_officer(caller, err) || !reason_fits(reason, err))
		return false;
	if (atomic_load(&house->held))
		return err_set(err, ERR_CONFLICT, "记录库处于扣住状态，先解除扣住（tocsin hold）",
		        "the record is held: end that first (tocsin hold)");
	struct settling *s = mem_zero(sizeof *s);
	*s = (struct settling){.outbox = house->outbox,
	        .config = house->config,
	        .officer = caller->officer,
	        .reason = reason,
	        .came = came};
	delivery_init(&s->delivery);
	s->delivery.id = delivery;
	bool ok = record_do(house->record, level_rank(LEVEL_RED), write_settled, s, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "settled", "bulletin", s->delivery.bulletin, "target",
	        s->delivery.target, "came", came ? "yes" : "no", "officer", caller->officer->id,
	        "reason", ok ? NULL : err->en, NULL);
	if (!ok) {
		settling_destroy(s);
		return false;
	}
	*bulletin = mem_text(s->delivery.bulletin);
	loop_post(house->loop, take_up, s);
	return true;
}
