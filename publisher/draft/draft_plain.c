/* SPDX-License-Identifier: Apache-2.0
 * draft_plain - see draft_plain.h. A name that the language lacks refuses all of it: half an
 * English message is worse than none.
 */
#include "draft_plain.h"

#include <stdlib.h>
#include <string.h>

#include "cap_china.h"
#include "cap_io.h"
#include "flatten.h"
#include "plain_text.h"

static bool say(const struct bulletin *b, const struct cap_alert *alert,
        const struct draft_rules *rules, const char *language, struct plain_sentences *out,
        struct cap_problems *notes, struct err *err)
{
	struct cap_facts facts = {0};
	struct view view;

	*out = (struct plain_sentences){0};
	if (!rules->phrases)
		return err_set(err, ERR_INPUT,
		        "没有备好的句子（phrases.csv），不能由它写出平实中文或英文",
		        "there is no table of sentences (phrases.csv) to write plain Chinese or "
		        "English from");
	if (!cap_facts_read_settled(alert, &b->areas, &facts, err))
		return false;
	view_init(&view);
	flatten(alert, &facts, b->verb, b->mode, b->chain, b->replaces, "", &view);
	struct plain_message message = {alert, &view, rules->catalog, rules->phrases};
	bool ok = plain_sentences(&message, language, out, notes, err);

	view_finish(&view);
	cap_facts_finish(&facts);
	return ok;
}

/* The table's notes are for whoever looks the draft over, at the member that asked for it. */
static void pass_on(struct cap_problems *notes, const struct cap_problems *said, const char *member)
{
	for (size_t i = 0; i < said->count; i++)
		cap_problem_put(notes, CAP_PROBLEM_WARNING, said->items[i].rule, member,
		        said->items[i].zh, said->items[i].en);
}

/* Plain Chinese in the order of the description above it: what, where, until when, what to do. */
static char *paragraph(const struct bulletin *b, const struct cap_alert *alert,
        const struct draft_rules *rules, struct cap_problems *notes, struct err *err)
{
	struct plain_sentences s;
	char *text = NULL;

	if (say(b, alert, rules, "zh-CN", &s, notes, err))
		text = mem_format("\n%s%s%s%s", s.what, s.where, s.until, s.act);
	plain_sentences_finish(&s);
	return text;
}

bool draft_add_plain(struct draft *draft, const struct draft_rules *rules, struct err *err)
{
	struct cap_problems notes = {0};
	struct cap_info *info = &draft->alert->infos[0];
	char *text = paragraph(draft->bulletin, draft->alert, rules, &notes, err);

	if (text) {
		char *both = mem_format("%s%s", info->description, text);

		free(info->description);
		info->description = both;
		pass_on(&draft->notes, &notes, "plain");
	}
	cap_problems_finish(&notes);
	bool ok = text != NULL;

	free(text);
	return ok && draft_settle(draft->bulletin, draft->alert, rules->catalog, err);
}

char *draft_without_plain(
        const struct bulletin *b, const struct cap_alert *alert, const struct draft_rules *rules)
{
	struct cap_problems notes = {0};
	struct err unused;
	const char *all = alert->infos[0].description;
	char *text = all ? paragraph(b, alert, rules, &notes, &unused) : NULL;
	size_t own = text ? strlen(text) : 0;
	size_t len = all ? strlen(all) : 0;
	char *rest = own && len > own && strcmp(all + len - own, text) == 0
	                     ? mem_text_n(all, len - own)
	                     : NULL;

	cap_problems_finish(&notes);
	free(text);
	return rest;
}

/* --- English ------------------------------------------------------------------------------------
 */

/* A drawn area has a Chinese name or none; a street's name is not in the table. */
static bool name_area(struct cap_area *area, const struct catalog *catalog, struct err *err)
{
	const char *full = cap_pairs_find(&area->geocodes, FLATTEN_GEOCODE);
	char *code = NULL;
	const struct division *division = NULL;

	if (full && !area->polygon_count && !area->circle_count && division_code_short(full, &code))
		division = catalog_division(catalog, code);
	free(code);
	if (!division || !division->name_en[0])
		return err_set(err, ERR_INPUT,
		        "区域“%s”没有英文名称，英文写不完整：请改选有英文名称的区划，或不要英文",
		        "the area \"%s\" has no English name, so that the English would be "
		        "incomplete: choose divisions that have one, or leave English out",
		        area->desc ? area->desc : "");
	mem_set_text(&area->desc, division->name_en);
	return true;
}

static bool name_things(
        struct cap_info *info, const char *code, const struct catalog *catalog, struct err *err)
{
	const struct hazard *hazard = catalog_hazard(catalog, code);

	if (!hazard || !hazard->name_en[0])
		return err_set(err, ERR_INPUT, "“%s”没有英文名称，英文写不完整：请不要英文",
		        "\"%s\" has no English name, so that the English would be incomplete: "
		        "leave English out",
		        info->event ? info->event : code);
	mem_set_text(&info->event, hazard->name_en);
	for (size_t i = 0; i < info->area_count; i++)
		if (!name_area(&info->areas[i], catalog, err))
			return false;
	return true;
}

static void put_sentences(struct cap_info *info, const struct plain_sentences *s, const char *mark)
{
	const char *gap = s->drill[0] ? " " : "";

	mem_set_text(&info->language, "en-US");
	free(info->headline);
	info->headline = mem_format("%s%s", mark, s->what);
	free(info->description);
	info->description =
	        mem_format("%s%s%s%s %s %s", mark, s->drill, gap, s->what, s->where, s->until);
	free(info->instruction);
	info->instruction = mem_format("%s %s", s->act, s->call);
	mem_set_text(&info->contact, NULL);
}

/* Appends the info. false: *err, alert untouched. */
static bool add_english(struct cap_alert *alert, const struct bulletin *b,
        const struct draft_rules *rules, struct cap_problems *notes, struct err *err)
{
	struct cap_alert *copy = cap_alert_copy(alert);
	struct plain_sentences s = {0};
	bool ok = name_things(&copy->infos[0], b->hazard, rules->catalog, err) &&
	          say(b, alert, rules, "en", &s, notes, err);

	if (ok) {
		struct cap_info *slot = cap_alert_add_info(alert);
		struct cap_info fresh = *slot;

		*slot = copy->infos[0];
		copy->infos[0] = fresh;
		put_sentences(slot, &s, mode_banner(b->mode));
	}
	plain_sentences_finish(&s);
	cap_alert_destroy(&copy);
	return ok;
}

bool draft_add_english(struct draft *draft, const struct draft_rules *rules, struct err *err)
{
	struct cap_problems notes = {0};
	bool ok = add_english(draft->alert, draft->bulletin, rules, &notes, err);

	if (ok)
		pass_on(&draft->notes, &notes, "languages");
	cap_problems_finish(&notes);
	return ok && draft_settle(draft->bulletin, draft->alert, rules->catalog, err);
}

static char *written(const struct cap_alert *alert)
{
	struct buf buf;

	buf_init(&buf, 0);
	cap_write(alert, &buf);
	return buf_take(&buf);
}

/* Written anew beside it: where both are the same, so is the message with the two exchanged. */
bool draft_english_is_ours(
        const struct bulletin *b, const struct cap_alert *alert, const struct draft_rules *rules)
{
	struct cap_alert *copy = cap_alert_copy(alert);
	struct cap_problems notes = {0};
	struct err unused;
	bool same = false;

	if (alert->info_count == 2 && add_english(copy, b, rules, &notes, &unused)) {
		char *before = written(copy);
		struct cap_info second = copy->infos[1];

		copy->infos[1] = copy->infos[2];
		copy->infos[2] = second;
		char *after = written(copy);

		same = strcmp(before, after) == 0;
		free(before);
		free(after);
	}
	cap_problems_finish(&notes);
	cap_alert_destroy(&copy);
	return same;
}
