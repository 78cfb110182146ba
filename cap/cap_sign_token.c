/* SPDX-License-Identifier: Apache-2.0
 * cap_sign_token - digest and signature value computed with libxml2's C14N and the key's own
 * key_sign, no libxmlsec1: that one reaches into a key, and a key in a token lets nobody in. What
 * comes out is verified by both ways all the same (cap_verify_plain.c, signer/sign_fill.c).
 */
#include "cap_signature.h"

#include <libxml/xmlmemory.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

enum { HALF = 32 }; /* bytes of r and of s on P-256 */

/* The Signature of our template: the root's last element. */
static xmlNodePtr signature_of(xmlDocPtr doc)
{
	xmlNodePtr node = doc ? xmlDocGetRootElement(doc)->last : NULL;

	while (node && !signature_is(node, DSIG_NAMESPACE, "Signature"))
		node = node->prev;
	return node;
}

char *signature_token_digest(const char *template, size_t len)
{
	xmlDocPtr doc = signature_load(template, len, NULL);
	xmlNodePtr node = signature_of(doc);
	char *digest = node ? signature_document_digest(doc, node) : NULL;

	xmlFreeDoc(doc);
	return digest;
}

/* DER to r and s side by side, as XML signatures carry them. */
static char *side_by_side(const char *der_text)
{
	size_t len = 0;
	unsigned char *der = base64_bytes(der_text, &len);
	const unsigned char *at = der;
	ECDSA_SIG *sig = der ? d2i_ECDSA_SIG(NULL, &at, (long)len) : NULL;
	unsigned char raw[2 * HALF];
	bool ok = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, HALF) == HALF &&
	          BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + HALF, HALF) == HALF;

	ECDSA_SIG_free(sig);
	free(der);
	return ok ? base64_text(raw, sizeof raw) : NULL;
}

char *signature_token_value(const char *template, size_t len, const struct key *key)
{
	xmlDocPtr doc = signature_load(template, len, NULL);
	xmlNodePtr info = signature_of(doc) ? signature_of(doc)->children : NULL;
	size_t size = 0;

	while (info && !signature_is(info, DSIG_NAMESPACE, "SignedInfo"))
		info = info->next;
	unsigned char *text = info ? signature_canonical(info, NULL, &size) : NULL;
	char *der = text ? key_sign(key, text, size) : NULL;
	char *value = der ? side_by_side(der) : NULL;
	free(der);
	xmlFree(text);
	xmlFreeDoc(doc);
	return value;
}
