/* SPDX-License-Identifier: Apache-2.0
 * signer_client - see signer_client.h. One connection per question; what comes back is read to the
 * last byte or refused.
 */
#include "signer_client.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol.h"
#include "stream.h"
#include "when.h"

enum { DEADLINE_MS = 10000 };

static void put_steps(struct buf *out, const struct signed_steps *steps)
{
	for (size_t i = 0; steps && i < steps->count; i++) {
		const struct signed_step *step = &steps->items[i];
		frame_put_text(out, TAG_STEP, step->text);
		frame_put_text(out, TAG_OFFICER, step->proof.officer);
		frame_put_int(out, TAG_TIME, step->proof.time);
		frame_put_text(out, TAG_SIGNATURE, step->proof.signature);
	}
}

static void put_texts(struct buf *out, const struct bulletin *b)
{
	for (size_t i = 0; i < b->text_count; i++) {
		frame_put_text(out, TAG_TARGET, b->texts[i].target);
		frame_put_text(out, TAG_TEXT, b->texts[i].body);
	}
}

static void put_proofs(struct buf *out, const struct proof *proofs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct proof *proof = &proofs[i];
		frame_put_text(out, TAG_ACT, act_text(proof->act));
		frame_put_text(out, TAG_OFFICER, proof->officer);
		frame_put_int(out, TAG_TIME, proof->time);
		frame_put_text(out, TAG_SIGNATURE, proof->signature);
	}
}

static void put_originals(struct buf *out, const struct sign_request *request)
{
	for (size_t i = 0; i < request->original_count; i++) {
		const struct bulletin *original = request->originals[i];
		frame_put_text(out, TAG_MANIFEST, original->filled_manifest);
		frame_put_text(out, TAG_SIGNATURE, original->manifest_signature);
		frame_put_text(out, TAG_CAP, original->signed_cap);
	}
}

static bool put_request(
        const struct sign_request *request, enum frame_type type, struct buf *out, struct err *err)
{
	const struct bulletin *b = request->bulletin;
	size_t mark = frame_begin(out, type);

	frame_put_text(out, TAG_MANIFEST, b->manifest);
	frame_put_text(out, TAG_CAP, b->cap);
	frame_put_int(out, TAG_SENT, request->sent);
	frame_put_text(out, TAG_OFFICER, request->officer);
	frame_put_text(
	        out, TAG_OVERRIDE, b->screening == SCREENING_OVERRIDDEN ? b->screening_note : "");
	put_steps(out, request->steps);
	put_texts(out, b);
	put_proofs(out, request->proofs, request->proof_count);
	put_originals(out, request);
	frame_put(out, TAG_UPSTREAM, b->upstream ? b->upstream : "",
	        b->upstream ? b->upstream_len : 0);
	if (frame_end(out, mark))
		return true;
	return err_set(err, ERR_TOO_BIG, "%s 连同其前序消息超过 1 MiB，无法送签",
	        "%s with the messages before it is over 1 MiB: it cannot be sent to the signer",
	        b->identifier);
}

bool signer_put_request(const struct sign_request *request, struct buf *out, struct err *err)
{
	return put_request(request, FRAME_SIGN, out, err);
}

/* The signer's own words. */
static void take_refusal(struct frame *frame, struct err *err)
{
	int64_t kind = frame_get_int(frame, TAG_KIND);
	char *zh = frame_get_text(frame, TAG_ZH);
	char *en = frame_get_text(frame, TAG_EN);
	struct err unused;

	if (frame_close(frame, err)) {
		bool known = kind > ERR_NONE && kind <= ERR_INTERNAL;
		err_set(err ? err : &unused, known ? (enum err_kind)kind : ERR_INTERNAL, "%s%.0s",
		        "%.0s%s", zh, en);
	}
	free(zh);
	free(en);
}

/* Sends `out`, gets the answer into `in`, opens it. true: it is of the wanted type. */
static bool exchange(const char *path, const struct buf *out, enum frame_type want, struct buf *in,
        struct frame *frame, struct err *err)
{
	int64_t deadline = when_boot() + DEADLINE_MS;
	struct err cause;
	int fd = stream_connect(path, &cause);

	if (fd < 0)
		return err_set(err, ERR_UNAVAILABLE, "签名进程不在，未签署任何内容：%s%.0s",
		        "the signer is not there, nothing was signed: %.0s%s", cause.zh, cause.en);
	enum stream_result got = STREAM_CLOSED;
	bool sent = stream_send(fd, out, deadline, err);
	if (sent)
		got = stream_receive(fd, in, deadline, err);
	close(fd);
	if (!sent || got == STREAM_BROKEN)
		return false;
	if (got == STREAM_TIMEOUT)
		return err_set(err, ERR_BUSY, "签名进程 10 秒内未回答",
		        "the signer did not answer within 10 s");
	if (got != STREAM_FRAME || !frame_open(frame, in->data, frame_length(in->data, in->len)))
		return err_set(err, ERR_UNAVAILABLE, "签名进程断开了连接",
		        "the signer closed the connection");
	if (frame->type == want)
		return true;
	if (frame->type == FRAME_REFUSED)
		take_refusal(frame, err);
	else
		err_set(err, ERR_INTERNAL, "签名进程的回答类型不对",
		        "the signer gave an answer of the wrong type");
	return false;
}

void sign_answer_finish(struct sign_answer *answer)
{
	free(answer->cap);
	free(answer->manifest);
	free(answer->signature);
	*answer = (struct sign_answer){0};
}

bool signer_take_answer(struct frame *frame, struct sign_answer *answer, struct err *err)
{
	answer->cap = frame_get_text(frame, TAG_CAP);
	answer->manifest = frame_get_text(frame, TAG_MANIFEST);
	answer->signature = frame_get_text(frame, TAG_SIGNATURE);
	if (frame_close(frame, err))
		return true;
	sign_answer_finish(answer);
	return false;
}

bool signer_sign(const char *socket_path, const struct sign_request *request,
        struct sign_answer *answer, struct err *err)
{
	struct buf out, in;
	struct frame frame;

	*answer = (struct sign_answer){0};
	buf_init(&out, FRAME_MAX + 4);
	buf_init(&in, 0);
	bool ok = signer_put_request(request, &out, err) &&
	          exchange(socket_path, &out, FRAME_SIGNED, &in, &frame, err) &&
	          signer_take_answer(&frame, answer, err);
	buf_finish(&out);
	buf_finish(&in);
	return ok;
}

bool signer_prepare(const char *socket_path, const struct sign_request *request, struct err *err)
{
	struct buf out, in;
	struct frame frame;

	buf_init(&out, FRAME_MAX + 4);
	buf_init(&in, 0);
	bool ok = put_request(request, FRAME_PREPARE, &out, err) &&
	          exchange(socket_path, &out, FRAME_PREPARED, &in, &frame, err) &&
	          frame_close(&frame, err);
	buf_finish(&out);
	buf_finish(&in);
	return ok;
}

bool signer_steps(const char *socket_path, const char *incident, const struct signed_steps *steps,
        struct err *err)
{
	struct buf out, in;
	struct frame frame;

	buf_init(&out, FRAME_MAX + 4);
	buf_init(&in, 0);
	size_t mark = frame_begin(&out, FRAME_STEPS);
	frame_put_text(&out, TAG_ID, incident);
	put_steps(&out, steps);
	bool ok = frame_end(&out, mark) ||
	          err_set(err, ERR_TOO_BIG, "事件 %s 的步骤超过 1 MiB",
	                  "the steps of incident %s are over 1 MiB", incident);
	ok = ok && exchange(socket_path, &out, FRAME_SEEN, &in, &frame, err) &&
	     frame_close(&frame, err);
	buf_finish(&out);
	buf_finish(&in);
	return ok;
}

void signer_holds_finish(struct signer_holds *holds)
{
	free(holds->alert_key);
	free(holds->status_key);
	free(holds->policy);
	free(holds->policy_head);
	free(holds->mode);
	*holds = (struct signer_holds){0};
}

bool signer_keys(const char *socket_path, struct signer_holds *out, struct err *err)
{
	struct buf question, answer;
	struct frame frame;

	*out = (struct signer_holds){0};
	buf_init(&question, 0);
	buf_init(&answer, 0);
	frame_end(&question, frame_begin(&question, FRAME_KEYS));
	bool ok = exchange(socket_path, &question, FRAME_KEY_LIST, &answer, &frame, err);
	if (ok) {
		out->alert_key = frame_get_text(&frame, TAG_KEY);
		out->status_key = frame_get_text(&frame, TAG_KEY);
		out->policy = frame_get_text(&frame, TAG_DIGEST);
		out->policy_head = frame_get_text(&frame, TAG_DIGEST);
		out->mode = frame_get_text(&frame, TAG_MODE);
		ok = frame_close(&frame, err);
	}
	buf_finish(&question);
	buf_finish(&answer);
	if (!ok)
		signer_holds_finish(out);
	return ok;
}

bool signer_put_policy(const char *socket_path, const struct policy_step *step, struct err *err)
{
	struct buf question, answer;
	struct frame frame;

	buf_init(&question, FRAME_MAX + 4);
	buf_init(&answer, 0);
	size_t mark = frame_begin(&question, FRAME_POLICY);
	frame_put_text(&question, TAG_TEXT, step->text);
	frame_put(&question, TAG_BYTES, step->body, step->body_len);
	put_proofs(&question, step->proofs, step->proof_count);
	bool ok = frame_end(&question, mark) ||
	          err_set(err, ERR_TOO_BIG, "授权规则超过 1 MiB，无法交给签名进程",
	                  "the policy is over 1 MiB: it cannot be handed to the signer");
	ok = ok && exchange(socket_path, &question, FRAME_POLICY_TAKEN, &answer, &frame, err);
	buf_finish(&question);
	buf_finish(&answer);
	return ok;
}

bool signer_status(const char *socket_path, const struct status *status, char **text,
        char **signature, struct err *err)
{
	struct buf form, out, in;
	struct frame frame;

	*text = *signature = NULL;
	buf_init(&form, STATUS_MOST_BYTES);
	buf_init(&out, FRAME_MAX + 4);
	buf_init(&in, 0);
	status_write(status, &form);
	size_t mark = frame_begin(&out, FRAME_SIGN_STATUS);
	frame_put(&out, TAG_TEXT, form.data, form.len);
	frame_end(&out, mark);
	bool ok = exchange(socket_path, &out, FRAME_STATUS_SIGNED, &in, &frame, err);
	if (ok) {
		*signature = frame_get_text(&frame, TAG_SIGNATURE);
		ok = frame_close(&frame, err);
	}
	if (ok) {
		*text = buf_take(&form);
	} else {
		free(*signature);
		*signature = NULL;
	}
	buf_finish(&form);
	buf_finish(&out);
	buf_finish(&in);
	return ok;
}
