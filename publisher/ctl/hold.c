/* SPDX-License-Identifier: Apache-2.0
 * hold - `tocsin hold`: is the record held, and ending that; and `tocsin backup`, `tocsin restore`,
 * which are acts on the machine: tocsind does them beside or instead of itself, as who runs this.
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "client.h"
#include "fields.h"
#include "mem.h"

static void print_hold(const json_t *json)
{
	if (!json_is_true(json_object_get(json, "held"))) {
		puts("没有扣住 / not held");
		return;
	}
	printf("扣住 held: 由 %s 的备份恢复 / restored from the backup of %s; %lld 条审计记录 "
	       "audit records; %lld 项投递未了 deliveries pending\n",
	        json_text(json, "copied"), json_text(json, "copied"),
	        (long long)json_integer_value(json_object_get(json, "records")),
	        (long long)json_integer_value(json_object_get(json, "pending")));
}

int command_hold(int argc, char **argv)
{
	char *sent = take_option(&argc, argv, "--sent");
	char *reason = take_option(&argc, argv, "--reason");
	bool raw = take_flag(&argc, argv, "--json");

	if (argc == 1 && !sent && !reason)
		return show_answer("/api/v1/hold", raw, print_hold, NULL);
	if (argc == 2 && strcmp(argv[1], "end") == 0 && sent && reason && !raw) {
		int code = post_words(
		        "/api/v1/hold/end", json_pack("{s:s,s:s}", "sent", sent, "reason", reason));
		if (code == EX_OK)
			puts("已解除扣住，待发的继续 / the hold is over, what waits goes on");
		return code;
	}
	fputs("usage: tocsin hold [--json]\n"
	      "       tocsin hold end --sent unknown|nothing --reason TEXT\n",
	        stderr);
	return EX_USAGE;
}

/* Beside this program when both were built, else where it is installed. */
static char *tocsind(void)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash = NULL;

	if (len > 0) {
		self[len] = '\0';
		slash = strrchr(self, '/');
	}
	char *beside = slash ? mem_format("%.*s/tocsind", (int)(slash - self), self) : NULL;
	if (beside && access(beside, X_OK) == 0)
		return beside;
	free(beside);
	return mem_text("/usr/sbin/tocsind");
}

int on_the_machine(const char *act, const char *config, const char *what, const char *errors)
{
	char *program = tocsind();

	execl(program, "tocsind", "--config", config ? config : "/etc/tocsin/tocsin.yaml", act,
	        what, errors ? "--errors" : (char *)NULL, errors, (char *)NULL);
	fprintf(stderr, "tocsin: 无法执行 %s：%s / cannot run %s: %s\n", program, strerror(errno),
	        program, strerror(errno));
	free(program);
	return EX_UNAVAILABLE;
}

int command_backup(int argc, char **argv)
{
	const char *config = take_option(&argc, argv, "--config");

	if (argc <= 2)
		return on_the_machine("--backup", config, argc == 2 ? argv[1] : "", NULL);
	fputs("usage: tocsin backup [--config FILE] [FOLDER]\n", stderr);
	return EX_USAGE;
}

int command_restore(int argc, char **argv)
{
	const char *config = take_option(&argc, argv, "--config");

	if (argc == 2)
		return on_the_machine("--restore", config, argv[1], NULL);
	fputs("usage: tocsin restore [--config FILE] BACKUP\n", stderr);
	return EX_USAGE;
}
