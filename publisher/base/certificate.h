/* SPDX-License-Identifier: Apache-2.0
 * certificate - when the certificates in a PEM file end; nothing else of them is judged here.
 */
#ifndef TOCSIN_CERTIFICATE_H
#define TOCSIN_CERTIFICATE_H

#include <stdint.h>

#include "err.h"

/* For each certificate, in the file's order. subject: one line, borrowed; ends: ms, the first
 * moment at which it no longer holds. */
typedef void (*certificate_each)(void *arg, const char *subject, int64_t ends);
/* false: no file, or no certificate in it (*err). */
bool certificate_read(const char *path, certificate_each each, void *arg, struct err *err);

#endif
