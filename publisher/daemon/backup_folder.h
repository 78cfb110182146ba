/* SPDX-License-Identifier: Apache-2.0
 * backup_folder - a folder of backups (backup_tool.h): names, which are there, which go.
 */
#ifndef TOCSIN_BACKUP_FOLDER_H
#define TOCSIN_BACKUP_FOLDER_H

#include <stddef.h>

#include "err.h"

#define BACKUP_PREFIX "tocsin-"
#define BACKUP_UNNAMED ".tocsin-being-made"
#define BACKUP_ABOUT "about"
#define BACKUP_SUMS "SHA256SUMS"

/* One backup and what is in it; nothing when it is not there. */
void backup_folder_remove(const char *backup);
/* Keeps the newest `keep`. */
bool backup_folder_thin(const char *folder, size_t keep, struct err *err);

#endif
