/* SPDX-License-Identifier: Apache-2.0
 * hand_in - a source's line to tocsind: hello, bytes, and the word that they are on disk.
 *
 * Comes back by itself after tocsind was away. What was handed in and not answered is handed in
 * again: tocsind knows a repeat by the message itself.
 */
#ifndef TOCSIN_HAND_IN_H
#define TOCSIN_HAND_IN_H

#include <stddef.h>

#include "err.h"
#include "mem.h"

struct hand_in;

/* Connects and says hello; *type and the options come from tocsind's settings. NULL: not now, or
 * refused (*err). */
struct hand_in *hand_in_open(const char *socket_path, const char *name, struct err *err);
void hand_in_close(struct hand_in **line);
const char *hand_in_type(const struct hand_in *line);
/* Fills an instance from the options by its rows (option.h). */
struct option;
bool hand_in_options(
        const struct hand_in *line, const struct option *rows, void *instance, struct err *err);

enum handed { HANDED_TAKEN, HANDED_REFUSED, HANDED_LATER, HANDED_LOST };
/* TAKEN: on disk over there. REFUSED: for good, *err says why. LATER: busy, or a part of it is
 * failing. LOST: the line broke; open anew. */
enum handed hand_in_bytes(
        struct hand_in *line, const char *name, const void *bytes, size_t len, struct err *err);

/* Waits for at most ms, or until tocsind says stop or the line breaks (false). */
bool hand_in_wait(struct hand_in *line, int ms);

#endif
