/* SPDX-License-Identifier: Apache-2.0
 * bench_sign - signing a message and verifying one, against the xmlsec1 command's own loop
 * (--repeat) on the same message with the same key.
 *
 * CPU time on both sides, in turn; medians of the rates. xmlsec1 counts its operation alone, the
 * document parsed and the key read before its clock starts; ours is all from the message (the
 * bytes) to the signed bytes (the answer): writing or gate, parser and structure are in it.
 * `sign-checked` is what the signer does: verified by both implementations before it is given out.
 * Goal: 0.8 of sign and verify.
 */
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cap_trust.h"
#include "figure.h"

enum { PAIRS = 9 };

extern char **environ;

struct bench {
	char folder[64];
	char *key_file, *public_file, *template, *signed_file, *said;
	struct cap_alert *alert;
	struct key *key;
	struct buf signed_bytes;
	struct cap_trust *trust;
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench_sign: %s\n", what);
	exit(1);
}

static void put(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	must(file && fwrite(bytes, 1, len, file) == len && fclose(file) == 0, path);
}

static char *get(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	struct buf all;

	buf_init(&all, 0);
	must(file && buf_read(&all, file), path);
	fclose(file);
	*len = all.len;
	return buf_take(&all);
}

/* --- ours ------------------------------------------------------------------------------------- */

static void sign(struct bench *b)
{
	struct buf out;

	buf_init(&out, CAP_LIMIT_SOURCE);
	must(cap_sign(b->alert, b->key, NULL, &out, NULL), "cap_sign");
	buf_finish(&out);
}

static void sign_checked(struct bench *b)
{
	struct buf out;

	buf_init(&out, CAP_LIMIT_SOURCE);
	must(cap_sign(b->alert, b->key, NULL, &out, NULL) &&
	                cap_verify(out.data, out.len, b->key, NULL, NULL) == CAP_SIGNATURE_GOOD,
	        "cap_sign and cap_verify");
	buf_finish(&out);
}

static void verify(struct bench *b)
{
	must(cap_trust_verify(b->trust, b->signed_bytes.data, b->signed_bytes.len, 0, NULL) ==
	                CAP_SIGNATURE_GOOD,
	        "cap_trust_verify");
}

static double ours(struct bench *b, void (*operation)(struct bench *), int times)
{
	double begin = figure_ms(CLOCK_PROCESS_CPUTIME_ID);

	for (int i = 0; i < times; i++)
		operation(b);
	return times / (figure_ms(CLOCK_PROCESS_CPUTIME_ID) - begin) * 1e3;
}

/* --- xmlsec1 ---------------------------------------------------------------------------------- */

static double command(const struct bench *b, bool verifies, int times)
{
	char count[16];
	const char *const sign_argv[] = {"xmlsec1", "--sign", "--repeat", count, "--privkey-pem",
	        b->key_file, "--output", "/dev/null", b->template, NULL};
	const char *const verify_argv[] = {"xmlsec1", "--verify", "--repeat", count, "--pubkey-pem",
	        b->public_file, b->signed_file, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;
	size_t len;

	snprintf(count, sizeof count, "%d", times);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, b->said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, 2, 1);
	must(posix_spawnp(&pid, "xmlsec1", &actions, NULL,
	             (char *const *)(verifies ? verify_argv : sign_argv), environ) == 0 &&
	                waitpid(pid, &status, 0) == pid && status == 0,
	        "xmlsec1");
	posix_spawn_file_actions_destroy(&actions);
	char *said = get(b->said, &len);
	const char *at = strstr(said, " tests in ");
	double ms = at ? strtod(at + strlen(" tests in "), NULL) : 0;
	must(ms > 0, "xmlsec1 said no time");
	free(said);
	return times / (ms / 1e3);
}

/* --- pairs ------------------------------------------------------------------------------------ */

static void measure(struct bench *b, const char *what, const char *key,
        void (*operation)(struct bench *), bool verifies, int times)
{
	double one[PAIRS], other[PAIRS], ratio[PAIRS];

	ours(b, operation, times / 4); /* both are warm */
	command(b, verifies, times / 4);
	for (int i = 0; i < PAIRS; i++) {
		one[i] = ours(b, operation, times);
		other[i] = command(b, verifies, times);
		ratio[i] = one[i] / other[i];
	}
	char *name = mem_format("sign: %s, %s", what, key);

	figure_print(&(struct figure){name, "per second of CPU, against xmlsec1 --repeat",
	        figure_median(one, PAIRS), figure_median(other, PAIRS), figure_median(ratio, PAIRS),
	        PAIRS});
	free(name);
}

/* --- the message and the keys ----------------------------------------------------------------- */

static char *file_in(const struct bench *b, const char *name)
{
	return mem_format("%s/%s", b->folder, name);
}

static void write_keys(struct bench *b, EVP_PKEY *pkey)
{
	FILE *file = fopen(b->key_file, "we");

	must(file && fchmod(fileno(file), 0600) == 0 &&
	                PEM_write_PrivateKey(file, pkey, NULL, NULL, 0, NULL, NULL) == 1 &&
	                fclose(file) == 0,
	        b->key_file);
	file = fopen(b->public_file, "we");
	must(file && PEM_write_PUBKEY(file, pkey) == 1 && fclose(file) == 0, b->public_file);
	EVP_PKEY_free(pkey);
}

/* What xmlsec1 fills in: our own signed message without its two values. */
static void write_template(const struct bench *b)
{
	static const char *const ends[] = {"</ds:DigestValue>", "</ds:SignatureValue>"};
	char *text = mem_text_n(b->signed_bytes.data, b->signed_bytes.len);

	for (size_t i = 0; i < 2; i++) {
		char *end = strstr(text, ends[i]);
		char *from = end;
		while (from[-1] != '>')
			from--;
		memmove(from, end, strlen(end) + 1);
	}
	put(b->template, text, strlen(text));
	free(text);
}

static void prepare(struct bench *b, EVP_PKEY *pkey)
{
	char *list = file_in(b, "list.trust");
	char *row = mem_format("%s key public.pem\n", b->alert->sender);

	write_keys(b, pkey);
	put(list, row, strlen(row));
	key_destroy(&b->key);
	cap_trust_destroy(&b->trust);
	buf_finish(&b->signed_bytes);
	b->key = key_read_signer(b->key_file, NULL);
	b->trust = cap_trust_read(list, false, NULL);
	must(b->key && b->trust && cap_sign(b->alert, b->key, NULL, &b->signed_bytes, NULL),
	        "the key");
	put(b->signed_file, b->signed_bytes.data, b->signed_bytes.len);
	write_template(b);
	free(list);
	free(row);
}

static void begin(struct bench *b)
{
	struct cap_problems problems = {0};
	size_t len;
	char *text = get(TOCSIN_MESSAGE, &len);

	snprintf(b->folder, sizeof b->folder, "/tmp/tocsin-bench-XXXXXX");
	must(cap_sign_setup(NULL) && mkdtemp(b->folder), "a folder");
	b->alert = cap_parse(text, len, CAP_LIMIT_API, &problems);
	must(b->alert && !problems.errors, TOCSIN_MESSAGE);
	b->key_file = file_in(b, "key.pem");
	b->public_file = file_in(b, "public.pem");
	b->template = file_in(b, "template.xml");
	b->signed_file = file_in(b, "signed.xml");
	b->said = file_in(b, "said");
	buf_init(&b->signed_bytes, CAP_LIMIT_SOURCE);
	free(text);
}

static void finish(struct bench *b)
{
	char *list = file_in(b, "list.trust");
	char *files[] = {b->key_file, b->public_file, b->template, b->signed_file, b->said, list};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		unlink(files[i]);
		free(files[i]);
	}
	rmdir(b->folder);
	key_destroy(&b->key);
	cap_trust_destroy(&b->trust);
	cap_alert_destroy(&b->alert);
	buf_finish(&b->signed_bytes);
	cap_sign_shutdown();
}

int main(void)
{
	struct bench b = {0};

	begin(&b);
	prepare(&b, EVP_EC_gen("P-256"));
	measure(&b, "sign", "ecdsa-p256", sign, false, 2000);
	measure(&b, "verify", "ecdsa-p256", verify, true, 1500);
	measure(&b, "sign-checked", "ecdsa-p256", sign_checked, false, 1000);
	prepare(&b, EVP_RSA_gen(2048));
	measure(&b, "sign", "rsa-2048", sign, false, 300);
	measure(&b, "verify", "rsa-2048", verify, true, 2000);
	measure(&b, "sign-checked", "rsa-2048", sign_checked, false, 300);
	finish(&b);
	return 0;
}
