/* SPDX-License-Identifier: Apache-2.0
 * folder - where the record lives: FOLDER/record.db and FOLDER/lock. Inside this room only.
 */
#ifndef TOCSIN_FOLDER_H
#define TOCSIN_FOLDER_H

#include "err.h"

/* Makes the folder if it is not there, takes its lock (held as long as *lock is open), makes the
 * file. */
bool folder_open(const char *folder, int *lock, char **database, struct err *err);

#endif
