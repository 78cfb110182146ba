/* SPDX-License-Identifier: Apache-2.0
 * check_time - nothing is signed into the past or the future, behind its chain, or past its expiry.
 */
#include "signing.h"

#include <stdlib.h>

#include "when.h"

enum {
	CLOCK_MAY_DIFFER_MS = 60 * 1000,
	RELAY_AHEAD_MS = 10 * 60 * 1000, /* clocks of others */
	RELAY_OLD_MS = 24 * 60 * 60 * 1000
};

static bool near_now(const struct signing *s, int64_t now, struct err *err)
{
	char said[WHEN_TEXT], here[WHEN_TEXT];

	if (s->sent % 1000 == 0 && llabs((long long)(s->sent - now)) <= CLOCK_MAY_DIFFER_MS)
		return true;
	when_text(s->sent, said);
	when_text(now, here);
	return err_set(err, ERR_DENIED,
	        "签名拒绝：发布时间 %s 与签名进程的时钟 %s 相差超过 60 "
	        "秒，或不是整秒（规则：发布时间为当下）",
	        "not signed: time of sending %s is over 60 s off the signer's clock %s, or not a "
	        "whole second (rule: sent "
	        "is now)",
	        said, here);
}

/* A producer's signature holds for ever, and nobody is asked: whoever hands in an old message of
 * theirs must not have it sent once more. What takes back is never too old. */
static bool relay_is_fresh(const struct signing *s, int64_t now, struct err *err)
{
	char said[WHEN_TEXT];
	bool ends = s->manifest.verb == VERB_CANCEL;

	if (s->sent <= now + RELAY_AHEAD_MS && (ends || s->sent >= now - RELAY_OLD_MS))
		return true;
	when_text(s->sent, said);
	return err_set(err, ERR_DENIED,
	        "签名拒绝：上游报文的发布时间 %s 在 24 小时以前，或在 10 "
	        "分钟以后（规则：转发须及时，"
	        "过时的由人决定）",
	        "not signed: the upstream message was sent at %s, over 24 h ago or over 10 min "
	        "ahead (rule: a relay is fresh, people decide on what is not)",
	        said);
}

static bool after_chain(const struct signing *s, struct err *err)
{
	for (size_t i = 0; i < s->original_count; i++) {
		const struct manifest *m = &s->originals[i].manifest;
		if (m->sent >= s->sent)
			return err_set(err, ERR_DENIED,
			        "签名拒绝：发布时间不晚于同链的 %s（规则：同一链条先后有序）",
			        "not signed: the time of sending is not after %s of the same chain "
			        "(rule: a chain goes in order)",
			        m->identifier);
	}
	return true;
}

static bool not_expired(const struct signing *s, int64_t now, struct err *err)
{
	char text[WHEN_TEXT];

	if (!s->manifest.expires || (s->manifest.expires > now && s->manifest.expires > s->sent))
		return true;
	when_text(s->manifest.expires, text);
	return err_set(err, ERR_DENIED, "签名拒绝：已于 %s 失效（规则：失效后不得发出）",
	        "not signed: it expired at %s (rule: nothing leaves after it expired)", text);
}

bool check_time(const struct signing *s, int64_t now, struct err *err)
{
	bool relay = s->manifest.procedure == PROCEDURE_RELAY;

	return (relay ? relay_is_fresh(s, now, err) : near_now(s, now, err)) &&
	       after_chain(s, err) && not_expired(s, now, err);
}
