/* SPDX-License-Identifier: Apache-2.0
 * agent_private - for agent*.c only: the connections, and the steps of one.
 */
#ifndef TOCSIN_AGENT_PRIVATE_H
#define TOCSIN_AGENT_PRIVATE_H

#include "agent.h"
#include "frame.h"

struct agents {
	struct loop *loop;
	const struct config *config;
	struct agent_ears ears;
	void *ctx;
	struct evconnlistener *listener;
	struct agent *first;
};

/* agent_hear.c: one frame from an agent. false: *err, and the connection is to end. */
bool agent_hear(struct agent *agent, struct frame *frame, struct err *err);

/* agent_send.c */
void agent_send_welcome(struct agent *agent);
void agent_send_refusal(struct agent *agent, const struct err *err);

#endif
