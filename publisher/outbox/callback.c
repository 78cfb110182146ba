/* SPDX-License-Identifier: Apache-2.0
 * callback - see callback.h.
 */
#include "callback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"

enum { MAC_DIGITS = 32 };

static void mac(const char *secret, int64_t delivery, int64_t recipient, char out[MAC_DIGITS + 1])
{
	char text[64];
	char hex[DIGEST_HEX];

	int len = snprintf(
	        text, sizeof text, "callback %lld-%lld", (long long)delivery, (long long)recipient);
	digest_hmac(secret, strlen(secret), text, (size_t)len, hex);
	memcpy(out, hex, MAC_DIGITS);
	out[MAC_DIGITS] = '\0';
}

char *callback_url(const char *base, const char *secret, int64_t delivery, int64_t recipient)
{
	char code[MAC_DIGITS + 1];

	mac(secret, delivery, recipient, code);
	return mem_format(
	        "%s/c/%lld-%lld-%s", base, (long long)delivery, (long long)recipient, code);
}

static bool number(const char **at, int64_t *out)
{
	char *end;

	if (**at < '0' || **at > '9' || strspn(*at, "0123456789") > 18)
		return false;
	*out = strtoll(*at, &end, 10);
	if (*end != '-')
		return false;
	*at = end + 1;
	return true;
}

bool callback_word(const char *type, enum report_word *word)
{
	static const struct {
		const char *type;
		enum report_word word;
	} kinds[] = {{"1", REPORT_DELIVERED}, {"2", REPORT_FAILED}, {"4", REPORT_BUFFERED},
	        {"8", REPORT_ACCEPTED}, {"16", REPORT_REJECTED}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].type, type) == 0) {
			*word = kinds[i].word;
			return true;
		}
	return false;
}

bool callback_read(const char *token, const char *secret, int64_t *delivery, int64_t *recipient)
{
	char code[MAC_DIGITS + 1];

	if (!number(&token, delivery) || !number(&token, recipient))
		return false;
	mac(secret, *delivery, *recipient, code);
	return digest_same(code, token);
}
