/* SPDX-License-Identifier: Apache-2.0
 * daemon - see daemon.h. Builds the parts, in order; takes them down in the other. No decisions
 * here.
 */
#include "daemon.h"

#include <signal.h>
#include <stdlib.h>

#include "api.h"
#include "audit_watch.h"
#include "chores.h"
#include "heartbeat.h"
#include "hold.h"
#include "house.h"
#include "intake.h"
#include "leases.h"
#include "log.h"
#include "loop.h"
#include "notify.h"
#include "outbox.h"
#include "people.h"
#include "phrases.h"
#include "policies.h"
#include "policy_history.h"
#include "standing.h"
#include "upload.h"
#include "web_live.h"
#include "web_pages.h"
#include "when.h"

/* What waits behind the workers, at most; the rest is told to come again. */
enum { QUEUE_MOST = 1024, SIGN_IN_QUEUE_MOST = 32, CHORES_MOST = 32 };
/* As many as there are chores that wait for the signer, one that looks at the record for minutes,
 * and one. */
enum { TENDERS = 5 };
enum { DRAIN_MS = 15000, DRAIN_LOOK_MS = 20, WATCHDOG_SECONDS = 5 };

struct daemon {
	struct house house;
	struct config *config;
	struct web *api, *callbacks, *metrics;
	struct web_pages *pages; /* of the desk; NULL: none */
	struct web_live *live;
	struct chores *chores;
	struct standings *standings;
	struct event *signals[3];
	struct event *drain, *watchdog;
	int64_t drain_until;
};

/* --- reload
 * --------------------------------------------------------------------------------------- */

/* The settings' file is the first installation only (policy_history.h): somebody who changed it
 * hears that it does not count, and what is wrong with it. */
static void look_at_file(struct store *reader, void *arg)
{
	struct house *house = arg;
	struct err err = {0};

	if (policy_history_file_holds(house, reader, &err))
		log_event(
		        LOG_INFO, "reloaded", "policy", atomic_load(&house->policy)->version, NULL);
	else
		log_event(LOG_ERROR, "reload-refused", "file", house->config->policy, "reason",
		        err.en, NULL);
}

static void on_reload(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *d = arg;

	(void)signal;
	(void)what;
	if (!workers_add(d->house.workers, look_at_file, &d->house))
		log_event(LOG_ERROR, "reload-refused", "reason", "busy", NULL);
}

/* --- ending
 * --------------------------------------------------------------------------------------- */

static void on_drain(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct timeval again = {.tv_usec = DRAIN_LOOK_MS * 1000};

	(void)fd;
	(void)what;
	bool idle = web_busy(d->api) == 0 && web_busy(d->callbacks) == 0 &&
	            outbox_idle(d->house.outbox);
	if (idle || when_boot() >= d->drain_until)
		loop_stop(d->house.loop);
	else
		evtimer_add(d->drain, &again);
}

static void on_end(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *d = arg;

	(void)signal;
	(void)what;
	if (atomic_exchange(&d->house.draining, 1))
		return;
	notify_systemd("STOPPING=1");
	log_event(LOG_INFO, "draining", NULL);
	web_stop(d->api);
	web_stop(d->callbacks);
	web_stop(d->metrics);
	web_live_stop(d->live);
	chores_stop(d->chores);
	outbox_stop(d->house.outbox);
	d->drain_until = when_boot() + DRAIN_MS;
	on_drain(-1, 0, d);
}

/* --- the watchdog: fed only by a word that went through loop and record thread -------------------
 */

static void record_moves(void *arg, bool ok, const struct err *err)
{
	(void)arg;
	(void)err;
	if (ok)
		notify_systemd("WATCHDOG=1");
}

static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	record_post(d->house.record, 0, leases_ask, record_moves, NULL);
}

static void watch_signals(struct daemon *d)
{
	static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
	struct event_base *base = loop_base(d->house.loop);

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < 3; i++) {
		d->signals[i] = evsignal_new(
		        base, numbers[i], numbers[i] == SIGHUP ? on_reload : on_end, d);
		event_add(d->signals[i], NULL);
	}
	d->drain = evtimer_new(base, on_drain, d);
	const struct timeval often = {.tv_sec = WATCHDOG_SECONDS};
	d->watchdog = event_new(base, -1, EV_PERSIST, on_watchdog, d);
	event_add(d->watchdog, &often);
}

/* --- building
 * ------------------------------------------------------------------------------------- */

static bool bind_mode(struct store *store, void *arg, struct err *err)
{
	const struct config *config = arg;

	return store_bind_mode(store, config->mode, err);
}

static bool start_threads(struct house *h, struct err *err)
{
	h->workers = workers_create(h->record, h->config->workers, QUEUE_MOST, err);
	h->hashers = h->workers ? workers_create(h->record, h->config->password_threads,
	                                  SIGN_IN_QUEUE_MOST, err)
	                        : NULL;
	h->tenders = h->hashers ? workers_create(h->record, TENDERS, CHORES_MOST, err) : NULL;
	h->importer = h->tenders ? workers_create(h->record, 1, 1, err) : NULL;
	return h->importer != NULL;
}

static bool listen_for(struct daemon *d, struct err *err)
{
	struct house *h = &d->house;

	if (*d->config->desk && !(d->pages = web_pages_read(d->config->desk, err)))
		return false;
	d->live = web_live_create(h);
	d->api = web_create(
	        h, &d->config->api_listen, api_routes, (size_t)d->config->limit_api, err);
	if (!d->api)
		return false;
	web_add_desk(d->api, d->pages, d->live);
	d->callbacks = web_create(h, &d->config->callback_listen, callback_routes, 65536, err);
	d->metrics = d->callbacks
	                     ? web_create(h, &d->config->metrics_listen, metrics_routes, 1024, err)
	                     : NULL;
	return d->metrics != NULL;
}

static bool build(struct daemon *d, struct err *err)
{
	struct house *h = &d->house;
	struct phrases *phrases = NULL;

	if (!policy_history_file_reads(d->config, err))
		return false;
	h->config = d->config;
	h->policies = policies_create();
	h->catalog = catalog_read(d->config->catalog, err);
	h->screen = h->catalog
	                    ? screen_lists_read(d->config->catalog, d->config->protected_sites, err)
	                    : NULL;
	h->population = h->screen ? population_read(d->config->population, err) : NULL;
	if (!h->population || !phrases_read_any(d->config->catalog, &phrases, err))
		return false;
	h->phrases = phrases;
	h->loop = loop_create();
	h->claims = claims_create();
	h->heartbeat = heartbeat_create();
	h->record = record_open(d->config->state, err);
	d->standings = standings_create(h);
	bool ours = h->record && record_do(h->record, 0, bind_mode, (void *)d->config, err) &&
	            leases_take(h, err);
	if (ours)
		record_keep_reserve(h->record);
	h->outbox =
	        ours ? outbox_create(h->loop, d->config, h->record, d->standings, intake_take, h)
	             : NULL;
	h->upload = upload_create(d->config->state, d->config->limit_upload);
	h->guard = guard_create();
	h->attempts = attempts_create();
	if (!h->outbox || !start_threads(h, err))
		return false;
	struct store *store = record_reader_open(h->record, err);
	bool ok = store && policy_history_open(h, store, err) && hold_or_begin(h, store, err) &&
	          people_restore(h, store, err);
	if (ok)
		audit_watch_start(h, store);
	record_reader_close(&store);
	if (!ok)
		return false;
	if (!listen_for(d, err))
		return false;
	d->chores = chores_create(h, chore_table);
	return true;
}

static void take_down(struct daemon *d)
{
	struct house *h = &d->house;

	for (size_t i = 0; i < 3; i++)
		if (d->signals[i])
			event_free(d->signals[i]);
	if (d->drain)
		event_free(d->drain);
	if (d->watchdog)
		event_free(d->watchdog);
	/* Their last jobs hand each other jobs, and a look over the record asks who is busy. */
	struct workers **pools[] = {&h->workers, &h->hashers, &h->tenders, &h->importer};
	for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
		workers_end(*pools[i]);
	for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
		workers_destroy(pools[i]);
	if (d->live)
		web_live_unwatch(d->live);
	/* Their last words, a heartbeat's say, are for an outbox and a web that still stand. */
	if (h->loop)
		loop_run_posted(h->loop);
	chores_destroy(&d->chores);
	record_close(&h->record);
	standings_destroy(&d->standings);
	web_live_destroy(&d->live);
	web_destroy(&d->api);
	web_destroy(&d->callbacks);
	web_destroy(&d->metrics);
	web_pages_destroy(&d->pages);
	outbox_destroy(&h->outbox);
	loop_destroy(&h->loop);
	claims_destroy(&h->claims);
	heartbeat_destroy(&h->heartbeat);
	policies_destroy(&h->policies);
	upload_destroy(&h->upload);
	guard_destroy(&h->guard);
	attempts_destroy(&h->attempts);
	struct catalog *catalog = (struct catalog *)h->catalog;
	struct screen_lists *screen = (struct screen_lists *)h->screen;
	struct population *population = (struct population *)h->population;
	struct phrases *phrases = (struct phrases *)h->phrases;
	catalog_destroy(&catalog);
	screen_lists_destroy(&screen);
	population_destroy(&population);
	phrases_destroy(&phrases);
	config_destroy(&d->config);
}

bool daemon_run(struct config *config, struct err *err)
{
	struct daemon d = {.config = config};

	if (!build(&d, err)) {
		take_down(&d);
		return false;
	}
	watch_signals(&d);
	notify_systemd("READY=1");
	log_event(LOG_INFO, "ready", "node", config->node, "mode", mode_text(config->mode),
	        "version", TOCSIN_VERSION, NULL);
	loop_run(d.house.loop);
	log_event(LOG_INFO, "ended", NULL);
	take_down(&d);
	return true;
}
