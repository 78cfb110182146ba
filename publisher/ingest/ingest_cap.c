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
enum taken { TAKEN, NOT_TAKEN, OVERTAKEN };

static enum seen seen_before(struct work *w, struct err *err)
{
	char digest[DIGEST_HEX];

	free(w->before);
	w->before = NULL;
	if (!store_find_identity(w->reader, w->alert->sender, w->alert->identifier,
	            w->alert->sent.ms, digest, &w->before, NULL))
		return SEEN_NEW;
	if (strcmp(digest, w->digest) == 0)
		return SEEN_REPEAT;
	err_set(err, ERR_CONFLICT, "同一编号 %s 已收到过内容不同的报文（%s）",
	        "identifier %s was received before with other content (%s)", w->alert->identifier,
	        w->before);
	return SEEN_OTHER;
}

/* It is known. A relay that was recorded and did not leave, as the program was killed in between or
 * the signer was away, leaves now: its source hands in again what it heard no answer to. */
static enum taken is_repeat(struct work *w)
{
	struct bulletin *b = NULL;
	struct err why = {0};

	w->arrived->bulletin = mem_text(w->before);
	w->arrived->repeat = true;
	if (*w->arrival->source && store_get_bulletin(w->reader, w->before, &b, NULL) &&
	        b->procedure == PROCEDURE_RELAY && b->state == BULLETIN_DRAFT &&
	        strcmp(b->source, w->arrival->source) == 0) {
		w->arrived->relayed = release_relay(w->house, w->reader, b, &why);
		if (!w->arrived->relayed)
			log_event(LOG_WARN, "relay-refused", "bulletin", b->id, "reason", why.en,
			        NULL);
	}
	bulletin_destroy(&b);
	return TAKEN;
}

static bool can_relay(const struct work *w)
{
	return !w->message->liberties &&
	       relay_row(atomic_load(&w->house->policy), w->arrival->source);
}

static bool good_by_trust(const struct work *w)
{
	const struct config_source *source = config_source(w->house->config, w->arrival->source);
	const struct cap_message *m = w->message;

	return source && source->trusted && m->has_signature && !w->arrival->mapping &&
	       cap_trust_verify(source->trusted, m->document, m->document_len, w->now, NULL) ==
	               CAP_SIGNATURE_GOOD;
}

/* Whoever copies or forges a message may be here before its producer. What was drafted on their
 * word does not keep out what the producer signed; what people took up or sent does, and so does
 * what was signed. */
static bool passes_over(const struct work *w, enum seen seen)
{
	struct bulletin *b = NULL;
	bool found = store_get_bulletin(w->reader, w->before, &b, NULL);
	bool open = found && b->procedure != PROCEDURE_RELAY &&
	            (b->state == BULLETIN_DRAFT ||
	                    (seen == SEEN_OTHER && (b->state == BULLETIN_DISCARDED ||
	                                                   b->state == BULLETIN_REJECTED)));

	bulletin_destroy(&b);
	return open && (seen == SEEN_OTHER || can_relay(w)) && good_by_trust(w);
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

static enum taken refused(struct work *w, const char *outcome, struct err *err)
{
	work_refused(w, outcome, err);
	return NOT_TAKEN;
}

/* What its making ended with: *err. */
static enum taken ended(const struct err *err)
{
	return err->kind == ERR_NONE ? TAKEN : err->kind == ERR_CONFLICT ? OVERTAKEN : NOT_TAKEN;
}

/* Read and looked at. OVERTAKEN: the same message came another way at the same moment, and that one
 * is on record. */
static enum taken settle(struct work *w, struct err *err)
{
	enum seen seen = seen_before(w, err);
	bool over = seen != SEEN_NEW && passes_over(w, seen);

	if (seen == SEEN_OTHER && !over)
		return refused(w, "refused: other content", err);
	if (seen == SEEN_REPEAT && !over)
		return is_repeat(w);
	if (!ask_signature(w, err))
		return err->kind == ERR_UNAVAILABLE ? NOT_TAKEN
		                                    : refused(w, "refused: signature", err);
	*err = (struct err){0};
	if (*w->arrival->source && !w->distrusted && try_relay(w, err))
		return ended(err);
	if (seen == SEEN_REPEAT)
		return is_repeat(w); /* for people there is nothing new in it */
	if (!work_draft(w, err))
		return refused(w, "refused", err);
	return work_keep(w, err) ? TAKEN : ended(err);
}

static bool take_message(struct work *w, const struct cap_message *message,
        const struct cap_problems *found, struct err *err)
{
	if (!work_look_at(w, message, found, err))
		return work_refused(w, "refused", err);
	enum taken taken = settle(w, err);
	if (taken == OVERTAKEN) {
		bulletin_destroy(&w->bulletin);
		screened_finish(&w->screened);
		*err = (struct err){0};
		taken = settle(w, err);
	}
	return taken == TAKEN;
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
