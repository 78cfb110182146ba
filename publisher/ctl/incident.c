/* SPDX-License-Identifier: Apache-2.0
 * incident - incidents on the command line: opened, assigned, handed over, closed, looked at. A
 * step's text comes from the server, is shown, and is signed here with the officer's key file.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "incident_step.h"
#include "mem.h"
#include "own_proof.h"

static const char usage_text[] =
        "usage: tocsin incident open --title TEXT --hazard CODE|NAME --areas CODE|NAME,... [--id "
        "ID]\n"
        "       tocsin incident assign|handover ID --to UNIT [--reason TEXT]\n"
        "       tocsin incident close ID [--reason TEXT]\n"
        "       tocsin incident show ID [--json]\n"
        "       tocsin incident list [--json]\n";

static int usage(void)
{
	fputs(usage_text, stderr);
	return EX_USAGE;
}

static void print_head(const json_t *i)
{
	const json_t *area;
	size_t n;

	printf("%s %s（%s） 处置单位 / handler %s  %s\n  种类 / hazard %s  区域 / areas",
	        json_shown(i, "id"), json_shown(i, "state"), json_shown(i, "state_zh"),
	        json_shown(i, "handler"), json_shown(i, "title"), json_shown(i, "hazard"));
	json_array_foreach(json_object_get(i, "areas"), n, area)
	        printf(" %s", json_string_value(area));
	printf("  登记 / opened %s by %s\n", json_shown(i, "opened"), json_shown(i, "opener"));
}

static void print_steps(const json_t *incident)
{
	const json_t *step;
	size_t n;

	json_array_foreach(json_object_get(incident, "steps"), n, step) printf(
	        "  %lld %s（%s） %s -> %s by %s at %s%s%s\n",
	        (long long)json_integer_value(json_object_get(step, "sequence")),
	        json_shown(step, "act"), json_shown(step, "act_zh"), json_shown(step, "from"),
	        json_shown(step, "to"), json_shown(step, "officer"), json_shown(step, "time"),
	        *json_text(step, "reason") ? "  " : "", json_text(step, "reason"));
}

static void print_refused(const json_t *incident)
{
	const json_t *item;
	const json_t *reason;
	size_t n;
	size_t k;

	json_array_foreach(json_object_get(incident, "decisions"), n, item)
	{
		if (json_is_true(json_object_get(item, "permit")))
			continue;
		printf("  %s  %s %s（asked at %s）：不准（deny）\n", json_shown(item, "at"),
		        json_shown(item, "officer"), json_shown(item, "asked_zh"),
		        json_shown(item, "asked"));
		json_array_foreach(
		        json_object_get(json_object_get(item, "decision"), "reasons"), k, reason)
		        printf("    %s / %s\n", json_shown(reason, "zh"), json_shown(reason, "en"));
	}
}

static void print_incident(const json_t *incident)
{
	const json_t *b;
	size_t n;

	print_head(incident);
	print_steps(incident);
	json_array_foreach(json_object_get(incident, "bulletins"), n, b)
	        printf("  %-6s %-13s %-10s %-8s %-10s %s\n", json_shown(b, "id"),
	                json_shown(b, "kind"), json_shown(b, "state"), json_shown(b, "level"),
	                json_shown(b, "unit"), json_shown(b, "headline"));
	print_refused(incident);
}

static void print_list(const json_t *list)
{
	const json_t *item;
	size_t n;

	json_array_foreach(json_object_get(list, "incidents"), n, item) print_head(item);
}

static json_t *split(const char *areas)
{
	char *copy = mem_text(areas);
	char *rest = copy;
	json_t *list = json_array();

	for (const char *area = strsep(&rest, ","); area; area = strsep(&rest, ","))
		json_array_append_new(list, json_string(area));
	free(copy);
	return list;
}

static int open_incident(int argc, char **argv)
{
	const char *title = take_option(&argc, argv, "--title");
	const char *hazard = take_option(&argc, argv, "--hazard");
	const char *areas = take_option(&argc, argv, "--areas");
	const char *id = take_option(&argc, argv, "--id");

	if (argc != 1 || !title || !hazard || !areas)
		return usage();
	return show_done("/api/v1/incidents",
	        json_pack("{s:s,s:s,s:s,s:o}", "id", id ? id : "", "title", title, "hazard", hazard,
	                "areas", split(areas)),
	        print_head);
}

/* What is being put one's name to is the text itself: it is short. */
static bool sign_step(
        const char *path, enum act act, char **step, struct proof *proof, struct err *err)
{
	struct reply reply;

	bool ok = client_call("GET", path, NULL, NULL, 0, &reply, err);
	if (ok) {
		struct incident_step read;
		*step = mem_text(reply.body.data ? reply.body.data : "");
		fputs(*step, stderr);
		ok = incident_step_read(&read, *step, strlen(*step), err) &&
		     own_proof(act, read.mode, *step, strlen(*step), proof, err);
		incident_step_finish(&read);
	}
	reply_finish(&reply);
	return ok;
}

static int take_step(enum act act, int argc, char **argv)
{
	const char *to = take_option(&argc, argv, "--to");
	const char *reason = take_option(&argc, argv, "--reason");
	struct proof proof = {0};
	char *step = NULL;
	struct err err;

	if (argc != 2 || (act == ACT_CLOSE) != (to == NULL))
		return usage();
	char *id = client_escape(argv[1]);
	char *unit = client_escape(to ? to : "");
	char *why = client_escape(reason ? reason : "");
	char *next = mem_format(
	        "/api/v1/incidents/%s/next?verb=%s&to=%s&reason=%s", id, act_text(act), unit, why);
	char *path = mem_format("/api/v1/incidents/%s/steps", id);
	int code =
	        sign_step(next, act, &step, &proof, &err)
	                ? show_done(path,
	                          json_pack("{s:s,s:o}", "text", step, "proof", proof_json(&proof)),
	                          print_incident)
	                : say_err(&err);
	char *owned[] = {id, unit, why, next, path, step};
	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		free(owned[i]);
	proof_finish(&proof);
	return code;
}

static int show_incident(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	if (argc != 2)
		return usage();
	char *id = client_escape(argv[1]);
	char *path = mem_format("/api/v1/incidents/%s", id);
	int code = show_answer(path, raw, print_incident, NULL);
	free(id);
	free(path);
	return code;
}

static int list_incidents(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	return argc == 1 ? show_answer("/api/v1/incidents", raw, print_list, NULL) : usage();
}

int command_incident(int argc, char **argv)
{
	enum act act;

	if (argc < 2)
		return usage();
	if (strcmp(argv[1], "open") == 0)
		return open_incident(argc - 1, argv + 1);
	if (strcmp(argv[1], "show") == 0)
		return show_incident(argc - 1, argv + 1);
	if (strcmp(argv[1], "list") == 0)
		return list_incidents(argc - 1, argv + 1);
	if (act_read(argv[1], &act) && incident_act(act))
		return take_step(act, argc - 1, argv + 1);
	return usage();
}
