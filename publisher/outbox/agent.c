/* SPDX-License-Identifier: Apache-2.0
 * agent - see agent.h: connections and their life. A frame that cannot be read ends the connection;
 * the agent comes back and says hello.
 */
#include "agent_private.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "protocol.h"
#include "stream.h"

static void agent_destroy(struct agent *agent)
{
	struct agent **at = &agent->all->first;

	while (*at && *at != agent)
		at = &(*at)->next;
	if (*at)
		*at = agent->next;
	bufferevent_free(agent->stream);
	lookup_finish(&agent->sent);
	lookup_finish(&agent->listed);
	texts_finish(&agent->ended);
	free(agent->name);
	free(agent->lane);
	free(agent->jobs);
	free(agent->began);
	free(agent);
}

static void agent_gone(struct agent *agent, const char *why)
{
	if (agent->welcome) {
		log_event(LOG_WARN, "agent-gone", "name", agent->name, "lane", agent->lane,
		        "reason", why, NULL);
		agent->all->ears.gone(agent->all->ctx, agent);
	}
	agent_destroy(agent);
}

static void on_drained(struct bufferevent *stream, void *arg)
{
	(void)stream;
	agent_destroy(arg);
}

static void on_end(struct bufferevent *stream, short what, void *arg);

/* The refusal is sent to its last byte before the connection closes. */
static void refuse(struct agent *agent, const struct err *err)
{
	if (agent->welcome) {
		agent_gone(agent, err->en);
		return;
	}
	agent_send_refusal(agent, err);
	bufferevent_disable(agent->stream, EV_READ);
	bufferevent_setcb(agent->stream, NULL, on_drained, on_end, agent);
}

static void on_bytes(struct bufferevent *stream, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(stream);
	struct agent *agent = arg;
	struct err err = {0};

	for (;;) {
		unsigned char head[4];
		ev_ssize_t got = evbuffer_copyout(in, head, sizeof head);
		size_t whole = got < 4 ? 0 : frame_length(head, 4);
		if (whole == 0 || (whole != SIZE_MAX && evbuffer_get_length(in) < whole))
			return;
		struct frame frame;
		const void *bytes =
		        whole == SIZE_MAX ? NULL : evbuffer_pullup(in, (ev_ssize_t)whole);
		if (!bytes || !frame_open(&frame, bytes, whole)) {
			err_set(&err, ERR_INPUT, "内部消息长度不合理",
			        "an internal message has an impossible length");
			refuse(agent, &err);
			return;
		}
		if (!agent_hear(agent, &frame, &err)) {
			refuse(agent, &err);
			return;
		}
		evbuffer_drain(in, whole);
	}
}

static void on_end(struct bufferevent *stream, short what, void *arg)
{
	(void)stream;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		agent_gone(arg, "connection closed");
}

/* Only our own user, or root, may be an agent. */
static bool peer_may(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	       (cred.uid == geteuid() || cred.uid == 0);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *addr,
        int len, void *arg)
{
	struct agents *agents = arg;

	(void)listener;
	(void)addr;
	(void)len;
	if (!peer_may(fd)) {
		log_event(LOG_WARN, "agent-refused", "reason", "another user", NULL);
		close(fd);
		return;
	}
	struct agent *agent = mem_zero(sizeof *agent);
	agent->all = agents;
	agent->name = mem_text("");
	agent->lane = mem_text("");
	agent->stream = bufferevent_socket_new(loop_base(agents->loop), fd, BEV_OPT_CLOSE_ON_FREE);
	agent->next = agents->first;
	agents->first = agent;
	bufferevent_setcb(agent->stream, on_bytes, NULL, on_end, agent);
	bufferevent_enable(agent->stream, EV_READ | EV_WRITE);
}

struct agents *agents_create(
        struct loop *loop, const struct config *config, const struct agent_ears *ears, void *ctx)
{
	struct agents *agents = mem_zero(sizeof *agents);

	agents->loop = loop;
	agents->config = config;
	agents->ears = *ears;
	agents->ctx = ctx;
	return agents;
}

bool agents_listen(struct agents *agents, struct err *err)
{
	int fd = stream_listen(agents->config->agent_socket, 0660, err);

	if (fd < 0)
		return false;
	evutil_make_socket_nonblocking(fd);
	agents->listener = evconnlistener_new(
	        loop_base(agents->loop), on_accept, agents, LEV_OPT_CLOSE_ON_FREE, 0, fd);
	return true;
}

void agents_destroy(struct agents **agents)
{
	if (!*agents)
		return;
	while ((*agents)->first)
		agent_destroy((*agents)->first);
	if ((*agents)->listener)
		evconnlistener_free((*agents)->listener);
	free(*agents);
	*agents = NULL;
}

struct agent *agents_first(struct agents *agents)
{
	return agents->first;
}

struct agent *agents_find(struct agents *agents, const char *name, const char *lane)
{
	for (struct agent *agent = agents->first; agent; agent = agent->next)
		if (agent->welcome && strcmp(agent->name, name) == 0 &&
		        (!lane || strcmp(agent->lane, lane) == 0))
			return agent;
	return NULL;
}

void agents_stop(struct agents *agents)
{
	struct buf out;

	buf_init(&out, 0);
	frame_end(&out, frame_begin(&out, FRAME_STOP));
	for (struct agent *agent = agents->first; agent; agent = agent->next)
		if (agent->welcome)
			agent_send(agent, &out);
	buf_finish(&out);
}

void agent_job_add(struct agent *agent, int64_t job)
{
	size_t count = agent->job_count;

	*(int64_t *)mem_push(&agent->jobs, &count, sizeof *agent->jobs) = job;
	*(bool *)mem_push(&agent->began, &agent->job_count, sizeof *agent->began) = false;
}

bool agent_job_remove(struct agent *agent, int64_t job)
{
	for (size_t i = 0; i < agent->job_count; i++) {
		if (agent->jobs[i] != job)
			continue;
		agent->job_count--;
		agent->jobs[i] = agent->jobs[agent->job_count];
		agent->began[i] = agent->began[agent->job_count];
		return true;
	}
	return false;
}
