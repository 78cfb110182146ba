/* SPDX-License-Identifier: Apache-2.0
 * phone - the one shape of a telephone number that is written down to be called: in a duty roster,
 * a file of recipients, a job, a request to a gateway.
 */
#ifndef TOCSIN_PHONE_H
#define TOCSIN_PHONE_H

#include <stdbool.h>

enum { PHONE_LEAST = 5, PHONE_MOST = 20 }; /* bytes, with the + */

/* Digits, one + in front at most. NULL is none. */
bool phone_shaped(const char *text);

#endif
