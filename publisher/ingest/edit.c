/* SPDX-License-Identifier: Apache-2.0
 * edit - see edit.h.
 */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "screened.h"
#include "submit.h"
#include "when.h"

struct editing {
	struct bulletin *bulletin;
	struct screened screened;
	int64_t now;
};

static bool write_edit(struct store *store, void *arg, struct err *err)
{
	struct editing *e = arg;
	struct bulletin *b = e->bulletin;

	return store_put_bulletin(store, b, err) && store_void_approvals(store, b->id, err) &&
	       screened_write(store, b, &e->screened, e->now, err) &&
	       store_audit(store, "edited", b->id, NULL, e->now, err);
}

static void move_text(char **to, char **from)
{
	free(*to);
	*to = *from;
	*from = mem_text("");
}

/* Whoever wrote the words that stand is their drafter; whoever was it before stays one of those who
 * wrote, and none of them can approve. A machine's words become the officer's who submits them. */
static void take_drafter(struct bulletin *b, struct bulletin *words)
{
	bool another = *b->drafter && strcmp(b->drafter, words->drafter) != 0;

	if (another && !texts_have(&b->earlier, b->drafter))
		texts_add(&b->earlier, b->drafter);
	move_text(&b->drafter, &words->drafter);
}

/* What an edit changes; number, source and history stay. */
static void take_words(struct bulletin *b, struct bulletin *words)
{
	take_drafter(b, words);
	struct texts areas = b->areas;
	struct texts targets = b->targets;

	b->state = BULLETIN_DRAFT;
	b->verb = words->verb;
	b->kind = words->kind;
	b->level = words->level;
	b->procedure = words->procedure;
	b->disclosure = words->disclosure;
	b->expires = words->expires;
	move_text(&b->disclosure_reason, &words->disclosure_reason);
	move_text(&b->hazard, &words->hazard);
	move_text(&b->status, &words->status);
	move_text(&b->incident, &words->incident);
	move_text(&b->headline, &words->headline);
	move_text(&b->replaces, &words->replaces);
	move_text(&b->cap, &words->cap);
	b->areas = words->areas;
	words->areas = areas;
	b->targets = words->targets;
	words->targets = targets;
}

bool edit_bulletin(struct house *house, struct store *reader, const char *id, int64_t version,
        const struct arrival *arrival, struct cap_problems *notes, struct err *err)
{
	struct bulletin *b = NULL;
	struct bulletin *words = NULL;

	if (!store_get_bulletin(reader, id, &b, err))
		return false;
	bool open = b->state == BULLETIN_DRAFT || b->state == BULLETIN_SUBMITTED ||
	            b->state == BULLETIN_APPROVED;
	bool ok = open || err_set(err, ERR_CONFLICT, "%s 已是 %s，不能再修改",
	                          "%s is %s: it can no longer be edited", b->id,
	                          bulletin_state_text(b->state));
	ok = ok && submit_is_theirs(arrival->caller, b, err) &&
	     record_takes_in(house->record, level_rank(b->level), err);
	if (ok && version >= 0 && version != b->version)
		ok = err_set(err, ERR_CONFLICT, "%s 已被他人修改，请刷新后重做",
		        "%s was changed by somebody else: look again", b->id);
	ok = ok && ingest_draft(house, arrival, &words, notes, err);
	if (ok) {
		struct editing editing = {.bulletin = b, .now = when_now()};
		take_words(b, words);
		ok = screened_look(house, reader, b, editing.now, &editing.screened, err) &&
		     record_do(house->record, level_rank(b->level), write_edit, &editing, err);
		screened_finish(&editing.screened);
	}
	log_event(ok ? LOG_INFO : LOG_WARN, "edit", "bulletin", id, "reason", ok ? NULL : err->en,
	        NULL);
	bulletin_destroy(&words);
	bulletin_destroy(&b);
	return ok;
}
