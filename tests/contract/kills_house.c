/* SPDX-License-Identifier: Apache-2.0
 * kills_house - see kills.h. Keeps the outbox's order: dispatch picks, the record has SENDING on
 * disk, the far side gets the job, what became of it is on disk. Nothing is begun anew before the
 * outcomes of a round are on disk, so that a round is the window.
 */
#include "kills.h"

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "channel_types.h"
#include "dispatch.h"
#include "record.h"
#include "when.h"

enum { AHEAD = 6, CHAIN_OF = 4, HOUR_MS = 3600 * 1000 };

struct house {
	struct record *record;
	struct dispatch *dispatch;
	struct ledger *ledger;
	struct channel *null;
	sem_t written;
	size_t posted;
	int64_t releases; /* in this life */
	char *chain, *identifier;
};

/* One round's jobs of one far side. */
struct channel_work {
	struct house *house;
	enum far far;
	struct channel_job jobs[KILLS_WINDOW];
	int64_t ids[KILLS_WINDOW];
	char names[KILLS_WINDOW][24];
	size_t count, next;
};

static const char *const names[KILLS_FARS] = {"keyed", "keyless"};

static void must(bool ok, const struct err *err)
{
	if (!ok) {
		fprintf(stderr, "%s\n", err->en);
		_exit(1);
	}
}

static void say(struct house *house, struct ledger_line line)
{
	size_t at = atomic_load(&house->ledger->count);

	if (at == LEDGER_MOST)
		_exit(2);
	house->ledger->lines[at] = line;
	atomic_store(&house->ledger->count, at + 1);
}

/* --- releases --------------------------------------------------------------------------------- */

static void set(char **place, const char *text)
{
	free(*place);
	*place = mem_text(text);
}

static bool add_delivery(
        struct store *store, const struct bulletin *b, enum far far, int64_t *id, struct err *err)
{
	struct delivery d;

	delivery_init(&d);
	set(&d.bulletin, b->id);
	set(&d.chain, b->chain);
	set(&d.target, names[far]);
	d.block = -1;
	d.level = b->level;
	d.order = b->order;
	d.expires = b->expires;
	bool ok = store_add_delivery(store, &d, err);
	*id = d.id;
	delivery_finish(&d);
	return ok;
}

struct release {
	struct house *house;
	struct bulletin *b;
	int64_t ids[KILLS_FARS];
};

static bool release(struct store *store, void *arg, struct err *err)
{
	struct release *r = arg;
	struct bulletin *b = r->b;
	json_t *facts = json_object();

	free(b->identifier);
	b->identifier = NULL;
	bool ok = store_take_identifier(store, "12000041600000", when_now(), &b->identifier, err);
	if (ok)
		set(&b->chain, r->house->chain ? r->house->chain : b->identifier);
	ok = ok && store_put_bulletin(store, b, err);
	for (int far = 0; ok && far < KILLS_FARS; far++)
		ok = add_delivery(store, b, (enum far)far, &r->ids[far], err);
	ok = ok && store_add_decision(
	                   store, b->id, "release", "chen", true, facts, facts, when_now(), err);
	json_decref(facts);
	return ok;
}

static struct dispatch_delivery for_dispatch(
        int64_t id, enum far far, const char *chain, int64_t order, enum level level, int attempt)
{
	return (struct dispatch_delivery){.id = id,
	        .target = far,
	        .chain = chain,
	        .order = order,
	        .level = level,
	        .attempt = attempt,
	        .expires = when_boot() + HOUR_MS,
	        .cost = 1};
}

/* Every fourth goes into the chain of the one before. */
static void release_one(struct house *house)
{
	struct bulletin *b = bulletin_create();
	struct release r = {.house = house, .b = b};
	struct err err = {0};

	if (house->releases % CHAIN_OF != CHAIN_OF - 1)
		mem_set_text(&house->chain, NULL);
	b->state = BULLETIN_RELEASED;
	b->level = (enum level)((house->releases + getpid()) % LEVEL_COUNT);
	set(&b->headline, "暴雨预警");
	b->signed_cap = mem_text("<alert/>");
	b->expires = when_now() + HOUR_MS;
	must(record_do(house->record, level_rank(b->level), release, &r, &err), &err);
	say(house, (struct ledger_line){LEDGER_RELEASED, FAR_KEYED, false, b->row});
	for (int far = 0; far < KILLS_FARS; far++) {
		struct dispatch_delivery d =
		        for_dispatch(r.ids[far], (enum far)far, b->chain, b->order, b->level, 0);
		dispatch_add(house->dispatch, &d, when_boot());
	}
	set(&house->chain, b->chain);
	house->releases++;
	bulletin_destroy(&b);
}

/* --- outcomes --------------------------------------------------------------------------------- */

struct outcome {
	struct house *house;
	struct dispatch_change change;
	bool again;
};

static bool write_outcome(struct store *store, void *arg, struct err *err)
{
	struct outcome *o = arg;
	struct delivery d;

	if (!store_get_delivery(store, o->change.id, &d, err))
		return false;
	o->again = level_rank(d.level) >= 3;
	delivery_finish(&d);
	return store_delivery_state(store, o->change.id, o->change.state,
	        when_now() + (o->change.due ? o->change.due - when_boot() : 0),
	        o->change.reason ? o->change.reason : "", "null", "", when_now(), err);
}

static void outcome_written(void *arg, bool ok, const struct err *err)
{
	struct outcome *o = arg;

	must(ok, err);
	if (o->change.state != DELIVERY_WAITING && o->change.state != DELIVERY_UNKNOWN)
		say(o->house, (struct ledger_line){LEDGER_ENDED, FAR_KEYED, false, o->change.id});
	sem_post(&o->house->written);
	free(o);
}

static void write_changes(struct house *house)
{
	struct dispatch_change change;

	while (dispatch_take_change(house->dispatch, &change)) {
		struct outcome *o = mem_zero(sizeof *o);
		*o = (struct outcome){house, change, false};
		record_post(house->record, 0, write_outcome, outcome_written, o);
		house->posted++;
	}
}

static void wait_for_disk(struct house *house)
{
	for (; house->posted > 0; house->posted--)
		while (sem_wait(&house->written) != 0)
			;
}

/* --- what `null` asks of its host --------------------------------------------------------------
 */

const struct channel_job *work_take(struct channel_work *work)
{
	return work->next < work->count ? &work->jobs[work->next++] : NULL;
}

void work_done(struct channel_work *work, const struct channel_job *job, int recipient,
        const struct channel_receipt *receipt)
{
	int64_t id = work->ids[job - work->jobs];

	(void)recipient;
	say(work->house,
	        (struct ledger_line){LEDGER_ARRIVED, work->far, job->bulletin != NULL, id});
	dispatch_done(work->house->dispatch, id, (int)receipt->verdict, 0, when_boot());
	write_changes(work->house);
}

bool work_halted(struct channel_work *work, const struct channel_job *job)
{
	(void)work;
	(void)job;
	return false;
}

size_t work_unwritten(struct channel_work *work, const struct channel_job *job)
{
	(void)work;
	(void)job;
	return 0;
}

/* --- rounds ----------------------------------------------------------------------------------- */

static bool mark_sending(struct store *store, void *arg, struct err *err)
{
	struct channel_work *work = arg;
	static const struct channel_bulletin resent;

	for (size_t i = 0; i < work->count; i++) {
		struct delivery d;
		if (!store_delivery_sending(store, work->ids[i], when_now(), err) ||
		        !store_delivery_began(store, work->ids[i], when_now(), err) ||
		        !store_get_delivery(store, work->ids[i], &d, err))
			return false;
		/* `null` looks at no bulletin: here it says that a rule may send it again. */
		work->jobs[i].bulletin = level_rank(d.level) >= 3 ? &resent : NULL;
		work->jobs[i].attempt = d.attempt;
		delivery_finish(&d);
	}
	return true;
}

static bool round_of(struct house *house, enum far far)
{
	struct channel_work work = {.house = house, .far = far};
	struct err err = {0};
	int64_t deadline, id;

	while (work.count < KILLS_WINDOW &&
	        (id = dispatch_next(house->dispatch, far, DISPATCH_ALL, when_boot(), &deadline))) {
		size_t i = work.count++;
		work.ids[i] = id;
		snprintf(work.names[i], sizeof work.names[i], "d%lld", (long long)id);
		work.jobs[i] = (struct channel_job){.id = work.names[i],
		        .kind = CHANNEL_ISSUE,
		        .text = "",
		        .form = "",
		        .signature = "",
		        .active_digest = "",
		        .deadline = deadline,
		        .expires = when_now() + HOUR_MS};
	}
	write_changes(house); /* what a newer one of its chain has overtaken */
	if (work.count == 0)
		return false;
	must(record_do(house->record, 0, mark_sending, &work, &err), &err);
	channel_null.deliver(house->null, &work);
	return true;
}

static size_t under_way(const struct house *house)
{
	size_t sum = 0;

	for (int far = 0; far < KILLS_FARS; far++) {
		struct dispatch_lane_now lane;
		dispatch_lane_look(house->dispatch, far, DISPATCH_ALL, &lane);
		for (size_t i = 0; i < sizeof lane.waiting / sizeof *lane.waiting; i++)
			sum += lane.waiting[i];
		sum += lane.sending;
	}
	return sum;
}

static void work(struct house *house, bool drain)
{
	while (!drain || under_way(house) > 0) {
		bool moved = false;
		while (!drain && under_way(house) < (size_t)AHEAD * KILLS_FARS)
			release_one(house);
		for (int far = 0; far < KILLS_FARS; far++)
			moved |= round_of(house, (enum far)far);
		wait_for_disk(house);
		if (!moved) {
			nanosleep(&(struct timespec){0, 1000000}, NULL);
			dispatch_tick(house->dispatch, when_boot());
		}
	}
}

/* --- a start ---------------------------------------------------------------------------------- */

static void take_up(struct house *house, const struct delivery *d)
{
	enum far far = strcmp(d->target, names[FAR_KEYED]) == 0 ? FAR_KEYED : FAR_KEYLESS;
	struct dispatch_delivery one =
	        for_dispatch(d->id, far, d->chain, d->order, d->level, d->attempt);
	int64_t now = when_boot();

	dispatch_replay(house->dispatch, &one, d->state, now, now);
	/* Whoever carried it died with us: nobody knows how far it came. */
	if (d->state == DELIVERY_SENDING)
		dispatch_lost(house->dispatch, d->id, true, now);
	write_changes(house);
}

static void replay(struct house *house)
{
	struct delivery_list list = {0};
	struct err err = {0};
	struct store *reader = record_reader_open(house->record, &err);

	must(reader && store_list_pending(reader, &list, &err), &err);
	record_reader_close(&reader);
	for (size_t i = 0; i < list.count; i++)
		take_up(house, &list.items[i]);
	delivery_list_finish(&list);
	wait_for_disk(house);
}

void kills_house(const char *folder, struct ledger *ledger, bool drain)
{
	struct house house = {.ledger = ledger, .null = mem_zero(channel_null.size)};
	struct err err = {0};

	sem_init(&house.written, 0, 0);
	house.record = record_open(folder, &err);
	must(house.record != NULL, &err);
	house.dispatch = dispatch_create((uint64_t)getpid());
	for (int far = 0; far < KILLS_FARS; far++)
		dispatch_add_target(house.dispatch, &(struct dispatch_target){.name = names[far],
		                                            .takes_key = far == FAR_KEYED,
		                                            .back_off_first = 1,
		                                            .back_off_most = 5});
	replay(&house);
	atomic_store(&ledger->open, true);
	work(&house, drain);
	record_close(&house.record);
	dispatch_destroy(&house.dispatch);
	free(house.null);
	free(house.chain);
}
