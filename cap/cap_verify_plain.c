/* SPDX-License-Identifier: Apache-2.0
 * cap_verify_plain - our own profile verified a second way: libxml2's C14N and libcrypto, no
 * libxmlsec1.
 *
 * What the signer gives out has passed both ways, so a fault in one library cannot put a bad
 * signature on the air. Answers BAD with the step that failed.
 */
#include "cap_signature.h"

#include <libxml/xmlmemory.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

enum { HALF = 32 }; /* bytes of r and of s on P-256 */

char *signature_document_digest(xmlDocPtr doc, xmlNodePtr node)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned hash_len = 0;
	size_t len = 0;
	unsigned char *text = signature_canonical(xmlDocGetRootElement(doc), node, &len);
	bool ok = text && EVP_Digest(text, len, hash, &hash_len, EVP_sha256(), NULL) == 1;

	xmlFree(text);
	return ok ? base64_text(hash, hash_len) : NULL;
}

/* XML signatures carry r and s side by side; libcrypto wants them as DER. NULL: not 64 bytes, or
 * not written the one way base64 is written. */
static char *signature_as_der(const char *value)
{
	size_t len = 0;
	unsigned char *raw = base64_bytes(value, &len);
	char *again = raw ? base64_text(raw, len) : NULL;
	unsigned char *der = NULL;
	char *text = NULL;

	if (again && len == 2 * HALF && strcmp(again, value) == 0) {
		ECDSA_SIG *sig = ECDSA_SIG_new();
		BIGNUM *r = BN_bin2bn(raw, HALF, NULL);
		BIGNUM *s = BN_bin2bn(raw + HALF, HALF, NULL);
		if (!sig || !r || !s || ECDSA_SIG_set0(sig, r, s) != 1)
			abort();
		int size = i2d_ECDSA_SIG(sig, &der);
		text = size > 0 ? base64_text(der, (size_t)size) : NULL;
		OPENSSL_free(der);
		ECDSA_SIG_free(sig);
	}
	free(again);
	free(raw);
	return text;
}

static bool signed_by(const struct signature *s, const struct key *key)
{
	size_t len = 0;
	unsigned char *info = signature_canonical(s->signed_info, NULL, &len);
	char *der = signature_as_der(s->value);
	bool ok = info && der && key_verify(key, info, len, der);

	free(der);
	xmlFree(info);
	return ok;
}

enum cap_signature cap_verify_plain(
        const void *bytes, size_t len, const struct key *public_key, struct err *err)
{
	struct signature s;
	char id[17];
	enum cap_signature result = signature_open(bytes, len, &signature_own, &s, err);

	if (result != CAP_SIGNATURE_GOOD)
		return result;
	key_id(public_key, id);
	char *digest = signature_document_digest(s.doc, s.node);
	if (!digest || strcmp(digest, s.digest) != 0)
		result = signature_bad(
		        err, "正文与摘要不符", "the content does not match its digest");
	else if (strcmp(s.key_name, id) != 0 || !signed_by(&s, public_key))
		result = signature_bad(err, "不是由该密钥签署", "it was not made with this key");
	free(digest);
	signature_close(&s);
	return result;
}
