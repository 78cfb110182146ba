/* SPDX-License-Identifier: Apache-2.0
 * form - see form.h. Urgency, certainty and response are not looked at: a report leaves them to the
 * rules of draft_build.c, as whoever edits by form does.
 */
#include "form.h"

#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "draft_plain.h"
#include "flatten.h"
#include "when.h"

/* One division, or one shape with divisions of ours beside it or without. */
static bool is_plain_area(const struct cap_area *area)
{
	size_t shapes = area->polygon_count + area->circle_count;
	bool ours = true;

	for (size_t i = 0; i < area->geocodes.count; i++)
		ours = ours && strcmp(area->geocodes.items[i].name, FLATTEN_GEOCODE) == 0;
	return ours && !area->altitude && !area->ceiling && !cap_area_is_doubtful(area) &&
	       (shapes == 1 || (!shapes && area->geocodes.count == 1));
}

static bool areas_are_plain(const struct cap_info *info)
{
	for (size_t i = 0; i < info->area_count; i++)
		if (!is_plain_area(&info->areas[i]))
			return false;
	return true;
}

/* Those that draft_build.c writes itself. */
static bool parameters_are_ours(const struct cap_info *info)
{
	static const char *const ours[] = {"kind", "colour", "responseLevel"};

	for (size_t i = 0; i < info->parameters.count; i++) {
		bool known = false;
		for (size_t n = 0; n < sizeof ours / sizeof ours[0]; n++)
			known |= strcmp(info->parameters.items[i].name, ours[n]) == 0;
		if (!known)
			return false;
	}
	return true;
}

static bool holds(const char *text)
{
	return text && *text;
}

/* What a report has no member for; NULL: nothing. */
static const char *what_is_lost(const struct bulletin *b, const struct cap_alert *alert,
        const struct draft_rules *rules, const char **en)
{
	const struct cap_info *info = alert->info_count ? &alert->infos[0] : NULL;
	const struct {
		bool lost;
		const char *zh, *en;
	} rows[] = {
	        {!info || (alert->info_count > 1 && !draft_english_is_ours(b, alert, rules)),
	                "多种语言的内容", "words in several languages"},
	        {b->verb != VERB_PUBLISH && b->verb != VERB_UPDATE, "解除或更正",
	                "an end of what was released"},
	        {b->procedure == PROCEDURE_RELAY, "上游签名的转发", "a signed relay"},
	        {info && !areas_are_plain(info), "多个图形并成的区域、高度或其他编码",
	                "an area of several shapes, with heights or other codes"},
	        {info && info->resource_count, "附件", "an attachment"},
	        {info && (holds(info->web) || holds(info->audience)), "网页或对象字段",
	                "a web address or an audience"},
	        {info && !parameters_are_ours(info), "其他参数", "other parameters"},
	        {holds(alert->note), "附注", "a note"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].lost) {
			*en = rows[i].en;
			return rows[i].zh;
		}
	}
	return NULL;
}

static json_t *texts_json(const struct texts *texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(array, json_string(texts->items[i]));
	return array;
}

static json_t *codes_json(const struct cap_area *area)
{
	json_t *codes = json_array();

	for (size_t i = 0; i < area->geocodes.count; i++) {
		char *code = NULL;
		if (division_code_short(area->geocodes.items[i].value, &code))
			json_array_append_new(codes, json_string(code));
		free(code);
	}
	return codes;
}

static json_t *shape_json(const struct cap_area *area)
{
	json_t *shape = json_object();
	json_t *codes = codes_json(area);

	if (area->polygon_count)
		json_object_set_new(shape, "polygon", json_string(area->polygons[0].text));
	else
		json_object_set_new(shape, "circle", json_string(area->circles[0].text));
	if (area->desc && *area->desc)
		json_object_set_new(shape, "name", json_string(area->desc));
	if (json_array_size(codes))
		json_object_set(shape, "codes", codes);
	json_decref(codes);
	return shape;
}

static void put_areas(json_t *form, const struct cap_info *info)
{
	json_t *where = json_array();
	json_t *shapes = json_array();

	for (size_t i = 0; i < info->area_count; i++) {
		const struct cap_area *area = &info->areas[i];
		if (area->polygon_count + area->circle_count) {
			json_array_append_new(shapes, shape_json(area));
		} else {
			json_t *codes = codes_json(area);
			json_array_extend(where, codes);
			json_decref(codes);
		}
	}
	if (json_array_size(where))
		json_object_set(form, "where", where);
	if (json_array_size(shapes))
		json_object_set(form, "shapes", shapes);
	json_decref(where);
	json_decref(shapes);
}

static void put(json_t *form, const char *member, const char *text)
{
	if (holds(text))
		json_object_set_new(form, member, json_string(text));
}

static void put_moment(json_t *form, const char *member, int64_t ms)
{
	char text[WHEN_TEXT];

	if (!ms)
		return;
	when_text(ms, text);
	json_object_set_new(form, member, json_string(text));
}

static void put_words(json_t *form, const struct cap_info *info, const char *plainless)
{
	put(form, "headline", info->headline);
	put(form, "what", plainless ? plainless : info->description);
	if (plainless)
		json_object_set_new(form, "plain", json_true());
	put(form, "instruction", info->instruction);
	put(form, "contact", info->contact);
	put_moment(form, "when", info->onset.set ? info->onset.ms : 0);
}

json_t *form_of(const struct bulletin *b, const struct cap_alert *alert,
        const struct draft_rules *rules, struct err *err)
{
	const char *en = NULL;
	const char *zh = what_is_lost(b, alert, rules, &en);

	if (zh) {
		err_set(err, ERR_CONFLICT,
		        "这份稿件含有表单写不出的内容（%s%.0s），在表单里修改会丢失它",
		        "this draft holds what the form cannot say (%.0s%s): it would be lost", zh,
		        en);
		return NULL;
	}
	json_t *form = json_pack("{s:s,s:s,s:s,s:s,s:s}", "kind", kind_text(b->kind), "level",
	        level_text(b->level), "hazard", b->hazard, "procedure",
	        procedure_text(b->procedure), "disclosure", disclosure_text(b->disclosure));
	put_areas(form, &alert->infos[0]);
	char *plainless = draft_without_plain(b, alert, rules);

	put_words(form, &alert->infos[0], plainless);
	free(plainless);
	if (alert->info_count > 1)
		json_object_set_new(form, "languages", json_pack("[s]", "en"));
	put(form, "unit", b->unit);
	put(form, "incident", b->incident);
	put(form, "updates", b->replaces);
	put(form, "disclosure_reason", b->disclosure_reason);
	put_moment(form, "expires", b->expires);
	if (b->targets.count)
		json_object_set_new(form, "targets", texts_json(&b->targets));
	return form;
}

json_t *form_of_update(const struct bulletin *b, const struct cap_alert *alert,
        const struct draft_rules *rules, struct err *err)
{
	json_t *form = form_of(b, alert, rules, err);

	if (!form)
		return NULL;
	json_object_set_new(form, "updates", json_string(b->identifier));
	json_object_del(form, "headline");
	return form;
}
