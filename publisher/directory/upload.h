/* SPDX-License-Identifier: Apache-2.0
 * upload - a CSV of recipients that comes in parts from an administrator's browser, and its import.
 *
 * One at a time. What has come lies in a file without a name in the state folder: it is gone with
 * the descriptor, and nobody reads it back but the import. Any thread; moments are boot ms.
 */
#ifndef TOCSIN_UPLOAD_H
#define TOCSIN_UPLOAD_H

#include "import.h"

enum { UPLOAD_PART_MOST = 256 << 10, UPLOAD_IDLE_MS = 10 * 60 * 1000, UPLOAD_ID = 17 };

enum upload_state {
	UPLOAD_NONE,
	UPLOAD_COMING,
	UPLOAD_IMPORTING,
	UPLOAD_DONE,    /* a generation is ready */
	UPLOAD_REFUSED, /* err says why; nothing has changed */
};
const char *upload_state_text(enum upload_state state);

struct upload_seen {
	enum upload_state state;
	char id[UPLOAD_ID];
	char *officer;
	int64_t size, came; /* bytes */
	int64_t read;       /* good lines, while it is imported */
	int64_t generation;
	bool faults; /* some lines were */
	struct err err;
};
void upload_seen_finish(struct upload_seen *seen);

struct upload;
struct upload *upload_create(const char *folder, int64_t most);
void upload_destroy(struct upload **upload);

/* ERR_CONFLICT: another one is under way; ERR_TOO_BIG: `size` is over the limit. */
bool upload_begin(struct upload *upload, const char *officer, int64_t size, int64_t now,
        char id[UPLOAD_ID], struct err *err);
/* `at`: the bytes before it; ERR_CONFLICT when others have come. ERR_DENIED for another officer's.
 */
bool upload_part(struct upload *upload, const char *id, const char *officer, int64_t at,
        const void *bytes, size_t len, int64_t now, struct err *err);
/* All of it has come: from now on it waits for upload_import. */
bool upload_whole(
        struct upload *upload, const char *id, const char *officer, int64_t now, struct err *err);
/* Takes a while; `order` without path, errors and name. */
void upload_import(struct upload *upload, const struct import *order);
/* Destroys what has come. ERR_CONFLICT: it is being imported. */
bool upload_drop(struct upload *upload, const char *id, const char *officer, struct err *err);
void upload_run_out(struct upload *upload, int64_t now); /* one that nobody goes on with */
void upload_look(struct upload *upload, struct upload_seen *out);
/* The faulty lines of the last one, as far as they fit `most` bytes; where they do not, a last line
 * says so. ERR_MISSING: none. */
bool upload_faults(struct upload *upload, size_t most, struct buf *out, struct err *err);

#endif
