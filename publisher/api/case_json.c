/* SPDX-License-Identifier: Apache-2.0
 * case_json - see case_json.h. Reads one bulletin after the other; what is added to the case while
 * it is read may be missing, and the audit records say up to where it goes.
 */
#include "case_json.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "policy_shown.h"
#include "screen.h"
#include "utf8.h"
#include "when.h"

enum { RECORDS_MOST = 100000 };

static json_t *moment(int64_t ms)
{
	char text[WHEN_TEXT];

	if (!ms)
		return json_null();
	when_text(ms, text);
	return json_string(text);
}

static json_t *texts_json(const struct bulletin *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->text_count; i++) {
		const struct bulletin_text *t = &b->texts[i];
		json_array_append_new(
		        list, json_pack("{s:s,s:s,s:s,s:s?}", "target", t->target, "kind", t->kind,
		                      "text", t->body, "filled", t->filled));
	}
	return list;
}

static json_t *audiences_json(const struct bulletin *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->audience_count; i++)
		json_array_append_new(
		        list, json_pack("{s:s,s:s,s:I}", "target", b->audiences[i].target, "digest",
		                      b->audiences[i].digest, "count",
		                      (json_int_t)b->audiences[i].count));
	return list;
}

static bool add_approvals(struct store *reader, const char *id, json_t *into, struct err *err)
{
	struct approval_list approvals = {0};
	json_t *list = json_array();
	bool ok = store_list_all_approvals(reader, id, &approvals, err);

	for (size_t i = 0; ok && i < approvals.count; i++) {
		const struct approval *a = &approvals.items[i];
		json_array_append_new(
		        list, json_pack("{s:s,s:s,s:o,s:s,s:s,s:b}", "act", act_text(a->proof.act),
		                      "officer", a->proof.officer, "time", moment(a->proof.time),
		                      "manifest", a->proof.manifest, "signature",
		                      a->proof.signature, "voided", a->voided));
	}
	json_object_set_new(into, "approvals", list);
	approval_list_finish(&approvals);
	return ok;
}

static bool add_receipts(struct store *reader, const char *id, json_t *into, struct err *err)
{
	struct delivery_list deliveries = {0};
	json_t *list = json_array();
	bool ok = store_list_deliveries(reader, id, &deliveries, err);

	for (size_t i = 0; ok && i < deliveries.count; i++) {
		const struct delivery *d = &deliveries.items[i];
		json_array_append_new(
		        list, json_pack("{s:I,s:s,s:i,s:s,s:i,s:I,s:I,s:o,s:o}", "delivery",
		                      (json_int_t)d->id, "target", d->target, "block", d->block,
		                      "state", delivery_state_text(d->state), "attempts",
		                      d->attempt, "reached", (json_int_t)d->reached, "failed",
		                      (json_int_t)d->failed, "first_sent", moment(d->first_sent),
		                      "updated", moment(d->updated)));
	}
	json_object_set_new(into, "receipts", list);
	delivery_list_finish(&deliveries);
	return ok;
}

/* What came in as it came, unless the secrecy screen finds something in it. */
static void add_bytes(struct house *house, struct store *reader, json_t *input)
{
	const struct policy *policy = atomic_load(&house->policy);
	struct screen_rules rules = {house->screen, &policy->hotline_numbers};
	struct screen_found found = {0};
	char *bytes = NULL;
	size_t len = 0;
	int64_t id = json_integer_value(json_object_get(input, "id"));

	bool text = store_get_intake_bytes(reader, id, &bytes, &len, NULL) && len &&
	            utf8_valid(bytes, len, NULL);
	if (text)
		screen_text("input", bytes, &rules, &found);
	if (text && found.hit_count == 0)
		json_object_set_new(input, "bytes", json_stringn(bytes, len));
	else
		json_object_set_new(input, "bytes", json_null());
	screen_found_finish(&found);
	free(bytes);
}

static bool add_inputs(
        struct house *house, struct store *reader, const char *id, json_t *into, struct err *err)
{
	json_t *list = json_array();
	json_t *input;
	size_t i;
	bool ok = store_list_inputs(reader, id, list, err);

	json_array_foreach(list, i, input) add_bytes(house, reader, input);
	json_object_set_new(into, "inputs", list);
	return ok;
}

static json_t *message_json(const struct bulletin *b)
{
	json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:o}", "id",
	        b->id, "state", bulletin_state_text(b->state), "verb", verb_text(b->verb),
	        "identifier", b->identifier, "chain", b->chain, "replaces", b->replaces, "incident",
	        b->incident, "parent", b->parent, "staged_as", b->staged_as, "drafter", b->drafter,
	        "releaser", b->releaser, "reason", b->reason, "earlier", list_json(&b->earlier));

	json_object_update_new(
	        json, json_pack("{s:o,s:o,s:o,s:o,s:s,s:s,s:s?,s:s?,s:s?,s:s,s:s}", "created",
	                      moment(b->created), "submitted", moment(b->submitted), "released",
	                      moment(b->released), "expires", moment(b->expires), "cap", b->cap,
	                      "manifest", b->manifest, "signed_cap", b->signed_cap,
	                      "filled_manifest", b->filled_manifest, "manifest_signature",
	                      b->manifest_signature, "screening", screening_text(b->screening),
	                      "disclosure", disclosure_text(b->disclosure)));
	if (b->upstream && utf8_valid(b->upstream, b->upstream_len, NULL))
		json_object_set_new(json, "upstream", json_stringn(b->upstream, b->upstream_len));
	json_object_set_new(json, "texts", texts_json(b));
	json_object_set_new(json, "audiences", audiences_json(b));
	return json;
}

static bool add_message(struct house *house, struct store *reader, const char *id, json_t *messages,
        struct err *err)
{
	struct bulletin *b = NULL;
	json_t *decisions = NULL;

	if (!store_get_bulletin(reader, id, &b, err))
		return false;
	json_t *json = message_json(b);
	bool ok = add_approvals(reader, id, json, err) && add_receipts(reader, id, json, err) &&
	          add_inputs(house, reader, id, json, err) &&
	          store_list_decisions(reader, id, &decisions, err);
	if (ok)
		json_object_set_new(json, "decisions", decisions);
	json_array_append_new(messages, json);
	bulletin_destroy(&b);
	return ok;
}

static int by_seq(const void *a, const void *b)
{
	json_int_t one = json_integer_value(json_object_get(*(json_t *const *)a, "seq"));
	json_int_t two = json_integer_value(json_object_get(*(json_t *const *)b, "seq"));

	return (one > two) - (one < two);
}

/* The records of all messages in the order of the chain: the timeline. */
static json_t *in_order(json_t *records)
{
	size_t count = json_array_size(records);
	json_t **items = mem_array(count + 1, sizeof(json_t *));
	json_t *sorted = json_array();

	for (size_t i = 0; i < count; i++)
		items[i] = json_array_get(records, i);
	qsort(items, count, sizeof *items, by_seq);
	for (size_t i = 0; i < count; i++)
		json_array_append(sorted, items[i]);
	free(items);
	json_decref(records);
	return sorted;
}

static bool add_records(struct store *reader, const char *id, json_t *records, struct err *err)
{
	json_t *list = NULL;

	if (!store_list_audit(
	            reader, &(struct audit_wish){.ref = id, .most = RECORDS_MOST}, &list, err))
		return false;
	json_array_extend(records, list);
	json_decref(list);
	return true;
}

json_t *case_json(struct house *house, struct store *reader, const char *id, const char *heartbeat,
        int64_t now, struct err *err)
{
	const struct policy *policy = atomic_load(&house->policy);
	struct texts ids = {0};
	json_t *messages = json_array();
	json_t *records = json_array();
	bool ok = store_list_case(reader, id, &ids, err);

	for (size_t i = 0; ok && i < ids.count; i++)
		ok = add_message(house, reader, ids.items[i], messages, err) &&
		     add_records(reader, ids.items[i], records, err);
	char *rules = ok ? policy_shown(policy, NULL, err) : NULL;
	ok = ok && rules;
	json_t *whole = json_pack("{s:i,s:s,s:s,s:s,s:o,s:s,s:s,s:s?,s:o,s:o}", "case", 1,
	        "bulletin", id, "node", house->config->node, "mode", mode_text(house->config->mode),
	        "made", moment(now), "policy_version", policy->version, "policy",
	        rules ? rules : "", "heartbeat", heartbeat, "messages", messages, "audit",
	        in_order(records));
	texts_finish(&ids);
	free(rules);
	if (ok && whole)
		return whole;
	json_decref(whole);
	if (ok)
		err_set(err, ERR_INTERNAL, "案卷无法写成 JSON",
		        "the case cannot be written as JSON");
	return NULL;
}
