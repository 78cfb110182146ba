/* SPDX-License-Identifier: Apache-2.0
 * change_people - the changes of kind `account` and `token`: accounts opened, reset and ended,
 * tokens made and ended, by two administrators who hold the duty `accounts`. The body is JSON:
 *
 *   account  {"do":"open","officer":"met-1","digest":"SHA-256 of the one-time code"}
 *            {"do":"end","officer":"met-1"}
 *   token    {"do":"make","name":"feed-1","scopes":"read draft","ends":"2027-01-01","digest":...,
 *             "officer":"","source":"","addresses":"192.0.2.0/24"}   (the last three may be absent)
 *            {"do":"end","name":"feed-1"}
 *
 * The secret itself is made by whoever is to use it (`tocsin enrol --code FILE`), and counts only
 * with the word that who confirms is told (two_part.h): neither administrator alone nor the record
 * ever has it. `open` on an account that is there begins it anew.
 */
#ifndef TOCSIN_CHANGE_PEOPLE_H
#define TOCSIN_CHANGE_PEOPLE_H

#include "change_kinds.h"

bool change_account_validate(
        struct house *house, struct store *reader, const char *body, struct err *err);
bool change_account_apply(struct store *store, struct change *change, int64_t now, struct err *err);
bool change_token_validate(
        struct house *house, struct store *reader, const char *body, struct err *err);
bool change_token_apply(struct store *store, struct change *change, int64_t now, struct err *err);

#endif
