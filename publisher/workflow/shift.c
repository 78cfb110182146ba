/* SPDX-License-Identifier: Apache-2.0
 * shift - see shift.h. Where a page stands is looked at again inside the transaction: of two who
 * press at the same moment the second finds it moved on.
 */
#include "shift.h"

#include <stdlib.h>
#include <string.h>

#include "approve.h"
#include "log.h"
#include "reason.h"
#include "utf8.h"
#include "when.h"

static const unsigned work = DUTY_DRAFT | DUTY_REVIEW | DUTY_SIGN | DUTY_PUBLISH;

/* --- making -------------------------------------------------------------------------------------
 */

bool shift_may_take(const struct officer *from, const struct officer *to)
{
	return to->active && to->duties & work && strcmp(to->unit, from->unit) == 0 &&
	       strcmp(to->person, from->person) != 0;
}

static bool people_fit(
        const struct policy *policy, const struct officer *from, const char *to, struct err *err)
{
	const struct officer *next = policy_officer(policy, to);

	if (!from->active || !(from->duties & work))
		return err_set(err, ERR_DENIED, "%s 没有拟制、审核、签发或发布职责，没有班可交",
		        "%s holds no duty to draft, review, sign or publish: there is no watch to "
		        "hand over",
		        from->id);
	return (next && shift_may_take(from, next)) ||
	       err_set(err, ERR_INPUT,
	               "接班人 %s 须是 %s 的另一名在岗人员，有拟制、审核、签发或发布职责",
	               "%s, who is to take over, must be another active officer of %s with the "
	               "duty to draft, review, sign or publish",
	               to, from->unit);
}

static bool take_remarks(struct shift_text *shift, const char *remarks, struct err *err)
{
	if (strlen(remarks) > REASON_BYTES)
		return err_set(err, ERR_INPUT, "交班说明至多 %d 字节",
		        "the remarks have at most %d bytes", REASON_BYTES);
	char *copy = mem_text(remarks);
	char *rest = copy;
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		utf8_one_line(line);
		if (*line)
			texts_add(&shift->remarks, line);
	}
	free(copy);
	return true;
}

/* A page that one has signed is between the two: nobody else takes the ground from under the second
 * signature, or hands over a watch that is being handed over. What waits too long binds nobody. */
static bool is_between_others(
        const struct shift *last, const struct shift_text *text, struct err *err)
{
	struct shift_text theirs = {0};
	struct err unread;

	if (last->state != SHIFT_HANDED || text->made - last->made > SHIFT_WAIT_MS ||
	        !shift_text_read(&theirs, last->text, strlen(last->text), &unread))
		return false;
	bool between = strcmp(theirs.from, text->from) != 0 && strcmp(theirs.to, text->from) != 0;
	if (between)
		err_set(err, ERR_CONFLICT,
		        "第 %lld 号交接单已由 %s 签字，等 %s 接班签字：%d "
		        "分钟之内只有他们二人可另做一份",
		        "page %lld was signed by %s and waits for %s: for %d minutes only these "
		        "two "
		        "may make another",
		        (long long)last->number, theirs.from, theirs.to,
		        (int)(SHIFT_WAIT_MS / 60000));
	shift_text_finish(&theirs);
	return between;
}

static bool may_take_its_place(struct store *store, const struct shift_text *text, struct err *err)
{
	struct shift_list list = {0};
	bool ok = store_list_shifts(store, text->unit, 1, &list, err) &&
	          !(list.count && is_between_others(&list.items[0], text, err));

	shift_list_finish(&list);
	return ok;
}

struct making {
	const struct shift_text *text;
	struct shift shift;
};

static bool write_made(struct store *store, void *arg, struct err *err)
{
	struct making *m = arg;
	const struct shift_text *t = m->text;
	char last[DIGEST_HEX];

	if (!store_last_shift(store, t->unit, last, err))
		return false;
	if (strcmp(last, t->previous) != 0)
		return err_set(err, ERR_CONFLICT, "%s 刚刚交接过，请重新查看",
		        "%s was handed over this moment: look again", t->unit);
	if (!may_take_its_place(store, t, err) || !store_add_shift(store, &m->shift, t->unit, err))
		return false;
	char *ref = mem_format("s%lld", (long long)m->shift.number);
	json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "unit", t->unit, "from", t->from, "to", t->to,
	        "page", m->shift.digest);
	bool ok = store_audit(store, "shift-made", ref, body, t->made, err);
	json_decref(body);
	free(ref);
	return ok;
}

bool shift_make(struct house *house, struct store *reader, const struct caller *caller,
        struct shift_text *text, const char *to, const char *remarks, int64_t *number,
        struct err *err)
{
	struct making m = {.text = text};
	struct buf page;

	if (!caller_must_be_officer(caller, err) ||
	        !people_fit(atomic_load(&house->policy), caller->officer, to, err) ||
	        !take_remarks(text, remarks, err) ||
	        !store_last_shift(reader, caller->officer->unit, text->previous, err))
		return false;
	text->mode = house->config->mode;
	text->unit = mem_text(caller->officer->unit);
	text->from = mem_text(caller->officer->id);
	text->to = mem_text(to);
	text->made = when_now() / 1000 * 1000;
	buf_init(&page, 0);
	shift_text_write(text, &page);
	m.shift.text = buf_take(&page);
	m.shift.made = text->made;
	bool ok = strlen(m.shift.text) <= SHIFT_BYTES_MOST ||
	          err_set(err, ERR_INPUT, "交接单过长", "the hand-over page is too long");
	ok = ok && record_do(house->record, 0, write_made, &m, err);
	*number = m.shift.number;
	log_event(ok ? LOG_INFO : LOG_WARN, "shift-made", "unit", text->unit, "officer", text->from,
	        "to", text->to, "reason", ok ? NULL : err->en, NULL);
	shift_finish(&m.shift);
	return ok;
}

/* --- signing ------------------------------------------------------------------------------------
 */

const char *shift_next(const struct shift *shift, const struct shift_text *text, int64_t now)
{
	if (now - shift->made > SHIFT_WAIT_MS)
		return NULL;
	return shift->state == SHIFT_MADE     ? text->from
	       : shift->state == SHIFT_HANDED ? text->to
	                                      : NULL;
}

struct signing {
	const struct proof *proof;
	int64_t number, now;
};

static bool is_theirs(
        const struct signing *s, const struct shift *shift, const char *next, struct err *err)
{
	if (strcmp(shift->digest, s->proof->manifest) != 0)
		return err_set(err, ERR_CONFLICT, "签的不是这份交接单，请重新查看",
		        "that is not the page you saw: look again");
	if (!next)
		return err_set(err, ERR_CONFLICT,
		        "第 %lld 号交接单%s%.0s，或已超过 %d 分钟：请重新做一份",
		        "page %lld is %.0s%s, or over %d minutes old: make a new one",
		        (long long)shift->number, shift_state_zh(shift->state),
		        shift_state_text(shift->state), (int)(SHIFT_WAIT_MS / 60000));
	return strcmp(next, s->proof->officer) == 0 ||
	       err_set(err, ERR_CONFLICT, "第 %lld 号交接单现在由 %s 签字",
	               "page %lld waits for the signature of %s", (long long)shift->number, next);
}

static bool write_down(
        struct store *store, const struct signing *s, enum shift_state state, struct err *err)
{
	char *ref = mem_format("s%lld", (long long)s->number);
	json_t *body = json_pack("{s:s,s:s,s:s}", "officer", s->proof->officer, "page",
	        s->proof->manifest, "state", shift_state_text(state));
	bool ok = store_sign_shift(store, s->number, s->proof, state, s->now, err) &&
	          store_audit(store, "shift-signed", ref, body, s->now, err);

	json_decref(body);
	free(ref);
	return ok;
}

static bool write_signed(struct store *store, void *arg, struct err *err)
{
	const struct signing *s = arg;
	struct shift_text text = {0};
	struct shift shift;

	if (!store_get_shift(store, s->number, &shift, err))
		return false;
	bool ok = shift_text_read(&text, shift.text, strlen(shift.text), err) &&
	          is_theirs(s, &shift, shift_next(&shift, &text, s->now), err) &&
	          write_down(store, s, shift.state == SHIFT_MADE ? SHIFT_HANDED : SHIFT_TAKEN, err);
	shift_text_finish(&text);
	shift_finish(&shift);
	return ok;
}

bool shift_sign(struct house *house, const struct caller *caller, int64_t number,
        const struct proof *proof, struct err *err)
{
	struct signing s = {proof, number, when_now()};

	bool ok = caller_must_be_officer(caller, err) &&
	          (proof->act == ACT_SHIFT || err_set(err, ERR_INPUT, "凭证的 act 应为 shift",
	                                              "the proof's act must be shift")) &&
	          approve_proof_is_own(caller, proof, s.now, err) &&
	          policy_proof_holds(atomic_load(&house->policy), proof, err) &&
	          record_do(house->record, 0, write_signed, &s, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "shift-signed", "officer", caller->token.officer,
	        "reason", ok ? NULL : err->en, NULL);
	return ok;
}
