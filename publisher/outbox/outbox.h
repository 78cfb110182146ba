/* SPDX-License-Identifier: Apache-2.0
 * outbox - joins dispatch (who gets what when), the agents (who carry it) and the record (which
 * must know first). Lives in the loop.
 *
 * The order that keeps the promises: dispatch picks -> the record marks SENDING on disk -> the
 * agent gets the job -> its receipt is on disk -> the agent is told to forget it.
 */
#ifndef TOCSIN_OUTBOX_H
#define TOCSIN_OUTBOX_H

#include <jansson.h>

#include "agent.h"
#include "record.h"
#include "standing.h"
#include "store_reported.h"
#include "turn_call.h"
#include "status.h"

/* What a committed release tells the loop. */
struct news {
	struct issue *issue;             /* the outbox takes the hold */
	struct delivery_list deliveries; /* its own: WAITING, or SENDING where that is prompt */
	struct delivery_rest_list rests; /* blocks that wait as well, and stay in the record */
	int64_t *withdrawn;              /* ids of earlier deliveries this one withdrew */
	size_t withdrawn_count;
};
void news_finish(struct news *news);

struct outbox;
typedef void (*outbox_intake)(void *ctx, const char *source, const char *name, const void *bytes,
        size_t len, struct loop *loop, void (*answer)(void *seat, const struct err *err),
        void *seat);

/* standings: asked, on the record thread, before each delivery. Outlives the record. */
struct outbox *outbox_create(struct loop *loop, const struct config *config, struct record *record,
        struct standings *standings, outbox_intake intake, void *ctx);

/* Replay: what the record holds when we start, or when a hold ends (store_hold.h). Until it is
 * taken up and agents may come, nothing leaves. */
struct past;
struct past *past_read(const struct config *config, struct store *store, struct err *err); /* any
                                                                                    thread */
void past_destroy(struct past **past);
void outbox_take_up(
        struct outbox *outbox, struct past **past);         /* once; loop thread, or before it */
bool outbox_listen(struct outbox *outbox, struct err *err); /* likewise */
void outbox_stop(struct outbox *outbox);       /* hands nothing out any more; agents finish */
bool outbox_idle(const struct outbox *outbox); /* nothing in any agent's hands */
void outbox_destroy(struct outbox **outbox);

/* Any thread: a signed notice (base/status.h) for one far side; `phone` NULL for a robot's group.
 * Taken at once or not at all: what does not arrive is called again by the clock (notices.c). */
void outbox_notice(struct outbox *outbox, const char *target, const struct turn_call *call,
        const char *text, const char *signature, const char *phone);
/* Any thread: the newest heartbeat or index, signed; goes to every far side that shows such. */
void outbox_note(
        struct outbox *outbox, enum status_form form, const char *text, const char *signature);
long long outbox_sets(struct outbox *outbox); /* any thread: how often the active set has changed */

/* Any thread: a signed one on its way to the record. The agents that would get a job at once get it
 * now, so that they have checked it by then; without a job they begin nothing. */
void outbox_announce(struct outbox *outbox, struct issue *issue);

/* Any thread: would one of this level_rank be handed out to this far side at once? Then its release
 * may record it as SENDING, which outbox_add makes true, or takes back. A yes takes the place:
 * until the loop has looked again only red gets another. */
bool outbox_take_prompt(struct outbox *outbox, const char *target, int rank);

/* Any thread: may a release rely on the wall clock? ERR_UNAVAILABLE says what to do. */
bool outbox_clock_believed(struct outbox *outbox, struct err *err);
/* Any thread: the time what takes a warning back goes by. It is `now`, unless nobody believes that.
 */
int64_t outbox_believed_now(struct outbox *outbox, int64_t now);
/* Any thread: how deliveries stand and what became of them, for /metrics; at most a second old. */
void outbox_figures(struct outbox *outbox, struct buf *out);
/* Any thread: an array of {target, kind, health, waiting, sending, unknown, per_minute}, as old at
 * most. health: "well"; "silent": it does not answer; "away": no process carries one of its lanes.
 */
json_t *outbox_standing(struct outbox *outbox);

/* Any thread: recipients a second that this far side of a bulletin has answered for, over the last
 * 10 s; 0 when none. */
double outbox_pace(struct outbox *outbox, const char *bulletin, const char *target);

/* What a far side reports about one recipient of a delivery, at the address made for him
 * (callback.h). */
struct outbox_report {
	int64_t delivery, recipient;
	enum report_word word;
	void (*told)(void *arg, const struct err *err); /* on the loop: NULL: it is on disk */
	void *arg;
};
void outbox_report(struct outbox *outbox, const struct outbox_report *report); /* loop thread */
void outbox_no_report(struct outbox *outbox); /* one came at no address of ours; likewise */

void outbox_add(struct outbox *outbox, struct news *news); /* loop thread; takes what news holds */

#endif
