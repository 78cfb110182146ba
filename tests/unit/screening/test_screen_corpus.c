/* SPDX-License-Identifier: Apache-2.0
 * test_screen_corpus - nothing in public messages is held: every CAP message and feed of the shared
 * corpus, every text of its JSON, and the texts of the facts. Skips aloud without $TOCSIN_SHARED.
 */
#include "screening_fixture.h"

#include <ftw.h>

#include "cap_io.h"

static struct {
	struct screening screening;
	size_t messages, texts, held, named;
} corpus;

static bool ends(const char *path, const char *end)
{
	size_t len = strlen(path);

	return len >= strlen(end) && strcmp(path + len - strlen(end), end) == 0;
}

/* A name in a field that is there for names is no free text: there a hit is right. */
static void tell(const char *file, const struct screen_found *found)
{
	size_t held = 0;

	for (size_t i = 0; i < found->hit_count; i++) {
		const struct screen_hit *hit = &found->hits[i];
		bool named =
		        strcmp(hit->rule, "screen.name") == 0 && ends(hit->path, "/senderName");
		held += !named;
		corpus.named += named;
		if (!named)
			print_error("%s: %s %s at %zu, %zu long\n", file, hit->rule, hit->path,
			        hit->start, hit->len);
	}
	corpus.held += held > 0;
}

static void look_at_text(const char *file, const char *text)
{
	struct screen_found found = {0};

	corpus.texts++;
	screen_text("/text", text, &corpus.screening.rules, &found);
	tell(file, &found);
	screen_found_finish(&found);
}

/* A feed: whatever stands between two tags and has a blank in it. */
static void look_at_feed(const char *file, const char *bytes)
{
	for (const char *at = strchr(bytes, '>'); at; at = strchr(at, '>')) {
		char *text = mem_text_n(at + 1, strcspn(at + 1, "<"));
		if (strchr(text + strspn(text, " \r\n\t"), ' '))
			look_at_text(file, text);
		at += 1 + strlen(text);
		free(text);
	}
}

static void look_at_alert(const char *file, const char *bytes)
{
	struct cap_problems problems = {0};
	struct screen_found found = {0};
	struct cap_alert *alert = cap_parse(bytes, strlen(bytes), CAP_LIMIT_FEED, &problems);

	if (alert) {
		corpus.messages++;
		screen_alert(alert, &corpus.screening.rules, &found);
		tell(file, &found);
	} else {
		look_at_feed(file, bytes);
	}
	screen_found_finish(&found);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

/* Long texts in whole sentences; what has no blank and no Chinese is a name, a code, an address. */
static void look_at_json(const char *file, const json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)json, key, value) look_at_json(file, value);
	json_array_foreach(json, i, value) look_at_json(file, value);
	if (json_is_string(json) && strchr(json_string_value(json), ' '))
		look_at_text(file, json_string_value(json));
}

static int look_at_file(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (kind != FTW_F)
		return 0;
	char *text = screening_file(path, "");
	if (text && ends(path, "json")) {
		json_t *json = json_loads(text, 0, NULL);
		look_at_json(path, json);
		json_decref(json);
	} else if (text) {
		look_at_alert(path, text);
	}
	free(text);
	return 0;
}

static void look_below(const char *shared, const char *folder)
{
	char *path = mem_format("%s/%s", shared, folder);

	assert_int_equal(nftw(path, look_at_file, 16, FTW_PHYS), 0);
	free(path);
}

static void look_at_facts(const char *shared)
{
	struct screen_found found = {0};
	char *text = screening_file(shared, "facts/china-warning.md");

	assert_non_null(text);
	screen_text("china-warning.md", text, &corpus.screening.rules, &found);
	tell("china-warning.md", &found);
	screen_found_finish(&found);
	free(text);
}

static void public_messages_pass(void **state)
{
	const char *shared = getenv("TOCSIN_SHARED");
	char *probe = shared ? screening_file(shared, "facts/china-warning.md") : NULL;

	(void)state;
	if (!probe) {
		print_message("SKIPPED: no shared corpus ($TOCSIN_SHARED)\n");
		skip();
	}
	free(probe);
	screening_start(&corpus.screening);
	look_below(shared, "corpus/cap");
	look_below(shared, "corpus/signed");
	look_below(shared, "corpus/feeds");
	look_below(shared, "corpus/json");
	look_at_facts(shared);
	print_message("%zu messages and %zu texts, %zu held, %zu senders named like persons\n",
	        corpus.messages, corpus.texts, corpus.held, corpus.named);
	assert_true(corpus.messages > 100);
	assert_int_equal(corpus.held, 0);
	screening_end(&corpus.screening);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(public_messages_pass)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
