/* SPDX-License-Identifier: Apache-2.0
 * What log.h promises: one event, one line, whatever the values hold.
 */
#include "base_fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "mem.h"
#include "utf8.h"

/* stderr goes into a file while one event is written; the caller's. */
static char *written(const char *folder, const char *event, const char *key, const char *value)
{
	char *path = path_in(folder, "log");
	char *text = mem_zero(65536);
	int kept = dup(STDERR_FILENO);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	log_event(LOG_WARN, event, key, value, "last", "end", NULL);
	dup2(kept, STDERR_FILENO);
	assert_true(pread(fd, text, 65535, 0) > 0);
	close(kept);
	close(fd);
	free(path);
	return text;
}

static void expect(const char *folder, const char *value, const char *want)
{
	char *line = written(folder, "went", "key", value);
	char *whole = mem_format("<4>event=went%s last=end\n", want);

	assert_string_equal(line, whole);
	free(line);
	free(whole);
}

static void values_are_quoted_as_needed(void **state)
{
	expect(*state, "plain", " key=plain");
	expect(*state, "红色", " key=红色");
	expect(*state, "", " key=\"\"");
	expect(*state, NULL, "");
	expect(*state, "two words", " key=\"two words\"");
	expect(*state, "a=b", " key=\"a=b\"");
	expect(*state, "say \"no\"", " key=\"say \\\"no\\\"\"");
	expect(*state, "back\\slash", " key=\"back\\\\slash\"");
}

static void nothing_ends_the_line_or_moves_the_terminal(void **state)
{
	expect(*state, "a\nevent=fake", " key=\"a event=fake\"");
	expect(*state, "a\r\n<2>event", " key=\"a  <2>event\"");
	expect(*state, "a\nb", " key=\"a b\"");
	expect(*state, "\nb", " key=\" b\"");
	expect(*state, "\x1b[31mred", " key=\" [31mred\"");
	expect(*state, "bell\x07", " key=\"bell \"");
	expect(*state,
	        "c1\xc2\x9b"
	        "31m",
	        " key=\"c1  31m\"");
	expect(*state, "line\xe2\x80\xa8separator", " key=\"line   separator\"");
	expect(*state, "\xff\xfe", " key=??");
}

static void any_bytes_make_one_line(void **state)
{
	uint64_t seed = 11;

	for (int i = 0; i < 300; i++) {
		char value[64];
		for (size_t b = 0; b < sizeof value; b++)
			value[b] = (char)next_number(&seed);
		value[sizeof value - 1] = '\0';
		char *line = written(*state, "went", "key", value);
		size_t len = strlen(line);
		assert_ptr_equal(strchr(line, '\n'), line + len - 1);
		assert_true(utf8_valid(line, len, NULL));
		assert_string_equal(line + len - 10, " last=end\n");
		free(line);
	}
}

static void a_long_value_is_cut_and_the_line_still_ends(void **state)
{
	char *value = mem_zero(60001);

	for (size_t i = 0; i < 60000; i += 3)
		memcpy(value + i, "警", 3);
	char *line = written(*state, "went", "key", value);
	size_t len = strlen(line);
	assert_true(len < 16400);
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	assert_true(utf8_valid(line, len, NULL));
	free(line);
	memset(value, '"', 60000);
	line = written(*state, value, "key", value);
	len = strlen(line);
	assert_ptr_equal(strchr(line, '\n'), line + len - 1);
	free(line);
	free(value);
}

/* --- whoever reads it hangs, or is gone --------------------------------------------------------
 */

/* stderr becomes a pipe's end; what to put back. */
static int into_pipe(int *reader)
{
	int ends[2];
	int kept = dup(STDERR_FILENO);

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(kept >= 0 && dup2(ends[1], STDERR_FILENO) >= 0);
	close(ends[1]);
	*reader = ends[0];
	return kept;
}

static void put_back(int kept)
{
	dup2(kept, STDERR_FILENO);
	close(kept);
}

/* Not by O_NONBLOCK: whoever shares the pipe would have it too, and a log that waits were not found
 * out. */
static size_t fill(void)
{
	static const char bytes[4096];
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};
	size_t filled = 0;

	while (poll(&fd, 1, 0) == 1) {
		ssize_t n = write(STDERR_FILENO, bytes, sizeof bytes);
		assert_true(n > 0);
		filled += (size_t)n;
	}
	return filled;
}

static void read_all(int reader, char *into, size_t len)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = read(reader, into + got, len - got);
		assert_true(n > 0);
		got += (size_t)n;
	}
}

static void a_reader_that_hangs_loses_lines_and_holds_nobody_up(void **state)
{
	enum { LINES = 200 };
	char *filled, line[200] = "";
	int reader, kept = into_pipe(&reader);

	(void)state;
	alarm(60); /* it would wait for ever */
	size_t len = fill();
	for (int i = 0; i < LINES; i++)
		log_event(LOG_INFO, "hung", NULL);
	alarm(0);
	filled = mem_zero(len);
	read_all(reader, filled, len);
	log_event(LOG_INFO, "again", NULL);
	assert_true(read(reader, line, sizeof line - 1) > 0);
	put_back(kept);
	close(reader);
	free(filled);
	assert_string_equal(line, "<3>event=log-lost lines=200\n<6>event=again\n");
}

static void a_reader_that_is_gone_ends_nobody(void **state)
{
	int reader, kept = into_pipe(&reader);

	(void)state;
	signal(SIGPIPE, SIG_IGN); /* as every program of ours does */
	close(reader);
	log_event(LOG_INFO, "unheard", NULL);
	put_back(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                values_are_quoted_as_needed, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(
	                nothing_ends_the_line_or_moves_the_terminal, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(
	                any_bytes_make_one_line, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(
	                a_long_value_is_cut_and_the_line_still_ends, make_folder, remove_folder),
	        cmocka_unit_test(a_reader_that_hangs_loses_lines_and_holds_nobody_up),
	        cmocka_unit_test(a_reader_that_is_gone_ends_nobody),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
