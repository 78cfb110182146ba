/* SPDX-License-Identifier: Apache-2.0
 * host_far - is the far side there? Found by the channel's own `tend`, or, for a type that has
 * none, by `look` at what was accepted last: calls that nobody outside sees. tocsind hears of
 * changes, and of the state after each welcome; what it makes of it stands in dispatch_lane.c.
 */
#include "host.h"

#include <stdio.h>
#include <string.h>

#include "protocol.h"
#include "utf8.h"
#include "when.h"

/* A look costs one of the far side's calls: not after a single failure, and not often. */
enum { LOOK_AFTER = 3, LOOK_EVERY = 30000, GUARD_LOOK = 30000 };

void host_far_say(struct host *host)
{
	struct buf out;

	if (!host->welcome || host->far == HOST_FAR_UNKNOWN)
		return;
	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_FAR);
	frame_put_int(&out, TAG_COUNT, host->far == HOST_FAR_WELL);
	frame_put_text(&out, TAG_REASON, host->far_why);
	frame_end(&out, mark);
	host_link_send(host, &out);
	buf_finish(&out);
}

void work_far(struct channel_work *work, bool well, const char *why)
{
	struct host *host = work->host;
	enum host_far far = well ? HOST_FAR_WELL : HOST_FAR_ILL;

	if (host->far == far)
		return;
	host->far = far;
	if (well || !utf8_valid(why, strlen(why), NULL))
		why = "";
	snprintf(host->far_why, sizeof host->far_why, "%.*s",
	        (int)utf8_cut(why, sizeof host->far_why - 1), why);
	log_event(well ? LOG_INFO : LOG_WARN, well ? "far-side-well" : "far-side-ill", "far",
	        host->name, "lane", host->lane, "reason", *host->far_why ? host->far_why : NULL,
	        NULL);
	host_far_say(host);
}

void host_far_note(struct host *host, const struct channel_receipt *receipt)
{
	struct channel_work work = {host};
	bool answered =
	        receipt->verdict == CHANNEL_DELIVERED || receipt->verdict == CHANNEL_REJECTED;

	if (!answered) {
		host->far_failures++;
		return;
	}
	host->far_failures = 0;
	if (receipt->verdict == CHANNEL_DELIVERED && *receipt->far_id)
		snprintf(host->far_id, sizeof host->far_id, "%s", receipt->far_id);
	if (!host->channel->type->tend && host->far == HOST_FAR_ILL)
		work_far(&work, true, "");
}

void host_far_look(struct host *host)
{
	const struct channel_type *type = host->channel->type;
	struct channel_work work = {host};
	struct err err = {0};
	struct buf shown;

	if (type->tend || !type->look || !*host->far_id || host->far_failures < LOOK_AFTER ||
	        when_boot() < host->next_look)
		return;
	buf_init(&shown, FRAME_MAX);
	host_guard(GUARD_LOOK);
	bool well = type->look(host->channel, host->far_id, &shown, &err);
	host_guard(0);
	buf_finish(&shown);
	host->next_look = when_boot() + LOOK_EVERY;
	if (well)
		host->far_failures = 0;
	work_far(&work, well, err.en);
}
