/* SPDX-License-Identifier: Apache-2.0
 * heads - see heads.h. A file in which one signature does not hold is refused whole.
 */
#include "heads.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "mem.h"
#include "status.h"
#include "when.h"

static void add(struct heads *heads, int64_t seq, const char *hash)
{
	struct head *head = mem_push(&heads->items, &heads->count, sizeof *head);

	head->seq = seq;
	memcpy(head->hash, hash, DIGEST_HEX);
}

void heads_finish(struct heads *heads)
{
	free(heads->items);
	*heads = (struct heads){0};
}

bool heads_add(struct heads *heads, const char *sealed, const struct key *key, struct err *err)
{
	while (*sealed) {
		struct status status;
		if (!status_open(&status, &sealed, key, err))
			return false;
		if (status.form == STATUS_HEARTBEAT || status.form == STATUS_INDEX)
			add(heads, status.head_seq, status.head_hash);
		status_finish(&status);
	}
	return heads->count > 0 ||
	       err_set(err, ERR_INPUT, "其中没有心跳或目录", "it holds no heartbeat and no index");
}

static bool add_pair(struct heads *heads, const char *text)
{
	const char *colon = strchr(text, ':');
	size_t digits = strspn(text, "0123456789");

	if (!colon || colon != text + digits || !digits || digits > 18 || !digest_is_hex(colon + 1))
		return false;
	add(heads, strtoll(text, NULL, 10), colon + 1);
	return true;
}

bool heads_read(struct heads *heads, const char *text, const struct key *key, struct err *err)
{
	size_t len = 0;

	if (add_pair(heads, text))
		return true;
	if (!key)
		return err_set(err, ERR_USAGE, "--head %s：文件中的心跳要用 --status-key 公钥验证",
		        "--head %s: heartbeats in a file need --status-key to be verified", text);
	char *sealed = client_file(text, &len, err);
	bool ok = sealed && heads_add(heads, sealed, key, err);
	free(sealed);
	return ok;
}

void heads_pass(struct heads *heads, const json_t *record)
{
	const char *what = json_string_value(json_object_get(record, "what"));
	const char *words = json_string_value(json_object_get(record, "body"));

	if (!what || strcmp(what, "restored") != 0 || !words)
		return;
	json_t *body = json_loads(words, 0, NULL);
	heads->cut = json_integer_value(json_object_get(body, "cut"));
	heads->copied = json_integer_value(json_object_get(body, "copied"));
	json_decref(body);
}

/* The chain says so itself; whether it is true, whoever restored it knows. */
static bool say_restored(const struct heads *heads, int64_t seq, struct err *err)
{
	char copied[WHEN_TEXT];

	when_text(heads->copied, copied);
	return err_set(err, ERR_CONFLICT,
	        "外部保存的链尾第 %lld 条不在其中：此记录库由 %s 的备份恢复，审计记录第 %lld "
	        "条之后到恢复之前所记的已丢失。请与恢复人核对，并从此另起一份链尾文件",
	        "the head kept outside, record %lld, is not in it: this record was restored from "
	        "the backup of %s, and what was recorded after audit record %lld and before the "
	        "restore is lost. Ask who restored it, and begin a new file of heads",
	        (long long)seq, copied, (long long)heads->cut);
}

bool heads_fit(const struct heads *heads, const struct chain *chain, struct err *err)
{
	for (size_t i = 0; i < heads->count; i++) {
		if (heads->items[i].seq != chain->seq ||
		        strcmp(heads->items[i].hash, chain->hash) == 0)
			continue;
		if (heads->cut && chain->seq > heads->cut)
			return say_restored(heads, chain->seq, err);
		return err_set(err, ERR_CONFLICT,
		        "审计记录第 %lld 条与外部保存的链尾不符：此前的记录被改写过",
		        "audit record %lld is not the one the head kept outside names: what comes "
		        "before it was rewritten",
		        (long long)chain->seq);
	}
	return true;
}

bool heads_reached(const struct heads *heads, const struct chain *chain, struct err *err)
{
	for (size_t i = 0; i < heads->count; i++) {
		if (heads->items[i].seq <= chain->seq)
			continue;
		if (heads->cut)
			return say_restored(heads, heads->items[i].seq, err);
		return err_set(err, ERR_CONFLICT,
		        "审计记录只到第 %lld 条，而外部保存的链尾是第 %lld "
		        "条：被截断，或换成了旧的记录库",
		        "the audit chain ends at record %lld, the head kept outside is %lld: it "
		        "was cut, or an older record was put in its place",
		        (long long)chain->seq, (long long)heads->items[i].seq);
	}
	return true;
}
