/* SPDX-License-Identifier: Apache-2.0
 * feed_fetch - see feed_fetch.h. Each address is asked whether it may be gone to, the first and
 * those it redirects to; where its name really leads, http.c looks at when it connects. Addresses
 * stay out of sentences but for their site: they may hold keys.
 */
#include "feed_fetch.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

enum { REDIRECTS_MAX = 3 };

static bool may_go(const struct feed *feed, const char *url, struct err *err)
{
	char *site = http_url_site(url);
	bool ok = site && texts_have(&feed->sites, site);

	if (!ok)
		err_set(err, ERR_DENIED, "%s 不是本来源的站点，也不在设置 hosts 中",
		        "%s is neither this feed's site nor among the setting hosts",
		        site ? site : "(?)");
	else if (!http_url_allowed(&feed->rules, url, NULL))
		ok = err_set(err, ERR_DENIED, "%s 的链接不是 https，或含用户名、密码",
		        "the link to %s is not https, or has a user or password in it", site);
	free(site);
	return ok;
}

static void add_header(struct http_request *request, const char *name, const char *value)
{
	char *line = value && http_header_safe(value) ? mem_format("%s: %s", name, value) : NULL;

	if (line)
		texts_add(&request->headers, line);
	free(line);
}

/* The feed's own header is a secret of its site: no other gets it. */
static bool is_own_site(const struct feed *feed, const char *url)
{
	char *site = http_url_site(url);
	bool own = site && strcmp(site, feed->sites.items[0]) == 0;

	free(site);
	return own;
}

static bool is_redirect(const struct http_answer *answer)
{
	return answer->state == HTTP_ANSWERED && answer->location &&
	       (answer->status == 301 || answer->status == 302 || answer->status == 303 ||
	               answer->status == 307 || answer->status == 308);
}

static enum fetched judge(const struct http_answer *answer, size_t most, struct err *err)
{
	if (answer->state != HTTP_ANSWERED)
		err_set(err, ERR_UNAVAILABLE, "取不到：%s", "it cannot be fetched: %s",
		        answer->reason);
	else if (answer->status == 304)
		return FETCH_SAME;
	else if (answer->cut)
		err_set(err, ERR_TOO_BIG, "超过上限 %zu 字节", "over the limit of %zu bytes", most);
	else if (answer->status != 200)
		err_set(err, ERR_UNAVAILABLE, "对方回答 %ld", "the answer was %ld", answer->status);
	else if (!answer->body.len)
		err_set(err, ERR_INPUT, "对方回答是空的", "the answer was empty");
	else
		return FETCHED;
	return FETCH_FAILED;
}

static void ask(const struct feed *feed, struct http *http, const char *url, int64_t deadline,
        size_t most, const char *etag, const char *modified, struct http_answer *answer)
{
	struct http_request request = {.deadline = deadline, .most = most, .packed = true};

	buf_text(&request.url, url);
	add_header(&request, "User-Agent", "tocsin/" TOCSIN_VERSION);
	add_header(&request, "If-None-Match", etag);
	add_header(&request, "If-Modified-Since", modified);
	if (*feed->header && is_own_site(feed, url))
		texts_add(&request.headers, feed->header);
	http_call(http, &request, answer);
}

enum fetched feed_fetch(const struct feed *feed, struct http *http, const char *url, size_t most,
        const char *etag, const char *modified, struct http_answer *answer, struct err *err)
{
	int64_t deadline = when_boot() + feed->timeout;
	char *at = mem_text(url);
	enum fetched result = FETCH_FAILED;

	*answer = (struct http_answer){0};
	for (int i = 0; at && i <= REDIRECTS_MAX; i++) {
		if (!may_go(feed, at, err)) {
			result = FETCH_REFUSED;
			break;
		}
		ask(feed, http, at, deadline, most, etag, modified, answer);
		if (!is_redirect(answer)) {
			result = judge(answer, most, err);
			break;
		}
		char *next = http_url_join(at, answer->location);

		free(at);
		at = next;
		err_set(err, ERR_UNAVAILABLE, "重定向到不可用的地址，或超过 %d 次",
		        "redirected to no usable address, or more than %d times", REDIRECTS_MAX);
		http_answer_finish(answer);
	}
	free(at);
	return result;
}
