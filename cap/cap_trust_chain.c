/* SPDX-License-Identifier: Apache-2.0
 * cap_trust_chain - a signer known by a CA. The certificate comes with the message and is nothing
 * until it leads to an anchor of ours, within its dates, not revoked where a CRL is asked, and
 * names the very sender. SHA-1, and keys too short, do not lead anywhere.
 */
#include "cap_trust_row.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { CERTIFICATES_MOST = 8, DEPTH_MOST = 4, AUTH_LEVEL = 2 };

void trust_ready(X509 *certificate)
{
	if (X509_get_signature_nid(certificate) != NID_SM2_with_SM3)
		return;
	ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();

	if (!id || ASN1_OCTET_STRING_set(
	                   id, (const unsigned char *)pkey_sm2_id, (int)strlen(pkey_sm2_id)) != 1)
		abort();
	X509_set0_distinguishing_id(certificate, id);
}

static X509 *certificate_in(const struct whole_node *node)
{
	const char *text = signature_only_text(node);
	size_t len = 0;
	unsigned char *der = text ? signature_bytes_of(text, &len) : NULL;
	const unsigned char *at = der;
	X509 *certificate = der ? d2i_X509(NULL, &at, (long)len) : NULL;

	free(der);
	if (certificate)
		trust_ready(certificate);
	return certificate;
}

/* Those of KeyInfo/X509Data, the first few. */
static STACK_OF(X509) * certificates_of(const struct signature *s)
{
	STACK_OF(X509) *all = sk_X509_new_null();

	if (!all)
		abort();
	for (const struct whole_node *d = s->key_info ? signature_first(s->key_info) : NULL; d;
	        d = signature_next(d)) {
		if (!signature_is(d, DSIG_NAMESPACE, "X509Data"))
			continue;
		for (const struct whole_node *n = signature_first(d); n; n = signature_next(n)) {
			X509 *one = signature_is(n, DSIG_NAMESPACE, "X509Certificate") &&
			                            sk_X509_num(all) < CERTIFICATES_MOST
			                    ? certificate_in(n)
			                    : NULL;
			if (one && sk_X509_push(all, one) <= 0)
				abort();
		}
	}
	return all;
}

/* The one whose key made the value; borrowed. */
static X509 *signer_among(
        STACK_OF(X509) * all, const struct signature *s, const struct cap_sm2 *sm2)
{
	for (int i = 0; i < sk_X509_num(all); i++)
		if (signature_made_by(s, sm2, X509_get0_pubkey(sk_X509_value(all, i))))
			return sk_X509_value(all, i);
	return NULL;
}

static bool is_anchor(X509_STORE *anchors, X509 *certificate)
{
	STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(anchors);

	for (int i = 0; certificate && i < sk_X509_OBJECT_num(all); i++) {
		const X509 *one = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
		if (one && X509_cmp(one, certificate) == 0)
			return true;
	}
	return false;
}

/* A CRL is asked for every certificate of a chain, but an anchor is ours whoever issued it: it
 * needs none. */
static int anchor_needs_no_crl(int ok, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);
	bool lacks = error == X509_V_ERR_UNABLE_TO_GET_CRL ||
	             error == X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER;

	return ok || (lacks && is_anchor(X509_STORE_CTX_get0_store(ctx),
	                               X509_STORE_CTX_get_current_cert(ctx)));
}

/* NULL: it leads to an anchor; else why not, static. */
static const char *chain_fault(
        const struct trust_row *row, X509 *signer, STACK_OF(X509) * others, int64_t now)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	const char *fault = NULL;

	if (!ctx || X509_STORE_CTX_init(ctx, row->anchors, signer, others) != 1)
		abort();
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	X509_VERIFY_PARAM_set_time(param, (time_t)(now / 1000));
	X509_VERIFY_PARAM_set_flags(param,
	        X509_V_FLAG_PARTIAL_CHAIN |
	                (row->has_crl ? X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL : 0));
	X509_STORE_CTX_set_verify_cb(ctx, anchor_needs_no_crl);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	X509_VERIFY_PARAM_set_depth(param, DEPTH_MOST);
	if (X509_verify_cert(ctx) != 1)
		fault = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
	X509_STORE_CTX_free(ctx);
	ERR_clear_error();
	return fault;
}

/* Its one common name, whatever its letters are written in. */
static bool common_name_is(X509 *certificate, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	unsigned char *text = NULL;

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return false;
	int len = ASN1_STRING_to_UTF8(
	        &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	bool same = len > 0 && (size_t)len == strlen(name) && memcmp(text, name, (size_t)len) == 0;
	OPENSSL_free(text);
	return same;
}

/* To libcrypto a name that begins with a dot is any name below it: that is nobody's. */
static bool host_is(X509 *certificate, const char *name)
{
	return *name != '.' &&
	       X509_check_host(certificate, name, 0, X509_CHECK_FLAG_NO_WILDCARDS, NULL) == 1;
}

static bool names(X509 *certificate, const char *sender, const char *subject)
{
	if (subject)
		return common_name_is(certificate, subject);
	bool named = common_name_is(certificate, sender) ||
	             X509_check_email(certificate, sender, 0, 0) == 1 ||
	             host_is(certificate, sender);
	ERR_clear_error();
	return named;
}

static enum cap_signature judged(const struct trust_row *row, X509 *signer, STACK_OF(X509) * others,
        const char *sender, int64_t now, struct err *err)
{
	const char *fault = chain_fault(row, signer, others, now);

	if (fault)
		return signature_say(err, CAP_SIGNATURE_UNTRUSTED,
		        "随附证书未能上溯到可信的签发者：",
		        "the certificate that came with it leads to no issuer we trust: ", fault);
	if ((X509_get_key_usage(signer) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
		return signature_say(err, CAP_SIGNATURE_UNTRUSTED, "随附证书不是签名用的：",
		        "the certificate that came with it is not for signing: ", row->file);
	if (!names(signer, sender, row->subject))
		return signature_say(err, CAP_SIGNATURE_UNTRUSTED, "随附证书不属于这个发送者：",
		        "the certificate that came with it is not this sender's: ", sender);
	return signature_say(err, CAP_SIGNATURE_GOOD, "证书属于该发送者，由可信者签发：",
	        "by a certificate of this sender, issued under: ", row->file);
}

enum cap_signature trust_chain(const struct trust_row *row, const struct signature *s,
        const struct cap_sm2 *sm2, const char *sender, int64_t now, struct err *err)
{
	STACK_OF(X509) *all = certificates_of(s);
	X509 *signer = signer_among(all, s, sm2);
	enum cap_signature result;

	if (signer)
		result = judged(row, signer, all, sender, now, err);
	else if (sk_X509_num(all) == 0)
		result = signature_say(err, CAP_SIGNATURE_UNTRUSTED,
		        "没有随附证书，无从上溯到签发者：",
		        "it brings no certificate that could lead to: ", row->file);
	else
		result = signature_say(err, CAP_SIGNATURE_BAD, "不是由随附证书的密钥签署",
		        "it was not made with the key of the certificate that came with it", NULL);
	sk_X509_pop_free(all, X509_free);
	return result;
}
