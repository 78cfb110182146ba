/* SPDX-License-Identifier: Apache-2.0
 * check_relay - a relay goes out without an officer because its producer signed it. So the
 * producer's signature is checked here, by a key this process was given itself, and the message
 * must be the producer's, element by element: only our Signature takes the place of theirs.
 */
#include "signing.h"

#include <string.h>

static bool refused(struct err *err, const struct signing *s, const char *zh, const char *en)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：来源“%s”的上游报文%s%.0s（规则：转发须有可信的上游签名，且不得增减）",
	        "not signed: the upstream message of \"%s\" %.0s%s (rule: a relay has a trusted "
	        "upstream signature, and adds "
	        "nothing)",
	        s->manifest.source, zh, en);
}

static bool verify(
        const struct signer *signer, const struct signing *s, int64_t now, struct err *err)
{
	const struct cap_trust *trust = signer_trust(signer, s->manifest.source);
	struct err why = {0};

	if (!trust)
		return refused(err, s, "没有配置可信清单", "has no trust list here");
	return cap_trust_verify(trust, s->upstream, s->upstream_len, now, &why) ==
	               CAP_SIGNATURE_GOOD ||
	       refused(err, s, why.zh, why.en);
}

static bool same_message(struct signing *s, const struct cap_alert *upstream)
{
	struct buf theirs, ours;

	buf_init(&theirs, 0);
	buf_init(&ours, 0);
	s->alert->sent = upstream->sent;
	cap_write(upstream, &theirs);
	cap_write(s->alert, &ours);
	s->alert->sent = (struct cap_time){0};
	s->relay_sent = upstream->sent;
	bool same = theirs.len == ours.len && memcmp(theirs.data, ours.data, ours.len) == 0;
	buf_finish(&theirs);
	buf_finish(&ours);
	return same && upstream->sent.set && upstream->sent.ms == s->sent;
}

/* A producer's key speaks for its own messages: it takes back neither another's nor what officers
 * approved, whatever its references name. */
static bool follows_its_own(const struct signing *s)
{
	const struct manifest *original = *s->manifest.replaces ? &s->originals[0].manifest : NULL;

	return !original || (original->procedure == PROCEDURE_RELAY &&
	                            strcmp(original->sender, s->manifest.sender) == 0);
}

bool check_relay(const struct signer *signer, struct signing *s, int64_t now, struct err *err)
{
	struct cap_problems problems = {0};

	if (!verify(signer, s, now, err))
		return false;
	struct cap_alert *upstream =
	        cap_parse(s->upstream, s->upstream_len, CAP_LIMIT_SOURCE, &problems);
	bool ok = upstream && !problems.errors;
	if (!ok)
		refused(err, s, "不是合格的 CAP 1.2", "is not proper CAP 1.2");
	else if (!same_message(s, upstream))
		ok = refused(err, s, "与待签内容不同", "is not what is to be signed");
	else if (!follows_its_own(s))
		ok = refused(err, s, "所更新或解除的不是该发送者自己经转发的消息",
		        "updates or cancels what is no relayed message of its own sender");
	else if (s->proof_count || *s->officer || *s->manifest.drafter || s->manifest.earlier.count)
		ok = refused(err, s, "不应带有人员或凭证", "must not come with officers or proofs");
	cap_alert_destroy(&upstream);
	cap_problems_finish(&problems);
	return ok;
}
