/* SPDX-License-Identifier: Apache-2.0
 * wecom - a WeCom group robot: the approved markdown, one POST per bulletin, at most `a_minute`
 * a minute.
 *
 * The robot takes no key and answers HTTP 200 to everything; errcode decides. The key in the URL is
 * the whole of its identity, so it is a secret and never stands in a receipt. Relies on http.h,
 * exchange.h, reply.h, jansson (which writes Chinese as it is: the robot refuses \u escapes).
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "exchange.h"
#include "reply.h"

enum { A_MINUTE = 20, MARKDOWN_MAX = 4096 };

struct wecom {
	struct channel channel;
	struct http_rules rules;
	char *url;
	char *key;
	long a_minute;
	struct http *http;
	struct pace pace;
};

static const struct option options[] = {
        {.name = "url",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct wecom, url),
                .fallback = "https://qyapi.weixin.qq.com",
                .help = "Where the platform listens, without path.",
                .help_zh = "平台地址，不含路径。"},
        {.name = "key",
                .kind = OPTION_SECRET,
                .offset = offsetof(struct wecom, key),
                .help = "The robot's key, as it stands in its webhook address.",
                .help_zh = "群机器人的 key，即其 webhook 地址中的值。"},
        {.name = "a_minute",
                .kind = OPTION_NUMBER,
                .offset = offsetof(struct wecom, a_minute),
                .fallback = "20",
                .min = 1,
                .max = 10000,
                .help = "Messages a minute the robot may send.",
                .help_zh = "群机器人每分钟可发送的条数。"},
        HTTP_OPTIONS(struct wecom, rules),
        {0},
};

static bool wecom_open(struct channel *channel, struct err *err)
{
	struct wecom *wecom = (struct wecom *)channel;

	if (!http_url_allowed(&wecom->rules, wecom->url, err))
		return false;
	if (!*wecom->key)
		return err_set(err, ERR_CONFIG, "设置 key 为空", "the setting key is empty");
	pace_init(&wecom->pace, (size_t)wecom->a_minute, 60000);
	wecom->http = http_create(&wecom->rules);
	return true;
}

static bool prepare(struct channel *channel, const struct channel_job *job,
        struct http_request *request, struct channel_receipt *receipt)
{
	const struct wecom *wecom = (const struct wecom *)channel;
	size_t len = strlen(job->text);

	if (len == 0 || len > MARKDOWN_MAX) {
		reply_say(receipt, CHANNEL_REJECTED,
		        "the text has %zu bytes; the robot takes 1 to %d", len, MARKDOWN_MAX);
		return false;
	}
	json_t *body = json_pack(
	        "{s:s, s:{s:s}}", "msgtype", "markdown", "markdown", "content", job->text);
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	if (!text) {
		reply_say(receipt, CHANNEL_REJECTED, "the text is not UTF-8");
		return false;
	}
	buf_text(&request->body, text);
	free(text);
	buf_format(&request->url, "%s/cgi-bin/webhook/send?key=", wecom->url);
	http_encode(&request->url, wecom->key);
	texts_add(&request->headers, "Content-Type: application/json; charset=utf-8");
	return true;
}

static void judge(struct channel *channel, const struct channel_job *job,
        struct http_answer *answer, struct channel_receipt *receipt)
{
	(void)job;
	reply_hide(answer, ((const struct wecom *)channel)->key);
	reply_wecom(answer, receipt);
}

static void wecom_deliver(struct channel *channel, struct channel_work *work)
{
	static const struct exchange_rules rules = {prepare, judge, 4};
	struct wecom *wecom = (struct wecom *)channel;

	exchange_deliver(channel, work, wecom->http, &wecom->pace, &rules);
}

static void wecom_close(struct channel *channel)
{
	struct wecom *wecom = (struct wecom *)channel;

	http_destroy(&wecom->http);
	pace_finish(&wecom->pace);
}

const struct channel_type channel_wecom = {
        .name = "wecom",
        .size = sizeof(struct wecom),
        .options = options,
        .lanes = true,
        .notes = 1u << STATUS_NOTICE,
        .window = 4,
        .rate = A_MINUTE,
        .open = wecom_open,
        .deliver = wecom_deliver,
        .close = wecom_close,
};
