/* SPDX-License-Identifier: Apache-2.0
 * login - `tocsin login`, `logout`, `whoami`, `sessions`: signing in by name, password and the
 * digits of the authenticator. What comes of it lies in a file of the officer's own (kept.h).
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "kept.h"
#include "mem.h"
#include "secret.h"
#include "terminal.h"

/* --- in and out ------------------------------------------------------------------------------- */

static bool keep(const json_t *answer, struct err *err)
{
	struct kept kept = {.token = mem_text(json_text(answer, "token")),
	        .device = mem_text(json_text(answer, "device"))};
	bool ok = kept_write(client_server(), &kept, err);

	kept_finish(&kept);
	return ok;
}

static bool sign_in(const char *officer, const char *password, const char *code, struct err *err)
{
	struct kept kept = {0};
	struct reply reply;

	if (!kept_read(client_server(), &kept, err))
		return false;
	json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "officer", officer, "password", password,
	        "code", code, "device", kept.device);
	kept_finish(&kept);
	bool ok = client_json("POST", "/api/v1/session", body, false, &reply, err);
	json_t *answer = ok ? reply_json(&reply) : NULL;
	ok = ok && keep(answer, err);
	if (ok)
		printf("%s (%s), %s, until %s\n", json_text(answer, "officer"),
		        json_text(answer, "unit"), json_text(answer, "mode"),
		        json_text(answer, "ends"));
	json_decref(answer);
	reply_finish(&reply);
	return ok;
}

int command_login(int argc, char **argv)
{
	struct err err;

	if (argc > 2) {
		fputs("usage: tocsin login [OFFICER]\n", stderr);
		return EX_USAGE;
	}
	char *officer = argc == 2 ? mem_text(argv[1]) : terminal_ask("人员 / officer", false, &err);
	char *password = officer ? terminal_ask("密码 / password", true, &err) : NULL;
	char *code = password ? terminal_ask("动态码 / code", true, &err) : NULL;
	bool ok = code && sign_in(officer, password, code, &err);
	secret_forget(&code);
	secret_forget(&password);
	free(officer);
	return ok ? EX_OK : say_err(&err);
}

int command_logout(int argc, char **argv)
{
	struct kept kept = {0};
	struct reply reply;
	struct err err;
	struct err trouble;

	(void)argv;
	if (argc != 1) {
		fputs("usage: tocsin logout\n", stderr);
		return EX_USAGE;
	}
	bool ended = client_json("DELETE", "/api/v1/session", NULL, true, &reply, &err);
	reply_finish(&reply);
	/* Here it is forgotten either way; that this machine was used stays known. */
	bool ok = kept_read(client_server(), &kept, &trouble);
	mem_set_text(&kept.token, "");
	ok = ok && kept_write(client_server(), &kept, &trouble);
	kept_finish(&kept);
	if (!ok)
		return say_err(&trouble);
	return ended ? EX_OK : say_err(&err);
}

/* --- who -------------------------------------------------------------------------------------- */

static void print_who(const json_t *who)
{
	static const char *const rows[][2] = {{"officer", "人员"}, {"name", "姓名"},
	        {"unit", "单位"}, {"mode", "模式"}, {"node", "节点"}, {"token_name", "令牌"},
	        {"scopes", "权限"}, {"ends", "到期"}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (*json_text(who, rows[i][0]))
			printf("%s / %-10s  %s\n", rows[i][1], rows[i][0],
			        json_text(who, rows[i][0]));
}

int command_whoami(int argc, char **argv)
{
	bool json = take_flag(&argc, argv, "--json");
	struct reply reply;
	struct err err;

	if (argc != 1) {
		fputs("usage: tocsin whoami [--json]\n", stderr);
		return EX_USAGE;
	}
	bool ok = client_json("GET", "/api/v1/session", NULL, true, &reply, &err);
	json_t *who = ok ? reply_json(&reply) : NULL;
	if (ok && json)
		fputs(reply.body.data, stdout);
	else if (ok)
		print_who(who);
	json_decref(who);
	reply_finish(&reply);
	return ok ? EX_OK : say_err(&err);
}

static int list_sessions(void)
{
	struct reply reply;
	struct err err;
	bool ok = client_json("GET", "/api/v1/sessions", NULL, true, &reply, &err);
	json_t *answer = ok ? reply_json(&reply) : NULL;
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "sessions"), i, one)
	        printf("%s  %-7s  since %s  used %s\n", json_text(one, "id"),
	                json_is_true(json_object_get(one, "browser")) ? "browser" : "tocsin",
	                json_text(one, "created"), json_text(one, "used"));
	json_decref(answer);
	reply_finish(&reply);
	return ok ? EX_OK : say_err(&err);
}

int command_sessions(int argc, char **argv)
{
	const char *id = take_option(&argc, argv, "--end");
	struct reply reply;
	struct err err;

	if (argc != 1) {
		fputs("usage: tocsin sessions [--end ID]\n", stderr);
		return EX_USAGE;
	}
	if (!id)
		return list_sessions();
	char *path = mem_format("/api/v1/sessions/%s", id);
	bool ok = client_json("DELETE", path, NULL, true, &reply, &err);
	free(path);
	reply_finish(&reply);
	return ok ? EX_OK : say_err(&err);
}
