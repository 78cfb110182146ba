/* SPDX-License-Identifier: Apache-2.0
 * account_tool - `tocsind --add-account`: the first officers' accounts, made in the record while
 * nobody runs on it; and the way back in when no two administrators can sign in any more.
 */
#ifndef TOCSIN_ACCOUNT_TOOL_H
#define TOCSIN_ACCOUNT_TOOL_H

#include "config.h"

/* "OFFICER[,OFFICER...]": prints a one-time enrolment code each, a line each, on stdout. What an
 * account had before holds no more. */
bool account_tool_add(const struct config *config, const char *officers, struct err *err);

#endif
