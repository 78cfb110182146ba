/* SPDX-License-Identifier: Apache-2.0
 * disk - what the signer keeps is on the disk before anybody is answered. errno says what failed.
 */
#ifndef TOCSIN_DISK_H
#define TOCSIN_DISK_H

#include <stdbool.h>
#include <stddef.h>

/* All of it, and synced. */
bool disk_write(int fd, const char *bytes, size_t len);
/* A whole new file (0600) takes the place of the old one, if there is one: a crash leaves the one
 * before or this one. Its descriptor, open for reading and appending; -1: either of them stands. */
int disk_replace(const char *path, const char *bytes, size_t len);

#endif
