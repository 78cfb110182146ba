/* SPDX-License-Identifier: Apache-2.0
 * totp - see totp.h. Relies on libcrypto's HMAC.
 */
#include "totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "digest.h"
#include "mem.h"

enum { SHA1 = 20, MILLION = 1000000 };

void totp_code(const unsigned char *secret, size_t len, int64_t step, char code[TOTP_DIGITS + 1])
{
	unsigned char counter[8];
	unsigned char mac[EVP_MAX_MD_SIZE];

	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret, (int)len, counter, sizeof counter, mac, NULL))
		abort();
	const unsigned char *at = mac + (mac[SHA1 - 1] & 15);
	uint32_t number = ((uint32_t)(at[0] & 127) << 24) | ((uint32_t)at[1] << 16) |
	                  ((uint32_t)at[2] << 8) | at[3];
	snprintf(code, TOTP_DIGITS + 1, "%06u", number % MILLION);
}

bool totp_fits(const unsigned char *secret, size_t len, const char *code, int64_t now, int64_t used,
        int64_t *step)
{
	bool fits = false;
	char want[TOTP_DIGITS + 1];

	for (int64_t at = now / TOTP_STEP_MS - 1; at <= now / TOTP_STEP_MS + 1; at++) {
		totp_code(secret, len, at, want);
		bool same = digest_same(want, code) && at > used;
		*step = same ? at : *step;
		fits = fits || same;
	}
	explicit_bzero(want, sizeof want);
	return fits;
}

char *totp_base32(const unsigned char *secret, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct buf out;
	uint32_t held = 0;
	int bits = 0;

	buf_init(&out, 0);
	for (size_t i = 0; i < len; i++) {
		held = (held << 8) | secret[i];
		for (bits += 8; bits >= 5; bits -= 5)
			buf_char(&out, letters[held >> (bits - 5) & 31]);
	}
	if (bits > 0)
		buf_char(&out, letters[held << (5 - bits) & 31]);
	return buf_take(&out);
}

/* Names of accounts and nodes are letters, digits and -._ (the policy and the settings see to it);
 * anything else would end the parameter, so it is left out. */
static void plain(const char *text, struct buf *out)
{
	for (; *text; text++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._",
		            *text))
			buf_char(out, *text);
}

char *totp_uri(const char *officer, const char *node, const char *base32)
{
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, "otpauth://totp/Tocsin:");
	plain(officer, &out);
	buf_text(&out, "?issuer=Tocsin-");
	plain(node, &out);
	buf_format(&out, "&secret=%s&algorithm=SHA1&digits=%d&period=%d", base32, TOTP_DIGITS,
	        TOTP_STEP_MS / 1000);
	return buf_take(&out);
}
