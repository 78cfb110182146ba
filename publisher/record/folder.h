/* SPDX-License-Identifier: Apache-2.0
 * folder - where the record lives: FOLDER/record.db, FOLDER/lock and
 * FOLDER/audit.key. Inside this room only.
 */
#ifndef TOCSIN_FOLDER_H
#define TOCSIN_FOLDER_H

#include "err.h"

/* Beside the record while a backup is being restored (backup_restore.c). */
#define FOLDER_RESTORING "restoring"

/* Makes the folder if it is not there, takes its lock. */
bool folder_lock(const char *folder, int *lock, struct err *err);

/* Makes the folder if it is not there, takes its lock (held as long as *lock is open), makes the
 * file. Refuses a folder in which a restore was broken off. */
bool folder_open(const char *folder, int *lock, char **database, struct err *err);

/* The key of keyed digests, made when there is none: whoever takes the file away makes the digests
 * of before unlinkable, and the next start makes another. NULL + *err; the caller's. */
char *folder_audit_key(const char *folder, struct err *err);

#endif
