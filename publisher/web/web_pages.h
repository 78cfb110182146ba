/* SPDX-License-Identifier: Apache-2.0
 * web_pages - the operators' pages below /desk/, from the folder the setting `desk` names.
 *
 * All of it is read once, at the start: no request becomes a path, and the loop answers from
 * memory. A browser is told to run nothing but these files, to show them in nobody's frame, and to
 * speak to nobody but us.
 */
#ifndef TOCSIN_WEB_PAGES_H
#define TOCSIN_WEB_PAGES_H

#include <event2/http.h>

#include "err.h"

struct web_pages;
/* Names of small letters, digits, "-" and "_", and an ending we know (web_pages.c); anything else
 * in the folder is an error, but for names that begin with a dot. NULL: *err. */
struct web_pages *web_pages_read(const char *folder, struct err *err);
void web_pages_destroy(struct web_pages **pages);

/* true: it was for a page, and is answered. */
bool web_pages_answer(const struct web_pages *pages, struct evhttp_request *request);

#endif
