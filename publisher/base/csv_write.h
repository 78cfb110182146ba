/* SPDX-License-Identifier: Apache-2.0
 * csv_write - fields as RFC 4180 writes them, and as a spreadsheet may safely open them: what would
 * be taken for a formula (= + - @, a tab or a carriage return in front) gets an apostrophe.
 */
#ifndef TOCSIN_CSV_WRITE_H
#define TOCSIN_CSV_WRITE_H

#include "buf.h"

void csv_field(struct buf *out, const char *text); /* behind a comma, but for a line's first */
void csv_number(struct buf *out, double number);   /* at most three decimals */
void csv_end(struct buf *out);                     /* of the line: CR LF */

#endif
