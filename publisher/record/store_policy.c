/* SPDX-License-Identifier: Apache-2.0
 * store_policy - the policy's versions in the record (store_change.h): none is ever changed.
 */
#include "store_change.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "when.h"

void policy_version_finish(struct policy_version *version)
{
	free(version->change);
	free(version->text);
	*version = (struct policy_version){0};
}

bool store_add_policy_version(
        struct store *store, const struct policy_version *version, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO policy_version (number, version, head, change, at, text)"
	        " VALUES (?,?,?,?,?,?)",
	        err);
	query_int(&q, version->number);
	query_text(&q, version->version);
	query_text(&q, version->head);
	query_text(&q, version->change);
	query_int(&q, version->at);
	query_text(&q, version->text);
	return query_run(&q);
}

static bool read_one(struct query *q, struct policy_version *out)
{
	bool found = query_row(q);

	*out = (struct policy_version){0};
	if (found) {
		out->number = query_get_int(q);
		query_get_digest(q, out->version);
		query_get_digest(q, out->head);
		out->change = query_get_text(q);
		out->at = query_get_int(q);
		out->text = query_get_text(q);
	}
	if (query_end(q) && (found || err_set(q->err, ERR_MISSING, "记录中没有这一版授权规则",
	                                      "the record has no such version of the policy")))
		return true;
	policy_version_finish(out);
	return false;
}

bool store_newest_policy(struct store *store, struct policy_version *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT number, version, head, change, at, text FROM policy_version"
	        " ORDER BY number DESC LIMIT 1",
	        err);
	return read_one(&q, out);
}

bool store_get_policy_version(
        struct store *store, int64_t number, struct policy_version *out, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT number, version, head, change, at, text FROM policy_version WHERE number = "
	        "?",
	        err);
	query_int(&q, number);
	return read_one(&q, out);
}

bool store_find_policy_head(struct store *store, const char *head, int64_t *number, struct err *err)
{
	struct query q;

	*number = 0;
	query_begin(&q, store,
	        "SELECT number FROM policy_version WHERE head = ? ORDER BY number DESC LIMIT 1",
	        err);
	query_text(&q, head);
	if (query_row(&q))
		*number = query_get_int(&q);
	return query_end(&q);
}

bool store_list_policy_versions(struct store *store, json_t **out, struct err *err)
{
	json_t *list = json_array();
	char at[WHEN_TEXT];
	struct query q;

	query_begin(&q, store,
	        "SELECT number, version, head, change, at FROM policy_version ORDER BY number",
	        err);
	while (query_row(&q)) {
		json_t *one = json_object();
		json_object_set_new(one, "number", json_integer(query_get_int(&q)));
		json_object_set_new(one, "version", json_string(query_peek_text(&q)));
		json_object_set_new(one, "head", json_string(query_peek_text(&q)));
		json_object_set_new(one, "change", json_string(query_peek_text(&q)));
		when_text(query_get_int(&q), at);
		json_object_set_new(one, "at", json_string(at));
		json_array_append_new(list, one);
	}
	*out = list;
	if (query_end(&q))
		return true;
	json_decref(list);
	*out = NULL;
	return false;
}
