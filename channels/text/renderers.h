/* SPDX-License-Identifier: Apache-2.0
 * renderers - one function per kind of far side; the table is in text.c. Private to this folder.
 *
 * Each gets a view text.c has looked at (issuer, identifier, areas and level are there), a style
 * that is not NULL, an `out` that is empty, and a *fit with its unit set and parts 1.
 */
#ifndef TOCSIN_RENDERERS_H
#define TOCSIN_RENDERERS_H

#include <stdlib.h>

#include "text.h"
#include "words.h"

typedef bool renderer(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err);

renderer render_sms, render_weibo, render_wechat, render_wecom, render_json, render_page,
        render_speech;

/* No text is larger: a job must fit into one frame. */
enum { TEXT_MOST_BYTES = 512 << 10 };

#endif
