/* SPDX-License-Identifier: Apache-2.0
 * test_signer_permits - what the signer must sign, and that what it gives out holds: first issue,
 * urgent, update, staged cancel and correction, relay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "protocol.h"
#include "scene.h"
#include "text.h"
#include "when.h"

/* Manifest, signature, digests, texts: everything a channel host will look at. */
static void holds(const struct piece *piece, struct scene *scene)
{
	const struct bulletin *b = piece->bulletin;
	struct manifest filled;
	char digest[DIGEST_HEX];
	struct err err = {0};

	assert_int_equal(
	        cap_verify(b->signed_cap, strlen(b->signed_cap), scene->signer.alert, NULL, &err),
	        CAP_SIGNATURE_GOOD);
	assert_true(key_verify(scene->signer.alert, b->filled_manifest, strlen(b->filled_manifest),
	        b->manifest_signature));
	assert_true(manifest_read(&filled, b->filled_manifest, strlen(b->filled_manifest), &err));
	assert_int_equal(filled.sent, piece->sent);
	digest_sha256(b->signed_cap, strlen(b->signed_cap), digest);
	assert_string_equal(filled.cap, digest);
	assert_string_equal(filled.view, piece->manifest.view);
	for (size_t i = 0; i < b->text_count; i++) {
		struct buf out;
		buf_init(&out, 0);
		text_fill_sent(b->texts[i].body, piece->sent, &out);
		digest_sha256(out.data, out.len, digest);
		assert_string_equal(manifest_target(&filled, b->texts[i].target)->text, digest);
		assert_null(strstr(out.data, VIEW_SENT_MARK));
		buf_finish(&out);
	}
	manifest_finish(&filled);
}

static struct cap_alert *message(const struct piece *piece)
{
	struct cap_problems problems = {0};
	const char *text = piece->bulletin->signed_cap;
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

	assert_non_null(alert);
	assert_int_equal(problems.errors, 0);
	cap_problems_finish(&problems);
	return alert;
}

static void first_issue(void **state)
{
	static const enum level levels[] = {LEVEL_RED, LEVEL_ORANGE, LEVEL_YELLOW, LEVEL_BLUE};
	struct piece piece;

	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		piece_init(&piece, *state, levels[i], "12000041600000_20261123090000_1");
		piece_approve(&piece, *state);
		piece_release(&piece, *state);
		holds(&piece, *state);
		struct cap_alert *alert = message(&piece);
		assert_int_equal(alert->sent.ms, piece.sent);
		assert_int_equal(alert->sent.offset, 480);
		cap_alert_destroy(&alert);
		piece_finish(&piece);
	}
}

static void drafter_or_signer_may_release(void **state)
{
	struct piece piece;

	piece_init(&piece, *state, LEVEL_ORANGE, "12000041600000_20261123090000_1");
	piece_approve(&piece, *state);
	piece.sent += 59000;
	piece_release(&piece, *state);
	holds(&piece, *state);
	piece_finish(&piece);
}

static void urgent_with_one(void **state)
{
	struct piece piece;

	piece_init(&piece, *state, LEVEL_RED, "12000041600000_20261123090000_2");
	piece.manifest.procedure = PROCEDURE_URGENT;
	piece_seal(&piece, *state);
	piece_prove(&piece, *state, ACT_SIGN, CHEN);
	piece_release(&piece, *state);
	holds(&piece, *state);
	piece_finish(&piece);
}

/* By a reviewer; by the signer where the row asks no review. */
static void overridden(void **state)
{
	struct piece piece;

	for (int urgent = 0; urgent < 2; urgent++) {
		piece_init(&piece, *state, LEVEL_RED, "12000041600000_20261123090000_4");
		piece.manifest.procedure = urgent ? PROCEDURE_URGENT : PROCEDURE_NORMAL;
		piece.manifest.held = true;
		piece_write_manifest(&piece);
		if (urgent)
			piece_prove(&piece, *state, ACT_SIGN, CHEN);
		else
			piece_approve(&piece, *state);
		piece_override(&piece, *state, urgent ? CHEN : ZHAO, "对外公布的咨询电话");
		piece_release(&piece, *state);
		holds(&piece, *state);
		piece_finish(&piece);
	}
}

/* The scene's policy with a row that lets tj-emb act for tj-met until that day. */
static struct policy *policy_with_behalf(struct scene *scene, const char *until)
{
	const char *text = scene->signer.policy->text;
	const char *rest = strstr(text, "signoff:");
	struct err err = {0};

	assert_non_null(rest);
	char *more = mem_format(
	        "%.*s  - {unit: tj-emb, role: behalf, of: tj-met, acts: [publish], hazards: "
	        "[\"11B*\"], levels: [orange],\n     areas: [\"12*\"], channels: [\"*\"], from: "
	        "2026-01-01, until: %s, basis: \"双方协议\"}\n%s",
	        (int)(rest - text), text, until, rest);
	struct policy *policy = policy_parse("authority.yaml", more, strlen(more), &err);
	if (!policy)
		fail_msg("policy: %s", err.en);
	free(more);
	return policy;
}

/* The manifest names the handler; the officer is of the unit that acts for it. */
static void on_behalf(void **state)
{
	static const char *const until[] = {"2199-01-01", "2026-02-01"};
	struct scene *scene = *state;
	struct policy *own = scene->signer.policy;

	for (size_t i = 0; i < 2; i++) {
		struct piece piece;
		scene->signer.policy = own;
		struct policy *policy = policy_with_behalf(scene, until[i]);
		scene->signer.policy = policy;
		piece_init(&piece, scene, LEVEL_ORANGE, "12000041600000_20261123090000_3");
		piece_approve(&piece, scene);
		piece.officer = "sun";
		if (i == 0) {
			piece_release(&piece, scene);
			holds(&piece, scene);
		} else {
			piece_refused("an expired row", &piece, scene, "policy");
		}
		piece_finish(&piece);
		policy_destroy(&policy);
	}
	scene->signer.policy = own;
}

static void update(void **state)
{
	struct piece first, second;

	piece_init(&first, *state, LEVEL_ORANGE, "12000041600000_20261123090000_1");
	piece_approve(&first, *state);
	piece_release(&first, *state);
	piece_init(&second, *state, LEVEL_RED, "12000041600000_20261123090001_1");
	piece_follows(&second, &first, VERB_UPDATE);
	piece_seal(&second, *state);
	piece_approve(&second, *state);
	piece_release(&second, *state);
	holds(&second, *state);
	piece_finish(&second);
	piece_finish(&first);
}

/* Two hours ahead, and nobody believes it: what takes back goes by the time tocsind believes, a
 * first issue never does. */
static void a_cancel_under_a_clock_in_doubt(void **state)
{
	enum { HOURS_AHEAD = 2 * 3600 * 1000 };
	struct piece original, staged, other;
	struct scene scene;

	(void)state;
	scene_init(&scene);
	piece_staged_pair(&original, &staged, &scene, VERB_CANCEL, "cancel");
	piece_prove(&staged, &scene, ACT_CANCEL, WANG);
	piece_init(&other, &scene, LEVEL_ORANGE, "12000041600000_20261123090000_7");
	piece_seal(&other, &scene);
	piece_approve(&other, &scene);
	scene.now += HOURS_AHEAD;
	piece_refused("by the wall clock", &staged, &scene, "over 60 s off");
	scene.signer.believed = scene.now - HOURS_AHEAD;
	piece_release(&staged, &scene);
	holds(&staged, &scene);
	piece_refused("a first issue", &other, &scene, "over 60 s off");
	piece_finish(&other);
	piece_finish(&staged);
	piece_finish(&original);
	scene_finish(&scene);
}

/* A signer each: the first one's original has ended by then. */
static void staged_cancel_and_correction(void **state)
{
	static const struct {
		enum verb verb;
		enum act act;
		const char *as;
	} cases[] = {
	        {VERB_CANCEL, ACT_CANCEL, "cancel"}, {VERB_CORRECT, ACT_CORRECT, "wrong-area"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct piece original, staged;
		struct scene scene;
		scene_init(&scene);
		piece_staged_pair(&original, &staged, &scene, cases[i].verb, cases[i].as);
		piece_prove(&staged, &scene, cases[i].act, WANG);
		piece_release(&staged, &scene);
		holds(&staged, &scene);
		struct cap_alert *alert = message(&staged);
		assert_string_equal(alert->references,
		        "12000041600000,12000041600000_20261123090000_1,2026-11-23T09:00:00+08:00");
		cap_alert_destroy(&alert);
		piece_finish(&staged);
		piece_finish(&original);
		scene_finish(&scene);
	}
}

static void relay(void **state)
{
	struct piece piece;

	piece_relay(&piece, *state, "upstream-7");
	piece_release(&piece, *state);
	holds(&piece, *state);
	struct cap_alert *alert = message(&piece);
	assert_int_equal(alert->sent.ms, piece.sent);
	assert_true(alert->sent.minus_zero);
	cap_alert_destroy(&alert);
	piece_finish(&piece);
}

static void relays_refused(void **state)
{
	struct scene *scene = *state;
	struct piece piece;
	struct key *other = key_generate();

	piece_relay(&piece, scene, "upstream-7");
	char *at = strstr(piece.bulletin->upstream, "较大");
	memcpy(at, "较小", strlen("较小"));
	piece_refused("upstream edited", &piece, scene, "upstream");
	piece_finish(&piece);

	piece_relay(&piece, scene, "upstream-7");
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece_refused("with a proof", &piece, scene, "must not come with officers");
	piece_finish(&piece);

	piece_relay(&piece, scene, "upstream-7");
	texts_add(&piece.manifest.earlier, "li");
	piece_write_manifest(&piece);
	piece_refused("with one who drafted it", &piece, scene, "must not come with officers");
	piece_finish(&piece);

	piece_relay(&piece, scene, "upstream-7");
	mem_set_text(&piece.alert->infos[0].headline, "另一个标题");
	piece_seal(&piece, scene);
	piece_refused("other words", &piece, scene, "is not what is to be signed");
	piece_finish(&piece);

	piece_relay(&piece, scene, "upstream-7");
	mem_set_text(&piece.bulletin->texts[0].body, "【天津应急】没事");
	digest_sha256(piece.bulletin->texts[0].body, strlen(piece.bulletin->texts[0].body),
	        piece.manifest.targets[0].text);
	piece_write_manifest(&piece);
	piece_refused("own text", &piece, scene, "a relay adds nothing");
	piece_finish(&piece);

	piece_relay(&piece, scene, "upstream-7");
	mem_set_text(&piece.manifest.source, "other-feed");
	piece_write_manifest(&piece);
	piece_refused("unknown source", &piece, scene, "no trust list");
	piece_finish(&piece);

	/* Who follows it up later is read from this line. */
	piece_relay(&piece, scene, "upstream-7");
	mem_set_text(&piece.manifest.unit, "tj-emb");
	piece_write_manifest(&piece);
	piece_refused("in another unit's name", &piece, scene, "in the name of unit");
	piece_finish(&piece);

	piece_relay(&piece, scene, "upstream-7");
	struct buf out;
	buf_init(&out, 0);
	piece.alert->sent = cap_time_china(piece.sent);
	assert_true(cap_sign(piece.alert, other, NULL, &out, NULL));
	free(piece.bulletin->upstream);
	piece.bulletin->upstream = buf_take(&out);
	piece.bulletin->upstream_len = strlen(piece.bulletin->upstream);
	piece_refused("another's key", &piece, scene, "upstream");
	buf_init(&out, 0);
	cap_write(piece.alert, &out);
	free(piece.bulletin->upstream);
	piece.bulletin->upstream = buf_take(&out);
	piece.bulletin->upstream_len = strlen(piece.bulletin->upstream);
	piece_refused("not signed", &piece, scene, "carries none");
	piece_finish(&piece);
	key_destroy(&other);
}

/* Its signature would hold in ten years, too. */
static void relay_of_what_is_old(void **state)
{
	static const int64_t hour = 3600000;
	static const struct {
		int64_t age;
		bool good;
	} cases[] = {{23 * hour, true}, {25 * hour, false}, {9000 * hour, false},
	        {-hour / 10, true}, {-hour / 4, false}};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct piece piece;
		char *identifier = mem_format("aged-%zu", i);

		piece_relay(&piece, scene, identifier);
		piece.alert->infos[0].expires = (struct cap_time){0};
		piece.manifest.expires = 0;
		piece.sent = scene->now - cases[i].age;
		piece_relay_seal(&piece, scene);
		if (cases[i].good)
			piece_release(&piece, scene);
		else
			piece_refused(identifier, &piece, scene, "a relay is fresh");
		piece_finish(&piece);
		free(identifier);
	}
}

/* What takes a warning back is never too old. */
static void relayed_cancel_that_is_late(void **state)
{
	struct scene *scene = *state;
	struct piece first, second;
	int64_t now = scene->now;
	char when[WHEN_TEXT];

	piece_relay(&first, scene, "late-1");
	piece_release(&first, scene);
	piece_relay(&second, scene, "late-2");
	piece_follows(&second, &first, VERB_CANCEL);
	second.alert->infos[0].expires = (struct cap_time){0};
	second.manifest.expires = 0;
	second.sent = first.sent + 1000;
	when_text(first.sent, when);
	char *triplet = mem_format("12000041600000,late-1,%s", when);
	mem_set_text(&second.alert->references, triplet);
	free(triplet);
	scene->now = now + (int64_t)72 * 3600000;
	piece_relay_seal(&second, scene);
	piece_release(&second, scene);
	scene->now = now;
	piece_finish(&second);
	piece_finish(&first);
}

static void keys(void **state)
{
	struct scene *scene = *state;
	struct buf in, out;
	struct frame frame;

	buf_init(&in, 0);
	buf_init(&out, 0);
	assert_true(frame_end(&in, frame_begin(&in, FRAME_KEYS)));
	signer_answer(&scene->signer, in.data, in.len, scene->now, &out);
	assert_true(frame_open(&frame, out.data, out.len));
	assert_int_equal(frame.type, FRAME_KEY_LIST);
	char *want = key_base64(scene->signer.alert);
	char *got = frame_get_text(&frame, TAG_KEY);
	assert_string_equal(got, want);
	assert_null(strstr(out.data, "PRIVATE"));
	free(got);
	free(want);
	buf_finish(&in);
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(first_issue),
	        cmocka_unit_test(drafter_or_signer_may_release),
	        cmocka_unit_test(urgent_with_one),
	        cmocka_unit_test(overridden),
	        cmocka_unit_test(on_behalf),
	        cmocka_unit_test(update),
	        cmocka_unit_test(staged_cancel_and_correction),
	        cmocka_unit_test(a_cancel_under_a_clock_in_doubt),
	        cmocka_unit_test(relay),
	        cmocka_unit_test(relays_refused),
	        cmocka_unit_test(relay_of_what_is_old),
	        cmocka_unit_test(relayed_cancel_that_is_late),
	        cmocka_unit_test(keys),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
