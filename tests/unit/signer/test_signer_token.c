/* SPDX-License-Identifier: Apache-2.0
 * test_signer_token - the alert key lies in a PKCS#11 token (SoftHSM) and never leaves it: message
 * and manifest signed there verify with the public half alone; a wrong PIN, a wrong name, a module
 * that is none are refused with a sentence. Skipped, saying so, where SoftHSM is not installed.
 */
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "keystore.h"
#include "scene.h"

extern char **environ;

#define MODULE "/usr/lib/softhsm/libsofthsm2.so"
#define TOOL "/usr/bin/softhsm2-util"

struct token {
	struct scene scene;
	char folder[64];
	struct key *public_half;
};

static void put(const struct token *token, const char *name, const char *text)
{
	char *path = mem_format("%s/%s", token->folder, name);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
	free(path);
}

static void run(const char *const argv[])
{
	pid_t pid;
	int status = 0;

	assert_int_equal(posix_spawn(&pid, argv[0], NULL, NULL, (char *const *)argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static char *uri(const struct token *token, const char *object, const char *pin)
{
	return mem_format("pkcs11:token=tocsin;object=%s?module-path=" MODULE "&pin-source=%s/%s",
	        object, token->folder, pin);
}

/* A token with a key of its own; the file it came from is gone then. */
static void fill_token(struct token *token)
{
	char *pem = mem_format("%s/alert.pem", token->folder);
	char *conf = mem_format("%s/softhsm2.conf", token->folder);
	char *lines = mem_format("directories.tokendir = %s\nlog.level = ERROR\n", token->folder);
	const char *const init[] = {TOOL, "--init-token", "--free", "--label", "tocsin", "--so-pin",
	        "87654321", "--pin", "1234", NULL};
	const char *const import[] = {TOOL, "--import", pem, "--token", "tocsin", "--label",
	        "alert", "--id", "01", "--pin", "1234", NULL};
	struct key *key = key_generate();
	char *base64 = key_base64(key);

	put(token, "softhsm2.conf", lines);
	put(token, "pin", "1234\n");
	put(token, "wrong-pin", "9999\n");
	setenv("SOFTHSM2_CONF", conf, 1);
	assert_true(key_write_private(key, pem, MODE_LIVE, NULL));
	run(init);
	run(import);
	assert_int_equal(unlink(pem), 0);
	token->public_half = key_from_base64(base64, NULL);
	key_destroy(&key);
	free(base64);
	free(lines);
	free(conf);
	free(pem);
}

static int setup(void **state)
{
	struct token *token = mem_zero(sizeof *token);
	char folder[] = "/tmp/tocsin-token-XXXXXX";

	if (!cap_sign_setup(NULL) || !mkdtemp(folder))
		return -1;
	snprintf(token->folder, sizeof token->folder, "%s", folder);
	scene_init(&token->scene);
	*state = token;
	if (access(MODULE, R_OK) == 0 && access(TOOL, X_OK) == 0)
		fill_token(token);
	return 0;
}

static int teardown(void **state)
{
	struct token *token = *state;
	const char *const remove[] = {"/bin/rm", "-r", token->folder, NULL};

	scene_finish(&token->scene);
	key_destroy(&token->public_half);
	run(remove);
	free(token);
	cap_sign_shutdown();
	return 0;
}

static void need_token(const struct token *token)
{
	if (token->public_half)
		return;
	print_message("softhsm2 is not installed: nothing tested here\n");
	skip();
}

static void a_warning_is_signed_in_the_token(void **state)
{
	struct token *token = *state;
	struct piece piece;
	struct err err = {0};

	need_token(token);
	char *where = uri(token, "alert", "pin");
	struct key *key = keystore_open(where, MODE_LIVE, &err);
	free(where);
	if (!key)
		fail_msg("%s", err.en);
	key_destroy(&token->scene.signer.alert);
	token->scene.signer.alert = key;
	piece_init(&piece, &token->scene, LEVEL_ORANGE, "12000041600000_20261123090000_1");
	piece_seal(&piece, &token->scene);
	piece_approve(&piece, &token->scene);
	piece_release(&piece, &token->scene);
	const struct bulletin *b = piece.bulletin;
	assert_int_equal(
	        cap_verify(b->signed_cap, strlen(b->signed_cap), token->public_half, NULL, NULL),
	        CAP_SIGNATURE_GOOD);
	assert_true(key_verify(token->public_half, b->filled_manifest, strlen(b->filled_manifest),
	        b->manifest_signature));
	piece_finish(&piece);
}

static void not_opened(const struct token *token, const char *where, const char *word)
{
	struct err err = {0};
	struct key *key = keystore_open(where, MODE_LIVE, &err);

	if (key)
		fail_msg("opened %s", where);
	if (!strstr(err.en, word) || !*err.zh || strstr(err.en, "9999"))
		fail_msg("got \"%s\", want \"%s\"", err.en, word);
	(void)token;
}

static void what_is_wrong_is_said(void **state)
{
	struct token *token = *state;

	need_token(token);
	char *object = uri(token, "nobody", "pin");
	char *pin = uri(token, "alert", "no-such-file");
	not_opened(token, object, "no such key");
	not_opened(token, pin, "no-such-file");
	not_opened(token, "pkcs11:token=tocsin;object=alert", "module-path and pin-source");
	not_opened(token, "/nonexistent.pem", "/nonexistent.pem");
	char *alert = uri(token, "alert", "pin");
	struct err err = {0};
	assert_null(keystore_open(alert, MODE_EXERCISE, &err)); /* a live token in a drill */
	free(alert);
	free(object);
	free(pin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_is_wrong_is_said),
	        cmocka_unit_test(a_warning_is_signed_in_the_token),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
