/* SPDX-License-Identifier: Apache-2.0
 * shift - tocsin shift: the watch handed over (交接班). The page comes from the server, is shown,
 * and is signed here with the officer's key file: by who goes, then by who comes.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "mem.h"
#include "own_proof.h"
#include "shift_text.h"

static int usage(void)
{
	fputs("usage: tocsin shift hand --to OFFICER [--remarks TEXT]\n"
	      "       tocsin shift take ID\n"
	      "       tocsin shift show ID [--json]\n"
	      "       tocsin shift list [--json]\n",
	        stderr);
	return EX_USAGE;
}

/* --- shown --------------------------------------------------------------------------------------
 */

static void print_head(const json_t *shift)
{
	printf("%s %s（%s） %s %s -> %s %s\n", json_shown(shift, "id"), json_shown(shift, "state"),
	        json_shown(shift, "state_zh"), json_shown(shift, "unit"), json_shown(shift, "from"),
	        json_shown(shift, "to"), json_shown(shift, "made"));
}

static void print_list(const json_t *json)
{
	const json_t *list = json_object_get(json, "shifts"), *shift;
	size_t i;

	if (!json_array_size(list))
		puts("还没有交接单 / the watch was never handed over");
	json_array_foreach(list, i, shift) print_head(shift);
}

static void put_part(FILE *out, const char *title, const struct texts *lines)
{
	fprintf(out, "%s\n", title);
	for (size_t i = 0; i < lines->count; i++)
		fprintf(out, "  %s\n", lines->items[i]);
	if (!lines->count)
		fputs("  无 / none\n", out);
}

/* From the very text that is signed, not from what else the server says of it. */
static void put_page(FILE *out, const struct shift_text *page)
{
	put_part(out, "生效中 / in force", &page->active);
	put_part(out, "待办理 / waiting", &page->waiting);
	put_part(out, "时限 / due", &page->due);
	put_part(out, "异常 / sick", &page->sick);
	put_part(out, "交班说明 / remarks", &page->remarks);
}

static bool page_of(const json_t *shift, struct shift_text *page, struct err *err)
{
	const char *text = json_text(shift, "text");

	return shift_text_read(page, text, strlen(text), err);
}

static void print_shift(const json_t *shift)
{
	struct shift_text page;
	struct err err;

	print_head(shift);
	if (page_of(shift, &page, &err))
		put_page(stdout, &page);
	else
		say_err(&err);
	shift_text_finish(&page);
}

/* --- signed -------------------------------------------------------------------------------------
 */

static bool is_mine(const struct shift_text *page, const char *officer, struct err *err)
{
	return strcmp(page->from, officer) == 0 || strcmp(page->to, officer) == 0 ||
	       err_set(err, ERR_DENIED, "这份交接单由 %s 交给 %s，与 %s 无关，未签字",
	               "this page hands over from %s to %s, not %s: nothing was signed", page->from,
	               page->to, officer);
}

/* NULL + *err: refused, or not to be signed. */
static json_t *sign(const json_t *shift, struct err *err)
{
	const char *text = json_text(shift, "text");
	struct proof proof = {0};
	struct shift_text page;
	json_t *json = NULL;

	if (!page_of(shift, &page, err))
		return NULL;
	put_page(stderr, &page);
	if (own_proof(ACT_SHIFT, page.mode, text, strlen(text), &proof, err) &&
	        is_mine(&page, proof.officer, err))
		json = proof_json(&proof);
	proof_finish(&proof);
	shift_text_finish(&page);
	return json;
}

static int sign_and_send(const json_t *shift)
{
	struct err err;
	json_t *proof = sign(shift, &err);

	if (!proof)
		return say_err(&err);
	char *path = mem_format("/api/v1/shifts/%s/proofs", json_text(shift, "id"));
	int code = show_done(path, proof, print_head);
	free(path);
	return code;
}

static int hand(const char *to, const char *remarks)
{
	struct reply reply;
	struct err err;
	json_t *body = json_pack("{s:s,s:s}", "to", to, "remarks", remarks ? remarks : "");
	bool ok = client_json("POST", "/api/v1/shifts", body, true, &reply, &err);
	json_t *shift = ok ? reply_json(&reply) : NULL;
	int code = shift ? sign_and_send(shift) : ok ? EX_PROTOCOL : say_err(&err);

	json_decref(shift);
	reply_finish(&reply);
	return code;
}

static int take(const char *id)
{
	char *name = client_escape(id);
	char *path = mem_format("/api/v1/shifts/%s", name);
	struct err err;
	json_t *shift = client_get(path, &err);
	int code = shift ? sign_and_send(shift) : say_err(&err);

	json_decref(shift);
	free(path);
	free(name);
	return code;
}

static int show(const char *id, bool raw)
{
	char *name = client_escape(id);
	char *path = mem_format("/api/v1/shifts/%s", name);
	int code = show_answer(path, raw, print_shift, NULL);

	free(path);
	free(name);
	return code;
}

int command_shift(int argc, char **argv)
{
	const char *to = take_option(&argc, argv, "--to");
	const char *remarks = take_option(&argc, argv, "--remarks");
	bool raw = take_flag(&argc, argv, "--json");
	const char *word = argc > 1 ? argv[1] : "";

	if (argc == 2 && strcmp(word, "hand") == 0 && to && !raw)
		return hand(to, remarks);
	if (to || remarks)
		return usage();
	if (argc == 3 && strcmp(word, "take") == 0 && !raw)
		return take(argv[2]);
	if (argc == 3 && strcmp(word, "show") == 0)
		return show(argv[2], raw);
	if (argc == 2 && strcmp(word, "list") == 0)
		return show_answer("/api/v1/shifts", raw, print_list, NULL);
	return usage();
}
