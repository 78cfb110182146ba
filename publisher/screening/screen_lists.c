/* SPDX-License-Identifier: Apache-2.0
 * screen_lists - see screen_lists.h. Relies on csv for reading and for naming the faulty line.
 */
#include "screen_lists.h"

#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "utf8.h"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_from(const void *a, const void *b)
{
	const struct screen_alike *left = a;
	const struct screen_alike *right = b;

	return (left->from > right->from) - (left->from < right->from);
}

static void sort_texts(struct texts *texts)
{
	if (texts->count)
		qsort(texts->items, texts->count, sizeof *texts->items, by_text);
}

bool screen_list_has(const struct texts *sorted, const char *text)
{
	return sorted->count &&
	       bsearch(&text, sorted->items, sorted->count, sizeof *sorted->items, by_text) != NULL;
}

uint32_t screen_alike(const struct screen_lists *lists, uint32_t c)
{
	struct screen_alike key = {.from = c};
	const struct screen_alike *found =
	        lists->alike_count
	                ? bsearch(&key, lists->alikes, lists->alike_count, sizeof key, by_from)
	                : NULL;

	return found ? found->to : c;
}

static bool mark_row(void *place, char **fields, struct err *err)
{
	static const char *const words[] = {
	        [SCREEN_STAR] = "star", [SCREEN_ALONE] = "alone", [SCREEN_PHRASE] = "phrase"};
	struct screen_lists *lists = place;
	const char *at = fields[0];
	size_t match = 0;
	uint32_t c;

	while (match < 3 && strcmp(words[match], fields[2]) != 0)
		match++;
	if (match == 3 || !fields[0][0] || !fields[1][0])
		return err_set(err, ERR_CONFIG, "标志不能为空，match 应为 star、alone 或 phrase",
		        "the mark must not be empty, and match is star, alone or phrase");
	struct screen_mark *mark =
	        mem_push(&lists->marks, &lists->mark_count, sizeof *lists->marks);
	mark->kind = mem_text(fields[1]);
	mark->match = (enum screen_match)match;
	while ((c = utf8_next(&at)) != 0)
		if (c != ' ')
			*(uint32_t *)mem_push(&mark->letters, &mark->count, sizeof c) =
			        c >= 'A' && c <= 'Z' ? c + 32 : c;
	return true;
}

static bool alike_row(void *place, char **fields, struct err *err)
{
	struct screen_lists *lists = place;
	const char *from = fields[0];
	const char *to = fields[1];
	struct screen_alike alike = {.from = utf8_next(&from), .to = utf8_next(&to)};

	if (!alike.from || !alike.to || *from || *to)
		return err_set(err, ERR_CONFIG, "from 与 to 应各为一个字",
		        "from and to are one character each");
	*(struct screen_alike *)mem_push(&lists->alikes, &lists->alike_count, sizeof alike) = alike;
	return true;
}

static bool surname_row(void *place, char **fields, struct err *err)
{
	struct screen_lists *lists = place;
	bool surname = strcmp(fields[1], "surname") == 0;

	if (!fields[0][0] || (!surname && strcmp(fields[1], "no") != 0))
		return err_set(err, ERR_CONFIG, "kind 应为 surname 或 no", "kind is surname or no");
	texts_add(surname ? &lists->surnames : &lists->no_names, fields[0]);
	return true;
}

static bool digits_only(const char *text, struct err *err)
{
	return (*text && strspn(text, "0123456789") == strlen(text)) ||
	       err_set(err, ERR_CONFIG, "“%s”应全是数字", "\"%s\" must be digits only", text);
}

static bool area_row(void *place, char **fields, struct err *err)
{
	struct screen_lists *lists = place;

	texts_add(&lists->area_codes, fields[0]);
	return digits_only(fields[0], err);
}

static bool number_row(void *place, char **fields, struct err *err)
{
	struct screen_lists *lists = place;

	texts_add(&lists->public_numbers, fields[0]);
	return digits_only(fields[0], err);
}

static bool prefix_row(void *place, char **fields, struct err *err)
{
	struct screen_lists *lists = place;
	struct screen_prefix *prefix =
	        mem_push(&lists->prefixes, &lists->prefix_count, sizeof *prefix);

	prefix->prefix = mem_text(fields[0]);
	prefix->digits = (size_t)strtoul(fields[1], NULL, 10);
	if (prefix->digits < 16 || prefix->digits > 19)
		return err_set(err, ERR_CONFIG, "digits 应为 16 至 19", "digits is 16 to 19");
	return digits_only(fields[0], err);
}

static bool number_between(const char *text, double low, double high, double *out, struct err *err)
{
	char *end = NULL;

	*out = strtod(text, &end);
	if (end != text && !*end && *out >= low && *out <= high)
		return true;
	return err_set(err, ERR_CONFIG, "“%s”应为 %g 至 %g 的数",
	        "\"%s\" is no number from %g to %g", text, low, high);
}

static bool site_row(void *place, char **fields, struct err *err)
{
	struct screen_lists *lists = place;
	struct screen_site *site = mem_push(&lists->sites, &lists->site_count, sizeof *site);

	site->name = mem_text(fields[0]);
	if (!*site->name)
		return err_set(err, ERR_CONFIG, "缺少名称", "the name is missing");
	texts_add(&site->names, site->name);
	for (char *at = fields[4]; *at;) {
		size_t len = strcspn(at, "|");
		char *alias = mem_text_n(at, len);
		if (len)
			texts_add(&site->names, alias);
		free(alias);
		at += len + (at[len] == '|');
	}
	return number_between(fields[1], -90, 90, &site->lat, err) &&
	       number_between(fields[2], -180, 180, &site->lon, err) &&
	       number_between(fields[3], 1, 100000, &site->radius, err);
}

static const struct csv_table tables[] = {
        {"secrecy-marks.csv", "mark,kind,match,basis", 4, mark_row},
        {"look-alikes.csv", "from,to,why", 3, alike_row},
        {"surnames.csv", "word,kind", 2, surname_row},
        {"area-codes.csv", "code", 1, area_row},
        {"public-numbers.csv", "number,name", 2, number_row},
        {"bank-prefixes.csv", "prefix,digits,network", 3, prefix_row},
};
static const struct csv_table site_table = {
        "protected-sites.csv", "name,lat,lon,radius_m,aliases", 5, site_row};

struct screen_lists *screen_lists_read(const char *folder, const char *sites, struct err *err)
{
	struct screen_lists *lists = mem_zero(sizeof *lists);
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof tables / sizeof tables[0]; i++)
		ok = csv_read_in(folder, &tables[i], lists, err);
	if (ok && *sites)
		ok = csv_read(sites, &site_table, lists, err);
	if (!ok) {
		screen_lists_destroy(&lists);
		return NULL;
	}
	if (lists->alike_count)
		qsort(lists->alikes, lists->alike_count, sizeof *lists->alikes, by_from);
	sort_texts(&lists->surnames);
	sort_texts(&lists->no_names);
	sort_texts(&lists->area_codes);
	sort_texts(&lists->public_numbers);
	return lists;
}

static void finish_sites(struct screen_lists *lists)
{
	for (size_t i = 0; i < lists->site_count; i++) {
		free(lists->sites[i].name);
		texts_finish(&lists->sites[i].names);
	}
	free(lists->sites);
}

void screen_lists_destroy(struct screen_lists **lists)
{
	struct screen_lists *l = *lists;

	if (!l)
		return;
	for (size_t i = 0; i < l->mark_count; i++) {
		free(l->marks[i].letters);
		free(l->marks[i].kind);
	}
	for (size_t i = 0; i < l->prefix_count; i++)
		free(l->prefixes[i].prefix);
	finish_sites(l);
	free(l->marks);
	free(l->alikes);
	free(l->prefixes);
	texts_finish(&l->surnames);
	texts_finish(&l->no_names);
	texts_finish(&l->area_codes);
	texts_finish(&l->public_numbers);
	free(l);
	*lists = NULL;
}
