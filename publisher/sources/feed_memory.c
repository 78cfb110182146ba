/* SPDX-License-Identifier: Apache-2.0
 * feed_memory - see feed_memory.h. A line each: whose feed it is, its ETag and date, a digest for
 * each entry. What is damaged is left out.
 */
#include "feed_memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "disk.h"
#include "log.h"

enum { MEMORY_MAX = 1 << 20 };

static void take_line(struct feed_memory *memory, const char *line)
{
	if (strncmp(line, "seen ", 5) == 0 && digest_is_hex(line + 5))
		feed_memory_at(memory, line + 5)->state = SEEN_DONE;
	else if (strncmp(line, "etag ", 5) == 0)
		mem_set_text(&memory->etag, line + 5);
	else if (strncmp(line, "modified ", 9) == 0)
		mem_set_text(&memory->modified, line + 9);
}

/* Of another feed nothing is taken over. */
static void take_lines(struct feed_memory *memory, char *text)
{
	char digest[DIGEST_HEX];
	char *rest = text;
	char *line = strsep(&rest, "\n");

	digest_sha256(memory->url, strlen(memory->url), digest);
	if (strncmp(line, "feed ", 5) != 0 || strcmp(line + 5, digest) != 0)
		return;
	while ((line = strsep(&rest, "\n")) != NULL)
		take_line(memory, line);
}

void feed_memory_open(struct feed_memory *memory, const char *path, const char *url)
{
	FILE *file = fopen(path, "re");
	struct buf text;

	*memory = (struct feed_memory){.path = mem_text(path), .url = mem_text(url)};
	buf_init(&text, MEMORY_MAX);
	if (file && buf_read(&text, file) && text.len)
		take_lines(memory, text.data);
	else if (!file && errno != ENOENT)
		log_event(LOG_ERROR, "memory-not-read", "path", path, "reason", strerror(errno),
		        NULL);
	buf_finish(&text);
	if (file)
		fclose(file);
	memory->changed = false;
}

void feed_memory_close(struct feed_memory *memory)
{
	free(memory->path);
	free(memory->url);
	free(memory->etag);
	free(memory->modified);
	free(memory->items);
	*memory = (struct feed_memory){0};
}

struct seen *feed_memory_at(struct feed_memory *memory, const char key[DIGEST_HEX])
{
	for (size_t i = 0; i < memory->count; i++)
		if (strcmp(memory->items[i].key, key) == 0)
			return &memory->items[i];
	struct seen *seen = mem_push(&memory->items, &memory->count, sizeof *seen);

	memcpy(seen->key, key, DIGEST_HEX);
	memory->changed = true;
	return seen;
}

bool feed_memory_due(const struct feed_memory *memory, int64_t now)
{
	for (size_t i = 0; i < memory->count; i++) {
		const struct seen *seen = &memory->items[i];
		if (seen->state == SEEN_NOT || (seen->state == SEEN_WAITS && seen->next <= now))
			return true;
	}
	return false;
}

void feed_memory_answer(struct feed_memory *memory, const char *etag, const char *modified)
{
	mem_set_text(&memory->etag, etag);
	mem_set_text(&memory->modified, modified);
	memory->changed = true;
}

void feed_memory_sweep(struct feed_memory *memory)
{
	size_t kept = 0;

	for (size_t i = 0; i < memory->count; i++) {
		struct seen seen = memory->items[i];
		if (!seen.listed)
			continue;
		seen.listed = false;
		memory->items[kept++] = seen;
	}
	memory->changed = memory->changed || kept != memory->count;
	memory->count = kept;
}

/* While an entry is not done with, the next process must read the feed anew, whatever has changed
 * in it: then its ETag is not kept. */
static void put_lines(const struct feed_memory *memory, struct buf *out)
{
	char digest[DIGEST_HEX];
	bool whole = true;

	digest_sha256(memory->url, strlen(memory->url), digest);
	buf_format(out, "feed %s\n", digest);
	for (size_t i = 0; i < memory->count; i++) {
		if (memory->items[i].state == SEEN_DONE)
			buf_format(out, "seen %s\n", memory->items[i].key);
		else
			whole = false;
	}
	if (whole && memory->etag)
		buf_format(out, "etag %s\n", memory->etag);
	if (whole && memory->modified)
		buf_format(out, "modified %s\n", memory->modified);
}

void feed_memory_save(struct feed_memory *memory)
{
	struct buf out;
	int fd;

	if (!memory->changed)
		return;
	buf_init(&out, MEMORY_MAX);
	put_lines(memory, &out);
	fd = disk_replace(memory->path, out.data, out.len);
	if (fd < 0)
		log_event(LOG_ERROR, "memory-not-kept", "path", memory->path, "reason",
		        strerror(errno), NULL);
	else
		close(fd);
	memory->changed = fd < 0;
	buf_finish(&out);
}
