/* SPDX-License-Identifier: Apache-2.0
 * due - see due.h. Read-only, on a worker; the list is what the record held at one moment a
 * question.
 */
#include "due.h"

#include <stdlib.h>
#include <string.h>

#include "ends.h"
#include "notices.h"
#include "policy_obligations.h"
#include "store_duty.h"
#include "store_report.h"
#include "turn.h"
#include "when.h"

struct item {
	int64_t due;
	json_t *json;
};

struct items {
	struct item *items;
	size_t count;
	int64_t now;
};

static json_t *moment(int64_t ms)
{
	char text[WHEN_TEXT];

	when_text(ms, text);
	return json_string(text);
}

static json_t *add(struct items *items, const char *id, const char *what, const char *what_zh,
        const char *unit, const char *headline, int64_t due)
{
	struct item *item = mem_push(&items->items, &items->count, sizeof *item);

	item->due = due;
	item->json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:b}", "id", id, "what", what, "what_zh",
	        what_zh, "unit", unit, "headline", headline, "due", moment(due), "overdue",
	        due <= items->now);
	return item->json;
}

static void add_duty(struct items *items, const struct duty_row *d)
{
	enum obligation what = OBLIGATION_REPORT;
	char *id = mem_format("d%lld", (long long)d->id);

	obligation_read(d->what, &what);
	json_t *json = add(items, id, d->what, obligation_zh(what), d->unit, d->headline, d->due);
	json_object_set_new(json, "bulletin", json_string(d->bulletin));
	json_object_set_new(json, "to", json_string(d->recipient));
	json_object_set_new(json, "basis", json_string(d->basis));
	json_object_set_new(json, "state",
	        json_string(d->done                ? "done"
	                    : d->due <= items->now ? "overdue"
	                                           : "open"));
	if (d->done) {
		json_object_set_new(json, "overdue", json_boolean(d->closed > d->due));
		json_object_set_new(json, "closed", moment(d->closed));
		json_object_set_new(json, "closed_by", json_string(d->closed_by));
		json_object_set_new(json, "reference", json_string(d->reference));
		json_object_set_new(json, "note", json_string(d->note));
	}
	free(id);
}

static bool add_duties(
        struct items *items, struct store *reader, const char *bulletin, struct err *err)
{
	struct duty_list duties = {0};

	if (!store_list_duties(reader, bulletin, WAITING_MOST, &duties, err))
		return false;
	for (size_t i = 0; i < duties.count; i++)
		add_duty(items, &duties.items[i]);
	duty_list_finish(&duties);
	return true;
}

static void add_bulletin(struct items *items, const struct bulletin *b, const char *what,
        const char *what_zh, int64_t due)
{
	json_t *json = add(items, b->id, what, what_zh, b->unit, b->headline, due);

	json_object_set_new(json, "bulletin", json_string(b->id));
	json_object_set_new(json, "level", json_string(level_text(b->level)));
}

static int64_t turn_due(
        const struct config_prompt *limits, const struct bulletin *b, const struct turn *turn)
{
	const long *by_level = turn->step == STEP_REVIEW ? limits->review
	                       : turn->step == STEP_SIGN ? limits->sign
	                                                 : limits->release;

	return turn->since + by_level[b->level];
}

/* Called, and nobody has answered or acted. */
static void add_call(
        struct items *items, struct house *house, struct store *reader, const struct bulletin *b)
{
	struct turn_call call;
	struct err err;

	if (!notices_turn(house, reader, b, items->now, &call, &err))
		return;
	if (call.rung && !call.confirmed)
		add_bulletin(items, b, "unanswered", "叫应未确认",
		        call.since + house->config->notice_again);
	turn_call_finish(&call);
}

static bool add_turn(struct items *items, struct house *house, struct store *reader,
        const struct bulletin *b, struct err *err)
{
	const struct config_prompt *limits = &house->config->prompt;
	struct approval_list approvals = {0};
	struct turn turn;

	if (!store_list_all_approvals(reader, b->id, &approvals, err))
		return false;
	if (turn_of(atomic_load(&house->policy), b, &approvals, items->now, &turn)) {
		add_bulletin(items, b, status_step_text(turn.step), status_step_zh(turn.step),
		        turn_due(limits, b, &turn));
		add_call(items, house, reader, b);
	} else {
		add_bulletin(items, b, "draft", "等待提交", b->created + limits->draft[b->level]);
	}
	approval_list_finish(&approvals);
	return true;
}

static bool add_waiting(
        struct items *items, struct house *house, struct store *reader, struct err *err)
{
	static const enum bulletin_state waiting[] = {
	        BULLETIN_DRAFT, BULLETIN_SUBMITTED, BULLETIN_APPROVED};
	bool ok = true;

	for (size_t s = 0; ok && s < sizeof waiting / sizeof *waiting; s++) {
		struct bulletin_list list = {0};
		ok = store_list_bulletins(reader, (int)waiting[s], WAITING_MOST, &list, err);
		for (size_t i = 0; ok && i < list.count; i++)
			ok = add_turn(items, house, reader, list.items[i], err);
		bulletin_list_finish(&list);
	}
	return ok;
}

static bool add_expiring(
        struct items *items, struct house *house, struct store *reader, struct err *err)
{
	struct bulletin_list list = {0};

	if (!store_list_expiring(
	            reader, items->now + house->config->due_soon, WAITING_MOST, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		add_bulletin(items, list.items[i], "expiring", "即将失效", list.items[i]->expires);
	bulletin_list_finish(&list);
	return true;
}

static bool add_ends(
        struct items *items, struct house *house, struct store *reader, struct err *err)
{
	json_t *list = NULL;
	const json_t *one;
	int64_t at;
	size_t i;

	if (!ends_list(house, reader, false, items->now, &list, err))
		return false;
	json_array_foreach(list, i, one)
	{
		const char *what = json_string_value(json_object_get(one, "what_zh"));
		const char *name = json_string_value(json_object_get(one, "name"));
		const char *of = json_string_value(json_object_get(one, "of"));
		char *headline = mem_format("%s %s", what, name);
		if (json_is_true(json_object_get(one, "alarm")) &&
		        when_read(json_string_value(json_object_get(one, "ends")), &at, NULL))
			add(items, "-", "ends", "到期", of, headline, at);
		free(headline);
	}
	json_decref(list);
	return true;
}

/* An overdue after-report stands above all. */
static bool shouted(const struct item *item, int64_t now)
{
	const char *what = json_string_value(json_object_get(item->json, "what"));

	return item->due <= now && strcmp(what, obligation_text(OBLIGATION_AFTER_REPORT)) == 0;
}

static int sooner(const void *a, const void *b)
{
	const struct item *left = a;
	const struct item *right = b;

	return (left->due > right->due) - (left->due < right->due);
}

static json_t *in_order(struct items *items)
{
	json_t *array = json_array();

	if (items->count)
		qsort(items->items, items->count, sizeof *items->items, sooner);
	for (size_t i = 0; i < items->count; i++)
		if (shouted(&items->items[i], items->now))
			json_array_append(array, items->items[i].json);
	for (size_t i = 0; i < items->count; i++)
		if (!shouted(&items->items[i], items->now))
			json_array_append(array, items->items[i].json);
	return array;
}

bool due_list(struct house *house, struct store *reader, const char *bulletin, int64_t now,
        json_t **out, struct err *err)
{
	struct items items = {.now = now};
	bool ok = add_duties(&items, reader, bulletin, err);

	if (!bulletin)
		ok = ok && add_waiting(&items, house, reader, err) &&
		     add_expiring(&items, house, reader, err) &&
		     add_ends(&items, house, reader, err);
	if (ok)
		*out = in_order(&items);
	for (size_t i = 0; i < items.count; i++)
		json_decref(items.items[i].json);
	free(items.items);
	return ok;
}
