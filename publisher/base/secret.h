/* SPDX-License-Identifier: Apache-2.0
 * secret - passwords, tokens and keys come from files only, never from arguments, settings or the
 * environment. A name without a slash lies in $CREDENTIALS_DIRECTORY (systemd's LoadCredential=).
 */
#ifndef TOCSIN_SECRET_H
#define TOCSIN_SECRET_H

#include "err.h"

char *secret_path(const char *name, struct err *err); /* where it lies; the caller's */

/* The file's first line without its end. Refuses an empty file, one over 4 KiB, and one that others
 * may read. NULL and *err otherwise. */
char *secret_read(const char *name, struct err *err);
void secret_forget(char **secret); /* wiped, freed, NULL */

#endif
