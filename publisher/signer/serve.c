/* SPDX-License-Identifier: Apache-2.0
 * serve - see serve.h. A peer that stalls is cut off after five seconds and never blocks another:
 * nothing here waits for one connection alone.
 */
#include "serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "log.h"
#include "when.h"

enum { MOST_PEERS = 16, PATIENCE_MS = 5000 };

struct peer {
	int fd;
	struct buf in, out;
	int64_t deadline; /* for the next whole question, or for taking the answer */
};

struct peers {
	struct peer items[MOST_PEERS];
	size_t count;
};

static void take_in(struct peers *peers, int listen_fd)
{
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	struct peer *peer = &peers->items[peers->count++];
	*peer = (struct peer){.fd = fd, .deadline = when_boot() + PATIENCE_MS};
	buf_init(&peer->in, 2 * (size_t)FRAME_MAX);
	buf_init(&peer->out, 2 * (size_t)FRAME_MAX);
}

static void let_go(struct peers *peers, size_t at)
{
	struct peer *peer = &peers->items[at];

	close(peer->fd);
	buf_finish(&peer->in);
	buf_finish(&peer->out);
	peers->items[at] = peers->items[--peers->count];
}

/* Each returns false when the peer is done with. */
static bool receive(struct peer *peer)
{
	char chunk[65536];
	ssize_t got = recv(peer->fd, chunk, sizeof chunk, 0);

	if (got > 0)
		buf_add(&peer->in, chunk, (size_t)got);
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool answer_whole(struct signer *signer, struct peer *peer)
{
	size_t whole = frame_length(peer->in.data ? peer->in.data : "", peer->in.len);

	if (whole == SIZE_MAX || peer->in.full)
		return false;
	if (!whole || peer->in.len < whole || peer->out.len)
		return true;
	signer->believed = steady_now(&signer->clock, when_boot());
	signer_answer(signer, peer->in.data, whole, when_now(), &peer->out);
	buf_drop(&peer->in, whole);
	peer->deadline = when_boot() + PATIENCE_MS;
	return true;
}

static bool send_some(struct peer *peer)
{
	if (!peer->out.len)
		return true;
	ssize_t sent = send(peer->fd, peer->out.data, peer->out.len, MSG_NOSIGNAL);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_drop(&peer->out, (size_t)sent);
	return true;
}

static bool attend(struct signer *signer, struct peer *peer, short events)
{
	if (events & (POLLIN | POLLHUP | POLLERR) && !receive(peer))
		return false;
	return answer_whole(signer, peer) && send_some(peer) && when_boot() < peer->deadline;
}

static int until_next_deadline(const struct peers *peers)
{
	int64_t now = when_boot();
	int64_t least = peers->count ? PATIENCE_MS : -1;

	for (size_t i = 0; i < peers->count; i++) {
		int64_t left = peers->items[i].deadline - now;
		if (left < least)
			least = left < 0 ? 0 : left;
	}
	return (int)least;
}

/* As tocsind does: a jump forward that is not believed ends no warning, so that it can be cancelled
 * (steady.h). */
static void watch_clock(struct signer *signer)
{
	int64_t step;

	switch (steady_look(&signer->clock, when_now(), when_boot(), &step)) {
	case STEADY_SAME:
	case STEADY_STEPPED:
		break;
	case STEADY_DOUBTFUL:
		log_event(LOG_ERROR, "clock-doubtful", NULL);
		break;
	case STEADY_TRUSTED:
		log_event(LOG_INFO, "clock-trusted", NULL);
		break;
	}
}

void serve(struct signer *signer, int listen_fd, int stop_fd)
{
	struct peers peers = {0};
	struct pollfd fds[MOST_PEERS + 2];

	for (;;) {
		size_t count = peers.count;
		fds[0] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
		/* A full house lets the others wait in the kernel's queue: no longer than
		 * somebody's deadline. */
		fds[1] = (struct pollfd){
		        .fd = count < MOST_PEERS ? listen_fd : -1, .events = POLLIN};
		for (size_t i = 0; i < count; i++)
			fds[i + 2] = (struct pollfd){.fd = peers.items[i].fd,
			        .events = peers.items[i].out.len ? POLLOUT : POLLIN};
		watch_clock(signer);
		if (poll(fds, count + 2, until_next_deadline(&peers)) < 0)
			continue;
		watch_clock(signer);
		if (fds[0].revents)
			break;
		for (size_t i = count; i > 0; i--)
			if (!attend(signer, &peers.items[i - 1], fds[i + 1].revents))
				let_go(&peers, i - 1);
		if (fds[1].revents & POLLIN)
			take_in(&peers, listen_fd);
	}
	while (peers.count)
		let_go(&peers, peers.count - 1);
}
