/* SPDX-License-Identifier: Apache-2.0
 * wechat - an Official Account (公众号): the approved article as a draft, then published for its
 * permanent link.
 *
 *   draft/add -> media_id;  freepublish/submit(media_id) -> publish_id; freepublish/get(publish_id)
 * -> status
 *
 * Publishing is asynchronous: what is not through by the deadline is UNKNOWN with its publish_id,
 * looked at again in tend and reported late. A draft nobody published is harmless, so draft/add may
 * be repeated; a submit without answer may not, but a draft can be published only once, so the next
 * attempt submits the same draft again and takes "no such draft" for a yes. What is under way is
 * remembered by this process only.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channel_types.h"
#include "exchange.h"
#include "http.h"
#include "reply.h"
#include "wechat_api.h"
#include "when.h"

enum { TRACKS = 64, LOOK_MS = 2000, GIVE_UP_MS = 24 * 3600 * 1000, NO_SUCH_MEDIA = 40007 };

/* An article under way. No publish_id: submitted without answer. */
struct track {
	char *job; /* NULL = free */
	char media_id[160];
	char publish_id[64];
	int64_t next, until; /* when_boot() ms */
};

struct wechat {
	struct channel channel;
	struct http_rules rules;
	char *url, *appid, *secret;
	char *thumb_red, *thumb_orange, *thumb_yellow, *thumb_blue, *thumb_none;
	long poll;
	struct wechat_api api;
	struct track tracks[TRACKS];
	size_t next_track;
};

#define THUMB(level, word)                                                                         \
	{                                                                                          \
		.name = "thumb_" #level, .kind = OPTION_TEXT,                                      \
		.offset = offsetof(struct wechat, thumb_##level), .fallback = "",                  \
		.help = "Media id of the permanent cover picture, level " #level                   \
		        " (empty: that of thumb_none).",                                           \
		.help_zh = word "封面图的永久素材编号（空则用 thumb_none）。"      \
	}

static const struct option options[] = {
        {.name = "url",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct wechat, url),
                .fallback = "https://api.weixin.qq.com",
                .help = "Where the platform listens, without path.",
                .help_zh = "平台地址，不含路径。"},
        {.name = "appid",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct wechat, appid),
                .help = "The account's AppID.",
                .help_zh = "公众号的 AppID。"},
        {.name = "secret",
                .kind = OPTION_SECRET,
                .offset = offsetof(struct wechat, secret),
                .help = "The account's AppSecret.",
                .help_zh = "公众号的 AppSecret。"},
        THUMB(red, "红色或Ⅰ级"),
        THUMB(orange, "橙色或Ⅱ级"),
        THUMB(yellow, "黄色或Ⅲ级"),
        THUMB(blue, "蓝色或Ⅳ级"),
        {.name = "thumb_none",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct wechat, thumb_none),
                .help = "Media id of the permanent cover picture for bulletins without level.",
                .help_zh = "无级别信息封面图的永久素材编号。"},
        {.name = "poll",
                .kind = OPTION_SECONDS,
                .offset = offsetof(struct wechat, poll),
                .fallback = "0.5",
                .min = 50,
                .max = 10000,
                .help = "How often to ask, within an attempt, whether the article is published.",
                .help_zh = "一次投递中查询发布结果的间隔。"},
        HTTP_OPTIONS(struct wechat, rules),
        {0},
};

static bool wechat_open(struct channel *channel, struct err *err)
{
	struct wechat *wechat = (struct wechat *)channel;

	if (!http_url_allowed(&wechat->rules, wechat->url, err))
		return false;
	if (!*wechat->secret || !*wechat->appid)
		return err_set(err, ERR_CONFIG, "设置 appid 或 secret 为空",
		        "the setting appid or secret is empty");
	wechat->api = (struct wechat_api){
	        .http = http_create(&wechat->rules),
	        .url = wechat->url,
	        .appid = wechat->appid,
	        .secret = wechat->secret,
	};
	return true;
}

static void forget(struct track *track)
{
	free(track->job);
	*track = (struct track){0};
}

static struct track *find_track(struct wechat *wechat, const char *job)
{
	for (size_t i = 0; i < TRACKS; i++)
		if (wechat->tracks[i].job && strcmp(wechat->tracks[i].job, job) == 0)
			return &wechat->tracks[i];
	return NULL;
}

static struct track *add_track(struct wechat *wechat, const char *job)
{
	struct track *track = &wechat->tracks[wechat->next_track];

	wechat->next_track = (wechat->next_track + 1) % TRACKS;
	forget(track);
	track->job = mem_text(job);
	track->until = when_boot() + GIVE_UP_MS;
	return track;
}

static const char *thumb_for(const struct wechat *wechat, enum level level)
{
	const char *const by_rank[] = {wechat->thumb_none, wechat->thumb_blue, wechat->thumb_yellow,
	        wechat->thumb_orange, wechat->thumb_red};
	const char *thumb = by_rank[level_rank(level)];

	return *thumb ? thumb : wechat->thumb_none;
}

/* The article from the approved text; NULL when that is not the JSON object text.h promises. */
static json_t *make_draft(const struct wechat *wechat, const struct channel_job *job)
{
	const struct view *view = &job->bulletin->view;
	json_t *article = json_loads(job->text, 0, NULL);

	if (!json_is_object(article) || !json_is_string(json_object_get(article, "title")) ||
	        !json_is_string(json_object_get(article, "content"))) {
		json_decref(article);
		return NULL;
	}
	json_object_set_new(article, "article_type", json_string("news"));
	json_object_set_new(article, "content_source_url", json_string(view->web ? view->web : ""));
	json_object_set_new(article, "thumb_media_id", json_string(thumb_for(wechat, view->level)));
	json_object_set_new(article, "need_open_comment", json_integer(0));
	json_object_set_new(article, "only_fans_can_comment", json_integer(0));
	return json_pack("{s:[o]}", "articles", article);
}

static bool add_draft(struct wechat *wechat, const struct channel_job *job,
        struct wechat_reply *reply, struct channel_receipt *receipt)
{
	json_t *draft = make_draft(wechat, job);

	if (!draft) {
		reply_say(receipt, CHANNEL_REJECTED,
		        "the text is no article: title and content are missing");
		return false;
	}
	enum reply_step step =
	        wechat_ask(&wechat->api, "draft/add", draft, job->deadline, true, reply, receipt);
	json_decref(draft);
	if (step == REPLY_OK && !*reply->media_id)
		reply_say(receipt, CHANNEL_DEFERRED, "draft/add: no media_id in the answer");
	return step == REPLY_OK && *reply->media_id;
}

/* false: *receipt says. `again`: this draft was submitted before, without answer. */
static bool submit(struct wechat *wechat, struct track *track, bool again, int64_t deadline,
        struct channel_receipt *receipt)
{
	struct wechat_reply reply;
	json_t *body = json_pack("{s:s}", "media_id", track->media_id);
	enum reply_step step = wechat_ask(
	        &wechat->api, "freepublish/submit", body, deadline, false, &reply, receipt);

	json_decref(body);
	if (step == REPLY_OK && *reply.publish_id) {
		snprintf(track->publish_id, sizeof track->publish_id, "%s", reply.publish_id);
		return true;
	}
	if (step == REPLY_OK)
		reply_say(receipt, CHANNEL_UNKNOWN,
		        "freepublish/submit: no publish_id in the answer");
	if (again && strncmp(receipt->reason, "errcode 40007", 13) == 0) {
		*receipt = (struct channel_receipt){.verdict = CHANNEL_DELIVERED};
		snprintf(receipt->proof, sizeof receipt->proof,
		        "errcode %d: the draft submitted without answer is gone, so it was "
		        "published",
		        NO_SUCH_MEDIA);
	}
	return false;
}

/* Asks once. true: it is settled, one way or the other. */
static bool look_once(struct wechat *wechat, const struct track *track, int64_t deadline,
        struct channel_receipt *receipt)
{
	struct wechat_reply reply;
	json_t *body = json_pack("{s:s}", "publish_id", track->publish_id);
	enum reply_step step =
	        wechat_ask(&wechat->api, "freepublish/get", body, deadline, true, &reply, receipt);

	json_decref(body);
	if (step != REPLY_OK) {
		/* Not knowing how it went is no refusal of the article. */
		receipt->verdict = CHANNEL_UNKNOWN;
		snprintf(receipt->far_id, sizeof receipt->far_id, "%s", track->publish_id);
		return false;
	}
	reply_wechat_published(&reply, track->publish_id, receipt);
	return receipt->verdict != CHANNEL_UNKNOWN;
}

static void look_until(struct wechat *wechat, struct track *track, int64_t deadline,
        struct channel_receipt *receipt)
{
	bool settled = look_once(wechat, track, deadline, receipt);

	while (!settled && when_boot() + wechat->poll < deadline) {
		struct timespec pause = {wechat->poll / 1000, wechat->poll % 1000 * 1000000L};
		nanosleep(&pause, NULL);
		settled = look_once(wechat, track, deadline, receipt);
	}
	track->next = when_boot() + 4 * wechat->poll;
	if (settled)
		forget(track);
}

static void carry(
        struct wechat *wechat, const struct channel_job *job, struct channel_receipt *receipt)
{
	struct track *track = find_track(wechat, job->id);
	struct wechat_reply reply;
	bool again = track != NULL;

	if (!exchange_may_start(&wechat->channel, job, when_boot(), when_now(), receipt))
		return;
	if (!track) {
		if (!add_draft(wechat, job, &reply, receipt))
			return;
		track = add_track(wechat, job->id);
		memcpy(track->media_id, reply.media_id, sizeof track->media_id);
	}
	if (!*track->publish_id && !submit(wechat, track, again, job->deadline, receipt)) {
		bool in_doubt = receipt->verdict == CHANNEL_UNKNOWN ||
		                (again && receipt->verdict == CHANNEL_DEFERRED);
		if (!in_doubt)
			forget(track);
		return;
	}
	look_until(wechat, track, job->deadline, receipt);
}

static void wechat_deliver(struct channel *channel, struct channel_work *work)
{
	struct wechat *wechat = (struct wechat *)channel;
	const struct channel_job *job;

	while ((job = work_take(work))) {
		struct channel_receipt receipt = {0};
		carry(wechat, job, &receipt);
		work_done(work, job, -1, &receipt);
	}
}

/* One look a call, so that new jobs never wait for old ones. */
static void wechat_tend(struct channel *channel, struct channel_work *work)
{
	struct wechat *wechat = (struct wechat *)channel;
	int64_t now = when_boot();

	for (size_t i = 0; i < TRACKS; i++) {
		struct track *track = &wechat->tracks[i];
		struct channel_receipt receipt = {0};
		if (!track->job)
			continue;
		if (now >= track->until || (*track->publish_id && now >= track->next)) {
			bool settled = *track->publish_id &&
			               look_once(wechat, track, now + LOOK_MS, &receipt);
			if (settled)
				work_report(work, track->publish_id, &receipt);
			track->next = now + 4 * wechat->poll;
			if (settled || now >= track->until)
				forget(track);
			return;
		}
	}
}

static void wechat_close(struct channel *channel)
{
	struct wechat *wechat = (struct wechat *)channel;

	for (size_t i = 0; i < TRACKS; i++)
		forget(&wechat->tracks[i]);
	http_destroy(&wechat->api.http);
	explicit_bzero(wechat->api.token, sizeof wechat->api.token);
	wechat->api.token_until = 0;
}

const struct channel_type channel_wechat = {
        .name = "wechat",
        .size = sizeof(struct wechat),
        .options = options,
        .lanes = true,
        .window = 1,
        .open = wechat_open,
        .deliver = wechat_deliver,
        .tend = wechat_tend,
        .close = wechat_close,
};
