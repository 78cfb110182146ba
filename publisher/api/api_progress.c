/* SPDX-License-Identifier: Apache-2.0
 * api_progress - see api_progress.h.
 */
#include "api_progress.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "outbox.h"
#include "store_pause.h"
#include "store_reported.h"

enum { PAUSES_MOST = 100 }; /* the newest of one bulletin */

/* Of one far side, over its blocks. */
struct sums {
	const char *target;
	int64_t reached, failed;
	bool blocks, open;
};

static struct sums *sums_of(struct sums **all, size_t *count, const char *target)
{
	for (size_t i = *count; i-- > 0;)
		if (strcmp((*all)[i].target, target) == 0)
			return &(*all)[i];
	struct sums *new = mem_push(all, count, sizeof **all);
	new->target = target;
	return new;
}

static json_t *paused_json(const struct pause_list *pauses, const char *target)
{
	for (size_t i = 0; i < pauses->count; i++) {
		const struct pause *p = &pauses->items[i];
		if (strcmp(p->target, target) == 0)
			return json_pack("{s:s,s:o,s:s}", "by", p->officer, "since",
			        moment_json(p->since), "reason", p->reason);
	}
	return json_null();
}

/* What the phone network reported, long after the gateway had taken them. */
static json_t *reports_json(const struct reported_list *reported, const char *target)
{
	for (size_t i = 0; i < reported->count; i++) {
		if (strcmp(reported->items[i].target, target) != 0)
			continue;
		json_t *json = json_object();
		for (int word = REPORT_WORDS - 1; word > REPORT_NONE; word--)
			json_object_set_new(json, report_word_text((enum report_word)word),
			        json_integer(reported->items[i].all.counts[word]));
		return json;
	}
	return json_null();
}

/* Of blocks: how many of how many, how fast, how long still. */
static void put_blocks(struct call *call, const struct bulletin *b, const struct sums *sums,
        const struct reported_list *reported, json_t *json)
{
	const struct audience *audience = bulletin_audience(b, sums->target);
	int64_t count = audience ? audience->count : 0;
	int64_t left = count - sums->reached - sums->failed;
	double pace = outbox_pace(call->house->outbox, b->id, sums->target);
	bool known = sums->open && pace > 0 && json_is_null(json_object_get(json, "paused"));

	json_object_set_new(json, "count", json_integer(count));
	json_object_set_new(json, "reached", json_integer(sums->reached));
	json_object_set_new(json, "failed", json_integer(sums->failed));
	json_object_set_new(json, "reports", reports_json(reported, sums->target));
	json_object_set_new(json, "per_second", json_real(pace));
	json_object_set_new(json, "seconds_left",
	        known && left >= 0 ? json_integer((json_int_t)((double)left / pace + 0.5))
	                           : json_null());
}

static void put_pause(const json_t *record, json_t *into)
{
	json_t *body = json_loads(json_string_value(json_object_get(record, "body")), 0, NULL);

	json_array_append_new(into,
	        json_pack("{s:O,s:O?,s:O?,s:O?,s:o}", "what", json_object_get(record, "what"),
	                "target", json_object_get(body, "target"), "officer",
	                json_object_get(body, "officer"), "reason", json_object_get(body, "reason"),
	                "time", moment_json(json_integer_value(json_object_get(record, "at")))));
	json_decref(body);
}

/* Every pause there was and its end, as the chain has them. */
static bool put_pauses(struct call *call, const char *id, json_t *json, struct err *err)
{
	static const char *const words[] = {"paused", "resumed"};
	json_t *array = json_array();
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof words / sizeof *words; i++) {
		const struct audit_wish wish = {
		        .ref = id, .what = words[i], .newest = true, .most = PAUSES_MOST};
		json_t *list = NULL;
		ok = store_list_audit(call->reader, &wish, &list, err);
		for (size_t k = json_array_size(list); k-- > 0;)
			put_pause(json_array_get(list, k), array);
		json_decref(list);
	}
	json_object_set_new(json, "pauses", array);
	return ok;
}

bool show_progress(struct call *call, const struct bulletin *b,
        const struct delivery_list *deliveries, json_t *json, struct err *err)
{
	struct pause_list pauses = {0};
	struct reported_list reported = {0};
	struct sums *all = NULL;
	size_t count = 0;

	if (!put_pauses(call, b->id, json, err) ||
	        !store_list_pauses(call->reader, b->id, &pauses, err) ||
	        !store_list_reported(call->reader, b->id, &reported, err)) {
		pause_list_finish(&pauses);
		return false;
	}
	for (size_t i = 0; i < deliveries->count; i++) {
		const struct delivery *d = &deliveries->items[i];
		struct sums *sums = sums_of(&all, &count, d->target);
		sums->reached += d->reached;
		sums->failed += d->failed;
		sums->blocks |= d->block >= 0;
		sums->open |= d->state == DELIVERY_WAITING || d->state == DELIVERY_SENDING;
	}
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *one = json_pack("{s:s,s:o}", "target", all[i].target, "paused",
		        paused_json(&pauses, all[i].target));
		if (all[i].blocks)
			put_blocks(call, b, &all[i], &reported, one);
		json_array_append_new(array, one);
	}
	json_object_set_new(json, "progress", array);
	free(all);
	pause_list_finish(&pauses);
	reported_list_finish(&reported);
	return true;
}
