/* SPDX-License-Identifier: Apache-2.0
 * house - see house.h.
 */
#include "house.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "stream.h"
#include "when.h"

enum { PATIENCE = 10000 };

extern char **environ;

void house_start(struct house *house)
{
	struct err err = {0};

	*house = (struct house){.folder = folder_make(), .fd = -1, .key = key_generate()};
	house->socket = mem_format("%s/agent.sock", house->folder);
	house->listener = stream_listen(house->socket, 0600, &err);
	if (house->listener < 0)
		fail_msg("%s", err.en);
	buf_init(&house->in, (size_t)2 * FRAME_MAX);
	buf_init(&house->taken, (size_t)2 * FRAME_MAX);
}

void house_hang_up(struct house *house)
{
	if (house->fd >= 0)
		close(house->fd);
	house->fd = -1;
	buf_reset(&house->in);
}

void house_finish(struct house *house)
{
	if (house->agent > 0) {
		kill(house->agent, SIGKILL);
		house_wait_agent(house);
	}
	house_hang_up(house);
	close(house->listener);
	key_destroy(&house->key);
	buf_finish(&house->in);
	buf_finish(&house->taken);
	free(house->socket);
	folder_remove(&house->folder);
}

int house_setup(void **state)
{
	struct house *house = mem_zero(sizeof *house);

	house_start(house);
	*state = house;
	return 0;
}

int house_teardown(void **state)
{
	house_finish(*state);
	free(*state);
	return 0;
}

/* Tagged for the agent's mode: another it would not load. */
static void write_key(const struct house *house, const char *path, const char *word)
{
	enum mode mode = MODE_LIVE;
	struct err err = {0};

	unlink(path);
	if (!mode_read(word, &mode) || !key_write_public(house->key, path, mode, &err))
		fail_msg("%s", err.en);
}

void house_run_agent(struct house *house, const char *far, const char *lane, const char *mode)
{
	const char *bin = getenv("TOCSIN_BIN");
	char *program = mem_format("%s/tocsin-channel", bin ? bin : "build/dev/bin");
	char *key = mem_format("%s/alert.pem", house->folder);
	const char *argv[] = {program, far, "--lane", lane, "--socket", house->socket,
	        "--alert-key", key, "--mode", mode, NULL};

	write_key(house, key, mode);
	assert_int_equal(
	        posix_spawn(&house->agent, program, NULL, NULL, (char *const *)argv, environ), 0);
	free(program);
	free(key);
}

int house_wait_agent(struct house *house)
{
	int64_t until = when_boot() + PATIENCE;
	int status = 0;

	while (waitpid(house->agent, &status, WNOHANG) == 0) {
		if (when_boot() > until) {
			kill(house->agent, SIGKILL);
			waitpid(house->agent, &status, 0);
			house->agent = 0;
			fail_msg("the agent did not end");
		}
		poll(NULL, 0, 5);
	}
	house->agent = 0;
	return status;
}

void house_accept(struct house *house, char held[DIGEST_HEX])
{
	struct pollfd pfd = {.fd = house->listener, .events = POLLIN};

	house_hang_up(house);
	memset(house->named, 0, sizeof house->named);
	if (poll(&pfd, 1, PATIENCE) != 1)
		fail_msg("the agent did not connect");
	house->fd = accept(house->listener, NULL, NULL);
	struct frame frame = house_expect(house, FRAME_HELLO);
	assert_int_equal(frame_get_int(&frame, TAG_VERSION), PROTOCOL_VERSION);
	assert_int_equal(frame_get_int(&frame, TAG_ROLE), AGENT_CHANNEL);
	char *name = frame_get_text(&frame, TAG_NAME);
	char *lane = frame_get_text(&frame, TAG_LANE);
	char *digest = frame_get_text(&frame, TAG_DIGEST);
	house->in_flight = 0;
	while (frame_more(&frame, TAG_JOB)) {
		frame_get_int(&frame, TAG_JOB);
		house->in_flight++;
	}
	assert_true(frame_close(&frame, NULL));
	if (held)
		memcpy(held, strlen(digest) < DIGEST_HEX ? digest : "", strlen(digest) + 1);
	free(name);
	free(lane);
	free(digest);
}

void house_send(struct house *house, const struct buf *frames)
{
	struct err err = {0};

	if (!stream_send(house->fd, frames, when_boot() + PATIENCE, &err))
		fail_msg("%s", err.en);
}

void house_welcome(struct house *house, const char *type, ...)
{
	struct buf out;
	va_list args;
	const char *name;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_WELCOME);
	frame_put_text(&out, TAG_TYPE, type);
	frame_put_text(&out, TAG_MODE, "live");
	frame_put_text(&out, TAG_NODE, "node");
	va_start(args, type);
	while ((name = va_arg(args, const char *))) {
		frame_put_text(&out, TAG_OPTION, name);
		frame_put_text(&out, TAG_VALUE, va_arg(args, const char *));
	}
	va_end(args);
	frame_end(&out, mark);
	house_send(house, &out);
	buf_finish(&out);
}

void house_send_bulletin(struct house *house, const struct signed_bulletin *b)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_BULLETIN);
	frame_put_text(&out, TAG_ID, b->id);
	frame_put_text(&out, TAG_CAP, b->cap);
	frame_put_text(&out, TAG_MANIFEST, b->manifest);
	frame_put_text(&out, TAG_SIGNATURE, b->signature);
	view_put(&b->shown.view, &out);
	frame_end(&out, mark);
	house_send(house, &out);
	buf_finish(&out);
}

void house_send_audience(struct house *house, const struct signed_bulletin *b)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_AUDIENCE);
	frame_put_text(&out, TAG_ID, b->id);
	frame_put(&out, TAG_BYTES, b->blocks, b->block_count * DIGEST_BYTES);
	frame_end(&out, mark);
	house_send(house, &out);
	buf_finish(&out);
}

static void put_block(const struct house_job *job, struct buf *out)
{
	unsigned char done[HOUSE_FIRST / 8 + 2] = {0};

	if (!job->recipients[0] || job->block < 0)
		return;
	for (int i = HOUSE_FIRST; i < HOUSE_FIRST + job->done; i++)
		done[i / 8] |= (unsigned char)(1u << (i % 8));
	frame_put_int(out, TAG_BLOCK, job->block);
	frame_put(out, TAG_BYTES, done, sizeof done);
}

static bool among(const struct signed_bulletin *const *list, const struct signed_bulletin *wanted)
{
	for (size_t i = 0; i < 8 && list[i]; i++)
		if (list[i] == wanted)
			return true;
	return false;
}

/* What was named and is not any more, then what is new. */
static void put_changes(struct house *house, const struct house_job *job, struct buf *out)
{
	for (size_t i = 0; i < 8 && house->named[i]; i++)
		if (!among(job->active, house->named[i]))
			frame_put_text(out, TAG_ENDED, house->named[i]->id);
	for (size_t i = 0; i < 8 && job->active[i]; i++)
		if (!among(house->named, job->active[i]))
			frame_put_text(out, TAG_ACTIVE, job->active[i]->id);
	memcpy(house->named, job->active, sizeof house->named);
}

static void put_job_lists(struct house *house, const struct house_job *job, struct buf *out)
{
	const struct channel_bulletin *active[8];
	char digest[DIGEST_HEX];
	size_t count = 0;

	for (; count < 8 && job->active[count]; count++)
		active[count] = &job->active[count]->shown;
	signed_digest(active, count, digest);
	frame_put_text(out, TAG_DIGEST, job->digest ? job->digest : digest);
	put_changes(house, job, out);
	put_block(job, out);
	for (size_t i = 0; i < 8 && job->recipients[i]; i++) {
		frame_put_int(out, TAG_RECIPIENT, (int64_t)i + HOUSE_FIRST);
		frame_put_text(out, TAG_ADDRESS, job->recipients[i]);
		frame_put_text(out, TAG_CALLBACK, "");
	}
}

void house_send_job(struct house *house, const struct house_job *job)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, FRAME_JOB);
	frame_put_int(&out, TAG_JOB, job->number);
	frame_put_int(&out, TAG_KIND, job->kind);
	frame_put_int(&out, TAG_ATTEMPT, 1);
	frame_put_text(&out, TAG_ID, job->bulletin ? job->bulletin->id : "");
	frame_put_text(&out, TAG_TEXT,
	        job->text       ? job->text
	        : job->bulletin ? job->bulletin->text
	                        : "");
	frame_put_int(&out, TAG_WAIT, job->wait ? job->wait : 5000);
	frame_put_int(&out, TAG_EXPIRES, job->bulletin ? job->bulletin->shown.view.expires : 0);
	frame_put_int(&out, TAG_SEQUENCE, 0);
	put_job_lists(house, job, &out);
	frame_end(&out, mark);
	house_send(house, &out);
	buf_finish(&out);
}

void house_send_number(struct house *house, uint16_t type, int64_t job)
{
	struct buf out;

	buf_init(&out, 0);
	size_t mark = frame_begin(&out, type);
	if (job >= 0)
		frame_put_int(&out, TAG_JOB, job);
	frame_end(&out, mark);
	house_send(house, &out);
	buf_finish(&out);
}

/* Moves the first frame of `in` to `taken`. false: the agent hung up. */
static bool next_frame(struct house *house, struct frame *frame)
{
	struct err err = {0};
	enum stream_result result =
	        stream_receive(house->fd, &house->in, when_boot() + PATIENCE, &err);

	if (result == STREAM_CLOSED)
		return false;
	if (result != STREAM_FRAME)
		fail_msg("no frame came: %s",
		        result == STREAM_TIMEOUT ? "the agent is silent" : err.en);
	size_t len = frame_length(house->in.data, house->in.len);
	buf_reset(&house->taken);
	buf_add(&house->taken, house->in.data, len);
	buf_drop(&house->in, len);
	assert_true(frame_open(frame, house->taken.data, house->taken.len));
	return true;
}

/* Frames that say how it is, whenever they like. */
static bool passing(uint16_t type)
{
	return type == FRAME_READY || type == FRAME_HOLDS || type == FRAME_FAR;
}

struct frame house_expect(struct house *house, uint16_t type)
{
	struct frame frame;

	do {
		if (!next_frame(house, &frame))
			fail_msg("got the end of the connection, want frame %d", type);
	} while (frame.type != type && passing(frame.type));
	if (frame.type != type)
		fail_msg("got frame %d, want frame %d", frame.type, type);
	return frame;
}

void house_expect_end(struct house *house)
{
	struct frame frame;

	while (next_frame(house, &frame))
		if (!passing(frame.type))
			fail_msg("got frame %d, want the end of the connection", frame.type);
}

int64_t house_expect_number(struct house *house, uint16_t type)
{
	struct frame frame = house_expect(house, type);
	int64_t number = frame_get_int(&frame, type == FRAME_READY ? TAG_COUNT : TAG_JOB);

	assert_true(frame_close(&frame, NULL));
	return number;
}

void house_expect_receipt(struct house *house, struct house_receipt *receipt)
{
	struct frame frame = house_expect(house, FRAME_RECEIPT);

	receipt->job = frame_get_int(&frame, TAG_JOB);
	receipt->verdict = frame_get_int(&frame, TAG_VERDICT);
	receipt->proof = frame_get_text(&frame, TAG_PROOF);
	receipt->reason = frame_get_text(&frame, TAG_REASON);
	receipt->far_id = frame_get_text(&frame, TAG_FAR_ID);
	receipt->wait = frame_get_int(&frame, TAG_WAIT);
	assert_true(frame_close(&frame, NULL));
}

void house_receipt_finish(struct house_receipt *receipt)
{
	free(receipt->proof);
	free(receipt->reason);
	free(receipt->far_id);
	*receipt = (struct house_receipt){0};
}

void house_at_work(struct house *house, const char *type, const char *option, const char *value)
{
	house_run_agent(house, "far", "all", "live");
	house_accept(house, NULL);
	house_welcome(house, type, option, value, NULL);
	assert_true(house_expect_number(house, FRAME_READY) > 0);
}

void house_holds_bulletin(struct house *house, const char *type, const char *option,
        const char *value, struct signed_bulletin *bulletin)
{
	house_at_work(house, type, option, value);
	signed_make(bulletin, house->key, &(struct signed_wish){0});
	house_send_bulletin(house, bulletin);
}

void house_begin(struct house *house, int64_t number, const struct signed_bulletin *bulletin)
{
	house_send_job(house, &(struct house_job){.number = number, .bulletin = bulletin});
	assert_int_equal(house_expect_number(house, FRAME_BEGAN), number);
}

void house_expect_answer(
        struct house *house, int64_t job, enum channel_verdict verdict, const char *reason)
{
	struct house_receipt receipt = {0};

	house_expect_receipt(house, &receipt);
	if (receipt.job != job || receipt.verdict != (int64_t)verdict ||
	        !strstr(receipt.reason, reason))
		fail_msg("got job %lld verdict %lld \"%s\", want job %lld verdict %d \"%s\"",
		        (long long)receipt.job, (long long)receipt.verdict, receipt.reason,
		        (long long)job, (int)verdict, reason);
	house_receipt_finish(&receipt);
}

void house_expect_tally(struct house *house, int64_t job, int count)
{
	struct frame frame = house_expect(house, FRAME_TALLY);
	size_t len;
	int got = 0;

	assert_int_equal(frame_get_int(&frame, TAG_JOB), job);
	const unsigned char *taken = frame_get(&frame, TAG_BYTES, &len);
	assert_int_equal(len, 125);
	for (int i = 0; i < 1000; i++)
		got += taken[i / 8] >> (i % 8) & 1;
	assert_int_equal(got, count);
	assert_true(taken[HOUSE_FIRST / 8] >> (HOUSE_FIRST % 8) & 1);
	const unsigned char *refused = frame_get(&frame, TAG_BYTES, &len);
	assert_int_equal(len, 125);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(refused[i], 0);
	assert_true(frame_close(&frame, NULL));
}
