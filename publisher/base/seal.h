/* SPDX-License-Identifier: Apache-2.0
 * seal - a few bytes kept closed at rest: AES-256-GCM under a key drawn from a secret file, bound
 * to what they belong to. Who copies the record without that file can read none of them.
 */
#ifndef TOCSIN_SEAL_H
#define TOCSIN_SEAL_H

#include <stdbool.h>
#include <stddef.h>

/* base64 of nonce, bytes and tag; the caller's. `about` must be the same when it is opened. */
char *seal_close(const char *secret, const char *about, const void *bytes, size_t len);
/* NULL: sealed under another secret, about something else, or changed. Else the caller's, *len
 * bytes with a NUL behind. */
unsigned char *seal_open(const char *secret, const char *about, const char *sealed, size_t *len);

#endif
