/* SPDX-License-Identifier: Apache-2.0
 * Records of older versions, brought up to date: one as a house left it, with work half done
 * (tests/data/record), and an empty one of the first version. The program is killed (SIGKILL)
 * before each statement of the way in turn, and whatever it left is opened again: nothing is lost,
 * nothing is half.
 */
#include "fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema_versions.h"
#include "store_check.h"
#include "store_db.h"
#include "store_hold.h"

enum { STATEMENTS_MOST = 2000 };

static void run(sqlite3 *db, const char *sql)
{
	char *said = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
}

static char *dump(void)
{
	struct buf text;
	FILE *file = fopen(TOCSIN_RECORDS "/schema_10.sql", "re");

	assert_non_null(file);
	buf_init(&text, 0);
	assert_true(buf_read(&text, file));
	fclose(file);
	return buf_take(&text);
}

/* A folder with a record of that version. */
static char *old_record(int version)
{
	char *folder = folder_make();
	char *path = mem_format("%s/record.db", folder);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (version == 1) {
		for (size_t i = 0; schema_version_1[i]; i++)
			run(db, schema_version_1[i]);
		run(db, "CREATE TABLE schema_version (version BIGINT NOT NULL);"
		        "INSERT INTO schema_version (version) VALUES (1)");
	} else {
		char *sql = dump();
		run(db, sql);
		free(sql);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	free(path);
	return folder;
}

/* --- what must be there -------------------------------------------------------------------------
 */

static void what_waits_for_people(struct store *store)
{
	struct approval_list approvals = {0};
	struct step_list steps = {0};
	struct bulletin *b = NULL;
	char *manifest = NULL, *cap = NULL;
	struct err err = {0};

	assert_true(store_get_bulletin(store, "b1", &b, &err));
	assert_int_equal(b->state, BULLETIN_SUBMITTED);
	assert_int_equal(b->earlier.count, 2);
	assert_true(store_list_approvals(store, "b1", &approvals, &err));
	assert_int_equal(approvals.count, 1);
	assert_int_equal(approvals.items[0].proof.act, ACT_REVIEW);
	assert_string_equal(approvals.items[0].proof.officer, "zhao");
	assert_true(store_list_steps(store, "b1", &steps, &err));
	assert_int_equal(steps.count, 1);
	assert_true(store_get_words(
	        store, "b1", approvals.items[0].proof.manifest, &manifest, &cap, &err));
	free(manifest);
	free(cap);
	step_list_finish(&steps);
	approval_list_finish(&approvals);
	bulletin_destroy(&b);
}

static void what_is_half_sent(struct store *store)
{
	struct delivery_list pending = {0};
	struct bulletin *b = NULL;
	char *numbers = NULL;
	struct err err = {0};

	assert_true(store_get_bulletin(store, "b2", &b, &err));
	assert_int_equal(b->state, BULLETIN_RELEASED);
	assert_int_equal(b->audiences[0].count, 5);
	bulletin_destroy(&b);
	assert_true(store_list_pending(store, &pending, &err));
	assert_int_equal(pending.count, 2);
	const struct delivery *block = &pending.items[0];
	assert_int_equal(block->state, DELIVERY_SENDING);
	assert_true(block->began);
	assert_int_equal(block->block, 1);
	assert_int_equal(block->reached, 1);
	assert_int_equal(block->done_len, 1);
	assert_int_equal(block->done[0], 1);
	assert_string_equal(pending.items[1].target, "mqtt-north");
	assert_int_equal(pending.items[1].state, DELIVERY_WAITING);
	delivery_list_finish(&pending);
	assert_true(store_audience_block(store, "b2", "sms-main", 1, &numbers, &err));
	assert_string_equal(numbers, "13900000004\n13900000005\n");
	free(numbers);
}

/* The host will check its blocks against the manifest that was signed then. */
static void what_was_frozen_is_checked_as_now(struct store *store)
{
	struct bulletin *b = NULL;
	unsigned char *digests = NULL;
	char digest[DIGEST_HEX];
	struct err err = {0};
	size_t count;

	assert_true(store_get_bulletin(store, "b2", &b, &err));
	assert_true(store_audience_digests(store, "b2", "sms-main", &digests, &count, &err));
	assert_int_equal(count, 2);
	digest_of_list(digests, count, digest);
	assert_string_equal(digest, b->audiences[0].digest);
	free(digests);
	bulletin_destroy(&b);
}

static bool go_on(struct store *store, void *arg, struct err *err)
{
	struct bulletin *b = sample_bulletin("升级之后");
	struct delivery d;
	int64_t order;

	(void)arg;
	bool ok =
	        store_delivery_state(store, 2, DELIVERY_DELIVERED, 0, "", "2 of 2", "", now, err) &&
	        store_put_bulletin(store, b, err);
	assert_string_equal(b->id, "b3"); /* numbers go on */
	sample_delivery(&d, b, "mqtt-north");
	ok = ok && store_add_delivery(store, &d, err) && d.id == 4 &&
	     store_next_sequence(store, "mqtt", &order, err) && order == 2;
	delivery_finish(&d);
	bulletin_destroy(&b);
	return ok;
}

static bool always(void *arg)
{
	(void)arg;
	return true;
}

static void nothing_is_lost(const char *folder, int version)
{
	struct err err = {0};
	char head[DIGEST_HEX];
	struct hold hold;
	struct lease_list leases;
	int64_t records;
	struct store *store = record_tool_open(folder, &err);

	if (!store)
		fail_msg("%s", err.en);
	assert_true(store_audit_verify(store, &records, head, &err));
	assert_true(store_check_all(store, always, NULL, &err));
	assert_true(store_hold(store, &hold, &err));
	assert_int_equal(hold.since, 0); /* an upgrade is no restore */
	assert_true(store_list_leases(store, &leases, &err));
	assert_int_equal(leases.count, 0); /* nobody has taken any */
	lease_list_finish(&leases);
	if (version > 1) {
		assert_int_equal(records, 3);
		what_waits_for_people(store);
		what_is_half_sent(store);
		what_was_frozen_is_checked_as_now(store);
		if (!record_tool_do(store, go_on, NULL, &err))
			fail_msg("%s", err.en);
	}
	record_tool_close(&store);
}

/* --- killed before each statement ---------------------------------------------------------------
 */

static long statements_left; /* of the child that is to die */

static int die_in_time(unsigned what, void *arg, void *stmt, void *sql)
{
	(void)what;
	(void)arg;
	(void)stmt;
	(void)sql;
	if (--statements_left == 0)
		raise(SIGKILL);
	return 0;
}

/* SQLite calls it for each connection that is opened. */
static int watch_connection(sqlite3 *db, char **said, const struct sqlite3_api_routines *api)
{
	(void)said;
	(void)api;
	return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, die_in_time, NULL);
}

/* False: it lived. */
static bool killed_at(const char *folder, long statement)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		statements_left = statement;
		sqlite3_auto_extension((void (*)(void))watch_connection);
		_exit(record_tool_open(folder, NULL) ? 0 : 1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFSIGNALED(status);
}

static void killed_all_the_way(int version)
{
	long kills = 0;
	bool killed = true;

	for (; killed && kills < STATEMENTS_MOST; kills++) {
		char *folder = old_record(version);
		killed = killed_at(folder, kills + 1);
		nothing_is_lost(folder, version);
		folder_remove(&folder);
	}
	print_message("version %d: killed before each of %ld statements\n", version, kills - 1);
	assert_false(killed);
	assert_true(kills > 10);
}

static void work_half_done_survives_every_kill(void **state)
{
	(void)state;
	killed_all_the_way(10);
}

static void the_whole_way_survives_every_kill(void **state)
{
	(void)state;
	killed_all_the_way(1);
}

static void an_older_program_refuses_what_a_newer_one_wrote(void **state)
{
	char *folder = old_record(10);
	char *path = mem_format("%s/record.db", folder);
	struct err err = {0};
	sqlite3 *db = NULL;

	(void)state;
	nothing_is_lost(folder, 10);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	run(db, "UPDATE schema_version SET version = version + 1;"
	        "ALTER TABLE bulletin ADD COLUMN of_tomorrow TEXT NOT NULL DEFAULT 'x'");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_null(record_tool_open(folder, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_non_null(strstr(err.en, "newer program"));
	assert_non_null(strstr(err.zh, "升级程序"));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK); /* untouched */
	run(db, "SELECT of_tomorrow FROM bulletin");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	free(path);
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(work_half_done_survives_every_kill),
	        cmocka_unit_test(the_whole_way_survives_every_kill),
	        cmocka_unit_test(an_older_program_refuses_what_a_newer_one_wrote),
	};

	return cmocka_run_group_tests_name("upgrade", tests, NULL, NULL);
}
