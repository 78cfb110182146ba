/* SPDX-License-Identifier: Apache-2.0
 * token_tool - `tocsind --add-token`: makes an access token in the record while nobody runs on it.
 */
#ifndef TOCSIN_TOKEN_TOOL_H
#define TOCSIN_TOKEN_TOOL_H

#include "config.h"
#include "store.h"

/* "NAME:OFFICER:SCOPES[:END[:ADDRESSES]]", scopes and addresses separated by commas, OFFICER may be
 * empty (a machine), END a day ("2027-01-01", not included) or empty. Prints the token once, on
 * stdout. */
bool token_tool_add(const struct config *config, const char *order, struct err *err);

/* "" or an officer of the policy. false: *err. */
bool token_tool_officer(
        struct store *store, const struct config *config, const char *officer, struct err *err);

#endif
