/* SPDX-License-Identifier: Apache-2.0
 * piece - bulletins for the signer's tests (scene.h): made, worded, approved and handed in as
 * tocsind would.
 */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "protocol.h"
#include "text.h"
#include "view.h"
#include "when.h"

static void fill_info(struct cap_info *info, enum level level)
{
	mem_set_text(&info->language, "zh-CN");
	cap_info_add_category(info, CAP_MET);
	mem_set_text(&info->event, "暴雨");
	info->urgency = CAP_EXPECTED;
	info->severity = cap_china_severity(level);
	info->certainty = CAP_LIKELY;
	cap_pairs_add(&info->event_codes, FLATTEN_EVENT_CODE, "11B03");
	info->expires = cap_time_china(scene_time("2026-11-23T15:00:00+08:00"));
	mem_set_text(&info->sender_name, "天津市气象台");
	mem_set_text(&info->headline, "天津市气象台发布暴雨预警");
	mem_set_text(&info->description, "预计未来六小时滨海新区雨强较大。");
	mem_set_text(&info->instruction, "请减少外出。");
	cap_pairs_add(&info->parameters, "kind", "warning");
	cap_pairs_add(&info->parameters, "colour", cap_china_colour(level));
	struct cap_area *area = cap_info_add_area(info);
	mem_set_text(&area->desc, "滨海新区");
	cap_pairs_add(&area->geocodes, FLATTEN_GEOCODE, "120116000000");
}

void piece_init(struct piece *piece, struct scene *scene, enum level level, const char *identifier)
{
	*piece = (struct piece){.officer = who_id[WANG], .sent = scene->now};
	piece->alert = cap_alert_create();
	mem_set_text(&piece->alert->identifier, identifier);
	mem_set_text(&piece->alert->sender, "12000041600000");
	piece->alert->status = CAP_ACTUAL;
	piece->alert->msg_type = CAP_ALERT;
	piece->alert->scope = CAP_PUBLIC;
	fill_info(cap_alert_add_info(piece->alert), level);

	struct manifest *m = &piece->manifest;
	manifest_init(m);
	m->identifier = mem_text(identifier);
	m->sender = mem_text("12000041600000");
	m->status = mem_text("Actual");
	m->mode = MODE_LIVE;
	m->verb = VERB_PUBLISH;
	m->kind = KIND_WARNING;
	m->hazard = mem_text("11B03");
	m->level = level;
	m->unit = mem_text("tj-met");
	m->drafter = mem_text("li");
	m->source = mem_text("");
	m->incident = mem_text("");
	m->chain = mem_text(identifier);
	m->replaces = mem_text("");
	m->expires = scene_time("2026-11-23T15:00:00+08:00");
	texts_add(&m->areas, "120116");
	piece->bulletin = bulletin_create();
	piece_seal(piece, scene);
}

void piece_finish(struct piece *piece)
{
	for (size_t i = 0; i < piece->proof_count; i++)
		proof_finish(&piece->proofs[i]);
	cap_alert_destroy(&piece->alert);
	manifest_finish(&piece->manifest);
	bulletin_destroy(&piece->bulletin);
}

static void add_text(struct piece *piece, const struct view *view, const char *target,
        const char *kind, const struct text_style *style)
{
	struct bulletin *b = piece->bulletin;
	struct manifest *m = &piece->manifest;
	struct text_fit fit;
	struct buf out;
	struct err err = {0};

	buf_init(&out, 0);
	if (!text_render(kind, view, style, &out, &fit, &err))
		fail_msg("%s: %s", target, err.en);
	struct bulletin_text *text = bulletin_add_text(b);
	mem_set_text(&text->target, target);
	mem_set_text(&text->kind, kind);
	mem_set_text(&text->body, out.data);
	struct manifest_target *t = mem_push(&m->targets, &m->target_count, sizeof *t);
	t->name = mem_text(target);
	t->kind = mem_text(kind);
	digest_sha256(out.data, out.len, t->text);
	buf_finish(&out);
}

static void forget_texts(struct piece *piece)
{
	for (size_t i = 0; i < piece->bulletin->text_count; i++) {
		struct bulletin_text *text = &piece->bulletin->texts[i];
		free(text->target);
		free(text->kind);
		free(text->body);
		free(text->filled);
	}
	piece->bulletin->text_count = 0;
	for (size_t i = 0; i < piece->manifest.target_count; i++) {
		free(piece->manifest.targets[i].name);
		free(piece->manifest.targets[i].kind);
	}
	piece->manifest.target_count = 0;
}

void piece_write_manifest(struct piece *piece)
{
	struct buf out;

	buf_init(&out, 0);
	manifest_write(&piece->manifest, &out);
	mem_set_text(&piece->bulletin->manifest, out.data);
	buf_finish(&out);
}

void piece_seal(struct piece *piece, struct scene *scene)
{
	static const struct text_style sms = {.signature = "【天津应急】", .prefix = ""};
	static const struct text_style none = {.signature = "", .prefix = ""};
	struct cap_facts facts;
	struct view view;
	struct buf out;
	struct err err = {0};
	struct manifest *m = &piece->manifest;

	buf_init(&out, 0);
	cap_write(piece->alert, &out);
	mem_set_text(&piece->bulletin->cap, out.data);
	digest_sha256(out.data, out.len, m->cap);
	buf_finish(&out);
	if (!cap_facts_read(piece->alert,
	            scene->signer.catalog ? scene->signer.catalog->outlines : NULL, &facts, &err))
		fail_msg("facts: %s", err.en);
	view_init(&view);
	flatten(piece->alert, &facts, m->verb, m->mode, m->chain, m->replaces,
	        scene->signer.public_url, &view);
	view_digest(&view, m->view);
	forget_texts(piece);
	add_text(piece, &view, "sms-a", "sms", &sms);
	add_text(piece, &view, "site", "website", &none);
	view_finish(&view);
	cap_facts_finish(&facts);
	piece_write_manifest(piece);
}

void piece_prove(struct piece *piece, struct scene *scene, enum act act, enum who who)
{
	struct proof *proof = &piece->proofs[piece->proof_count++];

	*proof = (struct proof){
	        .act = act, .officer = mem_text(who_id[who]), .time = scene->now - 60000};
	digest_sha256(
	        piece->bulletin->manifest, strlen(piece->bulletin->manifest), proof->manifest);
	proof_make(proof, scene->keys[who]);
}

void piece_override(struct piece *piece, struct scene *scene, enum who who, const char *reason)
{
	piece_prove(piece, scene, ACT_OVERRIDE, who);
	struct proof *proof = &piece->proofs[piece->proof_count - 1];
	char manifest[DIGEST_HEX];

	memcpy(manifest, proof->manifest, DIGEST_HEX);
	override_digest(manifest, reason, proof->manifest);
	proof_make(proof, scene->keys[who]);
	piece->bulletin->screening = SCREENING_OVERRIDDEN;
	mem_set_text(&piece->bulletin->screening_note, reason);
}

void piece_approve(struct piece *piece, struct scene *scene)
{
	piece_prove(piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(piece, scene, ACT_SIGN, CHEN);
	piece_prove(piece, scene, ACT_SIGN, WU);
}

void piece_follows(struct piece *piece, const struct piece *original, enum verb verb)
{
	struct manifest *m = &piece->manifest;

	m->verb = verb;
	mem_set_text(&m->chain, original->manifest.chain);
	mem_set_text(&m->replaces, original->manifest.identifier);
	piece->alert->msg_type = verb == VERB_UPDATE ? CAP_UPDATE : CAP_CANCEL;
	piece->originals[0] = original->bulletin;
	piece->original_count = 1;
	piece->sent = original->sent + 1000;
	if (verb == VERB_UPDATE) {
		char *triplet =
		        mem_format("12000041600000,%s,2026-11-23T09:00:00+08:00", m->replaces);
		mem_set_text(&piece->alert->references, triplet);
		free(triplet);
	} else {
		mem_set_text(&piece->alert->references, "");
	}
}

void piece_stage(struct piece *original, struct piece *staged, struct scene *scene, const char *as)
{
	struct manifest *m = &original->manifest;

	piece_seal(staged, scene);
	struct manifest_staged *row = mem_push(&m->staged, &m->staged_count, sizeof *row);
	row->as = mem_text(as);
	const char *written = staged->bulletin->manifest;
	digest_sha256(written, strlen(written), row->digest);
	piece_seal(original, scene);
}

void piece_staged_pair(struct piece *original, struct piece *staged, struct scene *scene,
        enum verb verb, const char *as)
{
	piece_init(original, scene, LEVEL_ORANGE, "12000041600000_20261123090000_1");
	piece_init(staged, scene, LEVEL_ORANGE, "12000041600000_20261123090000_2");
	piece_follows(staged, original, verb);
	piece_stage(original, staged, scene, as);
	piece_approve(original, scene);
	piece_release(original, scene);
}

void piece_relay_seal(struct piece *piece, struct scene *scene)
{
	struct civil c = when_civil(piece->sent, 0);
	char *sent = mem_format("%04d-%02d-%02dT%02d:%02d:%02d-00:00", c.year, c.month, c.day,
	        c.hour, c.minute, c.second);
	struct err err = {0};
	struct buf out;

	piece_seal(piece, scene);
	buf_init(&out, 0);
	assert_true(cap_time_read(sent, &piece->alert->sent));
	if (!cap_sign(piece->alert, scene->upstream, NULL, &out, &err))
		fail_msg("upstream: %s", err.en);
	piece->alert->sent = (struct cap_time){0};
	free(piece->bulletin->upstream);
	piece->bulletin->upstream = buf_take(&out);
	piece->bulletin->upstream_len = strlen(piece->bulletin->upstream);
	free(sent);
}

void piece_relay(struct piece *piece, struct scene *scene, const char *identifier)
{
	piece_init(piece, scene, LEVEL_ORANGE, identifier);
	piece->manifest.procedure = PROCEDURE_RELAY;
	mem_set_text(&piece->manifest.drafter, "");
	mem_set_text(&piece->manifest.source, "met-feed");
	piece->officer = "";
	piece->sent = scene->now - 300000;
	piece_relay_seal(piece, scene);
}

static void read_refusal(struct frame *frame, struct err *err)
{
	assert_int_equal(frame->type, FRAME_REFUSED);
	err->kind = (enum err_kind)frame_get_int(frame, TAG_KIND);
	char *zh = frame_get_text(frame, TAG_ZH);
	char *en = frame_get_text(frame, TAG_EN);
	assert_true(frame_close(frame, NULL));
	snprintf(err->zh, sizeof err->zh, "%s", zh);
	snprintf(err->en, sizeof err->en, "%s", en);
	free(zh);
	free(en);
}

static bool read_answer(const struct buf *out, struct sign_answer *answer, struct err *err)
{
	struct frame frame;

	assert_true(frame_open(&frame, out->data, out->len));
	if (frame.type == FRAME_SIGNED) {
		assert_true(signer_take_answer(&frame, answer, err));
		return true;
	}
	read_refusal(&frame, err);
	return false;
}

/* One question, as FRAME_SIGN or under another type with the same fields. */
static void put_question(
        const struct piece *piece, struct scene *scene, enum frame_type type, struct buf *out)
{
	struct sign_request request = {.bulletin = piece->bulletin,
	        .proofs = piece->proofs,
	        .proof_count = piece->proof_count,
	        .officer = piece->officer,
	        .sent = piece->sent,
	        .originals = piece->originals,
	        .original_count = piece->original_count,
	        .steps = piece->steps};
	struct err err;
	struct buf in;

	buf_init(&in, 0);
	buf_init(out, 0);
	assert_true(signer_put_request(&request, &in, &err));
	in.data[4] = (char)(type >> 8);
	in.data[5] = (char)(type & 0xff);
	signer_answer(&scene->signer, in.data, in.len, scene->now, out);
	buf_finish(&in);
}

bool piece_prepare(const struct piece *piece, struct scene *scene, struct err *err)
{
	struct frame frame;
	struct buf out;

	*err = (struct err){0};
	put_question(piece, scene, FRAME_PREPARE, &out);
	assert_true(frame_open(&frame, out.data, out.len));
	bool ok = frame.type == FRAME_PREPARED;
	if (ok)
		assert_true(frame_close(&frame, NULL));
	else
		read_refusal(&frame, err);
	buf_finish(&out);
	return ok;
}

bool piece_ask(
        const struct piece *piece, struct scene *scene, struct sign_answer *answer, struct err *err)
{
	struct buf out;

	*answer = (struct sign_answer){0};
	if (scene->signer.ahead)
		piece_prepare(piece, scene, err);
	*err = (struct err){0};
	put_question(piece, scene, FRAME_SIGN, &out);
	bool ok = read_answer(&out, answer, err);
	buf_finish(&out);
	return ok;
}

void piece_release(struct piece *piece, struct scene *scene)
{
	struct sign_answer answer;
	struct err err;
	struct bulletin *b = piece->bulletin;

	if (!piece_ask(piece, scene, &answer, &err))
		fail_msg("got refused, want signed: %s", err.en);
	free(b->signed_cap);
	free(b->filled_manifest);
	free(b->manifest_signature);
	b->signed_cap = answer.cap;
	b->filled_manifest = answer.manifest;
	b->manifest_signature = answer.signature;
}

void piece_refused(
        const char *name, const struct piece *piece, struct scene *scene, const char *word)
{
	struct sign_answer answer;
	struct err err;

	if (piece_ask(piece, scene, &answer, &err)) {
		sign_answer_finish(&answer);
		fail_msg("%s: got signed, want refused", name);
	}
	if (!strstr(err.en, word) || !err.zh[0] || err.kind == ERR_NONE)
		fail_msg("%s: got \"%s\" (%s), want a sentence with \"%s\"", name, err.en, err.zh,
		        word);
}
