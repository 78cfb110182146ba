/* SPDX-License-Identifier: Apache-2.0
 * web_live - see web_live.h. The record thread says that it has committed, a worker reads the chain
 * on from where the listener furthest back stands, the loop tells each what it does not know yet.
 */
#include "web_live.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "when.h"

enum {
	STREAMS_MOST = 256,
	OF_ONE_MOST = 8, /* of one session or token; the oldest gives way */
	READ_MOST = 500, /* records at a time */
	BEAT_MS = 3000,  /* a listener who hears nothing for twice that knows we are gone */
	STREAM_MS = 10 * 60 * 1000,
	UNREAD_MOST = 256 * 1024, /* bytes waiting for a listener who does not read */
};

struct listener {
	struct web_live *live;
	struct evhttp_request *request;
	struct evhttp_connection *connection;
	struct web_stream *stream;
	int64_t seen;  /* the last record told */
	int64_t until; /* on the boot clock */
};

struct web_live {
	struct house *house;
	struct listener **items; /* oldest first */
	size_t count;
	struct event *beat;
	atomic_int woken; /* a wake is posted already */
	bool more;        /* there may be records nobody was told */
	bool reading;
};

/* What a worker has read. */
struct reading {
	struct web_live *live;
	int64_t after;
	json_t *records; /* NULL: it could not */
};

/* --- listeners -------------------------------------------------------------------------------- */

static void forget(struct web_live *live, struct listener *listener)
{
	size_t i = 0;

	while (live->items[i] != listener)
		i++;
	memmove(live->items + i, live->items + i + 1, (live->count - i - 1) * sizeof *live->items);
	live->count--;
	web_stream_destroy(&listener->stream);
	free(listener);
}

static void left(struct evhttp_connection *connection, void *arg)
{
	struct listener *listener = arg;

	(void)connection;
	/* libevent has let go of a request that it was still sending, and leaves it to us. */
	if (!evhttp_request_get_connection(listener->request))
		evhttp_request_free(listener->request);
	forget(listener->live, listener);
}

/* In good order: who hears "bye" has not lost us, and comes again. */
static void end(struct web_live *live, struct listener *listener)
{
	struct evbuffer *last = evbuffer_new();

	evbuffer_add_printf(last, "event: bye\ndata: {}\n\n");
	evhttp_send_reply_chunk(listener->request, last);
	evbuffer_free(last);
	evhttp_connection_set_closecb(listener->connection, NULL, NULL);
	evhttp_send_reply_end(listener->request);
	forget(live, listener);
}

static void drop(struct web_live *live, struct listener *listener)
{
	struct evhttp_connection *connection = listener->connection;

	evhttp_connection_set_closecb(connection, NULL, NULL);
	forget(live, listener);
	evhttp_connection_free(connection);
}

/* May end the listener: nothing of it is touched afterwards. */
static void say(struct web_live *live, struct listener *listener, const char *text)
{
	struct evbuffer *chunk = evbuffer_new();
	struct bufferevent *line = evhttp_connection_get_bufferevent(listener->connection);

	evbuffer_add(chunk, text, strlen(text));
	if (evbuffer_get_length(bufferevent_get_output(line)) > UNREAD_MOST)
		drop(live, listener);
	else
		evhttp_send_reply_chunk(listener->request, chunk);
	evbuffer_free(chunk);
}

/* Who stays is where it was or one further down, so the walk goes from the end. */
static void end_those(
        struct web_live *live, bool (*of)(const struct listener *, const void *), const void *what)
{
	for (size_t i = live->count; i > 0; i--)
		if (of(live->items[i - 1], what))
			end(live, live->items[i - 1]);
}

static bool of_anybody(const struct listener *listener, const void *what)
{
	(void)listener;
	(void)what;
	return true;
}

static bool of_session(const struct listener *listener, const void *session)
{
	return strcmp(listener->stream->session, session) == 0;
}

static bool of_officer(const struct listener *listener, const void *officer)
{
	return strcmp(listener->stream->officer, officer) == 0;
}

static bool of_token(const struct listener *listener, const void *name)
{
	return strcmp(listener->stream->caller, name) == 0;
}

static bool is_over(const struct listener *listener, const void *now)
{
	return listener->until <= *(const int64_t *)now;
}

/* --- what is told ----------------------------------------------------------------------------- */

static const char *member(const json_t *record, const char *name)
{
	const char *text = json_string_value(json_object_get(record, name));

	return text ? text : "";
}

/* What ends a stream. */
static void heed(struct web_live *live, const char *what, const json_t *record)
{
	if (strcmp(what, "session-ended") == 0) {
		json_t *body = json_loads(member(record, "body"), 0, NULL);
		if (*member(body, "session"))
			end_those(live, of_session, member(body, "session"));
		json_decref(body);
	} else if (strcmp(what, "sessions-ended") == 0 || strcmp(what, "account-ended") == 0) {
		end_those(live, of_officer, member(record, "ref"));
	} else if (strcmp(what, "token-ended") == 0) {
		end_those(live, of_token, member(record, "ref"));
	} else if (strcmp(what, "policy-changed") == 0) {
		end_those(live, of_anybody, NULL);
	}
}

/* `after`: where the reading began. Whoever came meanwhile and stands further back is told by the
 * next one, or would miss what lies between. */
static void tell_record(struct web_live *live, const json_t *record, int64_t after)
{
	int64_t seq = json_integer_value(json_object_get(record, "seq"));
	const char *what = member(record, "what");
	json_t *event = json_pack("{s:s,s:s}", "what", what, "ref", member(record, "ref"));
	char *data = json_dumps(event, JSON_COMPACT);
	char *text = mem_format("id: %lld\nevent: change\ndata: %s\n\n", (long long)seq, data);

	for (size_t i = live->count; i > 0; i--) {
		struct listener *listener = live->items[i - 1];
		if (listener->seen >= seq || listener->seen < after)
			continue;
		listener->seen = seq;
		if (web_stream_tells(what))
			say(live, listener, text);
	}
	heed(live, what, record);
	free(text);
	free(data);
	json_decref(event);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void pump(struct web_live *live);

static void read_done(void *arg)
{
	struct reading *reading = arg;
	struct web_live *live = reading->live;
	size_t i;
	json_t *record;

	live->reading = false;
	json_array_foreach(reading->records, i, record) tell_record(live, record, reading->after);
	live->more |= !reading->records || json_array_size(reading->records) == READ_MOST;
	bool failed = !reading->records;
	json_decref(reading->records);
	free(reading);
	if (!failed) /* else the beat tries again */
		pump(live);
}

static void read_on(struct store *reader, void *arg)
{
	struct reading *reading = arg;
	struct audit_wish wish = {.from = reading->after + 1, .most = READ_MOST};
	struct err err;

	if (!store_list_audit(reader, &wish, &reading->records, &err))
		reading->records = NULL;
	loop_post(reading->live->house->loop, read_done, reading);
}

static int64_t furthest_back(const struct web_live *live)
{
	int64_t seen = INT64_MAX;

	for (size_t i = 0; i < live->count; i++)
		if (live->items[i]->seen < seen)
			seen = live->items[i]->seen;
	return seen;
}

static void pump(struct web_live *live)
{
	if (live->reading || !live->more || live->count == 0)
		return;
	struct reading *reading = mem_zero(sizeof *reading);
	*reading = (struct reading){.live = live, .after = furthest_back(live)};
	if (workers_add(live->house->workers, read_on, reading)) {
		live->reading = true;
		live->more = false;
	} else {
		free(reading);
	}
}

static void wake(void *arg)
{
	struct web_live *live = arg;

	atomic_store(&live->woken, 0);
	live->more = true;
	pump(live);
}

/* Record thread: something is on disk. */
static void committed(void *arg)
{
	struct web_live *live = arg;

	if (!atomic_exchange(&live->woken, 1))
		loop_post(live->house->loop, wake, live);
}

/* --- the clock -------------------------------------------------------------------------------- */

static void on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct web_live *live = arg;
	int64_t now = when_boot();
	char moment[WHEN_TEXT];

	(void)fd;
	(void)what;
	end_those(live, is_over, &now);
	when_text(when_now(), moment);
	char *text = mem_format("event: beat\ndata: {\"now\":\"%s\"}\n\n", moment);
	for (size_t i = live->count; i > 0; i--)
		say(live, live->items[i - 1], text);
	free(text);
	pump(live);
}

struct web_live *web_live_create(struct house *house)
{
	struct web_live *live = mem_zero(sizeof *live);
	const struct timeval often = {.tv_sec = BEAT_MS / 1000};

	live->house = house;
	live->beat = event_new(loop_base(house->loop), -1, EV_PERSIST, on_beat, live);
	event_add(live->beat, &often);
	record_watch(house->record, committed, live);
	return live;
}

void web_live_stop(struct web_live *live)
{
	event_del(live->beat);
	end_those(live, of_anybody, NULL);
}

void web_live_unwatch(struct web_live *live)
{
	record_watch(live->house->record, NULL, NULL);
}

void web_live_destroy(struct web_live **place)
{
	struct web_live *live = *place;

	if (!live)
		return;
	event_free(live->beat);
	while (live->count)
		end(live, live->items[live->count - 1]);
	free(live->items);
	free(live);
	*place = NULL;
}

/* --- opening ---------------------------------------------------------------------------------- */

static void make_room(struct web_live *live, const char *caller)
{
	struct listener *oldest = NULL;
	size_t of_one = 0;

	for (size_t i = live->count; i > 0; i--) {
		if (!of_token(live->items[i - 1], caller))
			continue;
		oldest = live->items[i - 1];
		of_one++;
	}
	if (of_one >= OF_ONE_MOST)
		end(live, oldest);
	else if (live->count >= STREAMS_MOST)
		end(live, live->items[0]);
}

static int64_t end_of(const struct web_stream *stream)
{
	int64_t left = stream->until ? stream->until - when_now() : STREAM_MS;

	return when_boot() + (left < STREAM_MS ? left : STREAM_MS);
}

void web_live_open(struct web_live *live, struct evhttp_request *request, struct web_stream *stream)
{
	make_room(live, stream->caller);
	struct listener *listener = mem_zero(sizeof *listener);
	*listener = (struct listener){.live = live,
	        .request = request,
	        .stream = stream,
	        .connection = evhttp_request_get_connection(request),
	        .seen = stream->after,
	        .until = end_of(stream)};
	char *hello = mem_format("retry: 1000\nid: %lld\nevent: hello\ndata: {\"reset\":%s}\n\n",
	        (long long)stream->after, stream->reset ? "true" : "false");

	*(struct listener **)mem_push(&live->items, &live->count, sizeof *live->items) = listener;
	evhttp_connection_set_timeout(listener->connection, STREAM_MS / 1000 + 30);
	evhttp_connection_set_closecb(listener->connection, left, listener);
	evhttp_send_reply_start(request, HTTP_OK, NULL);
	say(live, listener, hello);
	free(hello);
	live->more = true;
	pump(live);
}
