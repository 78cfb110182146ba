/* SPDX-License-Identifier: Apache-2.0
 * status_seal - a form with its signature as one piece of text, as it lies on the broker, on the
 * site, in a file somebody keeps. See status.h.
 */
#include "status.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char mark[] = "\nsignature ";

void status_seal(const char *text, const char *signature, struct buf *out)
{
	buf_format(out, "%ssignature %s\n", text, signature);
}

static bool cut_off(struct err *err)
{
	return err_set(err, ERR_INPUT, "状态表后面没有签名行",
	        "the status form has no signature line behind it");
}

bool status_open(struct status *status, const char **bytes, const struct key *key, struct err *err)
{
	const char *start = *bytes;
	const char *end = strstr(start, mark);
	const char *line = end ? end + strlen(mark) : NULL;
	const char *after = line ? strchr(line, '\n') : NULL;

	*status = (struct status){0};
	if (!after)
		return cut_off(err);
	size_t len = (size_t)(end + 1 - start);
	char *signature = mem_text_n(line, (size_t)(after - line));
	bool good = !key || key_verify(key, start, len, signature);
	if (!good)
		err_set(err, ERR_IDENTITY, "状态表的签名不成立",
		        "the signature of the status form does not hold");
	good = good && status_read(status, start, len, err);
	free(signature);
	*bytes = after + 1;
	return good;
}
