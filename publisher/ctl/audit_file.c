/* SPDX-License-Identifier: Apache-2.0
 * audit_file - see audit_file.h. Needs no tocsind: the file and the public key are enough.
 */
#include "audit_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

bool audit_record_fits(struct chain *chain, const json_t *record, struct err *err)
{
	struct chain_record link = {
	        .seq = json_integer_value(json_object_get(record, "seq")),
	        .at = json_integer_value(json_object_get(record, "at")),
	        .what = json_text(record, "what"),
	        .ref = json_text(record, "ref"),
	        .body = json_text(record, "body"),
	};

	return chain_follow(chain, &link, json_text(record, "hash"), err);
}

/* The last line: no head of ours may lie beyond, or differ from, what the file holds. */
static bool own_head_fits(
        const json_t *line, const struct chain *chain, const struct key *key, struct err *err)
{
	const char *sealed = json_string_value(json_object_get(line, "heartbeat"));
	struct heads own = {0};

	if (!sealed || !key)
		return true;
	bool ok = heads_add(&own, sealed, key, err) && heads_reached(&own, chain, err) &&
	          heads_fit(&own, chain, err);
	heads_finish(&own);
	return ok;
}

struct reading {
	struct heads *heads;
	const struct key *key;
	struct chain *chain;
	bool ended;
};

static bool take_line(struct reading *r, const char *line, size_t number, struct err *err)
{
	json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	bool ok = json_is_object(json) && !r->ended;

	if (!ok)
		err_set(err, ERR_INPUT, "导出文件第 %zu 行不是一条审计记录",
		        "line %zu of the export is no audit record", number);
	else if (json_object_get(json, "heartbeat"))
		r->ended = ok = own_head_fits(json, r->chain, r->key, err);
	else {
		heads_pass(r->heads, json);
		ok = audit_record_fits(r->chain, json, err) && heads_fit(r->heads, r->chain, err);
	}
	json_decref(json);
	return ok;
}

bool audit_file_verify(const char *path, struct heads *heads, const struct key *key,
        struct chain *chain, struct err *err)
{
	FILE *file = fopen(path, "re");
	struct reading reading = {heads, key, chain, false};
	char *line = NULL;
	size_t room = 0;
	size_t number = 0;
	bool ok = file != NULL;

	chain_start(chain);
	if (!ok)
		return err_set(err, ERR_MISSING, "无法打开 %s：%s", "cannot open %s: %s", path,
		        strerror(errno));
	while (ok && getline(&line, &room, file) > 0)
		ok = take_line(&reading, line, ++number, err);
	free(line);
	fclose(file);
	if (ok && !reading.ended)
		ok = err_set(err, ERR_CONFLICT, "导出文件 %s 没有结尾一行：被截断",
		        "the export %s lacks its last line: it was cut", path);
	return ok && heads_reached(heads, chain, err);
}
