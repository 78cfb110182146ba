/* SPDX-License-Identifier: Apache-2.0
 * changes - `tocsin change`: propose an administrative change, look at it, confirm or end it. The
 * proof is made here, over the change's lines as this program writes them from what it shows.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "change_shown.h"
#include "change_text.h"
#include "client.h"
#include "fields.h"
#include "key.h"
#include "mem.h"
#include "own_proof.h"
#include "when.h"

static int usage(void)
{
	fputs("usage: tocsin change propose KIND FILE|-\n"
	      "       tocsin change list | show ID | confirm ID | withdraw ID --reason TEXT\n",
	        stderr);
	return EX_USAGE;
}

static void print_head(const json_t *change)
{
	const json_t *proof;
	size_t i;

	printf("%s %s %s（%s）", json_text(change, "id"), json_text(change, "kind"),
	        json_text(change, "state"), json_text(change, "state_zh"));
	json_array_foreach(json_object_get(change, "proofs"), i, proof)
	        printf(" %s", json_text(proof, "officer"));
	printf("  %s\n", json_text(change, "ends"));
}

/* Half of a secret: the other is its holder's own. */
static void print_word(const json_t *change)
{
	if (*json_text(change, "word"))
		printf("确认词（只显示这一次，请您亲自交给使用者本人，不经提出人） / word, shown "
		       "this once: hand it to the holder yourself, not through who proposed\n  "
		       "%s\n",
		        json_text(change, "word"));
}

static int post(const char *path, json_t *json)
{
	char *body = json_dumps(json, JSON_COMPACT);
	struct reply reply;
	struct err err;
	int code = EX_OK;

	if (client_call("POST", path, "application/json", body, strlen(body), &reply, &err)) {
		json_t *change = reply_json(&reply);
		print_head(change);
		print_word(change);
		json_decref(change);
	} else {
		code = say_err(&err);
	}
	reply_finish(&reply);
	free(body);
	json_decref(json);
	return code;
}

static bool sign(const struct change_text *text, struct proof *proof, struct err *err)
{
	*proof = (struct proof){.act = ACT_CHANGE, .time = when_now() / 1000 * 1000};
	struct key *key = own_key(&proof->officer, err);

	if (!key)
		return false;
	change_text_digest(text, proof->manifest);
	proof_make(proof, key);
	key_destroy(&key);
	return true;
}

/* --- proposing -------------------------------------------------------------------------------- */

static char *new_id(void)
{
	unsigned char bytes[8];
	struct buf id;

	random_bytes(bytes, sizeof bytes);
	buf_init(&id, 0);
	buf_text(&id, "c-");
	for (size_t i = 0; i < sizeof bytes; i++)
		buf_format(&id, "%02x", (unsigned)bytes[i]);
	return buf_take(&id);
}

/* What the server says a change has to follow, and its mode. */
static bool take_basis(struct change_text *text, struct err *err)
{
	json_t *list = client_get("/api/v1/changes", err);
	const char *follows = json_text(list, "follows");
	bool ok = list && digest_is_hex(follows) && mode_read(json_text(list, "mode"), &text->mode);

	if (ok)
		memcpy(text->follows, follows, DIGEST_HEX);
	else if (list)
		err_set(err, ERR_UNAVAILABLE, "服务器没有说明现行规则",
		        "the server does not say what is in force");
	json_decref(list);
	return ok;
}

static int propose(const char *kind, const char *file)
{
	struct change_text text = {.id = new_id(), .kind = mem_text(kind)};
	struct proof proof = {0};
	struct err err;
	size_t len = 0;
	char *body = client_file(file, &len, &err);
	int code;

	if (body)
		digest_sha256(body, len, text.body);
	if (body && take_basis(&text, &err) && sign(&text, &proof, &err)) {
		json_t *json = json_pack("{s:s,s:s,s:s,s:s%,s:o}", "id", text.id, "kind", kind,
		        "follows", text.follows, "body", body, len, "proof", proof_json(&proof));
		code = json ? post("/api/v1/changes", json)
		            : say_err((err_set(&err, ERR_INPUT, "%s 不是 UTF-8 文本",
		                               "%s is no UTF-8 text", file),
		                      &err));
	} else {
		code = say_err(&err);
	}
	proof_finish(&proof);
	change_text_finish(&text);
	free(body);
	return code;
}

/* --- looking and confirming ------------------------------------------------------------------- */

static int list(void)
{
	struct err err;
	json_t *json = client_get("/api/v1/changes", &err);
	const json_t *change;
	size_t i;

	if (!json)
		return say_err(&err);
	json_array_foreach(json_object_get(json, "changes"), i, change) print_head(change);
	json_decref(json);
	return EX_OK;
}

static json_t *fetch_change(const char *id, struct err *err)
{
	char *path = mem_format("/api/v1/changes/%s", id);
	json_t *json = client_get(path, err);

	free(path);
	return json;
}

static void print_effects(const json_t *change, FILE *out)
{
	const json_t *effect;
	size_t i;

	json_array_foreach(json_object_get(change, "effects"), i, effect)
	        fprintf(out, "! %s / %s\n", json_text(effect, "zh"), json_text(effect, "en"));
}

/* The lines are made from the document that was shown, not taken from the server. */
static bool lines_of(const json_t *change, struct change_text *text, struct err *err)
{
	const char *body = json_text(change, "body");
	const char *lines = json_text(change, "text");
	char shown[DIGEST_HEX];

	if (!change_text_read(text, lines, strlen(lines), err))
		return false;
	digest_sha256(body, strlen(body), shown);
	if (strcmp(shown, text->body) == 0 && strcmp(text->id, json_text(change, "id")) == 0 &&
	        strcmp(text->kind, json_text(change, "kind")) == 0)
		return true;
	change_text_finish(text);
	return err_set(err, ERR_DENIED, "服务器给出的文件与要签署的内容不是同一份，未签署",
	        "the document shown is not the one to be signed: nothing was signed");
}

/* Of a policy what it changes; else the document. A change of yesterday has nothing left here to be
 * compared with: then it is the server's comparison, and false: *err. */
static bool show_words_of(
        const json_t *change, const struct change_text *text, FILE *out, struct err *err)
{
	bool policy = strcmp(text->kind, "policy") == 0;
	const char *words = json_text(change, policy ? "diff" : "body");
	char *diff = policy ? change_shown(text, json_text(change, "body"), err) : NULL;

	print_effects(change, out);
	fputs(diff ? diff : words, out);
	bool ours = !policy || diff;
	free(diff);
	return ours;
}

static int show(const char *id)
{
	struct change_text text;
	struct err err;
	json_t *change = fetch_change(id, &err);

	if (!change || !lines_of(change, &text, &err)) {
		json_decref(change);
		return say_err(&err);
	}
	print_head(change);
	if (!show_words_of(change, &text, stdout, &err) &&
	        strcmp(json_text(change, "state"), "proposed") == 0)
		say_err(&err);
	change_text_finish(&text);
	json_decref(change);
	return EX_OK;
}

static int confirm(const char *id)
{
	struct change_text text = {0};
	struct proof proof = {0};
	struct err err;
	json_t *change = fetch_change(id, &err);
	char *path = mem_format("/api/v1/changes/%s/proofs", id);
	bool ok = change && lines_of(change, &text, &err) &&
	          show_words_of(change, &text, stderr, &err) && sign(&text, &proof, &err);
	int code = ok ? post(path, proof_json(&proof)) : say_err(&err);

	change_text_finish(&text);
	proof_finish(&proof);
	json_decref(change);
	free(path);
	return code;
}

static int withdraw(const char *id, const char *reason)
{
	char *path = mem_format("/api/v1/changes/%s/withdraw", id);
	int code = post(path, json_pack("{s:s}", "reason", reason));

	free(path);
	return code;
}

int command_change(int argc, char **argv)
{
	char *reason = take_option(&argc, argv, "--reason");
	const char *word = argc > 1 ? argv[1] : "";

	if (argc == 4 && strcmp(word, "propose") == 0)
		return propose(argv[2], argv[3]);
	if (argc == 2 && strcmp(word, "list") == 0)
		return list();
	if (argc == 3 && strcmp(word, "show") == 0)
		return show(argv[2]);
	if (argc == 3 && strcmp(word, "confirm") == 0)
		return confirm(argv[2]);
	if (argc == 3 && strcmp(word, "withdraw") == 0 && reason && *reason)
		return withdraw(argv[2], reason);
	return usage();
}
