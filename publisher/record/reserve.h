/* SPDX-License-Identifier: Apache-2.0
 * reserve - room on the record's disk that nobody else can take: FOLDER/reserve. When the disk is
 * nearly full the file goes, and what it held is for what cannot wait: cancels, red, and what
 * becomes of them. When there is space again, it is made again. Inside this room only.
 */
#ifndef TOCSIN_RESERVE_H
#define TOCSIN_RESERVE_H

#include <stdbool.h>

/* Gives it up if the disk is nearly full; makes nothing. */
void reserve_give_up(const char *folder);
/* That, or makes it where it is not and there is space. Cheap: before every group of changes. */
void reserve_look(const char *folder);
/* Is it there, or space to make it? Any thread. */
bool reserve_there(const char *folder);

#endif
