/* SPDX-License-Identifier: Apache-2.0
 * pause - tocsin pause, tocsin resume: one far side of a bulletin is held back, or goes on.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "mem.h"

static int post_to(char **argv, const char *act, json_t *words)
{
	char *path = mem_format("/api/v1/bulletins/%s/targets/%s/%s", argv[1], argv[2], act);
	int code = post_words(path, words);

	free(path);
	return code;
}

int command_pause(int argc, char **argv)
{
	const char *reason = take_option(&argc, argv, "--reason");

	if (argc != 3 || !reason || !*reason) {
		fputs("usage: tocsin pause ID TARGET --reason TEXT\n", stderr);
		return EX_USAGE;
	}
	return post_to(argv, "pause", json_pack("{s:s}", "reason", reason));
}

int command_resume(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: tocsin resume ID TARGET\n", stderr);
		return EX_USAGE;
	}
	return post_to(argv, "resume", json_object());
}
