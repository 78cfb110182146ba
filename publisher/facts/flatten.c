/* SPDX-License-Identifier: Apache-2.0
 * flatten - see flatten.h: the flat view. What the facts of a message are: facts.c. Cannot fail; a
 * text the message does not have is "".
 */
#include "flatten.h"

#include <stdlib.h>
#include <string.h>

#include "lists.h"

/* The name is the one the website channel gives the page. */
static char *web_address(const char *public_url, const char *identifier)
{
	struct buf buf;

	if (!public_url || !public_url[0] || !identifier || !identifier[0])
		return mem_text("");
	buf_init(&buf, 0);
	buf_text(&buf, public_url);
	if (buf.data[buf.len - 1] != '/')
		buf_char(&buf, '/');
	text_file_name(identifier, &buf);
	buf_text(&buf, ".html");
	return buf_take(&buf);
}

/* The national form keeps names and codes in step in one area: 西青区,静海区. Without that every
 * code of the area goes by the area's whole description. */
static char *name_of_code(const char *desc, size_t index, size_t count)
{
	const char *at = desc;
	size_t commas = 0;

	for (const char *p = desc; *p; p++)
		commas += *p == ',';
	if (count < 2 || commas + 1 != count)
		return mem_text(desc);
	for (; index > 0; index--)
		at = strchr(at, ',') + 1;
	return mem_text_n(at, strcspn(at, ","));
}

static void put_area(
        struct view *view, const char *code, char *name, const struct cap_area *area, bool polygon)
{
	struct view_area *out = view_add_area(view);

	mem_put_text(&out->code, code);
	free(out->name);
	out->name = name;
	mem_put_text(&out->polygon, polygon && area->polygon_count ? area->polygons[0].text : "");
}

static void flatten_coded(const struct cap_area *area, struct view *view)
{
	const char *desc = area->desc ? area->desc : "";
	size_t codes = 0;
	size_t index = 0;

	for (size_t i = 0; i < area->geocodes.count; i++)
		codes += strcmp(area->geocodes.items[i].name, FLATTEN_GEOCODE) == 0;
	for (size_t i = 0; i < area->geocodes.count; i++) {
		const struct cap_pair *pair = &area->geocodes.items[i];
		char *code = NULL;
		if (strcmp(pair->name, FLATTEN_GEOCODE) != 0 ||
		        !division_code_short(pair->value, &code))
			continue;
		put_area(view, code, name_of_code(desc, index, codes), area, index == 0);
		free(code);
		index++;
	}
}

static bool is_coded(const struct cap_info *info, const char *division)
{
	for (size_t i = 0; i < info->area_count; i++) {
		const struct cap_pairs *pairs = &info->areas[i].geocodes;
		for (size_t k = 0; k < pairs->count; k++) {
			char *code = NULL;
			bool same = strcmp(pairs->items[k].name, FLATTEN_GEOCODE) == 0 &&
			            division_code_short(pairs->items[k].value, &code) &&
			            strcmp(code, division) == 0;
			free(code);
			if (same)
				return true;
		}
	}
	return false;
}

/* An area that is only drawn stands, by its own name and with its polygon, in each division that no
 * area names by code; where all are named, in all of them. Only the facts are needed for it, so
 * that a recorded message reads the same whatever outlines there are later. */
static void flatten_drawn(const struct cap_info *info, const struct cap_area *area,
        const struct cap_facts *facts, struct view *view)
{
	const char *desc = area->desc ? area->desc : "";
	bool any = false;

	for (int all = 0; !any && all < 2; all++) {
		for (size_t i = 0; i < facts->areas.count; i++) {
			if (!all && is_coded(info, facts->areas.items[i]))
				continue;
			put_area(view, facts->areas.items[i], mem_text(desc), area, true);
			any = true;
		}
	}
	if (!any)
		put_area(view, "", mem_text(desc), area, true);
}

static void flatten_words(const struct cap_info *info, struct view *view)
{
	mem_put_text(&view->event, info->event);
	mem_put_text(&view->sender_name, info->sender_name);
	mem_put_text(&view->headline, info->headline);
	mem_put_text(&view->description, info->description);
	mem_put_text(&view->instruction, info->instruction);
	mem_put_text(&view->contact, info->contact);
	mem_put_text(&view->category,
	        info->category_count ? cap_category_text(info->categories[0]) : "");
	mem_put_text(&view->urgency, cap_urgency_text(info->urgency));
	mem_put_text(&view->severity, cap_severity_text(info->severity));
	mem_put_text(&view->certainty, cap_certainty_text(info->certainty));
	mem_put_text(&view->language, info->language);
	view->effective = info->effective.set ? info->effective.ms : 0;
	view->onset = info->onset.set ? info->onset.ms : 0;
}

void flatten(const struct cap_alert *alert, const struct cap_facts *facts, enum verb verb,
        enum mode mode, const char *chain, const char *replaces, const char *public_url,
        struct view *view)
{
	const struct cap_info *info = cap_china_info(alert);

	view_finish(view);
	view_init(view);
	mem_put_text(&view->identifier, alert->identifier);
	mem_put_text(&view->sender, alert->sender);
	mem_put_text(&view->chain, chain);
	mem_put_text(&view->replaces, replaces);
	mem_put_text(&view->references, alert->references);
	mem_put_text(&view->hazard, facts->hazard);
	view->verb = verb;
	view->mode = mode;
	view->kind = facts->kind;
	view->level = facts->level;
	view->sent = alert->sent.set ? alert->sent.ms : 0;
	view->expires = facts->expires;
	free(view->web);
	view->web = web_address(public_url, alert->identifier);
	if (!info)
		return;
	flatten_words(info, view);
	for (size_t i = 0; i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];
		if (cap_pairs_find(&area->geocodes, FLATTEN_GEOCODE))
			flatten_coded(area, view);
		else
			flatten_drawn(info, area, facts, view);
	}
}

char *flatten_sender(const char *code, enum mode mode)
{
	return mode == MODE_LIVE ? mem_text(code) : mem_format("%s.%s", mode_text(mode), code);
}
