/* SPDX-License-Identifier: Apache-2.0
 * test_signer_screen - the signer's own secrecy screen: what tocsind left out of the manifest is
 * found, what people overrode passes, and nothing is held that the message itself does not hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scene.h"

#define ID "12000041600000_20261123090000_1"
#define PHONE "请联系13812345678。"

static void worded(struct piece *piece, struct scene *scene, const char *words)
{
	piece_init(piece, scene, LEVEL_ORANGE, ID);
	mem_set_text(&piece->alert->infos[0].instruction, words);
	piece_seal(piece, scene);
}

static void a_line_left_out(void **state)
{
	static const struct {
		const char *words, *rule;
	} cases[] = {
	        {PHONE, "screen.mobile"},
	        {"本件为机密★10年，请减少外出。", "screen.secret"},
	        {"伤者身份证号110101199003077715。", "screen.resident-id"},
	        {"请致电022-2345 6789。", "screen.landline"},
	        {"联系人：张三，请减少外出。", "screen.name"},
	};
	struct piece piece;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		worded(&piece, *state, cases[i].words);
		piece_approve(&piece, *state);
		piece_refused(cases[i].words, &piece, *state, cases[i].rule);
		piece_refused(cases[i].words, &piece, *state, "/alert/info[1]/instruction");
		piece_refused(cases[i].words, &piece, *state, "does not say \"screening held\"");
		piece_finish(&piece);
	}
}

/* The sentence tells the place; what stands there it does not repeat. */
static void the_words_are_not_repeated(void **state)
{
	struct sign_answer answer;
	struct piece piece;
	struct err err;

	worded(&piece, *state, PHONE);
	piece_approve(&piece, *state);
	assert_false(piece_ask(&piece, *state, &answer, &err));
	assert_null(strstr(err.en, "138"));
	assert_null(strstr(err.zh, "138"));
	assert_non_null(strstr(err.zh, "第 4 个字"));
	piece_finish(&piece);
}

/* An override without the line is none: people's reason is over a manifest that owns up to the hit.
 */
static void only_what_people_overrode(void **state)
{
	struct piece piece;

	worded(&piece, *state, PHONE);
	piece_approve(&piece, *state);
	piece_override(&piece, *state, ZHAO, "公开电话");
	piece_refused("overridden without the line", &piece, *state, "screening held");
	piece_finish(&piece);
	for (int overridden = 0; overridden < 2; overridden++) {
		worded(&piece, *state, PHONE);
		piece.manifest.held = true;
		piece_write_manifest(&piece);
		piece_approve(&piece, *state);
		if (overridden) {
			piece_override(&piece, *state, ZHAO, "公开电话");
			piece_release(&piece, *state);
		} else {
			piece_refused("the line alone", &piece, *state, "condition 6");
		}
		piece_finish(&piece);
	}
}

/* A number that a unit publishes, by the signer's own policy. */
static void hotlines_of_its_own_policy(void **state)
{
	struct scene *scene = *state;
	struct piece piece;

	worded(&piece, scene, "请致电022-2345 6789。");
	piece_approve(&piece, scene);
	texts_add(&scene->signer.policy->hotline_numbers, "02223456789");
	piece_release(&piece, scene);
	piece_finish(&piece);
}

static void say_in_sms(struct piece *piece, const char *words)
{
	struct bulletin_text *text = &piece->bulletin->texts[0];

	mem_set_text(&text->body, words);
	digest_sha256(words, strlen(words), piece->manifest.targets[0].text);
	piece_write_manifest(piece);
}

/* Approved word for word, but not the words this message gives. */
static void a_far_sides_own_words(void **state)
{
	struct piece piece;

	piece_init(&piece, *state, LEVEL_ORANGE, ID);
	say_in_sms(&piece, "【天津应急】" PHONE);
	piece_approve(&piece, *state);
	piece_refused("a number in one text", &piece, *state, "target[sms-a]");
	piece_finish(&piece);
	piece_init(&piece, *state, LEVEL_ORANGE, ID);
	say_in_sms(&piece, "【另一签名】预计未来六小时雨强较大。");
	piece_approve(&piece, *state);
	piece_release(&piece, *state);
	piece_finish(&piece);
}

/* A relay is held as tocsind holds it: never a publish or an update; a cancel is not asked
 * (condition 6). */
static void relays(void **state)
{
	struct scene *scene = *state;
	struct piece first, second;

	piece_relay(&first, scene, "upstream-7");
	mem_set_text(&first.alert->infos[0].instruction, PHONE);
	piece_relay_seal(&first, scene);
	piece_refused("a relay with a number", &first, scene, "the screen holds this message");
	piece_refused("a relay with a number", &first, scene, "/alert/info[1]/instruction");
	piece_override(&first, scene, ZHAO, "公开电话");
	first.manifest.held = true;
	piece_write_manifest(&first);
	piece_refused("said to be overridden", &first, scene, "the screen holds this message");
	piece_finish(&first);

	piece_relay(&first, scene, "upstream-8");
	piece_release(&first, scene);
	piece_relay(&second, scene, "upstream-9");
	piece_follows(&second, &first, VERB_CANCEL);
	second.sent = first.sent + 1000;
	mem_set_text(
	        &second.alert->references, "12000041600000,upstream-8,2026-11-23T00:55:00-00:00");
	mem_set_text(&second.alert->infos[0].instruction, PHONE);
	piece_relay_seal(&second, scene);
	piece_release(&second, scene);
	piece_finish(&second);
	piece_finish(&first);
}

/* What is staged says no more than its original; with a hit that was overridden, as much. */
static void staged_words(void **state)
{
	static const struct {
		const char *original, *staged;
		bool held, passes;
	} cases[] = {
	        {"请减少外出。", "请减少外出。", false, true},
	        {"请减少外出。", PHONE, false, false},
	        {PHONE, PHONE, true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct piece original, staged;
		struct scene scene;
		scene_init(&scene);
		worded(&original, &scene, cases[i].original);
		original.manifest.held = cases[i].held;
		piece_init(&staged, &scene, LEVEL_ORANGE, "12000041600000_20261123090000_2");
		mem_set_text(&staged.alert->infos[0].instruction, cases[i].staged);
		piece_follows(&staged, &original, VERB_CANCEL);
		piece_stage(&original, &staged, &scene, "cancel");
		piece_approve(&original, &scene);
		if (cases[i].held)
			piece_override(&original, &scene, ZHAO, "公开电话");
		piece_release(&original, &scene);
		piece_prove(&staged, &scene, ACT_CANCEL, WANG);
		if (cases[i].passes)
			piece_release(&staged, &scene);
		else
			piece_refused("more than its original", &staged, &scene,
			        "their original says nothing of the kind");
		piece_finish(&staged);
		piece_finish(&original);
		scene_finish(&scene);
	}
}

/* Nobody is kept from lifting what is out because a table grew meanwhile. */
static void a_table_that_grew_keeps_no_cancel_back(void **state)
{
	struct scene *scene = *state;
	struct policy *policy = scene->signer.policy;
	struct piece original, staged;

	texts_add(&policy->hotline_numbers, "13812345678");
	worded(&original, scene, PHONE);
	piece_init(&staged, scene, LEVEL_ORANGE, "12000041600000_20261123090000_2");
	mem_set_text(&staged.alert->infos[0].instruction, PHONE);
	piece_follows(&staged, &original, VERB_CANCEL);
	piece_stage(&original, &staged, scene, "cancel");
	piece_approve(&original, scene);
	piece_release(&original, scene);
	texts_finish(&policy->hotline_numbers);
	piece_prove(&staged, scene, ACT_CANCEL, WANG);
	piece_release(&staged, scene);
	piece_finish(&staged);
	piece_finish(&original);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_line_left_out),
	        cmocka_unit_test(the_words_are_not_repeated),
	        cmocka_unit_test(only_what_people_overrode),
	        cmocka_unit_test(a_far_sides_own_words),
	        cmocka_unit_test(relays),
	        cmocka_unit_test(staged_words),
	        cmocka_unit_test_setup_teardown(
	                hotlines_of_its_own_policy, scene_open, scene_close),
	        cmocka_unit_test_setup_teardown(
	                a_table_that_grew_keeps_no_cancel_back, scene_open, scene_close),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
