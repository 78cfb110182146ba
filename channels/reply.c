/* SPDX-License-Identifier: Apache-2.0
 * reply - the rule for statuses, and the far sides whose answer is plain text (reply.h). Never
 * fails: an answer nobody can read is one of the four verdicts too.
 */
#include "reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

void reply_quote(char *out, size_t room, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	size_t used = 0;

	while (len && used + 1 < room) {
		size_t step = 1;
		while (step < len && step < 4 && (p[step] & 0xc0) == 0x80)
			step++;
		bool good = p[0] >= ' ' && p[0] != 0x7f && utf8_valid(p, step, NULL);
		size_t wide = good ? step : 1;
		if (used + wide >= room)
			break;
		if (good)
			memcpy(out + used, p, step);
		else
			out[used] = p[0] == '\n' || p[0] == '\r' || p[0] == '\t' ? ' ' : '?';
		used += wide;
		p += step;
		len -= step;
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
}

void reply_say(
        struct channel_receipt *receipt, enum channel_verdict verdict, const char *format, ...)
{
	char text[sizeof receipt->reason];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	receipt->verdict = verdict;
	reply_quote(receipt->reason, sizeof receipt->reason, text, strlen(text));
}

static void blot(struct buf *body, const char *secret, size_t len)
{
	char *end = body->data + body->len;
	char *at = body->data;

	while ((at = memmem(at, (size_t)(end - at), secret, len)) != NULL)
		memset(at, '*', len);
}

void reply_hide(struct http_answer *answer, const char *secret)
{
	struct buf encoded;

	if (!secret || !*secret || !answer->body.len || strspn(secret, "*") == strlen(secret))
		return;
	blot(&answer->body, secret, strlen(secret));
	buf_init(&encoded, 0);
	http_encode(&encoded, secret);
	blot(&answer->body, encoded.data, encoded.len);
	buf_finish(&encoded);
}

const struct reply_row *reply_find(
        const struct reply_row *rows, size_t count, long code, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].code == code && (!rows[i].words || strcasestr(text, rows[i].words)))
			return &rows[i];
	return NULL;
}

/* Not 2xx. 504 is a gateway that passed the request on and heard nothing: it may have been read. */
static void judge_status(
        const struct http_answer *answer, bool repeatable, struct channel_receipt *receipt)
{
	long status = answer->status;
	bool later =
	        status == 408 || status == 425 || status == 429 || status >= 500 || status < 200;
	char words[120];

	reply_quote(words, sizeof words, answer->body.data, answer->body.len);
	receipt->retry_after = answer->retry_after;
	if (status == 504 && !repeatable)
		reply_say(receipt, CHANNEL_UNKNOWN, "HTTP 504: a gateway in between had no answer");
	else if (later)
		reply_say(receipt, CHANNEL_DEFERRED, "HTTP %ld: %s", status, words);
	else if (status < 400)
		reply_say(
		        receipt, CHANNEL_REJECTED, "HTTP %ld: redirects are not followed", status);
	else
		reply_say(receipt, CHANNEL_REJECTED, "HTTP %ld: %s", status, words);
}

bool reply_http(const struct http_answer *answer, bool repeatable, struct channel_receipt *receipt)
{
	switch (answer->state) {
	case HTTP_NOT_SENT:
		reply_say(receipt, CHANNEL_DEFERRED, "not sent: %s", answer->reason);
		return false;
	case HTTP_NO_ANSWER:
		reply_say(receipt, repeatable ? CHANNEL_DEFERRED : CHANNEL_UNKNOWN,
		        "sent, but no whole answer: %s", answer->reason);
		return false;
	case HTTP_ANSWERED:
		break;
	}
	if (answer->status >= 200 && answer->status < 300)
		return true;
	judge_status(answer, repeatable, receipt);
	return false;
}

static void say_yes(const struct http_answer *answer, struct channel_receipt *receipt)
{
	char words[120];

	reply_quote(words, sizeof words, answer->body.data, answer->body.len);
	receipt->verdict = CHANNEL_DELIVERED;
	snprintf(receipt->proof, sizeof receipt->proof, "HTTP %ld%s%s", answer->status,
	        *words ? " " : "", words);
}

void reply_webhook(const struct http_answer *answer, struct channel_receipt *receipt)
{
	if (answer->state == HTTP_ANSWERED && answer->status == 409) {
		receipt->retry_after = answer->retry_after;
		reply_say(receipt, CHANNEL_DEFERRED,
		        "HTTP 409: the receiver is still working on this key");
	} else if (reply_http(answer, true, receipt)) {
		say_yes(answer, receipt);
	}
}

void reply_kannel(const struct http_answer *answer, struct channel_receipt *receipt)
{
	const char *body = answer->body.data ? answer->body.data : "";

	if (!reply_http(answer, false, receipt))
		return;
	if (strncmp(body, "0:", 2) == 0 || strncmp(body, "3:", 2) == 0) {
		say_yes(answer, receipt);
		return;
	}
	char words[120];
	reply_quote(words, sizeof words, body, strlen(body));
	reply_say(receipt, CHANNEL_UNKNOWN, "HTTP %ld, but not Kannel's words: %s", answer->status,
	        words);
}
