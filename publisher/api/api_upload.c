/* SPDX-License-Identifier: Apache-2.0
 * api_upload - a list of recipients from an administrator's browser, in parts. What came is never
 * given back: only how far it is, and which lines were faulty, without what stood in them.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_show.h"
#include "log.h"
#include "upload.h"
#include "when.h"

enum { FAULTS_MOST = 1 << 20 };

static void show(struct call *call, int status)
{
	const struct config *config = call->house->config;
	struct upload_seen seen;

	upload_look(call->house->upload, &seen);
	json_t *json = json_pack("{s:s,s:I,s:I}", "state", upload_state_text(seen.state), "most",
	        (json_int_t)config->limit_upload, "part",
	        (json_int_t)(config->limit_api < UPLOAD_PART_MOST ? config->limit_api
	                                                          : UPLOAD_PART_MOST));
	if (seen.state != UPLOAD_NONE)
		json_object_update_new(
		        json, json_pack("{s:s,s:s,s:I,s:I,s:I,s:b}", "upload", seen.id, "officer",
		                      seen.officer, "size", (json_int_t)seen.size, "came",
		                      (json_int_t)seen.came, "read", (json_int_t)seen.read,
		                      "faults", seen.faults));
	if (seen.state == UPLOAD_DONE)
		json_object_set_new(json, "generation", json_integer(seen.generation));
	if (seen.state == UPLOAD_REFUSED) {
		json_object_set_new(json, "reason", json_string(seen.err.en));
		json_object_set_new(json, "reason_zh", json_string(seen.err.zh));
	}
	upload_seen_finish(&seen);
	call_json(call, status, json);
}

static bool get_upload(struct call *call, struct err *err)
{
	(void)err;
	upload_run_out(call->house->upload, when_boot());
	show(call, 200);
	return true;
}

static bool post_upload(struct call *call, struct err *err)
{
	json_t *json = call_body_json(call, err);
	const json_t *size = json_object_get(json, "size");
	char id[UPLOAD_ID];
	bool ok = json && (json_is_integer(size) || err_set(err, ERR_INPUT, "size 应为字节数",
	                                                    "size must be a number of bytes"));

	ok = ok && upload_begin(call->house->upload, call->caller->officer->id,
	                   json_integer_value(size), when_boot(), id, err);
	json_decref(json);
	if (ok)
		show(call, 201);
	return ok;
}

static bool put_part(struct call *call, struct err *err)
{
	char *end = NULL;
	long long at = strtoll(call->part[1], &end, 10);
	bool ok = (*call->part[1] && !*end && at >= 0) ||
	          err_set(err, ERR_INPUT, "路径应以字节位置结尾",
	                  "the path must end with a place in bytes");

	ok = ok && upload_part(call->house->upload, call->part[0], call->caller->officer->id, at,
	                   call->body, call->body_len, when_boot(), err);
	if (ok)
		show(call, 200);
	return ok;
}

/* The thread is the importer's own: its priority stays the last. */
static void import(struct store *reader, void *arg)
{
	struct house *house = arg;
	const struct import order = {.folder = house->config->state,
	        .catalog = house->catalog,
	        .faults_most = house->config->import_faults_most,
	        .now = when_now(),
	        .ending = &house->draining};
	struct upload_seen seen;

	(void)reader;
	directory_import_last();
	upload_import(house->upload, &order);
	upload_look(house->upload, &seen);
	log_event(LOG_INFO, "recipients-uploaded", "officer", seen.officer, "state",
	        upload_state_text(seen.state), "reason", seen.err.en, NULL);
	upload_seen_finish(&seen);
}

static bool post_import(struct call *call, struct err *err)
{
	struct house *house = call->house;

	if (!upload_whole(
	            house->upload, call->part[0], call->caller->officer->id, when_boot(), err))
		return false;
	if (!workers_add(house->importer, import, house))
		return err_set(err, ERR_UNAVAILABLE, "服务正在停止", "the service is stopping");
	show(call, 202);
	return true;
}

static bool delete_upload(struct call *call, struct err *err)
{
	if (!upload_drop(call->house->upload, call->part[0], call->caller->officer->id, err))
		return false;
	show(call, 200);
	return true;
}

static bool get_faults(struct call *call, struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	buf_add(&out, "\xef\xbb\xbf", 3); /* or a spreadsheet takes it for another encoding */
	bool ok = upload_faults(call->house->upload, FAULTS_MOST, &out, err);
	if (ok)
		call_text(call, "text/csv; charset=utf-8", out.data);
	buf_finish(&out);
	return ok;
}

const struct route api_upload_routes[] = {
        {"GET", "/api/v1/recipients/upload", "admin", ROUTE_ADMIN, get_upload},
        {"POST", "/api/v1/recipients/upload", "admin", ROUTE_ADMIN, post_upload},
        {"PUT", "/api/v1/recipients/upload/{}/{}", "admin", ROUTE_ADMIN, put_part},
        {"POST", "/api/v1/recipients/upload/{}/import", "admin", ROUTE_ADMIN, post_import},
        {"DELETE", "/api/v1/recipients/upload/{}", "admin", ROUTE_ADMIN, delete_upload},
        {"GET", "/api/v1/recipients/upload/faults", "admin", ROUTE_ADMIN, get_faults},
        {0},
};
