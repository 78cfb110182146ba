/* SPDX-License-Identifier: Apache-2.0
 * cap_sign - the canonical form with our Signature in it.
 *
 * libxmlsec1 computes digest and signature over a parsed copy; the document that goes out is put
 * together here, text before and text behind untouched, so that no serializer stands between what
 * was approved and what is sent. Nothing is given out that cap_verify_plain does not find good.
 */
#include "cap_signature.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <xmlsec/xmldsig.h>

static const char root_end[] = "</alert>\n";

/* In exclusive canonical form as it stands: no blanks, no empty-element tags, the prefix declared
 * once. */
static void write_signature(
        struct buf *out, const char *digest, const char *value, const char *key_name)
{
	buf_text(out,
	        "  <ds:Signature xmlns:ds=\"" DSIG_NAMESPACE "\"><ds:SignedInfo>"
	        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
	        "</ds:CanonicalizationMethod>"
	        "<ds:SignatureMethod "
	        "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\">"
	        "</ds:SignatureMethod><ds:Reference URI=\"\"><ds:Transforms>"
	        "<ds:Transform Algorithm=\"" DSIG_NAMESPACE "enveloped-signature\"></ds:Transform>"
	        "<ds:Transform "
	        "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>"
	        "</ds:Transforms><ds:DigestMethod "
	        "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">"
	        "</ds:DigestMethod><ds:DigestValue>");
	buf_text(out, digest);
	buf_text(out, "</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>");
	buf_text(out, value);
	buf_text(out, "</ds:SignatureValue><ds:KeyInfo><ds:KeyName>");
	buf_text(out, key_name);
	buf_text(out, "</ds:KeyName></ds:KeyInfo></ds:Signature>\n");
}

static void put_together(struct buf *out, const char *canonical, size_t len, const char *digest,
        const char *value, const char *key_name)
{
	const size_t head = len - (sizeof root_end - 1);

	buf_reset(out);
	buf_add(out, canonical, head);
	write_signature(out, digest, value, key_name);
	buf_text(out, root_end);
}

/* The text of the descendant with this name, blanks taken out (libxmlsec1 breaks long lines); the
 * caller's. */
static char *value_of(xmlNodePtr node, const char *name)
{
	for (xmlNodePtr n = node->children; n; n = n->next) {
		char *below = n->type == XML_ELEMENT_NODE ? value_of(n, name) : NULL;
		if (below)
			return below;
	}
	if (!signature_is(node, DSIG_NAMESPACE, name))
		return NULL;
	char *text = (char *)xmlNodeGetContent(node);
	char *copy = mem_text(text ? text : "");
	size_t kept = 0;
	for (const char *p = copy; *p; p++)
		if (!strchr(" \t\r\n", *p))
			copy[kept++] = *p;
	copy[kept] = '\0';
	xmlFree(text);
	return copy;
}

/* Lets libxmlsec1 compute both values over the template. */
static bool compute(const struct buf *template, const struct key *key, char **digest, char **value,
        struct err *err)
{
	struct signature_quiet quiet;
	xmlDocPtr doc = signature_load(template->data, template->len, err);
	xmlNodePtr node = doc ? xmlDocGetRootElement(doc)->last : NULL;

	while (node && !signature_is(node, DSIG_NAMESPACE, "Signature"))
		node = node->prev;
	signature_quiet_begin(&quiet);
	xmlSecDSigCtxPtr ctx =
	        node ? signature_context(&signature_own, signature_key(key_evp(key), NULL)) : NULL;
	bool done = ctx && xmlSecDSigCtxSign(ctx, node) == 0 &&
	            ctx->status == xmlSecDSigStatusSucceeded;
	if (ctx)
		xmlSecDSigCtxDestroy(ctx);
	ERR_clear_error();
	signature_quiet_end(&quiet);
	if (done) {
		*digest = value_of(node, "DigestValue");
		*value = value_of(node, "SignatureValue");
	}
	xmlFreeDoc(doc);
	return done && *digest && *value;
}

bool signature_add(
        const char *canonical, size_t len, const struct key *key, struct buf *out, struct err *err)
{
	const size_t tail = sizeof root_end - 1;
	char *digest = NULL, *value = NULL;
	struct err why = {
	        .zh = "密钥或签名库没有给出结果", .en = "the key or the library gave no result"};
	char id[17];

	bool token = key_in_token(key);

	key_id(key, id);
	if (len < tail || memcmp(canonical + len - tail, root_end, tail) != 0)
		return err_set(err, ERR_INTERNAL, "待签文件不是规范形式",
		        "what is to be signed is not in canonical form");
	put_together(out, canonical, len, "", "", id);
	bool done = !out->full && (token || compute(out, key, &digest, &value, &why));
	if (done && token && (digest = signature_token_digest(out->data, out->len)) != NULL) {
		put_together(out, canonical, len, digest, "", id);
		value = signature_token_value(out->data, out->len, key);
	}
	done = done && digest && value;
	if (done)
		put_together(out, canonical, len, digest, value, id);
	free(digest);
	free(value);
	if (!done || out->full) {
		buf_reset(out);
		return err_set(err, why.kind ? why.kind : ERR_INTERNAL, "签名计算失败：%s%.0s",
		        "the signature could not be computed: %.0s%s", why.zh, why.en);
	}
	if (cap_verify_plain(out->data, out->len, key, err) == CAP_SIGNATURE_GOOD)
		return true;
	buf_reset(out);
	return false;
}

bool cap_sign(
        const struct cap_alert *alert, const struct key *key, struct buf *out, struct err *err)
{
	struct buf canonical;

	buf_init(&canonical, CAP_LIMIT_SOURCE);
	cap_write(alert, &canonical);
	bool done = canonical.full ? err_set(err, ERR_TOO_BIG, "报文过大，无法签名",
	                                     "the message is too large to sign")
	                           : signature_add(canonical.data, canonical.len, key, out, err);
	buf_finish(&canonical);
	return done;
}
