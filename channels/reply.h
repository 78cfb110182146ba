/* SPDX-License-Identifier: Apache-2.0
 * reply - what a far side's HTTP answer means: pure functions from answer to receipt, no I/O.
 *
 * One small table of codes per far side. The rule under all of them: what surely did not arrive is
 * DEFERRED, what was refused for good is REJECTED, and what may have been read without an answer is
 * UNKNOWN, or DEFERRED where a repeat does no harm. Far sides' own words are quoted short, made
 * printable and valid UTF-8.
 */
#ifndef TOCSIN_REPLY_H
#define TOCSIN_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "http.h"

/* Looks at transport and status only. true: a 2xx came and its body is to be read; *receipt is not
 * touched. false: *receipt says. `repeatable`: a repeat of this request does no harm (the far side
 * takes a key, or nothing becomes visible by it). */
bool reply_http(const struct http_answer *answer, bool repeatable, struct channel_receipt *receipt);

/* Any 2xx is yes; 409 = the same key is being worked on. */
void reply_webhook(const struct http_answer *answer, struct channel_receipt *receipt);

/* Kannel's sendsms: "0: Accepted for delivery" and "3: Queued for later delivery" are both a yes
 * (the gateway has it and a repeat would arrive twice); the proof holds its words. */
void reply_kannel(const struct http_answer *answer, struct channel_receipt *receipt);

/* What is known of the same post's earlier attempt: decides what "similar content" (20017) means.
 */
enum weibo_before {
	WEIBO_FIRST,    /* there was none */
	WEIBO_IN_DOUBT, /* it went out and had no answer: "similar" is ours */
	WEIBO_OTHER,    /* answered, or not remembered by this process */
};
void reply_weibo(const struct http_answer *answer, enum weibo_before before,
        struct channel_receipt *receipt);
/* The words of a post that was asked for. false: there are none in the answer. */
bool reply_weibo_text(const struct http_answer *answer, struct buf *out);

void reply_wecom(const struct http_answer *answer, struct channel_receipt *receipt);

/* What the Official Account's calls answer with; fields that were not there are "" or -1. */
struct wechat_reply {
	char token[1024];
	long expires_in; /* seconds */
	char media_id[160];
	char publish_id[64];
	long publish_status;
	char article_id[64];
	char article_url[160];
};

enum reply_step {
	REPLY_OK,    /* errcode 0 or absent: *out is filled */
	REPLY_TOKEN, /* the token is no longer good: fetch one and ask again; *receipt says what if
	                that is no help */
	REPLY_END,   /* *receipt says */
};

/* `repeatable` as in reply_http. */
enum reply_step reply_wechat(const struct http_answer *answer, bool repeatable,
        struct wechat_reply *out, struct channel_receipt *receipt);
/* The receipt for a publish_status: 0 delivered, 1 (still at it) unknown with the publish_id,
 * others refused. */
void reply_wechat_published(
        const struct wechat_reply *reply, const char *publish_id, struct channel_receipt *receipt);

/* Tools for receipts. `reply_quote` copies bytes from outside as printable UTF-8, cut at a
 * character. */
void reply_quote(char *out, size_t room, const void *bytes, size_t len);
void reply_say(struct channel_receipt *receipt, enum channel_verdict verdict, const char *format,
        ...) __attribute__((format(printf, 3, 4))); /* the reason */
/* Blots out a secret that the far side echoed, as it is and percent-encoded, before anything is
 * read or cut. */
void reply_hide(struct http_answer *answer, const char *secret);

/* A row of a far side's table of codes. `words`: only when the far side's text has them (any case).
 */
struct reply_row {
	long code;
	const char *words;
	enum channel_verdict verdict;
	int wait; /* seconds until it makes sense to try again; 0 = our own back-off */
	const char *meaning;
};
/* The first row that fits, or NULL. `count` rows. */
const struct reply_row *reply_find(
        const struct reply_row *rows, size_t count, long code, const char *text);

#endif
