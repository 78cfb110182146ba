/* SPDX-License-Identifier: Apache-2.0
 * notices_send - see notices_send.h. The signer holds each form against its own copy of the roster.
 */
#include "notices_send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "outbox.h"
#include "policy_roster.h"
#include "signer_client.h"

static bool have(const struct callees *out, const struct officer *officer)
{
	for (size_t i = 0; i < out->count; i++)
		if (out->items[i].officer == officer)
			return true;
	return false;
}

static void add(const struct policy *policy, struct callees *out, const char *id, const char *phone)
{
	const struct officer *officer = id ? policy_officer(policy, id) : NULL;

	if (!officer || !officer->active || have(out, officer))
		return;
	*(struct callee *)mem_push(&out->items, &out->count, sizeof *out->items) =
	        (struct callee){officer, phone};
}

static void add_all(const struct policy *policy, const char *unit, const struct turn_call *call,
        bool deputies, struct callees *out)
{
	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		if (!roster_row_holds(row, unit, call->step, call->called))
			continue;
		if (deputies)
			add(policy, out, row->deputy, row->deputy_phone);
		else
			add(policy, out, row->officer, row->phone);
	}
}

void callees_of(const struct policy *policy, const char *unit, const struct turn_call *call,
        struct callees *out)
{
	*out = (struct callees){0};
	add_all(policy, unit, call, call->rung == CALL_RUNGS, out);
	if (out->count == 0)
		add_all(policy, unit, call, false, out);
}

static void fill(struct status *status, const struct house *house, const struct bulletin *b,
        const struct turn_call *call, const struct callee *callee)
{
	*status = (struct status){
	        .form = STATUS_NOTICE,
	        .mode = house->config->mode,
	        .time = call->called / 1000 * 1000,
	        .step = call->step,
	        .waiting = (call->called - call->since) / 1000,
	};
	snprintf(status->node, sizeof status->node, "%s", house->config->node);
	snprintf(status->number, sizeof status->number, "%s", b->identifier);
	snprintf(status->officer, sizeof status->officer, "%s", callee->officer->id);
	snprintf(status->unit, sizeof status->unit, "%s", callee->officer->unit);
}

static void tell(struct house *house, const struct bulletin *b, const struct turn_call *call,
        const struct config_target *target, const struct callee *callee)
{
	const char *phone = target->traits->recipients ? callee->phone : NULL;
	struct status status;
	char *text = NULL;
	char *signature = NULL;
	struct err err;

	/* A gateway needs a number; a robot's group has none. */
	if (target->traits->recipients && !phone)
		return;
	fill(&status, house, b, call, callee);
	if (phone)
		status_audience(&phone, 1, status.audience);
	if (signer_status(house->config->signer_socket, &status, &text, &signature, &err))
		outbox_notice(house->outbox, target->name, call, text, signature, phone);
	else
		log_event(LOG_ERROR, "notice-not-signed", "bulletin", b->id, "officer",
		        callee->officer->id, "reason", err.en, NULL);
	free(text);
	free(signature);
}

void callees_tell(struct house *house, const struct bulletin *b, const struct turn_call *call,
        const struct callees *callees)
{
	for (size_t t = 0; t < house->config->target_count; t++)
		for (size_t i = 0; house->config->targets[t].notices && i < callees->count; i++)
			tell(house, b, call, &house->config->targets[t], &callees->items[i]);
}
