/* SPDX-License-Identifier: Apache-2.0
 * audit - `tocsin audit verify | export | show`: is the chain whole, a copy of it to take away, and
 * what stands in it. Verifying recomputes every hash here; of tocsind it believes nothing but the
 * records.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "audit_file.h"
#include "client.h"
#include "fields.h"
#include "mem.h"
#include "when.h"

enum { PAGE = 1000 };

typedef bool (*audit_each)(void *arg, const json_t *record, struct err *err);

/* Every record, page by page. */
static bool walk(audit_each each, void *arg, struct err *err)
{
	int64_t from = 1;
	size_t count = PAGE;
	bool ok = true;

	while (ok && count == PAGE) {
		char *path =
		        mem_format("/api/v1/audit?from=%lld&limit=%d", (long long)from, (int)PAGE);
		json_t *page = client_get(path, err);
		const json_t *list = json_object_get(page, "records");
		const json_t *record;
		size_t i;
		free(path);
		ok = page != NULL;
		count = json_array_size(list);
		json_array_foreach(list, i, record)
		{
			ok = ok && each(arg, record, err);
			from = json_integer_value(json_object_get(record, "seq")) + 1;
		}
		json_decref(page);
	}
	return ok;
}

/* --- verify ----------------------------------------------------------------------------------- */

struct check {
	struct chain chain;
	struct heads heads;
};

static bool check_record(void *arg, const json_t *record, struct err *err)
{
	struct check *check = arg;

	heads_pass(&check->heads, record);
	return audit_record_fits(&check->chain, record, err) &&
	       heads_fit(&check->heads, &check->chain, err);
}

/* The server's own word first: it also holds the decisions against the chain. */
static bool verify_server(struct check *check, struct err *err)
{
	json_t *said = client_get("/api/v1/audit/verify", err);

	if (!said)
		return false;
	json_decref(said);
	chain_start(&check->chain);
	return walk(check_record, check, err) && heads_reached(&check->heads, &check->chain, err);
}

static int verify(int argc, char **argv)
{
	const char *file = take_option(&argc, argv, "--file");
	const char *head = take_option(&argc, argv, "--head");
	const char *key_file = take_option(&argc, argv, "--status-key");
	struct check check = {0};
	struct key *key = NULL;
	struct err err;

	if (argc != 1) {
		fputs("usage: tocsin audit verify [--head FILE|SEQ:HASH] [--status-key PUBLIC.pem] "
		      "[--file EXPORT]\n",
		        stderr);
		return EX_USAGE;
	}
	bool ok = !key_file || (key = key_read_public(key_file, &err));
	ok = ok && (!head || heads_read(&check.heads, head, key, &err));
	ok = ok && (file ? audit_file_verify(file, &check.heads, key, &check.chain, &err)
	                 : verify_server(&check, &err));
	if (ok)
		printf("审计链完整 / the audit chain is whole: %lld records, head %s\n",
		        (long long)check.chain.seq, check.chain.hash);
	if (ok && check.heads.count)
		printf("与外部保存的 %zu 个链尾相符 / it fits %zu heads kept outside\n",
		        check.heads.count, check.heads.count);
	heads_finish(&check.heads);
	key_destroy(&key);
	return ok ? EX_OK : say_err(&err);
}

/* --- export ----------------------------------------------------------------------------------- */

static bool print_line(void *arg, const json_t *record, struct err *err)
{
	FILE *out = arg;

	if (json_dumpf(record, out, JSON_COMPACT) == 0 && fputc('\n', out) != EOF)
		return true;
	return err_set(err, ERR_UNAVAILABLE, "导出写不下去", "the export cannot be written");
}

/* The head is taken before the records, so that it lies within them. */
static bool export_to(FILE *out, struct err *err)
{
	json_t *head = client_get("/api/v1/audit/head", err);
	json_t *last =
	        head ? json_pack("{s:O}", "heartbeat", json_object_get(head, "heartbeat")) : NULL;
	bool ok = last && walk(print_line, out, err) && print_line(out, last, err);

	json_decref(last);
	json_decref(head);
	return ok;
}

static int export_chain(int argc, char **argv)
{
	struct err err;

	if (argc != 2) {
		fputs("usage: tocsin audit export FILE\n", stderr);
		return EX_USAGE;
	}
	FILE *out = strcmp(argv[1], "-") == 0 ? stdout : fopen(argv[1], "wex");
	if (!out) {
		err_set(&err, ERR_CONFLICT, "无法新建 %s（已存在？）",
		        "cannot make %s (is it there already?)", argv[1]);
		return say_err(&err);
	}
	bool ok = export_to(out, &err);
	if (out != stdout && fclose(out) != 0 && ok)
		ok = err_set(&err, ERR_UNAVAILABLE, "导出写不下去", "the export cannot be written");
	return ok ? EX_OK : say_err(&err);
}

/* --- show ------------------------------------------------------------------------------------- */

static void print_record(const json_t *record)
{
	char at[WHEN_TEXT];

	when_text(json_integer_value(json_object_get(record, "at")), at);
	printf("%6lld %s %s %s %-6s %s\n",
	        (long long)json_integer_value(json_object_get(record, "seq")), at,
	        json_text(record, "what_zh"), json_text(record, "what"), json_text(record, "ref"),
	        json_text(record, "body"));
}

/* A value of the query; a '+' of a moment's offset must not become a blank. */
static void add_query(struct buf *path, const char *name, const char *value)
{
	if (!value)
		return;
	buf_format(path, "&%s=", name);
	for (const char *at = value; *at; at++)
		buf_format(path, "%%%02X", (unsigned char)*at);
}

static int show(int argc, char **argv)
{
	static const char *const names[] = {"ref", "what", "since", "until", "from"};
	struct buf path;
	struct err err;
	const json_t *record;
	size_t i;

	buf_init(&path, 0);
	bool raw = take_flag(&argc, argv, "--json");
	buf_text(&path, "/api/v1/audit?limit=1000");
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		char *option = mem_format("--%s", names[n]);
		add_query(&path, names[n], take_option(&argc, argv, option));
		free(option);
	}
	json_t *page = argc == 1 ? client_get(path.data, &err) : NULL;
	buf_finish(&path);
	if (argc != 1) {
		fputs("usage: tocsin audit show [--ref ID] [--what WORD] [--since T] [--until T] "
		      "[--from SEQ] [--json]\n",
		        stderr);
		return EX_USAGE;
	}
	if (!page)
		return say_err(&err);
	json_array_foreach(json_object_get(page, "records"), i, record)
	{
		if (raw)
			print_line(stdout, record, &err);
		else
			print_record(record);
	}
	json_decref(page);
	return EX_OK;
}

int command_audit(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "verify") == 0)
		return verify(argc - 1, argv + 1);
	if (strcmp(what, "export") == 0)
		return export_chain(argc - 1, argv + 1);
	if (strcmp(what, "show") == 0)
		return show(argc - 1, argv + 1);
	fputs("usage: tocsin audit verify|export|show ...\n", stderr);
	return EX_USAGE;
}
