/* SPDX-License-Identifier: Apache-2.0
 * show - what the record knows: status, why.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cap_io.h"
#include "client.h"
#include "mem.h"

static const char *text(const json_t *json, const char *name)
{
	const char *value = json_string_value(json_object_get(json, name));

	return value ? value : "-";
}

static void print_changes(FILE *out, const json_t *b)
{
	const json_t *changes = json_object_get(b, "changes");
	const json_t *item;
	size_t i;

	if (!json_is_object(changes))
		return;
	fprintf(out, "  您上次处理后的改动 / changed since your %s at %s:%s\n",
	        text(changes, "since"), text(changes, "time"),
	        json_array_size(json_object_get(changes, "fields")) ? "" : " 无 / nothing");
	json_array_foreach(json_object_get(changes, "fields"), i, item)
	        fprintf(out, "    %s: %s -> %s\n", text(item, "field"), text(item, "before"),
	                text(item, "after"));
}

static void show_changes(const char *id)
{
	char *path = mem_format("/api/v1/bulletins/%s", id);
	struct reply reply;
	struct err err;

	if (client_call("GET", path, NULL, NULL, 0, &reply, &err)) {
		json_t *json = reply_json(&reply);
		print_changes(stderr, json);
		json_decref(json);
	}
	reply_finish(&reply);
	free(path);
}

void show_words(const char *id)
{
	char *path = mem_format("/api/v1/bulletins/%s/cap", id);
	struct cap_problems problems = {0};
	struct cap_alert *alert = NULL;
	struct reply reply;
	struct err err;

	cap_setup();
	if (client_call("GET", path, NULL, NULL, 0, &reply, &err))
		alert = cap_parse_unfilled(
		        reply.body.data, reply.body.len, CAP_LIMIT_SOURCE, &problems);
	if (alert && alert->info_count) {
		const struct cap_info *info = &alert->infos[0];
		fprintf(stderr, "%s\n  区域 / areas:", info->headline ? info->headline : "-");
		for (size_t i = 0; i < info->area_count; i++)
			fprintf(stderr, " %s", info->areas[i].desc ? info->areas[i].desc : "-");
		fputc('\n', stderr);
	}
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	reply_finish(&reply);
	free(path);
	show_changes(id);
}

/* Who did what to it before its release, and what the one who asks has not seen yet. */
static void print_history(const json_t *b)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(b, "steps"), i, item)
	        printf("  %s（%s） by %s at %s%s%s\n", text(item, "step"), text(item, "step_zh"),
	                text(item, "officer"), text(item, "time"),
	                *text(item, "reason") ? ": " : "", text(item, "reason"));
	print_changes(stdout, b);
}

/* What the screen found, a line each, or why it was let pass. */
static void print_note(const char *note)
{
	while (*note) {
		size_t len = strcspn(note, "\n");
		printf("    %.*s\n", (int)len, note);
		note += len + (note[len] == '\n');
	}
}

/* Both levels: which of the two people will believe is the question. */
static void print_conflicts(const json_t *b, FILE *out)
{
	const json_t *other;
	const json_t *area;
	size_t i;
	size_t k;

	json_array_foreach(json_object_get(b, "conflicts"), i, other)
	{
		fprintf(out,
		        "  注意：另一单位对同类灾害、相交区域有在效预警 / another issuer's warning "
		        "is "
		        "in force here\n    %s %s %s（%s），本条 / this one: %s（%s） areas",
		        text(other, "identifier"), text(other, "unit"), text(other, "level"),
		        text(other, "level_zh"), text(b, "level"), text(b, "level_zh"));
		json_array_foreach(json_object_get(other, "areas"), k, area)
		        fprintf(out, " %s", json_string_value(area));
		fprintf(out, "\n    %s\n", text(other, "headline"));
	}
}

void show_conflicts(const char *id)
{
	char *path = mem_format("/api/v1/bulletins/%s", id);
	struct reply reply;
	struct err err;

	if (client_call("GET", path, NULL, NULL, 0, &reply, &err)) {
		json_t *json = reply_json(&reply);
		print_conflicts(json, stderr);
		json_decref(json);
	}
	reply_finish(&reply);
	free(path);
}

static void print_status(const json_t *b)
{
	const json_t *item;
	size_t i;

	printf("%s %s（%s）%s\n  %s\n  number %s  expires %s\n", text(b, "id"), text(b, "state"),
	        text(b, "state_zh"), text(b, "level_zh"), text(b, "headline"),
	        text(b, "identifier"), text(b, "expires"));
	printf("  drafted by %s", text(b, "drafter"));
	json_array_foreach(json_object_get(b, "earlier"), i, item)
	        printf(", %s", json_string_value(item));
	fputs("\n  areas", stdout);
	json_array_foreach(json_object_get(b, "areas"), i, item)
	        printf(" %s", json_string_value(item));
	printf("  screening %s%s\n", text(b, "screening"),
	        strcmp(text(b, "screening"), "held") == 0
	                ? "（已扣住，须改去相应文字，或由审核人说明理由放行 / held: reword it, or "
	                  "a reviewer "
	                  "overrides it with a reason）"
	                : "");
	print_note(text(b, "screening_note"));
	if (*text(b, "incident"))
		printf("  incident %s  handler %s\n", text(b, "incident"), text(b, "handler"));
	print_conflicts(b, stdout);
	json_array_foreach(json_object_get(b, "approvals"), i, item) printf("  %s by %s at %s%s\n",
	        text(item, "act"), text(item, "officer"), text(item, "time"),
	        json_is_true(json_object_get(item, "voided")) ? " (void)" : "");
	print_history(b);
	json_array_foreach(json_object_get(b, "deliveries"), i, item)
	{
		printf("  %-16s %s（%s） attempts=%lld", text(item, "target"), text(item, "state"),
		        text(item, "state_zh"),
		        (long long)json_integer_value(json_object_get(item, "attempts")));
		if (json_object_get(item, "reached"))
			printf(" reached=%lld failed=%lld",
			        (long long)json_integer_value(json_object_get(item, "reached")),
			        (long long)json_integer_value(json_object_get(item, "failed")));
		if (*text(item, "proof"))
			printf(" proof=\"%s\"", text(item, "proof"));
		if (*text(item, "reason"))
			printf(" reason=\"%s\"", text(item, "reason"));
		putchar('\n');
	}
}

static void print_list(const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *)list, i, item) printf("%-6s %-10s %-8s %s\n", text(item, "id"),
	        text(item, "state"), text(item, "level"), text(item, "headline"));
}

int show_answer(const char *path, bool raw, void (*print)(const json_t *json), const char *member)
{
	struct reply reply;
	struct err err;
	int code = EX_OK;

	if (!client_call("GET", path, NULL, NULL, 0, &reply, &err)) {
		code = say_err(&err);
	} else if (raw) {
		fwrite(reply.body.data, 1, reply.body.len, stdout);
	} else {
		json_t *json = reply_json(&reply);
		print(member ? json_object_get(json, member) : json);
		json_decref(json);
	}
	reply_finish(&reply);
	return code;
}

/* Urgent releases nobody has reported yet: nothing else is read before. */
static void print_overdue(const json_t *due)
{
	print_due(due, "after-report");
}

static void print_duties(const json_t *due)
{
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *)due, i, item) printf("  %-4s %s（%s） %s %s %s\n",
	        text(item, "id"), text(item, "what"), text(item, "what_zh"), text(item, "state"),
	        text(item, "due"), text(item, "basis"));
}

int command_status(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	if (argc > 2) {
		fputs("usage: tocsin status [ID] [--json]\n", stderr);
		return EX_USAGE;
	}
	if (argc == 1) {
		if (!raw)
			show_answer("/api/v1/due", false, print_overdue, "due");
		return show_answer("/api/v1/bulletins", raw, print_list, "bulletins");
	}
	char *path = mem_format("/api/v1/bulletins/%s", argv[1]);
	int code = show_answer(path, raw, print_status, NULL);
	if (code == EX_OK && !raw) {
		free(path);
		path = mem_format("/api/v1/due?bulletin=%s", argv[1]);
		code = show_answer(path, false, print_duties, "due");
	}
	free(path);
	return code;
}

static void print_why(const json_t *why)
{
	const json_t *item;
	const json_t *reason;
	size_t i;
	size_t j;

	printf("%s %s\n", text(why, "id"), text(why, "headline"));
	json_array_foreach(json_object_get(why, "decisions"), i, item)
	{
		const json_t *decision = json_object_get(item, "decision");
		bool permit = json_is_true(json_object_get(decision, "permit"));
		printf("%s  asked at %s for %s: %s", text(item, "at"), text(item, "asked"),
		        text(item, "officer"), permit ? "permit（准许）" : "deny（不准）");
		if (permit)
			printf(" by %s, %s", text(decision, "rule"), text(decision, "basis"));
		printf("  policy %.16s\n", text(decision, "policy"));
		json_array_foreach(json_object_get(decision, "reasons"), j, reason)
		        printf("    %s / %s\n", text(reason, "zh"), text(reason, "en"));
	}
}

int command_why(int argc, char **argv)
{
	bool raw = take_flag(&argc, argv, "--json");

	if (argc != 2) {
		fputs("usage: tocsin why ID [--json]\n", stderr);
		return EX_USAGE;
	}
	char *path = mem_format("/api/v1/bulletins/%s/why", argv[1]);
	int code = show_answer(path, raw, print_why, NULL);
	free(path);
	return code;
}
