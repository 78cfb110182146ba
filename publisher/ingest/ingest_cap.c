/* SPDX-License-Identifier: Apache-2.0
 * ingest_cap - CAP on its way in: read, checked, held against what was here before; then a relay, a
 * draft, or refused. See ingest.h.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_trust.h"
#include "draft_national.h"
#include "ingest_work.h"
#include "known.h"
#include "log.h"
#include "problems.h"
#include "relay.h"
#include "release.h"

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

/* A relay that the signer or the policy refuses stays as a draft for people to look at. So does one
 * that was read with liberties: the signer would take none of them. */
static bool try_relay(struct work *w, struct err *err)
{
	const struct relay *row = relay_row(atomic_load(&w->house->policy), w->arrival->source);
	struct err why = {0};

	if (!row || !w->message->has_signature)
		return false;
	if (w->message->liberties)
		err_set(&why, ERR_INPUT, "读入时有 %zu 处宽松", "it was read with %zu liberties",
		        w->message->liberties);
	else
		w->bulletin = relay_bulletin(w->house, w->reader, w->alert, row, w->arrival->bytes,
		        w->arrival->len, &why);
	if (!w->bulletin) {
		log_event(
		        LOG_WARN, "no-relay", "source", w->arrival->source, "reason", why.en, NULL);
		return false;
	}
	if (!work_keep(w, err))
		return true;
	w->arrived->relayed = release_relay(w->house, w->reader, w->bulletin, &why);
	if (!w->arrived->relayed)
		log_event(LOG_WARN, "relay-refused", "bulletin", w->bulletin->id, "reason", why.en,
		        NULL);
	return true;
}

/* What is said of references now can be found out at no other time: afterwards the draft names what
 * it replaces, and the record has moved on. Nor what reading did. */
static void keep(struct work *w, const struct cap_problems *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct cap_problem *p = &found->items[i];
		if (p->level == CAP_PROBLEM_NOTE ||
		        strncmp(p->rule, "references.", strlen("references.")) == 0)
			cap_problem_put(&w->kept, p->level, p->rule, p->path, p->zh, p->en);
	}
}

/* Is it fit to be a draft? *found: what the bytes as a whole had to be read by. */
bool work_look_at(struct work *w, const struct cap_message *message,
        const struct cap_problems *found, struct err *err)
{
	struct known known = {w->reader, w->now};
	struct cap_ways ways = {.known = w->reader ? known_message : NULL, .record = &known};
	struct cap_problems *notes = &w->arrived->notes;

	w->message = message;
	w->alert = message->alert;
	work_add_notes(notes, found);
	work_add_notes(notes, &message->problems);
	size_t read = notes->count;

	if (w->alert)
		cap_check_by(w->alert, &ways, notes);
	cap_problems_within(notes, read, message->place);
	if (!w->alert || notes->errors)
		return problems_err(notes, err);
	keep(w, notes);
	cap_problems_finish(notes);
	cap_digest(w->alert, false, false, w->digest);
	return true;
}

static const char *const signature_rules[] = {
        [CAP_SIGNATURE_MISSING] = "signature.missing",
        [CAP_SIGNATURE_GOOD] = "signature.good",
        [CAP_SIGNATURE_UNTRUSTED] = "signature.untrusted",
        [CAP_SIGNATURE_BAD] = "signature.bad",
        [CAP_SIGNATURE_UNSUPPORTED] = "signature.unsupported",
};

/* false: this source must sign, and this message is not signed as it must. What was found stands in
 * the record beside what came. */
static bool ask_signature(struct work *w, struct err *err)
{
	const struct config_source *source = config_source(w->house->config, w->arrival->source);
	const struct cap_message *m = w->message;
	struct err why = {0};

	w->distrusted = false;
	if (!source || !source->trusted)
		return true;
	enum cap_signature found = CAP_SIGNATURE_MISSING;

	if (w->arrival->mapping)
		err_set(&why, ERR_IDENTITY, "JSON 没有签名", "JSON bears no signature");
	else
		found = cap_trust_verify(
		        source->trusted, m->document, m->document_len, w->now, &why);
	*err = why;
	if (why.kind == ERR_UNAVAILABLE)
		return false;
	cap_problem_put(&w->kept, CAP_PROBLEM_NOTE, signature_rules[found], "/alert/Signature",
	        why.zh, why.en);
	if (found == CAP_SIGNATURE_GOOD)
		return true;
	w->distrusted = true;
	log_event(LOG_WARN, "signature-not-good", "source", w->arrival->source, "identifier",
	        w->alert->identifier, "result", cap_signature_text(found), "reason", why.en, NULL);
	return !source->signature_required;
}

static bool take_message(struct work *w, const struct cap_message *message,
        const struct cap_problems *found, struct err *err)
{
	if (!work_look_at(w, message, found, err))
		return work_refused(w, "refused", err);
	enum seen seen = seen_before(w, err);
	if (seen == SEEN_OTHER)
		return work_refused(w, "refused: other content", err);
	if (seen == SEEN_REPEAT)
		return true;
	if (!ask_signature(w, err))
		return err->kind != ERR_UNAVAILABLE && work_refused(w, "refused: signature", err);
	*err = (struct err){0};
	if (*w->arrival->source && !w->distrusted && try_relay(w, err))
		return err->kind == ERR_NONE;
	if (!work_draft(w, err))
		return work_refused(w, "refused", err);
	if (work_keep(w, err))
		return true;
	/* The same message at the same moment by another way: one of the two won. */
	return err->kind == ERR_CONFLICT && seen_before(w, err) == SEEN_REPEAT;
}

/* Those of one wrapper, each as an arrival of its own. */
static bool take_each(struct work *w, const struct cap_messages *messages, struct err *err)
{
	struct err first = {0};
	size_t bad = 0;

	for (size_t i = 0; i < messages->count; i++) {
		const struct cap_message *message = &messages->items[i];
		struct arrival part = *w->arrival;
		struct work one = {.house = w->house,
		        .reader = w->reader,
		        .arrival = &part,
		        .arrived = w->arrived,
		        .now = w->now};

		part.bytes = message->document;
		part.len = message->document_len;
		arrived_finish(w->arrived);
		*err = (struct err){0};
		if (!take_message(&one, message, &messages->problems, err) && bad++ == 0)
			first = *err;
		work_finish(&one);
		if (err->kind == ERR_BUSY || err->kind == ERR_UNAVAILABLE)
			return false; /* all of it once more, later */
	}
	return !bad || err_set(err, first.kind, "%zu 条报文中 %zu 条没有收下；先是：%s%.0s",
	                       "of %zu messages %zu were not taken; first: %.0s%s", messages->count,
	                       bad, first.zh, first.en);
}

bool work_take_cap(struct work *w, struct err *err)
{
	const struct arrival *a = w->arrival;
	struct cap_manner manner = a->manner;
	struct known known = {w->reader, w->now};
	struct national_help help = {.event = draft_national_event,
	        .events = (void *)w->house->catalog,
	        .known = known_message,
	        .record = &known};
	struct cap_messages messages;
	bool ok = false;

	manner.limit = a->limit;
	manner.national = &help;
	if (!(a->mapping ? mapping_read(a->mapping, a->bytes, a->len, &manner, &messages)
	                 : cap_read(a->bytes, a->len, &manner, &messages))) {
		work_add_notes(&w->arrived->notes, &messages.problems);
		problems_err(&messages.problems, err);
		work_refused(w, "refused", err);
	} else if (messages.count == 1 && !*messages.items[0].place) {
		ok = take_message(w, &messages.items[0], &messages.problems, err);
	} else {
		ok = take_each(w, &messages, err);
	}
	cap_messages_finish(&messages);
	return ok;
}
