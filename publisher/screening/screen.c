/* SPDX-License-Identifier: Apache-2.0
 * screen - see screen.h. Folds a text, lets each finder of screen_look.h look through it, and keeps
 * what they found.
 */
#include "screen.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "free_text.h"
#include "screen_look.h"
#include "utf8.h"

void screen_found_finish(struct screen_found *found)
{
	for (size_t i = 0; i < found->hit_count; i++) {
		free(found->hits[i].path);
		free(found->hits[i].zh);
		free(found->hits[i].en);
	}
	for (size_t i = 0; i < found->token_count; i++) {
		free(found->tokens[i].value);
		free(found->tokens[i].path);
	}
	free(found->hits);
	free(found->tokens);
	*found = (struct screen_found){0};
}

/* --- for the finders -------------------------------------------------------------------------- */

uint32_t look_at(const struct look *look, size_t index)
{
	return index < look->letters.count ? look->letters.items[index].c : 0;
}

bool look_is_digit(const struct look *look, size_t index)
{
	uint32_t c = look_at(look, index);

	return c >= '0' && c <= '9';
}

bool look_is_han(const struct look *look, size_t index)
{
	return screen_is_han(look_at(look, index));
}

bool look_word(const struct look *look, size_t index, const char *word, size_t *end)
{
	uint32_t want;

	while ((want = utf8_next(&word)) != 0) {
		uint32_t c = look_at(look, index++);
		if (c >= 'A' && c <= 'Z')
			c += 32;
		if (c != want)
			return false;
	}
	*end = index;
	return true;
}

size_t look_word_of(const struct look *look, size_t index, const char *const *words, size_t count)
{
	size_t longest = 0;
	size_t end = 0;

	for (size_t i = 0; i < count; i++)
		if (look_word(look, index, words[i], &end) && end > longest)
			longest = end;
	return longest;
}

char *look_slice(const struct look *look, size_t first, size_t end)
{
	struct buf out;
	char bytes[5];

	buf_init(&out, 0);
	for (size_t i = first; i < end; i++)
		buf_add(&out, bytes, utf8_put(look_at(look, i), bytes));
	char *text = buf_take(&out);
	buf_finish(&out);
	return text;
}

static size_t length_of(const struct look *look, size_t first, size_t end)
{
	return look->letters.items[end - 1].at - look->letters.items[first].at + 1;
}

/* Several rows of a table may know the same mark: one hit is enough. */
static bool overlaps(const struct look *look, size_t start, size_t len, const char *rule)
{
	for (size_t i = 0; i < look->found->hit_count; i++) {
		const struct screen_hit *hit = &look->found->hits[i];
		if (strcmp(hit->rule, rule) == 0 && strcmp(hit->path, look->path) == 0 &&
		        start < hit->start + hit->len && hit->start < start + len)
			return true;
	}
	return false;
}

void screen_add_hit(struct screen_found *found, const char *rule, const char *path, size_t start,
        size_t len, const char *zh, const char *en)
{
	if (found->hit_count == SCREEN_MOST)
		return;
	struct screen_hit *hit = mem_push(&found->hits, &found->hit_count, sizeof *hit);
	*hit = (struct screen_hit){rule, mem_text(path), start, len, mem_text(zh), mem_text(en)};
}

void look_hit(const struct look *look, size_t first, size_t end, const char *rule, const char *zh,
        const char *en)
{
	size_t start = look->letters.items[first].at;
	size_t len = length_of(look, first, end);

	if (look->found->hit_count == SCREEN_MOST || overlaps(look, start, len, rule))
		return;
	char *said_zh =
	        mem_format("第 %zu 个字起%s，已扣住，改去或经保密审查后才能发布", start + 1, zh);
	char *said_en = mem_format(
	        "%zu characters in: %s; held until it is taken out or overridden", start + 1, en);
	screen_add_hit(look->found, rule, look->path, start, len, said_zh, said_en);
	free(said_zh);
	free(said_en);
}

void look_token(const struct look *look, size_t first, size_t end, const char *kind, bool subject,
        const char *value)
{
	struct screen_found *found = look->found;

	if (found->token_count == SCREEN_MOST)
		return;
	for (size_t i = 0; i < found->token_count; i++)
		if (strcmp(found->tokens[i].kind, kind) == 0 &&
		        strcmp(found->tokens[i].value, value) == 0)
			return;
	struct screen_token *token = mem_push(&found->tokens, &found->token_count, sizeof *token);
	*token = (struct screen_token){kind, subject, mem_text(value), mem_text(look->path),
	        look->letters.items[first].at, length_of(look, first, end)};
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool ends_with(const char *path, const char *end)
{
	size_t len = strlen(path);
	size_t tail = strlen(end);

	return len >= tail && strcmp(path + len - tail, end) == 0;
}

void screen_text(const char *path, const char *text, const struct screen_rules *rules,
        struct screen_found *found)
{
	struct look look = {.path = path,
	        .rules = rules,
	        .person_field = ends_with(path, "/contact") || ends_with(path, "/senderName"),
	        .found = found};

	if (!text || !text[0])
		return;
	look.letters = screen_fold(text, rules->lists);
	if (look.letters.count) {
		look_for_marks(&look);
		look_for_numbers(&look);
		look_for_names(&look);
		look_for_sites(&look);
		look_for_details(&look);
	}
	free(look.letters.items);
}

void screen_alert(
        const struct cap_alert *alert, const struct screen_rules *rules, struct screen_found *found)
{
	struct free_texts texts;

	free_texts_of(alert, &texts);
	for (size_t i = 0; i < texts.count; i++)
		screen_text(texts.items[i].path, texts.items[i].text, rules, found);
	free_texts_finish(&texts);
}

void screen_problems(const struct screen_found *found, struct cap_problems *problems)
{
	for (size_t i = 0; i < found->hit_count; i++) {
		const struct screen_hit *hit = &found->hits[i];
		char *path = mem_format("%s (character %zu)", hit->path, hit->start + 1);
		cap_problem_put(problems, CAP_PROBLEM_WARNING, hit->rule, path, hit->zh, hit->en);
		free(path);
	}
}

json_t *screen_hits_json(const struct screen_found *found)
{
	json_t *array = json_array();

	for (size_t i = 0; i < found->hit_count; i++) {
		const struct screen_hit *hit = &found->hits[i];
		json_array_append_new(array,
		        json_pack("{s:s,s:s,s:I,s:I,s:s,s:s}", "rule", hit->rule, "path", hit->path,
		                "start", (json_int_t)hit->start, "length", (json_int_t)hit->len,
		                "message", hit->en, "message_zh", hit->zh));
	}
	return array;
}
