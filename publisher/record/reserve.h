/* SPDX-License-Identifier: Apache-2.0
 * reserve - room on the record's disk that nobody else can take: FOLDER/reserve. When the disk is
 * nearly full the file goes, and what it held is for what cannot wait: cancels, red, and what
 * becomes of them. When there is space again, it is made again. Inside this room only.
 */
#ifndef TOCSIN_RESERVE_H
#define TOCSIN_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

/* Gives it up if the disk is nearly full; makes nothing. */
void reserve_give_up(const char *folder);
/* That, or makes it where it is not and there is space. Cheap: before every group of changes. */
void reserve_look(const char *folder);
/* Is it there, or space to make it? Any thread. */
bool reserve_there(const char *folder);
/* May somebody else put so many bytes there and leave what a reserve and its upkeep need? */
bool reserve_spares(const char *folder, int64_t bytes);

#endif
