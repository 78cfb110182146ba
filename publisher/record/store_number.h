/* SPDX-License-Identifier: Apache-2.0
 * store_number - the rows whose numbers are known outside, and so are never given twice, even when
 * an older copy of the record was put in place (store_hold.h). Inside this room only.
 */
#ifndef TOCSIN_STORE_NUMBER_H
#define TOCSIN_STORE_NUMBER_H

/* Counters that are floors: the next row is above them and above every row there is. */
#define NUMBER_BULLETIN "row bulletin"
#define NUMBER_DELIVERY "row delivery"
#define NUMBER_LEASE "row lease" /* of tokens */

/* The next number, for the VALUES of an INSERT. */
#define NUMBER_NEXT(table, column, floor)                                                          \
	"(SELECT MAX(COALESCE((SELECT MAX(" column ") FROM " table "), 0),"                        \
	" COALESCE((SELECT value FROM counter WHERE name = '" floor "'), 0)) + 1)"

#endif
