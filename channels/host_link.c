/* SPDX-License-Identifier: Apache-2.0
 * host_link - the connection to tocsind: hello and welcome, frames in, frames out.
 *
 * Any trouble closes it. What was not begun is dropped (tocsind hands it out again), what is in
 * flight goes on, receipts stay, and the loop connects again, for ever. Sending waits a second at
 * most: a tocsind that does not read is as good as gone.
 */
#include "host.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "protocol.h"
#include "stream.h"
#include "when.h"

enum { WAIT_FIRST = 100, WAIT_MOST = 2000, SEND_MOST = 1000 }; /* ms */

void host_trouble(struct host *host, enum log_weight weight, const char *event, const char *why)
{
	if (strcmp(host->trouble, why) == 0)
		return;
	snprintf(host->trouble, sizeof host->trouble, "%s", why);
	log_event(weight, event, "far", host->name, "lane", host->lane, "reason", why, NULL);
}

long host_back_off(long *wait, long most)
{
	unsigned char dice;

	if (!*wait)
		*wait = WAIT_FIRST;
	random_bytes(&dice, sizeof dice);
	long now = *wait * (80 + dice * 40 / 255) / 100;
	*wait = *wait * 2 < most ? *wait * 2 : most;
	return now;
}

static void try_later(struct host *host)
{
	host->next_connect = when_boot() + host_back_off(&host->connect_wait, WAIT_MOST);
}

void host_link_close(struct host *host, const char *why)
{
	if (host->fd < 0)
		return;
	close(host->fd);
	host->fd = -1;
	if (why)
		host_trouble(host, LOG_WARN, "link-lost", why);
	host->welcome = false;
	host->finishing = false;
	buf_reset(&host->in);
	host_jobs_drop(host, true);
	host_set_drop(host);
	host_bulletins_drop(host);
	try_later(host);
}

bool host_link_send(struct host *host, const struct buf *frames)
{
	struct err err = {0};

	if (host->fd < 0)
		return false;
	if (stream_send(host->fd, frames, when_boot() + SEND_MOST, &err))
		return true;
	host_link_close(host, err.en);
	return false;
}

static void say_hello(struct host *host)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_HELLO);
	frame_put_int(&out, TAG_VERSION, PROTOCOL_VERSION);
	frame_put_int(&out, TAG_ROLE, AGENT_CHANNEL);
	frame_put_text(&out, TAG_NAME, host->name);
	frame_put_text(&out, TAG_LANE, host->lane);
	frame_put_text(&out, TAG_DIGEST, host->open ? host->held : "");
	for (const struct host_job *job = host->jobs; job; job = job->next)
		if (job->taken && !job->ended && job->number > 0)
			frame_put_int(&out, TAG_JOB, job->number);
	frame_end(&out, mark);
	host_link_send(host, &out);
	buf_finish(&out);
}

void host_link_connect(struct host *host)
{
	struct err err = {0};

	if (host->fd >= 0 || when_boot() < host->next_connect)
		return;
	host->fd = stream_connect(host->socket, &err);
	if (host->fd >= 0) {
		host->quiet = when_boot();
		say_hello(host);
		return;
	}
	host_trouble(host, LOG_WARN, "link-waits", err.en);
	try_later(host);
}

/* After the welcome, before anything new: what tocsind does not have yet. */
static bool on_welcome(struct host *host, struct frame *frame, struct err *err)
{
	struct buf out;

	if (host->welcome)
		return err_set(err, ERR_INPUT, "重复的欢迎消息", "a second welcome");
	if (!host_setup(host, frame, err)) {
		host_trouble(host, LOG_ERROR, "settings", err->en);
		return false;
	}
	host->welcome = true;
	host->connect_wait = 0;
	*host->trouble = '\0';
	log_event(LOG_INFO, "welcome", "far", host->name, "lane", host->lane, "type",
	        host->channel->type->name, NULL);
	host_kept_send(host);
	host_far_say(host);
	if (host->welcome && host->reports.len)
		host_link_send(host, &host->reports);
	buf_reset(&host->reports);
	buf_init(&out, 0);
	host_put_ready(host, &out);
	if (host->welcome && out.len)
		host_link_send(host, &out);
	buf_finish(&out);
	return true;
}

static bool on_refused(struct frame *frame, struct err *err)
{
	frame_get_int(frame, TAG_KIND);
	char *zh = frame_get_text(frame, TAG_ZH);
	char *en = frame_get_text(frame, TAG_EN);

	if (frame_close(frame, err))
		err_set(err, ERR_DENIED, "tocsind 拒绝了本进程：%s", "tocsind refused us: %s", en);
	free(zh);
	free(en);
	return false;
}

static bool on_ack(struct host *host, struct frame *frame, struct err *err)
{
	int64_t job = frame_get_int(frame, TAG_JOB);

	if (!frame_close(frame, err))
		return false;
	host_kept_ack(host, job);
	return true;
}

static bool on_counted(struct host *host, struct frame *frame, struct err *err)
{
	int64_t job = frame_get_int(frame, TAG_JOB);
	int64_t count = frame_get_int(frame, TAG_COUNT);

	if (!frame_close(frame, err))
		return false;
	host_counted(host, job, count);
	return true;
}

static bool on_halt(struct host *host, struct frame *frame, struct err *err)
{
	int64_t job = frame_get_int(frame, TAG_JOB);

	if (!frame_close(frame, err))
		return false;
	host_halt(host, job);
	return true;
}

static bool on_stop(struct host *host, struct frame *frame, struct err *err)
{
	host->finishing = true;
	host_jobs_drop(host, true);
	return frame_close(frame, err);
}

static bool on_frame(struct host *host, struct frame *frame, struct err *err)
{
	if (frame->type == FRAME_WELCOME)
		return on_welcome(host, frame, err);
	if (frame->type == FRAME_REFUSED)
		return on_refused(frame, err);
	if (!host->welcome)
		return err_set(err, ERR_INPUT, "欢迎之前收到了消息 %u",
		        "frame %u before the welcome", (unsigned)frame->type);
	switch (frame->type) {
	case FRAME_BULLETIN:
		return host_bulletin_take(host, frame, err);
	case FRAME_AUDIENCE:
		return host_audience_take(host, frame, err);
	case FRAME_FORGET:
		return host_bulletin_forget(host, frame, err);
	case FRAME_JOB:
		return host_job_take(host, frame, err);
	case FRAME_ACK:
		return on_ack(host, frame, err);
	case FRAME_STOP:
		return on_stop(host, frame, err);
	case FRAME_COUNTED:
		return on_counted(host, frame, err);
	case FRAME_HALT:
		return on_halt(host, frame, err);
	default:
		return err_set(err, ERR_INPUT, "未知的内部消息 %u", "unknown frame %u",
		        (unsigned)frame->type);
	}
}

/* One frame from the start of `in`. */
static void take_frame(struct host *host)
{
	struct err err = {0};
	struct frame frame;
	size_t whole = frame_length(host->in.data, host->in.len);

	frame_open(&frame, host->in.data, whole);
	if (!on_frame(host, &frame, &err))
		host_link_close(host, err.en);
	else if (host->fd >= 0)
		buf_drop(&host->in, whole);
}

/* The next frame without waiting; if there is none, then waiting until `until`. `quiet` is kept
 * along: while a channel blocks, frames wait unread, and a job's time runs from when it may have
 * come, not from when we look. */
static enum stream_result next_frame(struct host *host, int64_t until, struct err *err)
{
	int64_t now = when_boot();

	if (host->watched)
		host->quiet = now;
	host->watched = false;
	enum stream_result result = stream_receive(host->fd, &host->in, now, err);

	if (result != STREAM_TIMEOUT)
		return result;
	if (until > now)
		result = stream_receive(host->fd, &host->in, until, err);
	host->quiet = when_boot();
	return result;
}

void host_link_read(struct host *host, int64_t until)
{
	struct err err = {0};

	while (host->fd >= 0) {
		switch (next_frame(host, until, &err)) {
		case STREAM_FRAME:
			take_frame(host);
			until = 0; /* the rest of what is there, without waiting */
			break;
		case STREAM_TIMEOUT:
			return;
		case STREAM_CLOSED:
			host_link_close(host, "tocsind closed the connection");
			return;
		case STREAM_BROKEN:
			host_link_close(host, err.en);
			return;
		}
	}
}
