/* SPDX-License-Identifier: Apache-2.0
 * report - see report.h. Read-only but for report_late. As CSV: report_csv.c.
 */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "due.h"
#include "log.h"
#include "promptness.h"
#include "when.h"

enum { CHINA_MINUTES = 8 * 60, EVENING_HOUR = 18, LIST_MOST = 500, MONTHS_MOST = 36 };

static json_t *moment(int64_t ms)
{
	char text[WHEN_TEXT];

	when_text(ms, text);
	return json_string(text);
}

static json_t *heads(const struct bulletin_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, bulletin_head_json(list->items[i]));
	return array;
}

static int64_t evening_before(int64_t now)
{
	struct civil day = when_civil(now - 86400000, CHINA_MINUTES);

	day.hour = EVENING_HOUR;
	day.minute = day.second = 0;
	return when_from_civil(&day, CHINA_MINUTES);
}

bool report_morning(
        struct house *house, struct store *reader, int64_t now, json_t **out, struct err *err)
{
	int64_t since = evening_before(now);
	struct bulletin_list released = {0};
	json_t *due = NULL;
	json_t *failed = NULL;

	bool ok = store_list_released(reader, since, now + 1, LIST_MOST, &released, err) &&
	          due_list(house, reader, NULL, now, &due, err) &&
	          store_list_failures(reader, since, now + 1, LIST_MOST, &failed, err);
	if (ok)
		*out = json_pack("{s:s,s:o,s:o,s:o,s:o,s:o}", "form", "morning", "since",
		        moment(since), "until", moment(now), "released", heads(&released), "due",
		        json_incref(due), "failed", json_incref(failed));
	json_decref(due);
	json_decref(failed);
	bulletin_list_finish(&released);
	return ok;
}

/* --- by month --------------------------------------------------------------------------------- */

static int64_t month_start(const struct civil *month)
{
	return when_from_civil(
	        &(struct civil){.year = month->year, .month = month->month, .day = 1},
	        CHINA_MINUTES);
}

static struct civil month_step(struct civil month, int by)
{
	int count = month.year * 12 + month.month - 1 + by;

	return (struct civil){.year = count / 12, .month = count % 12 + 1, .day = 1};
}

static bool read_month(const char *text, int64_t now, struct civil *month, struct err *err)
{
	int64_t start = now;
	char *day = mem_format("%s-01", text ? text : "");
	bool ok = !text || when_read_day(day, &start) ||
	          err_set(err, ERR_INPUT, "%s 不是月份（年-月）", "%s is no month (yyyy-mm)", text);

	free(day);
	*month = when_civil(start, CHINA_MINUTES);
	return ok;
}

bool report_assessment(struct house *house, struct store *reader, const char *text, int months,
        int64_t now, json_t **out, struct err *err)
{
	json_t *rows = json_array();
	json_t *late = json_array();
	struct civil last;

	bool ok = read_month(text, now, &last, err) &&
	          ((months >= 1 && months <= MONTHS_MOST) ||
	                  err_set(err, ERR_INPUT, "months 应为 1 至 %d", "months is 1 to %d",
	                          (int)MONTHS_MOST));
	for (int i = months - 1; ok && i >= 0; i--) {
		struct civil month = month_step(last, -i);
		struct civil next = month_step(month, 1);
		char *name = mem_format("%04d-%02d", month.year, month.month);
		ok = promptness_add(reader, &house->config->prompt, name, month_start(&month),
		        month_start(&next), now, rows, late, err);
		free(name);
	}
	if (ok)
		*out = json_pack("{s:s,s:o,s:O,s:O}", "form", "assessment", "at", moment(now),
		        "rows", rows, "late", late);
	json_decref(rows);
	json_decref(late);
	return ok;
}

/* --- why it was late -------------------------------------------------------------------------- */

struct filing {
	const char *bulletin, *officer, *reason;
	int64_t now;
};

static bool write_reason(struct store *store, void *arg, struct err *err)
{
	const struct filing *f = arg;
	json_t *body = json_pack("{s:s}", "officer", f->officer);
	bool ok = store_add_late_reason(store, f->bulletin, f->officer, f->reason, f->now, err) &&
	          store_audit(store, "late-reason", f->bulletin, body, f->now, err);

	json_decref(body);
	return ok;
}

bool report_late(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *reason, struct err *err)
{
	const struct policy *policy = atomic_load(&house->policy);
	struct bulletin *b = NULL;

	if (!caller_must_be_officer(caller, err) || !store_get_bulletin(reader, id, &b, err))
		return false;
	const char *unit = caller->officer->unit;
	struct filing filing = {b->id, caller->officer->id, reason, when_now()};
	bool ok = strcmp(unit, b->unit) == 0 || policy_is_superior(policy, unit, b->unit) ||
	          err_set(err, ERR_DENIED, "%s 属于 %s，%s 不属于该单位",
	                  "%s is %s's, and %s is not of that unit", b->id, b->unit,
	                  caller->officer->id);
	ok = ok && (b->released || err_set(err, ERR_CONFLICT, "%s 尚未发布",
	                                   "%s is not released yet", b->id));
	ok = ok && record_do(house->record, 0, write_reason, &filing, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "late-reason", "bulletin", b->id, "officer",
	        caller->officer->id, "reason", ok ? NULL : err->en, NULL);
	bulletin_destroy(&b);
	return ok;
}
