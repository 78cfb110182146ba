/* SPDX-License-Identifier: Apache-2.0
 * web - see web.h. Relies on libevent's parser and adds what it lets pass (web_gate.c).
 */
#include "web.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "loop.h"
#include "web_call.h"
#include "web_door.h"
#include "web_gate.h"
#include "web_live.h"
#include "web_pages.h"

/* A quarter of the descriptors systemd gives is for callers, at each of three addresses at most:
 * the rest is the house's. */
enum { IDLE_SECONDS = 30, HEADERS_MAX = 16384, CONNECTIONS_MAX = 1024 };

struct web {
	struct house *house;
	const struct route *const *tables;
	struct evhttp *http;
	struct web_door *door;
	const struct web_pages *pages; /* or NULL */
	struct web_live *live;         /* or NULL */
	size_t busy;
};

/* A call between loop and worker. `request` is NULL once the client is gone. */
struct errand {
	struct web *web;
	struct evhttp_request *request;
	struct evhttp_connection *connection;
	const struct route *route;
	struct call call;
};

static struct evkeyvalq *with_headers(struct evhttp_request *request, const char *type)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	evhttp_add_header(headers, "Content-Type", type ? type : "application/json; charset=utf-8");
	evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(
	        headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	return headers;
}

static void send_answer(
        struct evhttp_request *request, int status, const char *type, const struct buf *body)
{
	struct evkeyvalq *headers = with_headers(request, type);
	struct evbuffer *out = evbuffer_new();

	/* libevent would send the body to HEAD as well, as if it were the next answer. */
	if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD) {
		char length[24];
		snprintf(length, sizeof length, "%zu", body->len);
		evhttp_add_header(headers, "Content-Length", length);
	} else {
		evbuffer_add(out, body->data ? body->data : "", body->len);
	}
	evhttp_send_reply(request, status, NULL, out);
	evbuffer_free(out);
}

static void send_problem(struct evhttp_request *request, const struct err *err)
{
	struct buf body;
	char *type = mem_text("application/problem+json");

	buf_init(&body, 0);
	web_problem(err, NULL, &body);
	send_answer(request, err_http_status(err->kind), type, &body);
	free(type);
	buf_finish(&body);
}

static void client_left(struct evhttp_connection *connection, void *arg)
{
	struct errand *errand = arg;

	(void)connection;
	errand->request = NULL;
	errand->connection = NULL;
}

static void errand_destroy(struct errand *errand)
{
	call_finish(&errand->call);
	free(errand);
}

static void add_headers(struct evhttp_request *request, const struct texts *headers)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(request);

	for (size_t i = 0; i < headers->count; i++) {
		char *name = mem_text(headers->items[i]);
		char *value = strstr(name, ": ");
		*value = '\0';
		evhttp_add_header(out, name, value + 2);
		free(name);
	}
}

/* The answer goes on: from here it is web_live's. */
static bool goes_on(struct errand *errand)
{
	struct web_live *live = errand->web->live;

	if (!errand->call.stream || !live || atomic_load(&errand->web->house->draining) ||
	        evhttp_request_get_command(errand->request) == EVHTTP_REQ_HEAD)
		return false;
	struct evkeyvalq *headers = with_headers(errand->request, "text/event-stream");
	evhttp_add_header(headers, "Connection", "close");
	evhttp_add_header(
	        headers, "X-Accel-Buffering", "no"); /* nginx hands each event on at once */
	web_live_open(live, errand->request, errand->call.stream);
	errand->call.stream = NULL;
	return true;
}

/* Loop thread: the worker is done. */
static void answered(void *arg)
{
	struct errand *errand = arg;

	errand->web->busy--;
	if (errand->request) {
		if (errand->call.known)
			web_door_know(errand->web->door, errand->connection, GUEST_KNOWN);
		evhttp_connection_set_closecb(errand->connection, NULL, NULL);
		if (!goes_on(errand)) {
			add_headers(errand->request, &errand->call.headers);
			send_answer(errand->request, errand->call.status, errand->call.type,
			        &errand->call.answer);
		}
	}
	errand_destroy(errand);
}

void call_answer(struct call *call, const struct err *err)
{
	if (err) {
		web_problem_answer(call, err, NULL);
		call->status = err_http_status(err->kind);
	}
	answered((char *)call - offsetof(struct errand, call));
}

/* What only gathers, by the thousand a second, waits in no worker's line, where others would wait
 * behind it. */
static void run_here(struct errand *errand)
{
	struct err err = {.kind = ERR_INTERNAL};

	if (!errand->route->handler(&errand->call, &err))
		call_answer(&errand->call, &err);
}

static void run_errand(struct store *reader, void *arg)
{
	struct errand *errand = arg;

	errand->call.reader = reader;
	call_run(&errand->call, errand->route);
	loop_post(errand->web->house->loop, answered, errand);
}

static const char *header(struct evhttp_request *request, const char *name)
{
	const char *value = evhttp_find_header(evhttp_request_get_input_headers(request), name);

	return value ? value : "";
}

static const char *method_of(struct evhttp_request *request)
{
	switch (evhttp_request_get_command(request)) {
	case EVHTTP_REQ_GET:
	case EVHTTP_REQ_HEAD:
		return "GET";
	case EVHTTP_REQ_POST:
		return "POST";
	case EVHTTP_REQ_PUT:
		return "PUT";
	case EVHTTP_REQ_DELETE:
		return "DELETE";
	default:
		return "";
	}
}

/* The other end, without its zone. */
static char *peer_of(struct evhttp_request *request)
{
	char *address = NULL;
	ev_uint16_t port;

	evhttp_connection_get_peer(evhttp_request_get_connection(request), &address, &port);
	return address ? mem_text_n(address, strcspn(address, "%")) : mem_text("");
}

static struct web_from from_of(struct evhttp_request *request)
{
	return (struct web_from){
	        .peer = peer_of(request),
	        .forwarded = mem_text(header(request, "X-Forwarded-For")),
	        .host = mem_text(header(request, "Host")),
	        .origin = mem_text(header(request, "Origin")),
	        .site = mem_text(header(request, "Sec-Fetch-Site")),
	        .cookie = mem_text(header(request, "Cookie")),
	        .csrf = mem_text(header(request, "X-CSRF-Token")),
	        .last_event = mem_text(header(request, "Last-Event-ID")),
	};
}

static struct errand *new_errand(struct web *web, struct evhttp_request *request)
{
	struct errand *errand = mem_zero(sizeof *errand);
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	struct evbuffer *in = evhttp_request_get_input_buffer(request);
	const char *path = evhttp_uri_get_path(uri);
	const char *query = evhttp_uri_get_query(uri);
	size_t len = evbuffer_get_length(in);

	errand->web = web;
	errand->request = request;
	errand->connection = evhttp_request_get_connection(request);
	errand->call = (struct call){
	        .house = web->house,
	        .method = mem_text(method_of(request)),
	        .path = mem_text(path ? path : "/"),
	        .query = mem_text(query ? query : ""),
	        .content_type = mem_text(header(request, "Content-Type")),
	        .authorization = mem_text(header(request, "Authorization")),
	        .idempotency_key = mem_text(header(request, "Idempotency-Key")),
	        .from = from_of(request),
	        .unattended = *header(request, "X-Unattended") != '\0',
	        .body = mem_text_n(evbuffer_pullup(in, -1), len),
	        .body_len = len,
	        .status = 200,
	};
	buf_init(&errand->call.answer, (size_t)64 << 20);
	return errand;
}

/* A flood of sign-ins waits in a queue of its own and delays no release. */
static struct workers *workers_for(const struct web *web, const struct route *route)
{
	return route->how & ROUTE_HASHES ? web->house->hashers : web->house->workers;
}

static void on_request(struct evhttp_request *request, void *arg)
{
	struct web *web = arg;
	struct err err;

	if (!web_gate(request, &err)) {
		/* Where this request ends is in doubt: nothing behind it is read. */
		evhttp_add_header(
		        evhttp_request_get_output_headers(request), "Connection", "close");
		send_problem(request, &err);
		return;
	}
	web_door_know(web->door, evhttp_request_get_connection(request), GUEST_ASKING);
	if (web_pages_answer(web->pages, request))
		return;
	struct errand *errand = new_errand(web, request);
	errand->route = route_find(web->tables, &errand->call, &err);
	bool here = errand->route && errand->route->how & ROUTE_LATER;
	if (here || (errand->route &&
	                    workers_add(workers_for(web, errand->route), run_errand, errand))) {
		web->busy++;
		evhttp_connection_set_closecb(errand->connection, client_left, errand);
		if (here)
			run_here(errand);
		return;
	}
	if (errand->route)
		err_set(&err, ERR_BUSY, "系统繁忙，请稍后再试", "too busy just now, try again");
	errand_destroy(errand);
	send_problem(request, &err);
}

static bool listen_on(struct web *web, const char *address, struct err *err)
{
	char *host = mem_text(address);
	char *colon = strrchr(host, ':');
	char *end;
	long port = colon ? strtol(colon + 1, &end, 10) : -1;

	if (colon)
		*colon = '\0';
	char *bare = *host == '[' ? host + 1 : host;
	bare[strcspn(bare, "]")] = '\0';
	struct evhttp_bound_socket *bound =
	        colon && *end == '\0' && port > 0 && port < 65536
	                ? evhttp_bind_socket_with_handle(web->http, bare, (ev_uint16_t)port)
	                : NULL;
	free(host);
	if (!bound)
		return err_set(err, ERR_UNAVAILABLE, "无法监听 %s", "cannot listen on %s", address);
	/* Inherited by what is accepted: headers and body leave as two writes, and Nagle would hold
	 * the second. */
	int on = 1;
	setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/* libevent's own queue of 128 overflows in a crowd, and who is turned away there tries
	 * again a second later. */
	listen(evhttp_bound_socket_get_fd(bound), CONNECTIONS_MAX);
	return true;
}

struct web *web_create(struct house *house, const struct texts *addresses,
        const struct route *const *tables, size_t body_limit, struct err *err)
{
	struct web *web = mem_zero(sizeof *web);

	web->house = house;
	web->tables = tables;
	web->http = evhttp_new(loop_base(house->loop));
	web->door = web_door_create(loop_base(house->loop), web->http, CONNECTIONS_MAX);
	evhttp_set_gencb(web->http, on_request, web);
	evhttp_set_timeout(web->http, IDLE_SECONDS);
	evhttp_set_max_headers_size(web->http, HEADERS_MAX);
	/* Who sends too much is heard out, or would see a broken pipe and not our answer. */
	evhttp_set_flags(web->http, EVHTTP_SERVER_LINGERING_CLOSE);
	/* A little more than the limit, so that the sentence about it is ours. */
	evhttp_set_max_body_size(web->http, (ev_ssize_t)body_limit + 65536);
	evhttp_set_allowed_methods(web->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
	                                              EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE);
	for (size_t i = 0; i < addresses->count; i++) {
		if (!listen_on(web, addresses->items[i], err)) {
			web_destroy(&web);
			return NULL;
		}
	}
	return web;
}

void web_add_desk(struct web *web, const struct web_pages *pages, struct web_live *live)
{
	web->pages = pages;
	web->live = live;
}

static void stop_one(struct evhttp_bound_socket *bound, void *arg)
{
	(void)arg;
	evconnlistener_disable(evhttp_bound_socket_get_listener(bound));
}

void web_stop(struct web *web)
{
	evhttp_foreach_bound_socket(web->http, stop_one, NULL);
}

void web_destroy(struct web **web)
{
	if (!*web)
		return;
	evhttp_free((*web)->http);
	web_door_destroy(&(*web)->door);
	free(*web);
	*web = NULL;
}

size_t web_busy(const struct web *web)
{
	return web->busy;
}
