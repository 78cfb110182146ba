/* SPDX-License-Identifier: Apache-2.0
 * Seven thousand kill -9 of the record, the dispatch and `null` (kills.h), at random moments, while
 * it is opened too. What was answered is there; what the record calls delivered has arrived; what
 * takes a key is repeated within the window of a kill, what takes none only by the rule for red and
 * orange. TOCSIN_KILLS sets how often, TOCSIN_SEED repeats a run's chances; with TOCSIN_SOAK a
 * hundred times as many.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"
#include "kills.h"
#include "store_db.h"
#include "when.h"

enum { KILLS = 7000, SOAK = 100, LIVES = 100, LIFE_US = 7000, OPENING_US = 4000 };
enum { NUMBERS_MOST = 1 << 17, LOOK_EVERY = 10 };

static struct ledger *ledger;

/* Of one folder, over its lives. */
static struct memory {
	unsigned char arrived[NUMBERS_MOST], doubts[NUMBERS_MOST]; /* how often, by delivery */
	unsigned char doubted[NUMBERS_MOST];                       /* by the end of which life */
	long behind[LIVES + 1][KILLS_FARS];                        /* repeats, by that life */
	int life;
	bool ended[NUMBERS_MOST], released[NUMBERS_MOST];
} * memory;

static struct tally {
	long kills, opening, released, ended, arrived;
	long repeats[KILLS_FARS];
	long most[KILLS_FARS], most_doubts[KILLS_FARS]; /* of one kill */
} tally;

static void note_arrival(const struct ledger_line *line)
{
	tally.arrived++;
	if (memory->ended[line->number])
		fail_msg("delivery %lld went again after its end was on disk",
		        (long long)line->number);
	if (memory->arrived[line->number]++ == 0)
		return;
	tally.repeats[line->far]++;
	long behind = ++memory->behind[memory->doubted[line->number]][line->far];
	if (behind > tally.most[line->far])
		tally.most[line->far] = behind;
	if (memory->arrived[line->number] > 1 + memory->doubts[line->number])
		fail_msg("delivery %lld was repeated, and no kill left it in doubt",
		        (long long)line->number);
	if (line->far == FAR_KEYLESS && !line->again)
		fail_msg("delivery %lld was repeated, and its far side takes no key",
		        (long long)line->number);
}

/* What had arrived, and its end was not on disk: that may be repeated, and is no more than the
 * window. */
static void note_doubts(size_t count)
{
	long doubts[KILLS_FARS] = {0};

	for (size_t i = 0; i < count; i++) {
		const struct ledger_line *line = &ledger->lines[i];
		if (line->word != LEDGER_ARRIVED || memory->ended[line->number])
			continue;
		memory->doubts[line->number]++;
		memory->doubted[line->number] = (unsigned char)memory->life;
		doubts[line->far]++;
	}
	for (int far = 0; far < KILLS_FARS; far++) {
		if (doubts[far] > tally.most_doubts[far])
			tally.most_doubts[far] = doubts[far];
		assert_true(doubts[far] <= KILLS_WINDOW);
		assert_true(tally.most[far] <= KILLS_WINDOW);
	}
}

/* What the life that just ended has left in the ledger. */
static void read_ledger(void)
{
	size_t count = atomic_load(&ledger->count);

	for (size_t i = 0; i < count; i++) {
		const struct ledger_line *line = &ledger->lines[i];
		assert_in_range(line->number, 1, NUMBERS_MOST - 1);
		if (line->word == LEDGER_ARRIVED)
			note_arrival(line);
		else if (line->word == LEDGER_ENDED)
			memory->ended[line->number] = true;
		else
			memory->released[line->number] = true;
		tally.released += line->word == LEDGER_RELEASED;
		tally.ended += line->word == LEDGER_ENDED;
	}
	note_doubts(count);
	atomic_store(&ledger->count, 0);
}

static void wait_us(unsigned us)
{
	nanosleep(&(struct timespec){0, (long)us * 1000}, NULL);
}

static void one_life(const char *folder, unsigned *seed)
{
	bool opening = rand_r(seed) % 4 == 0;
	int status;

	atomic_store(&ledger->open, false);
	pid_t pid = fork();
	if (pid == 0) {
		kills_house(folder, ledger, false);
		_exit(3);
	}
	assert_true(pid > 0);
	for (int i = 0; !opening && !atomic_load(&ledger->open) && i < 50000; i++)
		wait_us(100);
	wait_us((unsigned)rand_r(seed) % (opening ? OPENING_US : LIFE_US));
	tally.opening += !atomic_load(&ledger->open);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_msg("it ended by itself: %d", status);
	tally.kills++;
	read_ledger();
}

/* --- what the record says --------------------------------------------------------------------- */

static int64_t number_of(sqlite3_stmt *stmt, int column)
{
	int64_t number = sqlite3_column_int64(stmt, column);

	assert_in_range(number, 1, NUMBERS_MOST - 1);
	return number;
}

static bool is_final(const char *state)
{
	return strcmp(state, "waiting") != 0 && strcmp(state, "sending") != 0 &&
	       strcmp(state, "unknown") != 0;
}

static void look_at_deliveries(struct store *store, bool drained)
{
	int64_t ended = 0, found = 0;
	sqlite3_stmt *stmt;

	for (size_t i = 0; i < NUMBERS_MOST; i++)
		ended += memory->ended[i];
	assert_int_equal(
	        sqlite3_prepare_v2(store->db, "SELECT id, state FROM delivery", -1, &stmt, NULL),
	        SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		int64_t id = number_of(stmt, 0);
		const char *state = (const char *)sqlite3_column_text(stmt, 1);
		if (memory->ended[id] && !is_final(state))
			fail_msg("lost: the end of delivery %lld", (long long)id);
		if (strcmp(state, "delivered") == 0 && !memory->arrived[id])
			fail_msg("delivery %lld is called delivered and never arrived",
			        (long long)id);
		if (drained && !is_final(state) && strcmp(state, "unknown") != 0)
			fail_msg("delivery %lld never ended", (long long)id);
		found += memory->ended[id];
	}
	sqlite3_finalize(stmt);
	assert_int_equal(found, ended);
}

static void look_at_bulletins(struct store *store)
{
	int64_t released = 0, found = 0;
	sqlite3_stmt *stmt;

	for (size_t i = 0; i < NUMBERS_MOST; i++)
		released += memory->released[i];
	assert_int_equal(sqlite3_prepare_v2(store->db,
	                         "SELECT row, (SELECT COUNT(*) FROM delivery WHERE bulletin = row)"
	                         " FROM bulletin WHERE state = 'released'",
	                         -1, &stmt, NULL),
	        SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		found += memory->released[number_of(stmt, 0)];
		assert_int_equal(sqlite3_column_int64(stmt, 1), KILLS_FARS);
	}
	sqlite3_finalize(stmt);
	if (found != released)
		fail_msg("lost: %lld of %lld releases", (long long)(released - found),
		        (long long)released);
}

static void look(const char *folder, bool drained)
{
	char head[DIGEST_HEX];
	int64_t records;
	struct err err = {0};
	struct store *store = record_tool_open(folder, &err);

	if (!store)
		fail_msg("%s", err.en);
	look_at_bulletins(store);
	look_at_deliveries(store, drained);
	if (drained && !store_audit_verify(store, &records, head, &err))
		fail_msg("%s", err.en);
	record_tool_close(&store);
}

/* Nobody kills it any more: everything comes to its end. */
static void drain(const char *folder)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		kills_house(folder, ledger, true);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	read_ledger();
	look(folder, true);
}

/* --- the test --------------------------------------------------------------------------------- */

static long setting(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtol(text, NULL, 10) : otherwise;
}

static void nothing_is_lost_and_little_repeated(void **state)
{
	const char *soak = getenv("TOCSIN_SOAK");
	long kills = setting("TOCSIN_KILLS", soak && *soak ? (long)KILLS * SOAK : KILLS);
	unsigned seed = (unsigned)setting("TOCSIN_SEED", (long)(when_now() & 0x7fffffff));
	int64_t began = when_boot();

	(void)state;
	print_message("seed %u\n", seed);
	ledger = shared_with_children(sizeof *ledger);
	memory = shared_with_children(sizeof *memory);
	while (tally.kills < kills) {
		char *folder = folder_make();
		memset(memory, 0, sizeof *memory);
		for (int i = 1; i <= LIVES && tally.kills < kills; i++) {
			memory->life = i;
			one_life(folder, &seed);
			if (i % LOOK_EVERY == 0)
				look(folder, false);
		}
		drain(folder);
		folder_remove(&folder);
	}
	print_message("%ld kills (%ld while it opened) in %lld s: %ld releases and %ld outcomes "
	              "answered, %ld arrivals, 0 lost\n",
	        tally.kills, tally.opening, (long long)(when_boot() - began) / 1000, tally.released,
	        tally.ended, tally.arrived);
	for (int far = 0; far < KILLS_FARS; far++)
		print_message("null, %s: %ld kills, 0 lost, %ld repeats; after one kill at most "
		              "%ld, with %ld in doubt; the window is %d\n",
		        far == FAR_KEYED ? "takes a key" : "takes none (repeats: red and orange)",
		        tally.kills, tally.repeats[far], tally.most[far], tally.most_doubts[far],
		        KILLS_WINDOW);
	assert_true(tally.ended > tally.kills / 2);
	assert_true(tally.repeats[FAR_KEYED] > 0); /* else no kill came between send and record */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_is_lost_and_little_repeated),
	};

	return cmocka_run_group_tests_name("kills", tests, NULL, NULL);
}
