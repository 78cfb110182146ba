/* SPDX-License-Identifier: Apache-2.0
 * http_text - the words of HTTP: which URLs we fetch, how values are encoded, what may stand in a
 * header. See http.h. Relies on libcurl's URL reader, so that what is checked is what is fetched.
 */
#include "http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

static bool only_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
			return false;
	return true;
}

static bool has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool there = curl_url_get(url, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

/* A name or number of this machine itself, by its face only. */
static bool looks_local(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

static bool parts_allowed(
        const struct http_rules *rules, CURLU *url, const char *scheme, const char *host)
{
	if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD) ||
	        has_part(url, CURLUPART_FRAGMENT))
		return false;
	if (strcmp(scheme, "https") == 0)
		return true;
	return strcmp(scheme, "http") == 0 && (rules->allow_http || looks_local(host));
}

bool http_url_allowed(const struct http_rules *rules, const char *text, struct err *err)
{
	CURLU *url = curl_url();
	char *scheme = NULL;
	char *host = NULL;
	bool ok = only_printable(text) && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	          curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	          curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	          parts_allowed(rules, url, scheme, host);

	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	/* The URL itself stays out of the sentence: it may hold a key. */
	return ok || err_set(err, ERR_CONFIG,
	                     "设置 url 不可用：应为 https 地址（或本机的 http "
	                     "地址），不含用户名、密码或片段",
	                     "the setting url cannot be used: it must be https (or http on this "
	                     "machine), without user, password or fragment");
}

static CURLU *url_of(const char *text)
{
	CURLU *url = only_printable(text) ? curl_url() : NULL;

	if (url && curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK) {
		curl_url_cleanup(url);
		url = NULL;
	}
	return url;
}

static bool is_http(CURLU *url)
{
	char *scheme = NULL;
	bool yes = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	           (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0);

	curl_free(scheme);
	return yes;
}

char *http_url_site(const char *text)
{
	CURLU *url = url_of(text);
	char *host = NULL;
	char *port = NULL;
	char *site = NULL;

	if (url && is_http(url) && curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	        curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
		site = mem_format("%s:%s", host, port);
	for (char *c = site; c && *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(url);
	return site;
}

char *http_url_join(const char *base, const char *reference)
{
	CURLU *url = only_printable(reference) ? url_of(base) : NULL;
	char *joined = NULL;
	char *text = NULL;

	if (url && curl_url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK && is_http(url) &&
	        curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
	        curl_url_get(url, CURLUPART_URL, &joined, 0) == CURLUE_OK)
		text = mem_text(joined);
	curl_free(joined);
	curl_url_cleanup(url);
	return text;
}

void http_encode(struct buf *out, const char *text)
{
	static const char plain[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

	for (; *text; text++) {
		if (strchr(plain, *text))
			buf_char(out, *text);
		else
			buf_format(out, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

bool http_header_safe(const char *value)
{
	if (!value || !*value)
		return false;
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return false;
	return true;
}
