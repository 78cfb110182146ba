/* SPDX-License-Identifier: Apache-2.0
 * fuzz_reply - any answer of any far side: status (two bytes), then the body. Each reader says one
 * of the verdicts, in printable words; and no far side's words but Weibo's make a delivery of a
 * refusal by HTTP.
 */
#include <string.h>

#include "fuzz.h"
#include "reply.h"
#include "utf8.h"

static void fit_to_show(const char *text)
{
	must(utf8_valid(text, strlen(text), NULL));
	for (; *text; text++)
		must((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void look(
        const struct http_answer *answer, const struct channel_receipt *receipt, bool weibo)
{
	bool yes = answer->status >= 200 && answer->status < 300;

	/* Weibo says by a refusal that this very text stands there already. */
	must(receipt->verdict != CHANNEL_DELIVERED || yes || weibo);
	must(receipt->verdict == CHANNEL_DELIVERED || *receipt->reason);
	fit_to_show(receipt->reason);
	fit_to_show(receipt->proof);
	fit_to_show(receipt->far_id);
}

static void read_wechat(const struct http_answer *answer)
{
	struct channel_receipt receipt = {0};
	struct wechat_reply reply;

	if (reply_wechat(answer, false, &reply, &receipt) != REPLY_OK) {
		look(answer, &receipt, false);
		return;
	}
	receipt = (struct channel_receipt){0};
	reply_wechat_published(&reply, "100", &receipt);
	look(answer, &receipt, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const readers[])(const struct http_answer *, struct channel_receipt *) = {
	        reply_webhook, reply_kannel, reply_wecom};
	struct http_answer answer = {0};
	struct buf text;

	if (len < 2)
		return 0;
	answer.status = 100 + (bytes[0] << 8 | bytes[1]) % 500;
	buf_init(&answer.body, 65536);
	buf_add(&answer.body, bytes + 2, len - 2);
	reply_hide(&answer, "geheim");
	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		struct channel_receipt receipt = {0};
		readers[i](&answer, &receipt);
		look(&answer, &receipt, false);
	}
	for (int before = WEIBO_FIRST; before <= WEIBO_OTHER; before++) {
		struct channel_receipt receipt = {0};
		reply_weibo(&answer, (enum weibo_before)before, &receipt);
		look(&answer, &receipt, true);
	}
	buf_init(&text, 0);
	reply_weibo_text(&answer, &text);
	buf_finish(&text);
	read_wechat(&answer);
	buf_finish(&answer.body);
	return 0;
}
