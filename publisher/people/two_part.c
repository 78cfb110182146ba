/* SPDX-License-Identifier: Apache-2.0
 * two_part - see two_part.h.
 */
#include "two_part.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "totp.h"

enum { WORD_BYTES = 10, GROUP = 4, GROUPS = 4 };

void two_part_word(char word[TWO_PART_WORD])
{
	unsigned char bytes[WORD_BYTES];

	random_bytes(bytes, sizeof bytes);
	char *letters = totp_base32(bytes, sizeof bytes);
	for (int i = 0; i < GROUPS; i++) {
		memcpy(word + (size_t)i * (GROUP + 1), letters + (size_t)i * GROUP, GROUP);
		word[(i + 1) * (GROUP + 1) - 1] = i + 1 < GROUPS ? '-' : '\0';
	}
	explicit_bzero(letters, strlen(letters));
	explicit_bzero(bytes, sizeof bytes);
	free(letters);
}

void two_part_join(const char code[DIGEST_HEX], const char *word, char digest[DIGEST_HEX])
{
	char *both = mem_format("%s.%s", code, word);

	digest_sha256(both, strlen(both), digest);
	explicit_bzero(both, strlen(both));
	free(both);
}

void two_part_digest(const char *secret, char digest[DIGEST_HEX])
{
	const char *dot = strrchr(secret, '.');
	char code[DIGEST_HEX];

	digest_sha256(secret, dot ? (size_t)(dot - secret) : strlen(secret), code);
	if (dot)
		two_part_join(code, dot + 1, digest);
	else
		memcpy(digest, code, DIGEST_HEX);
}
