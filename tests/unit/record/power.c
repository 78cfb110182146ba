/* SPDX-License-Identifier: Apache-2.0
 * power - see power.h.
 */
#include "power.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { SECTOR = 512 };

static struct power_file *file_of(const struct power *power, int number)
{
	return &power->files[number];
}

static void grow(struct power_bytes *bytes, size_t to)
{
	if (to >= bytes->room) {
		bytes->room = to * 2 + 1;
		bytes->data = mem_resize(bytes->data, bytes->room, 1);
	}
	if (to > bytes->len)
		memset(bytes->data + bytes->len, 0, to - bytes->len); /* a hole */
	bytes->len = to;
}

static void put(struct power_bytes *bytes, size_t at, const char *from, size_t n)
{
	if (at + n > bytes->len)
		grow(bytes, at + n);
	if (n > 0)
		memcpy(bytes->data + at, from, n);
}

static void do_whole(const struct disk_op *op, struct power_bytes *bytes)
{
	if (op->kind == DISK_WRITE)
		put(bytes, (size_t)op->at, op->bytes, op->len);
	else
		grow(bytes, (size_t)op->at);
}

static void folder_synced(struct power *power)
{
	for (size_t i = 0; i < power->file_count; i++) {
		struct power_file *file = &power->files[i];
		mem_set_text(&file->name, file->is_made ? file->to_name : NULL);
	}
}

static void synced(struct power *power, const struct disk_op *op)
{
	struct power_file *file = file_of(power, op->file);

	for (size_t i = 0; i < file->unsynced_count; i++)
		do_whole(&power->journal->ops[file->unsynced[i]], &file->bytes);
	file->unsynced_count = 0;
	if (op->folder)
		folder_synced(power);
}

static void made(struct power *power, const struct disk_op *op)
{
	while (power->file_count <= (size_t)op->file)
		mem_push(&power->files, &power->file_count, sizeof *power->files);
	struct power_file *file = file_of(power, op->file);
	file->to_name = mem_text(op->name);
	file->is_made = true;
	if (op->bytes) {
		file->name = mem_text(op->name);
		put(&file->bytes, 0, op->bytes, op->len);
	}
}

static void done(struct power *power, size_t index)
{
	const struct disk_op *op = &power->journal->ops[index];
	struct power_file *file;

	switch (op->kind) {
	case DISK_MAKE:
		made(power, op);
		return;
	case DISK_WRITE:
	case DISK_TRUNCATE:
		file = file_of(power, op->file);
		*(size_t *)mem_push(&file->unsynced, &file->unsynced_count, sizeof(size_t)) = index;
		return;
	case DISK_SYNC:
		synced(power, op);
		return;
	case DISK_DELETE:
		file_of(power, op->file)->is_made = false;
		if (op->folder)
			folder_synced(power);
		return;
	case DISK_MARK:
		power->mark = op->mark;
		return;
	}
}

void power_start(struct power *power, const struct disk_journal *journal)
{
	*power = (struct power){.journal = journal, .mark = -1};
}

void power_finish(struct power *power)
{
	for (size_t i = 0; i < power->file_count; i++) {
		free(power->files[i].bytes.data);
		free(power->files[i].unsynced);
		free(power->files[i].name);
		free(power->files[i].to_name);
	}
	free(power->files);
}

bool power_step(struct power *power)
{
	if (power->next >= power->journal->count)
		return false;
	do
		done(power, power->next++);
	while (power->next < power->journal->count &&
	        power->journal->ops[power->next].kind != DISK_SYNC &&
	        power->journal->ops[power->next - 1].kind != DISK_MARK);
	return true;
}

bool power_open_ended(const struct power *power)
{
	for (size_t i = 0; i < power->file_count; i++) {
		const struct power_file *file = &power->files[i];
		if (file->unsynced_count > 0 || (file->name != NULL) != file->is_made)
			return true;
	}
	return false;
}

/* --- one way to come out ---------------------------------------------------------------------- */

/* Sector by sector, as aligned in the file: a disk writes a sector or does not. */
static void do_sectors(const struct disk_op *op, unsigned way, unsigned *seed, size_t last,
        struct power_bytes *bytes)
{
	size_t start = (size_t)op->at, end = start + op->len;

	for (size_t at = start; at < end;) {
		size_t next = (at / SECTOR + 1) * SECTOR;
		size_t n = (next < end ? next : end) - at;
		if (way == POWER_TORN ? at - start < last : rand_r(seed) & 1)
			put(bytes, at, op->bytes + (at - start), n);
		at += n;
	}
}

static void come_out(const struct power *power, const struct power_file *file, unsigned way,
        unsigned *seed, struct power_bytes *bytes)
{
	for (size_t i = 0; i < file->unsynced_count; i++) {
		const struct disk_op *op = &power->journal->ops[file->unsynced[i]];
		bool is_last = i + 1 == file->unsynced_count;
		bool torn =
		        way == POWER_TORN ? is_last : way >= POWER_RANDOM && rand_r(seed) % 4 == 0;
		if (way == POWER_NONE || (way >= POWER_RANDOM && !torn && rand_r(seed) & 1))
			continue;
		if (torn && op->kind == DISK_WRITE)
			do_sectors(op, way, seed, (size_t)rand_r(seed) % op->len, bytes);
		else
			do_whole(op, bytes);
	}
}

static void write_file(const char *folder, const char *name, const struct power_bytes *bytes)
{
	char *path = mem_format("%s/%s", folder, name);
	FILE *out = fopen(path, "wbe");

	if (!out || fwrite(bytes->data, 1, bytes->len, out) != bytes->len || fclose(out) != 0)
		abort();
	free(path);
}

void power_fail(const struct power *power, unsigned way, const char *folder)
{
	unsigned seed = way * 2654435761u + (unsigned)power->next;

	for (size_t i = 0; i < power->file_count; i++) {
		const struct power_file *file = &power->files[i];
		bool renamed = way == POWER_NONE    ? false
		               : way < POWER_RANDOM ? true
		                                    : rand_r(&seed) & 1;
		const char *name = renamed ? file->is_made ? file->to_name : NULL : file->name;
		if (!name)
			continue;
		struct power_bytes bytes = {0};
		grow(&bytes, 0);
		put(&bytes, 0, file->bytes.data, file->bytes.len);
		come_out(power, file, way, &seed, &bytes);
		write_file(folder, name, &bytes);
		free(bytes.data);
	}
}
