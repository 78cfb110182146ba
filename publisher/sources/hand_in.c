/* SPDX-License-Identifier: Apache-2.0
 * hand_in - see hand_in.h. Frames: protocol.h.
 */
#include "hand_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frame.h"
#include "option.h"
#include "protocol.h"
#include "stream.h"
#include "when.h"

enum { ANSWER_MS = 30000, SEND_MS = 10000 };

struct hand_in {
	int fd;
	struct buf in;
	char *type;
	struct texts names, values;
	int64_t number;
};

/* The next frame, opened; its bytes stay in line->in until drop(). */
static bool receive(struct hand_in *line, int64_t deadline, struct frame *frame, struct err *err)
{
	enum stream_result result = stream_receive(line->fd, &line->in, deadline, err);

	if (result == STREAM_FRAME)
		return frame_open(frame, line->in.data, frame_length(line->in.data, line->in.len));
	if (result != STREAM_BROKEN)
		err_set(err, ERR_UNAVAILABLE, "tocsind 没有回答", "tocsind does not answer");
	return false;
}

static void drop(struct hand_in *line)
{
	buf_drop(&line->in, frame_length(line->in.data, line->in.len));
}

static bool send_frame(struct hand_in *line, struct buf *out, struct err *err)
{
	bool ok = stream_send(line->fd, out, when_boot() + SEND_MS, err);

	buf_finish(out);
	return ok;
}

static bool say_hello(struct hand_in *line, const char *name, struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_HELLO);
	frame_put_int(&out, TAG_VERSION, PROTOCOL_VERSION);
	frame_put_int(&out, TAG_ROLE, AGENT_SOURCE);
	frame_put_text(&out, TAG_NAME, name);
	frame_put_text(&out, TAG_LANE, "all");
	frame_put_text(&out, TAG_DIGEST, "");
	frame_end(&out, mark);
	return send_frame(line, &out, err);
}

static bool refusal(struct frame *frame, struct err *err)
{
	int64_t kind = frame_get_int(frame, TAG_KIND);
	char *zh = frame_get_text(frame, TAG_ZH);
	char *en = frame_get_text(frame, TAG_EN);

	if (frame_close(frame, err) && err) {
		err->kind = kind > ERR_NONE && kind <= ERR_INTERNAL ? (enum err_kind)kind
		                                                    : ERR_INTERNAL;
		snprintf(err->zh, sizeof err->zh, "%s", zh);
		snprintf(err->en, sizeof err->en, "%s", en);
	}
	free(zh);
	free(en);
	return false;
}

static bool welcome(struct hand_in *line, struct frame *frame, struct err *err)
{
	line->type = frame_get_text(frame, TAG_TYPE);
	free(frame_get_text(frame, TAG_MODE));
	free(frame_get_text(frame, TAG_NODE));
	while (frame_more(frame, TAG_OPTION)) {
		char *name = frame_get_text(frame, TAG_OPTION);
		char *value = frame_get_text(frame, TAG_VALUE);
		texts_add(&line->names, name);
		texts_add(&line->values, value);
		free(name);
		free(value);
	}
	return frame_close(frame, err);
}

static bool be_welcomed(struct hand_in *line, const char *name, struct err *err)
{
	struct frame frame;

	if (!say_hello(line, name, err) || !receive(line, when_boot() + ANSWER_MS, &frame, err))
		return false;
	bool ok = frame.type == FRAME_WELCOME   ? welcome(line, &frame, err)
	          : frame.type == FRAME_REFUSED ? refusal(&frame, err)
	                                        : err_set(err, ERR_INTERNAL, "tocsind 答非所问",
	                                                  "tocsind said something else");
	drop(line);
	return ok;
}

struct hand_in *hand_in_open(const char *socket_path, const char *name, struct err *err)
{
	int fd = stream_connect(socket_path, err);

	if (fd < 0)
		return NULL;
	struct hand_in *line = mem_zero(sizeof *line);
	line->fd = fd;
	buf_init(&line->in, 2 * FRAME_MAX);
	if (!be_welcomed(line, name, err))
		hand_in_close(&line);
	return line;
}

void hand_in_close(struct hand_in **line)
{
	if (!*line)
		return;
	close((*line)->fd);
	buf_finish(&(*line)->in);
	free((*line)->type);
	texts_finish(&(*line)->names);
	texts_finish(&(*line)->values);
	free(*line);
	*line = NULL;
}

const char *hand_in_type(const struct hand_in *line)
{
	return line->type;
}

bool hand_in_options(
        const struct hand_in *line, const struct option *rows, void *instance, struct err *err)
{
	unsigned long long given = 0;

	for (size_t i = 0; i < line->names.count; i++) {
		const struct option *row = option_find(rows, line->names.items[i]);
		if (!row)
			return err_set(err, ERR_CONFIG, "来源没有名为 %s 的选项",
			        "a source has no option %s", line->names.items[i]);
		if (!option_set(instance, row, line->values.items[i], err))
			return false;
		given |= 1ull << (row - rows);
	}
	return option_defaults(instance, rows, given, err);
}

/* What failed over there for want of memory, disk or a part says nothing of the bytes. */
static enum handed handed_by(enum err_kind kind)
{
	return kind == ERR_NONE                              ? HANDED_TAKEN
	       : kind == ERR_BUSY || kind == ERR_UNAVAILABLE ? HANDED_LATER
	                                                     : HANDED_REFUSED;
}

enum handed hand_in_bytes(
        struct hand_in *line, const char *name, const void *bytes, size_t len, struct err *err)
{
	struct frame frame;
	struct buf out;

	buf_init(&out, 2 * FRAME_MAX);
	size_t mark = frame_begin(&out, FRAME_INTAKE);
	frame_put_int(&out, TAG_JOB, ++line->number);
	frame_put_text(&out, TAG_NAME, name);
	frame_put(&out, TAG_BYTES, bytes, len);
	if (!frame_end(&out, mark)) {
		buf_finish(&out);
		err_set(err, ERR_TOO_BIG, "文件 %zu 字节，超过一帧的上限",
		        "%zu bytes do not fit into one frame", len);
		return HANDED_REFUSED;
	}
	if (!send_frame(line, &out, err))
		return HANDED_LOST;
	for (;;) {
		if (!receive(line, when_boot() + ANSWER_MS, &frame, err))
			return HANDED_LOST;
		bool ours =
		        frame.type == FRAME_TAKEN && frame_get_int(&frame, TAG_JOB) == line->number;
		struct frame rest = frame;
		bool taken = ours && frame_get_int(&frame, TAG_KIND) == ERR_NONE;
		if (ours && !taken)
			refusal(&rest, err);
		drop(line);
		if (ours)
			return handed_by(taken ? ERR_NONE : err->kind);
	}
}

bool hand_in_wait(struct hand_in *line, int ms)
{
	struct err err;
	enum stream_result result = stream_receive(line->fd, &line->in, when_boot() + ms, &err);

	if (result == STREAM_TIMEOUT)
		return true;
	/* The only thing tocsind says unasked is "stop". */
	return false;
}
