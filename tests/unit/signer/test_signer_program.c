/* SPDX-License-Identifier: Apache-2.0
 * test_signer_program - the program itself: it starts, answers over its socket, is not held up by a
 * peer that stalls, cannot be looked into, and ends on SIGTERM.
 */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>
#include <cmocka.h>

#include "scene.h"
#include "stream.h"
#include "when.h"
#include "source_tree.h"

extern char **environ;

struct house {
	struct scene scene;
	char folder[64];
	char *program, *socket, *policy, *alert, *status, *upstream, *trust, *catalog, *seen;
	pid_t pid;
};

static char *in_folder(const struct house *house, const char *name)
{
	return mem_format("%s/%s", house->folder, name);
}

static pid_t start(const char *program, const char *const argv[])
{
	pid_t pid;

	assert_int_equal(posix_spawn(&pid, program, NULL, NULL, (char *const *)argv, environ), 0);
	return pid;
}

static int ended(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool keys_are_ours(const struct house *house, struct err *err)
{
	struct signer_holds holds;

	if (!signer_keys(house->socket, &holds, err))
		return false;
	char *want = key_base64(house->scene.signer.alert);
	assert_string_equal(holds.alert_key, want);
	assert_string_equal(holds.mode, "live");
	assert_string_equal(holds.policy, house->scene.signer.policy->version);
	assert_string_equal(holds.policy_head, holds.policy);
	signer_holds_finish(&holds);
	free(want);
	return true;
}

/* Asks until it answers: at most ten seconds. */
static void wait_until_ready(const struct house *house)
{
	int64_t until = when_boot() + 10000;
	struct err err = {0};

	while (!keys_are_ours(house, &err)) {
		if (when_boot() > until)
			fail_msg("not ready: %s", err.en);
		usleep(10000);
	}
}

static void launch(struct house *house)
{
	char *trust = mem_format("met-feed=%s,inclusive", house->trust);
	const char *const argv[] = {"tocsin-signer", "--socket", house->socket, "--policy",
	        house->policy, "--alert-key", house->alert, "--status-key", house->status,
	        "--catalog", house->catalog, "--seen", house->seen, "--mode", "live",
	        "--public-url", house->scene.signer.public_url, "--trust", trust, "--style",
	        "sms-a:signature:【天津应急】", NULL};

	house->pid = start(house->program, argv);
	free(trust);
	wait_until_ready(house);
}

/* The scene's moments are of 2026; the program goes by the clock. */
static void make_of_now(struct house *house, struct piece *piece, const char *identifier)
{
	house->scene.now = when_now() / 1000 * 1000;
	piece_init(piece, &house->scene, LEVEL_ORANGE, identifier);
	piece->manifest.expires = house->scene.now + 3600000;
	piece->alert->infos[0].expires = cap_time_china(piece->manifest.expires);
	piece_seal(piece, &house->scene);
}

static struct sign_request request_of(const struct piece *piece)
{
	return (struct sign_request){.bulletin = piece->bulletin,
	        .proofs = piece->proofs,
	        .proof_count = piece->proof_count,
	        .officer = piece->officer,
	        .sent = piece->sent,
	        .originals = piece->originals,
	        .original_count = piece->original_count};
}

static void signs_over_the_socket(void **state)
{
	struct house *house = *state;
	struct piece piece;
	struct sign_answer answer;
	struct err err = {0};

	make_of_now(house, &piece, "12000041600000_20261123090000_1");
	struct sign_request request = request_of(&piece);
	assert_false(signer_sign(house->socket, &request, &answer, &err));
	assert_non_null(strstr(err.en, "policy"));
	piece_approve(&piece, &house->scene);
	request.proofs = piece.proofs;
	request.proof_count = piece.proof_count;
	request.sent = when_now() / 1000 * 1000;
	if (!signer_sign(house->socket, &request, &answer, &err))
		fail_msg("got refused, want signed: %s", err.en);
	assert_int_equal(
	        cap_verify(answer.cap, strlen(answer.cap), house->scene.signer.alert, NULL, NULL),
	        CAP_SIGNATURE_GOOD);
	sign_answer_finish(&answer);
	piece_finish(&piece);
}

static void release(struct house *house, struct piece *piece)
{
	struct sign_request request = request_of(piece);
	struct bulletin *b = piece->bulletin;
	struct sign_answer answer;
	struct err err = {0};

	if (!signer_sign(house->socket, &request, &answer, &err))
		fail_msg("got refused, want signed: %s", err.en);
	free(b->signed_cap);
	free(b->filled_manifest);
	free(b->manifest_signature);
	b->signed_cap = answer.cap;
	b->filled_manifest = answer.manifest;
	b->manifest_signature = answer.signature;
}

/* Asks, waits for no answer but for the memory to grow, and kills it then. */
static void ask_and_kill(struct house *house, const struct piece *piece)
{
	struct sign_request request = request_of(piece);
	int64_t until = when_boot() + 10000;
	struct stat before, now;
	struct err err = {0};
	struct buf out;

	buf_init(&out, 0);
	assert_true(signer_put_request(&request, &out, &err));
	assert_int_equal(stat(house->seen, &before), 0);
	int fd = stream_connect(house->socket, &err);
	assert_true(fd >= 0 && stream_send(fd, &out, until, &err));
	do {
		assert_int_equal(stat(house->seen, &now), 0);
		assert_true(when_boot() < until);
	} while (now.st_size == before.st_size);
	assert_int_equal(kill(house->pid, SIGKILL), 0);
	assert_int_equal(ended(house->pid), -1);
	close(fd);
	buf_finish(&out);
}

/* kill -9 as soon as the cancel stands on the disk: the warning does not come back, and the cancel
 * is signed again for a tocsind that never got the answer. */
static void killed_before_it_answered(void **state)
{
	struct house *house = *state;

	for (int i = 0; i < 5; i++) {
		char *first = mem_format("12000041600000_20261123090000_k%d", i);
		char *second = mem_format("12000041600000_20261123090001_k%d", i);
		struct piece original, staged;
		struct err err = {0};
		make_of_now(house, &original, first);
		make_of_now(house, &staged, second);
		piece_follows(&staged, &original, VERB_CANCEL);
		piece_stage(&original, &staged, &house->scene, "cancel");
		piece_approve(&original, &house->scene);
		release(house, &original);
		piece_prove(&staged, &house->scene, ACT_CANCEL, WANG);
		ask_and_kill(house, &staged);
		launch(house);
		original.sent = when_now() / 1000 * 1000;
		struct sign_request again = request_of(&original);
		struct sign_answer answer;
		assert_false(signer_sign(house->socket, &again, &answer, &err));
		assert_non_null(strstr(err.en, "not issued again"));
		release(house, &staged);
		piece_finish(&staged);
		piece_finish(&original);
		free(first);
		free(second);
	}
}

static void stalled_peers_block_nobody(void **state)
{
	struct house *house = *state;
	int fds[4];
	struct err err = {0};

	for (int i = 0; i < 4; i++) {
		fds[i] = stream_connect(house->socket, &err);
		assert_true(fds[i] >= 0);
		assert_int_equal(write(fds[i], "\0\0", i % 3), i % 3);
	}
	int64_t began = when_boot();
	assert_true(keys_are_ours(house, &err));
	assert_true(when_boot() - began < 3000);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

static void cannot_be_looked_into(void **state)
{
	struct house *house = *state;
	char *path = mem_format("/proc/%d/fd", (int)house->pid);
	char *status = mem_format("/proc/%d/status", (int)house->pid);
	FILE *file = fopen(status, "re");
	char line[256];
	bool no_new_privs = false;

	DIR *dir = opendir(path);
	if (dir)
		closedir(dir);
	if (geteuid() != 0)
		assert_null(dir); /* not dumpable: its files belong to root */
	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		no_new_privs = no_new_privs || strcmp(line, "NoNewPrivs:\t1\n") == 0;
	fclose(file);
	assert_true(no_new_privs);
	free(path);
	free(status);
}

static void wrong_command_lines(void **state)
{
	struct house *house = *state;
	const char *const none[] = {"tocsin-signer", NULL};
	const char *const no_key[] = {"tocsin-signer", "--socket", house->socket, "--policy",
	        house->policy, "--alert-key", "/nonexistent", "--status-key", house->status,
	        "--catalog", house->catalog, "--mode", "live", NULL};
	const char *const no_catalog[] = {"tocsin-signer", "--socket", house->socket, "--policy",
	        house->policy, "--alert-key", house->alert, "--status-key", house->status, "--mode",
	        "live", NULL};
	const char *const no_tables[] = {"tocsin-signer", "--socket", house->socket, "--policy",
	        house->policy, "--alert-key", house->alert, "--status-key", house->status,
	        "--catalog", house->folder, "--mode", "live", NULL};
	char *damaged = in_folder(house, "damaged");
	const char *const no_memory[] = {"tocsin-signer", "--socket", house->socket, "--policy",
	        house->policy, "--alert-key", house->alert, "--status-key", house->status,
	        "--catalog", house->catalog, "--seen", damaged, "--mode", "live", NULL};
	const char *const no_mode[] = {"tocsin-signer", "--mode", "party", NULL};
	const char *const help[] = {"tocsin-signer", "--help", NULL};

	assert_int_equal(ended(start(house->program, none)), EX_USAGE);
	assert_int_equal(ended(start(house->program, no_mode)), EX_USAGE);
	assert_int_equal(ended(start(house->program, no_key)), EX_CONFIG);
	assert_int_equal(ended(start(house->program, no_catalog)), EX_USAGE);
	assert_int_equal(ended(start(house->program, no_tables)), EX_CONFIG);
	FILE *file = fopen(damaged, "we");
	assert_non_null(file);
	fputs("something else\n", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(ended(start(house->program, no_memory)), EX_CONFIG);
	unlink(damaged);
	free(damaged);
	assert_int_equal(ended(start(house->program, help)), EX_OK);
}

static void ends_on_sigterm(void **state)
{
	struct house *house = *state;

	assert_int_equal(kill(house->pid, SIGTERM), 0);
	assert_int_equal(ended(house->pid), 0);
	house->pid = 0;
	assert_int_not_equal(access(house->socket, F_OK), 0);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void write_files(struct house *house)
{
	struct signer *signer = &house->scene.signer;

	house->socket = in_folder(house, "signer.sock");
	house->policy = in_folder(house, "authority.yaml");
	house->alert = in_folder(house, "alert.pem");
	house->status = in_folder(house, "status.pem");
	house->upstream = in_folder(house, "upstream.pem");
	house->trust = in_folder(house, "upstream.trust");
	house->seen = in_folder(house, "seen");
	house->catalog = source_path("publisher/data");
	assert_true(key_write_private(signer->alert, house->alert, MODE_LIVE, NULL));
	assert_true(key_write_private(signer->status, house->status, MODE_LIVE, NULL));
	assert_true(key_write_public(house->scene.upstream, house->upstream, MODE_LIVE, NULL));
	write_file(house->trust, "12000041600000 key upstream.pem\n");
	write_file(house->policy, signer->policy->text);
}

static int setup(void **state)
{
	struct house *house = mem_zero(sizeof *house);
	char folder[] = "/tmp/tocsin-signer-XXXXXX";
	const char *bin = getenv("TOCSIN_BIN");

	if (!bin || !cap_sign_setup(NULL) || !mkdtemp(folder))
		return -1;
	/* The leak checker wants to look into the process, which is what the signer forbids. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	scene_init(&house->scene);
	snprintf(house->folder, sizeof house->folder, "%s", folder);
	house->program = mem_format("%s/tocsin-signer", bin);
	write_files(house);
	launch(house);
	*state = house;
	return 0;
}

static int teardown(void **state)
{
	struct house *house = *state;
	char **paths[] = {&house->program, &house->catalog, &house->seen, &house->socket,
	        &house->policy, &house->alert, &house->status, &house->upstream, &house->trust};

	if (house->pid) {
		kill(house->pid, SIGKILL);
		waitpid(house->pid, NULL, 0);
	}
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		if (i > 1)
			unlink(*paths[i]);
		free(*paths[i]);
	}
	rmdir(house->folder);
	scene_finish(&house->scene);
	free(house);
	cap_sign_shutdown();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(signs_over_the_socket),
	        cmocka_unit_test(killed_before_it_answered),
	        cmocka_unit_test(stalled_peers_block_nobody),
	        cmocka_unit_test(cannot_be_looked_into),
	        cmocka_unit_test(wrong_command_lines),
	        cmocka_unit_test(ends_on_sigterm),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
