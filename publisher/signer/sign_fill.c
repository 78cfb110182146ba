/* SPDX-License-Identifier: Apache-2.0
 * sign_fill - the last step: `sent` and references are put in, message and manifest are signed, and
 * the result is read back and verified before anybody gets it.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "protocol.h"
#include "text.h"

/* Staged words were approved before the original's `sent` was known, so its triplet comes in here.
 */
static void fill_references(struct signing *s)
{
	struct buf all;

	buf_init(&all, 0);
	for (size_t i = 0; i < s->original_count; i++) {
		char *triplet = cap_reference_text(s->originals[i].alert);
		buf_format(&all, "%s%s", i ? " " : "", triplet);
		free(triplet);
	}
	mem_set_text(&s->alert->references, all.data);
	buf_finish(&all);
}

static void fill_message(struct signing *s)
{
	s->alert->sent =
	        s->manifest.procedure == PROCEDURE_RELAY ? s->relay_sent : cap_time_china(s->sent);
	if (signing_is_staged(s))
		fill_references(s);
}

/* Our own messages keep every rule; a relay's are the producer's, and were read strictly already.
 */
static bool keeps_the_rules(const struct signing *s, struct err *err)
{
	struct cap_problems problems = {0};
	bool ok = true;

	if (s->manifest.procedure != PROCEDURE_RELAY)
		cap_check(s->alert, &problems);
	for (size_t i = 0; ok && i < problems.count; i++) {
		const struct cap_problem *p = &problems.items[i];
		if (p->level == CAP_PROBLEM_ERROR)
			ok = err_set(err, ERR_INPUT, "签名拒绝：报文 %s：%s%.0s（规则：%s）",
			        "not signed: message %s: %.0s%s (rule: %s)", p->path, p->zh, p->en,
			        p->rule);
	}
	cap_problems_finish(&problems);
	return ok;
}

static void fill_texts(struct signing *s)
{
	struct buf filled;

	for (size_t i = 0; i < s->text_count; i++) {
		struct bulletin_text *text = &s->texts[i];
		struct manifest_target *target = NULL;
		for (size_t j = 0; j < s->manifest.target_count; j++)
			if (strcmp(s->manifest.targets[j].name, text->target) == 0)
				target = &s->manifest.targets[j];
		if (!target)
			abort(); /* check_texts has found every one */
		buf_init(&filled, 0);
		text_fill_sent(text->body, s->sent, &filled);
		text->filled = buf_take(&filled);
		digest_sha256(text->filled, strlen(text->filled), target->text);
	}
}

/* Read back with nothing but the bytes in hand. */
static bool holds(const struct signer *signer, const struct signing *s, const struct buf *cap,
        const struct buf *manifest, const char *signature)
{
	struct cap_problems problems = {0};
	struct manifest again;
	struct buf ours, theirs;

	if (cap_verify(cap->data, cap->len, signer->alert, &signer->sm2, NULL) !=
	                CAP_SIGNATURE_GOOD ||
	        !key_verify(signer->alert, manifest->data, manifest->len, signature) ||
	        !manifest_read(&again, manifest->data, manifest->len, NULL))
		return false;
	struct cap_alert *alert = cap_parse(cap->data, cap->len, CAP_LIMIT_SOURCE, &problems);
	bool ok = alert && !problems.errors && again.sent == s->sent;
	buf_init(&ours, 0);
	buf_init(&theirs, 0);
	if (ok) {
		cap_write(s->alert, &ours);
		cap_write(alert, &theirs);
		ok = ours.len == theirs.len && memcmp(ours.data, theirs.data, ours.len) == 0;
	}
	buf_finish(&ours);
	buf_finish(&theirs);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	manifest_finish(&again);
	return ok;
}

static bool answer(const struct buf *cap, const struct buf *manifest, const char *signature,
        struct buf *out, struct err *err)
{
	size_t mark = frame_begin(out, FRAME_SIGNED);

	frame_put(out, TAG_CAP, cap->data, cap->len);
	frame_put(out, TAG_MANIFEST, manifest->data, manifest->len);
	frame_put_text(out, TAG_SIGNATURE, signature);
	if (frame_end(out, mark))
		return true;
	return err_set(err, ERR_TOO_BIG, "签名后的报文过大", "the signed message is too large");
}

static bool sign_manifest(const struct signer *signer, struct signing *s, const struct buf *cap,
        struct buf *out, struct err *err)
{
	struct buf manifest;

	fill_texts(s);
	s->manifest.sent = s->sent;
	digest_sha256(cap->data, cap->len, s->manifest.cap);
	buf_init(&manifest, 0);
	manifest_write(&s->manifest, &manifest);
	char *signature = key_sign(signer->alert, manifest.data, manifest.len);
	bool ok = holds(signer, s, cap, &manifest, signature)
	                  ? answer(cap, &manifest, signature, out, err)
	                  : err_set(err, ERR_INTERNAL, "签名结果自检未通过，未交出",
	                            "what was signed did not verify and was not given out");
	free(signature);
	buf_finish(&manifest);
	return ok;
}

bool sign_and_fill(const struct signer *signer, struct signing *s, struct buf *out, struct err *err)
{
	struct buf cap;

	fill_message(s);
	if (!keeps_the_rules(s, err))
		return false;
	buf_init(&cap, CAP_LIMIT_SOURCE);
	bool ok = cap_sign(s->alert, signer->alert, &signer->sm2, &cap, err) &&
	          sign_manifest(signer, s, &cap, out, err);
	buf_finish(&cap);
	return ok;
}
