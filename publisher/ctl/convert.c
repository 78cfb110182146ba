/* SPDX-License-Identifier: Apache-2.0
 * convert - a CAP or national message, or an item of somebody's JSON, in another form, with a
 * report of what has no counterpart there.
 *
 * By itself: no server is asked. What can be read but breaks the standard is not converted.
 */
#include "convert.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "command.h"
#include "draft_national.h"
#include "mapping.h"
#include "problems.h"
#include "rules.h"

/* Where the tables lie unless said (the setting `catalog` of the house has the same default). */
#define CATALOG "/usr/share/tocsin"

static const struct {
	const char *name;
	convert_form *form;
} forms[] = {{"cap", convert_cap}, {"national", convert_national}, {"json", convert_json},
        {"text", convert_text}};

struct asked {
	convert_form *form;
	const char *catalog, *report, *file;
	const char *language;
	long limit; /* of characters, 0 = none; -1: no number */
	const char *table;
	const struct mapping *mapping; /* the file is JSON by this table; NULL: it is none */
	long item; /* which of its items, from 1; 0: the only one; -1: no number */
	struct convert_known known;
	struct cap_manner manner;
};

static convert_form *form_named(const char *name)
{
	for (size_t i = 0; name && i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].name, name) == 0)
			return forms[i].form;
	return NULL;
}

/* NULL: there is no such message, or more than one. */
static struct cap_message *chosen(struct cap_messages *messages, const struct asked *asked)
{
	size_t at = asked->item ? (size_t)asked->item - 1 : 0;

	return at < messages->count && (asked->item || messages->count == 1) ? &messages->items[at]
	                                                                     : NULL;
}

static bool read_file(
        const char *bytes, size_t len, const struct asked *asked, struct cap_messages *out)
{
	return asked->mapping ? mapping_read(asked->mapping, bytes, len, &asked->manner, out)
	                      : cap_read(bytes, len, &asked->manner, out);
}

/* One message, and one fit to be sent on. */
static bool check(struct cap_messages *messages, struct asked *asked, struct err *err)
{
	struct cap_ways ways = {.known = convert_known_find, .record = &asked->known};
	struct cap_message *message = chosen(messages, asked);

	if (!message)
		return err_set(err, ERR_INPUT, "%s 里有 %zu 条报文，一次只转换一条",
		        "%s holds %zu messages: one is converted at a time", asked->file,
		        messages->count);
	if (message->alert)
		cap_check_by(message->alert, &ways, &message->problems);
	return (message->alert && !message->problems.errors) ||
	       problems_err(&message->problems, err);
}

static bool write_report(const char *path, const struct cap_problems *read,
        const struct cap_problems *converted, struct err *err)
{
	json_t *all = problems_json(read);
	json_t *more = problems_json(converted);
	bool ok =
	        json_array_extend(all, more) == 0 && json_dump_file(all, path, JSON_INDENT(1)) == 0;

	json_decref(more);
	json_decref(all);
	return ok ||
	       err_set(err, ERR_UNAVAILABLE, "无法写出报告 %s", "cannot write the report %s", path);
}

static bool put_out(const struct buf *out, struct err *err)
{
	if (fwrite(out->data, 1, out->len, stdout) == out->len && fflush(stdout) == 0)
		return true;
	return err_set(err, ERR_UNAVAILABLE, "写不出去", "standard output cannot be written to");
}

static bool convert(
        struct convert *convert, struct cap_message *message, struct asked *asked, struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	convert->alert = message->alert;
	bool ok = asked->form(convert, &out, err) &&
	          (!convert->problems.errors || problems_err(&convert->problems, err));

	rules_print_problems(stderr, &message->problems);
	rules_print_problems(stderr, &convert->problems);
	ok = ok && (!asked->report || write_report(asked->report, &message->problems,
	                                      &convert->problems, err));
	ok = ok && put_out(&out, err);
	buf_finish(&out);
	cap_problems_finish(&convert->problems);
	return ok;
}

static bool run(struct asked *asked, const struct catalog *catalog, struct err *err)
{
	struct national_help help = {.event = draft_national_event,
	        .events = (void *)catalog,
	        .known = convert_known_find,
	        .record = &asked->known};
	struct convert one = {.catalog = catalog,
	        .help = &help,
	        .tables = asked->catalog,
	        .language = asked->language,
	        .limit = (size_t)asked->limit};
	struct cap_messages messages = {0};
	size_t len = 0;
	char *bytes = client_file(asked->file, &len, err);

	if (!bytes)
		return false;
	asked->manner.national = &help;
	bool ok = (read_file(bytes, len, asked, &messages) ||
	                  problems_err(&messages.problems, err)) &&
	          check(&messages, asked, err) &&
	          convert(&one, chosen(&messages, asked), asked, err);

	cap_messages_finish(&messages);
	free(bytes);
	return ok;
}

static void say_usage(void)
{
	fputs("usage: tocsin convert --to national|cap|json|text [--known FILE]... [--report "
	      "FILE]\n"
	      "                      [--language zh-CN] [--limit CHARACTERS] [--catalog FOLDER]\n"
	      "                      [--zone +08:00] [--encoding NAME] [--table NAME [--item N]] "
	      "FILE\n",
	        stderr);
}

/* 0: not given; -1: no number. */
static long read_count(const char *text)
{
	char *end = NULL;
	long count = text ? strtol(text, &end, 10) : 0;

	return text && (end == text || *end || count < 1) ? -1 : count;
}

static void take_options(int *argc, char **argv, struct asked *asked)
{
	const char *catalog = take_option(argc, argv, "--catalog");
	const char *language = take_option(argc, argv, "--language");

	asked->form = form_named(take_option(argc, argv, "--to"));
	asked->report = take_option(argc, argv, "--report");
	asked->catalog = catalog ? catalog : CATALOG;
	asked->language = language ? language : "zh-CN";
	asked->limit = read_count(take_option(argc, argv, "--limit"));
	asked->table = take_option(argc, argv, "--table");
	asked->item = read_count(take_option(argc, argv, "--item"));
	asked->mapping = asked->table ? mapping_find(asked->table) : NULL;
	asked->manner.zone = take_option(argc, argv, "--zone");
	asked->manner.encoding = take_option(argc, argv, "--encoding");
}

static bool know_table(const struct asked *asked)
{
	if (!asked->table || asked->mapping)
		return true;
	char *names = mapping_names();

	fprintf(stderr, "没有名为“%s”的对照表，有：%s / no table is called \"%s\"; there are: %s\n",
	        asked->table, names, asked->table, names);
	free(names);
	return false;
}

/* false: it was said. */
static bool is_well_asked(int argc, char **argv, const struct asked *asked)
{
	if (!asked->form || argc != 2 || strncmp(argv[1], "--", 2) == 0 ||
	        !cap_manner_known(&asked->manner) || asked->limit < 0 || asked->item < 0 ||
	        (!asked->table && asked->item != 0)) {
		say_usage();
		return false;
	}
	return know_table(asked);
}

int command_convert(int argc, char **argv)
{
	struct asked asked = {.manner = {.lenient = true, .limit = CAP_LIMIT_SOURCE}};
	struct err err = {0};
	const char *known;
	bool ok = true;

	take_options(&argc, argv, &asked);
	while (ok && (known = take_option(&argc, argv, "--known")) != NULL)
		ok = convert_known_add(&asked.known, known, &err);
	if (ok && !is_well_asked(argc, argv, &asked)) {
		convert_known_finish(&asked.known);
		return EX_USAGE;
	}
	asked.file = argv[1];
	struct catalog *catalog = ok ? catalog_read(asked.catalog, &err) : NULL;

	ok = catalog && run(&asked, catalog, &err);
	catalog_destroy(&catalog);
	convert_known_finish(&asked.known);
	return ok ? EX_OK : say_err(&err);
}
