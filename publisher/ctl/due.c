/* SPDX-License-Identifier: Apache-2.0
 * due - what waits for somebody (待办), and saying that it is done.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "mem.h"
#include "table.h"

static int usage(void)
{
	fputs("usage: tocsin due [--json]\n"
	      "       tocsin due done ID --note TEXT [--reference NUMBER]\n"
	      "       tocsin due confirm ID\n",
	        stderr);
	return EX_USAGE;
}

void print_due(const json_t *list, const char *only)
{
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *)list, i, item)
	{
		bool overdue = json_is_true(json_object_get(item, "overdue"));
		if (only && (!overdue || strcmp(json_text(item, "what"), only) != 0))
			continue;
		printf("%s %-6s %s %s（%s）%s %s%s%s\n", overdue ? "!!" : "  ",
		        json_text(item, "id"), json_text(item, "due"), json_text(item, "what"),
		        json_text(item, "what_zh"), json_text(item, "unit"),
		        json_text(item, "headline"), *json_text(item, "basis") ? "  依据 " : "",
		        json_text(item, "basis"));
	}
}

int post_words(const char *path, json_t *json)
{
	char *body = json_dumps(json, JSON_COMPACT);
	struct reply reply;
	struct err err;
	int code = client_call("POST", path, "application/json", body, strlen(body), &reply, &err)
	                   ? EX_OK
	                   : say_err(&err);

	reply_finish(&reply);
	free(body);
	json_decref(json);
	return code;
}

static void print_ends(const json_t *list)
{
	struct table table;
	const json_t *one;
	size_t i;

	table_init(&table, 5);
	table_add(&table, "止期 ends");
	table_add(&table, "状态 state");
	table_add(&table, "类别 what");
	table_add(&table, "名称 name");
	table_add(&table, "属于 of");
	json_array_foreach((json_t *)list, i, one)
	{
		bool alarm = json_is_true(json_object_get(one, "alarm"));
		char *state = mem_format("%s %s", alarm ? "!!" : "  ", json_text(one, "state"));
		char *what = mem_format("%s %s", json_text(one, "what_zh"), json_text(one, "what"));
		char *day = mem_format("%.10s", json_text(one, "ends"));
		table_add(&table, day);
		table_add(&table, state);
		table_add(&table, what);
		table_add(&table, json_shown(one, "name"));
		table_add(&table, json_shown(one, *json_text(one, "problem") ? "problem" : "of"));
		free(state);
		free(what);
		free(day);
	}
	table_print(&table, stdout);
	table_finish(&table);
}

int command_ends(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	if (argc == 1)
		return show_answer("/api/v1/ends", raw, print_ends, "ends");
	fputs("usage: tocsin ends [--json]\n", stderr);
	return EX_USAGE;
}

static int done(const char *id, const char *note, const char *reference)
{
	char *path = mem_format("/api/v1/due/%s/done", id);
	int code = post_words(path,
	        json_pack("{s:s,s:s}", "note", note, "reference", reference ? reference : ""));

	free(path);
	if (code == EX_OK)
		printf("%s done（已办结）\n", id);
	return code;
}

static void print_all(const json_t *list)
{
	print_due(list, NULL);
}

static int confirm(const char *id)
{
	char *path = mem_format("/api/v1/due/%s/confirm", id);
	int code = post_words(path, json_object());

	free(path);
	if (code == EX_OK)
		printf("%s confirmed（已应答）\n", id);
	return code;
}

int command_due(int argc, char **argv)
{
	char *note = take_option(&argc, argv, "--note");
	char *reference = take_option(&argc, argv, "--reference");
	bool raw = take_flag(&argc, argv, "--json");

	if (argc == 1 && !note && !reference)
		return show_answer("/api/v1/due", raw, print_all, "due");
	if (argc == 3 && strcmp(argv[1], "done") == 0 && note && *note)
		return done(argv[2], note, reference);
	if (argc == 3 && strcmp(argv[1], "confirm") == 0 && !note && !reference)
		return confirm(argv[2]);
	return usage();
}
