/* SPDX-License-Identifier: Apache-2.0
 * http - see http.h. Relies on libcurl's multi interface, driven from one thread.
 *
 * Fails by answering: an exchange that does not come to an end is HTTP_NOT_SENT or HTTP_NO_ANSWER,
 * told apart by whether libcurl gave the kernel any byte of the request. The body is handed over by
 * a reader that cannot be rewound: libcurl repeats a request by itself when a kept connection dies,
 * and a repeat that nobody decided on is a second warning on somebody's phone.
 */
#include "http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "when.h"

/* Idle connections older than this are closed instead of used: far sides drop them about then. */
enum { KEEP_IDLE_SECONDS = 10, POLL_MOST_MS = 1000 };

struct exchange {
	CURL *easy;
	struct http *http;
	struct http_request request;
	struct http_answer answer;
	struct curl_slist *headers;
	size_t read;
	bool plain;
	struct exchange *next;
};

struct http {
	const struct http_rules *rules;
	CURLM *multi;
	struct exchange *first;
	size_t in_flight;
};

struct http *http_create(const struct http_rules *rules)
{
	struct http *http = mem_zero(sizeof *http);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	http->rules = rules;
	http->multi = curl_multi_init();
	return http;
}

void http_request_finish(struct http_request *request)
{
	if (request->url.data)
		explicit_bzero(request->url.data, request->url.len);
	if (request->body.data)
		explicit_bzero(request->body.data, request->body.len);
	for (size_t i = 0; i < request->headers.count; i++)
		explicit_bzero(request->headers.items[i], strlen(request->headers.items[i]));
	buf_finish(&request->url);
	buf_finish(&request->body);
	texts_finish(&request->headers);
}

void http_answer_finish(struct http_answer *answer)
{
	buf_finish(&answer->body);
	free(answer->etag);
	free(answer->modified);
	free(answer->location);
	answer->etag = answer->modified = answer->location = NULL;
}

static void forget_headers(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(headers);
}

/* Takes the exchange out of the pool; its answer is the caller's if he copied it before. */
static void end(struct http *http, struct exchange *exchange)
{
	struct exchange **at = &http->first;

	while (*at != exchange)
		at = &(*at)->next;
	*at = exchange->next;
	http->in_flight--;
	curl_multi_remove_handle(http->multi, exchange->easy);
	curl_easy_cleanup(exchange->easy);
	forget_headers(exchange->headers);
	http_request_finish(&exchange->request);
	free(exchange);
}

void http_destroy(struct http **http)
{
	if (!*http)
		return;
	while ((*http)->first) {
		http_answer_finish(&(*http)->first->answer);
		end(*http, (*http)->first);
	}
	curl_multi_cleanup((*http)->multi);
	curl_global_cleanup();
	free(*http);
	*http = NULL;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *exchange_)
{
	struct exchange *exchange = exchange_;
	struct buf *body = &exchange->answer.body;
	size_t fits = exchange->request.most - body->len;

	(void)size; /* always 1 */
	if (count > fits) {
		buf_add(body, bytes, fits);
		exchange->answer.cut = true;
		return 0; /* ends the exchange: CURLE_WRITE_ERROR */
	}
	buf_add(body, bytes, count);
	return count;
}

static size_t give_body(char *room, size_t size, size_t count, void *exchange_)
{
	struct exchange *exchange = exchange_;
	const struct buf *body = &exchange->request.body;
	size_t len = body->len - exchange->read;

	if (len > size * count)
		len = size * count;
	if (len)
		memcpy(room, body->data + exchange->read, len);
	exchange->read += len;
	return len;
}

/* From the start only while nothing was read; after that it would be a repeat. */
static int rewind_body(void *exchange_, curl_off_t offset, int origin)
{
	const struct exchange *exchange = exchange_;

	(void)offset;
	(void)origin;
	return exchange->read == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/* After the name was looked up and before anything is sent: plain http stays on this machine, and
 * who may go outside only goes outside. */
static bool may_connect(const struct exchange *exchange, const struct sockaddr *to)
{
	const struct http_rules *rules = exchange->http->rules;
	struct address address;

	if (!address_of_socket(to, &address))
		return false;
	if (exchange->plain && !rules->allow_http && !address_is_loopback(&address))
		return false;
	return !rules->inside || address_is_public(&address) ||
	       address_in_any(&address, rules->inside);
}

static curl_socket_t open_socket(
        void *exchange_, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	if (!may_connect(exchange_, &address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void set_guards(CURL *easy, const struct http_rules *rules)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)KEEP_IDLE_SECONDS);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, rules->connect_timeout);
	if (rules->ca_file && *rules->ca_file) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, rules->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
}

static void set_request(struct exchange *exchange)
{
	CURL *easy = exchange->easy;
	const struct http_request *request = &exchange->request;
	int64_t left = request->deadline - when_boot();

	curl_easy_setopt(easy, CURLOPT_URL, request->url.data);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
	curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	if (request->packed)
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, exchange);
	exchange->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < request->headers.count; i++)
		exchange->headers = curl_slist_append(exchange->headers, request->headers.items[i]);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
	if (!request->body.len)
		return;
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(easy, CURLOPT_READDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, exchange);
}

void http_start(struct http *http, struct http_request *request)
{
	struct exchange *exchange = mem_zero(sizeof *exchange);

	exchange->http = http;
	exchange->request = *request;
	*request = (struct http_request){0};
	exchange->answer.tag = exchange->request.tag;
	if (!exchange->request.most)
		exchange->request.most = HTTP_ANSWER_MAX;
	buf_init(&exchange->answer.body, exchange->request.most + 1);
	exchange->plain = exchange->request.url.data &&
	                  strncasecmp(exchange->request.url.data, "https:", 6) != 0;
	exchange->easy = curl_easy_init();
	set_guards(exchange->easy, http->rules);
	set_request(exchange);
	exchange->next = http->first;
	http->first = exchange;
	http->in_flight++;
	curl_multi_add_handle(http->multi, exchange->easy);
}

size_t http_in_flight(const struct http *http)
{
	return http->in_flight;
}

/* Of the last answer; NULL when it is not there, or could not be sent back as it stands. */
static char *header_of(CURL *easy, const char *name)
{
	struct curl_header *header;

	return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
	                       http_header_safe(header->value)
	               ? mem_text(header->value)
	               : NULL;
}

/* 0 when the connection was open already. */
static int64_t connect_time(CURL *easy)
{
	curl_off_t plain = 0;
	curl_off_t tls = 0;
	long connects = 0;

	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
	curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &plain);
	curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls);
	return connects > 0 ? (int64_t)(tls > plain ? tls : plain) / 1000 : 0;
}

static void judge(struct exchange *exchange, CURLcode code)
{
	struct http_answer *answer = &exchange->answer;
	long sent = 0;
	curl_off_t wait = 0;

	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(exchange->easy, CURLINFO_REQUEST_SIZE, &sent);
	curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &wait);
	answer->retry_after = wait > 0 && wait < 86400 ? (int64_t)wait * 1000 : 0;
	answer->etag = header_of(exchange->easy, "ETag");
	answer->modified = header_of(exchange->easy, "Last-Modified");
	answer->location = header_of(exchange->easy, "Location");
	answer->connect = connect_time(exchange->easy);
	answer->reason = code == CURLE_OK ? "" : curl_easy_strerror(code);
	if (code == CURLE_OK || answer->cut)
		answer->state = HTTP_ANSWERED;
	else
		answer->state = sent > 0 ? HTTP_NO_ANSWER : HTTP_NOT_SENT;
}

static bool take_finished(struct http *http, struct http_answer *answer)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		struct exchange *exchange = NULL;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
		judge(exchange, message->data.result);
		*answer = exchange->answer;
		end(http, exchange);
		return true;
	}
	return false;
}

bool http_next_or(struct http *http, int also, int64_t until, struct http_answer *answer)
{
	struct curl_waitfd wake = {.fd = also, .events = CURL_WAIT_POLLIN};
	int running;

	while (http->in_flight) {
		/* Only wait when nothing has come: libcurl does not wake for what is already
		 * finished. */
		if (take_finished(http, answer))
			return true;
		curl_multi_perform(http->multi, &running);
		if (take_finished(http, answer))
			return true;
		int64_t left = until ? until - when_boot() : POLL_MOST_MS;
		if (left <= 0)
			return false;
		curl_multi_poll(http->multi, &wake, also >= 0,
		        left < POLL_MOST_MS ? (int)left : POLL_MOST_MS, NULL);
		if (wake.revents)
			return false;
	}
	return false;
}

bool http_next(struct http *http, int64_t until, struct http_answer *answer)
{
	return http_next_or(http, -1, until, answer);
}

void http_call(struct http *http, struct http_request *request, struct http_answer *answer)
{
	http_start(http, request);
	while (!http_next(http, 0, answer)) {
	}
}
