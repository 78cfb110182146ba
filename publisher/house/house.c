/* SPDX-License-Identifier: Apache-2.0
 * house - who is asking (house.h).
 */
#include "house.h"

#include <string.h>

bool caller_has(const struct caller *caller, const char *scope)
{
	size_t len = strlen(scope);

	for (const char *at = caller->token.scopes; at && *at;) {
		size_t n = strcspn(at, " ");
		if (n == len && strncmp(at, scope, n) == 0)
			return true;
		at += n + strspn(at + n, " ");
	}
	return false;
}

bool caller_must_be_officer(const struct caller *caller, struct err *err)
{
	return caller->officer ||
	       err_set(err, ERR_DENIED, "机器令牌 %s 不能代替人员操作",
	               "a machine's token (%s) cannot act for an officer", caller->token.name);
}
