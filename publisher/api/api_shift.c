/* SPDX-License-Identifier: Apache-2.0
 * api_shift - the watch handed over (交接班): the page made, shown, signed by both.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "api_show.h"
#include "shift.h"
#include "shift_page.h"
#include "when.h"

enum { LIST_MOST = 50 };

/* "s12" */
static bool read_number(const char *text, int64_t *number, struct err *err)
{
	size_t len = strlen(text);

	if (len < 2 || len > 18 || *text != 's' || strspn(text + 1, "0123456789") != len - 1)
		return err_set(
		        err, ERR_MISSING, "没有交接单 %s", "there is no hand-over page %s", text);
	*number = strtoll(text + 1, NULL, 10);
	return true;
}

static json_t *signature_json(const struct shift *shift, const char *officer)
{
	for (size_t i = 0; i < 2; i++) {
		const struct proof *p = &shift->proofs[i];
		if (p->officer && strcmp(p->officer, officer) == 0)
			return json_pack("{s:s,s:o,s:s}", "officer", p->officer, "time",
			        moment_json(p->time), "signature", p->signature);
	}
	return json_null();
}

static json_t *head_json(const struct shift *shift, const struct shift_text *text)
{
	const char *next = shift_next(shift, text, when_now());
	char *id = mem_format("s%lld", (long long)shift->number);
	json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s?,s:o,s:o}", "id", id,
	        "state", shift_state_text(shift->state), "state_zh", shift_state_zh(shift->state),
	        "unit", text->unit, "from", text->from, "to", text->to, "made",
	        moment_json(shift->made), "digest", shift->digest, "next", next, "handed",
	        signature_json(shift, text->from), "taken", signature_json(shift, text->to));

	free(id);
	return json;
}

static json_t *shift_json(const struct shift *shift, struct err *err)
{
	struct shift_text text;

	if (!shift_text_read(&text, shift->text, strlen(shift->text), err))
		return NULL;
	json_t *json = head_json(shift, &text);
	json_object_set_new(json, "mode", json_string(mode_text(text.mode)));
	json_object_set_new(json, "active", list_json(&text.active));
	json_object_set_new(json, "waiting", list_json(&text.waiting));
	json_object_set_new(json, "due", list_json(&text.due));
	json_object_set_new(json, "sick", list_json(&text.sick));
	json_object_set_new(json, "remarks", list_json(&text.remarks));
	json_object_set_new(json, "text", json_string(shift->text));
	shift_text_finish(&text);
	return json;
}

static bool show(struct call *call, int64_t number, int status, struct err *err)
{
	struct shift shift;

	if (!store_get_shift(call->reader, number, &shift, err))
		return false;
	json_t *json = shift_json(&shift, err);
	if (json)
		call_json(call, status, json);
	shift_finish(&shift);
	return json != NULL;
}

static bool post_shift(struct call *call, struct err *err)
{
	struct shift_text text = {0};
	int64_t number = 0;
	const char *to = "";
	const char *remarks = "";
	json_t *json = call_body_json(call, err);
	bool ok = json &&
	          (json_unpack(json, "{s:s,s?s!}", "to", &to, "remarks", &remarks) == 0 ||
	                  err_set(err, ERR_INPUT, "请给出接班人（to），可写交班说明（remarks）",
	                          "name who takes over (to); remarks may be given")) &&
	          shift_page(call, &text, err) &&
	          shift_make(call->house, call->reader, call->caller, &text, to, remarks, &number,
	                  err) &&
	          show(call, number, 201, err);

	shift_text_finish(&text);
	json_decref(json);
	return ok;
}

/* Who may take over from whoever asks. */
static json_t *people_json(const struct call *call)
{
	const struct policy *policy = atomic_load(&call->house->policy);
	const struct officer *from = call->caller->officer;
	json_t *array = json_array();

	for (size_t i = 0; from && i < policy->officer_count; i++) {
		const struct officer *to = &policy->officers[i];
		if (shift_may_take(from, to))
			json_array_append_new(
			        array, json_pack("{s:s,s:s}", "officer", to->id, "name", to->name));
	}
	return array;
}

static bool get_shifts(struct call *call, struct err *err)
{
	const struct officer *officer = call->caller->officer;
	struct shift_list list;
	json_t *array = json_array();
	bool ok = store_list_shifts(
	        call->reader, officer ? officer->unit : NULL, LIST_MOST, &list, err);

	for (size_t i = 0; ok && i < list.count; i++) {
		struct shift_text text;
		const char *page = list.items[i].text;
		ok = shift_text_read(&text, page, strlen(page), err);
		if (ok)
			json_array_append_new(array, head_json(&list.items[i], &text));
		shift_text_finish(&text);
	}
	shift_list_finish(&list);
	if (ok)
		call_json(call, 200,
		        json_pack("{s:O,s:o}", "shifts", array, "people", people_json(call)));
	json_decref(array);
	return ok;
}

static bool get_shift(struct call *call, struct err *err)
{
	int64_t number;

	return read_number(call->part[0], &number, err) && show(call, number, 200, err);
}

static bool post_proof(struct call *call, struct err *err)
{
	struct proof proof = {0};
	int64_t number;
	json_t *json = call_body_json(call, err);
	bool ok = json && read_number(call->part[0], &number, err) &&
	          proof_from_json(json, &proof, err) &&
	          shift_sign(call->house, call->caller, number, &proof, err) &&
	          show(call, number, 200, err);

	proof_finish(&proof);
	json_decref(json);
	return ok;
}

const struct route api_shift_routes[] = {
        {"POST", "/api/v1/shifts", "submit approve", true, post_shift},
        {"GET", "/api/v1/shifts", "read", 0, get_shifts},
        {"GET", "/api/v1/shifts/{}", "read", 0, get_shift},
        {"POST", "/api/v1/shifts/{}/proofs", "submit approve", true, post_proof},
        {0},
};
