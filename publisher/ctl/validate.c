/* SPDX-License-Identifier: Apache-2.0
 * validate - is this CAP? The rules of the schema and those it cannot see, one JSON line or a few
 * sentences a file.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cap_read.h"
#include "cap_rule.h"
#include "cap_trust.h"
#include "client.h"
#include "problems.h"
#include "rules.h"
#include "when.h"

/* What is asked. */
struct asked {
	struct cap_manner manner;
	struct cap_ways ways;
	struct cap_trust *trust; /* or NULL: signatures are not verified */
	int64_t at;              /* the moment for which they are */
	bool as_json;
};

struct finding {
	const char *file, *version, *signature;
	bool valid, certain;
	struct err reason; /* of the signature, where it was verified */
	struct cap_messages messages;
};

/* Of what could not be read: what it says of itself. */
static const char *version_of(const char *bytes, size_t len)
{
	static const char *const names[][2] = {
	        {CAP_SPACE_12, "1.2"}, {CAP_SPACE_11, "1.1"}, {CAP_SPACE_10, "1.0"}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (memmem(bytes, len, names[i][0], strlen(names[i][0])))
			return names[i][1];
	return "none";
}

/* false: it is not valid. */
static bool check(struct cap_message *message, const struct cap_ways *ways)
{
	size_t read = message->problems.count;

	if (message->alert)
		cap_check_by(message->alert, ways, &message->problems);
	cap_problems_within(&message->problems, read, message->place);
	return message->alert && message->problems.errors == 0;
}

/* Of several messages, the first whose signature is not good is told. */
static void verify(
        struct finding *finding, const struct asked *asked, const char *bytes, size_t len)
{
	const char *good = cap_signature_text(CAP_SIGNATURE_GOOD);
	struct err reason = {0};
	enum cap_signature found = cap_trust_verify(asked->trust, bytes, len, asked->at, &reason);

	if (*finding->reason.en && strcmp(finding->signature, good) != 0)
		return;
	finding->signature = cap_signature_text(found);
	finding->reason = reason;
}

static void look(struct finding *finding, const struct asked *asked, const char *bytes, size_t len)
{
	finding->valid = cap_read(bytes, len, &asked->manner, &finding->messages);
	finding->certain = finding->valid;
	if (!finding->messages.count)
		finding->version = version_of(bytes, len);
	if (!finding->messages.count && asked->trust)
		verify(finding, asked, bytes, len);
	for (size_t i = 0; i < finding->messages.count; i++) {
		struct cap_message *message = &finding->messages.items[i];

		finding->valid = check(message, &asked->ways) && finding->valid;
		finding->certain = message->certain && finding->certain;
		finding->version =
		        message->national ? "national" : cap_version_text(message->version);
		if (asked->trust)
			verify(finding, asked, message->document, message->document_len);
		else if (message->has_signature)
			finding->signature = "present";
	}
	finding->certain = finding->certain && finding->valid;
}

static json_t *all_problems(const struct finding *f)
{
	json_t *all = problems_json(&f->messages.problems);

	for (size_t i = 0; i < f->messages.count; i++) {
		json_t *more = problems_json(&f->messages.items[i].problems);

		json_array_extend(all, more);
		json_decref(more);
	}
	return all;
}

static void print_json(const struct finding *f)
{
	json_t *json = json_pack("{s:s,s:b,s:s,s:s,s:I,s:b,s:s,s:o}", "file", f->file, "valid",
	        f->valid, "version", f->version, "signature", f->signature, "messages",
	        (json_int_t)f->messages.count, "certain", f->certain, "encoding",
	        f->messages.encoding, "problems", all_problems(f));
	if (json && *f->reason.en) {
		json_object_set_new(json, "signature_reason", json_string(f->reason.en));
		json_object_set_new(json, "signature_reason_zh", json_string(f->reason.zh));
	}
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;

	puts(line ? line : "{}");
	free(line);
	json_decref(json);
}

static void print_text(const struct finding *f)
{
	printf("%s: %s%s\n", f->file, f->valid ? "有效 / valid" : "无效 / not valid",
	        f->valid && !f->certain ? "；有的区域不能算数 / an area in it counts for nothing"
	                                : "");
	if (*f->reason.en)
		printf("  %s / %s\n", f->reason.zh, f->reason.en);
	rules_print_problems(stdout, &f->messages.problems);
	for (size_t i = 0; i < f->messages.count; i++)
		rules_print_problems(stdout, &f->messages.items[i].problems);
}

/* true: valid, and its signature good where that is asked. */
static bool validate_file(const char *file, const struct asked *asked)
{
	struct finding finding = {
	        .file = file, .version = "none", .signature = "none", .messages.encoding = "none"};
	struct err err;
	size_t len = 0;
	char *bytes = client_file(file, &len, &err);

	if (bytes)
		look(&finding, asked, bytes, len);
	else
		cap_problem_put(
		        &finding.messages.problems, CAP_PROBLEM_ERROR, "file", "/", err.zh, err.en);
	if (asked->as_json)
		print_json(&finding);
	else
		print_text(&finding);
	bool valid = finding.valid;
	if (asked->trust)
		valid = valid &&
		        strcmp(finding.signature, cap_signature_text(CAP_SIGNATURE_GOOD)) == 0;
	cap_messages_finish(&finding.messages);
	free(bytes);
	return valid;
}

static int usage(void)
{
	fputs("usage: tocsin validate [--json] [--lenient [--zone +08:00] [--encoding NAME]]\n"
	      "                       [--trust LIST [--inclusive] [--at MOMENT]]\n"
	      "                       [--profile NAME]... FILE...\n"
	      "       tocsin validate --rules [--json] [--profile NAME]...\n",
	        stderr);
	return EX_USAGE;
}

/* false: *code says how it ends. */
static bool take_trust(int *argc, char **argv, struct asked *asked, int *code)
{
	const char *list = take_option(argc, argv, "--trust"),
	           *at = take_option(argc, argv, "--at");
	bool inclusive = take_flag(argc, argv, "--inclusive");
	struct err err;

	asked->at = when_now();
	if ((at && !when_read(at, &asked->at, NULL)) || (!list && (at || inclusive))) {
		*code = usage();
		return false;
	}
	asked->trust = list ? cap_trust_read(list, inclusive, &err) : NULL;
	if (list && !asked->trust)
		*code = say_err(&err);
	return !list || asked->trust;
}

int command_validate(int argc, char **argv)
{
	struct asked asked = {.manner.limit = CAP_LIMIT_SOURCE};
	bool show_rules = take_flag(&argc, argv, "--rules");
	int code = EX_OK;

	asked.as_json = take_flag(&argc, argv, "--json");
	asked.manner.lenient = take_flag(&argc, argv, "--lenient");
	asked.manner.zone = take_option(&argc, argv, "--zone");
	asked.manner.encoding = take_option(&argc, argv, "--encoding");
	if (!rules_take_profiles(&argc, argv, &asked.ways.profiles))
		return EX_USAGE;
	if (!take_trust(&argc, argv, &asked, &code))
		return code;
	bool unknown = argc > 1 && strncmp(argv[1], "--", 2) == 0;
	if (unknown || show_rules == (argc > 1) || !cap_manner_known(&asked.manner)) {
		cap_trust_destroy(&asked.trust);
		return usage();
	}
	if (show_rules)
		rules_print(asked.ways.profiles, asked.as_json);
	for (int i = 1; i < argc; i++)
		code = validate_file(argv[i], &asked) ? code : EX_DATAERR;
	cap_trust_destroy(&asked.trust);
	return code;
}
