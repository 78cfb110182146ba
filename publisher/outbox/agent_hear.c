/* SPDX-License-Identifier: Apache-2.0
 * agent_hear - what an agent says (agent.h, protocol.h). A frame out of turn, or not to be read,
 * ends the connection.
 */
#include "agent_private.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "protocol.h"

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
	bool fits =
	        lanes ? strcmp(agent->lane, "urgent") == 0 || strcmp(agent->lane, "routine") == 0
	              : strcmp(agent->lane, "all") == 0;
	if (!fits)
		return err_set(err, ERR_USAGE, "%s 的车道应为 %s，而不是 %s",
		        "%s has the lanes %s, not %s", agent->name,
		        lanes ? "urgent, routine" : "all", agent->lane);
	for (struct agent *other = agent->all->first; other; other = other->next)
		if (other != agent && other->welcome && strcmp(other->name, agent->name) == 0 &&
		        strcmp(other->lane, agent->lane) == 0)
			return err_set(err, ERR_CONFLICT, "%s（%s）已有进程在承载",
			        "%s (%s) is held by another process", agent->name, agent->lane);
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
	while (frame_more(frame, TAG_JOB)) {
		agent_job_add(agent, frame_get_int(frame, TAG_JOB));
		agent->began[agent->job_count - 1] = true;
	}
	if (!frame_close(frame, err))
		return false;
	if (version != PROTOCOL_VERSION)
		return err_set(err, ERR_CONFLICT, "通道进程的协议版本 %lld 与本程序 %d 不符",
		        "the agent speaks protocol %lld, we speak %d", (long long)version,
		        PROTOCOL_VERSION);
	if (!find_place(agent, err))
		return false;
	agent->welcome = true;
	agent_send_welcome(agent);
	log_event(LOG_INFO, "agent-hello", "name", agent->name, "lane", agent->lane, NULL);
	agent->all->ears.hello(agent->all->ctx, agent);
	return true;
}

static void read_receipt(struct frame *frame, bool late, struct agent_receipt *r)
{
	*r = (struct agent_receipt){0};
	if (!late)
		r->job = frame_get_int(frame, TAG_JOB);
	else
		r->far_id = frame_get_text(frame, TAG_FAR_ID);
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

static bool on_tally(struct agent *agent, struct frame *frame, struct err *err)
{
	size_t taken_len;
	size_t refused_len;
	int64_t job = frame_get_int(frame, TAG_JOB);
	const unsigned char *taken = frame_get(frame, TAG_BYTES, &taken_len);
	const unsigned char *refused = frame_get(frame, TAG_BYTES, &refused_len);

	if (taken_len != AGENT_TALLY || refused_len != AGENT_TALLY)
		frame->spoilt = true;
	if (!frame_close(frame, err))
		return false;
	agent->all->ears.tally(agent->all->ctx, agent, job, taken, refused);
	return true;
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

static bool on_far(struct agent *agent, struct frame *frame, struct err *err)
{
	bool well = frame_get_int(frame, TAG_COUNT) == 1;
	char *why = frame_get_text(frame, TAG_REASON);
	bool ok = frame_close(frame, err);

	if (ok)
		agent->all->ears.far(agent->all->ctx, agent, well, why);
	free(why);
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

bool agent_hear(struct agent *agent, struct frame *frame, struct err *err)
{
	if (frame->type == FRAME_HELLO)
		return on_hello(agent, frame, err);
	if (!agent->welcome)
		return err_set(err, ERR_INPUT, "未先问候", "no hello first");
	if (frame->type == FRAME_INTAKE && agent->source)
		return on_intake(agent, frame, err);
	if (agent->source)
		return err_set(err, ERR_INPUT, "来源发来了不该发的消息 %u",
		        "a source sent frame %u", (unsigned)frame->type);
	switch (frame->type) {
	case FRAME_READY:
		return on_ready(agent, frame, err);
	case FRAME_BEGAN:
		return on_began(agent, frame, err);
	case FRAME_RECEIPT:
		return on_receipt(agent, frame, false, err);
	case FRAME_TALLY:
		return on_tally(agent, frame, err);
	case FRAME_REPORT:
		return on_receipt(agent, frame, true, err);
	case FRAME_HOLDS:
		return on_holds(agent, frame, err);
	case FRAME_FAR:
		return on_far(agent, frame, err);
	default:
		return err_set(err, ERR_INPUT, "未知的内部消息 %u", "unknown frame %u",
		        (unsigned)frame->type);
	}
}
