/* SPDX-License-Identifier: Apache-2.0
 * pause - see pause.h. On record first, with who said so and why; then the loop holds back what
 * waits and calls back what is in flight.
 */
#include "pause.h"

#include <stdlib.h>

#include "log.h"
#include "outbox_private.h"
#include "reason.h"
#include "settle.h"
#include "store_pause.h"
#include "when.h"

struct pausing {
	struct outbox *outbox;
	const struct officer *officer;
	const char *reason; /* NULL: it is resumed */
	bool on;
	char *bulletin, *target; /* the bulletin's id, however it was named */
	int index;
};

static void pausing_destroy(struct pausing *p)
{
	free(p->bulletin);
	free(p->target);
	free(p);
}

/* Whoever finds fault with one of these cancels or corrects it: to hold it back would leave some
 * people without the word that lets them act. */
static bool may_be_held_back(const struct pausing *p, const struct bulletin *b,
        const struct pause_ground *ground, struct err *err)
{
	if (level_rank(b->level) >= level_rank(LEVEL_RED))
		return err_set(err, ERR_DENIED, "%s 为最高级别，不能暂停；内容有误的，解除或更正",
		        "%s is of the highest level and is not paused; if it is wrong, cancel or "
		        "correct it",
		        b->id);
	if (ground->correction)
		return err_set(err, ERR_DENIED,
		        "%s 是解除或更正，不能暂停：收到过原信息的人须收到它",
		        "%s takes something back and is not paused: whoever has the old words "
		        "must get it",
		        b->id);
	if (p->outbox->config->targets[p->index].traits->projection)
		return err_set(err, ERR_DENIED,
		        "%s 展示全部生效信息，不能单独暂停其中一条；须撤下的，解除或更正",
		        "%s shows all that is in force and cannot leave one out; to take it off, "
		        "cancel or correct it",
		        p->target);
	return true;
}

static bool write_pause(
        struct store *store, const struct pausing *p, const struct bulletin *b, struct err *err)
{
	const struct pause pause = {.bulletin = p->bulletin,
	        .target = p->target,
	        .since = when_now(),
	        .officer = p->officer->id,
	        .reason = (char *)p->reason};
	struct pause_ground ground;

	if (!store_pause_ground(store, p->bulletin, p->target, &ground, err))
		return false;
	if (!ground.all)
		return err_set(err, ERR_MISSING, "信息 %s 不发往 %s", "nothing of %s goes to %s",
		        p->bulletin, p->target);
	if (!may_be_held_back(p, b, &ground, err))
		return false;
	if (!ground.open)
		return err_set(err, ERR_CONFLICT, "信息 %s 发往 %s 的投递已全部结束，无可暂停",
		        "nothing of %s waits for %s any more", p->bulletin, p->target);
	return store_add_pause(store, &pause, err);
}

static bool write_down(struct store *store, const struct pausing *p, struct err *err)
{
	json_t *body = json_pack("{s:s,s:s}", "target", p->target, "officer", p->officer->id);

	if (p->on)
		json_object_set_new(body, "reason", json_string(p->reason));
	bool ok = store_audit(
	        store, p->on ? "paused" : "resumed", p->bulletin, body, when_now(), err);
	json_decref(body);
	return ok;
}

static bool write_it(struct store *store, void *arg, struct err *err)
{
	struct pausing *p = arg;
	struct bulletin *b = NULL;

	if (!store_get_bulletin(store, p->bulletin, &b, err))
		return false;
	mem_put_text(&p->bulletin, b->id);
	bool ok = settle_is_theirs(p->officer, b, err) &&
	          (p->on ? write_pause(store, p, b, err)
	                 : store_end_pause(store, p->bulletin, p->target, err)) &&
	          write_down(store, p, err);
	bulletin_destroy(&b);
	return ok;
}

static void take_up(void *arg)
{
	struct pausing *p = arg;

	outbox_pause(p->outbox, p->bulletin, p->index, p->on);
	outbox_pump(p->outbox);
	pausing_destroy(p);
}

static void say(const struct pausing *p, const char *refused)
{
	log_event(refused ? LOG_WARN : LOG_INFO, p->on ? "paused" : "resumed", "bulletin",
	        p->bulletin, "target", p->target, "officer", p->officer->id, "reason", refused,
	        NULL);
}

/* On the record thread: the loop hears of a pause and of its end in the order in which the record
 * has written them, and after the release that they are about. Or it would hold back what is on its
 * way, or let go what is not. */
static void tell(void *arg)
{
	struct pausing *p = arg;

	say(p, NULL);
	loop_post(p->outbox->loop, take_up, p);
}

static bool put(struct house *house, const struct pausing *wish, struct err *err)
{
	int index = outbox_target_index(house->config, wish->target);

	if (index < 0)
		return err_set(err, ERR_MISSING, "没有名为 %s 的渠道", "there is no far side %s",
		        wish->target);
	if (atomic_load(&house->held))
		return err_set(err, ERR_CONFLICT, "记录库处于扣住状态，先解除扣住（tocsin hold）",
		        "the record is held: end that first (tocsin hold)");
	struct pausing *p = mem_zero(sizeof *p);
	*p = *wish;
	p->outbox = house->outbox;
	p->bulletin = mem_text(wish->bulletin);
	p->target = mem_text(wish->target);
	p->index = index;
	if (record_do_and_tell(house->record, level_rank(LEVEL_RED), write_it, tell, p, err))
		return true;
	say(p, err->en);
	pausing_destroy(p);
	return false;
}

bool pause_target(struct house *house, const struct caller *caller, const char *bulletin,
        const char *target, const char *reason, struct err *err)
{
	if (!caller_must_be_officer(caller, err) || !reason_fits(reason, err))
		return false;
	return put(house,
	        &(struct pausing){.officer = caller->officer,
	                .reason = reason,
	                .on = true,
	                .bulletin = (char *)bulletin,
	                .target = (char *)target},
	        err);
}

bool resume_target(struct house *house, const struct caller *caller, const char *bulletin,
        const char *target, struct err *err)
{
	if (!caller_must_be_officer(caller, err))
		return false;
	return put(house,
	        &(struct pausing){.officer = caller->officer,
	                .bulletin = (char *)bulletin,
	                .target = (char *)target},
	        err);
}
