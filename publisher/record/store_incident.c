/* SPDX-License-Identifier: Apache-2.0
 * store_incident - see store_incident.h.
 *
 * Relies on the record's transaction: the row that says where an incident stands and the step that
 * brought it there are written together or not at all.
 */
#include "store_incident.h"

#include <stdlib.h>
#include <string.h>

#include "store_bulletin.h"
#include "when.h"

static const struct {
	const char *text, *zh;
} states[] = {[INCIDENT_OPEN] = {"open", "处置中"}, [INCIDENT_CLOSED] = {"closed", "已终结"}};

const char *incident_state_text(enum incident_state state)
{
	return states[state].text;
}

const char *incident_state_zh(enum incident_state state)
{
	return states[state].zh;
}

bool incident_state_read(const char *text, enum incident_state *out)
{
	for (int i = INCIDENT_OPEN; text && i <= INCIDENT_CLOSED; i++) {
		if (strcmp(states[i].text, text) == 0) {
			*out = (enum incident_state)i;
			return true;
		}
	}
	return false;
}

void incident_finish(struct incident *incident)
{
	char *owned[] = {incident->id, incident->title, incident->hazard, incident->handler,
	        incident->opener};

	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		free(owned[i]);
	texts_finish(&incident->areas);
	*incident = (struct incident){0};
}

void incident_list_finish(struct incident_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		incident_finish(&list->items[i]);
	free(list->items);
	*list = (struct incident_list){0};
}

static bool name_it(struct store *store, struct incident *incident, struct err *err)
{
	int64_t number = 0;

	if (incident->id && *incident->id)
		return true;
	if (!store_next_sequence(store, "incident", &number, err))
		return false;
	free(incident->id);
	incident->id = mem_format("i-%lld", (long long)number);
	return true;
}

bool store_add_incident(struct store *store, struct incident *incident, struct err *err)
{
	struct query q;

	if (!name_it(store, incident, err))
		return false;
	char *areas = lines_join(&incident->areas);
	query_begin(&q, store,
	        "INSERT INTO incident (id, title, hazard, areas, state, handler, sequence, head,"
	        " opened, opener) VALUES (?,?,?,?,'open','',0,'',?,?)",
	        err);
	query_text(&q, incident->id);
	query_text(&q, incident->title);
	query_text(&q, incident->hazard);
	query_text(&q, areas);
	query_int(&q, incident->opened);
	query_text(&q, incident->opener);
	bool ok = query_run(&q);
	free(areas);
	if (!ok && q.conflict)
		err_set(err, ERR_CONFLICT, "事件 %s 已经登记", "incident %s is open already",
		        incident->id);
	return ok;
}

#define INCIDENT_COLUMNS "id, title, hazard, areas, state, handler, sequence, head, opened, opener"

/* false: its state is no word we know (a damaged or foreign record). */
static bool read_incident(struct query *q, struct incident *out)
{
	*out = (struct incident){
	        .id = query_get_text(q), .title = query_get_text(q), .hazard = query_get_text(q)};
	lines_split(query_peek_text(q), &out->areas);
	bool known = incident_state_read(query_peek_text(q), &out->state);
	out->handler = query_get_text(q);
	out->sequence = query_get_int(q);
	query_get_digest(q, out->head);
	out->opened = query_get_int(q);
	out->opener = query_get_text(q);
	return known;
}

static bool no_state(struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "记录库中有无法识别的事件状态",
	        "the record holds a state of an incident that is none");
}

bool store_get_incident(struct store *store, const char *id, struct incident *out, struct err *err)
{
	bool known = true;
	struct query q;

	*out = (struct incident){0};
	query_begin(&q, store, "SELECT " INCIDENT_COLUMNS " FROM incident WHERE id = ?", err);
	query_text(&q, id);
	bool found = query_row(&q);
	if (found)
		known = read_incident(&q, out);
	bool ok = query_end(&q);
	if (ok && !found)
		ok = err_set(err, ERR_MISSING, "没有登记编号为 %s 的事件",
		        "no incident %s was opened here", id);
	if (ok && !known)
		ok = no_state(err);
	if (!ok)
		incident_finish(out);
	return ok;
}

bool store_list_incidents(
        struct store *store, int state, int limit, struct incident_list *out, struct err *err)
{
	bool known = true;
	struct query q;

	*out = (struct incident_list){0};
	query_begin(&q, store,
	        "SELECT " INCIDENT_COLUMNS
	        " FROM incident WHERE ? = '' OR state = ? ORDER BY row DESC LIMIT ?",
	        err);
	const char *word = state < 0 ? "" : incident_state_text((enum incident_state)state);
	query_text(&q, word);
	query_text(&q, word);
	query_int(&q, limit);
	while (query_row(&q))
		known &= read_incident(&q, mem_push(&out->items, &out->count, sizeof *out->items));
	bool ok = query_end(&q) && (known || no_state(err));
	if (!ok)
		incident_list_finish(out);
	return ok;
}

/* Only from where the step says it comes: of two at the same moment one finds nothing to change. */
static bool move_on(struct store *store, const struct incident_step *step,
        const char head[DIGEST_HEX], struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "UPDATE incident SET state = ?, handler = ?, sequence = ?, head = ?"
	        " WHERE id = ? AND sequence = ? AND head = ?",
	        err);
	query_text(
	        &q, incident_state_text(step->act == ACT_CLOSE ? INCIDENT_CLOSED : INCIDENT_OPEN));
	query_text(&q, step->to);
	query_int(&q, step->sequence);
	query_text(&q, head);
	query_text(&q, step->incident);
	query_int(&q, step->sequence - 1);
	query_text(&q, step->previous);
	if (!query_run(&q))
		return false;
	return store_changes(store) == 1 ||
	       err_set(err, ERR_CONFLICT, "事件 %s 刚被他人处理，请重新查看后再办",
	               "incident %s was dealt with by somebody else meanwhile: look again",
	               step->incident);
}

bool store_add_incident_step(struct store *store, const struct incident_step *step,
        const struct signed_step *signed_step, int64_t now, struct err *err)
{
	const struct proof *proof = &signed_step->proof;
	struct query q;

	if (!move_on(store, step, proof->manifest, err))
		return false;
	query_begin(&q, store,
	        "INSERT INTO incident_step (incident, sequence, officer, time, text, signature,"
	        " recorded) SELECT row, ?, ?, ?, ?, ?, ? FROM incident WHERE id = ?",
	        err);
	query_int(&q, step->sequence);
	query_text(&q, proof->officer);
	query_int(&q, proof->time);
	query_text(&q, signed_step->text);
	query_text(&q, proof->signature);
	query_int(&q, now);
	query_text(&q, step->incident);
	return query_run(&q);
}

bool store_list_incident_steps(
        struct store *store, const char *incident, struct signed_steps *out, struct err *err)
{
	struct query q;

	*out = (struct signed_steps){0};
	query_begin(&q, store,
	        "SELECT officer, time, text, signature FROM incident_step WHERE incident ="
	        " (SELECT row FROM incident WHERE id = ?) ORDER BY sequence",
	        err);
	query_text(&q, incident);
	while (query_row(&q)) {
		struct signed_step *step = mem_push(&out->items, &out->count, sizeof *out->items);
		step->proof.officer = query_get_text(&q);
		step->proof.time = query_get_int(&q);
		step->text = query_get_text(&q);
		step->proof.signature = query_get_text(&q);
	}
	if (query_end(&q))
		return true;
	signed_steps_finish(out);
	return false;
}
