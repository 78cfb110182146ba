/* SPDX-License-Identifier: Apache-2.0
 * token_tool - `tocsind --add-token`: makes an access token in the record while nobody runs on it.
 */
#ifndef TOCSIN_TOKEN_TOOL_H
#define TOCSIN_TOKEN_TOOL_H

#include "config.h"

/* "NAME:OFFICER:SCOPES", scopes separated by commas, OFFICER may be empty (a machine). Prints the
 * token once, on stdout. */
bool token_tool_add(const struct config *config, const char *order, struct err *err);

#endif
