/* SPDX-License-Identifier: Apache-2.0
 * test_signer_corpus - what tocsind lets pass, the signer's screen lets pass too: every message of
 * the shared corpus, drafted as it would be here; the words staged with it; and its texts for
 * far sides with a style, looked through as if that were another than the signer's. Skips aloud
 * without $TOCSIN_SHARED.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "draft.h"
#include "scene.h"
#include "screen.h"
#include "stage.h"
#include "text.h"
#include "source_tree.h"

static struct {
	struct scene scene;
	struct catalog *catalog;
	struct draft_rules rules;
	size_t messages, staged, texts, held, wrong;
} corpus;

/* The manifest says what tocsind found, as prepare.c writes it. */
static void signer_agrees(const char *what, struct signing *s, bool held)
{
	struct err err = {0};

	s->manifest.held = held;
	if (check_screen(&corpus.scene.signer, s, &err))
		return;
	print_error("%s: %s\n", what, err.en);
	corpus.wrong++;
}

static void look_at_staged(
        const char *path, struct cap_alert *alert, const struct bulletin *b, bool held)
{
	struct original original = {.alert = alert, .manifest = {.held = held}};
	struct staged_message messages[STAGED_COUNT];

	if (!stage_messages(b, alert, messages, NULL))
		return;
	for (size_t i = 0; i < STAGED_COUNT; i++) {
		struct signing s = {.alert = messages[i].alert,
		        .manifest = {.verb = i ? VERB_CORRECT : VERB_CANCEL},
		        .originals = &original,
		        .original_count = 1};
		signer_agrees(path, &s, false);
		corpus.staged++;
	}
	staged_messages_finish(messages);
}

static void look_at_texts(
        const char *path, struct cap_alert *alert, const struct bulletin *b, bool held)
{
	static const char *const kinds[] = {"sms", "weibo"}; /* those with a style */
	const struct text_style style = {"【天津应急】", "", 0};
	struct cap_facts facts;
	struct view view;

	if (!cap_facts_read_settled(alert, &b->areas, &facts, NULL))
		return;
	view_init(&view);
	flatten(alert, &facts, VERB_PUBLISH, MODE_LIVE, b->identifier, "",
	        corpus.scene.signer.public_url, &view);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct bulletin_text text = {.target = (char *)kinds[i]};
		struct signing s = {.alert = alert, .texts = &text, .text_count = 1};
		struct text_fit fit;
		struct buf out;
		buf_init(&out, 0);
		if (text_render(kinds[i], &view, &style, &out, &fit, NULL)) {
			text.body = out.data;
			texts_add(&s.worded, kinds[i]);
			signer_agrees(path, &s, held);
			texts_finish(&s.worded);
			corpus.texts++;
		}
		buf_finish(&out);
	}
	view_finish(&view);
	cap_facts_finish(&facts);
}

/* A message as it would be submitted, with a number. */
static void look_at(const char *path, struct cap_alert *alert)
{
	struct screen_rules rules = {
	        corpus.scene.signer.screen, &corpus.scene.signer.policy->hotline_numbers};
	struct bulletin *b = bulletin_create();
	struct screen_found found = {0};
	struct signing s = {.alert = alert};

	mem_set_text(&alert->identifier, "12000041600000_20261123090000_12");
	mem_set_text(&b->identifier, alert->identifier);
	b->level = LEVEL_ORANGE;
	b->expires = corpus.scene.now + 3600000;
	bool whole = draft_settle(b, alert, corpus.catalog, NULL);
	screen_alert(alert, &rules, &found);
	bool held = found.hit_count > 0;
	signer_agrees(path, &s, held);
	look_at_staged(path, alert, b, held);
	if (whole)
		look_at_texts(path, alert, b, held);
	corpus.messages++;
	corpus.held += held;
	screen_found_finish(&found);
	bulletin_destroy(&b);
}

/* As a draft of ours where it can be one, else as it came. */
static void look_at_alert(const char *path, const struct buf *bytes)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(bytes->data, bytes->len, CAP_LIMIT_FEED, &problems);
	struct draft draft = {0};

	if (alert && draft_from_cap(alert, &corpus.rules, corpus.scene.now, &draft, NULL))
		look_at(path, draft.alert);
	else if (alert)
		look_at(path, alert);
	draft_finish(&draft);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

/* Texts of Chinese weather bulletins among the strings of a document. */
static void look_at_json(const char *path, const json_t *json)
{
	struct draft draft = {0};
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)json, key, value) look_at_json(path, value);
	json_array_foreach(json, i, value) look_at_json(path, value);
	if (!json_is_string(json))
		return;
	if (draft_from_bulletin_text(
	            json_string_value(json), &corpus.rules, corpus.scene.now, &draft, NULL))
		look_at(path, draft.alert);
	draft_finish(&draft);
}

/* The sentences that the screen must let pass, each as what a warning asks people to do. */
static void look_at_sentences(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[4096];

	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		const char *text = *line == '#' ? NULL : strchr(line, '\t');
		struct piece piece;
		if (!text || strstr(line, "\\u"))
			continue;
		line[strcspn(line, "\n")] = '\0';
		piece_init(&piece, &corpus.scene, LEVEL_ORANGE, "12000041600000_20261123090000_1");
		mem_set_text(&piece.alert->infos[0].instruction, text + 1);
		look_at(line, piece.alert);
		piece_finish(&piece);
	}
	fclose(file);
}

static int look_at_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	FILE *file = kind == FTW_F ? fopen(path, "re") : NULL;
	struct buf bytes;

	(void)st;
	(void)ftw;
	if (!file)
		return 0;
	buf_init(&bytes, 0);
	if (buf_read(&bytes, file) && bytes.len) {
		json_t *json = json_loadb(bytes.data, bytes.len, 0, NULL);
		if (json)
			look_at_json(path, json);
		else
			look_at_alert(path, &bytes);
		json_decref(json);
	}
	buf_finish(&bytes);
	fclose(file);
	return 0;
}

static void look_below(const char *root, const char *folder)
{
	char *path = mem_format("%s/%s", root, folder);

	assert_int_equal(nftw(path, look_at_file, 16, FTW_PHYS), 0);
	free(path);
}

static void what_tocsind_passes_passes(void **state)
{
	const char *shared = getenv("TOCSIN_SHARED");
	char *probe = mem_format("%s/corpus/cap", shared ? shared : "");

	(void)state;
	bool there = access(probe, R_OK) == 0;
	free(probe);
	if (!there) {
		print_message("SKIPPED: no shared corpus ($TOCSIN_SHARED)\n");
		skip();
	}
	look_below(shared, "corpus/cap");
	look_below(shared, "corpus/signed");
	look_below(shared, "corpus/json");
	look_below(getenv("TOCSIN_SOURCE"), "tests/data/cap");
	char *sentences = source_path("tests/data/screening/negatives.tsv");
	look_at_sentences(sentences);
	free(sentences);
	print_message("%zu messages (%zu held), %zu staged, %zu texts: %zu held without cause\n",
	        corpus.messages, corpus.held, corpus.staged, corpus.texts, corpus.wrong);
	assert_true(corpus.messages > 150 && corpus.texts > 90);
	assert_int_equal(corpus.wrong, 0);
}

static int open_corpus(void **state)
{
	static const struct draft_unit unit = {
	        "tj-met", "天津市气象局", "12000041600000", "120000"};
	char *folder = source_path("publisher/data");

	(void)state;
	scene_init(&corpus.scene);
	corpus.catalog = catalog_read(folder, NULL);
	corpus.rules = (struct draft_rules){.catalog = corpus.catalog,
	        .units = &unit,
	        .unit_count = 1,
	        .unit = "tj-met",
	        .drafter = "li",
	        .source = "",
	        .mode = MODE_LIVE};
	free(folder);
	return corpus.catalog ? 0 : -1;
}

static int close_corpus(void **state)
{
	(void)state;
	catalog_destroy(&corpus.catalog);
	scene_finish(&corpus.scene);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_tocsind_passes_passes)};

	return cmocka_run_group_tests(tests, open_corpus, close_corpus);
}
