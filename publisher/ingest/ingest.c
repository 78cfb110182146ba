/* SPDX-License-Identifier: Apache-2.0
 * ingest - see ingest.h. Parses on a worker thread; hostile bytes end as a sentence and a row of
 * `intake`.
 */
#include "ingest.h"

#include <stdlib.h>
#include <string.h>

#include "draft.h"
#include "ingest_work.h"
#include "log.h"
#include "problems.h"
#include "relay.h"
#include "release.h"
#include "screened.h"
#include "store_report.h"
#include "when.h"

void arrived_finish(struct arrived *arrived)
{
	free(arrived->bulletin);
	cap_problems_finish(&arrived->notes);
	*arrived = (struct arrived){0};
}

enum arrival_form ingest_form(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	size_t i = 0;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	/* UTF-16: its mark, or the '<' it begins with. */
	if (len >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "\xfe\xff", 2) == 0 ||
	                        memcmp(p, "<\0", 2) == 0 || memcmp(p, "\0<", 2) == 0))
		return ARRIVAL_CAP;
	while (i < len && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r' || p[i] == '\n'))
		i++;
	return i < len && p[i] == '<'   ? ARRIVAL_CAP
	       : i < len && p[i] == '{' ? ARRIVAL_REPORT
	                                : ARRIVAL_TEXT;
}

void ingest_as_source_sends(const struct config *config, struct arrival *arrival)
{
	const struct config_source *source = config_source(config, arrival->source);

	if (!source)
		return;
	if (*source->json && mapping_is_json(arrival->bytes, arrival->len)) {
		arrival->form = ARRIVAL_CAP;
		arrival->mapping = mapping_find(source->json);
	}
	arrival->manner = (struct cap_manner){
	        .lenient = source->lenient, .zone = source->zone, .encoding = source->encoding};
}

enum { NOTES_BYTES = 16 << 10 };

/* --- the record ---------------------------------------------------------------------------------
 */

static bool add_intake(
        struct store *store, const struct work *w, const char *outcome, struct err *err)
{
	const struct arrival *a = w->arrival;
	int64_t id;
	struct intake intake = {
	        .at = w->now,
	        .way = (char *)a->way,
	        .name = (char *)a->name,
	        .bytes = (char *)a->bytes,
	        .len = a->len < a->limit ? a->len
	                                 : a->limit, /* of what is too large, its beginning */
	        .outcome = (char *)outcome,
	        .problem = (char *)(w->problem ? w->problem : ""),
	};

	return store_add_intake(store, &intake, &id, err);
}

static bool write_refused(struct store *store, void *arg, struct err *err)
{
	const struct work *w = arg;

	return add_intake(store, w, w->outcome, err);
}

/* Kept for inspection; the caller hears *err as it was. */
bool work_refused(struct work *w, const char *outcome, struct err *err)
{
	char *problem = mem_format("%s / %s", err->zh, err->en);
	struct err trouble;

	w->outcome = outcome;
	w->problem = problem;
	if (!record_takes_in(w->house->record, 0, &trouble) ||
	        !record_do(w->house->record, 0, write_refused, w, &trouble))
		log_event(LOG_ERROR, "intake-lost", "way", w->arrival->way, "reason", trouble.en,
		        NULL);
	log_event(LOG_WARN, "refused", "way", w->arrival->way, "name", w->arrival->name, "reason",
	        err->en, NULL);
	free(problem);
	return false;
}

/* The liberties that were taken to read it, for the row of what came in. */
static char *notes_text(const struct cap_problems *kept)
{
	struct buf out;

	buf_init(&out, NOTES_BYTES);
	buf_text(&out, "");
	for (size_t i = 0; i < kept->count; i++) {
		const struct cap_problem *p = &kept->items[i];
		if (p->level == CAP_PROBLEM_NOTE)
			buf_format(&out, "%s%s %s: %s / %s", out.len ? "\n" : "", p->rule, p->path,
			        p->zh, p->en);
	}
	return buf_take(&out);
}

static bool write_identity(struct store *store, const struct work *w, struct err *err)
{
	const struct cap_alert *a = w->alert;
	const char *id = w->bulletin->id;

	return w->before ? store_move_identity(store, a->sender, a->identifier, a->sent.ms,
	                           w->digest, w->before, id, err)
	                 : store_add_identity(
	                           store, a->sender, a->identifier, a->sent.ms, w->digest, id, err);
}

static bool write_draft(struct store *store, void *arg, struct err *err)
{
	struct work *w = arg;
	struct bulletin *b = w->bulletin;

	if (!store_put_bulletin(store, b, err) ||
	        !screened_write(store, b, &w->screened, w->now, err))
		return false;
	char *outcome = mem_format("draft %s", b->id);
	char *notes = notes_text(&w->kept);

	w->problem = notes;
	bool ok = add_intake(store, w, outcome, err) &&
	          store_add_receipt(store, b->id, w->now, w->alert ? w->alert->sent.ms : 0, err) &&
	          (!w->alert || write_identity(store, w, err)) &&
	          store_audit(store, "received", b->id, NULL, w->now, err);
	w->problem = NULL;
	free(notes);
	free(outcome);
	return ok;
}

/* --- drafting ------------------------------------------------------------------------------------
 */

static const char *unit_of(const struct work *w)
{
	const struct config_source *source = config_source(w->house->config, w->arrival->source);
	const struct relay *row = relay_row(atomic_load(&w->house->policy), w->arrival->source);

	if (w->arrival->caller && w->arrival->caller->officer)
		return w->arrival->caller->officer->unit;
	if (source && *source->unit)
		return source->unit;
	return row ? row->unit : "";
}

void work_add_notes(struct cap_problems *notes, const struct cap_problems *more)
{
	for (size_t i = 0; i < more->count; i++) {
		const struct cap_problem *p = &more->items[i];
		cap_problem_put(notes, p->level, p->rule, p->path, p->zh, p->en);
	}
}

bool work_draft(struct work *w, struct err *err)
{
	const struct policy *policy = atomic_load(&w->house->policy);
	const struct arrival *a = w->arrival;
	struct draft_unit *units = mem_array(policy->unit_count, sizeof *units);
	struct draft draft = {0};
	bool ok = false;

	for (size_t i = 0; i < policy->unit_count; i++)
		units[i] = (struct draft_unit){policy->units[i].id, policy->units[i].name,
		        policy->units[i].code,
		        policy->units[i].division ? policy->units[i].division : ""};
	struct draft_rules rules = {w->house->catalog, units, policy->unit_count, unit_of(w),
	        a->caller && a->caller->officer ? a->caller->officer->id : "", a->source,
	        w->house->config->mode, w->house->phrases};

	if (w->alert) {
		ok = draft_from_cap(w->alert, &rules, w->now, &draft, err);
	} else if (a->form == ARRIVAL_REPORT) {
		ok = draft_from_report(a->bytes, a->len, &rules, w->now, &draft, err);
	} else {
		char *text = mem_text_n(a->bytes, a->len);
		ok = draft_from_bulletin_text(text, &rules, w->now, &draft, err);
		free(text);
	}
	w->bulletin = draft.bulletin;
	draft.bulletin = NULL;
	w->arrived->notes = draft.notes;
	draft.notes = (struct cap_problems){0};
	work_add_notes(&w->arrived->notes, &w->kept);
	draft_finish(&draft);
	free(units);
	return ok;
}

/* What feeds bring in is screened as it comes: a relay with a hit waits for people, and what it
 * says is there to compare with. */
bool work_keep(struct work *w, struct err *err)
{
	int rank = w->bulletin->verb == VERB_CANCEL ? level_rank(LEVEL_RED)
	                                            : level_rank(w->bulletin->level);

	if (!record_takes_in(w->house->record, rank, err))
		return false;
	if (!screened_look(w->house, w->reader, w->bulletin, w->now, &w->screened, err))
		return false;
	if (!record_do(w->house->record, level_rank(w->bulletin->level), write_draft, w, err))
		return false;
	w->arrived->bulletin = mem_text(w->bulletin->id);
	if (w->before)
		log_event(LOG_WARN, "passed-over", "bulletin", w->before, "by", w->bulletin->id,
		        "source", w->arrival->source, NULL);
	log_event(LOG_INFO, "received", "bulletin", w->bulletin->id, "way", w->arrival->way, "name",
	        w->arrival->name, "headline", w->bulletin->headline, NULL);
	return true;
}

void work_finish(struct work *w)
{
	cap_problems_finish(&w->kept);
	screened_finish(&w->screened);
	free(w->before);
	bulletin_destroy(&w->bulletin);
}

static bool take(struct work *w, struct err *err)
{
	const struct arrival *a = w->arrival;

	if (a->len > a->limit) {
		err_set(err, ERR_TOO_BIG, "报文 %zu 字节，超过上限 %zu",
		        "%zu bytes, the limit is %zu", a->len, a->limit);
		return work_refused(w, "refused", err);
	}
	if (a->form == ARRIVAL_CAP)
		return work_take_cap(w, err);
	const struct config_source *source = config_source(w->house->config, a->source);
	if (source && source->signature_required) {
		err_set(err, ERR_IDENTITY, "来源“%s”的来件须是带签名的 CAP",
		        "what \"%s\" hands in must be CAP with a signature", a->source);
		return work_refused(w, "refused: signature", err);
	}
	return work_draft(w, err) ? work_keep(w, err) : work_refused(w, "refused", err);
}

bool ingest(struct house *house, struct store *reader, const struct arrival *arrival,
        struct arrived *arrived, struct err *err)
{
	struct work w = {.house = house,
	        .reader = reader,
	        .arrival = arrival,
	        .arrived = arrived,
	        .now = when_now()};

	*arrived = (struct arrived){0};
	bool ok = take(&w, err);
	work_finish(&w);
	return ok;
}

bool ingest_draft(struct house *house, const struct arrival *arrival, struct bulletin **bulletin,
        struct cap_problems *notes, struct err *err)
{
	struct arrived arrived = {0};
	struct work w = {
	        .house = house, .arrival = arrival, .arrived = &arrived, .now = when_now()};
	struct cap_manner manner = arrival->manner;
	struct cap_messages messages = {0};
	bool ok = true;

	manner.limit = arrival->limit;
	if (arrival->form == ARRIVAL_CAP)
		ok = cap_read(arrival->bytes, arrival->len, &manner, &messages)
		             ? work_look_at(&w, &messages.items[0], &messages.problems, err)
		             : problems_err(&messages.problems, err);
	ok = ok && work_draft(&w, err);
	*bulletin = w.bulletin;
	w.bulletin = NULL;
	*notes = arrived.notes;
	arrived.notes = (struct cap_problems){0};
	arrived_finish(&arrived);
	work_finish(&w);
	cap_messages_finish(&messages);
	return ok;
}
