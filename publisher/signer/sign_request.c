/* SPDX-License-Identifier: Apache-2.0
 * sign_request - one question to the signer, from frame to answer: the order of the checks stands
 * here.
 *
 * It believes nothing from its caller: a captured tocsind can ask, but what it gets signed is what
 * officers approved, or what an upstream signed. Refusals are answers, never the end of the
 * process.
 */
#include "signing.h"

#include <stdlib.h>

#include "ahead.h"
#include "log.h"
#include "protocol.h"
#include "signer_policy.h"

/* Why it may go out: people's approvals, words staged with an original, or the producer's
 * signature. latest: no proof may be younger (now, but for a clock in doubt). */
static bool check_right(const struct signer *signer, struct signing *s, int64_t now, int64_t latest,
        struct err *err)
{
	if (s->manifest.procedure == PROCEDURE_RELAY)
		return check_references(s, err) && check_relay(signer, s, now, err) &&
		       check_incident(signer, s, now, err) && check_policy(signer, s, now, err);
	if (s->upstream_len || *s->manifest.source)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：只有转发才带上游报文和来源（规则：转发另有程序）",
		        "not signed: only a relay comes with an upstream message and a source "
		        "(rule: relays go their own way)");
	if (signing_is_staged(s) ? !check_staged(s, err) : !check_references(s, err))
		return false;
	return check_proofs(signer, s, latest, err) && check_incident(signer, s, now, err) &&
	       check_policy(signer, s, now, err);
}

/* What it follows is over; that is on the disk before anybody gets the answer. */
static bool remember(
        const struct signer *signer, const struct signing *s, struct buf *out, struct err *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < s->original_count; i++)
		ok = seen_end(signer->seen, &s->originals[i].manifest, err);
	if (!ok)
		buf_reset(out);
	return ok;
}

/* What takes a warning back waits for no clock: where ours is in doubt it goes by that of the two
 * which tocsind went by. */
static int64_t time_of(const struct signer *signer, const struct signing *s, int64_t now)
{
	bool near_believed =
	        signer->believed && llabs(s->sent - signer->believed) < llabs(s->sent - now);

	return near_believed && verb_ends_chain(s->manifest.verb) ? signer->believed : now;
}

static bool sign(const struct signer *signer, struct signing *s, struct frame *frame, int64_t now,
        struct buf *out, struct err *err)
{
	if (!signing_read(s, frame, err))
		return false;
	/* What hangs on the words alone may have been done at their last approval. */
	bool looked = signer->ahead && ahead_take(signer->ahead, s);
	if (!looked && !(check_message(signer, s, err) && check_texts(signer, s, err)))
		return false;
	if (!check_originals(signer, s, err) || !seen_lacks_end(signer->seen, &s->manifest, err))
		return false;
	int64_t believed = time_of(signer, s, now);
	/* The officer's clock is like one of the two. */
	int64_t latest = now > believed ? now : believed;
	return check_time(s, believed, err) && (looked || check_screen(signer, s, err)) &&
	       check_right(signer, s, believed, latest, err) &&
	       sign_and_fill(signer, s, out, err) && remember(signer, s, out, err);
}

/* A relay is nobody's to approve, and staged words hang on their original. */
static bool may_wait(const struct signing *s, struct err *err)
{
	if (s->manifest.procedure != PROCEDURE_RELAY && !signing_is_staged(s) && !s->upstream_len &&
	        !*s->manifest.source)
		return true;
	return err_set(err, ERR_INPUT, "转发和预拟的用语不能预先查看",
	        "relays and staged words are not looked through beforehand");
}

static bool prepare(const struct signer *signer, struct signing *s, struct frame *frame,
        int64_t now, struct err *err)
{
	return signing_read(s, frame, err) && check_message(signer, s, err) && may_wait(s, err) &&
	       check_texts(signer, s, err) && check_screen(signer, s, err) &&
	       check_proofs(signer, s, now, err);
}

static void refuse(const struct err *err, struct buf *out)
{
	size_t mark = frame_begin(out, FRAME_REFUSED);

	frame_put_int(out, TAG_KIND, err->kind);
	frame_put_text(out, TAG_ZH, err->zh);
	frame_put_text(out, TAG_EN, err->en);
	frame_end(out, mark);
}

static void answer_sign(
        const struct signer *signer, struct frame *frame, int64_t now, struct buf *out)
{
	struct signing s = {0};
	struct err err = {0};

	if (sign(signer, &s, frame, now, out, &err)) {
		log_event(LOG_INFO, "signed", "identifier", s.manifest.identifier, "verb",
		        verb_text(s.manifest.verb), "level", level_text(s.manifest.level),
		        "procedure", procedure_text(s.manifest.procedure), "officer", s.officer,
		        NULL);
	} else {
		log_event(LOG_WARN, "refused", "identifier", s.manifest.identifier, "officer",
		        s.officer, "reason", err.en, NULL);
		refuse(&err, out);
	}
	signing_finish(&s);
}

static void answer_prepare(
        const struct signer *signer, struct frame *frame, int64_t now, struct buf *out)
{
	struct signing s = {0};
	struct err err = {0};

	if (prepare(signer, &s, frame, now, &err)) {
		log_event(LOG_INFO, "looked-through", "identifier", s.manifest.identifier, NULL);
		if (signer->ahead)
			ahead_keep(signer->ahead, &s);
		frame_end(out, frame_begin(out, FRAME_PREPARED));
	} else {
		log_event(LOG_WARN, "refused", "identifier", s.manifest.identifier, "form",
		        "prepare", "reason", err.en, NULL);
		refuse(&err, out);
	}
	signing_finish(&s);
}

static void answer_status(
        const struct signer *signer, struct frame *frame, int64_t now, struct buf *out)
{
	struct err err = {0};

	if (sign_status(signer, frame, now, out, &err))
		return;
	log_event(LOG_WARN, "refused", "form", "status", "reason", err.en, NULL);
	refuse(&err, out);
}

static void answer_keys(const struct signer *signer, struct buf *out)
{
	char *alert = key_base64(signer->alert);
	char *status = key_base64(signer->status);
	size_t mark = frame_begin(out, FRAME_KEY_LIST);

	frame_put_text(out, TAG_KEY, alert);
	frame_put_text(out, TAG_KEY, status);
	frame_put_text(out, TAG_DIGEST, signer->policy->version);
	frame_put_text(out, TAG_DIGEST, signer->policy_head);
	frame_put_text(out, TAG_MODE, mode_text(signer->mode));
	frame_end(out, mark);
	free(alert);
	free(status);
}

static void answer_policy(struct signer *signer, struct frame *frame, struct buf *out)
{
	struct err err = {0};

	if (!signer_policy_take(signer, frame, &err)) {
		log_event(LOG_WARN, "refused", "reason", err.en, NULL);
		refuse(&err, out);
		return;
	}
	log_event(LOG_INFO, "policy", "version", signer->policy->version, NULL);
	if (signer->ahead)
		ahead_forget(signer->ahead); /* what it found was by the former one */
	size_t mark = frame_begin(out, FRAME_POLICY_TAKEN);
	frame_put_text(out, TAG_DIGEST, signer->policy->version);
	frame_end(out, mark);
}

/* Steps of an incident without a message: what was seen cannot be unseen by whoever takes tocsind's
 * place afterwards. */
static void answer_steps(
        const struct signer *signer, struct frame *frame, int64_t now, struct buf *out)
{
	char *incident = frame_get_text(frame, TAG_ID);
	struct incident_standing standing = {0};
	struct signed_steps steps = {0};
	struct err err = {0};

	signing_read_steps(&steps, frame);
	bool ok = frame_close(frame, &err) &&
	          incident_chain(
	                  signer->policy, &steps, incident, signer->mode, now, &standing, &err) &&
	          seen_steps(signer->seen, incident, &steps, !*standing.handler, &err);
	log_event(ok ? LOG_INFO : LOG_WARN, "steps", "incident", incident, "handler",
	        standing.handler, "reason", ok ? NULL : err.en, NULL);
	if (ok)
		frame_end(out, frame_begin(out, FRAME_SEEN));
	else
		refuse(&err, out);
	incident_standing_finish(&standing);
	signed_steps_finish(&steps);
	free(incident);
}

void signer_answer(
        struct signer *signer, const void *bytes, size_t len, int64_t now, struct buf *out)
{
	struct frame frame;
	struct err err = {0};
	bool open = frame_open(&frame, bytes, len);

	if (open && frame.type == FRAME_SIGN) {
		answer_sign(signer, &frame, now, out);
		return;
	}
	if (open && frame.type == FRAME_PREPARE) {
		answer_prepare(signer, &frame, now, out);
		return;
	}
	if (open && frame.type == FRAME_SIGN_STATUS) {
		answer_status(signer, &frame, now, out);
		return;
	}
	if (open && frame.type == FRAME_KEYS && frame_close(&frame, &err)) {
		answer_keys(signer, out);
		return;
	}
	if (open && frame.type == FRAME_POLICY) {
		answer_policy(signer, &frame, out);
		return;
	}
	if (open && frame.type == FRAME_STEPS) {
		answer_steps(signer, &frame, now, out);
		return;
	}
	err_set(&err, ERR_INPUT, "签名进程不认识这样的请求",
	        "the signer does not know this kind of request");
	log_event(LOG_WARN, "refused", "reason", err.en, NULL);
	refuse(&err, out);
}
