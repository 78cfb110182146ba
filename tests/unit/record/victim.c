/* SPDX-License-Identifier: Apache-2.0
 * victim - a program that keeps a record until it is killed, and says on stdout what it was told is
 *on disk: "r N" release N, "d N" delivery of release N answered. Works on as long as stdout is
 *open.
 *
 *	record_victim FOLDER [BYTES]
 *
 * BYTES: no file may grow beyond it, so that a write fails some time: then it must end by itself
 *(SIGABRT).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "record.h"

enum { IN_FLIGHT = 6 };

struct work {
	struct record *record;
	int64_t number;
	int64_t delivery;
};

static void say(char word, int64_t number)
{
	char line[32];
	int len = snprintf(line, sizeof line, "%c %lld\n", word, (long long)number);

	if (write(STDOUT_FILENO, line, (size_t)len) != len)
		_exit(0);
}

static void set(char **place, char *text)
{
	free(*place);
	*place = text;
}

static struct bulletin *make(int64_t number)
{
	struct bulletin *b = bulletin_create();

	set(&b->identifier, mem_format("release-%lld", (long long)number));
	set(&b->chain, mem_text(b->identifier));
	set(&b->headline, mem_text("暴雨橙色预警"));
	b->state = BULLETIN_RELEASED;
	b->level = (enum level)(number % 5);
	b->signed_cap = mem_zero(6001);
	memset(b->signed_cap, 'x', 6000);
	for (int i = 0; i < 3; i++) {
		struct bulletin_text *text = bulletin_add_text(b);
		text->target = mem_format("far-%d", i);
		text->kind = mem_text("sms");
		text->body = mem_text("words");
		text->filled = mem_text("words");
	}
	return b;
}

static bool add_deliveries(
        struct store *store, const struct bulletin *b, struct work *work, struct err *err)
{
	bool ok = true;

	for (int i = 0; ok && i < 3; i++) {
		struct delivery d;
		delivery_init(&d);
		set(&d.bulletin, mem_text(b->id));
		set(&d.target, mem_format("far-%d", i));
		d.order = b->order;
		d.state = DELIVERY_SENDING;
		d.attempt = 1;
		ok = store_add_delivery(store, &d, err);
		work->delivery = d.id;
		delivery_finish(&d);
	}
	return ok;
}

static bool release(struct store *store, void *arg, struct err *err)
{
	struct work *work = arg;
	struct bulletin *b = make(work->number);
	char officer[] = "chen", signature[] = "c2ln";
	struct proof proof = {
	        .act = ACT_SIGN, .officer = officer, .time = 1000, .signature = signature};
	json_t *facts = json_pack("{s:I}", "number", (json_int_t)work->number);
	bool ok =
	        store_put_bulletin(store, b, err) && add_deliveries(store, b, work, err) &&
	        store_add_approval(store, b->id, &proof, 1000, err) &&
	        store_add_decision(store, b->id, "release", officer, true, facts, facts, 1000, err);

	json_decref(facts);
	bulletin_destroy(&b);
	return ok;
}

static bool answer(struct store *store, void *arg, struct err *err)
{
	struct work *work = arg;

	return store_delivery_state(
	        store, work->delivery, DELIVERY_DELIVERED, 0, "", "yes", "", 2000, err);
}

static void must(bool ok, const struct err *err)
{
	if (!ok) {
		fprintf(stderr, "%s\n", err->en);
		_exit(1);
	}
}

static void released(void *arg, bool ok, const struct err *err);

static void next_release(struct work *work)
{
	record_post(work->record, (int)(work->number % 5), release, released, work);
}

static void answered(void *arg, bool ok, const struct err *err)
{
	struct work *work = arg;

	must(ok, err);
	say('d', work->number);
	work->number += IN_FLIGHT;
	next_release(work);
}

static void released(void *arg, bool ok, const struct err *err)
{
	struct work *work = arg;

	must(ok, err);
	say('r', work->number);
	record_post(work->record, 1, answer, answered, work);
}

static bool first_free(struct store *store, void *arg, struct err *err)
{
	return store_next_sequence(store, "runs", arg, err);
}

int main(int argc, char **argv)
{
	struct work works[IN_FLIGHT];
	struct err err = {0};
	int64_t run;

	if (argc < 2)
		return 64;
	if (argc > 2) {
		rlim_t most = (rlim_t)strtoull(argv[2], NULL, 10);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){most, most});
	}
	struct record *record = record_open(argv[1], &err);
	must(record != NULL, &err);
	must(record_do(record, 0, first_free, &run, &err), &err);
	for (int i = 0; i < IN_FLIGHT; i++) {
		works[i] = (struct work){record, run * 1000000 + i, 0};
		next_release(&works[i]);
	}
	for (;;)
		pause();
}
