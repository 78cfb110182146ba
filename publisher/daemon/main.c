/* SPDX-License-Identifier: Apache-2.0
 * tocsind - the broadcaster's daemon: its command line, and what can be asked of it without
 * running.
 *
 * Ends with 0 after SIGTERM, 64 for a wrong command line, 65 for a damaged record, 78 for wrong
 * settings, 69 when a part it needs is not there (daemon.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "account_tool.h"
#include "backup_tool.h"
#include "catalog.h"
#include "phrases.h"
#include "population.h"
#include "config.h"
#include "daemon.h"
#include "digest.h"
#include "import_tool.h"
#include "policy_history.h"
#include "screen_lists.h"
#include "token_tool.h"

static void usage(FILE *out)
{
	fputs("usage: tocsind [--config FILE] [--check-config | --print-config | --manual | "
	      "--add-token NAME:OFFICER:SCOPES[:END[:ADDRESSES]] |\n"
	      "        --add-account OFFICER,... | --install-policy | --backup FOLDER | --restore "
	      "BACKUP |\n"
	      "        --import-recipients FILE [--errors FILE]]\n"
	      "       tocsind --version | --help\n",
	        out);
}

static int say(const struct err *err)
{
	fprintf(stderr, "tocsind: %s / %s\n", err->zh, err->en);
	return err_exit_code(err->kind);
}

/* --- what needs no running
 * ------------------------------------------------------------------------- */

static int check_config(const struct config *config)
{
	struct err err;
	struct policy *policy = policy_read(config->policy, &err);
	struct catalog *catalog = policy ? catalog_read(config->catalog, &err) : NULL;

	bool drawn = catalog && outlines_draw(catalog->outlines, &err);
	struct screen_lists *screen =
	        drawn ? screen_lists_read(config->catalog, config->protected_sites, &err) : NULL;
	struct population *population = screen ? population_read(config->population, &err) : NULL;

	struct phrases *phrases = NULL;
	bool good = population && phrases_read_any(config->catalog, &phrases, &err);

	if (!good)
		say(&err);
	else
		printf("%s: ok (policy %.16s)\n", config->file, policy->version);
	int code = good ? EX_OK : EX_CONFIG;
	phrases_destroy(&phrases);
	population_destroy(&population);
	screen_lists_destroy(&screen);
	catalog_destroy(&catalog);
	policy_destroy(&policy);
	return code;
}

static int print_and_free(struct buf *text)
{
	fputs(text->data ? text->data : "", stdout);
	buf_finish(text);
	return EX_OK;
}

struct command {
	const char *file;
	int what; /* 0 run, 'c' check, 'p' print, 'm' manual, 't' token, 'a' account, 'i' install,
	             'b' backup, 'r' restore, 'd' recipients */
	const char *order;
	const char *errors; /* of an import; NULL = none are kept */
};

static int act(const struct config *config, const struct command *command)
{
	const char *order = command->order;
	int what = command->what;
	struct err err;
	struct buf text;

	buf_init(&text, 0);
	if (what == 'p') {
		config_print(config, &text);
		return print_and_free(&text);
	}
	if (what == 'i')
		return policy_history_install(config, &err) ? EX_OK : say(&err);
	if (what == 't')
		return token_tool_add(config, order, &err) ? EX_OK : say(&err);
	if (what == 'a')
		return account_tool_add(config, order, &err) ? EX_OK : say(&err);
	if (what == 'b')
		return backup_tool_make(config, order, &err) ? EX_OK : say(&err);
	if (what == 'r')
		return backup_tool_restore(config, order, &err) ? EX_OK : say(&err);
	if (what == 'd')
		return import_tool_run(config, order, command->errors, &err) ? EX_OK : say(&err);
	return check_config(config);
}

/* -1: go on; else the exit code. */
static int read_command(int argc, char **argv, struct command *command)
{
	static const struct {
		const char *word;
		int what;
		bool takes;
	} words[] = {{"--config", 'f', true}, {"--check-config", 'c', false},
	        {"--print-config", 'p', false}, {"--manual", 'm', false},
	        {"--add-token", 't', true}, {"--add-account", 'a', true},
	        {"--install-policy", 'i', false}, {"--backup", 'b', true}, {"--restore", 'r', true},
	        {"--import-recipients", 'd', true}, {"--errors", 'e', true},
	        {"--version", 'V', false}, {"--help", 'h', false}};

	for (int i = 1; i < argc; i++) {
		size_t w = 0;
		while (w < sizeof words / sizeof words[0] && strcmp(words[w].word, argv[i]) != 0)
			w++;
		if (w == sizeof words / sizeof words[0] || (words[w].takes && i + 1 == argc)) {
			usage(stderr);
			return EX_USAGE;
		}
		if (words[w].what == 'V')
			return printf("tocsind %s\n", TOCSIN_VERSION) > 0 ? EX_OK : EX_IOERR;
		if (words[w].what == 'h') {
			usage(stdout);
			return EX_OK;
		}
		if (words[w].what == 'f') {
			command->file = argv[++i];
			continue;
		}
		if (words[w].what == 'e') {
			command->errors = argv[++i];
			continue;
		}
		command->what = words[w].what;
		if (words[w].takes)
			command->order = argv[++i];
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct command command = {.file = "/etc/tocsin/tocsin.yaml"};
	struct buf errors;
	struct err err;

	digest_setup();
	umask(0077);
	int code = read_command(argc, argv, &command);
	if (code >= 0)
		return code;
	buf_init(&errors, 0);
	if (command.what == 'm') {
		config_manual(&errors);
		return print_and_free(&errors);
	}
	struct config *config = config_read(command.file, &errors);
	if (!config) {
		fputs(errors.data, stderr);
		buf_finish(&errors);
		return EX_CONFIG;
	}
	buf_finish(&errors);
	if (!command.what)
		return daemon_run(config, &err) ? EX_OK : say(&err);
	code = act(config, &command);
	config_destroy(&config);
	return code;
}
