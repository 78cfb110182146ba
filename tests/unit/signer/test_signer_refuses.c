/* SPDX-License-Identifier: Apache-2.0
 * test_signer_refuses - a program in tocsind's place asks for what nobody approved. Each case
 * starts from a bulletin that would be signed and spoils one thing.
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
#include "when.h"
#include "source_tree.h"

#define ID "12000041600000_20261123090000_1"

static void approvals(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_RED, ID);
	piece_refused("none at all", &piece, scene, "policy");
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece_refused("one signer where two are needed", &piece, scene, "policy");
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece_refused("the same signer twice", &piece, scene, "policy");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, ZHAO);
	piece_refused("review and sign by one", &piece, scene, "policy");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, LI);
	piece_refused("by the drafter", &piece, scene, "policy");
	piece_finish(&piece);
}

/* The drafter who holds every duty approves the own draft. */
static void own_approval(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	mem_set_text(&piece.manifest.drafter, "chen");
	piece_write_manifest(&piece);
	piece_prove(&piece, scene, ACT_REVIEW, ZHAO);
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece_refused("own approval", &piece, scene, "policy");
	piece_finish(&piece);
}

static void proofs(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	mem_set_text(&piece.alert->infos[0].headline, "改了标题");
	piece_seal(&piece, scene);
	piece_refused("approved before an edit", &piece, scene, "does not hold");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	struct key *unknown = key_generate();
	proof_make(&piece.proofs[1], unknown);
	piece_refused("unknown key", &piece, scene, "does not hold");
	proof_make(&piece.proofs[1], scene->keys[WU]);
	piece_refused("another officer's key", &piece, scene, "does not hold");
	mem_set_text(&piece.proofs[1].officer, "nobody");
	proof_make(&piece.proofs[1], unknown);
	piece_refused("unknown officer", &piece, scene, "does not hold");
	mem_set_text(&piece.proofs[1].signature, "AAAA");
	piece_refused("no signature", &piece, scene, "does not hold");
	key_destroy(&unknown);
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	piece.proofs[0].time = scene->now + 120000;
	proof_make(&piece.proofs[0], scene->keys[ZHAO]);
	piece_refused("from the future", &piece, scene, "future");
	piece_finish(&piece);
}

static void draw(struct piece *piece, struct scene *scene, const char *circle)
{
	struct cap_area *area = &piece->alert->infos[0].areas[0];

	mem_set_text(&area->geocodes.items[0].name, "other");
	assert_true(cap_area_add_circle(area, circle, NULL));
	piece_seal(piece, scene);
}

/* The signer finds out itself which divisions a drawn area touches. */
static void drawn_areas(void **state)
{
	struct scene *scene = *state;
	char *folder = source_path("publisher/data");
	struct piece piece;

	scene->signer.catalog = catalog_read(folder, NULL);
	assert_non_null(scene->signer.catalog);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	draw(&piece, scene, "38.99,117.50 12");
	piece_approve(&piece, scene);
	piece_refused("one of the divisions touched", &piece, scene, "area is \"");
	piece_finish(&piece);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	draw(&piece, scene, "38.99,117.66 3");
	piece.manifest.targets[0].audience_count = 1;
	memset(piece.manifest.targets[0].audience, 'a', DIGEST_HEX - 1);
	piece_write_manifest(&piece);
	piece_approve(&piece, scene);
	piece_refused("recipients by division", &piece, scene, "by division");
	catalog_destroy(&scene->signer.catalog);
	piece_refused("no outlines", &piece, scene, "outlines.csv");
	piece_finish(&piece);
	free(folder);
}

static void units_and_officers(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	piece.officer = "chen";
	piece_refused("without the duty to publish", &piece, scene, "policy");
	piece.officer = "sun";
	piece_refused("a unit without a grant", &piece, scene, "policy");
	piece.officer = "nobody";
	piece_refused("nobody", &piece, scene, "policy");
	piece.officer = "";
	piece_refused("no officer", &piece, scene, "policy");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	mem_set_text(&piece.manifest.unit, "tj-emb");
	piece_write_manifest(&piece);
	piece_approve(&piece, scene);
	piece.officer = "sun";
	piece_refused("unit without a grant", &piece, scene, "policy");
	piece.officer = "wang";
	piece_refused("in another unit's name", &piece, scene, "in the name of");
	piece_finish(&piece);
}

static void secrecy(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_prove(&piece, scene, ACT_SIGN, CHEN);
	piece_refused("not reviewed", &piece, scene, "condition 6");
	piece_finish(&piece);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece.manifest.held = true;
	piece_write_manifest(&piece);
	piece_approve(&piece, scene);
	piece_refused("held", &piece, scene, "condition 6");
	piece.bulletin->screening = SCREENING_OVERRIDDEN;
	piece_refused("said to be overridden", &piece, scene, "condition 6");
	piece_finish(&piece);
}

static void override(void **state)
{
	static const struct {
		const char *what;
		enum who who;
		const char *signed_for, *said, *why;
	} cases[] = {
	        {"by its drafter", LI, "公开电话", "公开电话", "condition 6"},
	        {"by a signer", CHEN, "公开电话", "公开电话", "condition 6"},
	        {"by another unit", SUN, "公开电话", "公开电话", "condition 6"},
	        {"for another reason", ZHAO, "公开电话", "领导要求", "does not hold"},
	        {"for none", ZHAO, "", "", "condition 6"},
	};
	struct piece piece;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		piece_init(&piece, *state, LEVEL_ORANGE, ID);
		piece.manifest.held = true;
		piece_write_manifest(&piece);
		piece_approve(&piece, *state);
		piece_override(&piece, *state, cases[i].who, cases[i].signed_for);
		mem_set_text(&piece.bulletin->screening_note, cases[i].said);
		piece_refused(cases[i].what, &piece, *state, cases[i].why);
		piece_finish(&piece);
	}
}

static void words(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	mem_set_text(&piece.bulletin->texts[0].body, "【天津应急】没事");
	piece_refused("text", &piece, scene, "not the approved one");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	memcpy(piece.manifest.view, piece.manifest.cap, DIGEST_HEX);
	piece_write_manifest(&piece);
	piece_approve(&piece, scene);
	piece_refused("view", &piece, scene, "view");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	piece.bulletin->text_count--;
	piece_refused("text missing", &piece, scene, "texts came");
	piece.bulletin->text_count++;
	mem_set_text(&piece.bulletin->texts[1].target, "sms-a");
	piece_refused("text twice", &piece, scene, "one too many");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	char *at = strstr(piece.bulletin->cap, "减少");
	memcpy(at, "增加", strlen("增加"));
	piece_refused("message", &piece, scene, "differ");
	piece_finish(&piece);
}

static void change(struct piece *piece, int which)
{
	struct manifest *m = &piece->manifest;

	switch (which) {
	case 0:
		m->level = LEVEL_BLUE;
		break;
	case 1:
		m->kind = KIND_NOTICE;
		break;
	case 2:
		mem_set_text(&m->hazard, "11B04");
		break;
	case 3:
		mem_set_text(&m->areas.items[0], "120101");
		break;
	case 4:
		m->expires += 3600000;
		break;
	case 5:
		mem_set_text(&m->sender, "someone");
		break;
	case 6:
		mem_set_text(&m->identifier, "other");
		break;
	case 7:
		mem_set_text(&m->status, "Test");
		break;
	case 8:
		m->verb = VERB_UPDATE;
		break;
	case 9:
		texts_add(&m->areas, "120101");
		break;
	default:
		mem_set_text(&m->incident, "i-1");
		break;
	}
}

/* The manifest says another thing than the message, and officers approved that. */
static void facts(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	for (int i = 0; i <= 10; i++) {
		char *name = mem_format("fact %d", i);
		piece_init(&piece, scene, LEVEL_ORANGE, ID);
		change(&piece, i);
		piece_write_manifest(&piece);
		piece_approve(&piece, scene);
		piece_refused(name, &piece, scene, "differ");
		piece_finish(&piece);
		free(name);
	}
}

/* Moments of no year that a text can say: one of them reads as the one that was signed. */
static void moments_without_a_text(void **state)
{
	struct scene *scene = *state;
	struct civil c = when_civil(scene->now, 8 * 60);
	char signed_text[WHEN_TEXT], text[WHEN_TEXT];
	struct piece piece;

	c.year = -5270;
	int64_t far = when_from_civil(&c, 8 * 60);
	when_text(scene->now, signed_text);
	when_text(far, text);
	assert_string_equal(text, signed_text);
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	int64_t own = piece.proofs[0].time;
	piece.proofs[0].time = far;
	piece_refused("a proof's time of another age", &piece, scene, "malformed");
	piece.proofs[0].time = own;
	piece.sent = INT64_MIN + scene->now; /* as far from now as can be */
	piece_refused("sent before all time", &piece, scene, "malformed");
	piece.sent = INT64_MAX;
	piece_refused("sent after all time", &piece, scene, "malformed");
	piece_finish(&piece);
}

static void times(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	piece.sent = scene->now + 61000;
	piece_refused("61 s ahead", &piece, scene, "60 s");
	piece.sent = scene->now - 61000;
	piece_refused("61 s behind", &piece, scene, "60 s");
	piece.sent = scene->now + 500;
	piece_refused("half a second", &piece, scene, "60 s");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	struct scene later = *scene;
	later.now = piece.manifest.expires + 1000;
	piece.sent = later.now;
	piece_refused("expired", &piece, &later, "expired");
	piece_finish(&piece);
}

static void modes(void **state)
{
	struct scene *scene = *state;
	struct scene drill = *scene;
	struct piece piece;

	drill.signer.mode = MODE_EXERCISE;
	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece_approve(&piece, scene);
	piece_refused("live at a drill's signer", &piece, &drill, "mode");
	piece_finish(&piece);

	piece_init(&piece, scene, LEVEL_ORANGE, ID);
	piece.manifest.mode = MODE_EXERCISE;
	mem_set_text(&piece.manifest.status, "Exercise");
	piece.alert->status = CAP_EXERCISE;
	piece_seal(&piece, scene);
	piece_approve(&piece, scene);
	piece_refused("a drill at the live signer", &piece, scene, "mode");
	piece_finish(&piece);
}

static void frames(void **state)
{
	struct scene *scene = *state;
	static const char junk[] = "\0\0\0\4\0\100xx";
	struct buf out;
	struct frame frame;

	buf_init(&out, 0);
	signer_answer(&scene->signer, junk, 8, scene->now, &out);
	assert_true(frame_open(&frame, out.data, out.len));
	assert_int_equal(frame.type, FRAME_REFUSED);
	buf_finish(&out);
	buf_init(&out, 0);
	signer_answer(&scene->signer, "x", 1, scene->now, &out);
	assert_true(frame_open(&frame, out.data, out.len));
	assert_int_equal(frame.type, FRAME_REFUSED);
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(approvals),
	        cmocka_unit_test(own_approval),
	        cmocka_unit_test(proofs),
	        cmocka_unit_test(drawn_areas),
	        cmocka_unit_test(units_and_officers),
	        cmocka_unit_test(secrecy),
	        cmocka_unit_test(override),
	        cmocka_unit_test(words),
	        cmocka_unit_test(facts),
	        cmocka_unit_test(moments_without_a_text),
	        cmocka_unit_test(times),
	        cmocka_unit_test(modes),
	        cmocka_unit_test(frames),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
