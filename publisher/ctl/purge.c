/* SPDX-License-Identifier: Apache-2.0
 * purge - `tocsin purge`: proposes that what is about persons in events that are over be destroyed.
 * The short way to `tocsin change propose purge`; a second auditor confirms it like any change.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "mem.h"
#include "when.h"

/* What `change propose` reads: a file without a name. */
int propose_document(const char *kind, const char *body)
{
	int fd = memfd_create(kind, MFD_CLOEXEC);
	struct err err;

	if (fd < 0 || write(fd, body, strlen(body)) != (ssize_t)strlen(body)) {
		err_set(&err, ERR_UNAVAILABLE, "变更文件写不下",
		        "the change's document cannot be written down");
		return say_err(&err);
	}
	char *path = mem_format("/proc/self/fd/%d", fd);
	char change[] = "change";
	char word[] = "propose";
	char *name = mem_text(kind);
	char *argv[] = {change, word, name, path, NULL};
	int code = command_change(4, argv);
	free(name);
	free(path);
	close(fd);
	return code;
}

int command_purge(int argc, char **argv)
{
	const char *before = take_option(&argc, argv, "--before");
	const char *confirmations = take_option(&argc, argv, "--confirmations-before");
	int64_t day;

	if (argc != 1 || !before || !confirmations || !when_read_day(before, &day) ||
	        !when_read_day(confirmations, &day)) {
		fputs("usage: tocsin purge --before DAY --confirmations-before DAY\n", stderr);
		return EX_USAGE;
	}
	char *body = mem_format("before %s\nconfirmations-before %s\n", before, confirmations);
	int code = propose_document("purge", body);
	free(body);
	return code;
}
