/* SPDX-License-Identifier: Apache-2.0
 * cap_signature_holds - does a Signature of the allowed form hold? By our own canonical forms and
 * libcrypto.
 * Answers with the step that failed.
 */
#include "cap_signature.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"

static enum whole_form form_of(unsigned c14n)
{
	return c14n == SIGNATURE_C14N10   ? WHOLE_C14N10
	       : c14n == SIGNATURE_C14N11 ? WHOLE_C14N11
	                                  : WHOLE_EXCLUSIVE;
}

static bool digest_is(const struct signature *s, const struct buf *text)
{
	size_t want_len = 0, got_len = 0;
	char *got_text = signature_digest_text(s->digest_method, text->data, text->len);
	unsigned char *got = base64_bytes(got_text, &got_len);
	unsigned char *want = signature_bytes_of(s->digest, &want_len);
	bool same = got && want && got_len == want_len && memcmp(got, want, got_len) == 0;

	free(want);
	free(got);
	free(got_text);
	return same;
}

enum cap_signature signature_digest_holds(const struct signature *s, struct err *err)
{
	struct buf text;

	buf_init_mild(&text, CAP_LIMIT_FEED);
	whole_canonical(&s->whole, s->node, form_of(s->c14n), &text);
	bool starved = text.starved;
	bool same = !text.full && digest_is(s, &text);
	buf_finish(&text);
	if (same)
		return CAP_SIGNATURE_GOOD;
	if (starved)
		return signature_starved(err);
	return signature_say(err, CAP_SIGNATURE_BAD, "正文与摘要不符，签署后被改动",
	        "the content does not match its digest: it was changed after it was signed", NULL);
}

bool signature_made_by(const struct signature *s, const struct cap_sm2 *sm2, EVP_PKEY *pkey)
{
	struct buf info;

	if (signature_method_of(pkey_kind(pkey)) != s->method)
		return false;
	buf_init(&info, 0);
	whole_canonical_element(s->signed_info, form_of(s->info_c14n), &info);
	bool ok = !info.full && signature_value_holds(pkey, sm2, s->value, info.data, info.len);
	buf_finish(&info);
	return ok;
}

/* The exact form holds one way of writing each base64; another would let a byte change unseen. */
static bool one_way(const char *base64)
{
	size_t len = 0;
	unsigned char *raw = base64_bytes(base64, &len);

	free(raw);
	return raw != NULL;
}

enum cap_signature signature_verify_own(const void *bytes, size_t len, const struct key *public_key,
        const struct cap_sm2 *sm2, struct err *err)
{
	struct signature_profile own = signature_own(public_key, sm2);
	struct signature s;
	char id[17];
	enum cap_signature result = signature_open(bytes, len, &own, &s, err);

	if (result != CAP_SIGNATURE_GOOD)
		return result;
	key_id(public_key, id);
	result = signature_digest_holds(&s, err);
	if (result == CAP_SIGNATURE_GOOD &&
	        (strcmp(s.key_name, id) != 0 || !one_way(s.value) ||
	                !signature_made_by(&s, &own.sm2, key_evp(public_key))))
		result = signature_say(err, CAP_SIGNATURE_BAD, "不是由该密钥签署",
		        "it was not made with this key", NULL);
	signature_close(&s);
	return result;
}
