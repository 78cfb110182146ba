/* SPDX-License-Identifier: Apache-2.0
 * api_compose - for whoever writes: what there is to choose from, what the words would become, and
 * a draft as a form.
 */
#include "api.h"

#include <stdlib.h>
#include <string.h>

#include "api_arrival.h"
#include "api_json.h"
#include "api_open.h"
#include "cap_io.h"
#include "catalog.h"
#include "decide_json.h"
#include "draft.h"
#include "form.h"
#include "preview.h"
#include "problems.h"

/* --- what there is ------------------------------------------------------------------------------
 */

static json_t *hazards_json(const struct catalog *catalog)
{
	json_t *array = json_array();

	for (size_t i = 0; i < catalog->hazard_count; i++) {
		const struct hazard *h = &catalog->hazards[i];
		json_array_append_new(array, json_pack("{s:s,s:s,s:s?}", "code", h->code, "zh",
		                                     h->name_zh, "en", h->name_en));
	}
	return array;
}

static json_t *divisions_json(const struct catalog *catalog)
{
	json_t *array = json_array();

	for (size_t i = 0; i < catalog->division_count; i++) {
		const struct division *d = &catalog->divisions[i];
		json_array_append_new(array,
		        json_pack("{s:s,s:s,s:s?,s:s,s:s}", "code", d->code, "zh", d->name_zh, "en",
		                d->name_en, "level", d->level, "parent", d->parent));
	}
	return array;
}

static json_t *targets_json(const struct config *config)
{
	json_t *array = json_array();

	for (size_t i = 0; i < config->target_count; i++) {
		const struct config_target *t = &config->targets[i];
		json_array_append_new(
		        array, json_pack("{s:s,s:s,s:b,s:b}", "name", t->name, "kind", t->kind,
		                       "public", t->traits->is_public, "default", t->by_default));
	}
	return array;
}

static bool get_catalog(struct call *call, struct err *err)
{
	const struct catalog *catalog = call->house->catalog;

	(void)err;
	call_json(call, 200,
	        json_pack("{s:o,s:o,s:o}", "hazards", hazards_json(catalog), "divisions",
	                divisions_json(catalog), "targets", targets_json(call->house->config)));
	return true;
}

/* --- what it would become -----------------------------------------------------------------------
 */

/* Parts times people times price, to the fen. */
static json_t *cost_json(const struct call *call, const struct bulletin *b, size_t i)
{
	const struct bulletin_text *text = &b->texts[i];
	const struct config_target *target = config_target(call->house->config, text->target);
	const struct audience *audience = bulletin_audience(b, text->target);

	if (!target || !target->part_price || !audience)
		return NULL;
	int64_t ten_thousandths = (int64_t)text->parts * audience->count * target->part_price;
	char *yuan = mem_format("%lld.%02lld", (long long)(ten_thousandths / 10000),
	        (long long)(ten_thousandths % 10000 / 100));
	json_t *json = json_string(yuan);
	free(yuan);
	return json;
}

static void put_fits(const struct call *call, const struct bulletin *b, json_t *texts)
{
	for (size_t i = 0; i < b->text_count; i++) {
		const struct bulletin_text *t = &b->texts[i];
		json_t *text = json_array_get(texts, i);
		json_t *cost = cost_json(call, b, i);
		json_object_set_new(text, "fit",
		        json_pack("{s:s,s:i,s:i,s:i,s:b}", "unit", t->unit, "used", t->used,
		                "limit", t->limit, "parts", t->parts, "shortened", t->shortened));
		if (cost)
			json_object_set_new(text, "yuan", cost);
	}
}

static json_t *plain_json(const struct preview *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->plain_count; i++)
		json_array_append_new(list,
		        json_pack("{s:s,s:s?,s:o}", "language", p->plain[i].language, "text",
		                p->plain[i].text, "notes", problems_json(&p->plain[i].notes)));
	return list;
}

static json_t *preview_json(struct call *call, struct preview *p)
{
	struct approval_list none = {0};
	struct delivery_list nowhere = {0};
	json_t *json = bulletin_json(p->bulletin, &none, &nowhere);

	open_names(call->house, p->bulletin, json);
	json_object_set_new(json, "words", open_words_json(p->bulletin));
	json_object_set_new(json, "hits", screen_hits_json(&p->screened.found));
	json_object_set_new(json, "cap", json_string(p->bulletin->cap));
	json_object_set_new(json, "plain", plain_json(p));
	put_fits(call, p->bulletin, json_object_get(json, "texts"));
	json_object_set_new(
	        json, "authority", p->asked ? decision_json(&p->ask.decision) : json_null());
	return json;
}

static bool post_preview(struct call *call, struct err *err)
{
	struct arrival arrival = arrival_of(call);
	struct preview preview;
	struct err trouble;
	bool made = preview_make(call->house, call->reader, &arrival, &preview, &trouble);

	(void)err;
	json_t *answer = json_pack("{s:o,s:o}", "problems", problems_json(&preview.problems),
	        "bulletin", preview.bulletin ? preview_json(call, &preview) : json_null());
	if (!made && !preview.problems.count) {
		json_object_set_new(answer, "detail", json_string(trouble.en));
		json_object_set_new(answer, "detail_zh", json_string(trouble.zh));
	}
	call_json(call, 200, answer);
	preview_finish(&preview);
	return true;
}

/* --- a draft as a form --------------------------------------------------------------------------
 */

/* false: *err. `as=update`: of what is released and in its words. */
static bool wants_update(
        const struct call *call, const struct bulletin *b, bool *update, struct err *err)
{
	char *as = call_query(call, "as");
	bool none = !as || !*as;
	*update = !none && strcmp(as, "update") == 0;
	free(as);
	if (!none && !*update)
		return err_set(err, ERR_INPUT, "as 只能是 update", "as can only be update");
	return !*update ||
	       (b->state == BULLETIN_RELEASED &&
	               (b->verb == VERB_PUBLISH || b->verb == VERB_UPDATE)) ||
	       err_set(err, ERR_CONFLICT, "%s 不在已发布状态，无从更新",
	               "%s is not released: there is nothing to update", b->id);
}

static bool get_form(struct call *call, struct err *err)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = NULL;
	struct bulletin *b = NULL;
	json_t *form = NULL;
	bool update = false;
	struct draft_rules rules = {
	        .catalog = call->house->catalog, .phrases = call->house->phrases};

	if (!store_get_bulletin(call->reader, call->part[0], &b, err))
		return false;
	alert = cap_parse_unfilled(b->cap, strlen(b->cap), CAP_LIMIT_SOURCE, &problems);
	if (alert && wants_update(call, b, &update, err))
		form = update ? form_of_update(b, alert, &rules, err)
		              : form_of(b, alert, &rules, err);
	else if (!alert)
		err_set(err, ERR_INTERNAL, "%s 的草稿无法读回",
		        "the draft of %s cannot be read back", b->id);
	if (form)
		call_json(call, 200,
		        json_pack("{s:s,s:I,s:s,s:o}", "id", b->id, "version",
		                (json_int_t)b->version, "state", bulletin_state_text(b->state),
		                "form", form));
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	bulletin_destroy(&b);
	return form != NULL;
}

const struct route api_compose_routes[] = {
        {"GET", "/api/v1/catalog", "read", 0, get_catalog},
        {"POST", "/api/v1/preview", "draft", 0, post_preview},
        {"GET", "/api/v1/bulletins/{}/form", "read", 0, get_form},
        {0},
};
