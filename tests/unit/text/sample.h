/* SPDX-License-Identifier: Apache-2.0
 * sample - bulletins for the tests of the texts, and a rendering that fails the test when it fails.
 */
#ifndef TOCSIN_TEXT_SAMPLE_H
#define TOCSIN_TEXT_SAMPLE_H

#include "text.h"

#define SAMPLE_IDENTIFIER "12000041600000_20261123090000"
#define SAMPLE_WEB "https://warn.example.cn/warnings/" SAMPLE_IDENTIFIER ".html"

enum { SAMPLE_SENT_S = 1795395600 }; /* 2026-11-23T09:00:00+08:00 */

void sample_set(char **place, const char *text);
void sample_area(struct view *view, const char *code, const char *name, const char *polygon);
void sample_rainstorm(struct view *view);  /* orange warning, two districts */
void sample_accident(struct view *view);   /* a fact, no level */
void sample_cancel(struct view *view);     /* of the rainstorm */
void sample_correction(struct view *view); /* wrong area */

/* The text, the caller's; NULL when it was refused (err then holds why). */
char *sample_render(const char *kind, const struct view *view, const struct text_style *style,
        struct text_fit *fit, struct err *err);

#endif
