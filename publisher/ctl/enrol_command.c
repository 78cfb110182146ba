/* SPDX-License-Identifier: Apache-2.0
 * enrol_command - `tocsin enrol` and `tocsin passwd`: an account's password and authenticator, by a
 * one-time code (own_code.h) or by what one has.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "mem.h"
#include "own_code.h"
#include "secret.h"
#include "terminal.h"

/* Twice, and the same: nobody sees what was typed. */
static char *new_password(struct err *err)
{
	char *one = terminal_ask("新密码 / new password", true, err);
	char *again = one ? terminal_ask("再输一次 / once more", true, err) : NULL;

	if (again && strcmp(one, again) != 0) {
		err_set(err, ERR_INPUT, "两次输入不同", "the two are not the same");
		secret_forget(&one);
	}
	if (!again)
		secret_forget(&one);
	secret_forget(&again);
	return one;
}

static bool first_step(const char *officer, const char *code, const char *password, struct err *err)
{
	struct reply reply;
	json_t *body = json_pack(
	        "{s:s,s:s,s:s}", "officer", officer, "enrolment", code, "password", password);
	bool ok = client_json("POST", "/api/v1/enrolment", body, false, &reply, err);
	json_t *answer = ok ? reply_json(&reply) : NULL;
	const char *secret = json_string_value(json_object_get(answer, "secret"));
	const char *uri = json_string_value(json_object_get(answer, "uri"));

	if (ok)
		printf("请录入身份验证器（只显示这一次） / put into your authenticator, shown this "
		       "once:\n  %s\n  %s\n",
		        secret ? secret : "", uri ? uri : "");
	fflush(stdout);
	json_decref(answer);
	reply_finish(&reply);
	return ok;
}

static bool last_step(const char *officer, const char *code, const char *digits, struct err *err)
{
	struct reply reply;
	json_t *body =
	        json_pack("{s:s,s:s,s:s}", "officer", officer, "enrolment", code, "code", digits);
	bool ok = client_json("POST", "/api/v1/enrolment/end", body, false, &reply, err);

	reply_finish(&reply);
	return ok;
}

/* Digits that do not fit are asked for again: the secret is shown only once. */
static bool digits_until_right(const char *officer, const char *code, struct err *err)
{
	for (int tries = 0; tries < 5; tries++) {
		char *digits = terminal_ask("动态码 / its code", true, err);
		bool ok = digits && last_step(officer, code, digits, err);
		bool again = digits && !ok && err->kind == ERR_INPUT;
		secret_forget(&digits);
		if (!again)
			return ok;
		say_err(err);
	}
	return false;
}

static bool enrol(const char *officer, const char *code, struct err *err)
{
	char *password = new_password(err);
	bool ok = password && first_step(officer, code, password, err) &&
	          digits_until_right(officer, code, err);

	secret_forget(&password);
	if (ok)
		puts("完成，请用 tocsin login 登录 / done: sign in with tocsin login");
	return ok;
}

/* No code of an authenticator: the first sign-in asks for the passkey that the policy names. */
static bool enrol_by_passkey(const char *officer, const char *code, struct err *err)
{
	char *password = new_password(err);
	struct reply reply;

	if (!password)
		return false;
	json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "officer", officer, "enrolment", code,
	        "password", password, "second_factor", "passkey");
	bool ok = client_json("POST", "/api/v1/enrolment", body, false, &reply, err);
	secret_forget(&password);
	reply_finish(&reply);
	if (ok)
		puts("完成，请在网页上用密码和通行密钥登录 / done: sign in on the desk's page, "
		     "with password and passkey");
	return ok;
}

/* --- the command ------------------------------------------------------------------------------ */

static int enrol_officer(const char *officer, const char *path, bool passkey)
{
	struct err err;
	char *code = path ? own_code_read(path, &err)
	                  : terminal_ask("登记码 / one-time code", true, &err);
	bool ok = code && (passkey ? enrol_by_passkey : enrol)(officer, code, &err);

	secret_forget(&code);
	return ok ? EX_OK : say_err(&err);
}

static int enrol_usage(void)
{
	fputs("usage: tocsin enrol OFFICER [--code FILE] [--passkey]\n"
	      "           (takes the one-time code from FILE, or asks for it; with --passkey the "
	      "second factor is the passkey in the policy)\n"
	      "       tocsin enrol --code FILE [--mode live|exercise|test]\n"
	      "           (makes a code or token in FILE; prints its digest, for the "
	      "administrators; the instance is asked for its mode)\n"
	      "       tocsin enrol --code FILE --word\n"
	      "           (asks for the word of who confirmed, and puts it behind the code)\n",
	        stderr);
	return EX_USAGE;
}

int command_enrol(int argc, char **argv)
{
	const char *path = take_option(&argc, argv, "--code");
	const char *mode = take_option(&argc, argv, "--mode");
	bool passkey = take_flag(&argc, argv, "--passkey");
	bool word = take_flag(&argc, argv, "--word");

	if (argc == 2 && !mode && !word)
		return enrol_officer(argv[1], path, passkey);
	if (argc == 1 && path && word && !mode && !passkey)
		return own_code_word(path);
	if (argc == 1 && path && !word && !passkey)
		return own_code_make(path, mode);
	return enrol_usage();
}

/* --- with what one has ------------------------------------------------------------------------ */

static bool change_password(const char *password, const char *code, struct err *err)
{
	struct reply reply;
	char *next = new_password(err);

	if (!next)
		return false;
	json_t *body = json_pack(
	        "{s:s,s:s,s:s}", "password", password, "code", code, "new_password", next);
	bool ok = client_json("POST", "/api/v1/account/password", body, true, &reply, err);
	secret_forget(&next);
	reply_finish(&reply);
	return ok;
}

static bool change_factor(const char *password, const char *code, struct err *err)
{
	struct reply reply;
	json_t *body = json_pack("{s:s,s:s}", "password", password, "code", code);
	bool ok = client_json("POST", "/api/v1/account/second-factor", body, true, &reply, err);
	json_t *answer = ok ? reply_json(&reply) : NULL;
	const char *officer = json_string_value(json_object_get(answer, "officer"));
	const char *once = json_string_value(json_object_get(answer, "enrolment"));

	ok = ok && officer && once && enrol(officer, once, err);
	json_decref(answer);
	reply_finish(&reply);
	return ok;
}

int command_passwd(int argc, char **argv)
{
	bool factor = take_flag(&argc, argv, "--second-factor");
	struct err err;

	if (argc != 1) {
		fputs("usage: tocsin passwd [--second-factor]\n", stderr);
		return EX_USAGE;
	}
	char *password = terminal_ask("现密码 / present password", true, &err);
	char *code = password ? terminal_ask("动态码 / code", true, &err) : NULL;
	bool ok = code && (factor ? change_factor(password, code, &err)
	                          : change_password(password, code, &err));
	secret_forget(&code);
	secret_forget(&password);
	return ok ? EX_OK : say_err(&err);
}
