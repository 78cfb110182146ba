/* SPDX-License-Identifier: Apache-2.0
 * kill -9 at any moment: what was answered is there, what was not is there whole or not at all, and
 * the chain fits. TOCSIN_KILLS sets how often (60). Its seed is printed, and TOCSIN_SEED sets it.
 */
#include "fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_db.h"
#include "when.h"

extern char **environ;

enum { KILLS = 60, LIFE_MS = 60, START_MS = 20000 };

/* What the victim was told is on disk. */
struct told {
	int64_t *released;
	size_t releases;
	int64_t *delivered;
	size_t deliveries;
};

static pid_t start(const char *folder, const char *limit, int *out)
{
	char path[] = RECORD_VICTIM;
	char *argv[] = {path, mem_text(folder), limit ? mem_text(limit) : NULL, NULL};
	posix_spawn_file_actions_t actions;
	int pipes[2];
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
	assert_int_equal(posix_spawn(&pid, path, &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	free(argv[1]);
	free(argv[2]);
	*out = pipes[0];
	return pid;
}

static void note(struct told *told, const char *line)
{
	int64_t number = strtoll(line + 2, NULL, 10);

	if (line[0] == 'r')
		*(int64_t *)mem_push(&told->released, &told->releases, sizeof number) = number;
	else
		*(int64_t *)mem_push(&told->delivered, &told->deliveries, sizeof number) = number;
}

/* Reads lines until the pipe ends or, when life_ms >= 0, so long after the first one. Only whole
 * lines count: the victim writes each with one write. */
static void listen_to(int pipe, int64_t life_ms, struct told *told)
{
	static char line[64];
	static size_t len;
	int64_t end = when_boot() + START_MS;
	bool first = true;
	char bytes[4096];

	len = 0;
	for (;;) {
		struct pollfd fd = {pipe, POLLIN, 0};
		int64_t left = end - when_boot();
		if (life_ms >= 0 && (left <= 0 || poll(&fd, 1, (int)left) == 0))
			return;
		ssize_t got = read(pipe, bytes, sizeof bytes);
		if (got <= 0)
			return;
		for (ssize_t i = 0; i < got; i++) {
			if (bytes[i] != '\n' && len < sizeof line - 1) {
				line[len++] = bytes[i];
				continue;
			}
			line[len] = '\0';
			note(told, line);
			len = 0;
		}
		if (first && life_ms >= 0)
			end = when_boot() + life_ms;
		first = false;
	}
}

static int64_t ask(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void nothing_told_is_lost(struct store *store, const struct told *told)
{
	for (size_t i = 0; i < told->releases; i++) {
		char *id = mem_format("release-%lld", (long long)told->released[i]);
		struct bulletin *b = NULL;
		if (!store_get_bulletin(store, id, &b, NULL))
			fail_msg("lost: %s was answered as committed", id);
		assert_int_equal(b->state, BULLETIN_RELEASED);
		assert_int_equal(strlen(b->signed_cap), 6000);
		bulletin_destroy(&b);
		free(id);
	}
	for (size_t i = 0; i < told->deliveries; i++) {
		char *sql =
		        mem_format("SELECT COUNT(*) FROM delivery JOIN bulletin ON row = bulletin"
		                   " WHERE identifier = 'release-%lld' AND"
		                   " delivery.state = 'delivered'",
		                (long long)told->delivered[i]);
		if (ask(store, sql) != 1)
			fail_msg("lost: the delivery of release %lld was answered as committed",
			        (long long)told->delivered[i]);
		free(sql);
	}
}

/* Every bulletin with its body, 3 texts, 3 deliveries, 1 approval, 1 decision; nothing without its
 * bulletin. */
static void nothing_is_half(struct store *store)
{
	int64_t bulletins = ask(store, "SELECT COUNT(*) FROM bulletin");
	int64_t records;
	char head[DIGEST_HEX];
	struct err err = {0};

	assert_int_equal(ask(store, "SELECT COUNT(*) FROM bulletin_body"), bulletins);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM bulletin_text"), bulletins * 3);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM delivery"), bulletins * 3);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM approval"), bulletins);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM decision"), bulletins);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM (SELECT bulletin FROM delivery"
	                            " GROUP BY bulletin HAVING COUNT(*) <> 3)"),
	        0);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM bulletin WHERE release_order <> row"), 0);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM pragma_integrity_check"
	                            " WHERE integrity_check <> 'ok'"),
	        0);
	assert_int_equal(ask(store, "SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
	if (!store_audit_verify(store, &records, head, &err))
		fail_msg("%s", err.en);
	/* A line for each release, and one for what became of each delivery. */
	assert_int_equal(
	        records, bulletins + ask(store, "SELECT COUNT(*) FROM delivery"
	                                        " WHERE state NOT IN ('waiting', 'sending')"));
}

static void check(const char *folder, const struct told *told)
{
	struct err err = {0};
	struct store *store = record_tool_open(folder, &err);

	if (!store)
		fail_msg("%s", err.en);
	nothing_told_is_lost(store, told);
	nothing_is_half(store);
	record_tool_close(&store);
}

static void forget(struct told *told)
{
	free(told->released);
	free(told->delivered);
	*told = (struct told){0};
}

/* Starts the victim, lets it live so long after its first word, kills it; returns how it ended. */
static int run_victim(const char *folder, const char *limit, int64_t life_ms, struct told *told)
{
	int status;
	int pipe;
	pid_t pid = start(folder, limit, &pipe);

	listen_to(pipe, life_ms, told);
	if (life_ms >= 0)
		kill(pid, SIGKILL);
	listen_to(pipe, -1, told); /* what it said before it died */
	close(pipe);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void killed_at_random(void **state)
{
	unsigned kills = setting("TOCSIN_KILLS", KILLS);
	unsigned seed = setting("TOCSIN_SEED", (unsigned)when_now());
	char *folder = folder_make();
	size_t answered = 0;

	(void)state;
	print_message("seed %u\n", seed);
	for (unsigned i = 0; i < kills; i++) {
		struct told told = {0};
		int status = run_victim(folder, NULL, rand_r(&seed) % LIFE_MS, &told);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		answered += told.releases + told.deliveries;
		check(folder, &told);
		forget(&told);
		if (i % 10 == 9) { /* a small record keeps the looking-through short */
			folder_remove(&folder);
			folder = folder_make();
		}
	}
	print_message("%u kills, %zu answers, 0 lost\n", kills, answered);
	assert_true(answered > kills);
	folder_remove(&folder);
}

/* A write that fails is the end of the program, not of what it promised before. */
static void a_failing_write_ends_it(void **state)
{
	static const char *const limits[] = {"800000", "1500000", "2500000"};

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		char *folder = folder_make();
		struct told told = {0};
		int status = run_victim(folder, limits[i], -1, &told);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
			fail_msg("got status %d, want death by SIGABRT", status);
		assert_true(told.releases > 0);
		check(folder, &told);
		forget(&told);
		folder_remove(&folder);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(killed_at_random),
	        cmocka_unit_test(a_failing_write_ends_it),
	};

	return cmocka_run_group_tests_name("record_kill", tests, NULL, NULL);
}
