/* SPDX-License-Identifier: Apache-2.0
 * sorter - see sorter.h. Fails where the disk does; what lies on it goes with the descriptor.
 */
#include "sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "store_directory.h"
#include "veil.h"

enum { WINDOW = 64 << 10 }; /* bytes of each run that are in memory while they are merged */

/* A sorted stretch of the file, and the window that moves over it. */
struct run {
	int64_t at, end; /* bytes not read yet */
	unsigned char *window;
	size_t next, filled; /* bytes */
};

struct sorter {
	int (*compare)(const void *, const void *);
	char *folder;
	size_t size;
	unsigned char *full; /* records not written yet */
	size_t room, count;
	int fd;
	int64_t written;
	struct veil *veil;
	struct run *runs;
	size_t run_count;
	size_t *heap; /* runs that have a record, smallest first */
	size_t heap_count;
	bool taken; /* the first of the heap has been given out */
};

struct sorter *sorter_create(
        const char *folder, size_t size, size_t memory, int (*compare)(const void *, const void *))
{
	struct sorter *s = mem_zero(sizeof *s);

	s->compare = compare;
	s->folder = mem_text(folder);
	s->size = size;
	s->room = (memory ? memory : SORTER_MEMORY) / size;
	s->full = mem_array(s->room, size);
	s->fd = -1;
	s->veil = veil_create();
	return s;
}

void sorter_destroy(struct sorter **place)
{
	struct sorter *s = *place;

	*place = NULL;
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	for (size_t i = 0; i < s->run_count; i++)
		free(s->runs[i].window);
	veil_destroy(&s->veil);
	free(s->folder);
	free(s->full);
	free(s->runs);
	free(s->heap);
	free(s);
}

static bool failed(const struct sorter *s, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "无法在 %s 中排序：%s", "cannot sort in %s: %s",
	        s->folder, strerror(errno));
}

static bool write_all(const struct sorter *s, const unsigned char *bytes, size_t len)
{
	while (len) {
		ssize_t some = write(s->fd, bytes, len);
		if (some < 0 && errno == EINTR)
			continue;
		if (some <= 0)
			return false;
		bytes += some;
		len -= (size_t)some;
	}
	return true;
}

static bool spill(struct sorter *s, struct err *err)
{
	size_t len = s->count * s->size;

	if (s->count == 0)
		return true;
	if (s->fd < 0)
		s->fd = open(s->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return failed(s, err);
	if (!directory_room(s->folder, (int64_t)len, err))
		return false;
	qsort(s->full, s->count, s->size, s->compare);
	struct run *run = mem_push(&s->runs, &s->run_count, sizeof *run);
	run->at = s->written;
	run->end = s->written + (int64_t)len;
	veil_turn(s->veil, s->written, s->full, len);
	if (!write_all(s, s->full, len))
		return failed(s, err);
	s->written = run->end;
	s->count = 0;
	return true;
}

bool sorter_put(struct sorter *s, const void *record, struct err *err)
{
	if (s->count == s->room && !spill(s, err))
		return false;
	memcpy(s->full + s->count++ * s->size, record, s->size);
	return true;
}

/* --- taking ----------------------------------------------------------------------------------- */

static const unsigned char *head(const struct sorter *s, size_t place)
{
	const struct run *run = &s->runs[s->heap[place]];

	return run->window + run->next;
}

static bool fill(struct sorter *s, struct run *run, struct err *err)
{
	size_t want = WINDOW / s->size * s->size;

	if ((int64_t)want > run->end - run->at)
		want = (size_t)(run->end - run->at);
	for (size_t got = 0; got < want;) {
		ssize_t some = pread(
		        s->fd, run->window + got, want - got, (off_t)(run->at + (int64_t)got));
		if (some < 0 && errno == EINTR)
			continue;
		if (some <= 0)
			return failed(s, err);
		got += (size_t)some;
	}
	veil_turn(s->veil, run->at, run->window, want);
	run->at += (int64_t)want;
	run->filled = want;
	run->next = 0;
	return true;
}

static void sink(struct sorter *s, size_t place)
{
	for (;;) {
		size_t least = place;
		for (size_t child = 2 * place + 1; child <= 2 * place + 2; child++)
			if (child < s->heap_count && s->compare(head(s, child), head(s, least)) < 0)
				least = child;
		if (least == place)
			return;
		size_t run = s->heap[place];
		s->heap[place] = s->heap[least];
		s->heap[least] = run;
		place = least;
	}
}

bool sorter_sort(struct sorter *s, struct err *err)
{
	if (!spill(s, err))
		return false;
	free(s->full);
	s->full = NULL;
	s->heap = mem_array(s->run_count + 1, sizeof *s->heap);
	for (size_t i = 0; i < s->run_count; i++) {
		s->runs[i].window = mem_array(WINDOW, 1);
		if (!fill(s, &s->runs[i], err))
			return false;
		s->heap[s->heap_count++] = i;
	}
	for (size_t i = s->heap_count; i-- > 0;)
		sink(s, i);
	return true;
}

/* What was given out last makes room. */
static bool step(struct sorter *s, struct err *err)
{
	struct run *run = &s->runs[s->heap[0]];

	run->next += s->size;
	if (run->next == run->filled && run->at < run->end) {
		if (!fill(s, run, err))
			return false;
	} else if (run->next == run->filled) {
		s->heap[0] = s->heap[--s->heap_count];
	}
	if (s->heap_count)
		sink(s, 0);
	return true;
}

bool sorter_take(struct sorter *s, const void **record, struct err *err)
{
	*record = NULL;
	if (s->taken && s->heap_count && !step(s, err))
		return false;
	s->taken = true;
	if (s->heap_count)
		*record = head(s, 0);
	return true;
}
