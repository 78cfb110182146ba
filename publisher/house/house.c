/* SPDX-License-Identifier: Apache-2.0
 * house - who is asking (house.h).
 */
#include "house.h"

#include <stdlib.h>
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

/* The duties by one of their names, with `or` between them; the caller's. */
static char *duties_named(unsigned duties, const char *(*name)(unsigned duty), const char * or)
{
	struct buf out;

	buf_init(&out, 0);
	for (unsigned duty = 1; duty <= duties; duty <<= 1)
		if (duties & duty)
			buf_format(&out, "%s%s", out.len ? or : "", name(duty));
	return buf_take(&out);
}

bool caller_must_hold(const struct caller *caller, unsigned duties, struct err *err)
{
	if (caller->officer && caller->officer->duties & duties)
		return true;
	char *zh = duties_named(duties, duty_zh, "或");
	char *en = duties_named(duties, duty_text, " or ");
	err_set(err, ERR_DENIED, "此项须由负责%s%.0s的人员办理",
	        "this is for officers with the duty %.0s%s", zh, en);
	free(zh);
	free(en);
	return false;
}
