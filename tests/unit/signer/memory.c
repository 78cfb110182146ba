/* SPDX-License-Identifier: Apache-2.0
 * memory - see memory.h.
 */
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

int memory_setup(void **state)
{
	struct memory *memory = mem_zero(sizeof *memory);

	snprintf(memory->folder, sizeof memory->folder, "/tmp/tocsin-seen-XXXXXX");
	if (!mkdtemp(memory->folder))
		return -1;
	memory->path = mem_format("%s/seen", memory->folder);
	*state = memory;
	return 0;
}

int memory_teardown(void **state)
{
	struct memory *memory = *state;

	unlink(memory->path);
	rmdir(memory->folder);
	free(memory->path);
	free(memory);
	return 0;
}

struct seen *memory_open(const struct memory *memory, int64_t now)
{
	struct err err = {0};
	struct seen *seen = seen_open(memory->path, MODE_LIVE, now, &err);

	if (!seen)
		fail_msg("not opened: %s", err.en);
	return seen;
}

void memory_refused(const struct memory *memory, const char *word)
{
	struct err err = {0};
	struct seen *seen = seen_open(memory->path, MODE_LIVE, MEMORY_NOW, &err);

	if (seen) {
		seen_close(&seen);
		fail_msg("opened, want a refusal with \"%s\"", word);
	}
	if (!strstr(err.en, word) || !strstr(err.en, memory->path) || !err.zh[0])
		fail_msg("refused with \"%s\", want \"%s\"", err.en, word);
	assert_int_equal(err.kind, ERR_CONFIG);
}

static struct manifest message(const char *identifier, int64_t expires)
{
	return (struct manifest){
	        .identifier = (char *)identifier, .sender = (char *)"s", .expires = expires};
}

bool memory_end(struct seen *seen, const char *identifier, int64_t expires, struct err *err)
{
	const struct manifest m = message(identifier, expires);

	return seen_end(seen, &m, err);
}

bool memory_has_ended(const struct seen *seen, const char *identifier)
{
	const struct manifest m = message(identifier, 0);

	return !seen_lacks_end(seen, &m, NULL);
}

/* The first `count` steps of an incident that any test shares. */
static struct signed_steps steps_up_to(size_t count, int64_t time)
{
	struct signed_steps steps = {0};

	for (size_t i = 0; i < count; i++) {
		struct signed_step *step = mem_push(&steps.items, &steps.count, sizeof *step);
		step->text = mem_format("step %zu", i);
		step->proof.time = time;
		digest_sha256(step->text, strlen(step->text), step->proof.manifest);
	}
	return steps;
}

bool memory_go(struct seen *seen, const char *incident, size_t count, int64_t time, bool closed)
{
	struct signed_steps steps = steps_up_to(count, time);
	bool ok = seen_steps(seen, incident, &steps, closed, NULL);

	signed_steps_finish(&steps);
	return ok;
}

char *memory_read(const struct memory *memory)
{
	FILE *file = fopen(memory->path, "re");
	struct buf bytes;

	assert_non_null(file);
	buf_init(&bytes, 0);
	assert_true(buf_read(&bytes, file));
	fclose(file);
	char *text = buf_take(&bytes);
	buf_finish(&bytes);
	return text;
}

void memory_write(const struct memory *memory, const char *bytes, size_t len)
{
	FILE *file = fopen(memory->path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

/* Three messages that have ended; the file's text. */
char *memory_of_three(const struct memory *memory)
{
	struct seen *seen = memory_open(memory, MEMORY_NOW);

	assert_true(memory_end(seen, "m-1", 0, NULL));
	assert_true(memory_end(seen, "m-2", 0, NULL));
	assert_true(memory_end(seen, "m-3", 0, NULL));
	seen_close(&seen);
	return memory_read(memory);
}
