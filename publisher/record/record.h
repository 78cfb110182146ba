/* SPDX-License-Identifier: Apache-2.0
 * record - the one writer. A thread that carries out changes, red first, each in a transaction that
 * is on disk (WAL, synchronous=FULL) before anybody is told.
 *
 * Invariants the record upholds for the house (docs/RECORD.md says which function keeps which):
 *  (1) no byte leaves before RELEASED is on disk; (2) bytes sent = bytes recorded = bytes approved
 * but for `sent`; (3) signed only with the approvals in hand; (4) per destination, messages of one
 * chain go in order; (5) every delivery ends in one of the final words, with when and why; (6)
 * after kill -9 anywhere, replay yields a state in which 1-5 hold. A failing write or fsync is
 * never retried: the program ends, is started again, and replays.
 */
#ifndef TOCSIN_RECORD_H
#define TOCSIN_RECORD_H

#include "store.h"
#include "store_lease.h"

struct record;

/* Opens (makes, upgrades) the record in this folder, takes the folder's lock (a second instance is
 * refused with a sentence that names it), checks the live tables, starts the thread. Refuses a
 * newer schema. */
struct record *record_open(const char *folder, struct err *err);
void record_close(struct record **record); /* finishes what is queued */

/* One change: called on the record thread inside a transaction; false rolls this change back
 * (others in the same group are not touched). */
typedef bool (*record_change)(struct store *store, void *arg, struct err *err);

/* Higher rank first (level_rank: 4 red ... 0); equal ranks in order. */
/* Waits until it is committed (true) or refused (false, *err). Not for the loop thread. */
bool record_do(struct record *record, int rank, record_change change, void *arg, struct err *err);
/* The same; once it is committed `tell` is called on the record thread, before anybody hears of it
 * and before any later change: what is posted there reaches the loop in the record's order.
 * Whatever `arg` names is the loop's from then on, if tell gave it away. */
bool record_do_and_tell(struct record *record, int rank, record_change change,
        void (*tell)(void *arg), void *arg, struct err *err);
/* Does not wait; `done` is called on the record thread after the commit or refusal. */
typedef void (*record_done)(void *arg, bool ok, const struct err *err);
void record_post(
        struct record *record, int rank, record_change change, record_done done, void *arg);

/* All of them or none: each token is raised, and every change is asked for them from then on
 * (store_lease.h). Nothing else may be posted meanwhile. */
bool record_take_leases(struct record *record, const struct lease_wish *wish, struct err *err);
/* Called on the record thread when a change was refused because another has taken a lease.
 * false: the record could not be reached, and nobody would hear of it. */
bool record_when_fenced(struct record *record, lease_lost lost, struct err *err);

/* From now on some room of the disk is kept for what cannot wait (reserve.h). */
void record_keep_reserve(struct record *record);
/* May something of this rank be taken in? false while the reserve is in use, but for red: *err says
 * what to do. What is in already goes its way, whatever its rank. Any thread. */
bool record_takes_in(const struct record *record, int rank, struct err *err);

/* Called on the record thread after each commit, and must not wait; NULL: nobody. Once this has
 * returned the one before is not called any more. Not for the record thread. */
typedef void (*record_watcher)(void *arg);
void record_watch(struct record *record, record_watcher watcher, void *arg);

/* A read-only connection for one thread. */
struct store *record_reader_open(struct record *record, struct err *err);
void record_reader_close(struct store **reader);

/* For tools on a record nobody runs on: a store that may write, in transactions of its own. */
struct store *record_tool_open(const char *folder, struct err *err); /* takes the lock */
void record_tool_close(struct store **store);
bool record_tool_do(struct store *store, record_change change, void *arg, struct err *err);

#endif
