/* SPDX-License-Identifier: Apache-2.0
 * acts - what an officer does: submit, edit, approve, release, cancel, correct. A proof is made
 * here, with the officer's key file, over the manifest as the server gave it.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "client.h"
#include "fields.h"
#include "manifest.h"
#include "mode_tag.h"
#include "own_proof.h"
#include "rules.h"
#include "when.h"

static int usage(const char *line)
{
	fprintf(stderr, "usage: tocsin %s\n", line);
	return EX_USAGE;
}

static void print_head(const json_t *json)
{
	printf("%s %s %s %s\n", json_text(json, "id"), json_text(json, "state"),
	        json_text(json, "identifier"), json_text(json, "headline"));
}

/* Calls, prints the head of what came back; with `back` it is the caller's instead. */
static int call_and_print(const char *method, const char *path, const char *type, const char *body,
        size_t len, json_t **back)
{
	struct reply reply;
	struct err err;
	int code = EX_OK;

	if (client_call(method, path, type, body, len, &reply, &err)) {
		json_t *json = reply_json(&reply);
		rules_print_said(stderr, json_object_get(json, "notes"));
		if (back)
			*back = json_incref(json);
		else
			print_head(json);
		json_decref(json);
	} else {
		code = say_err(&err);
		json_t *json = reply_json(&reply);
		const json_t *problems = json_object_get(json, "problems");
		/* One alone is what was just said. */
		if (json_array_size(problems) > 1)
			rules_print_said(stderr, problems);
		json_decref(json);
	}
	reply_finish(&reply);
	return code;
}

static const char *type_of(const char *bytes)
{
	bytes += strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	bytes += strspn(bytes, " \t\r\n");
	return *bytes == '<'   ? "application/cap+xml"
	       : *bytes == '{' ? "application/json"
	                       : "text/plain; charset=utf-8";
}

/* A short id stands for the draft; a file of such a name is ./b12. */
static bool is_short_id(const char *word)
{
	return word[0] == 'b' && word[1] && strspn(word + 1, "0123456789") == strlen(word + 1);
}

static int submit_draft(const char *id)
{
	char *path = mem_format("/api/v1/bulletins/%s/submit", id);
	int code = call_and_print("POST", path, NULL, NULL, 0, NULL);

	free(path);
	return code;
}

/* What was handed in a second time may be on its way already. */
static int submit_new(const json_t *head)
{
	const char *id = json_string_value(json_object_get(head, "id"));
	const char *state = json_string_value(json_object_get(head, "state"));

	if (!id || !state || strcmp(state, "draft") != 0) {
		fputs("tocsin: 同样的内容此前已提交 / the same was handed in before\n", stderr);
		print_head(head);
		return EX_OK;
	}
	int code = submit_draft(id);
	if (code != EX_OK)
		fprintf(stderr, "tocsin: 草稿保留为 %s / kept as draft %s\n", id, id);
	return code;
}

int command_submit(int argc, char **argv)
{
	bool draft_only = take_flag(&argc, argv, "--draft");
	struct err err;
	size_t len = 0;
	json_t *head = NULL;

	if (argc != 2 || (draft_only && is_short_id(argv[1])))
		return usage("submit [--draft] FILE|-|ID");
	if (is_short_id(argv[1]))
		return submit_draft(argv[1]);
	char *bytes = client_file(argv[1], &len, &err);
	if (!bytes)
		return say_err(&err);
	int code = call_and_print(
	        "POST", "/api/v1/bulletins", type_of(bytes), bytes, len, draft_only ? NULL : &head);
	free(bytes);
	if (code == EX_OK && head)
		code = submit_new(head);
	json_decref(head);
	return code;
}

int command_edit(int argc, char **argv)
{
	struct err err;
	size_t len = 0;

	if (argc != 3)
		return usage("edit ID FILE|-");
	char *bytes = client_file(argv[2], &len, &err);
	if (!bytes)
		return say_err(&err);
	char *path = mem_format("/api/v1/bulletins/%s", argv[1]);
	int code = call_and_print("PUT", path, type_of(bytes), bytes, len, NULL);
	free(path);
	free(bytes);
	return code;
}

/* --- proofs
 * ----------------------------------------------------------------------------------------- */

/* What is being put one's name to, in a few lines. */
static void show_manifest(const struct manifest *m, const char *digest)
{
	char expires[WHEN_TEXT] = "-";

	if (m->expires)
		when_text(m->expires, expires);
	fprintf(stderr, "%s [%s] %s %s %s %s\n  区划代码 / codes", m->identifier, mode_zh(m->mode),
	        verb_zh(m->verb), kind_zh(m->kind), level_zh(m->level), m->hazard);
	for (size_t i = 0; i < m->areas.count; i++)
		fprintf(stderr, " %s", m->areas.items[i]);
	fprintf(stderr, "\n  发往 / targets");
	for (size_t i = 0; i < m->target_count; i++)
		fprintf(stderr, " %s", m->targets[i].name);
	fprintf(stderr, "\n  拟制 / drafted by %s", *m->drafter ? m->drafter : "-");
	for (size_t i = 0; i < m->earlier.count; i++)
		fprintf(stderr, ", %s", m->earlier.items[i]);
	fprintf(stderr, "\n  有效至 / expires %s  摘要 / digest %.16s%s\n", expires, digest,
	        m->held ? "\n  筛查命中，已扣住 / screening: held" : "");
}

/* What is signed is what was shown, whoever answers in tocsind's place. */
static bool is_shown(const struct manifest *manifest, const char *shown, struct err *err)
{
	return !shown || strcmp(manifest->cap, shown) == 0 ||
	       err_set(err, ERR_DENIED,
	               "服务器给出的清单不是上面所示报文的清单，未签署：可能刚被修改，请重新查看",
	               "the server's manifest is not that of the message shown above, nothing was "
	               "signed: it may have been changed just now, look again");
}

/* reason: of an override, which is signed with it; else NULL. shown: the digest of the message
 * whose words were shown; NULL: they are staged, and the server shows none. */
static bool make_proof(const char *manifest_path, enum act act, const char *reason,
        const char *shown, struct proof *proof, struct err *err)
{
	struct reply reply;
	struct manifest manifest;

	*proof = (struct proof){.act = act, .time = when_now() / 1000 * 1000};
	struct key *key = own_key(&proof->officer, err);
	bool ok = key && client_call("GET", manifest_path, NULL, NULL, 0, &reply, err);
	if (ok && (ok = manifest_read(&manifest, reply.body.data, reply.body.len, err))) {
		digest_sha256(reply.body.data, reply.body.len, proof->manifest);
		show_manifest(&manifest, proof->manifest);
		if (reason) {
			char digest[DIGEST_HEX];
			memcpy(digest, proof->manifest, DIGEST_HEX);
			override_digest(digest, reason, proof->manifest);
		}
		ok = is_shown(&manifest, shown, err) &&
		     mode_tag_fits(getenv("TOCSIN_KEY_FILE"), manifest.mode, err);
		if (ok)
			proof_make(proof, key);
		manifest_finish(&manifest);
	}
	if (key)
		reply_finish(&reply);
	key_destroy(&key);
	return ok;
}

static int post_json(const char *path, json_t *json)
{
	char *body = json_dumps(json, JSON_COMPACT);
	int code = call_and_print("POST", path, "application/json", body, strlen(body), NULL);

	free(body);
	json_decref(json);
	return code;
}

static int put_name(const char *id, enum act act, const char *shown)
{
	struct proof proof;
	struct err err;
	char *manifest = mem_format("/api/v1/bulletins/%s/manifest", id);
	char *path = mem_format("/api/v1/bulletins/%s/approvals", id);

	int code = make_proof(manifest, act, NULL, shown, &proof, &err)
	                   ? post_json(path, proof_json(&proof))
	                   : say_err(&err);
	proof_finish(&proof);
	free(manifest);
	free(path);
	return code;
}

/* A screening hit let pass for a reason, before the name is put to it. */
static int override(const char *id, const char *reason, const char *shown)
{
	struct proof proof;
	struct err err;
	char *manifest = mem_format("/api/v1/bulletins/%s/manifest", id);
	char *path = mem_format("/api/v1/bulletins/%s/override", id);

	int code = make_proof(manifest, ACT_OVERRIDE, reason, shown, &proof, &err)
	                   ? post_json(path, json_pack("{s:s,s:o}", "reason", reason, "proof",
	                                             proof_json(&proof)))
	                   : say_err(&err);
	proof_finish(&proof);
	free(manifest);
	free(path);
	return code;
}

int command_approve(int argc, char **argv)
{
	const char *as = take_option(&argc, argv, "--as");
	const char *reason = take_option(&argc, argv, "--override");
	enum act act = ACT_COUNT;
	char shown[DIGEST_HEX];

	if (argc != 2 || !as || !act_read(as, &act) || act > ACT_SIGN)
		return usage("approve ID --as review|sign [--override REASON]");
	show_words(argv[1], shown);
	show_conflicts(argv[1]);
	int code = reason ? override(argv[1], reason, shown) : EX_OK;
	return code == EX_OK ? put_name(argv[1], act, shown) : code;
}

static int back(int argc, char **argv, const char *call, const char *line)
{
	const char *reason = take_option(&argc, argv, "--reason");

	if (argc != 2 || !reason || !*reason)
		return usage(line);
	char *path = mem_format("/api/v1/bulletins/%s/%s", argv[1], call);
	int code = post_json(path, json_pack("{s:s}", "reason", reason));
	free(path);
	return code;
}

int command_return(int argc, char **argv)
{
	return back(argc, argv, "return", "return ID --reason TEXT");
}

int command_reject(int argc, char **argv)
{
	return back(argc, argv, "reject", "reject ID --reason TEXT");
}

int command_withdraw(int argc, char **argv)
{
	return back(argc, argv, "withdraw", "withdraw ID --reason TEXT");
}

int command_discard(int argc, char **argv)
{
	return back(argc, argv, "discard", "discard ID --reason TEXT");
}

int command_release(int argc, char **argv)
{
	if (argc != 2)
		return usage("release ID");
	char *path = mem_format("/api/v1/bulletins/%s/release", argv[1]);
	int code = call_and_print("POST", path, NULL, NULL, 0, NULL);
	free(path);
	return code;
}

static int end_with(
        const char *id, const char *as, enum act act, const char *call, const char *reason)
{
	struct proof proof;
	struct err err;
	char *manifest = mem_format("/api/v1/bulletins/%s/staged/%s/manifest", id, as);
	char *path = mem_format("/api/v1/bulletins/%s/%s", id, call);
	char shown[DIGEST_HEX];
	int code;

	show_words(id, shown);
	if (make_proof(manifest, act, NULL, NULL, &proof, &err)) {
		json_t *json = json_pack(
		        "{s:s,s:s,s:o}", "what", as, "reason", reason, "proof", proof_json(&proof));
		code = post_json(path, json);
	} else {
		code = say_err(&err);
	}
	proof_finish(&proof);
	free(manifest);
	free(path);
	return code;
}

int command_cancel(int argc, char **argv)
{
	char *reason = take_option(&argc, argv, "--reason");

	if (argc != 2 || !reason || !*reason)
		return usage("cancel ID --reason TEXT");
	return end_with(argv[1], "cancel", ACT_CANCEL, "cancel", reason);
}

int command_correct(int argc, char **argv)
{
	char *reason = take_option(&argc, argv, "--reason");
	bool area = take_flag(&argc, argv, "--wrong-area");
	bool alarm = take_flag(&argc, argv, "--false-alarm");

	if (argc != 2 || !reason || !*reason || area == alarm)
		return usage("correct ID --wrong-area|--false-alarm --reason TEXT");
	return end_with(
	        argv[1], area ? "wrong-area" : "false-alarm", ACT_CORRECT, "correct", reason);
}
