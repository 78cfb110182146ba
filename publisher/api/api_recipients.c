/* SPDX-License-Identifier: Apache-2.0
 * api_recipients - the directory of recipients: which one is in force, which wait for it, and how
 * many people a selection would reach. Never a number or a name.
 *
 * Counting is for officers who may draft: a small enough circle tells whether somebody in it is in
 * the directory.
 */
#include "api.h"

#include <string.h>

#include "api_json.h"
#include "api_show.h"
#include "choose.h"
#include "generation_text.h"
#include "recipients.h"

/* --- which there are ---------------------------------------------------------------------------
 */

static json_t *generation_json(const struct generation *g)
{
	struct buf document;

	buf_init(&document, 0);
	generation_document(g, &document);
	json_t *json = json_pack("{s:I,s:s,s:s,s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
	        "generation", (json_int_t)g->id, "state", generation_state_text(g->state), "digest",
	        g->digest, "imported", moment_json(g->imported), "in_force",
	        moment_json(g->in_force), "follows", (json_int_t)g->follows, "people",
	        (json_int_t)g->people, "blocks", (json_int_t)g->blocks, "lines",
	        (json_int_t)g->lines, "faults", (json_int_t)g->faults, "repeated",
	        (json_int_t)g->repeated, "withheld", (json_int_t)g->withheld, "added",
	        (json_int_t)g->added, "gone", (json_int_t)g->gone, "changed",
	        (json_int_t)g->changed);
	if (g->state == GENERATION_READY)
		json_object_set_new(json, "document", json_string(document.data));
	buf_finish(&document);
	return json;
}

static bool get_recipients(struct call *call, struct err *err)
{
	struct err none = {0};
	struct store *store = directory_open(call->house->config->state, false, &none);
	struct generation *list = NULL;
	size_t count = 0;
	json_t *array = json_array();
	bool ok = store ? generation_list(store, &list, &count, err) : none.kind == ERR_MISSING;

	if (!ok && !store)
		*err = none;
	for (size_t i = 0; ok && i < count; i++)
		if (list[i].state != GENERATION_BUILDING)
			json_array_append_new(array, generation_json(&list[i]));
	free(list);
	directory_close(&store);
	if (ok)
		call_json(call, 200, json_pack("{s:o}", "directories", array));
	else
		json_decref(array);
	return ok;
}

/* --- how many ----------------------------------------------------------------------------------
 */

/* A selection, and what its members point to. */
struct asked {
	struct selection selection;
	struct texts areas, groups;
	struct cap_alert *alert;
	const struct cap_area *drawn[1];
};

static void asked_finish(struct asked *asked)
{
	texts_finish(&asked->areas);
	texts_finish(&asked->groups);
	cap_alert_destroy(&asked->alert);
}

static bool read_words(const json_t *json, const char *name, struct texts *out, struct err *err)
{
	const json_t *list = json_object_get(json, name);
	const json_t *item;
	size_t i;

	if (list && !json_is_array(list))
		return err_set(
		        err, ERR_INPUT, "%s 应为字符串列表", "%s must be a list of strings", name);
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item))
			return err_set(err, ERR_INPUT, "%s 应为字符串列表",
			        "%s must be a list of strings", name);
		texts_add(out, json_string_value(item));
	}
	return true;
}

static bool read_areas(struct asked *asked, const json_t *json, struct err *err)
{
	const char *polygon = json_string_value(json_object_get(json, "polygon"));
	const char *circle = json_string_value(json_object_get(json, "circle"));

	if (!read_words(json, "areas", &asked->areas, err))
		return false;
	for (size_t i = 0; i < asked->areas.count; i++)
		if (!policy_division_concrete(asked->areas.items[i]))
			return err_set(err, ERR_INPUT, "“%.20s”不是 6、9 或 12 位区划代码",
			        "\"%.20s\" is no division's code of 6, 9 or 12 digits",
			        asked->areas.items[i]);
	asked->alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(asked->alert));
	if ((polygon && !cap_area_add_polygon(area, polygon, err)) ||
	        (circle && !cap_area_add_circle(area, circle, err)))
		return false;
	asked->drawn[0] = area;
	asked->selection.divisions = &asked->areas;
	asked->selection.drawn = asked->drawn;
	asked->selection.drawn_count = polygon || circle;
	return asked->areas.count || polygon || circle ||
	       err_set(err, ERR_INPUT, "请写明 areas、polygon 或 circle",
	               "name areas, a polygon or a circle");
}

static bool read_wishes(struct asked *asked, const json_t *json, struct err *err)
{
	const char *hazard = json_string_value(json_object_get(json, "hazard"));
	const char *level = json_string_value(json_object_get(json, "level"));
	const char *kind = json_string_value(json_object_get(json, "kind"));

	asked->selection.hazard = hazard && *hazard ? hazard : NULL;
	asked->selection.any_level = !level;
	asked->selection.groups = &asked->groups;
	asked->selection.within = RECIPIENTS_COUNT_MS;
	if (hazard && *hazard && !policy_hazard_concrete(hazard))
		return err_set(err, ERR_INPUT, "hazard 应为 5 位灾种代码",
		        "hazard must be an event type's code of 5 characters");
	if (level && !level_read(level, &asked->selection.level))
		return err_set(err, ERR_INPUT, "level 不是级别", "level is none");
	if (kind && !kind_read(kind, &asked->selection.kind))
		return err_set(err, ERR_INPUT, "kind 不是信息类别", "kind is no kind of bulletin");
	return read_words(json, "groups", &asked->groups, err);
}

/* By far side with recipients of the directory: how long its contract's rate takes. */
static json_t *covers_json(const struct config *config, int64_t people)
{
	json_t *array = json_array();

	for (size_t i = 0; i < config->target_count; i++) {
		const struct config_target *t = &config->targets[i];
		if (!t->traits->recipients || !recipients_in_directory(t))
			continue;
		int64_t seconds = recipients_seconds(t, people);
		json_array_append_new(
		        array, json_pack("{s:s,s:o}", "target", t->name, "seconds",
		                       seconds < 0 ? json_null() : json_integer(seconds)));
	}
	return array;
}

static bool count_them(struct call *call, const struct asked *asked, struct err *err)
{
	struct store *store = directory_open(call->house->config->state, false, err);
	struct chosen_count count;
	bool ok = store && choose_count(store, &asked->selection, &count, err);

	directory_close(&store);
	if (!ok)
		return false;
	call_json(call, 200,
	        json_pack("{s:I,s:I,s:I,s:o}", "people", (json_int_t)count.people, "blocks",
	                (json_int_t)count.blocks, "unplaced", (json_int_t)count.unplaced, "cover",
	                covers_json(call->house->config, count.people)));
	return true;
}

static bool post_count(struct call *call, struct err *err)
{
	struct asked asked = {0};
	json_t *json = call_body_json(call, err);
	bool ok = json && caller_must_be_officer(call->caller, err) &&
	          read_areas(&asked, json, err) && read_wishes(&asked, json, err) &&
	          count_them(call, &asked, err);

	asked_finish(&asked);
	json_decref(json);
	return ok;
}

const struct route api_recipients_routes[] = {
        {"GET", "/api/v1/recipients", "read", 0, get_recipients},
        {"POST", "/api/v1/recipients/count", "draft", 0, post_count},
        {0},
};
