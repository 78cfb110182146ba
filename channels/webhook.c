/* SPDX-License-Identifier: Apache-2.0
 * webhook - a subscriber's own endpoint: one signed POST per bulletin, as our JSON or as the CAP
 * itself.
 *
 * The receiver checks Tocsin-Signature, "v1=" and the hex HMAC-SHA256 over timestamp "." body, and
 * drops a repeat of an Idempotency-Key; so what is in doubt is simply sent again. Relies on http.h,
 * exchange.h, reply.h. How it fails: refused statuses are REJECTED, all else DEFERRED.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "digest.h"
#include "exchange.h"
#include "reply.h"
#include "when.h"

struct webhook {
	struct channel channel;
	struct http_rules rules;
	char *url;
	char *secret;
	char *body;
	struct http *http;
	struct pace pace;
};

static const struct option options[] = {
        {.name = "url",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct webhook, url),
                .help = "Where the receiver listens.",
                .help_zh = "接收方的地址。"},
        {.name = "secret",
                .kind = OPTION_SECRET,
                .offset = offsetof(struct webhook, secret),
                .help = "The key shared with the receiver; every POST is signed with it.",
                .help_zh = "与接收方共享的密钥，每次推送都以此签名。"},
        {.name = "body",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct webhook, body),
                .fallback = "json",
                .help = "What is sent: json (the approved JSON text) or cap (the signed CAP).",
                .help_zh = "推送内容：json（审定的 JSON 文本）或 cap（已签名的 CAP 原文）。"},
        HTTP_OPTIONS(struct webhook, rules),
        {0},
};

static bool webhook_open(struct channel *channel, struct err *err)
{
	struct webhook *webhook = (struct webhook *)channel;

	if (!http_url_allowed(&webhook->rules, webhook->url, err))
		return false;
	if (!*webhook->secret)
		return err_set(err, ERR_CONFIG, "设置 secret 为空", "the setting secret is empty");
	if (strcmp(webhook->body, "json") != 0 && strcmp(webhook->body, "cap") != 0)
		return err_set(err, ERR_CONFIG, "设置 body 应为 json 或 cap，而不是 %s",
		        "the setting body must be json or cap, not %s", webhook->body);
	pace_init(&webhook->pace, 0, 0);
	webhook->http = http_create(&webhook->rules);
	return true;
}

static void sign(const struct webhook *webhook, int64_t now, struct http_request *request)
{
	char stamp[24];
	char hex[DIGEST_HEX];
	struct buf signed_part;

	snprintf(stamp, sizeof stamp, "%lld", (long long)(now / 1000));
	buf_init(&signed_part, 0);
	buf_text(&signed_part, stamp);
	buf_char(&signed_part, '.');
	buf_add(&signed_part, request->body.data, request->body.len);
	digest_hmac(
	        webhook->secret, strlen(webhook->secret), signed_part.data, signed_part.len, hex);
	buf_finish(&signed_part);

	char header[DIGEST_HEX + 40];
	snprintf(header, sizeof header, "Tocsin-Timestamp: %s", stamp);
	texts_add(&request->headers, header);
	snprintf(header, sizeof header, "Tocsin-Signature: v1=%s", hex);
	texts_add(&request->headers, header);
}

static bool prepare(struct channel *channel, const struct channel_job *job,
        struct http_request *request, struct channel_receipt *receipt)
{
	const struct webhook *webhook = (const struct webhook *)channel;
	bool cap = strcmp(webhook->body, "cap") == 0;

	buf_text(&request->url, webhook->url);
	if (cap)
		buf_add(&request->body, job->bulletin->cap, job->bulletin->cap_len);
	else
		buf_text(&request->body, job->text);
	if (!request->body.len || !http_header_safe(job->id)) {
		reply_say(receipt, CHANNEL_REJECTED, "the job has no %s",
		        request->body.len ? "id" : "text");
		return false;
	}
	texts_add(&request->headers,
	        cap ? "Content-Type: application/cap+xml" : "Content-Type: application/json");
	char *key = mem_format("Idempotency-Key: %s", job->id);
	texts_add(&request->headers, key);
	free(key);
	sign(webhook, when_now() - job->skew, request);
	return true;
}

static void judge(struct channel *channel, const struct channel_job *job,
        struct http_answer *answer, struct channel_receipt *receipt)
{
	(void)job;
	reply_hide(answer, ((const struct webhook *)channel)->secret);
	reply_webhook(answer, receipt);
}

static void webhook_deliver(struct channel *channel, struct channel_work *work)
{
	static const struct exchange_rules rules = {prepare, judge, 16};
	struct webhook *webhook = (struct webhook *)channel;

	exchange_deliver(channel, work, webhook->http, &webhook->pace, &rules);
}

static void webhook_close(struct channel *channel)
{
	struct webhook *webhook = (struct webhook *)channel;

	http_destroy(&webhook->http);
	pace_finish(&webhook->pace);
}

const struct channel_type channel_webhook = {
        .name = "webhook",
        .size = sizeof(struct webhook),
        .options = options,
        .lanes = true,
        .takes_key = true,
        .window = 16,
        .open = webhook_open,
        .deliver = webhook_deliver,
        .close = webhook_close,
};
