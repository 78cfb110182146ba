/* SPDX-License-Identifier: Apache-2.0
 * weibo - a post of a Weibo account by statuses/share: the approved text, at most `an_hour` an
 * hour.
 *
 * Weibo takes no key but refuses a second post with the same words, so after an attempt without
 * answer "identical" or "similar" means that it is there. Which attempts had no answer is
 * remembered by this process only. Relies on http.h, exchange.h, reply.h. The access token never
 * stands in a receipt.
 */
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "exchange.h"
#include "reply.h"
#include "when.h"

enum { AN_HOUR = 30, DOUBTS = 32, LOOK_MS = 5000 };

struct weibo {
	struct channel channel;
	struct http_rules rules;
	char *url;
	char *access_token;
	char *rip;
	long an_hour;
	struct http *http;
	struct pace pace;
	char *doubts[DOUBTS]; /* ids of jobs whose last attempt had no answer; a ring */
	size_t next_doubt;
};

static const struct option options[] = {
        {.name = "url",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct weibo, url),
                .fallback = "https://api.weibo.com",
                .help = "Where the platform listens, without path.",
                .help_zh = "平台地址，不含路径。"},
        {.name = "access_token",
                .kind = OPTION_SECRET,
                .offset = offsetof(struct weibo, access_token),
                .help = "The account's OAuth2 access token.",
                .help_zh = "账号的 OAuth2 访问令牌。"},
        {.name = "rip",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct weibo, rip),
                .help = "The public address this machine posts from; the platform wants it.",
                .help_zh = "本机发布时的公网地址，平台要求提供。"},
        {.name = "an_hour",
                .kind = OPTION_NUMBER,
                .offset = offsetof(struct weibo, an_hour),
                .fallback = "30",
                .min = 1,
                .max = 10000,
                .help = "Posts an hour the account may make.",
                .help_zh = "账号每小时可发布的条数。"},
        HTTP_OPTIONS(struct weibo, rules),
        {0},
};

static bool weibo_open(struct channel *channel, struct err *err)
{
	struct weibo *weibo = (struct weibo *)channel;

	if (!http_url_allowed(&weibo->rules, weibo->url, err))
		return false;
	if (!*weibo->access_token)
		return err_set(err, ERR_CONFIG, "设置 access_token 为空",
		        "the setting access_token is empty");
	pace_init(&weibo->pace, (size_t)weibo->an_hour, (int64_t)3600 * 1000);
	weibo->http = http_create(&weibo->rules);
	return true;
}

static void add_field(struct buf *out, const char *name, const char *value)
{
	buf_format(out, "%s%s=", out->len ? "&" : "", name);
	http_encode(out, value);
}

static bool prepare(struct channel *channel, const struct channel_job *job,
        struct http_request *request, struct channel_receipt *receipt)
{
	const struct weibo *weibo = (const struct weibo *)channel;

	if (!*job->text) {
		reply_say(receipt, CHANNEL_REJECTED, "the job has no text");
		return false;
	}
	buf_format(&request->url, "%s/2/statuses/share.json", weibo->url);
	add_field(&request->body, "access_token", weibo->access_token);
	add_field(&request->body, "status", job->text);
	add_field(&request->body, "rip", weibo->rip);
	texts_add(&request->headers,
	        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8");
	return true;
}

/* Was the last attempt at this job one without answer? Forgets it. */
static bool take_doubt(struct weibo *weibo, const char *id)
{
	for (size_t i = 0; i < DOUBTS; i++) {
		if (weibo->doubts[i] && strcmp(weibo->doubts[i], id) == 0) {
			free(weibo->doubts[i]);
			weibo->doubts[i] = NULL;
			return true;
		}
	}
	return false;
}

static void note_doubt(struct weibo *weibo, const char *id)
{
	free(weibo->doubts[weibo->next_doubt]);
	weibo->doubts[weibo->next_doubt] = mem_text(id);
	weibo->next_doubt = (weibo->next_doubt + 1) % DOUBTS;
}

static void judge(struct channel *channel, const struct channel_job *job,
        struct http_answer *answer, struct channel_receipt *receipt)
{
	struct weibo *weibo = (struct weibo *)channel;
	bool in_doubt = take_doubt(weibo, job->id);
	enum weibo_before before = in_doubt           ? WEIBO_IN_DOUBT
	                           : job->attempt > 1 ? WEIBO_OTHER
	                                              : WEIBO_FIRST;

	reply_hide(answer, weibo->access_token);
	reply_weibo(answer, before, receipt);
	/* A post that may be there stays in doubt through attempts that surely did not get through.
	 */
	if (receipt->verdict == CHANNEL_UNKNOWN ||
	        (in_doubt && receipt->verdict == CHANNEL_DEFERRED))
		note_doubt(weibo, job->id);
}

static void weibo_deliver(struct channel *channel, struct channel_work *work)
{
	static const struct exchange_rules rules = {prepare, judge, 2};
	struct weibo *weibo = (struct weibo *)channel;

	exchange_deliver(channel, work, weibo->http, &weibo->pace, &rules);
}

static bool weibo_look(
        struct channel *channel, const char *far_id, struct buf *out, struct err *err)
{
	struct weibo *weibo = (struct weibo *)channel;
	struct http_request request = {.deadline = when_boot() + LOOK_MS};
	struct http_answer answer;

	buf_format(&request.url, "%s/2/statuses/show.json?", weibo->url);
	buf_text(&request.url, "access_token=");
	http_encode(&request.url, weibo->access_token);
	buf_text(&request.url, "&id=");
	http_encode(&request.url, far_id);
	http_call(weibo->http, &request, &answer);
	bool ok = answer.state == HTTP_ANSWERED && answer.status == 200 && !answer.cut &&
	          reply_weibo_text(&answer, out);
	if (!ok)
		err_set(err, ERR_UNAVAILABLE, "无法从微博读回 %s（HTTP %ld %s）",
		        "weibo does not show %s (HTTP %ld %s)", far_id, answer.status,
		        answer.reason);
	http_answer_finish(&answer);
	return ok;
}

static void weibo_close(struct channel *channel)
{
	struct weibo *weibo = (struct weibo *)channel;

	for (size_t i = 0; i < DOUBTS; i++) {
		free(weibo->doubts[i]);
		weibo->doubts[i] = NULL;
	}
	http_destroy(&weibo->http);
	pace_finish(&weibo->pace);
}

const struct channel_type channel_weibo = {
        .name = "weibo",
        .size = sizeof(struct weibo),
        .options = options,
        .lanes = true,
        .window = 2,
        .rate = AN_HOUR, /* in a burst; the hour is kept here */
        .open = weibo_open,
        .deliver = weibo_deliver,
        .look = weibo_look,
        .close = weibo_close,
};
