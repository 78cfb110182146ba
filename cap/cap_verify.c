/* SPDX-License-Identifier: Apache-2.0
 * cap_verify - what we signed ourselves, verified twice before anybody gets it: by us, and by
 * libxml2 and libxmlsec1, so a fault in one of the two cannot put a bad signature on the air. The
 * only file that needs those libraries.
 *
 * The structure was checked before libxml2 sees it (cap_signature_form.c), and libxmlsec1 is
 * told once more: this key and no other, the empty URI only, these transforms only. What it would
 * write on stderr goes nowhere; the answer is ours to word. It has no SM2: there ours stands alone.
 */
#include "cap_signature.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

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

static xmlSecKeyPtr adopt(EVP_PKEY *pkey)
{
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
	return key;
}

/* The allow-list of our own form, said to libxmlsec1. */
static bool restrict_to(xmlSecDSigCtxPtr ctx, enum key_kind kind)
{
	ctx->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
	return xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecTransformEnvelopedId) == 0 &&
	       xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecOpenSSLTransformSha256Id) == 0 &&
	       xmlSecDSigCtxEnableReferenceTransform(ctx, xmlSecTransformExclC14NId) == 0 &&
	       xmlSecDSigCtxEnableSignatureTransform(ctx, xmlSecTransformExclC14NId) == 0 &&
	       xmlSecDSigCtxEnableSignatureTransform(
	               ctx, kind == KEY_RSA ? xmlSecOpenSSLTransformRsaSha256Id
	                                    : xmlSecOpenSSLTransformEcdsaSha256Id) == 0;
}

/* Takes the key. */
static xmlSecDSigCtxPtr context(xmlSecKeyPtr key, enum key_kind kind)
{
	xmlSecDSigCtxPtr ctx = key ? xmlSecDSigCtxCreate(NULL) : NULL;

	if (!ctx) {
		xmlSecKeyDestroy(key);
		return NULL;
	}
	ctx->signKey = key;
	if (restrict_to(ctx, kind))
		return ctx;
	xmlSecDSigCtxDestroy(ctx);
	return NULL;
}

static void ignore(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

/* The Signature of our form is the root's last element. */
static xmlNodePtr signature_in(xmlDocPtr doc)
{
	return doc && xmlDocGetRootElement(doc) ? xmlLastElementChild(xmlDocGetRootElement(doc))
	                                        : NULL;
}

static bool xmlsec_says_good(const void *bytes, size_t len, const struct key *public_key)
{
	xmlSetStructuredErrorFunc(
	        NULL, ignore); /* of this thread; nobody else listens to libxml2 */
	xmlDocPtr doc = xmlReadMemory(bytes, (int)len, NULL, "UTF-8",
	        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
	xmlNodePtr node = signature_in(doc);
	xmlSecDSigCtxPtr ctx =
	        node ? context(adopt(key_evp(public_key)), key_kind(public_key)) : NULL;
	bool good = ctx && xmlSecDSigCtxVerify(ctx, node) == 0 &&
	            ctx->status == xmlSecDSigStatusSucceeded &&
	            xmlSecPtrListGetSize(&ctx->signedInfoReferences) == 1 &&
	            xmlSecPtrListGetSize(&ctx->manifestReferences) == 0;
	if (ctx)
		xmlSecDSigCtxDestroy(ctx);
	xmlFreeDoc(doc);
	ERR_clear_error();
	return good;
}

enum cap_signature cap_verify(const void *bytes, size_t len, const struct key *public_key,
        const struct cap_sm2 *sm2, struct err *err)
{
	enum cap_signature result = signature_verify_own(bytes, len, public_key, sm2, err);

	if (result != CAP_SIGNATURE_GOOD || key_kind(public_key) == KEY_SM2 ||
	        xmlsec_says_good(bytes, len, public_key))
		return result;
	return signature_say(err, CAP_SIGNATURE_BAD, "libxmlsec1 认为不成立",
	        "libxmlsec1 does not find it good", NULL);
}
