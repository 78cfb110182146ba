/* SPDX-License-Identifier: Apache-2.0
 * reason - see reason.h.
 */
#include "reason.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "utf8.h"

bool reason_fits(const char *reason, struct err *err)
{
	if (!reason || reason[strspn(reason, " \t\r\n")] == '\0')
		return err_set(err, ERR_INPUT, "请说明原因（reason）", "say why (reason)");
	if (strlen(reason) > REASON_BYTES)
		return err_set(err, ERR_INPUT, "原因超过 %d 字节", "the reason is over %d bytes",
		        REASON_BYTES);
	char *line = mem_text(reason);
	utf8_one_line(line);
	bool same = strcmp(line, reason) == 0;
	free(line);
	return same || err_set(err, ERR_INPUT, "原因须写成一行，不含控制字符",
	                       "the reason must be one line without control characters");
}
