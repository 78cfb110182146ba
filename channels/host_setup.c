/* SPDX-License-Identifier: Apache-2.0
 * host_setup - the channel as tocsind's settings want it: made from the welcome, opened, opened
 * again when the far side was not there. A welcome with other settings than before takes the
 * channel apart first.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "protocol.h"
#include "when.h"

enum { OPEN_MOST = 5000, GUARD_OPEN = 60000, GUARD_SHORT = 10000 }; /* ms */

struct wish {
	char *type, *mode, *node;
	struct channel_setting *settings;
	size_t count;
};

static void wish_finish(struct wish *wish)
{
	for (size_t i = 0; i < wish->count; i++) {
		free(wish->settings[i].name);
		free(wish->settings[i].value);
	}
	free(wish->settings);
	free(wish->type);
	free(wish->mode);
	free(wish->node);
}

static bool wish_read(struct wish *wish, struct frame *frame, struct err *err)
{
	wish->type = frame_get_text(frame, TAG_TYPE);
	wish->mode = frame_get_text(frame, TAG_MODE);
	wish->node = frame_get_text(frame, TAG_NODE);
	while (frame_more(frame, TAG_OPTION)) {
		struct channel_setting *setting =
		        mem_push(&wish->settings, &wish->count, sizeof *setting);
		setting->name = frame_get_text(frame, TAG_OPTION);
		setting->value = frame_get_text(frame, TAG_VALUE);
	}
	return frame_close(frame, err);
}

static void channel_drop(struct host *host)
{
	host_guard(GUARD_SHORT);
	channel_destroy(&host->channel);
	host_guard(0);
	host->open = false;
	*host->held = '\0';
	free(host->settings);
	host->settings = NULL;
}

void host_setup_finish(struct host *host)
{
	channel_drop(host);
	free(host->node);
	host->node = NULL;
}

static bool channel_make(struct host *host, const struct wish *wish, struct err *err)
{
	const struct channel_type *type = channel_type_find(wish->type);
	enum mode mode;

	if (!mode_read(wish->mode, &mode) || mode != host->mode)
		return err_set(err, ERR_CONFIG, "tocsind 是 %s 模式，本进程以 %s 模式启动",
		        "tocsind is in mode %s, this process was started for mode %s", wish->mode,
		        mode_text(host->mode));
	if (!type)
		return err_set(err, ERR_CONFIG, "没有 %s 这种通道类型",
		        "there is no channel type %s", wish->type);
	if (!channel_secrets_fit(type, wish->settings, wish->count, mode, err))
		return false;
	host->channel = channel_create(type, wish->settings, wish->count, err);
	if (!host->channel)
		return false;
	free(host->node);
	host->node = mem_text(wish->node);
	host->channel->name = host->name;
	host->channel->lane = host->lane;
	host->channel->mode = host->mode;
	host->channel->node = host->node;
	host->channel->host = host;
	host->next_open = 0;
	host->open_wait = 0;
	return true;
}

bool host_setup(struct host *host, struct frame *welcome, struct err *err)
{
	char digest[DIGEST_HEX];
	struct wish wish = {0};

	digest_sha256(welcome->at, (size_t)(welcome->end - welcome->at), digest);
	bool good = wish_read(&wish, welcome, err);
	bool same = host->channel && host->settings && strcmp(host->settings, digest) == 0;
	if (good && !same && host->delivering)
		good = err_set(err, ERR_CONFLICT, "设置已变，待手头任务完成后再连接",
		        "the settings have changed: again when what is in hand is done");
	if (good && !same) {
		channel_drop(host);
		good = channel_make(host, &wish, err);
		if (good)
			host->settings = mem_text(digest);
	}
	wish_finish(&wish);
	return good;
}

void host_say_held(struct host *host)
{
	char digest[DIGEST_HEX] = "";
	struct buf out;

	if (!host->open || !host->channel->type->held || host->jobs)
		return;
	host_guard(GUARD_SHORT);
	host->channel->type->held(host->channel, digest);
	host_guard(0);
	if (strcmp(digest, host->held) == 0)
		return;
	snprintf(host->held, sizeof host->held, "%s", digest);
	if (!host->welcome)
		return; /* the next hello says it */
	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_HOLDS);
	frame_put_text(&out, TAG_DIGEST, digest);
	frame_end(&out, mark);
	host_link_send(host, &out);
	buf_finish(&out);
}

void host_setup_open(struct host *host)
{
	struct err err = {0};
	struct buf out;

	if (!host->channel || host->open || when_boot() < host->next_open)
		return;
	host_guard(GUARD_OPEN);
	host->open = host->channel->type->open(host->channel, &err);
	host_guard(0);
	if (!host->open) {
		host_trouble(host, LOG_WARN, "far-side-waits", err.en);
		host->next_open = when_boot() + host_back_off(&host->open_wait, OPEN_MOST);
		return;
	}
	*host->trouble = '\0';
	host->open_wait = 0;
	log_event(LOG_INFO, "open", "far", host->name, "lane", host->lane, "type",
	        host->channel->type->name, NULL);
	host_say_held(host);
	buf_init(&out, 0);
	host_put_ready(host, &out);
	if (host->welcome && out.len)
		host_link_send(host, &out);
	buf_finish(&out);
}
