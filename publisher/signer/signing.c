/* SPDX-License-Identifier: Apache-2.0
 * signing - see signing.h: the frame taken apart. A malformed frame leaves an empty struct.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "protocol.h"

enum { MOST_TEXTS = 256, MOST_PROOFS = 64 };
static const int64_t LAST_MOMENT = 253402271999000; /* 9999-12-31T23:59:59+08:00 */

static void finish_original(struct original *original)
{
	free(original->manifest_text);
	free(original->signature);
	free(original->cap);
	manifest_finish(&original->manifest);
	cap_alert_destroy(&original->alert);
}

void signing_finish(struct signing *s)
{
	char *owned[] = {s->manifest_text, s->cap, s->officer, s->reason, (char *)s->upstream};

	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		free(owned[i]);
	for (size_t i = 0; i < s->text_count; i++) {
		free(s->texts[i].target);
		free(s->texts[i].body);
		free(s->texts[i].filled);
	}
	for (size_t i = 0; i < s->proof_count; i++)
		proof_finish(&s->proofs[i]);
	for (size_t i = 0; i < s->known_count; i++)
		proof_finish(&s->known[i]);
	for (size_t i = 0; i < s->original_count; i++)
		finish_original(&s->originals[i]);
	free(s->texts);
	free(s->proofs);
	free(s->known);
	free(s->originals);
	manifest_finish(&s->manifest);
	cap_alert_destroy(&s->alert);
	cap_facts_finish(&s->facts);
	texts_finish(&s->worded);
	sign_offs_finish(&s->sign_offs);
	texts_finish(&s->channels);
	signed_steps_finish(&s->steps);
	incident_standing_finish(&s->standing);
	*s = (struct signing){0};
}

bool signing_is_staged(const struct signing *s)
{
	return s->manifest.procedure != PROCEDURE_RELAY && verb_ends_chain(s->manifest.verb);
}

/* A moment of the years that a text can say (when_text): beyond them two would read the same, and a
 * proof would hold at either. */
static int64_t read_moment(struct frame *frame, uint16_t tag)
{
	int64_t moment = frame_get_int(frame, tag);

	if (moment >= 0 && moment <= LAST_MOMENT)
		return moment;
	frame->spoilt = true;
	return 0;
}

void signing_read_steps(struct signed_steps *steps, struct frame *frame)
{
	while (frame_more(frame, TAG_STEP) && steps->count < INCIDENT_STEPS_MOST) {
		struct signed_step *step = mem_push(&steps->items, &steps->count, sizeof *step);
		step->text = frame_get_text(frame, TAG_STEP);
		step->proof.officer = frame_get_text(frame, TAG_OFFICER);
		step->proof.time = read_moment(frame, TAG_TIME);
		step->proof.signature = frame_get_text(frame, TAG_SIGNATURE);
	}
}

static void read_texts(struct signing *s, struct frame *frame)
{
	while (frame_more(frame, TAG_TARGET) && s->text_count < MOST_TEXTS) {
		struct bulletin_text *text = mem_push(&s->texts, &s->text_count, sizeof *text);
		text->target = frame_get_text(frame, TAG_TARGET);
		text->body = frame_get_text(frame, TAG_TEXT);
	}
}

void signing_read_proof(struct proof *proof, struct frame *frame)
{
	char *act = frame_get_text(frame, TAG_ACT);

	if (!act_read(act, &proof->act))
		frame->spoilt = true;
	free(act);
	proof->officer = frame_get_text(frame, TAG_OFFICER);
	proof->time = read_moment(frame, TAG_TIME);
	proof->signature = frame_get_text(frame, TAG_SIGNATURE);
}

static void read_proofs(struct signing *s, struct frame *frame)
{
	while (frame_more(frame, TAG_ACT) && s->proof_count < MOST_PROOFS)
		signing_read_proof(mem_push(&s->proofs, &s->proof_count, sizeof *s->proofs), frame);
}

static void read_originals(struct signing *s, struct frame *frame)
{
	while (frame_more(frame, TAG_MANIFEST) && s->original_count < SIGN_ORIGINALS_MOST) {
		struct original *original =
		        mem_push(&s->originals, &s->original_count, sizeof *original);
		original->manifest_text = frame_get_text(frame, TAG_MANIFEST);
		original->signature = frame_get_text(frame, TAG_SIGNATURE);
		original->cap = frame_get_text(frame, TAG_CAP);
	}
}

bool signing_read(struct signing *s, struct frame *frame, struct err *err)
{
	*s = (struct signing){0};
	s->manifest_text = frame_get_text(frame, TAG_MANIFEST);
	s->cap = frame_get_text(frame, TAG_CAP);
	s->sent = read_moment(frame, TAG_SENT);
	s->officer = frame_get_text(frame, TAG_OFFICER);
	s->reason = frame_get_text(frame, TAG_OVERRIDE);
	signing_read_steps(&s->steps, frame);
	read_texts(s, frame);
	read_proofs(s, frame);
	read_originals(s, frame);
	const void *upstream = frame_get(frame, TAG_UPSTREAM, &s->upstream_len);
	s->upstream = (unsigned char *)mem_text_n(upstream, s->upstream_len);
	if (frame_close(frame, err))
		return true;
	signing_finish(s);
	return false;
}
