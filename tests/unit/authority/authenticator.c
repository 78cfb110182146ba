/* SPDX-License-Identifier: Apache-2.0
 * authenticator - see authenticator.h.
 */
#include "authenticator.h"

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

const char desk_rp[] = "localhost";
const char desk_origin[] = "http://localhost:8080";

int open_scene(void **state)
{
	struct scene *s = mem_zero(sizeof *s);
	struct err err;

	s->own = key_generate();
	s->other = key_generate();
	char *line = passkey_line("Y3JlZA", s->own);
	assert_true(passkey_read(&s->passkey, line, &err));
	free(line);
	s->house.rp = mem_text(desk_rp);
	texts_add(&s->house.origins, "https://desk.example.cn");
	texts_add(&s->house.origins, desk_origin);
	s->proof = (struct proof){
	        .act = ACT_SIGN, .officer = mem_text("li"), .time = INT64_C(1782871200000)};
	digest_sha256("words", 5, s->proof.manifest);
	s->challenge = passkey_challenge(&s->proof);
	*state = s;
	return 0;
}

int close_scene(void **state)
{
	struct scene *s = *state;

	key_destroy(&s->own);
	key_destroy(&s->other);
	passkey_finish(&s->passkey);
	free(s->house.rp);
	texts_finish(&s->house.origins);
	proof_finish(&s->proof);
	free(s->challenge);
	free(s);
	return 0;
}

static void hex_bytes(const char *hex, unsigned char *out)
{
	for (size_t i = 0; hex[2 * i]; i++) {
		const char two[] = {hex[2 * i], hex[2 * i + 1], 0};
		out[i] = (unsigned char)strtoul(two, NULL, 16);
	}
}

static void sha256(const void *bytes, size_t len, unsigned char out[DIGEST_BYTES])
{
	char hex[DIGEST_HEX];

	digest_sha256(bytes, len, hex);
	hex_bytes(hex, out);
}

void data_of(const char *site, unsigned flags, const void *more, size_t more_len, struct buf *out)
{
	unsigned char digest[DIGEST_BYTES];
	const unsigned char head[] = {(unsigned char)flags, 0, 0, 0, 1};

	sha256(site, strlen(site), digest);
	buf_init(out, 0);
	buf_add(out, digest, sizeof digest);
	buf_add(out, head, sizeof head);
	if (more_len)
		buf_add(out, more, more_len);
}

char *client_of(const char *type, const char *challenge, const char *page, const char *more)
{
	return mem_format("{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}", type,
	        challenge, page, more);
}

char *signature_of(const struct scene *s, const struct bend *b)
{
	struct buf data;
	struct buf signed_bytes;
	unsigned char digest[DIGEST_BYTES];
	char *client = b->client ? mem_text(b->client)
	                         : client_of(b->type ? b->type : "webauthn.get",
	                                   b->challenge ? b->challenge : s->challenge,
	                                   b->page ? b->page : desk_origin, b->more ? b->more : "");

	data_of(b->site ? b->site : desk_rp, b->flags ? b->flags : PRESENT | VERIFIED, b->behind,
	        b->behind ? strlen(b->behind) : 0, &data);
	if (b->data_len)
		data.len = b->data_len;
	sha256(client, strlen(client), digest);
	buf_init(&signed_bytes, 0);
	buf_add(&signed_bytes, data.data, data.len);
	buf_add(&signed_bytes, digest, sizeof digest);
	char *last = key_sign(b->by_other ? s->other : s->own, signed_bytes.data, signed_bytes.len);
	char *first = base64_text(data.data, data.len);
	char *second = base64_text(client, strlen(client));
	char *whole = mem_format("passkey:%s.%s.%s", first, second, last);

	free(first);
	free(second);
	free(last);
	free(client);
	buf_finish(&data);
	buf_finish(&signed_bytes);
	return whole;
}
