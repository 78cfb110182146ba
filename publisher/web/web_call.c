/* SPDX-License-Identifier: Apache-2.0
 * web_call - see web_call.h.
 */
#include "web_call.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "web_caller.h"
#include "web_stream.h"
#include "when.h"

static const char problem_type[] = "application/problem+json; charset=utf-8";

void web_problem(const struct err *err, json_t *problems, struct buf *out)
{
	static const char *const titles[] = {
	        [ERR_NONE] = "ok",
	        [ERR_USAGE] = "bad request",
	        [ERR_INPUT] = "bad input",
	        [ERR_TOO_BIG] = "too large",
	        [ERR_IDENTITY] = "not known",
	        [ERR_DENIED] = "not permitted",
	        [ERR_MISSING] = "not found",
	        [ERR_CONFLICT] = "conflict",
	        [ERR_BUSY] = "busy",
	        [ERR_OFTEN] = "too often",
	        [ERR_UNAVAILABLE] = "unavailable",
	        [ERR_DAMAGED] = "damaged",
	        [ERR_FENCED] = "fenced",
	        [ERR_CONFIG] = "misconfigured",
	        [ERR_INTERNAL] = "our own fault",
	};
	json_t *json = json_pack("{s:s,s:s,s:i,s:s,s:s}", "type", "about:blank", "title",
	        titles[err->kind], "status", err_http_status(err->kind), "detail", err->en,
	        "detail_zh", err->zh);

	if (problems)
		json_object_set(json, "problems", problems);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	buf_text(out, text ? text : "{}");
	free(text);
	json_decref(json);
}

void call_json(struct call *call, int status, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	call->status = status;
	buf_text(&call->answer, text ? text : "{}");
	buf_char(&call->answer, '\n');
	free(text);
	json_decref(json);
}

void call_text(struct call *call, const char *type, const char *text)
{
	free(call->type);
	call->type = mem_text(type);
	buf_text(&call->answer, text);
}

void web_problem_answer(struct call *call, const struct err *err, json_t *problems)
{
	buf_reset(&call->answer);
	web_problem(err, problems, &call->answer);
	free(call->type);
	call->type = mem_text(problem_type);
}

char *call_query(const struct call *call, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = call->query; at && *at;
	        at = strchr(at, '&') ? strchr(at, '&') + 1 : NULL) {
		if (strncmp(at, name, len) == 0 && at[len] == '=') {
			char *raw = mem_text_n(at + len + 1, strcspn(at + len + 1, "&"));
			char *decoded = evhttp_uridecode(raw, 1, NULL);
			free(raw);
			return decoded;
		}
	}
	return NULL;
}

/* A pattern's {} stands for one part of the path: letters, digits and -._~ only, and
 * others in their %XX form: a route whose names may hold them decodes it. */
static bool matches(const char *pattern, const char *path, struct call *call)
{
	size_t parts = 0;
	const char *at[4];
	size_t len[4];

	while (*pattern) {
		if (strncmp(pattern, "{}", 2) == 0) {
			size_t n = strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			                        "yz0123456789-._~%");
			if (n == 0 || parts == 4)
				return false;
			at[parts] = path;
			len[parts++] = n;
			path += n;
			pattern += 2;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	if (*path)
		return false;
	for (size_t i = 0; i < parts; i++)
		call->part[i] = mem_text_n(at[i], len[i]);
	return true;
}

const struct route *route_find(
        const struct route *const *tables, struct call *call, struct err *err)
{
	for (; *tables; tables++)
		for (const struct route *route = *tables; route->method; route++)
			if (strcmp(route->method, call->method) == 0 &&
			        matches(route->pattern, call->path, call))
				return route;
	err_set(err, ERR_MISSING, "没有这个地址：%s %s", "there is nothing at %s %s", call->method,
	        call->path);
	return NULL;
}

/* --- Idempotency-Key
 * ------------------------------------------------------------------------------ */

struct saying {
	const struct call *call;
	const char *digest;
};

static void request_digest(const struct call *call, char digest[DIGEST_HEX])
{
	struct buf text;

	buf_init(&text, call->body_len + strlen(call->path) + 64);
	buf_format(&text, "%s %s\n", call->method, call->path);
	buf_add(&text, call->body, call->body_len);
	digest_sha256(text.data, text.len, digest);
	buf_finish(&text);
}

static bool keep_answer(struct store *store, void *arg, struct err *err)
{
	const struct saying *s = arg;

	return store_add_idempotent(store, s->call->caller->token.name, s->call->idempotency_key,
	        s->digest, s->call->status, s->call->answer.data, when_now(), err);
}

/* true: answered from memory (or refused) already. */
static bool said_before(struct call *call, const char *digest, struct err *err, bool *ok)
{
	char stored[DIGEST_HEX];
	char *answer = NULL;

	if (!store_find_idempotent(call->reader, call->caller->token.name, call->idempotency_key,
	            stored, &call->status, &answer, NULL))
		return false;
	*ok = strcmp(stored, digest) == 0 ||
	      err_set(err, ERR_CONFLICT, "同一 Idempotency-Key 用于了不同的请求",
	              "this Idempotency-Key was used for another request");
	if (*ok)
		buf_text(&call->answer, answer);
	free(answer);
	return true;
}

static bool run_once(struct call *call, const struct route *route, struct err *err)
{
	char digest[DIGEST_HEX];
	bool ok = false;

	request_digest(call, digest);
	if (said_before(call, digest, err, &ok))
		return ok;
	ok = route->handler(call, err);
	struct saying saying = {call, digest};
	struct err trouble;
	if (ok && !call->secret)
		record_do(call->house->record, 0, keep_answer, &saying, &trouble);
	return ok;
}

static bool run_route(struct call *call, const struct route *route, struct err *err)
{
	struct claims *claims = call->house->claims;

	if (!(route->how & ROUTE_REPEATABLE) || !*call->idempotency_key)
		return route->handler(call, err);
	char *claim = mem_format("%s\n%s", call->caller->token.name, call->idempotency_key);
	bool ok = claims_take(claims, claim);
	if (ok) {
		ok = run_once(call, route, err);
		claims_drop(claims, claim);
	} else {
		err_set(err, ERR_CONFLICT, "同一 Idempotency-Key 的请求正在办理，请稍后再问",
		        "a request with this Idempotency-Key is under way: ask again later");
	}
	free(claim);
	return ok;
}

void call_run(struct call *call, const struct route *route)
{
	struct caller caller = {0};
	struct err err = {.kind = ERR_INTERNAL};

	call->unattended |= (route->how & ROUTE_UNATTENDED) != 0;
	bool ok = (!route->scope || web_know_caller(call, route, &caller, &err)) &&
	          run_route(call, route, &err);
	/* Half an answer, or none, would look like one. */
	if (ok && call->answer.full)
		ok = err_set(&err, ERR_UNAVAILABLE, "回答太长，无法给出：请缩小查询范围",
		        "the answer is too long to give: ask for less");
	if (!ok) {
		/* A handler may have written the problem itself, with its list. */
		if (!call->type || strcmp(call->type, problem_type) != 0)
			web_problem_answer(call, &err, NULL);
		call->status = err_http_status(err.kind);
	}
	caller_finish(&caller);
	call->caller = NULL;
}

void call_finish(struct call *call)
{
	struct web_from *from = &call->from;
	char *owned[] = {call->method, call->path, call->query, call->content_type,
	        call->authorization, call->idempotency_key, call->body, call->part[0],
	        call->part[1], call->part[2], call->part[3], call->type, from->peer,
	        from->forwarded, from->host, from->origin, from->site, from->cookie, from->csrf,
	        from->last_event};

	explicit_bzero(call->authorization, strlen(call->authorization));
	explicit_bzero(from->cookie, strlen(from->cookie));
	explicit_bzero(call->body, call->body_len);
	if (call->secret && call->answer.data)
		explicit_bzero(call->answer.data, call->answer.len);
	web_stream_destroy(&call->stream);
	texts_finish(&call->headers);
	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		free(owned[i]);
	buf_finish(&call->answer);
}
