/* SPDX-License-Identifier: Apache-2.0
 * reply_json - Weibo's and the WeCom robot's answers (reply.h). Both say no in JSON, and WeCom does
 * so under HTTP 200. Relies on jansson; a body that is no JSON object is no answer.
 */
#include "reply.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First digit 1 = system, 2 = service; the next two the module. An older numbering gave some
 * numbers other meanings, so words come first where the two differ. */
static const struct reply_row weibo_rows[] = {
        {20012, "frequent", CHANNEL_DEFERRED, 60, "posting too often"},
        {20012, "too fast", CHANNEL_DEFERRED, 60, "posting too often"},
        {20013, "similar", CHANNEL_REJECTED, 0, "similar content"},
        {20015, "repeat", CHANNEL_DELIVERED, 0, "already posted"},
        {20019, NULL, CHANNEL_DELIVERED, 0, "already posted"},
        {20017, NULL, CHANNEL_REJECTED, 0, "similar content"},
        {20032, NULL, CHANNEL_UNKNOWN, 120, "accepted, but the far side is slow"},
        {10001, NULL, CHANNEL_DEFERRED, 0, "system error"},
        {10002, NULL, CHANNEL_DEFERRED, 0, "service paused"},
        {10003, NULL, CHANNEL_DEFERRED, 0, "remote service error"},
        {10009, NULL, CHANNEL_DEFERRED, 0, "too many tasks"},
        {10010, NULL, CHANNEL_DEFERRED, 0, "job timed out"},
        {10011, NULL, CHANNEL_DEFERRED, 0, "RPC error"},
        {10022, NULL, CHANNEL_DEFERRED, 600, "over the limit of this address"},
        {10023, NULL, CHANNEL_DEFERRED, 600, "over the limit of this account"},
        {10024, NULL, CHANNEL_DEFERRED, 600, "over the limit of this account and call"},
        {20015, NULL, CHANNEL_DEFERRED, 60, "account, app or address abnormal"},
        {20016, NULL, CHANNEL_DEFERRED, 60, "posting too often"},
        {20022, NULL, CHANNEL_DEFERRED, 60, "address abnormal"},
        {20031, NULL, CHANNEL_DEFERRED, 60, "wants a captcha: somebody has to log in"},
        {20012, NULL, CHANNEL_REJECTED, 0, "over 140 units"},
        {20020, NULL, CHANNEL_REJECTED, 0, "taken for advertising"},
        {20021, NULL, CHANNEL_REJECTED, 0, "taken for illegal content"},
};

static const struct reply_row wecom_rows[] = {
        {45009, NULL, CHANNEL_DEFERRED, 60, "over 20 messages a minute"},
        {45033, NULL, CHANNEL_DEFERRED, 10, "too many at once"},
        {-1, NULL, CHANNEL_DEFERRED, 0, "busy"},
        {40008, NULL, CHANNEL_REJECTED, 0, "invalid message type or body"},
        {40033, NULL, CHANNEL_REJECTED, 0, "escaped characters in the body"},
        {40058, NULL, CHANNEL_REJECTED, 0, "text missing or too long"},
        {93000, NULL, CHANNEL_REJECTED, 0, "the robot was removed, or its key is wrong"},
};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static json_t *load_object(const struct http_answer *answer)
{
	json_t *object = NULL;

	if (!answer->cut && answer->body.len)
		object = json_loadb(answer->body.data, answer->body.len, 0, NULL);
	if (object && !json_is_object(object)) {
		json_decref(object);
		object = NULL;
	}
	return object;
}

/* A code that may be a number or a text of digits; 0 = none there. */
static long code_of(const json_t *value)
{
	if (json_is_integer(value))
		return (long)json_integer_value(value);
	return json_is_string(value) ? strtol(json_string_value(value), NULL, 10) : 0;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void say_row(const struct reply_row *row, const char *what, const char *words,
        struct channel_receipt *receipt)
{
	receipt->retry_after = (int64_t)row->wait * 1000;
	if (row->verdict == CHANNEL_DELIVERED) {
		receipt->verdict = CHANNEL_DELIVERED;
		snprintf(receipt->proof, sizeof receipt->proof, "%s %ld: %s", what, row->code,
		        row->meaning);
	} else {
		char quoted[120];
		reply_quote(quoted, sizeof quoted, words, strlen(words));
		reply_say(receipt, row->verdict, "%s %ld: %s (%s)", what, row->code, row->meaning,
		        quoted);
	}
}

static void judge_similar(enum weibo_before before, struct channel_receipt *receipt)
{
	if (before == WEIBO_IN_DOUBT) {
		receipt->verdict = CHANNEL_DELIVERED;
		receipt->reason[0] = '\0';
		snprintf(receipt->proof, sizeof receipt->proof,
		        "error_code 20017 after an attempt without answer: already posted");
	} else if (before == WEIBO_OTHER) {
		receipt->verdict = CHANNEL_UNKNOWN;
	}
}

static void judge_weibo_code(
        long code, const char *words, enum weibo_before before, struct channel_receipt *receipt)
{
	const struct reply_row *row = reply_find(weibo_rows, COUNT(weibo_rows), code, words);
	struct reply_row other = {code, NULL, CHANNEL_REJECTED, 0, "refused"};

	if (!row && code >= 21301 && code <= 21399) {
		other.verdict = CHANNEL_DEFERRED;
		other.wait = 60;
		other.meaning = "the access token is no longer good: authorise the account again";
	}
	say_row(row ? row : &other, "error_code", words, receipt);
	if (row && strcmp(row->meaning, "similar content") == 0)
		judge_similar(before, receipt);
}

static bool judge_weibo_post(
        const struct http_answer *answer, const json_t *object, struct channel_receipt *receipt)
{
	const char *id = text_of(object, "idstr");
	char at[40];

	if (!*id)
		id = text_of(object, "mid");
	if (!*id)
		return false;
	receipt->verdict = CHANNEL_DELIVERED;
	reply_quote(receipt->far_id, sizeof receipt->far_id, id, strlen(id));
	reply_quote(at, sizeof at, text_of(object, "created_at"),
	        strlen(text_of(object, "created_at")));
	snprintf(receipt->proof, sizeof receipt->proof, "HTTP %ld id=%s created_at=%s",
	        answer->status, receipt->far_id, at);
	return true;
}

void reply_weibo(
        const struct http_answer *answer, enum weibo_before before, struct channel_receipt *receipt)
{
	json_t *object = answer->state == HTTP_ANSWERED ? load_object(answer) : NULL;
	long code = code_of(json_object_get(object, "error_code"));

	if (code && answer->status < 500)
		judge_weibo_code(code, text_of(object, "error"), before, receipt);
	else if (reply_http(answer, false, receipt) && !judge_weibo_post(answer, object, receipt))
		reply_say(receipt, CHANNEL_UNKNOWN, "HTTP %ld, but no post in the answer",
		        answer->status);
	if (answer->retry_after)
		receipt->retry_after = answer->retry_after;
	json_decref(object);
}

bool reply_weibo_text(const struct http_answer *answer, struct buf *out)
{
	json_t *object = load_object(answer);
	const char *text = text_of(object, "text");
	bool there = *text != '\0';

	buf_text(out, text);
	json_decref(object);
	return there;
}

void reply_wecom(const struct http_answer *answer, struct channel_receipt *receipt)
{
	json_t *object = answer->state == HTTP_ANSWERED ? load_object(answer) : NULL;
	const json_t *errcode = json_object_get(object, "errcode");
	long code = code_of(errcode);
	const struct reply_row *row = reply_find(wecom_rows, COUNT(wecom_rows), code, "");
	const struct reply_row other = {code, NULL, CHANNEL_REJECTED, 0, "refused"};

	if (code) {
		say_row(row ? row : &other, "errcode", text_of(object, "errmsg"), receipt);
	} else if (reply_http(answer, false, receipt)) {
		if (errcode) {
			receipt->verdict = CHANNEL_DELIVERED;
			snprintf(receipt->proof, sizeof receipt->proof, "HTTP %ld errcode 0",
			        answer->status);
		} else {
			reply_say(receipt, CHANNEL_UNKNOWN,
			        "HTTP %ld, but no errcode in the answer", answer->status);
		}
	}
	json_decref(object);
}
