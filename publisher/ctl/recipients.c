/* SPDX-License-Identifier: Apache-2.0
 * recipients - `tocsin recipients`: the directories there are, how many people a selection reaches,
 * and the way of a new one: imported on the machine, proposed and confirmed by two administrators.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "mem.h"
#include "terms.h"

static int usage(void)
{
	fputs("usage: tocsin recipients [--json]\n"
	      "       tocsin recipients count [--area CODE]... [--polygon POINTS] [--circle "
	      "CIRCLE]\n"
	      "              [--hazard CODE] [--level LEVEL] [--kind KIND] [--group GROUP]... "
	      "[--json]\n"
	      "       tocsin recipients import FILE [--errors FILE] [--config FILE]\n"
	      "       tocsin recipients propose GENERATION\n",
	        stderr);
	return EX_USAGE;
}

static long long number(const json_t *json, const char *name)
{
	return (long long)json_integer_value(json_object_get(json, name));
}

static void print_directories(const json_t *json)
{
	const json_t *list = json_object_get(json, "directories"), *one;
	size_t i;

	if (!json_array_size(list))
		puts("还没有导入过名册：tocsin recipients import 文件 / no directory was imported "
		     "yet: tocsin recipients import FILE");
	json_array_foreach(list, i, one)
	        printf("%lld  %s  %s  %lld 人 people  +%lld -%lld ~%lld  有误 faults %lld  未同意 "
	               "withheld %lld  %.16s\n",
	                number(one, "generation"), json_text(one, "state"),
	                json_text(one, "imported"), number(one, "people"), number(one, "added"),
	                number(one, "gone"), number(one, "changed"), number(one, "faults"),
	                number(one, "withheld"), json_text(one, "digest"));
}

/* --- how many ----------------------------------------------------------------------------------
 */

static void print_count(const json_t *json)
{
	const json_t *one;
	size_t i;

	printf("%lld 人 people，%lld 段 blocks\n", number(json, "people"), number(json, "blocks"));
	if (number(json, "unplaced"))
		printf("另有 %lld 人位置不详，按所画范围选不到 / %lld people whose place is not "
		       "known are in no drawn area\n",
		        number(json, "unplaced"), number(json, "unplaced"));
	json_array_foreach(json_object_get(json, "cover"), i, one)
	{
		const json_t *seconds = json_object_get(one, "seconds");
		if (json_is_integer(seconds))
			printf("%s：约需 about %lld s\n", json_text(one, "target"),
			        (long long)json_integer_value(seconds));
		else
			printf("%s：未设 per_minute，无法估计时间 / no per_minute is set\n",
			        json_text(one, "target"));
	}
}

static void take_words(int *argc, char **argv, const char *option, json_t *body, const char *name)
{
	json_t *list = json_array();
	const char *word;

	while ((word = take_option(argc, argv, option)))
		json_array_append_new(list, json_string(word));
	json_object_set_new(body, name, list);
}

static int count(int argc, char **argv)
{
	static const char *const options[][2] = {{"--polygon", "polygon"}, {"--circle", "circle"},
	        {"--hazard", "hazard"}, {"--level", "level"}, {"--kind", "kind"}};
	bool raw = take_flag(&argc, argv, "--json");
	json_t *body = json_object();
	struct reply reply;
	struct err err;

	take_words(&argc, argv, "--area", body, "areas");
	take_words(&argc, argv, "--group", body, "groups");
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const char *value = take_option(&argc, argv, options[i][0]);
		if (value)
			json_object_set_new(body, options[i][1], json_string(value));
	}
	if (argc != 2) {
		json_decref(body);
		return usage();
	}
	int code = EX_OK;
	if (!client_json("POST", "/api/v1/recipients/count", body, true, &reply, &err)) {
		code = say_err(&err);
	} else if (raw) {
		printf("%s\n", reply.body.data);
	} else {
		json_t *json = reply_json(&reply);
		print_count(json);
		json_decref(json);
	}
	reply_finish(&reply);
	return code;
}

/* --- a new one ---------------------------------------------------------------------------------
 */

static int import(int argc, char **argv)
{
	const char *config = take_option(&argc, argv, "--config");
	const char *errors = take_option(&argc, argv, "--errors");

	if (argc != 3)
		return usage();
	return on_the_machine("--import-recipients", config, argv[2], errors);
}

static const json_t *find_ready(const json_t *json, const char *word)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(json, "directories"), i, one)
	{
		char *name = mem_format("%lld", number(one, "generation"));
		bool same = strcmp(name, word) == 0 && *json_text(one, "document");
		free(name);
		if (same)
			return one;
	}
	return NULL;
}

static int propose(int argc, char **argv)
{
	struct err err;

	if (argc != 3)
		return usage();
	json_t *json = client_get("/api/v1/recipients", &err);
	if (!json)
		return say_err(&err);
	const json_t *ready = find_ready(json, argv[2]);
	int code;
	if (ready) {
		code = propose_document("recipients", json_text(ready, "document"));
	} else {
		err_set(&err, ERR_MISSING, "没有等待生效的第 %s 份名册",
		        "no directory %s waits to come into force", argv[2]);
		code = say_err(&err);
	}
	json_decref(json);
	return code;
}

int command_recipients(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(int argc, char **argv);
	} acts[] = {{"count", count}, {"import", import}, {"propose", propose}};

	for (size_t i = 0; argc > 1 && i < sizeof acts / sizeof *acts; i++)
		if (strcmp(argv[1], acts[i].word) == 0)
			return acts[i].run(argc, argv);
	bool raw = take_flag(&argc, argv, "--json");
	if (argc != 1)
		return usage();
	return show_answer("/api/v1/recipients", raw, print_directories, NULL);
}
