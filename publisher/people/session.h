/* SPDX-License-Identifier: Apache-2.0
 * session - being signed in: a random token whose digest the record keeps, with an idle and an
 * absolute end. It ends at once when its officer is not active any more, when the password or the
 * second factor changes, and when its owner or an administrator says so.
 *
 * A browser holds the token in a cookie no script reads, and sends session_csrf's word with every
 * change.
 */
#ifndef TOCSIN_SESSION_H
#define TOCSIN_SESSION_H

#include "people.h"

enum { SESSIONS_MOST = 8 }; /* of one officer; the oldest gives way */

struct signed_in {
	struct session session;
	char *token;
	char *device; /* to be shown at later sign-ins */
};
void signed_in_finish(struct signed_in *done);

/* claim->device is made from `device` here; `device` "" when there is none yet. */
bool session_sign_in(struct house *house, struct store *reader, const struct claim *claim,
        const char *device, bool cookie, struct signed_in *out, struct err *err);

/* The session of this token, if it holds just now. ERR_MISSING: there is none; ERR_IDENTITY: it has
 * ended. */
bool session_find(struct house *house, struct store *reader, const char *token, int64_t now,
        struct session *out, struct err *err);
/* Somebody has used it. */
void session_use(struct house *house, const struct session *session, int64_t now);
int64_t session_idle_end(const struct house *house, const struct session *session, int64_t now);

bool session_end(
        struct house *house, const char *officer, const char *id, const char *why, struct err *err);
/* Every session of an officer but `but` ("": all); `by` is who asked. */
bool session_end_all(struct house *house, const char *officer, const char *but, const char *by,
        int64_t *ended, struct err *err);

void session_csrf(const char *token, char word[DIGEST_HEX]);

#endif
