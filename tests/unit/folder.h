/* SPDX-License-Identifier: Apache-2.0
 * folder - a folder of a test's or a bench's own, gone with all in it at the end; and files read
 * whole. What cannot be made ends the program.
 */
#ifndef TOCSIN_TEST_FOLDER_H
#define TOCSIN_TEST_FOLDER_H

#include <stdbool.h>

char *folder_make(void); /* the caller's path */
void folder_remove(char **folder);
char *folder_read(const char *folder, const char *path); /* the caller's; NULL: no such file */
void folder_write(
        const char *folder, const char *path, const char *text); /* only the owner may read it */
bool folder_has(const char *folder, const char *path);

#endif
