/* SPDX-License-Identifier: Apache-2.0
 * stream - frames over a blocking Unix socket, for the programs that may wait: signer and its
 * callers, tocsin-channel, tocsin-source. tocsind's loop has its own way (agent.c).
 */
#ifndef TOCSIN_STREAM_H
#define TOCSIN_STREAM_H

#include <stdint.h>

#include "buf.h"
#include "err.h"

int stream_listen(
        const char *path, unsigned mode, struct err *err); /* fd; replaces a stale socket file */
int stream_connect(const char *path, struct err *err);     /* fd */

/* Both give up at `deadline` (when_boot() ms; 0 = never). */
bool stream_send(int fd, const struct buf *frames, int64_t deadline, struct err *err);

enum stream_result {
	STREAM_FRAME,   /* one whole frame stands in *in, from its start */
	STREAM_TIMEOUT, /* nothing (whole) yet; call again */
	STREAM_CLOSED,  /* the other side is gone */
	STREAM_BROKEN,  /* not our protocol, or an error: *err says */
};

/* Reads until one whole frame is in `in` (or more: the rest stays behind it). The caller hands the
 * first frame_length() bytes to frame_open and then drops them with buf_drop. */
enum stream_result stream_receive(int fd, struct buf *in, int64_t deadline, struct err *err);

#endif
