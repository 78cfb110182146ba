/* SPDX-License-Identifier: Apache-2.0
 * web_gate - see web_gate.h. Request smuggling needs two readers that disagree; one of them will
 * not be us.
 */
#include "web_gate.h"

#include <event2/keyvalq_struct.h>
#include <string.h>
#include <strings.h>

enum { KEY_MOST = 255 };

static const char token_characters[] =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static bool name_fits(const char *name)
{
	return *name && strspn(name, token_characters) == strlen(name);
}

static bool value_fits(const char *value)
{
	for (; *value; value++)
		if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7f)
			return false;
	return true;
}

/* Digits only: "+5", "5, 5" or " 5" another reader may take for another length. */
static bool length_fits(const char *value)
{
	return *value && strlen(value) <= 12 && strspn(value, "0123456789") == strlen(value);
}

static const char *value_of(const struct evkeyvalq *headers, const char *name)
{
	const char *value = evhttp_find_header(headers, name);

	return value ? value : "";
}

static bool framing_fits(const struct evkeyvalq *headers, bool length, bool coding, struct err *err)
{
	if (length && coding)
		return err_set(err, ERR_INPUT, "请求长度标示矛盾",
		        "Content-Length and Transfer-Encoding together");
	if (length && !length_fits(value_of(headers, "Content-Length")))
		return err_set(
		        err, ERR_INPUT, "Content-Length 不合规范", "Content-Length is malformed");
	/* Any other coding would leave the body to be read as the next request. */
	if (coding && strcasecmp(value_of(headers, "Transfer-Encoding"), "chunked") != 0)
		return err_set(err, ERR_INPUT, "Transfer-Encoding 只接受 chunked",
		        "Transfer-Encoding: chunked only");
	if (strlen(value_of(headers, "Idempotency-Key")) > KEY_MOST)
		return err_set(err, ERR_INPUT, "Idempotency-Key 过长（至多 %d 字节）",
		        "Idempotency-Key is too long (at most %d bytes)", KEY_MOST);
	return true;
}

bool web_gate(struct evhttp_request *request, struct err *err)
{
	static const char *const once[] = {"Host", "Content-Length", "Transfer-Encoding",
	        "Authorization", "Content-Type", "Idempotency-Key", "Cookie", "Origin",
	        "X-CSRF-Token", "X-Forwarded-For", "Sec-Fetch-Site", "Last-Event-ID",
	        "X-Unattended"};
	int seen[sizeof once / sizeof once[0]] = {0};
	const struct evkeyvalq *headers = evhttp_request_get_input_headers(request);

	for (const struct evkeyval *header = headers->tqh_first; header;
	        header = header->next.tqe_next) {
		if (!name_fits(header->key) || !value_fits(header->value))
			return err_set(err, ERR_INPUT, "请求头不合规范", "a header is malformed");
		for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
			seen[i] += strcasecmp(header->key, once[i]) == 0;
	}
	for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
		if (seen[i] > 1)
			return err_set(err, ERR_INPUT, "请求头 %s 重复", "header %s stands twice",
			        once[i]);
	if (!seen[0])
		return err_set(err, ERR_INPUT, "缺少请求头 Host", "header Host is missing");
	return framing_fits(headers, seen[1] > 0, seen[2] > 0, err);
}
