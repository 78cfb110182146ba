/* SPDX-License-Identifier: Apache-2.0
 * screen_digits - is a row of digits an id, a telephone number, a card? Pure: digits in, answer
 * out. GB 11643 for resident ids; residence permits of foreigners by their public descriptions.
 */
#ifndef TOCSIN_SCREEN_DIGITS_H
#define TOCSIN_SCREEN_DIGITS_H

#include "screen_lists.h"

bool digits_resident_id(const char *digits);     /* 18, the last may be X; check digit, date */
bool digits_old_resident_id(const char *digits); /* 15: province and date, no check digit */
bool digits_permanent_id(const char *digits);    /* 18 from 9: foreigners' residence permit */
bool digits_old_permanent_id(const char *text);  /* 3 letters and 12 digits */
bool digits_mobile(const char *digits);          /* with or without 86 */
bool digits_service(const char *digits);         /* 400, 800 */
/* With or without 86, then without the 0; an area code of the table and 7 or 8 digits. */
bool digits_landline(const char *digits, const struct screen_lists *lists);
bool digits_bank_card(const char *digits, const struct screen_lists *lists);

/* Is it one of the numbers anybody may call? Compared without 86, leading 0 and area code. */
bool digits_published(
        const char *digits, const struct screen_lists *lists, const struct texts *hotlines);

#endif
