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
#include "fields.h"
#include "mem.h"
#include "proof.h"

static void print_changes(FILE *out, const json_t *b)
{
	const json_t *changes = json_object_get(b, "changes");
	const json_t *item;
	size_t i;

	if (!json_is_object(changes))
		return;
	fprintf(out, "  您上次处理后的改动 / changed since your %s at %s:%s\n",
	        json_shown(changes, "since"), json_shown(changes, "time"),
	        json_array_size(json_object_get(changes, "fields")) ? "" : " 无 / nothing");
	json_array_foreach(json_object_get(changes, "fields"), i, item)
	        fprintf(out, "    %s: %s -> %s\n", json_shown(item, "field"),
	                json_shown(item, "before"), json_shown(item, "after"));
}

/* On stderr, of the bulletin; nothing when it cannot be had. */
static void show_bulletin(const char *id, void (*print)(FILE *out, const json_t *b))
{
	char *path = mem_format("/api/v1/bulletins/%s", id);
	struct err err;
	json_t *json = client_get(path, &err);

	if (json)
		print(stderr, json);
	json_decref(json);
	free(path);
}

static void print_words(const struct cap_info *info)
{
	const char *texts[] = {info->description, info->instruction};

	fprintf(stderr, "%s\n  区域 / areas:", info->headline ? info->headline : "-");
	for (size_t i = 0; i < info->area_count; i++)
		fprintf(stderr, " %s", info->areas[i].desc ? info->areas[i].desc : "-");
	fputc('\n', stderr);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i])
			fprintf(stderr, "  %s\n", texts[i]);
}

void show_words(const char *id, char digest[DIGEST_HEX])
{
	char *path = mem_format("/api/v1/bulletins/%s/cap", id);
	struct cap_problems problems = {0};
	struct cap_alert *alert = NULL;
	struct reply reply;
	struct err err;

	*digest = '\0';
	if (client_call("GET", path, NULL, NULL, 0, &reply, &err)) {
		alert = cap_parse_unfilled(
		        reply.body.data, reply.body.len, CAP_LIMIT_SOURCE, &problems);
		digest_sha256(reply.body.data, reply.body.len, digest);
	}
	for (size_t i = 0; alert && i < alert->info_count; i++)
		print_words(&alert->infos[i]);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	reply_finish(&reply);
	free(path);
	show_bulletin(id, print_changes);
}

/* Who did what to it before its release, and what the one who asks has not seen yet. */
static void print_history(const json_t *b)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(b, "steps"), i, item) printf(
	        "  %s（%s） by %s at %s%s%s\n", json_shown(item, "step"),
	        json_shown(item, "step_zh"), json_shown(item, "officer"), json_shown(item, "time"),
	        *json_text(item, "reason") ? ": " : "", json_text(item, "reason"));
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
static void print_conflicts(FILE *out, const json_t *b)
{
	const json_t *other;
	const json_t *area;
	size_t i;
	size_t k;

	json_array_foreach(json_object_get(b, "conflicts"), i, other)
	{
		fprintf(out,
		        "  注意：另一单位对同类灾害、相交区域有在效预警 / another issuer's warning "
		        "is in force here\n    %s %s %s（%s），本条 / this one: %s（%s） areas",
		        json_shown(other, "identifier"), json_shown(other, "unit"),
		        json_shown(other, "level"), json_shown(other, "level_zh"),
		        json_shown(b, "level"), json_shown(b, "level_zh"));
		json_array_foreach(json_object_get(other, "areas"), k, area)
		        fprintf(out, " %s", json_string_value(area));
		fprintf(out, "\n    %s\n", json_shown(other, "headline"));
	}
}

void show_conflicts(const char *id)
{
	show_bulletin(id, print_conflicts);
}

static void print_approval(const json_t *approval)
{
	const char *word = json_shown(approval, "act");
	enum act act;

	printf("  %s / %s by %s at %s%s\n", act_read(word, &act) ? act_zh(act) : word, word,
	        json_shown(approval, "officer"), json_shown(approval, "time"),
	        json_is_true(json_object_get(approval, "voided")) ? "（已作废 / void）" : "");
}

static void print_delivery(const json_t *delivery)
{
	printf("  %-16s %s（%s） attempts=%lld", json_shown(delivery, "target"),
	        json_shown(delivery, "state"), json_shown(delivery, "state_zh"),
	        (long long)json_integer_value(json_object_get(delivery, "attempts")));
	if (strcmp(json_text(delivery, "state"), "unknown") == 0) /* what `settle` wants */
		printf(" number=%lld",
		        (long long)json_integer_value(json_object_get(delivery, "id")));
	if (json_object_get(delivery, "reached"))
		printf(" reached=%lld failed=%lld",
		        (long long)json_integer_value(json_object_get(delivery, "reached")),
		        (long long)json_integer_value(json_object_get(delivery, "failed")));
	if (*json_text(delivery, "proof"))
		printf(" proof=\"%s\"", json_text(delivery, "proof"));
	if (*json_text(delivery, "reason"))
		printf(" reason=\"%s\"", json_text(delivery, "reason"));
	putchar('\n');
}

/* What the phone network said of the recipients, once any of it has come. */
static void print_reports(const json_t *b)
{
	static const struct {
		const char *word, *zh;
	} rows[] = {{"delivered", "到达"}, {"failed", "失败"}, {"rejected", "网络拒收"},
	        {"buffered", "等待开机"}, {"accepted", "网络已收"}};
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(b, "progress"), i, item)
	{
		const json_t *reports = json_object_get(item, "reports");
		if (!json_is_object(reports))
			continue;
		printf("  %-16s 手机回执 / phones reported:", json_shown(item, "target"));
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			json_int_t count =
			        json_integer_value(json_object_get(reports, rows[k].word));
			if (count || !k)
				printf(" %s %s=%lld", rows[k].zh, rows[k].word, (long long)count);
		}
		printf("（共 / of %lld）\n",
		        (long long)json_integer_value(json_object_get(item, "count")));
	}
}

static void print_paused(const json_t *b)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(b, "progress"), i, item)
	{
		const json_t *paused = json_object_get(item, "paused");
		if (json_is_object(paused))
			printf("  %-16s 已暂停 / paused by %s at %s: %s\n",
			        json_shown(item, "target"), json_shown(paused, "by"),
			        json_shown(paused, "since"), json_shown(paused, "reason"));
	}
}

/* What it is, whose, and for where. */
static void print_head(const json_t *b)
{
	const json_t *item;
	size_t i;

	printf("%s %s（%s）%s\n  %s\n", json_shown(b, "id"), json_shown(b, "state"),
	        json_shown(b, "state_zh"), json_shown(b, "level_zh"), json_shown(b, "headline"));
	printf("  编号 / number %s  有效至 / expires %s\n", json_shown(b, "identifier"),
	        json_shown(b, "expires"));
	printf("  拟制 / drafted by %s", json_shown(b, "drafter"));
	json_array_foreach(json_object_get(b, "earlier"), i, item)
	        printf(", %s", json_string_value(item));
	fputs("\n  区域 / areas", stdout);
	json_array_foreach(json_object_get(b, "areas"), i, item)
	        printf(" %s", json_string_value(item));
}

static void print_status(const json_t *b)
{
	static const char held[] =
	        "（已扣住，须改去相应文字，或由审核人说明理由放行 / held: reword "
	        "it, or a reviewer overrides it with a reason）";
	const json_t *item;
	size_t i;

	print_head(b);
	printf("  筛查 / screening %s%s\n", json_shown(b, "screening"),
	        strcmp(json_text(b, "screening"), "held") == 0 ? held : "");
	print_note(json_text(b, "screening_note"));
	if (*json_text(b, "incident"))
		printf("  事件 / incident %s  处置单位 / handler %s\n", json_shown(b, "incident"),
		        json_shown(b, "handler"));
	print_conflicts(stdout, b);
	json_array_foreach(json_object_get(b, "approvals"), i, item) print_approval(item);
	print_history(b);
	json_array_foreach(json_object_get(b, "deliveries"), i, item) print_delivery(item);
	print_reports(b);
	print_paused(b);
}

static void print_list(const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach((json_t *)list, i, item) printf("%-6s %s（%s） %s %s\n",
	        json_shown(item, "id"), json_shown(item, "state"), json_shown(item, "state_zh"),
	        json_shown(item, "level_zh"), json_shown(item, "headline"));
}

static int show_call(const char *method, const char *path, json_t *body, bool raw,
        void (*print)(const json_t *json), const char *member)
{
	struct reply reply;
	struct err err;
	int code = EX_OK;

	if (!client_json(method, path, body, true, &reply, &err)) {
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

int show_answer(const char *path, bool raw, void (*print)(const json_t *json), const char *member)
{
	return show_call("GET", path, NULL, raw, print, member);
}

int show_done(const char *path, json_t *body, void (*print)(const json_t *json))
{
	return show_call("POST", path, body, false, print, NULL);
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
	        json_shown(item, "id"), json_shown(item, "what"), json_shown(item, "what_zh"),
	        json_shown(item, "state"), json_shown(item, "due"), json_shown(item, "basis"));
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

	printf("%s %s\n", json_shown(why, "id"), json_shown(why, "headline"));
	json_array_foreach(json_object_get(why, "decisions"), i, item)
	{
		const json_t *decision = json_object_get(item, "decision");
		bool permit = json_is_true(json_object_get(decision, "permit"));
		printf("%s  %s %s（asked at %s）：%s", json_shown(item, "at"),
		        json_shown(item, "officer"), json_shown(item, "asked_zh"),
		        json_shown(item, "asked"), permit ? "准许（permit）" : "不准（deny）");
		if (permit)
			printf("，依 %s，%s", json_shown(decision, "rule"),
			        json_shown(decision, "basis"));
		printf("  规则（policy）%.16s\n", json_shown(decision, "policy"));
		json_array_foreach(json_object_get(decision, "reasons"), j, reason)
		        printf("    %s / %s\n", json_shown(reason, "zh"), json_shown(reason, "en"));
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
