/* SPDX-License-Identifier: Apache-2.0
 * test_signer_chain - updates, cancels and corrections that do not follow what they say they
 * follow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scene.h"
#include "when.h"

#define FIRST "12000041600000_20261123090000_1"
#define SECOND "12000041600000_20261123090001_1"

static void released(struct piece *piece, struct scene *scene, const char *identifier)
{
	piece_init(piece, scene, LEVEL_ORANGE, identifier);
	piece_approve(piece, scene);
	piece_release(piece, scene);
}

static void update_of(struct piece *piece, const struct piece *original, struct scene *scene)
{
	piece_init(piece, scene, LEVEL_RED, SECOND);
	piece_follows(piece, original, VERB_UPDATE);
	piece_seal(piece, scene);
	piece_approve(piece, scene);
}

static void originals(void **state)
{
	struct scene *scene = *state;
	struct piece first, second;

	released(&first, scene, FIRST);
	update_of(&second, &first, scene);
	second.original_count = 0;
	piece_refused("no original", &second, scene, "must come with it");
	second.original_count = 1;
	char *signature = first.bulletin->manifest_signature;
	first.bulletin->manifest_signature = key_sign(scene->upstream,
	        first.bulletin->filled_manifest, strlen(first.bulletin->filled_manifest));
	piece_refused("original by another key", &second, scene, "not one we signed");
	free(first.bulletin->manifest_signature);
	first.bulletin->manifest_signature = signature;
	char *cap = first.bulletin->signed_cap;
	first.bulletin->signed_cap = mem_text(second.bulletin->cap);
	piece_refused("original with another message", &second, scene, "not one we signed");
	free(first.bulletin->signed_cap);
	first.bulletin->signed_cap = cap;
	piece_finish(&second);
	piece_finish(&first);
}

/* One signed by an upstream, that cancels `original`, whosever it is. */
static void cancel_by_relay(struct piece *piece, const struct piece *original,
        const char *named_sender, struct scene *scene)
{
	char when[WHEN_TEXT];

	piece_relay(piece, scene, "upstream-9");
	piece_follows(piece, original, VERB_CANCEL);
	piece->sent = original->sent + 1000;
	when_text(original->sent, when);
	char *triplet = mem_format("%s,%s,%s", named_sender, original->manifest.identifier, when);
	mem_set_text(&piece->alert->references, triplet);
	free(triplet);
	piece_relay_seal(piece, scene);
}

static void relays_of_others(void **state)
{
	static const char words[] = "no relayed message of its own sender";
	struct scene *scene = *state;
	struct piece first, second;

	released(&first, scene, FIRST);
	cancel_by_relay(&second, &first, first.manifest.sender, scene);
	piece_refused("what officers approved", &second, scene, words);
	piece_finish(&second);
	piece_finish(&first);

	piece_relay(&first, scene, "upstream-7");
	mem_set_text(&first.alert->sender, "warning@example.cn");
	mem_set_text(&first.manifest.sender, "warning@example.cn");
	piece_relay_seal(&first, scene);
	piece_release(&first, scene);
	cancel_by_relay(&second, &first, "warning@example.cn", scene);
	piece_refused("what another sender sent", &second, scene, words);
	piece_finish(&second);
	piece_finish(&first);
}

static void references(void **state)
{
	struct scene *scene = *state;
	struct piece first, other, second;
	static const char *const wrong[] = {"", "12000041600000,nobody,2026-11-23T09:00:00+08:00",
	        "12000041600000," FIRST ",2026-11-23T08:00:00+08:00",
	        "someone," FIRST ",2026-11-23T09:00:00+08:00",
	        "12000041600000," FIRST
	        ",2026-11-23T09:00:00+08:00 12000041600000,x,2026-11-23T09:00:00+08:00"};

	released(&first, scene, FIRST);
	released(&other, scene, "12000041600000_20261123090000_9");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		piece_init(&second, scene, LEVEL_RED, SECOND);
		piece_follows(&second, &first, VERB_UPDATE);
		mem_set_text(&second.alert->references, wrong[i]);
		piece_seal(&second, scene);
		piece_approve(&second, scene);
		piece_refused(wrong[i], &second, scene, "references");
		piece_finish(&second);
	}
	update_of(&second, &first, scene);
	second.originals[0] = other.bulletin;
	piece_refused("original of another chain", &second, scene, "not of the chain");
	second.originals[0] = first.bulletin;
	second.sent = first.sent;
	piece_refused("not after the last", &second, scene, "not after");
	piece_finish(&second);
	piece_finish(&other);
	piece_finish(&first);
}

static void first_issue_follows_nothing(void **state)
{
	struct scene *scene = *state;
	struct piece first, second;

	released(&first, scene, FIRST);
	piece_init(&second, scene, LEVEL_ORANGE, SECOND);
	piece_approve(&second, scene);
	second.originals[0] = first.bulletin;
	second.original_count = 1;
	piece_refused("with an original", &second, scene, "chain");
	piece_finish(&second);
	piece_init(&second, scene, LEVEL_ORANGE, SECOND);
	mem_set_text(&second.manifest.chain, FIRST);
	piece_seal(&second, scene);
	piece_approve(&second, scene);
	piece_refused("of another's chain", &second, scene, "first issue");
	piece_finish(&second);
	piece_finish(&first);
}

static void staged_words(void **state)
{
	struct scene *scene = *state;
	struct piece original, staged;

	piece_staged_pair(&original, &staged, scene, VERB_CANCEL, "cancel");
	piece_refused("no proof", &staged, scene, "no proof of wang");
	piece_prove(&staged, scene, ACT_CORRECT, WANG);
	piece_refused("proof of another act", &staged, scene, "no proof of wang");
	piece_prove(&staged, scene, ACT_CANCEL, CHEN);
	piece_refused("proof of another officer", &staged, scene, "no proof of wang");
	piece_prove(&staged, scene, ACT_CANCEL, WANG);
	mem_set_text(&staged.alert->infos[0].description, "预警解除。一切照旧。");
	piece_seal(&staged, scene);
	piece_refused("other words", &staged, scene, "not approved together");
	piece_finish(&staged);
	piece_finish(&original);

	piece_staged_pair(&original, &staged, scene, VERB_CANCEL, "cancel");
	staged.manifest.verb = VERB_CORRECT;
	piece_seal(&staged, scene);
	piece_prove(&staged, scene, ACT_CORRECT, WANG);
	piece_refused("cancel sent as a correction", &staged, scene, "not approved together");
	piece_finish(&staged);
	piece_finish(&original);
}

/* What was cancelled comes back neither at once nor later, though its approvals still hold. */
static void what_ended_is_not_issued_again(void **state)
{
	struct scene *scene = *state;
	struct piece original, staged;

	piece_staged_pair(&original, &staged, scene, VERB_CANCEL, "cancel");
	piece_release(&original, scene); /* tocsind died before it wrote the answer down */
	staged.sent = original.sent + 1000;
	piece_prove(&staged, scene, ACT_CANCEL, WANG);
	piece_release(&staged, scene);
	original.sent = staged.sent + 1000;
	piece_refused("cancelled", &original, scene, "not issued again");
	piece_release(&staged, scene);
	piece_finish(&staged);
	piece_finish(&original);
}

static void cancel_by_another_unit(void **state)
{
	struct scene *scene = *state;
	struct piece original, staged;

	piece_staged_pair(&original, &staged, scene, VERB_CANCEL, "cancel");
	piece_prove(&staged, scene, ACT_CANCEL, SUN);
	staged.officer = "sun";
	piece_refused("another unit's cancel", &staged, scene, "policy");
	piece_finish(&staged);
	piece_finish(&original);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(originals),
	        cmocka_unit_test(relays_of_others),
	        cmocka_unit_test(references),
	        cmocka_unit_test(first_issue_follows_nothing),
	        cmocka_unit_test(staged_words),
	        cmocka_unit_test(cancel_by_another_unit),
	        cmocka_unit_test_setup_teardown(
	                what_ended_is_not_issued_again, scene_open, scene_close),
	};

	return cmocka_run_group_tests(tests, scene_setup, scene_teardown);
}
