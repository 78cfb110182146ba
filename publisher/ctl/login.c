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
#include "kept.h"
#include "mem.h"
#include "secret.h"
#include "terminal.h"

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

/* --- in and out ---------------------------------------------------------------------------------
 */

static bool keep(const json_t *answer, struct err *err)
{
	struct kept kept = {.token = mem_text(text_of(answer, "token")),
	        .device = mem_text(text_of(answer, "device"))};
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
		printf("%s (%s), %s, until %s\n", text_of(answer, "officer"),
		        text_of(answer, "unit"), text_of(answer, "mode"), text_of(answer, "ends"));
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

/* --- who ----------------------------------------------------------------------------------------
 */

static void print_who(const json_t *who)
{
	static const char *const names[] = {
	        "officer", "name", "unit", "mode", "node", "token_name", "scopes", "ends"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (*text_of(who, names[i]))
			printf("%-10s %s\n", names[i], text_of(who, names[i]));
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
	        printf("%s  %-7s  since %s  used %s\n", text_of(one, "id"),
	                json_is_true(json_object_get(one, "browser")) ? "browser" : "tocsin",
	                text_of(one, "created"), text_of(one, "used"));
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
