/* SPDX-License-Identifier: Apache-2.0
 * ingest - see ingest.h. Parses on a worker thread; hostile bytes end as a sentence and a row of
 * `intake`.
 */
#include "ingest.h"

#include <stdlib.h>
#include <string.h>

#include "cap_sign.h"
#include "draft.h"
#include "known.h"
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
	while (i < len && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r' || p[i] == '\n'))
		i++;
	return i < len && p[i] == '<'   ? ARRIVAL_CAP
	       : i < len && p[i] == '{' ? ARRIVAL_REPORT
	                                : ARRIVAL_TEXT;
}

/* One arrival on its way through. */
struct work {
	struct house *house;
	struct store *reader;
	const struct arrival *arrival;
	struct arrived *arrived;
	struct cap_alert *alert;        /* CAP only: as it came */
	char digest[DIGEST_HEX];        /* of its canonical content */
	struct cap_problems references; /* what the rules say of them: for the notes */
	struct bulletin *bulletin;
	struct screened screened;
	const char *outcome, *problem;
	int64_t now;
};

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
static bool refused(struct work *w, const char *outcome, struct err *err)
{
	char *problem = mem_format("%s / %s", err->zh, err->en);
	struct err trouble;

	w->outcome = outcome;
	w->problem = problem;
	if (!record_do(w->house->record, 0, write_refused, w, &trouble))
		log_event(LOG_ERROR, "intake-lost", "way", w->arrival->way, "reason", trouble.en,
		        NULL);
	log_event(LOG_WARN, "refused", "way", w->arrival->way, "name", w->arrival->name, "reason",
	        err->en, NULL);
	free(problem);
	return false;
}

static bool write_draft(struct store *store, void *arg, struct err *err)
{
	struct work *w = arg;
	struct bulletin *b = w->bulletin;

	if (!store_put_bulletin(store, b, err) ||
	        !screened_write(store, b, &w->screened, w->now, err))
		return false;
	char *outcome = mem_format("draft %s", b->id);
	bool ok = add_intake(store, w, outcome, err) &&
	          store_add_receipt(store, b->id, w->now, w->alert ? w->alert->sent.ms : 0, err) &&
	          (!w->alert || store_add_identity(store, w->alert->sender, w->alert->identifier,
	                                w->alert->sent.ms, w->digest, b->id, err)) &&
	          store_audit(store, "received", b->id, NULL, w->now, err);
	free(outcome);
	return ok;
}

/* --- seen before? --------------------------------------------------------------------------------
 */

enum seen { SEEN_NEW, SEEN_REPEAT, SEEN_OTHER };

static enum seen seen_before(struct work *w, struct err *err)
{
	char digest[DIGEST_HEX];
	char *bulletin = NULL;

	if (!store_find_identity(w->reader, w->alert->sender, w->alert->identifier,
	            w->alert->sent.ms, digest, &bulletin, NULL))
		return SEEN_NEW;
	if (strcmp(digest, w->digest) == 0) {
		w->arrived->bulletin = bulletin;
		w->arrived->repeat = true;
		return SEEN_REPEAT;
	}
	err_set(err, ERR_CONFLICT, "同一编号 %s 已收到过内容不同的报文（%s）",
	        "identifier %s was received before with other content (%s)", w->alert->identifier,
	        bulletin);
	free(bulletin);
	return SEEN_OTHER;
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

/* What is said of references now can be found out at no other time: afterwards the draft names what
 * it replaces, and the record has moved on. */
static void keep_references(struct work *w)
{
	const struct cap_problems *found = &w->arrived->notes;

	for (size_t i = 0; i < found->count; i++) {
		const struct cap_problem *p = &found->items[i];
		if (strncmp(p->rule, "references.", strlen("references.")) == 0)
			cap_problem_put(&w->references, p->level, p->rule, p->path, p->zh, p->en);
	}
}

static void add_notes(struct cap_problems *notes, const struct cap_problems *more)
{
	for (size_t i = 0; i < more->count; i++) {
		const struct cap_problem *p = &more->items[i];
		cap_problem_put(notes, p->level, p->rule, p->path, p->zh, p->en);
	}
}

static bool make_draft(struct work *w, struct err *err)
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
	        w->house->config->mode};

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
	add_notes(&w->arrived->notes, &w->references);
	draft_finish(&draft);
	free(units);
	return ok;
}

/* What feeds bring in is screened as it comes: a relay with a hit waits for people, and what it
 * says is there to compare with. */
static bool keep_draft(struct work *w, struct err *err)
{
	if (!screened_look(w->house, w->reader, w->bulletin, w->now, &w->screened, err))
		return false;
	if (!record_do(w->house->record, level_rank(w->bulletin->level), write_draft, w, err))
		return false;
	w->arrived->bulletin = mem_text(w->bulletin->id);
	log_event(LOG_INFO, "received", "bulletin", w->bulletin->id, "way", w->arrival->way, "name",
	        w->arrival->name, "headline", w->bulletin->headline, NULL);
	return true;
}

/* A relay that the signer or the policy refuses stays as a draft for people to look at. */
static bool try_relay(struct work *w, struct err *err)
{
	const struct relay *row = relay_row(atomic_load(&w->house->policy), w->arrival->source);
	struct err why;

	if (!row || !cap_has_signature(w->arrival->bytes, w->arrival->len))
		return false;
	w->bulletin = relay_bulletin(
	        w->house, w->reader, w->alert, row, w->arrival->bytes, w->arrival->len, &why);
	if (!w->bulletin) {
		log_event(
		        LOG_WARN, "no-relay", "source", w->arrival->source, "reason", why.en, NULL);
		return false;
	}
	if (!keep_draft(w, err))
		return true;
	w->arrived->relayed = release_relay(w->house, w->reader, w->bulletin, &why);
	if (!w->arrived->relayed)
		log_event(LOG_WARN, "relay-refused", "bulletin", w->bulletin->id, "reason", why.en,
		        NULL);
	return true;
}

static bool read_cap(struct work *w, struct err *err)
{
	const struct arrival *a = w->arrival;
	struct known known = {w->reader, w->now};
	struct cap_ways ways = {.known = w->reader ? known_message : NULL, .record = &known};

	if (!cap_gate(a->bytes, a->len, a->limit, err))
		return false;
	w->alert = cap_parse(a->bytes, a->len, a->limit, &w->arrived->notes);
	if (w->alert)
		cap_check_by(w->alert, &ways, &w->arrived->notes);
	if (!w->alert || w->arrived->notes.errors)
		return problems_err(&w->arrived->notes, err);
	keep_references(w);
	cap_problems_finish(&w->arrived->notes);
	cap_digest(w->alert, false, false, w->digest);
	return true;
}

static bool take_cap(struct work *w, struct err *err)
{
	if (!read_cap(w, err))
		return refused(w, "refused", err);
	enum seen seen = seen_before(w, err);
	if (seen == SEEN_OTHER)
		return refused(w, "refused: other content", err);
	if (seen == SEEN_REPEAT)
		return true;
	*err = (struct err){0};
	if (*w->arrival->source && try_relay(w, err))
		return err->kind == ERR_NONE;
	if (!make_draft(w, err))
		return refused(w, "refused", err);
	if (keep_draft(w, err))
		return true;
	/* The same message at the same moment by another way: one of the two won. */
	return err->kind == ERR_CONFLICT && seen_before(w, err) == SEEN_REPEAT;
}

static bool take(struct work *w, struct err *err)
{
	const struct arrival *a = w->arrival;

	if (a->len > a->limit) {
		err_set(err, ERR_TOO_BIG, "报文 %zu 字节，超过上限 %zu",
		        "%zu bytes, the limit is %zu", a->len, a->limit);
		return refused(w, "refused", err);
	}
	if (a->form == ARRIVAL_CAP)
		return take_cap(w, err);
	return make_draft(w, err) ? keep_draft(w, err) : refused(w, "refused", err);
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
	cap_alert_destroy(&w.alert);
	cap_problems_finish(&w.references);
	screened_finish(&w.screened);
	bulletin_destroy(&w.bulletin);
	return ok;
}

bool ingest_draft(struct house *house, const struct arrival *arrival, struct bulletin **bulletin,
        struct cap_problems *notes, struct err *err)
{
	struct arrived arrived = {0};
	struct work w = {
	        .house = house, .arrival = arrival, .arrived = &arrived, .now = when_now()};
	bool ok = (arrival->form != ARRIVAL_CAP || read_cap(&w, err)) && make_draft(&w, err);

	cap_alert_destroy(&w.alert);
	cap_problems_finish(&w.references);
	*bulletin = w.bulletin;
	*notes = arrived.notes;
	arrived.notes = (struct cap_problems){0};
	arrived_finish(&arrived);
	return ok;
}
