/* SPDX-License-Identifier: Apache-2.0
 * notices_confirm - somebody answers a call (叫应确认): see notices.h.
 */
#include "notices.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "when.h"

struct answering {
	const struct turn_call *call;
	const char *bulletin, *officer;
	int64_t now;
};

static bool write_answer(struct store *store, void *arg, struct err *err)
{
	const struct answering *a = arg;
	json_t *body = json_pack(
	        "{s:s,s:s}", "step", status_step_text(a->call->step), "officer", a->officer);
	bool ok = store_call_confirmed(store, a->call, a->officer, a->now, err) &&
	          store_audit(store, "call-answered", a->bulletin, body, a->now, err);

	json_decref(body);
	return ok;
}

static unsigned duty_of(enum status_step step)
{
	return step == STEP_REVIEW ? DUTY_REVIEW : step == STEP_SIGN ? DUTY_SIGN : DUTY_PUBLISH;
}

static bool may_answer(const struct officer *officer, const struct bulletin *b,
        enum status_step step, struct err *err)
{
	if (strcmp(officer->unit, b->unit) == 0 && (officer->duties & duty_of(step)))
		return true;
	return err_set(err, ERR_DENIED, "%s 不能办理 %s 的这一步，不能代为确认",
	        "%s cannot take this step of %s, and cannot answer for it", officer->id, b->id);
}

bool notices_confirm(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, struct err *err)
{
	struct bulletin *b = NULL;
	struct turn_call call = {0};

	if (!caller_must_be_officer(caller, err) || !store_get_bulletin(reader, id, &b, err))
		return false;
	struct answering a = {&call, b->id, caller->officer->id, when_now()};
	bool ok = notices_turn(house, reader, b, a.now, &call, err) &&
	          may_answer(caller->officer, b, call.step, err) &&
	          record_do(house->record, level_rank(b->level), write_answer, &a, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "call-answered", "bulletin", b->id, "officer",
	        a.officer, "reason", ok ? NULL : err->en, NULL);
	turn_call_finish(&call);
	bulletin_destroy(&b);
	return ok;
}
