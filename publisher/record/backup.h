/* SPDX-License-Identifier: Apache-2.0
 * backup - a copy of the record while it is in use, and a record out of such a copy.
 *
 * The copy is made by SQLite's backup interface out of one read transaction: one state of the
 * record, page for page, and neither begun anew nor held up by what is written meanwhile. The
 * writer never waits for it: in WAL mode readers and writer do not know of each other, and the copy
 * goes by the mebibyte, synced as it grows, with a pause behind each. What it costs is that the
 * write-ahead log is not moved into the tables beyond the state that is copied; it grows by what is
 * written in that time.
 */
#ifndef TOCSIN_BACKUP_H
#define TOCSIN_BACKUP_H

#include "store_hold.h"

/* What a copy holds. */
struct backup_facts {
	int64_t schema;
	int64_t records; /* of the audit chain */
	char head[DIGEST_HEX];
};

/* FOLDER/record.db into the new file `to` (0600), synced. Then every page of the copy is looked at:
 * one that is damaged is refused (ERR_DAMAGED names what is), for the record is damaged then.
 */
bool backup_copy(const char *folder, const char *to, struct backup_facts *facts, struct err *err);

/* The directory of recipients beside it likewise, taken after the record so that it holds every
 * audience the record names. *there false: there is none, and nothing was made. */
bool backup_copy_directory(const char *folder, const char *to, bool *there, struct err *err);

/* Every page of the record, read-only, beside whoever runs on it; minutes when it is large. false:
 * *err says what is damaged. */
bool backup_check(const char *path, struct err *err);

/* The copy becomes the record of this folder, and `directory` (NULL: none) its directory of
 * recipients, under a hold: brought up to date, looked at, and in
 * its place last of all. A kill at any moment leaves a folder without a record, which is refused by
 * record_open until this was done again. key: the audit key's file, or NULL. hold: since and copied
 * are the caller's. */
bool backup_restore(const char *copy, const char *key, const char *directory, const char *folder,
        enum mode mode, const char *digest, struct hold *hold, struct err *err);

#endif
