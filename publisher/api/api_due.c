/* SPDX-License-Identifier: Apache-2.0
 * api_due - what waits for somebody, what the law asks for, and how prompt the house was.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_show.h"
#include "due.h"
#include "duties.h"
#include "ends.h"
#include "notices.h"
#include "report.h"
#include "when.h"

static bool get_due(struct call *call, struct err *err)
{
	char *bulletin = call_query(call, "bulletin");
	json_t *list = NULL;
	bool ok = due_list(call->house, call->reader, bulletin, when_now(), &list, err);

	free(bulletin);
	if (ok)
		call_json(call, 200, json_pack("{s:o}", "due", list));
	return ok;
}

/* A text the caller gives; "" when it is not there. */
static const char *member(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

/* Whose tokens and enrolments there are is for those who keep them. */
static bool get_ends(struct call *call, struct err *err)
{
	struct err none;
	bool people = caller_must_hold(call->caller, DUTY_ACCOUNTS, &none);
	json_t *list = NULL;

	if (!ends_list(call->house, call->reader, people, when_now(), &list, err))
		return false;
	call_json(call, 200, json_pack("{s:o}", "ends", list));
	return true;
}

static bool post_done(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	bool ok =
	        json && (*member(json, "note") || err_set(err, ERR_INPUT, "请写明如何办结（note）",
	                                                  "say how it was done (note)"));

	ok = ok && duties_done(call->house, call->reader, call->caller, call->part[0],
	                   member(json, "reference"), member(json, "note"), err);
	json_decref(json);
	if (ok)
		call_json(call, 200, json_pack("{s:s,s:s}", "id", call->part[0], "state", "done"));
	return ok;
}

static bool post_confirm(struct call *call, struct err *err)
{
	if (!notices_confirm(call->house, call->reader, call->caller, call->part[0], err))
		return false;
	call_json(call, 200, json_pack("{s:s}", "id", call->part[0]));
	return true;
}

static bool post_late(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	bool ok = json &&
	          (*member(json, "reason") || err_set(err, ERR_INPUT, "请写明迟缓的原因（reason）",
	                                              "say why it was late (reason)"));

	ok = ok && report_late(call->house, call->reader, call->caller, call->part[0],
	                   member(json, "reason"), err);
	json_decref(json);
	if (ok)
		call_json(call, 200, json_pack("{s:s}", "id", call->part[0]));
	return ok;
}

static bool wants_csv(const struct call *call)
{
	char *format = call_query(call, "format");
	bool csv = format && strcmp(format, "csv") == 0;

	free(format);
	return csv;
}

static void answer(struct call *call, json_t *report, void (*csv)(const json_t *, struct buf *))
{
	struct buf text;

	if (!wants_csv(call)) {
		call_json(call, 200, report);
		return;
	}
	buf_init(&text, 0);
	csv(report, &text);
	call_text(call, "text/csv; charset=utf-8", text.data);
	buf_finish(&text);
	json_decref(report);
}

static bool get_morning(struct call *call, struct err *err)
{
	json_t *report = NULL;

	if (!report_morning(call->house, call->reader, when_now(), &report, err))
		return false;
	answer(call, report, report_morning_csv);
	return true;
}

static bool get_assessment(struct call *call, struct err *err)
{
	char *month = call_query(call, "month");
	char *months = call_query(call, "months");
	json_t *report = NULL;
	bool ok = report_assessment(call->house, call->reader, month,
	        months ? (int)strtol(months, NULL, 10) : 1, when_now(), &report, err);

	free(month);
	free(months);
	if (ok)
		answer(call, report, report_assessment_csv);
	return ok;
}

const struct route api_due_routes[] = {
        {"GET", "/api/v1/due", "read", false, get_due},
        {"GET", "/api/v1/ends", "read", false, get_ends},
        {"POST", "/api/v1/due/{}/done", "submit approve", true, post_done},
        {"POST", "/api/v1/due/{}/confirm", "submit approve", true, post_confirm},
        {"POST", "/api/v1/bulletins/{}/late", "submit approve", true, post_late},
        {"GET", "/api/v1/report/morning", "read", false, get_morning},
        {"GET", "/api/v1/report/assessment", "read", false, get_assessment},
        {0},
};
