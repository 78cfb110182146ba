/* SPDX-License-Identifier: Apache-2.0
 * validate - is this CAP 1.2? The rules of the schema and those it cannot see, one JSON line or a
 * few sentences a file.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cap_rule.h"
#include "cap_sign.h"
#include "client.h"
#include "problems.h"
#include "rules.h"

struct finding {
	const char *file, *version, *signature;
	bool valid;
	struct cap_problems problems;
};

static const char *version_of(const char *bytes, size_t len)
{
	static const char *const names[][2] = {{"urn:oasis:names:tc:emergency:cap:1.2", "1.2"},
	        {"urn:oasis:names:tc:emergency:cap:1.1", "1.1"},
	        {"http://www.incident.com/cap/1.0", "1.0"}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (memmem(bytes, len, names[i][0], strlen(names[i][0])))
			return names[i][1];
	return "none";
}

static void look(
        struct finding *finding, const struct cap_ways *ways, const char *bytes, size_t len)
{
	struct err err;

	finding->version = version_of(bytes, len);
	finding->signature = "none";
	if (!cap_gate(bytes, len, CAP_LIMIT_SOURCE, &err)) {
		cap_problem_put(
		        &finding->problems, CAP_PROBLEM_ERROR, "xml.gate", "/", err.zh, err.en);
		return;
	}
	finding->signature = cap_has_signature(bytes, len) ? "present" : "none";
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &finding->problems);
	if (alert)
		cap_check_by(alert, ways, &finding->problems);
	finding->valid = alert && finding->problems.errors == 0;
	cap_alert_destroy(&alert);
}

static void print_json(const struct finding *f)
{
	json_t *json = json_pack("{s:s,s:b,s:s,s:s,s:o}", "file", f->file, "valid", f->valid,
	        "version", f->version, "signature", f->signature, "problems",
	        problems_json(&f->problems));
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;

	puts(line ? line : "{}");
	free(line);
	json_decref(json);
}

static void print_text(const struct finding *f)
{
	printf("%s: %s\n", f->file, f->valid ? "有效 / valid" : "无效 / not valid");
	for (size_t i = 0; i < f->problems.count; i++) {
		const struct cap_problem *p = &f->problems.items[i];
		printf("  %s %s %s: %s / %s\n", cap_problem_level_text(p->level), p->rule, p->path,
		        p->zh, p->en);
	}
}

/* true: valid. */
static bool validate_file(const char *file, const struct cap_ways *ways, bool as_json)
{
	struct finding finding = {.file = file, .version = "none", .signature = "none"};
	struct err err;
	size_t len = 0;
	char *bytes = client_file(file, &len, &err);

	if (bytes)
		look(&finding, ways, bytes, len);
	else
		cap_problem_put(&finding.problems, CAP_PROBLEM_ERROR, "file", "/", err.zh, err.en);
	if (as_json)
		print_json(&finding);
	else
		print_text(&finding);
	cap_problems_finish(&finding.problems);
	free(bytes);
	return finding.valid;
}

int command_validate(int argc, char **argv)
{
	bool as_json = take_flag(&argc, argv, "--json");
	bool show_rules = take_flag(&argc, argv, "--rules");
	struct cap_ways ways = {0};
	int code = EX_OK;

	if (!rules_take_profiles(&argc, argv, &ways.profiles))
		return EX_USAGE;
	bool unknown = argc > 1 && strncmp(argv[1], "--", 2) == 0;
	if (unknown || show_rules == (argc > 1)) {
		fputs("usage: tocsin validate [--json] [--profile NAME]... FILE...\n"
		      "       tocsin validate --rules [--json] [--profile NAME]...\n",
		        stderr);
		return EX_USAGE;
	}
	if (show_rules)
		rules_print(ways.profiles, as_json);
	cap_setup();
	for (int i = 1; i < argc; i++)
		code = validate_file(argv[i], &ways, as_json) ? code : EX_DATAERR;
	return code;
}
