/* SPDX-License-Identifier: Apache-2.0
 * web_door - see web_door.h. libevent counts no connections and says of none that it has ended. So
 * each connection's bufferevent is made here and held: libevent takes its callbacks off when it
 * lets go of it. A connection is ended by shutting its socket down, and libevent clears it away as
 * if the client had left. The descriptor is closed with the bufferevent and not before: what is
 * held still listens to its number, and would read what the next one to get it is sent.
 */
#include "web_door.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "mem.h"

struct guest {
	struct bufferevent *held;
	enum web_guest is;
};

struct web_door {
	struct guest *guests; /* in the order they came */
	size_t count, most;
	struct event
	        *sweep; /* each second: who has left keeps no descriptor until the next one comes */
};

static bool here(const struct guest *guest)
{
	void *connection;

	bufferevent_getcb(guest->held, NULL, NULL, NULL, &connection);
	return connection != NULL;
}

static void forget_who_left(struct web_door *door)
{
	size_t kept = 0;

	for (size_t i = 0; i < door->count; i++) {
		if (here(&door->guests[i]))
			door->guests[kept++] = door->guests[i];
		else
			bufferevent_decref(door->guests[i].held);
	}
	door->count = kept;
}

/* Of those that matter least, whoever came first. Its place is free at once. */
static void show_one_out(struct web_door *door)
{
	size_t out = 0;

	for (size_t i = 1; i < door->count; i++)
		if (door->guests[i].is < door->guests[out].is)
			out = i;
	shutdown(bufferevent_getfd(door->guests[out].held), SHUT_RDWR);
	bufferevent_decref(door->guests[out].held);
	door->count--;
	for (size_t i = out; i < door->count; i++)
		door->guests[i] = door->guests[i + 1];
}

static struct bufferevent *on_newcomer(struct event_base *base, void *arg)
{
	struct web_door *door = arg;
	struct bufferevent *fresh = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	if (!fresh)
		return NULL;
	forget_who_left(door);
	if (door->count == door->most)
		show_one_out(door);
	bufferevent_incref(fresh);
	door->guests[door->count++] = (struct guest){.held = fresh};
	return fresh;
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	forget_who_left(arg);
}

struct web_door *web_door_create(struct event_base *base, struct evhttp *http, size_t most)
{
	static const struct timeval second = {.tv_sec = 1};
	struct web_door *door = mem_zero(sizeof *door);

	door->sweep = event_new(base, -1, EV_PERSIST, on_sweep, door);
	event_add(door->sweep, &second);
	door->guests = mem_array(most, sizeof *door->guests);
	door->most = most;
	evhttp_set_bevcb(http, on_newcomer, door);
	return door;
}

void web_door_destroy(struct web_door **door)
{
	if (!*door)
		return;
	event_free((*door)->sweep);
	for (size_t i = 0; i < (*door)->count; i++)
		bufferevent_decref((*door)->guests[i].held);
	free((*door)->guests);
	free(*door);
	*door = NULL;
}

void web_door_know(
        struct web_door *door, struct evhttp_connection *connection, enum web_guest guest)
{
	struct bufferevent *its = evhttp_connection_get_bufferevent(connection);

	for (size_t i = 0; i < door->count; i++)
		if (door->guests[i].held == its && guest > door->guests[i].is)
			door->guests[i].is = guest;
}
