/* SPDX-License-Identifier: Apache-2.0
 * decide_main - see decide_main.h.
 */
#include "decide_main.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "decide_json.h"

enum { LINE_MOST = 1 << 20 };

struct options {
	const char *policy;
	enum mode mode;
	bool check; /* only read the policy and say its version */
};

static int usage(FILE *out)
{
	fputs("用法 / usage: tocsin decide --policy FILE [--mode live|exercise|test] [--check]\n"
	      "每行一个 JSON 请求（stdin），每行一个 JSON 答复（stdout）\n"
	      "one JSON request per line on stdin, one JSON answer per line on stdout;\n"
	      "--check only reads the policy, asks its own examples and prints its version\n",
	        out);
	return out == stdout ? EX_OK : EX_USAGE;
}

/* -1: go on; else the exit code. */
static int read_options(int argc, char **argv, struct options *options)
{
	static const struct option rows[] = {
	        {"policy", required_argument, NULL, 'p'},
	        {"mode", required_argument, NULL, 'm'},
	        {"check", no_argument, NULL, 'c'},
	        {"help", no_argument, NULL, 'h'},
	        {0},
	};
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", rows, NULL)) != -1) {
		if (option == 'p')
			options->policy = optarg;
		else if (option == 'c')
			options->check = true;
		else if (option == 'h')
			return usage(stdout);
		else if (option != 'm' || !mode_read(optarg, &options->mode))
			return usage(stderr);
	}
	return options->policy && optind == argc ? -1 : usage(stderr);
}

static bool is_blank(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr(" \t\r\n", line[i]))
			return false;
	return true;
}

static bool print_answer(json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT);
	bool good = text && puts(text) >= 0;

	free(text);
	json_decref(answer);
	return good;
}

static int answer_line(
        const struct policy *policy, enum mode mode, const char *line, size_t len, size_t number)
{
	struct err err;
	json_t *answer;

	if (is_blank(line, len))
		return EX_OK;
	if (len > LINE_MOST) {
		fprintf(stderr, "stdin:%zu: 超过 1 MiB / over 1 MiB\n", number);
		return EX_DATAERR;
	}
	answer = decide_line(policy, mode, line, len, &err);
	if (!answer) {
		fprintf(stderr, "stdin:%zu: %s / %s\n", number, err.zh, err.en);
		return EX_DATAERR;
	}
	return print_answer(answer) ? EX_OK : EX_IOERR;
}

static int answer_all(const struct policy *policy, enum mode mode)
{
	char *line = NULL;
	size_t room = 0;
	size_t number = 0;
	ssize_t len;
	int code = EX_OK;

	while (code == EX_OK && (len = getline(&line, &room, stdin)) >= 0)
		code = answer_line(policy, mode, line, (size_t)len, ++number);
	free(line);
	if (fflush(stdout) != 0 || (code == EX_OK && ferror(stdin)))
		code = EX_IOERR;
	return code;
}

int decide_main(int argc, char **argv)
{
	struct options options = {.mode = MODE_LIVE};
	struct buf faults;
	int code = read_options(argc, argv, &options);

	if (code >= 0)
		return code;
	buf_init(&faults, 0);
	struct policy *policy = policy_read_all(options.policy, &faults);
	if (!policy) {
		fputs(faults.data ? faults.data : "", stderr);
		code = EX_CONFIG;
	} else if (options.check) {
		code = printf("%s\n", policy->version) < 0 || fflush(stdout) ? EX_IOERR : EX_OK;
	} else {
		code = answer_all(policy, options.mode);
	}
	buf_finish(&faults);
	policy_destroy(&policy);
	return code;
}
