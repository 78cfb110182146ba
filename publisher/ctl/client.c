/* SPDX-License-Identifier: Apache-2.0
 * client - see client.h. Relies on libcurl, held to plain HTTP(S) without redirects or proxies.
 */
#include "client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "kept.h"
#include "mem.h"
#include "secret.h"

enum { FILE_MAX = 8 << 20, CALL_SECONDS = 60 };

void reply_finish(struct reply *reply)
{
	buf_finish(&reply->body);
}

json_t *reply_json(const struct reply *reply)
{
	return json_loadb(reply->body.data ? reply->body.data : "", reply->body.len, 0, NULL);
}

static size_t take_bytes(char *bytes, size_t size, size_t count, void *arg)
{
	struct buf *body = arg;

	buf_add(body, bytes, size * count);
	return body->full ? 0 : size * count;
}

static bool server_said(const struct reply *reply, struct err *err)
{
	static const struct {
		long status;
		enum err_kind kind;
	} kinds[] = {{400, ERR_INPUT}, {401, ERR_IDENTITY}, {403, ERR_DENIED}, {404, ERR_MISSING},
	        {409, ERR_CONFLICT}, {413, ERR_TOO_BIG}, {429, ERR_OFTEN}, {503, ERR_BUSY}};
	enum err_kind kind = ERR_INTERNAL;
	json_t *json = reply_json(reply);
	const char *zh = json_string_value(json_object_get(json, "detail_zh"));
	const char *en = json_string_value(json_object_get(json, "detail"));

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].status == reply->status)
			kind = kinds[i].kind;
	if (err && zh && en) {
		err->kind = kind;
		snprintf(err->zh, sizeof err->zh, "%s", zh);
		snprintf(err->en, sizeof err->en, "%s", en);
	} else {
		err_set(err, kind, "服务器回答 %ld", "the server answered %ld", reply->status);
	}
	json_decref(json);
	return false;
}

const char *client_server(void)
{
	const char *base = getenv("TOCSIN_URL");

	return base && *base ? base : "http://127.0.0.1:8080";
}

/* The session `tocsin login` left; NULL: *err. */
static char *kept_token(struct err *err)
{
	struct kept kept = {0};
	char *token = NULL;

	if (kept_read(client_server(), &kept, err) && !*kept.token)
		err_set(err, ERR_IDENTITY,
		        "尚未登录：请执行 tocsin login，或用 TOCSIN_TOKEN_FILE 指明访问令牌文件",
		        "not signed in: run tocsin login, or set TOCSIN_TOKEN_FILE to the file "
		        "that holds a token");
	else if (kept.token)
		token = mem_text(kept.token);
	kept_finish(&kept);
	return token;
}

static char *authorization(struct err *err)
{
	const char *file = getenv("TOCSIN_TOKEN_FILE");
	char *token = file && *file ? secret_read(file, err) : kept_token(err);
	char *header = token ? mem_format("Authorization: Bearer %s", token) : NULL;

	secret_forget(&token);
	return header;
}

static void set_up(CURL *curl, const char *method, const char *url, struct curl_slist *headers,
        const void *body, size_t len, struct reply *reply)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)CALL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply->body);
	if (strcmp(method, "GET") == 0)
		return;
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body ? body : "");
}

static struct curl_slist *headers_of(const char *method, const char *auth, const char *content_type)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");

	if (auth)
		headers = curl_slist_append(headers, auth);
	if (content_type) {
		char *type = mem_format("Content-Type: %s", content_type);
		headers = curl_slist_append(headers, type);
		free(type);
	}
	if (strcmp(method, "POST") == 0) {
		/* One key per run of the command: libcurl's own repeats must not do it twice. */
		char *token = random_token();
		char *key = mem_format("Idempotency-Key: %s", token);
		headers = curl_slist_append(headers, key);
		free(key);
		free(token);
	}
	return headers;
}

static bool call_as(const char *auth, const char *method, const char *path,
        const char *content_type, const void *body, size_t len, struct reply *reply,
        struct err *err)
{
	CURL *curl = curl_easy_init();
	char *url = mem_format("%s%s", client_server(), path);
	struct curl_slist *headers = headers_of(method, auth, content_type);
	set_up(curl, method, url, headers, body, len, reply);
	CURLcode code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	bool ok = code == CURLE_OK || err_set(err, ERR_UNAVAILABLE, "无法访问 %s：%s",
	                                      "cannot reach %s: %s", url, curl_easy_strerror(code));
	free(url);
	return ok && (reply->status / 100 == 2 || server_said(reply, err));
}

bool client_call(const char *method, const char *path, const char *content_type, const void *body,
        size_t len, struct reply *reply, struct err *err)
{
	char *auth = authorization(err);

	*reply = (struct reply){0};
	bool ok = auth && call_as(auth, method, path, content_type, body, len, reply, err);
	secret_forget(&auth);
	return ok;
}

bool client_json(const char *method, const char *path, json_t *body, bool known,
        struct reply *reply, struct err *err)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0;

	*reply = (struct reply){0};
	bool ok = known ? client_call(method, path, "application/json", text, len, reply, err)
	                : call_as(NULL, method, path, "application/json", text, len, reply, err);
	secret_forget(&text);
	json_decref(body);
	return ok;
}

char *client_escape(const char *text)
{
	char *escaped = curl_easy_escape(NULL, text, 0);
	char *own = mem_text(escaped ? escaped : "");

	curl_free(escaped);
	return own;
}

json_t *client_get(const char *path, struct err *err)
{
	struct reply reply;
	json_t *json = NULL;

	if (client_call("GET", path, NULL, NULL, 0, &reply, err)) {
		json = reply_json(&reply);
		if (!json)
			err_set(err, ERR_UNAVAILABLE, "服务器的回答不是 JSON",
			        "the answer is no JSON");
	}
	reply_finish(&reply);
	return json;
}

char *client_file(const char *path, size_t *len, struct err *err)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct buf bytes;

	if (!file) {
		err_set(err, ERR_MISSING, "无法打开 %s：%s", "cannot open %s: %s", path,
		        strerror(errno));
		return NULL;
	}
	buf_init(&bytes, FILE_MAX);
	bool ok = buf_read(&bytes, file);
	if (file != stdin)
		fclose(file);
	if (!ok) {
		err_set(err, ERR_TOO_BIG, "%s 无法读取或超过 8 MiB",
		        "%s cannot be read or is over 8 MiB", path);
		buf_finish(&bytes);
		return NULL;
	}
	if (bytes.len == 0) {
		err_set(err, ERR_INPUT, "%s 是空的", "%s is empty", path);
		buf_finish(&bytes);
		return NULL;
	}
	*len = bytes.len;
	return buf_take(&bytes);
}
