/* SPDX-License-Identifier: Apache-2.0
 * seen_file - a file that only grows: a line that says what it is, then lines each with a checksum
 * over it and all before it. What was added is on the disk when seen_file_add returns.
 *
 * A last line that was torn when power or program failed is cut off: nobody was answered for it.
 * Anything else that does not fit is refused with file and line; what stands before that line is
 * good. One program at a time.
 */
#ifndef TOCSIN_SEEN_FILE_H
#define TOCSIN_SEEN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "mem.h"

struct seen_file;
typedef bool seen_file_take(void *arg, const char *line); /* false: this is no line of ours */

/* form: the first line, without its end. NULL: *err, ERR_CONFIG. */
struct seen_file *seen_file_open(
        const char *path, const char *form, seen_file_take *take, void *arg, struct err *err);
void seen_file_close(struct seen_file **file);
size_t seen_file_lines(const struct seen_file *file);

/* false: *err, and the file is as it was; or, when that is not sure, nothing is added any more
 * until it is opened anew. */
bool seen_file_add(struct seen_file *file, const char *line, struct err *err);
/* These lines take the place of all; where there is no room for that, all stay, and it is logged:
 * a full disk keeps no signer from starting. false: *err, and neither is sure. */
bool seen_file_rewrite(struct seen_file *file, const struct texts *lines, struct err *err);

#endif
