/* SPDX-License-Identifier: Apache-2.0
 * agent_send - what we say to an agent (agent.h, protocol.h). Nothing here waits: libevent keeps
 * what the socket does not take yet.
 */
#include "agent_private.h"

#include <event2/bufferevent.h>
#include <string.h>

#include "log.h"
#include "protocol.h"

void agent_send(struct agent *agent, const struct buf *frames)
{
	bufferevent_write(agent->stream, frames->data, frames->len);
}

void agent_send_refusal(struct agent *agent, const struct err *err)
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

void agent_send_welcome(struct agent *agent)
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

void agent_send_bulletin(struct agent *agent, const struct issue *issue)
{
	struct buf out;

	if (lookup_get(&agent->sent, issue->id) == issue->words)
		return;
	lookup_drop(&agent->listed, issue->id); /* what it had under this id goes with its list */
	buf_init(&out, 2 * FRAME_MAX);
	size_t mark = frame_begin(&out, FRAME_BULLETIN);
	frame_put_text(&out, TAG_ID, issue->id);
	frame_put_text(&out, TAG_CAP, issue->cap);
	frame_put_text(&out, TAG_MANIFEST, issue->manifest);
	frame_put_text(&out, TAG_SIGNATURE, issue->signature);
	view_put(&issue->view, &out);
	if (frame_end(&out, mark)) {
		lookup_put(&agent->sent, issue->id, issue->words);
		agent_send(agent, &out);
	} else {
		log_event(LOG_ERROR, "bulletin-too-large", "bulletin", issue->id, "agent",
		        agent->name, NULL);
	}
	buf_finish(&out);
}

void agent_send_audience(
        struct agent *agent, const char *id, const unsigned char *digests, size_t count)
{
	struct buf out;

	if (lookup_get(&agent->listed, id))
		return;
	buf_init(&out, 2 * FRAME_MAX);
	size_t mark = frame_begin(&out, FRAME_AUDIENCE);
	frame_put_text(&out, TAG_ID, id);
	frame_put(&out, TAG_BYTES, digests, count * DIGEST_BYTES);
	if (frame_end(&out, mark)) {
		lookup_put(&agent->listed, id, agent);
		agent_send(agent, &out);
	} else {
		log_event(LOG_ERROR, "audience-too-large", "bulletin", id, "agent", agent->name,
		        NULL);
	}
	buf_finish(&out);
}

static void send_about(struct agent *agent, uint16_t type, int64_t job)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, type);
	frame_put_int(&out, TAG_JOB, job);
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
}

void agent_send_ack(struct agent *agent, int64_t job)
{
	send_about(agent, FRAME_ACK, job);
}

void agent_send_halt(struct agent *agent, int64_t job)
{
	send_about(agent, FRAME_HALT, job);
}

void agent_send_counted(struct agent *agent, int64_t job, int64_t count)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_COUNTED);
	frame_put_int(&out, TAG_JOB, job);
	frame_put_int(&out, TAG_COUNT, count);
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
}

void agent_send_forget(struct agent *agent, const char *id)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_FORGET);
	frame_put_text(&out, TAG_ID, id);
	frame_end(&out, mark);
	agent_send(agent, &out);
	buf_finish(&out);
	lookup_drop(&agent->sent, id);
	lookup_drop(&agent->listed, id);
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
