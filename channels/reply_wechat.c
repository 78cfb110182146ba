/* SPDX-License-Identifier: Apache-2.0
 * reply_wechat - what the Official Account's interfaces answer (reply.h): HTTP 200 nearly always,
 * the truth in errcode. Relies on jansson; a body that is no JSON object is no answer.
 */
#include "reply.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct reply_row rows[] = {
        {-1, NULL, CHANNEL_DEFERRED, 0, "busy"},
        {45009, NULL, CHANNEL_DEFERRED, 600, "over the daily quota"},
        {45011, NULL, CHANNEL_DEFERRED, 60, "over the quota of a minute"},
        {40164, NULL, CHANNEL_REJECTED, 0, "our address is not on the account's list"},
        {40013, NULL, CHANNEL_REJECTED, 0, "wrong appid"},
        {40125, NULL, CHANNEL_REJECTED, 0, "wrong appsecret"},
        {40243, NULL, CHANNEL_REJECTED, 0, "the appsecret is frozen"},
        {40007, NULL, CHANNEL_REJECTED, 0, "no such material"},
        {45003, NULL, CHANNEL_REJECTED, 0, "title too long"},
        {45004, NULL, CHANNEL_REJECTED, 0, "digest too long"},
        {45002, NULL, CHANNEL_REJECTED, 0, "content too long"},
        {48001, NULL, CHANNEL_REJECTED, 0, "the account may not use this interface"},
        {48004, NULL, CHANNEL_REJECTED, 0, "the interface is closed for this account"},
        {53503, NULL, CHANNEL_REJECTED, 0, "the draft did not pass the check"},
        {53504, NULL, CHANNEL_REJECTED, 0, "to be done on the platform's own site"},
        {53505, NULL, CHANNEL_REJECTED, 0, "save by hand first"},
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Ids come as texts or as numbers, by the interface and by the year. */
static void copy_id(char *out, size_t room, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	char digits[24];
	const char *text = text_of(object, key);

	if (json_is_integer(value)) {
		snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
		text = digits;
	}
	reply_quote(out, room, text, strlen(text));
}

static long number_of(const json_t *object, const char *key, long fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? (long)json_integer_value(value) : fallback;
}

static void read_fields(const json_t *object, struct wechat_reply *out)
{
	const json_t *items = json_object_get(json_object_get(object, "article_detail"), "item");
	const char *url = text_of(json_array_get(items, 0), "article_url");

	*out = (struct wechat_reply){0};
	copy_id(out->token, sizeof out->token, object, "access_token");
	copy_id(out->media_id, sizeof out->media_id, object, "media_id");
	copy_id(out->publish_id, sizeof out->publish_id, object, "publish_id");
	copy_id(out->article_id, sizeof out->article_id, object, "article_id");
	reply_quote(out->article_url, sizeof out->article_url, url, strlen(url));
	out->expires_in = number_of(object, "expires_in", -1);
	out->publish_status = number_of(object, "publish_status", -1);
}

static enum reply_step judge_code(long code, const char *words, struct channel_receipt *receipt)
{
	const struct reply_row *row = reply_find(rows, sizeof rows / sizeof rows[0], code, words);
	char quoted[120];

	reply_quote(quoted, sizeof quoted, words, strlen(words));
	if (code == 40001 || code == 40014 || code == 42001) {
		reply_say(receipt, CHANNEL_DEFERRED,
		        "errcode %ld: the access token is not good (%s)", code, quoted);
		return REPLY_TOKEN;
	}
	receipt->retry_after = row ? (int64_t)row->wait * 1000 : 0;
	reply_say(receipt, row ? row->verdict : CHANNEL_REJECTED, "errcode %ld: %s (%s)", code,
	        row ? row->meaning : "refused", quoted);
	return REPLY_END;
}

enum reply_step reply_wechat(const struct http_answer *answer, bool repeatable,
        struct wechat_reply *out, struct channel_receipt *receipt)
{
	json_t *object = NULL;
	enum reply_step step = REPLY_END;

	if (answer->state == HTTP_ANSWERED && !answer->cut && answer->body.len)
		object = json_loadb(answer->body.data, answer->body.len, 0, NULL);
	long code = number_of(object, "errcode", 0);
	if (code) {
		step = judge_code(code, text_of(object, "errmsg"), receipt);
	} else if (reply_http(answer, repeatable, receipt)) {
		if (json_is_object(object)) {
			read_fields(object, out);
			step = REPLY_OK;
		} else {
			reply_say(receipt, repeatable ? CHANNEL_DEFERRED : CHANNEL_UNKNOWN,
			        "HTTP %ld, but no JSON object", answer->status);
		}
	}
	json_decref(object);
	return step;
}

void reply_wechat_published(
        const struct wechat_reply *reply, const char *publish_id, struct channel_receipt *receipt)
{
	static const char *const refused[] = {
	        [2] = "not original",
	        [3] = "failed",
	        [4] = "refused by the platform's review",
	        [5] = "deleted after it was published",
	        [6] = "banned after it was published",
	};
	long status = reply->publish_status;

	snprintf(receipt->far_id, sizeof receipt->far_id, "%s", publish_id);
	if (status == 0) {
		receipt->verdict = CHANNEL_DELIVERED;
		snprintf(receipt->proof, sizeof receipt->proof,
		        "publish_status 0 publish_id=%.40s %.110s", publish_id,
		        *reply->article_url ? reply->article_url : reply->article_id);
	} else if (status >= 2 && status <= 6) {
		/* 3 is a plain failure: nothing is there, and the same again may do. */
		reply_say(receipt, status == 3 ? CHANNEL_DEFERRED : CHANNEL_REJECTED,
		        "publish_status %ld: %s", status, refused[status]);
	} else {
		reply_say(receipt, CHANNEL_UNKNOWN, "publish_id %s is still being published",
		        publish_id);
	}
}
