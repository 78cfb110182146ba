/* SPDX-License-Identifier: Apache-2.0
 * view_rows - the texts of a view as a table, shared by view.c and view_frame.c only.
 */
#ifndef TOCSIN_VIEW_ROWS_H
#define TOCSIN_VIEW_ROWS_H

#include <stddef.h>

#include "view.h"

extern const size_t view_texts[]; /* offsets into struct view, in the order of the wire */
extern const size_t view_text_count;
char **view_text(struct view *view, size_t row);

#endif
