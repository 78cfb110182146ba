/* SPDX-License-Identifier: Apache-2.0
 * stream - see stream.h. Relies on frame.h for lengths; waits with poll, never longer than told.
 */
#include "stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "frame.h"
#include "when.h"

static bool address(const char *path, struct sockaddr_un *addr, struct err *err)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof addr->sun_path)
		return err_set(
		        err, ERR_CONFIG, "套接字路径过长：%s", "socket path is too long: %s", path);
	memcpy(addr->sun_path, path, strlen(path) + 1);
	return true;
}

int stream_connect(const char *path, struct err *err)
{
	struct sockaddr_un addr;

	if (!address(path, &addr, err))
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
		return fd;
	err_set(err, ERR_UNAVAILABLE, "无法连接 %s：%s", "cannot connect to %s: %s", path,
	        strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int stream_listen(const char *path, unsigned mode, struct err *err)
{
	struct sockaddr_un addr;

	if (!address(path, &addr, err))
		return -1;
	/* The caller holds the lock of its state folder, so a file here was left by a dead
	 * instance. */
	unlink(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* The mode before the name: at no moment may more programs connect than told. */
	if (fd >= 0 && fchmod(fd, mode) == 0 &&
	        bind(fd, (struct sockaddr *)&addr, sizeof addr) == 0 && chmod(path, mode) == 0 &&
	        listen(fd, 64) == 0)
		return fd;
	err_set(err, ERR_UNAVAILABLE, "无法监听 %s：%s", "cannot listen on %s: %s", path,
	        strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Milliseconds left for poll(); -1 = for ever. */
static int left(int64_t deadline)
{
	if (!deadline)
		return -1;
	int64_t ms = deadline - when_boot();
	return ms <= 0 ? 0 : ms > 60000 ? 60000 : (int)ms;
}

bool stream_send(int fd, const struct buf *frames, int64_t deadline, struct err *err)
{
	size_t done = 0;

	while (done < frames->len) {
		struct pollfd pfd = {.fd = fd, .events = POLLOUT};
		int ready = poll(&pfd, 1, left(deadline));
		if (ready == 0 && deadline && when_boot() >= deadline)
			return err_set(err, ERR_BUSY, "对方迟迟不收内部消息",
			        "the other program does not take the message");
		if (ready <= 0)
			continue;
		ssize_t sent = send(
		        fd, frames->data + done, frames->len - done, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (sent < 0)
			return err_set(err, ERR_UNAVAILABLE, "内部连接已断开：%s",
			        "the connection to the other program broke: %s", strerror(errno));
		done += (size_t)sent;
	}
	return true;
}

enum stream_result stream_receive(int fd, struct buf *in, int64_t deadline, struct err *err)
{
	char chunk[65536];

	for (;;) {
		size_t whole = frame_length(in->data ? in->data : "", in->len);
		if (whole == SIZE_MAX) {
			err_set(err, ERR_INPUT, "内部消息长度不合理",
			        "an internal message has an impossible length");
			return STREAM_BROKEN;
		}
		if (whole && in->len >= whole)
			return STREAM_FRAME;
		if (in->full) {
			err_set(err, ERR_INPUT, "内部消息超出所给缓冲",
			        "an internal message is larger than the room for it");
			return STREAM_BROKEN;
		}
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		int ready = poll(&pfd, 1, left(deadline));
		if (ready < 0 && errno == EINTR)
			return STREAM_TIMEOUT;
		if (ready == 0 && deadline && when_boot() >= deadline)
			return STREAM_TIMEOUT;
		if (ready <= 0)
			continue;
		ssize_t got = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
		if (got > 0)
			buf_add(in, chunk, (size_t)got);
		else if (got == 0)
			return STREAM_CLOSED;
		else if (errno != EAGAIN && errno != EINTR) {
			err_set(err, ERR_UNAVAILABLE, "内部连接出错：%s",
			        "the internal connection failed: %s", strerror(errno));
			return STREAM_CLOSED;
		}
	}
}
