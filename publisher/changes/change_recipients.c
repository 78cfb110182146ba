/* SPDX-License-Identifier: Apache-2.0
 * change_recipients - the change of kind `recipients`: a directory that was imported comes into
 * force (directory/import.h). Its document is what the import found (generation_text.h); whoever
 * confirms it confirms the digest and the counts.
 *
 * The record says what was decided, the directory follows it. A death in between is made good by a
 * chore. A failure is logged, and the directory that was in force stays.
 */
#include "change_recipients.h"

#include <stdlib.h>
#include <string.h>

#include "change_kinds.h"
#include "generation_text.h"
#include "log.h"
#include "when.h"
#include "upload.h"

static bool same_document(const struct generation *generation, const char *body)
{
	struct buf want;

	buf_init(&want, 0);
	generation_document(generation, &want);
	bool same = strcmp(want.data, body) == 0;
	buf_finish(&want);
	return same;
}

/* The generation this document is about, as it is now. */
static bool find(
        const struct config *config, const char *body, struct generation *out, struct err *err)
{
	int64_t id = generation_document_id(body);
	struct store *store = id ? directory_open(config->state, false, err) : NULL;
	bool ok = store && generation_find(store, id, out, err);

	if (!id)
		err_set(err, ERR_INPUT, "文件不是一份导入的接收人名册（GET /api/v1/recipients）",
		        "the document is no imported directory of recipients (GET "
		        "/api/v1/recipients)");
	if (ok && !same_document(out, body))
		ok = err_set(err, ERR_CONFLICT, "第 %lld 份名册的摘要或数目与文件不符",
		        "digest or counts of directory %lld are not those of the document",
		        (long long)id);
	directory_close(&store);
	return ok;
}

static int64_t in_force(const struct config *config)
{
	struct store *store = directory_open(config->state, false, NULL);
	struct generation current = {0};

	if (store)
		generation_current(store, &current, NULL);
	directory_close(&store);
	return current.id;
}

bool change_recipients_validate(
        struct house *house, struct store *reader, const char *body, struct err *err)
{
	struct generation next;

	(void)reader;
	if (!find(house->config, body, &next, err))
		return false;
	if (next.state == GENERATION_READY && next.follows == in_force(house->config))
		return true;
	return err_set(err, ERR_CONFLICT,
	        "第 %lld 份名册已失效：现行名册在它导入之后变过，请重新导入",
	        "directory %lld is out of date: the one in force has changed since it was "
	        "imported; import it again",
	        (long long)next.id);
}

bool change_recipients_apply(
        struct store *store, struct change *change, int64_t now, struct err *err)
{
	json_t *body =
	        json_pack("{s:I}", "generation", (json_int_t)generation_document_id(change->body));
	bool ok = store_audit(store, "recipients-changed", change->text.id, body, now, err);

	json_decref(body);
	return ok;
}

static void enforce(struct house *house, const char *document)
{
	struct generation next;
	struct err err = {0};

	if (!find(house->config, document, &next, &err) || next.state != GENERATION_READY)
		return;
	struct store *store = directory_open(house->config->state, true, &err);
	bool ok = store && generation_enforce(store, next.id, when_now(), &err);
	directory_close(&store);
	log_event(ok ? LOG_INFO : LOG_ERROR, "recipients-in-force", "digest", next.digest, "reason",
	        ok ? NULL : err.en, NULL);
}

void change_recipients_after(struct house *house, struct store *reader, const struct change *change)
{
	(void)reader;
	enforce(house, change->body);
}

char *change_recipients_show(struct house *house, struct store *reader, const struct change *change)
{
	struct generation next;
	struct err err = {0};
	struct buf out;

	(void)reader;
	buf_init(&out, 0);
	if (find(house->config, change->body, &next, &err))
		generation_words(&next, &out);
	else
		buf_format(&out, "%s\n%s\n", err.zh, err.en);
	return buf_take(&out);
}

/* --- chores ------------------------------------------------------------------------------------
 */

enum { LOOKED_AT = 50 };

void recipients_keep_up(struct house *house, struct store *reader, int64_t now)
{
	struct change_list changes = {0};
	struct change newest;

	(void)now;
	if (!store_list_changes(reader, LOOKED_AT, &changes, NULL))
		return;
	for (size_t i = 0; i < changes.count; i++) {
		const struct change *change = &changes.items[i];
		if (strcmp(change->text.kind, "recipients") != 0 ||
		        change->state != CHANGE_EFFECTIVE)
			continue;
		if (store_get_change(reader, change->text.id, &newest, NULL)) {
			enforce(house, newest.body);
			change_finish(&newest);
		}
		break;
	}
	change_list_finish(&changes);
}

/* Frozen within the last day: its bulletin may be on its way into the record. */
enum { NEW_MS = 24 * 3600 * 1000 };

void recipients_sweep(struct house *house, struct store *reader, int64_t now)
{
	struct texts needed = {0};
	struct sweep_counts counts;
	struct err err = {0};
	struct store *store = directory_open(house->config->state, false, &err);

	if (!store)
		return;
	directory_close(&store);
	store = directory_open(house->config->state, true, &err);
	bool ok = store && store_audiences_needed(reader, &needed, &err) &&
	          directory_sweep(store, &needed, now - NEW_MS, &counts, &err);
	directory_close(&store);
	texts_finish(&needed);
	if (!ok) {
		log_event(LOG_ERROR, "recipients-sweep-failed", "reason", err.en, NULL);
	} else if (counts.audiences + counts.generations + counts.blocks) {
		char *blocks = mem_format("%lld", (long long)counts.blocks);
		log_event(LOG_INFO, "recipients-swept", "blocks", blocks, NULL);
		free(blocks);
	}
}

void recipients_upload_ends(struct house *house, struct store *reader, int64_t now)
{
	(void)reader;
	(void)now;
	upload_run_out(house->upload, when_boot());
}
