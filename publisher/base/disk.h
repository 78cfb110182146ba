/* SPDX-License-Identifier: Apache-2.0
 * disk - files that are on the disk, whole, before anybody is told of them. errno says what failed.
 */
#ifndef TOCSIN_DISK_H
#define TOCSIN_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest.h"

/* All of it, and synced. */
bool disk_write(int fd, const char *bytes, size_t len);
/* A whole new file (0600) takes the place of the old one, if there is one: a crash leaves the one
 * before or this one. Its descriptor, open for reading and appending; -1: either of them stands. */
int disk_replace(const char *path, const char *bytes, size_t len);
/* A copy (0600), synced, where there was nothing. Synced as it grows, so that other writers of this
 * disk never wait for all of it at once. */
bool disk_copy(const char *from, const char *to);
/* The names in a folder are on the disk. */
bool disk_sync_folder(const char *folder);
/* SHA-256 of a file, and its size. */
bool disk_digest(const char *path, char hex[DIGEST_HEX], int64_t *size);

#endif
