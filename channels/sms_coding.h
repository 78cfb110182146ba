/* SPDX-License-Identifier: Apache-2.0
 * sms_coding - which alphabet a short message needs. Pure.
 */
#ifndef TOCSIN_SMS_CODING_H
#define TOCSIN_SMS_CODING_H

#include <stdbool.h>

bool sms_is_gsm7(const char *text); /* every character is in GSM 03.38 with its extension */

#endif
