/* SPDX-License-Identifier: Apache-2.0
 * cap_verify - is the Signature by this key, over everything? By libxmlsec1, locked down.
 *
 * The structure was checked before libxmlsec1 sees it (cap_signature_form.c), and libxmlsec1 is
 * told once more: this key and no other, the empty URI only, these transforms only. What it would
 * write on stderr goes nowhere; the answer is ours to word.
 */
#include "cap_signature.h"

#include <libxml/xmlmemory.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include "digest.h"
#include "mem.h"

static void say_nothing(const char *file, int line, const char *function, const char *object,
        const char *subject, int reason, const char *message)
{
	(void)file, (void)line, (void)function, (void)object, (void)subject, (void)reason,
	        (void)message;
}

static void *ask_again(void *old, size_t size)
{
	return mem_resize(old, 1, size ? size : 1);
}

bool cap_sign_setup(struct err *err)
{
	/* Where it lacks memory, libxml2 of this age leaves parts of a tree out (a namespace: the
	 * Signature is none then) or follows a NULL. So want of it ends the program there. */
	xmlMemSetup(free, mem_zero, ask_again, mem_text);
	xmlInitParser();
	xmlSecErrorsSetCallback(say_nothing);
	/* xmlSecOpenSSLAppInit is left out on purpose: libcrypto starts by itself, and that would
	 * read files. */
	if (xmlSecInit() < 0 || xmlSecOpenSSLInit() < 0)
		return err_set(
		        err, ERR_INTERNAL, "XML 签名库无法启动", "libxmlsec1 does not start");
	xmlSecErrorsSetCallback(say_nothing);
	xmlSecIOCleanupCallbacks(); /* no URI is ever fetched */
	return true;
}

void cap_sign_shutdown(void)
{
	xmlSecOpenSSLShutdown();
	xmlSecShutdown();
	xmlCleanupParser();
}

void *signature_key(const void *evp, const char *name)
{
	EVP_PKEY *pkey = (EVP_PKEY *)evp; /* only its count of owners changes */

	if (EVP_PKEY_up_ref(pkey) != 1)
		return NULL;
	xmlSecKeyDataPtr data = xmlSecOpenSSLEvpKeyAdopt(pkey);
	if (!data) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	xmlSecKeyPtr key = xmlSecKeyCreate();
	if (!key || xmlSecKeySetValue(key, data) < 0) {
		xmlSecKeyDataDestroy(data);
		xmlSecKeyDestroy(key);
		return NULL;
	}
	if (name && xmlSecKeySetName(key, BAD_CAST name) < 0) {
		xmlSecKeyDestroy(key);
		return NULL;
	}
	return key;
}

static bool allow_c14n(xmlSecDSigCtxPtr ctx, xmlSecTransformId id)
{
	return xmlSecDSigCtxEnableReferenceTransform(ctx, id) == 0 &&
	       xmlSecDSigCtxEnableSignatureTransform(ctx, id) == 0;
}

/* The allow-list of the profile, said to libxmlsec1. */
static bool restrict_to(xmlSecDSigCtxPtr ctx, unsigned algorithms)
{
	bool ok = xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecTransformEnvelopedId) == 0 &&
	          xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecOpenSSLTransformSha256Id) == 0;

	ctx->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
	if (algorithms & SIGNATURE_EXC_C14N)
		ok = ok && allow_c14n(ctx, xmlSecTransformExclC14NId);
	if (algorithms & SIGNATURE_C14N10)
		ok = ok && allow_c14n(ctx, xmlSecTransformInclC14NId);
	if (algorithms & SIGNATURE_C14N11)
		ok = ok && allow_c14n(ctx, xmlSecTransformInclC14N11Id);
	if (algorithms & SIGNATURE_ECDSA_SHA256)
		ok = ok && xmlSecDSigCtxEnableSignatureTransform(
		                   ctx, xmlSecOpenSSLTransformEcdsaSha256Id) == 0;
	if (algorithms & SIGNATURE_RSA_SHA256)
		ok = ok && xmlSecDSigCtxEnableSignatureTransform(
		                   ctx, xmlSecOpenSSLTransformRsaSha256Id) == 0;
	return ok;
}

void *signature_context(const struct signature_profile *profile, void *key)
{
	xmlSecDSigCtxPtr ctx = key ? xmlSecDSigCtxCreate(NULL) : NULL;

	if (!ctx) {
		xmlSecKeyDestroy(key);
		return NULL;
	}
	ctx->signKey = key;
	if (restrict_to(ctx, profile->algorithms))
		return ctx;
	xmlSecDSigCtxDestroy(ctx);
	return NULL;
}

enum cap_signature signature_check(const struct signature *s,
        const struct signature_profile *profile, const void *public_key, struct err *err)
{
	struct signature_quiet quiet;

	signature_quiet_begin(&quiet);
	xmlSecDSigCtxPtr ctx = signature_context(profile, signature_key(public_key, NULL));
	bool good = ctx && xmlSecDSigCtxVerify(ctx, s->node) == 0 &&
	            ctx->status == xmlSecDSigStatusSucceeded &&
	            xmlSecPtrListGetSize(&ctx->signedInfoReferences) == 1 &&
	            xmlSecPtrListGetSize(&ctx->manifestReferences) == 0;
	if (ctx)
		xmlSecDSigCtxDestroy(ctx);
	ERR_clear_error();
	signature_quiet_end(&quiet);
	if (good)
		return CAP_SIGNATURE_GOOD;
	return signature_bad(err, "正文被改动，或不是由该密钥签署",
	        "the content was changed, or it was not made with this key");
}

/* Base64 has one way of writing these bytes; another would let a byte change unseen. */
static bool one_way(const char *value)
{
	size_t len = 0;
	unsigned char *raw = base64_bytes(value, &len);
	char *again = raw ? base64_text(raw, len) : NULL;
	bool same = again && strcmp(again, value) == 0;

	free(again);
	free(raw);
	return same;
}

enum cap_signature cap_verify(
        const void *bytes, size_t len, const struct key *public_key, struct err *err)
{
	struct signature s;
	char id[17];
	enum cap_signature result = signature_open(bytes, len, &signature_own, &s, err);

	if (result != CAP_SIGNATURE_GOOD)
		return result;
	key_id(public_key, id);
	if (strcmp(s.key_name, id) != 0 || !one_way(s.value))
		result = signature_bad(err, "不是由该密钥签署", "it was not made with this key");
	else
		result = signature_check(&s, &signature_own, key_evp(public_key), err);
	signature_close(&s);
	return result;
}
