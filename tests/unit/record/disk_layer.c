/* SPDX-License-Identifier: Apache-2.0
 * disk_layer - see disk_layer.h. SQLite's unix VFS syncs the folder with a file's first sync after
 * it made the file; so does the journal.
 */
#include "disk_layer.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mem.h"

enum { NAMES_MOST = 8 };

struct disk_file {
	sqlite3_file base;
	int number; /* -1: not watched */
	bool is_log;
	sqlite3_file *real; /* its room lies behind this struct */
};

/* A name and the file it stands for now. */
struct name {
	char *name; /* without the folder; NULL = free */
	int file;
	bool unsynced; /* made, and its folder not synced since */
};

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *below;
	pthread_mutex_t mutex;
	bool writing; /* the journal */
	struct disk_journal journal;
	struct name names[NAMES_MOST];
	int files;
	long changes, fail_at;
	enum disk_fault fault;
	bool for_good;
	enum disk_op_kind failed;
	disk_syncing syncing; /* NULL: nobody */
	void *syncing_arg;
} disk = {.mutex = PTHREAD_MUTEX_INITIALIZER, .failed = DISK_MARK};

/* --- the journal ------------------------------------------------------------------------------ */

static struct disk_op *note(enum disk_op_kind kind, int file)
{
	struct disk_op *op = mem_push(&disk.journal.ops, &disk.journal.count, sizeof *op);

	op->kind = kind;
	op->file = file;
	return op;
}

static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static struct name *find_name(const char *path)
{
	for (int i = 0; i < NAMES_MOST; i++)
		if (disk.names[i].name && strcmp(disk.names[i].name, short_name(path)) == 0)
			return &disk.names[i];
	return NULL;
}

static struct name *add_name(const char *path)
{
	for (int i = 0; i < NAMES_MOST; i++)
		if (!disk.names[i].name) {
			disk.names[i] =
			        (struct name){mem_text(short_name(path)), disk.files++, false};
			return &disk.names[i];
		}
	abort();
}

static void forget_names(void)
{
	for (int i = 0; i < NAMES_MOST; i++) {
		free(disk.names[i].name);
		disk.names[i].name = NULL;
	}
}

/* Now or never: true when the change is to fail. */
static bool fails(enum disk_op_kind kind)
{
	long change = ++disk.changes;

	if (disk.fault == DISK_WELL || disk.fault == DISK_DEAF || change < disk.fail_at ||
	        (change > disk.fail_at && !disk.for_good))
		return false;
	if (disk.failed == DISK_MARK)
		disk.failed = kind;
	return true;
}

void disk_journal_start(void)
{
	pthread_mutex_lock(&disk.mutex);
	disk.writing = true;
	disk.files = 0;
	forget_names();
	pthread_mutex_unlock(&disk.mutex);
}

struct disk_journal disk_journal_take(void)
{
	pthread_mutex_lock(&disk.mutex);
	struct disk_journal journal = disk.journal;
	disk.journal = (struct disk_journal){0};
	disk.writing = false;
	forget_names();
	pthread_mutex_unlock(&disk.mutex);
	return journal;
}

void disk_journal_finish(struct disk_journal *journal)
{
	for (size_t i = 0; i < journal->count; i++) {
		free(journal->ops[i].name);
		free(journal->ops[i].bytes);
	}
	free(journal->ops);
	*journal = (struct disk_journal){0};
}

void disk_mark(int64_t mark)
{
	pthread_mutex_lock(&disk.mutex);
	if (disk.writing)
		note(DISK_MARK, -1)->mark = mark;
	pthread_mutex_unlock(&disk.mutex);
}

void disk_fail(long at, enum disk_fault fault, bool for_good)
{
	pthread_mutex_lock(&disk.mutex);
	disk.changes = 0;
	disk.fail_at = at;
	disk.fault = fault;
	disk.for_good = for_good;
	disk.failed = DISK_MARK;
	pthread_mutex_unlock(&disk.mutex);
}

void disk_on_sync(disk_syncing syncing, void *arg)
{
	disk.syncing_arg = arg;
	disk.syncing = syncing;
}

long disk_changes(void)
{
	return disk.changes;
}

enum disk_op_kind disk_failed(void)
{
	return disk.failed;
}

/* --- one file --------------------------------------------------------------------------------- */

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct disk_file *)file)->real;
}

static int number(sqlite3_file *file)
{
	return ((struct disk_file *)file)->number;
}

static int file_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
	return real(file)->pMethods->xRead(real(file), to, len, at);
}

static int file_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
	if (number(file) < 0)
		return real(file)->pMethods->xWrite(real(file), from, len, at);
	pthread_mutex_lock(&disk.mutex);
	bool failing = fails(DISK_WRITE);
	int written = !failing ? len : disk.fault == DISK_FULL ? len / 2 : 0;
	int code = failing ? disk.fault == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE : SQLITE_OK;
	if (written > 0 && disk.writing) {
		struct disk_op *op = note(DISK_WRITE, number(file));
		op->at = at;
		op->len = (size_t)written;
		op->bytes = mem_text_n(from, op->len);
	}
	pthread_mutex_unlock(&disk.mutex);
	if (written > 0) {
		int below = real(file)->pMethods->xWrite(real(file), from, written, at);
		return code == SQLITE_OK ? below : code;
	}
	return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (number(file) >= 0) {
		pthread_mutex_lock(&disk.mutex);
		bool failing = fails(DISK_TRUNCATE);
		if (!failing && disk.writing)
			note(DISK_TRUNCATE, number(file))->at = size;
		pthread_mutex_unlock(&disk.mutex);
		if (failing)
			return SQLITE_IOERR_TRUNCATE;
	}
	return real(file)->pMethods->xTruncate(real(file), size);
}

static void note_sync(int file)
{
	struct disk_op *op = note(DISK_SYNC, file);

	for (int i = 0; i < NAMES_MOST; i++)
		if (disk.names[i].name && disk.names[i].file == file && disk.names[i].unsynced) {
			disk.names[i].unsynced = false;
			op->folder = true;
		}
}

static int file_sync(sqlite3_file *file, int flags)
{
	if (number(file) < 0)
		return real(file)->pMethods->xSync(real(file), flags);
	if (disk.syncing)
		disk.syncing(disk.syncing_arg, ((struct disk_file *)file)->is_log);
	pthread_mutex_lock(&disk.mutex);
	bool failing = fails(DISK_SYNC);
	if (!failing && disk.writing && disk.fault != DISK_DEAF)
		note_sync(number(file));
	pthread_mutex_unlock(&disk.mutex);
	/* The real one is let be: what a sync is worth is decided in the journal. */
	return failing ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int lock)
{
	return real(file)->pMethods->xLock(real(file), lock);
}

static int file_unlock(sqlite3_file *file, int lock)
{
	return real(file)->pMethods->xUnlock(real(file), lock);
}

static int file_reserved(sqlite3_file *file, int *is)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), is);
}

static int file_control(sqlite3_file *file, int what, void *arg)
{
	return real(file)->pMethods->xFileControl(real(file), what, arg);
}

static int file_sector(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int file_traits(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	return real(file)->pMethods->xShmMap(real(file), region, size, extend, out);
}

static int shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int shm_unmap(sqlite3_file *file, int delete)
{
	return real(file)->pMethods->xShmUnmap(real(file), delete);
}

static const sqlite3_io_methods methods = {
        .iVersion = 2,
        .xClose = file_close,
        .xRead = file_read,
        .xWrite = file_write,
        .xTruncate = file_truncate,
        .xSync = file_sync,
        .xFileSize = file_size,
        .xLock = file_lock,
        .xUnlock = file_unlock,
        .xCheckReservedLock = file_reserved,
        .xFileControl = file_control,
        .xSectorSize = file_sector,
        .xDeviceCharacteristics = file_traits,
        .xShmMap = shm_map,
        .xShmLock = shm_lock,
        .xShmBarrier = shm_barrier,
        .xShmUnmap = shm_unmap,
};

/* --- the folder ------------------------------------------------------------------------------- */

/* What a file held before the journal began counts as on disk. */
static void note_before(const char *path, int file)
{
	struct disk_op *op = note(DISK_MAKE, file);
	FILE *in = fopen(path, "rbe");
	struct stat st;

	op->name = mem_text(short_name(path));
	if (!in || fstat(fileno(in), &st) != 0)
		abort();
	op->len = (size_t)st.st_size;
	op->bytes = mem_zero(op->len + 1);
	if (fread(op->bytes, 1, op->len, in) != op->len)
		abort();
	fclose(in);
}

/* The file's number; -1: it cannot be made. */
static int known(const char *path)
{
	struct name *name = find_name(path);
	struct stat st;

	if (name)
		return name->file;
	bool there = stat(path, &st) == 0;
	if (!there && fails(DISK_MAKE))
		return -1;
	name = add_name(path);
	name->unsynced = !there;
	if (there && disk.writing)
		note_before(path, name->file);
	else if (disk.writing)
		note(DISK_MAKE, name->file)->name = mem_text(short_name(path));
	return name->file;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
	struct disk_file *mine = (struct disk_file *)file;

	(void)vfs;
	mine->base.pMethods = NULL;
	mine->number = -1;
	mine->is_log = flags & SQLITE_OPEN_WAL;
	mine->real = (sqlite3_file *)(mine + 1);
	if (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) {
		pthread_mutex_lock(&disk.mutex);
		mine->number = known(path);
		pthread_mutex_unlock(&disk.mutex);
		if (mine->number < 0)
			return SQLITE_CANTOPEN;
	}
	int code = disk.below->xOpen(disk.below, path, mine->real, flags, out);
	if (mine->real->pMethods)
		mine->base.pMethods = &methods;
	return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int folder)
{
	(void)vfs;
	pthread_mutex_lock(&disk.mutex);
	struct name *name = find_name(path);
	bool failing = name && fails(DISK_DELETE);
	if (name && !failing) {
		if (disk.writing) {
			struct disk_op *op = note(DISK_DELETE, name->file);
			op->name = mem_text(name->name);
			op->folder = folder && disk.fault != DISK_DEAF;
		}
		free(name->name);
		name->name = NULL;
	}
	pthread_mutex_unlock(&disk.mutex);
	return failing ? SQLITE_IOERR_DELETE : disk.below->xDelete(disk.below, path, 0);
}

void disk_install(void)
{
	disk.below = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.below;
	disk.vfs.zName = "disk";
	disk.vfs.pNext = NULL;
	disk.vfs.szOsFile = (int)sizeof(struct disk_file) + disk.below->szOsFile;
	disk.vfs.xOpen = vfs_open;
	disk.vfs.xDelete = vfs_delete;
	sqlite3_vfs_register(&disk.vfs, 1);
}

void disk_remove(void)
{
	sqlite3_vfs_unregister(&disk.vfs);
	sqlite3_vfs_register(disk.below, 1);
	pthread_mutex_lock(&disk.mutex);
	forget_names();
	pthread_mutex_unlock(&disk.mutex);
}
