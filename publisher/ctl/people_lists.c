/* SPDX-License-Identifier: Apache-2.0
 * people_lists - `tocsin account list`, `tocsin token list`: what an administrator with the duty
 * `accounts` looks over. Neither ever shows a secret: the record has none.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "fields.h"
#include "mem.h"
#include "table.h"

enum { TO_THE_MINUTE = 16, TO_THE_DAY = 10 };

/* A name or a list; "-" where there is none. */
static void add_text(struct table *table, const json_t *json, const char *name)
{
	table_add(table, *json_text(json, name) ? json_text(json, name) : "-");
}

/* A moment, as much of it as somebody reads; "-" for never. */
static void add_moment(struct table *table, const json_t *json, const char *name, int much)
{
	const char *moment = json_text(json, name);
	char *short_form = mem_format("%.*s", much, *moment ? moment : "-");
	char *t = strchr(short_form, 'T');

	if (t)
		*t = ' ';
	table_add(table, short_form);
	free(short_form);
}

static bool yes(const json_t *json, const char *name)
{
	return json_is_true(json_object_get(json, name));
}

/* --- accounts --------------------------------------------------------------------------------- */

static const char *account_state(const json_t *account)
{
	if (!yes(account, "active"))
		return "已停用 not active";
	if (yes(account, "enrolling"))
		return yes(account, "password") ? "换因素 renewing" : "待登记 to enrol";
	return yes(account, "password") ? "可登录 ready" : "登记码过期 code over";
}

static const char *second_factor(const json_t *account)
{
	bool code = yes(account, "second_factor");
	bool passkey = json_integer_value(json_object_get(account, "passkeys")) > 0;

	if (code)
		return passkey ? "动态码、通行密钥 code, passkey" : "动态码 code";
	return passkey ? "通行密钥 passkey" : "无 none";
}

static void print_accounts(const json_t *list)
{
	struct table table;
	const json_t *one;
	size_t i;

	table_init(&table, 7);
	table_add(&table, "账号 account");
	table_add(&table, "姓名 name");
	table_add(&table, "单位 unit");
	table_add(&table, "状态 state");
	table_add(&table, "第二因素 second factor");
	table_add(&table, "会话 sessions");
	table_add(&table, "上次登录 last sign-in");
	json_array_foreach((json_t *)list, i, one)
	{
		char *sessions = mem_format(
		        "%lld", (long long)json_integer_value(json_object_get(one, "sessions")));
		add_text(&table, one, "officer");
		add_text(&table, one, "name");
		add_text(&table, one, "unit");
		table_add(&table, account_state(one));
		table_add(&table, second_factor(one));
		table_add(&table, sessions);
		add_moment(&table, one, "signed_in", TO_THE_MINUTE);
		free(sessions);
	}
	table_print(&table, stdout);
	table_finish(&table);
}

int command_account(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return show_answer("/api/v1/accounts", raw, print_accounts, "accounts");
	fputs("usage: tocsin account list [--json]\n", stderr);
	return EX_USAGE;
}

/* --- tokens ----------------------------------------------------------------------------------- */

static void print_tokens(const json_t *list)
{
	struct table table;
	const json_t *one;
	size_t i;

	table_init(&table, 8);
	table_add(&table, "名称 name");
	table_add(&table, "人员 officer");
	table_add(&table, "来源 source");
	table_add(&table, "状态 state");
	table_add(&table, "止期 ends");
	table_add(&table, "上次使用 last use");
	table_add(&table, "权限 scopes");
	table_add(&table, "地址 addresses");
	json_array_foreach((json_t *)list, i, one)
	{
		add_text(&table, one, "name");
		add_text(&table, one, "officer");
		add_text(&table, one, "source");
		table_add(&table, yes(one, "holds") ? "有效 holds" : "失效 over");
		add_moment(&table, one, "ends", TO_THE_DAY);
		add_moment(&table, one, "used", TO_THE_MINUTE);
		add_text(&table, one, "scopes");
		add_text(&table, one, "addresses");
	}
	table_print(&table, stdout);
	table_finish(&table);
}

int command_token(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return show_answer("/api/v1/tokens", raw, print_tokens, "tokens");
	fputs("usage: tocsin token list [--json]\n", stderr);
	return EX_USAGE;
}
