/* SPDX-License-Identifier: Apache-2.0
 * officer - `tocsin officer enrol`: makes an officer's key on the officer's own machine; only its
 * public half goes into the policy.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "key.h"
#include "mem.h"

static int usage(void)
{
	fputs("usage: tocsin officer enrol ID --key FILE [--mode MODE]   (makes FILE; prints the "
	      "line for the policy)\n"
	      "       tocsin officer key FILE --public PEM [--kind KIND] [--mode MODE]   (a "
	      "signing key and its public half, for the signer)\n"
	      "       MODE: live (when not given), exercise or test; the files are tagged with "
	      "it\n"
	      "       KIND: p256 (when not given), rsa or sm2\n",
	        stderr);
	return EX_USAGE;
}

static bool read_kind(const char *word, enum key_kind *kind)
{
	static const struct {
		const char *word;
		enum key_kind kind;
	} kinds[] = {{"p256", KEY_P256}, {"rsa", KEY_RSA}, {"sm2", KEY_SM2}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(word, kinds[i].word) == 0) {
			*kind = kinds[i].kind;
			return true;
		}
	return false;
}

/* Takes the key. */
static int keep_key(struct key *key, const char *private_path, const char *public_path,
        const char *id, enum mode mode)
{
	struct err err;
	bool ok = key_write_private(key, private_path, mode, &err) &&
	          (!public_path || key_write_public(key, public_path, mode, &err));
	char *line = key_base64(key);
	char fingerprint[17];

	key_id(key, fingerprint);
	key_destroy(&key);
	if (ok && id)
		printf("%s\n", line);
	if (ok)
		fprintf(stderr, "%s: key %s in %s\n", id ? id : "signing key", fingerprint,
		        private_path);
	free(line);
	return ok ? EX_OK : say_err(&err);
}

int command_officer(int argc, char **argv)
{
	char *key = take_option(&argc, argv, "--key");
	char *public_path = take_option(&argc, argv, "--public");
	char *word = take_option(&argc, argv, "--mode");
	char *kind_word = take_option(&argc, argv, "--kind");
	enum mode mode = MODE_LIVE;
	enum key_kind kind = KEY_P256;

	if ((word && !mode_read(word, &mode)) || (kind_word && !read_kind(kind_word, &kind)))
		return usage();
	if (argc == 3 && strcmp(argv[1], "enrol") == 0 && key && !kind_word)
		return keep_key(key_generate(), key, NULL, argv[2], mode);
	if (argc == 3 && strcmp(argv[1], "key") == 0 && public_path)
		return keep_key(key_generate_kind(kind), argv[2], public_path, NULL, mode);
	return usage();
}
