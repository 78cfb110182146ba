/* SPDX-License-Identifier: Apache-2.0
 * api_audit - the audit chain over HTTP: whether it is whole, its records as they are hashed, and
 * the last signed heartbeat, so that whoever asks can check without believing us.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "audit_words.h"
#include "heartbeat.h"
#include "when.h"

enum { RECORDS_MOST = 1000 };

static bool get_audit_verify(struct call *call, struct err *err)
{
	char head[DIGEST_HEX] = "";
	int64_t records = 0;

	if (!store_audit_verify(call->reader, &records, head, err))
		return false;
	call_json(call, 200,
	        json_pack(
	                "{s:b,s:I,s:s}", "whole", 1, "records", (json_int_t)records, "head", head));
	return true;
}

static bool get_audit_head(struct call *call, struct err *err)
{
	struct heartbeat *heartbeat = call->house->heartbeat;
	char *last = heartbeat_last(heartbeat);
	char hash[DIGEST_HEX] = "";
	int64_t seq = 0;

	bool ok = store_audit_head(call->reader, &seq, hash, err);
	if (ok)
		call_json(call, 200,
		        json_pack("{s:I,s:s,s:s,s:s?}", "records", (json_int_t)seq, "head", hash,
		                "chain", status_chain_text(heartbeat_chain(heartbeat)), "heartbeat",
		                last));
	free(last);
	return ok;
}

/* A moment of the query, or a day; 0 = not given. */
static bool read_moment(const struct call *call, const char *name, int64_t *out, struct err *err)
{
	char *text = call_query(call, name);
	bool ok = !text || when_read(text, out, NULL) || when_read_day(text, out) ||
	          err_set(err, ERR_INPUT, "%s 应为日期或时间：%s",
	                  "%s must be a day or a moment: %s", name, text);

	free(text);
	return ok;
}

static bool read_number(
        const struct call *call, const char *name, int64_t most, int64_t *out, struct err *err)
{
	char *text = call_query(call, name);
	char *end = NULL;
	long long number = text ? strtoll(text, &end, 10) : *out;
	bool ok = !text || (*text && !*end && number >= 0 && number <= most) ||
	          err_set(err, ERR_INPUT, "%s 应为 0 到 %lld 的数：%s",
	                  "%s must be a number from 0 to %lld: %s", name, (long long)most, text);

	*out = number;
	free(text);
	return ok;
}

/* Beside the word that is hashed, the one that is read. */
static void add_words(json_t *records)
{
	json_t *record;
	size_t i;

	json_array_foreach(records, i, record)
	{
		const char *what = json_string_value(json_object_get(record, "what"));
		json_object_set_new(record, "what_zh", json_string(audit_what_zh(what)));
	}
}

static bool get_audit(struct call *call, struct err *err)
{
	char *ref = call_query(call, "ref");
	char *what = call_query(call, "what");
	struct audit_wish wish = {.ref = ref, .what = what ? audit_what_read(what) : NULL};
	int64_t most = 200;
	int64_t newest = 0;
	json_t *list = NULL;

	bool ok = read_number(call, "from", INT64_MAX, &wish.from, err) &&
	          read_number(call, "limit", RECORDS_MOST, &most, err) &&
	          read_number(call, "newest", 1, &newest, err) &&
	          read_moment(call, "since", &wish.since, err) &&
	          read_moment(call, "until", &wish.until, err);
	wish.most = (int)most;
	wish.newest = newest != 0;
	ok = ok && store_list_audit(call->reader, &wish, &list, err);
	if (ok) {
		add_words(list);
		call_json(call, 200, json_pack("{s:o}", "records", list));
	}
	free(ref);
	free(what);
	return ok;
}

const struct route api_audit_routes[] = {
        {"GET", "/api/v1/audit", "read", ROUTE_AUDIT, get_audit},
        {"GET", "/api/v1/audit/head", "read", false, get_audit_head},
        {"GET", "/api/v1/audit/verify", "read", false, get_audit_verify},
        {0},
};
