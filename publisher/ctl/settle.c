/* SPDX-License-Identifier: Apache-2.0
 * settle - tocsin settle: an officer has looked at the far side and says whether it came; tocsin
 * retry: it is mended, and what waits there goes now.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "mem.h"

int command_retry(int argc, char **argv)
{
	if (argc != 2 || strspn(argv[1], "0123456789") != strlen(argv[1])) {
		fputs("usage: tocsin retry NUMBER\n", stderr);
		return EX_USAGE;
	}
	char *path = mem_format("/api/v1/deliveries/%s/retry", argv[1]);
	int code = post_words(path, json_object());
	free(path);
	return code;
}

int command_settle(int argc, char **argv)
{
	const char *reason = take_option(&argc, argv, "--reason");
	bool came = take_flag(&argc, argv, "--came");
	bool not_came = take_flag(&argc, argv, "--not-came");

	if (argc != 2 || came == not_came || !reason || !*reason ||
	        strspn(argv[1], "0123456789") != strlen(argv[1])) {
		fputs("usage: tocsin settle NUMBER --came|--not-came --reason TEXT\n", stderr);
		return EX_USAGE;
	}
	char *path = mem_format("/api/v1/deliveries/%s/settle", argv[1]);
	int code = post_words(path, json_pack("{s:b,s:s}", "came", came, "reason", reason));
	free(path);
	return code;
}
