/* SPDX-License-Identifier: Apache-2.0
 * web_caller - who asks: a token or a session, by Authorization or by cookie; whether they may; and
 * from where they come.
 *
 * A cookie comes along with whatever another site makes a browser send, so a change by cookie also
 * needs X-CSRF-Token and an Origin that is ours.
 */
#ifndef TOCSIN_WEB_CALLER_H
#define TOCSIN_WEB_CALLER_H

#include "web.h"

/* false: *err. caller_finish after use. */
bool web_know_caller(
        struct call *call, const struct route *route, struct caller *caller, struct err *err);
void caller_finish(struct caller *caller);

/* The address behind the proxies of the settings, and what failures are counted for: a keyed digest
 * of it. false: no address (never from a socket of ours). */
bool call_source(const struct call *call, char source[DIGEST_HEX], struct err *err);

/* Not from a page of another site: for calls that make a cookie. */
bool call_own_page(const struct call *call, struct err *err);

/* "; "-separated name=value pairs; the caller's, NULL when absent. */
char *call_cookie(const struct call *call, const char *name);
const char *session_cookie_name(const struct house *house);
const char *device_cookie_name(const struct house *house);
/* value NULL: takes the cookie away. seconds: how long the browser keeps it, 0 = until it closes.
 */
void call_set_cookie(struct call *call, const char *name, const char *value, long seconds);

#endif
