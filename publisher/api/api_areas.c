/* SPDX-License-Identifier: Apache-2.0
 * api_areas - whom an area concerns, while it is written: the divisions it names, and those that a
 * drawn shape touches besides (area.h), each with whether the caller's unit could publish there,
 * and how many people live there where a source says so. A shape nobody can place is refused in
 * the words that submission would use.
 */
#include "api.h"

#include <string.h>

#include "api_json.h"
#include "api_show.h"
#include "ask.h"
#include "catalog.h"
#include "draft.h"
#include "policy.h"
#include "population.h"
#include "problems.h"
#include "when.h"

struct areas {
	struct call *call;
	const json_t *report;
	struct texts named, touched; /* codes; what is named is not in touched */
	json_t *shapes;              /* of each shape the codes it touches */
	struct cap_problems problems;
};

static void take_shape(struct areas *a, const struct cap_area *area, size_t number)
{
	struct texts codes = {0};
	struct err cause = {0};
	char *path = mem_format("shapes[%zu]", number);

	if (!outlines_touched(a->call->house->catalog->outlines, area, &codes, &cause))
		cap_problem_put(
		        &a->problems, CAP_PROBLEM_ERROR, "areas.shape", path, cause.zh, cause.en);
	for (size_t i = 0; i < codes.count; i++)
		if (!texts_have(&a->named, codes.items[i]) &&
		        !texts_have(&a->touched, codes.items[i]))
			texts_add(&a->touched, codes.items[i]);
	json_array_append_new(a->shapes, list_json(&codes));
	texts_finish(&codes);
	free(path);
}

/* Codes first: what is named is no spill-over of a shape. */
static void take(struct areas *a, const struct cap_info *info)
{
	size_t shapes = 0;

	for (size_t i = 0; i < info->area_count; i++)
		for (size_t k = 0; k < info->areas[i].geocodes.count; k++) {
			char *code = NULL;
			if (division_code_short(info->areas[i].geocodes.items[k].value, &code) &&
			        !texts_have(&a->named, code))
				texts_add(&a->named, code);
			free(code);
		}
	for (size_t i = 0; i < info->area_count; i++)
		if (info->areas[i].polygon_count + info->areas[i].circle_count)
			take_shape(a, &info->areas[i], ++shapes);
}

/* --- the grant ----------------------------------------------------------------------------------
 */

static const char *text_of(const struct areas *a, const char *member)
{
	const char *text = json_string_value(json_object_get(a->report, member));

	return text ? text : "";
}

static const struct hazard *hazard_of(const struct areas *a)
{
	const struct catalog *catalog = a->call->house->catalog;
	const struct hazard *hazard = catalog_hazard(catalog, text_of(a, "hazard"));

	return hazard ? hazard : catalog_hazard_named(catalog, text_of(a, "hazard"));
}

/* As submission would ask, for this division alone. Null: not said yet what it is. */
static json_t *inside(const struct areas *a, const char *code)
{
	const struct house *house = a->call->house;
	const struct officer *officer = a->call->caller->officer;
	const struct hazard *hazard = hazard_of(a);
	struct bulletin *b = NULL;
	struct ask ask;

	if (!hazard || !officer)
		return json_null();
	b = bulletin_create();
	b->kind = KIND_WARNING;
	kind_read(text_of(a, "kind"), &b->kind);
	level_read(text_of(a, "level"), &b->level);
	b->mode = house->config->mode;
	b->screening = SCREENING_REVIEWED;
	mem_set_text(&b->status, mode_status(b->mode));
	mem_set_text(&b->hazard, hazard->code);
	mem_set_text(&b->unit, officer->unit);
	mem_set_text(&b->drafter, officer->id);
	texts_add(&b->areas, code);
	for (size_t i = 0; i < house->config->target_count; i++)
		if (house->config->targets[i].by_default)
			texts_add(&b->targets, house->config->targets[i].name);
	ask_decide(&ask, atomic_load(&house->policy), house->config, b, NULL, officer->id,
	        when_now(), NULL, true);
	json_t *answer = json_boolean(ask.decision.permit);
	ask_finish(&ask);
	bulletin_destroy(&b);
	return answer;
}

/* --- the answer ---------------------------------------------------------------------------------
 */

static json_t *place_json(const struct areas *a, const char *code, bool touched)
{
	const struct division *d = catalog_division(a->call->house->catalog, code);
	const struct populace *people = population_of(a->call->house->population, code);

	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:s}", "code", code, "zh", d ? d->name_zh : code,
	        "en", d && d->name_en ? d->name_en : code, "by", touched ? "shape" : "code",
	        "inside", inside(a, code), "people",
	        people ? json_integer(people->people) : json_null(), "source",
	        people ? people->source : "");
}

static bool within_another(const struct areas *a, const char *code)
{
	const struct texts *lists[] = {&a->named, &a->touched};

	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count; i++)
			if (strcmp(lists[l]->items[i], code) != 0 &&
			        policy_division_covers(lists[l]->items[i], code))
				return true;
	return false;
}

/* Of all divisions once; null as soon as one has no figure: half a sum is none. */
static json_t *people_json(const struct areas *a)
{
	const struct texts *lists[] = {&a->named, &a->touched};
	int64_t sum = 0;

	if (a->named.count + a->touched.count == 0)
		return json_null();
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count; i++) {
			const char *code = lists[l]->items[i];
			const struct populace *one =
			        population_of(a->call->house->population, code);
			if (within_another(a, code))
				continue;
			if (!one)
				return json_null();
			sum += one->people;
		}
	return json_integer(sum);
}

static json_t *answer(const struct areas *a)
{
	json_t *places = json_array();

	for (size_t i = 0; i < a->named.count; i++)
		json_array_append_new(places, place_json(a, a->named.items[i], false));
	for (size_t i = 0; i < a->touched.count; i++)
		json_array_append_new(places, place_json(a, a->touched.items[i], true));
	return json_pack("{s:o,s:O,s:o,s:b,s:o}", "places", places, "shapes", a->shapes, "people",
	        people_json(a), "counted", a->call->house->population->count > 0, "problems",
	        problems_json(&a->problems));
}

static bool post_areas(struct call *call, struct err *err)
{
	json_t *report = call_body_json(call, err);
	struct areas areas = {.call = call, .report = report, .shapes = json_array()};
	struct draft_rules rules = {.catalog = call->house->catalog};
	struct cap_alert *alert = cap_alert_create();
	struct cap_info *info = cap_alert_add_info(alert);

	if (report) {
		draft_read_areas(report, &rules, info, &areas.problems);
		take(&areas, info);
		call_json(call, 200, answer(&areas));
	}
	cap_alert_destroy(&alert);
	cap_problems_finish(&areas.problems);
	json_decref(areas.shapes);
	texts_finish(&areas.named);
	texts_finish(&areas.touched);
	json_decref(report);
	return report != NULL;
}

const struct route api_areas_routes[] = {
        {"POST", "/api/v1/areas", "draft", 0, post_areas},
        {0},
};
