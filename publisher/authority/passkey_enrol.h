/* SPDX-License-Identifier: Apache-2.0
 * passkey_enrol - a new passkey, as a browser hands it over (attestation "none"), made into the
 * line that stands for it in the policy. That it is the officer's is for the two administrators to
 * know who put the line there.
 */
#ifndef TOCSIN_PASSKEY_ENROL_H
#define TOCSIN_PASSKEY_ENROL_H

#include "passkey.h"

/* The challenge of an enrolment, for this officer at this time (ms, whole seconds); the caller's.
 */
char *passkey_enrol_challenge(const char *officer, int64_t time);

/* clientDataJSON and attestationObject as bytes. The line, the caller's; NULL: *err. */
char *passkey_enrol(const struct passkey_house *house, const char *challenge, const char *client,
        size_t client_len, const unsigned char *object, size_t object_len, struct err *err);

#endif
