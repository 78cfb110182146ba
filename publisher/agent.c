/* SPDX-License-Identifier: Apache-2.0
 * agent - see agent.h. A frame that cannot be read ends the connection; the agent comes back and says hello.
 */
#include "agent.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "log.h"
#include "protocol.h"
#include "stream.h"

struct agents {
	struct loop *loop;
	const struct config *config;
	struct agent_ears ears;
	void *ctx;
	struct evconnlistener *listener;
	struct agent *first;
};

static void agent_destroy(struct agent *agent)
{
	struct agent **at = &agent->all->first;

	while (*at && *at != agent)
		at = &(*at)->next;
	if (*at)
		*at = agent->next;
	bufferevent_free(agent->stream);
	texts_finish(&agent->sent);
	free(agent->name);
	free(agent->lane);
	free(agent->jobs);
	free(agent->began);
	free(agent);
}

static void agent_gone(struct agent *agent, const char *why)
{
	if (agent->welcome) {
		log_event(LOG_WARN, "agent-gone", "name", agent->name, "lane", agent->lane, "reason", why, NULL);
		agent->all->ears.gone(agent->all->ctx, agent);
	}
	agent_destroy(agent);
}

void agent_send(struct agent *agent, const struct buf *frames)
{
	bufferevent_write(agent->stream, frames->data, frames->len);
}

static void send_refusal(struct agent *agent, const struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_REFUSED);
	frame_put_int(&out, TAG_KIND, err->kind);
	frame_put_text(&out, TAG_ZH, err->zh);
	frame_put_text(&out, TAG_EN, err->en);
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
	log_event(LOG_WARN, "agent-refused", "name", agent->name, "reason", err->en, NULL);
}

static void send_welcome(struct agent *agent)
{
	const struct config *config = agent->all->config;
	const struct config_target *t = agent->source ? NULL : &config->targets[agent->index];
	const struct config_source *s = agent->source ? &config->sources[agent->index] : NULL;
	const struct config_pair *options = t ? t->options : s->options;
	size_t count = t ? t->option_count : s->option_count;
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_WELCOME);
	frame_put_text(&out, TAG_TYPE, t ? t->type : s->type);
	frame_put_text(&out, TAG_MODE, mode_text(config->mode));
	frame_put_text(&out, TAG_NODE, config->node);
	for (size_t i = 0; i < count; i++) {
		frame_put_text(&out, TAG_OPTION, options[i].name);
		frame_put_text(&out, TAG_VALUE, options[i].value);
	}
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
}

static bool find_place(struct agent *agent, struct err *err)
{
	const struct config *config = agent->all->config;

	agent->index = -1;
	for (size_t i = 0; agent->source && i < config->source_count; i++)
		if (strcmp(config->sources[i].name, agent->name) == 0)
			agent->index = (int)i;
	for (size_t i = 0; !agent->source && i < config->target_count; i++)
		if (strcmp(config->targets[i].name, agent->name) == 0)
			agent->index = (int)i;
	if (agent->index < 0)
		return err_set(err, ERR_MISSING, "设置中没有名为 %s 的对端或来源",
			"the settings name no far side or source %s", agent->name);
	bool lanes = !agent->source && config->targets[agent->index].traits->lanes;
	bool fits = lanes ? strcmp(agent->lane, "urgent") == 0 || strcmp(agent->lane, "routine") == 0
			  : strcmp(agent->lane, "all") == 0;
	if (!fits)
		return err_set(err, ERR_USAGE, "%s 的车道应为 %s，而不是 %s", "%s has the lanes %s, not %s",
			agent->name, lanes ? "urgent, routine" : "all", agent->lane);
	for (struct agent *other = agent->all->first; other; other = other->next)
		if (other != agent && other->welcome && strcmp(other->name, agent->name) == 0 &&
			strcmp(other->lane, agent->lane) == 0)
			return err_set(err, ERR_CONFLICT, "%s（%s）已有进程在承载", "%s (%s) is held by another process",
				agent->name, agent->lane);
	return true;
}

static bool on_hello(struct agent *agent, struct frame *frame, struct err *err)
{
	if (agent->welcome)
		return err_set(err, ERR_INPUT, "重复的问候", "a second hello");
	int64_t version = frame_get_int(frame, TAG_VERSION);
	agent->source = frame_get_int(frame, TAG_ROLE) == AGENT_SOURCE;
	free(agent->name);
	free(agent->lane);
	agent->name = frame_get_text(frame, TAG_NAME);
	agent->lane = frame_get_text(frame, TAG_LANE);
	char *holds = frame_get_text(frame, TAG_DIGEST);
	if (digest_is_hex(holds))
		memcpy(agent->holds, holds, DIGEST_HEX);
	free(holds);
	if (!frame_close(frame, err))
		return false;
	if (version != PROTOCOL_VERSION)
		return err_set(err, ERR_CONFLICT, "通道进程的协议版本 %lld 与本程序 %d 不符",
			"the agent speaks protocol %lld, we speak %d", (long long)version, PROTOCOL_VERSION);
	if (!find_place(agent, err))
		return false;
	agent->welcome = true;
	send_welcome(agent);
	log_event(LOG_INFO, "agent-hello", "name", agent->name, "lane", agent->lane, NULL);
	agent->all->ears.hello(agent->all->ctx, agent);
	return true;
}

static void read_receipt(struct frame *frame, bool late, struct agent_receipt *r)
{
	*r = (struct agent_receipt){.recipient = -1};
	if (!late) {
		r->job = frame_get_int(frame, TAG_JOB);
		r->recipient = frame_get_int(frame, TAG_RECIPIENT);
	} else {
		r->far_id = frame_get_text(frame, TAG_FAR_ID);
	}
	r->verdict = frame_get_int(frame, TAG_VERDICT);
	r->proof = frame_get_text(frame, TAG_PROOF);
	r->reason = frame_get_text(frame, TAG_REASON);
	if (!late) {
		r->far_id = frame_get_text(frame, TAG_FAR_ID);
		r->wait = frame_get_int(frame, TAG_WAIT);
	}
}

static bool on_receipt(struct agent *agent, struct frame *frame, bool late, struct err *err)
{
	struct agent_receipt receipt;

	read_receipt(frame, late, &receipt);
	bool ok = frame_close(frame, err);
	if (ok && late)
		agent->all->ears.report(agent->all->ctx, agent, &receipt);
	else if (ok)
		agent->all->ears.receipt(agent->all->ctx, agent, &receipt);
	free(receipt.proof);
	free(receipt.reason);
	free(receipt.far_id);
	return ok;
}

static bool on_began(struct agent *agent, struct frame *frame, struct err *err)
{
	int64_t job = frame_get_int(frame, TAG_JOB);

	if (!frame_close(frame, err))
		return false;
	for (size_t i = 0; i < agent->job_count; i++)
		if (agent->jobs[i] == job)
			agent->began[i] = true;
	agent->all->ears.began(agent->all->ctx, agent, job);
	return true;
}

static bool on_ready(struct agent *agent, struct frame *frame, struct err *err)
{
	agent->free = frame_get_int(frame, TAG_COUNT);
	if (!frame_close(frame, err))
		return false;
	agent->all->ears.ready(agent->all->ctx, agent);
	return true;
}

static bool on_holds(struct agent *agent, struct frame *frame, struct err *err)
{
	char *holds = frame_get_text(frame, TAG_DIGEST);
	bool ok = frame_close(frame, err);

	memset(agent->holds, 0, sizeof agent->holds);
	if (ok && digest_is_hex(holds))
		memcpy(agent->holds, holds, DIGEST_HEX);
	free(holds);
	if (ok)
		agent->all->ears.ready(agent->all->ctx, agent);
	return ok;
}

static bool on_intake(struct agent *agent, struct frame *frame, struct err *err)
{
	size_t len;
	int64_t number = frame_get_int(frame, TAG_JOB);
	char *name = frame_get_text(frame, TAG_NAME);
	const void *bytes = frame_get(frame, TAG_BYTES, &len);
	bool ok = frame_close(frame, err);

	if (ok)
		agent->all->ears.intake(agent->all->ctx, agent, number, name, bytes, len);
	free(name);
	return ok;
}

static bool on_frame(struct agent *agent, struct frame *frame, struct err *err)
{
	if (frame->type == FRAME_HELLO)
		return on_hello(agent, frame, err);
	if (!agent->welcome)
		return err_set(err, ERR_INPUT, "未先问候", "no hello first");
	if (frame->type == FRAME_INTAKE && agent->source)
		return on_intake(agent, frame, err);
	if (agent->source)
		return err_set(err, ERR_INPUT, "来源发来了不该发的消息 %u", "a source sent frame %u", (unsigned)frame->type);
	switch (frame->type) {
	case FRAME_READY:
		return on_ready(agent, frame, err);
	case FRAME_BEGAN:
		return on_began(agent, frame, err);
	case FRAME_RECEIPT:
		return on_receipt(agent, frame, false, err);
	case FRAME_REPORT:
		return on_receipt(agent, frame, true, err);
	case FRAME_HOLDS:
		return on_holds(agent, frame, err);
	default:
		return err_set(err, ERR_INPUT, "未知的内部消息 %u", "unknown frame %u", (unsigned)frame->type);
	}
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
	send_refusal(agent, err);
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
		const void *bytes = whole == SIZE_MAX ? NULL : evbuffer_pullup(in, (ev_ssize_t)whole);
		if (!bytes || !frame_open(&frame, bytes, whole)) {
			err_set(&err, ERR_INPUT, "内部消息长度不合理", "an internal message has an impossible length");
			refuse(agent, &err);
			return;
		}
		if (!on_frame(agent, &frame, &err)) {
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

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 && (cred.uid == geteuid() || cred.uid == 0);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *addr, int len, void *arg)
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

struct agents *agents_create(struct loop *loop, const struct config *config, const struct agent_ears *ears, void *ctx,
	struct err *err)
{
	int fd = stream_listen(config->agent_socket, 0660, err);

	if (fd < 0)
		return NULL;
	evutil_make_socket_nonblocking(fd);
	struct agents *agents = mem_zero(sizeof *agents);
	agents->loop = loop;
	agents->config = config;
	agents->ears = *ears;
	agents->ctx = ctx;
	agents->listener = evconnlistener_new(loop_base(loop), on_accept, agents, LEV_OPT_CLOSE_ON_FREE, 0, fd);
	return agents;
}

void agents_destroy(struct agents **agents)
{
	if (!*agents)
		return;
	while ((*agents)->first)
		agent_destroy((*agents)->first);
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
		if (agent->welcome && strcmp(agent->name, name) == 0 && (!lane || strcmp(agent->lane, lane) == 0))
			return agent;
	return NULL;
}

void agent_send_bulletin(struct agent *agent, const struct issue *issue)
{
	struct buf out;

	for (size_t i = 0; i < agent->sent.count; i++)
		if (strcmp(agent->sent.items[i], issue->id) == 0)
			return;
	buf_init(&out, 2 * FRAME_MAX);
	size_t mark = frame_begin(&out, FRAME_BULLETIN);
	frame_put_text(&out, TAG_ID, issue->id);
	frame_put_text(&out, TAG_CAP, issue->cap);
	frame_put_text(&out, TAG_MANIFEST, issue->manifest);
	frame_put_text(&out, TAG_SIGNATURE, issue->signature);
	view_put(&issue->view, &out);
	if (frame_end(&out, mark)) {
		texts_add(&agent->sent, issue->id);
		agent_send(agent, &out);
	} else {
		log_event(LOG_ERROR, "bulletin-too-large", "bulletin", issue->id, "agent", agent->name, NULL);
	}
	buf_finish(&out);
}

void agent_send_ack(struct agent *agent, int64_t job)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_ACK);
	frame_put_int(&out, TAG_JOB, job);
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
}

void agent_send_taken(struct agent *agent, int64_t number, const struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_TAKEN);
	frame_put_int(&out, TAG_JOB, number);
	frame_put_int(&out, TAG_KIND, err ? err->kind : ERR_NONE);
	frame_put_text(&out, TAG_ZH, err ? err->zh : "");
	frame_put_text(&out, TAG_EN, err ? err->en : "");
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
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
