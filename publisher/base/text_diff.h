/* SPDX-License-Identifier: Apache-2.0
 * text_diff - two texts line by line: what was taken out ("-"), what was put in ("+"), and where.
 * Cannot fail; long texts that differ throughout are shown whole, first out, then in.
 */
#ifndef TOCSIN_TEXT_DIFF_H
#define TOCSIN_TEXT_DIFF_H

/* Hunks, each "@@ line A, line B @@" and its lines; "" when they are equal. The caller's. */
char *text_diff(const char *before, const char *after);

#endif
