/* SPDX-License-Identifier: Apache-2.0
 * duties - see duties.h. Relies on the policy for what a release asks for, on the record for what
 * is open. A chore that cannot write says so and is run again.
 */
#include "duties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policy_obligations.h"
#include "store_duty.h"
#include "when.h"

enum { SHOUT_FIRST_MS = 60000, SHOUT_MOST_MS = 3600000 };

/* --- opening ---------------------------------------------------------------------------------- */

static bool open_one(struct store *store, const struct bulletin *b, enum obligation what,
        const char *to, const char *basis, int64_t due, int64_t now, struct err *err)
{
	const struct duty_row duty = {
	        .bulletin = b->id,
	        .chain = b->chain,
	        .unit = b->unit,
	        .what = (char *)obligation_text(what),
	        .recipient = (char *)to,
	        .basis = (char *)basis,
	        .opened = now,
	        .due = due,
	};
	json_t *body = json_pack(
	        "{s:s,s:s,s:I}", "what", duty.what, "basis", basis, "due", (json_int_t)due);
	bool ok = store_add_duty(store, &duty, err) &&
	          store_audit(store, "duty-opened", b->id, body, now, err);

	json_decref(body);
	return ok;
}

/* The next announcement is any newer message of the chain; what must be lifted is lifted by its
 * end, or goes over to the update. */
static bool close_fulfilled(
        struct store *store, const struct bulletin *b, int64_t now, struct err *err)
{
	static const enum obligation fulfilled[] = {OBLIGATION_ANNOUNCE, OBLIGATION_LIFT};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof fulfilled / sizeof *fulfilled; i++)
		ok = store_close_duties(
		        store, b->chain, obligation_text(fulfilled[i]), b->id, now, err);
	return ok;
}

static bool open_after_report(struct store *store, const struct policy *policy,
        const struct bulletin *b, int64_t now, struct err *err)
{
	const char *basis = policy->urgent.basis ? policy->urgent.basis : policy->urgent.label;

	if (b->procedure != PROCEDURE_URGENT || verb_ends_chain(b->verb) || !policy->has_urgent ||
	        !policy->urgent_report_ms)
		return true;
	return open_one(store, b, OBLIGATION_AFTER_REPORT, "", basis,
	        now + policy->urgent_report_ms, now, err);
}

bool duties_open(struct store *store, const struct policy *policy, const struct bulletin *b,
        int64_t now, struct err *err)
{
	bool ok = !*b->replaces || close_fulfilled(store, b, now, err);

	for (size_t i = 0; ok && i < policy->duty_rule_count; i++) {
		const struct duty_rule *rule = &policy->duty_rules[i];
		if (!duty_rule_applies(rule, b->verb, b->kind, b->level, b->hazard))
			continue;
		/* What never expires has no such end to announce. */
		if (!rule->within && !b->expires)
			continue;
		ok = open_one(store, b, rule->what, rule->to, rule->basis,
		        rule->within ? now + rule->within : b->expires, now, err);
	}
	return ok && open_after_report(store, policy, b, now, err);
}

/* --- doing ------------------------------------------------------------------------------------ */

static int64_t duty_number(const char *id)
{
	if (id[0] != 'd' || !id[1] || strlen(id) > 18 ||
	        strspn(id + 1, "0123456789") != strlen(id + 1))
		return 0;
	return strtoll(id + 1, NULL, 10);
}

struct doing {
	const struct duty_row *duty;
	const char *officer, *reference, *note;
	int64_t now;
};

static bool write_done(struct store *store, void *arg, struct err *err)
{
	const struct doing *d = arg;
	char name[24];

	snprintf(name, sizeof name, "d%lld", (long long)d->duty->id);
	json_t *body = json_pack(
	        "{s:s,s:s,s:s}", "duty", name, "what", d->duty->what, "officer", d->officer);
	/* The reference and the note may name people: they stay in the row. */
	bool ok = store_close_duty(
	                  store, d->duty->id, d->officer, d->reference, d->note, d->now, err) &&
	          store_audit(store, "duty-done", d->duty->bulletin, body, d->now, err);
	json_decref(body);
	return ok;
}

static bool may_do(const struct policy *policy, const struct officer *officer,
        const struct duty_row *duty, const char *reference, struct err *err)
{
	if (strcmp(officer->unit, duty->unit) != 0 &&
	        !policy_is_superior(policy, officer->unit, duty->unit))
		return err_set(err, ERR_DENIED, "待办 d%lld 属于 %s，%s 不属于该单位",
		        "duty d%lld is %s's, and %s is not of that unit", (long long)duty->id,
		        duty->unit, officer->id);
	if (strcmp(duty->what, obligation_text(OBLIGATION_AFTER_REPORT)) == 0 && !*reference)
		return err_set(err, ERR_INPUT, "事后报告须写明文号（reference）",
		        "an after-report needs its reference");
	return true;
}

bool duties_done(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *reference, const char *note, struct err *err)
{
	struct duty_list list = {0};
	int64_t number = duty_number(id);

	if (!caller_must_be_officer(caller, err))
		return false;
	if (!number)
		return err_set(err, ERR_MISSING, "没有编号为 %s 的待办", "there is no duty %s", id);
	bool ok = store_get_duty(reader, number, &list, err);
	if (ok) {
		struct doing d = {&list.items[0], caller->officer->id, reference, note, when_now()};
		ok = may_do(atomic_load(&house->policy), caller->officer, d.duty, reference, err) &&
		     record_do(house->record, 0, write_done, &d, err);
		log_event(ok ? LOG_INFO : LOG_WARN, "duty-done", "duty", id, "bulletin",
		        d.duty->bulletin, "what", d.duty->what, "officer", d.officer, "reason",
		        ok ? NULL : err->en, NULL);
	}
	duty_list_finish(&list);
	return ok;
}

/* --- saying it aloud -------------------------------------------------------------------------- */

static bool time_to_shout(const struct duty_row *d, int64_t now)
{
	int64_t wait = SHOUT_FIRST_MS;

	for (int i = 1; i < d->shouts && wait < SHOUT_MOST_MS; i++)
		wait *= 2;
	return d->shouts == 0 || now - d->shouted >= (wait < SHOUT_MOST_MS ? wait : SHOUT_MOST_MS);
}

struct shout {
	int64_t id, now;
};

static bool write_shout(struct store *store, void *arg, struct err *err)
{
	const struct shout *shout = arg;

	return store_duty_shouted(store, shout->id, shout->now, err);
}

static void shout_one(struct house *house, const struct duty_row *d, int64_t now)
{
	struct shout shout = {d->id, now};
	char id[24], due[WHEN_TEXT], late[24];
	struct err err;

	snprintf(id, sizeof id, "d%lld", (long long)d->id);
	snprintf(late, sizeof late, "%lld", (long long)(now - d->due) / 1000);
	when_text(d->due, due);
	log_event(LOG_ERROR, "report-overdue", "duty", id, "bulletin", d->bulletin, "unit", d->unit,
	        "due", due, "late_seconds", late, NULL);
	if (!record_do(house->record, 0, write_shout, &shout, &err))
		log_event(LOG_ERROR, "duty-not-kept", "duty", id, "reason", err.en, NULL);
}

void duties_shout(struct house *house, struct store *reader, int64_t now)
{
	struct duty_list list = {0};
	struct err err;

	if (!store_list_overdue(
	            reader, obligation_text(OBLIGATION_AFTER_REPORT), now, &list, &err)) {
		log_event(LOG_ERROR, "duties-unread", "reason", err.en, NULL);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		if (time_to_shout(&list.items[i], now))
			shout_one(house, &list.items[i], now);
	duty_list_finish(&list);
}
