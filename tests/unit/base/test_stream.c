/* SPDX-License-Identifier: Apache-2.0
 * What stream.h promises: whole frames whatever the pieces, and an end to every wait.
 */
#include "base_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frame.h"
#include "mem.h"
#include "stream.h"
#include "when.h"

struct pair {
	int near, far;
};

static struct pair make_pair(void)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	return (struct pair){fds[0], fds[1]};
}

static void put_frame(struct buf *out, size_t size)
{
	char *block = mem_zero(size);
	size_t mark = frame_begin(out, 1);

	for (size_t i = 0; i < size; i++)
		block[i] = (char)(i * 31);
	frame_put(out, 1, block, size);
	assert_true(frame_end(out, mark));
	free(block);
}

static void slowly(void **state)
{
	struct pair pair = make_pair();
	struct buf out;
	struct buf in;
	struct err err;

	(void)state;
	buf_init(&out, 0);
	buf_init(&in, 0);
	put_frame(&out, 20);
	for (size_t i = 0; i < out.len; i++) {
		assert_int_equal(
		        stream_receive(pair.near, &in, when_boot() + 1, &err), STREAM_TIMEOUT);
		assert_int_equal(write(pair.far, out.data + i, 1), 1);
	}
	assert_int_equal(stream_receive(pair.near, &in, when_boot() + 5000, &err), STREAM_FRAME);
	assert_int_equal(in.len, out.len);
	assert_memory_equal(in.data, out.data, out.len);
	close(pair.near);
	close(pair.far);
	buf_finish(&out);
	buf_finish(&in);
}

static void several_at_once(void **state)
{
	struct pair pair = make_pair();
	struct buf out;
	struct buf in;
	struct err err;

	(void)state;
	buf_init(&out, 0);
	buf_init(&in, 0);
	for (size_t i = 0; i < 50; i++)
		put_frame(&out, i * 13);
	assert_true(stream_send(pair.far, &out, when_boot() + 5000, &err));
	close(pair.far);
	for (size_t i = 0; i < 50; i++) {
		assert_int_equal(
		        stream_receive(pair.near, &in, when_boot() + 5000, &err), STREAM_FRAME);
		assert_int_equal(frame_length(in.data, in.len), 12 + i * 13);
		buf_drop(&in, frame_length(in.data, in.len));
	}
	assert_int_equal(stream_receive(pair.near, &in, when_boot() + 5000, &err), STREAM_CLOSED);
	close(pair.near);
	buf_finish(&out);
	buf_finish(&in);
}

static void *send_all(void *arg)
{
	struct pair *pair = arg;
	struct buf out;
	struct err err;

	buf_init(&out, 0);
	put_frame(&out, FRAME_MAX - 12);
	bool sent = stream_send(pair->far, &out, when_boot() + 20000, &err);
	buf_finish(&out);
	return sent ? pair : NULL;
}

/* The largest frame through a socket that holds a fraction of it. */
static void larger_than_the_socket(void **state)
{
	struct pair pair = make_pair();
	int small = 4096;
	struct buf in;
	struct err err;
	pthread_t writer;
	void *sent = NULL;

	(void)state;
	setsockopt(pair.far, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
	buf_init(&in, 0);
	assert_int_equal(pthread_create(&writer, NULL, send_all, &pair), 0);
	assert_int_equal(stream_receive(pair.near, &in, when_boot() + 20000, &err), STREAM_FRAME);
	pthread_join(writer, &sent);
	assert_non_null(sent);
	assert_int_equal(in.len, FRAME_MAX);
	for (size_t i = 0; i < FRAME_MAX - 12; i++)
		if (in.data[12 + i] != (char)(i * 31))
			fail_msg("byte %zu is wrong", i);
	close(pair.near);
	close(pair.far);
	buf_finish(&in);
}

static void a_reader_that_does_not_read(void **state)
{
	struct pair pair = make_pair();
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, 0);
	put_frame(&out, FRAME_MAX - 12);
	int64_t from = when_boot();
	assert_false(stream_send(pair.far, &out, from + 50, &err));
	assert_int_equal(err.kind, ERR_BUSY);
	assert_true(when_boot() >= from + 50);
	close(pair.near);
	/* And one that is gone: no signal, a sentence. */
	assert_false(stream_send(pair.far, &out, when_boot() + 5000, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	close(pair.far);
	buf_finish(&out);
}

static void closed_in_the_middle(void **state)
{
	struct pair pair = make_pair();
	struct buf out;
	struct buf in;
	struct err err;

	(void)state;
	buf_init(&out, 0);
	buf_init(&in, 0);
	put_frame(&out, 100);
	assert_int_equal(write(pair.far, out.data, 50), 50);
	close(pair.far);
	assert_int_equal(stream_receive(pair.near, &in, when_boot() + 5000, &err), STREAM_CLOSED);
	close(pair.near);
	buf_finish(&out);
	buf_finish(&in);
}

static void an_impossible_length(void **state)
{
	static const char *const heads[] = {
	        "HTTP/1.1", "\xff\xff\xff\xff", "\0\0\0\1", "\x7f\0\0\0"};

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		struct pair pair = make_pair();
		struct buf in;
		struct err err;
		buf_init(&in, 0);
		assert_int_equal(write(pair.far, heads[i], 4), 4);
		assert_int_equal(
		        stream_receive(pair.near, &in, when_boot() + 5000, &err), STREAM_BROKEN);
		assert_int_equal(err.kind, ERR_INPUT);
		buf_finish(&in);
		close(pair.near);
		close(pair.far);
	}
}

static void more_than_there_is_room_for(void **state)
{
	struct pair pair = make_pair();
	struct buf out;
	struct buf in;
	struct err err;

	(void)state;
	buf_init(&out, 0);
	buf_init(&in, 64);
	put_frame(&out, 100);
	assert_true(stream_send(pair.far, &out, when_boot() + 5000, &err));
	assert_int_equal(stream_receive(pair.near, &in, when_boot() + 5000, &err), STREAM_BROKEN);
	buf_finish(&out);
	buf_finish(&in);
	close(pair.near);
	close(pair.far);
}

static void listens_with_its_mode_and_replaces_a_stale_file(void **state)
{
	char *path = path_in(*state, "s.sock");
	struct err err;
	struct stat st;

	for (int round = 0; round < 2; round++) {
		int fd = stream_listen(path, 0660, &err);
		assert_true(fd >= 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0660);
		assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
		int client = stream_connect(path, &err);
		assert_true(client >= 0);
		close(client);
		close(fd);
	}
	assert_int_equal(stream_connect(path, &err), -1);
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(err.en, path));
	unlink(path);
	assert_int_equal(stream_connect(path, &err), -1);
	free(path);
}

static void a_path_too_long_is_refused(void **state)
{
	char path[200];
	struct err err;

	(void)state;
	memset(path, 'x', sizeof path);
	path[0] = '/';
	path[sizeof path - 1] = '\0';
	assert_int_equal(stream_listen(path, 0600, &err), -1);
	assert_int_equal(stream_connect(path, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(slowly),
	        cmocka_unit_test(several_at_once),
	        cmocka_unit_test(larger_than_the_socket),
	        cmocka_unit_test(a_reader_that_does_not_read),
	        cmocka_unit_test(closed_in_the_middle),
	        cmocka_unit_test(an_impossible_length),
	        cmocka_unit_test(more_than_there_is_room_for),
	        cmocka_unit_test_setup_teardown(listens_with_its_mode_and_replaces_a_stale_file,
	                make_folder, remove_folder),
	        cmocka_unit_test(a_path_too_long_is_refused),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
