/* SPDX-License-Identifier: Apache-2.0
 * people_keep - what outlives a restart and what is forgotten in time; and which duties open which
 * part of the API (people.h).
 */
#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "log.h"
#include "when.h"

/* --- duties as scopes ------------------------------------------------------------------------- */

/* Acts that bind (review, sign, cancel, correct, hand over, change) carry a proof by the officer's
 * key besides: a session alone does none of them. */
static const struct {
	unsigned duty;
	const char *scopes;
} duty_scopes[] = {
        {DUTY_DRAFT, "draft submit"},
        {DUTY_REVIEW, "approve"},
        {DUTY_SIGN, "approve"},
        {DUTY_PUBLISH, "submit release cancel"},
        {DUTY_ADMINISTRATORS, "admin"},
};

char *people_scopes(unsigned duties)
{
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, "read");
	for (size_t i = 0; i < sizeof duty_scopes / sizeof duty_scopes[0]; i++)
		if (duties & duty_scopes[i].duty)
			buf_format(&out, " %s", duty_scopes[i].scopes);
	return buf_take(&out);
}

/* --- over a restart --------------------------------------------------------------------------- */

bool people_restore(struct house *house, struct store *reader, struct err *err)
{
	struct wait_row *rows = NULL;
	size_t count = 0;

	bool ok = store_list_waits(reader, when_now() - GUARD_FORGETS_MS, &rows, &count, err);
	for (size_t i = 0; ok && i < count; i++) {
		struct guard_count kept = {
		        .failures = rows[i].failures, .until = rows[i].until, .at = rows[i].at};
		memcpy(kept.key, rows[i].key, sizeof kept.key);
		guard_restore(house->guard, &kept);
	}
	free(rows);
	return ok;
}

/* --- in time ---------------------------------------------------------------------------------- */

struct sweep {
	int64_t now, idle;
};

static bool end_one(struct store *store, const struct session *session, const struct sweep *sweep,
        struct err *err)
{
	json_t *body = json_pack("{s:s,s:s}", "session", session->id, "why",
	        session->ends <= sweep->now ? "its time was over" : "idle");
	bool ok = store_end_session(store, session->officer, session->id, err) &&
	          store_audit(store, "session-ended", session->officer, body, sweep->now, err);

	json_decref(body);
	return ok;
}

static bool sweep_all(struct store *store, void *arg, struct err *err)
{
	const struct sweep *sweep = arg;
	struct session session;
	bool ok = true;

	while (ok && store_next_ended_session(store, sweep->now, sweep->idle, &session, err)) {
		ok = end_one(store, &session, sweep, err);
		session_finish(&session);
	}
	return ok && err->kind == ERR_MISSING &&
	       store_forget_known(store, sweep->now, sweep->now - GUARD_FORGETS_MS, err);
}

void people_forget(struct house *house, struct store *reader, int64_t now)
{
	struct sweep sweep = {now, house->config->session_idle};
	struct err err;

	(void)reader;
	if (!record_do(house->record, 0, sweep_all, &sweep, &err))
		log_event(LOG_ERROR, "people-not-swept", "reason", err.en, NULL);
}
