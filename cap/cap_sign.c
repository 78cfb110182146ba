/* SPDX-License-Identifier: Apache-2.0
 * cap_sign - the canonical form with our Signature in it.
 *
 * What we write is its own exclusive canonical form, so digest and value are taken over the very
 * bytes that go out, and no parser or serializer stands between what was approved and what is sent.
 * Who verifies the result goes the other way, through the tree (cap_verify.c).
 */
#include "cap_signature.h"

#include <stdlib.h>
#include <string.h>

#include "cap_xml.h"

static const char root_end[] = "</alert>\n";
static const char declaration[] = XML_DECLARATION;

/* In exclusive canonical form as it stands: no blanks, no empty-element tags. Alone it declares its
 * prefix, which inside the Signature is declared already. */
static void write_info(
        struct buf *out, const struct signature_profile *own, const char *digest, bool alone)
{
	const unsigned used[] = {SIGNATURE_EXC_C14N, own->algorithms & SIGNATURE_ANY_METHOD,
	        own->algorithms & SIGNATURE_ANY_DIGEST};
	const char *uris[3];

	for (int i = 0; i < 3; i++)
		uris[i] = signature_uri(&own->sm2, used[i]);
	buf_format(out,
	        "<ds:SignedInfo%s><ds:CanonicalizationMethod Algorithm=\"%s\">"
	        "</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"%s\">"
	        "</ds:SignatureMethod><ds:Reference URI=\"\"><ds:Transforms>"
	        "<ds:Transform Algorithm=\"" DSIG_NAMESPACE "enveloped-signature\"></ds:Transform>"
	        "<ds:Transform Algorithm=\"%s\"></ds:Transform></ds:Transforms>"
	        "<ds:DigestMethod Algorithm=\"%s\"></ds:DigestMethod><ds:DigestValue>%s"
	        "</ds:DigestValue></ds:Reference></ds:SignedInfo>",
	        alone ? " xmlns:ds=\"" DSIG_NAMESPACE "\"" : "", uris[0], uris[1], uris[0], uris[2],
	        digest);
}

/* Of the document without its Signature: what stands before and behind it closes up. */
static char *document_digest(const char *head, size_t len, const struct signature_profile *own)
{
	struct buf rest;

	buf_init(&rest, 0);
	buf_add(&rest, head, len);
	buf_text(&rest, "  \n</alert>");
	char *digest =
	        signature_digest_text(own->algorithms & SIGNATURE_ANY_DIGEST, rest.data, rest.len);
	buf_finish(&rest);
	return digest;
}

static char *value_over(
        const struct signature_profile *own, const struct key *key, const char *digest)
{
	struct buf info;

	buf_init(&info, 0);
	write_info(&info, own, digest, true);
	char *value = signature_value_make(key, &own->sm2, info.data, info.len);
	buf_finish(&info);
	return value;
}

static void put_together(struct buf *out, const char *canonical, size_t head,
        const struct signature_profile *own, const char *digest, const char *value,
        const struct key *key)
{
	char id[17];

	key_id(key, id);
	buf_reset(out);
	buf_add(out, canonical, head);
	buf_text(out, "  <ds:Signature xmlns:ds=\"" DSIG_NAMESPACE "\">");
	write_info(out, own, digest, false);
	buf_format(out,
	        "<ds:SignatureValue>%s</ds:SignatureValue><ds:KeyInfo><ds:KeyName>%s"
	        "</ds:KeyName></ds:KeyInfo></ds:Signature>\n%s",
	        value, id, root_end);
}

bool signature_add(const char *canonical, size_t len, const struct key *key,
        const struct cap_sm2 *sm2, struct buf *out, struct err *err)
{
	const size_t tail = sizeof root_end - 1, start = sizeof declaration - 1;
	const struct signature_profile own = signature_own(key, sm2);

	if (len < start + tail || memcmp(canonical, declaration, start) != 0 ||
	        memcmp(canonical + len - tail, root_end, tail) != 0)
		return err_set(err, ERR_INTERNAL, "待签文件不是规范形式",
		        "what is to be signed is not in canonical form");
	char *digest = document_digest(canonical + start, len - start - tail, &own);
	char *value = value_over(&own, key, digest);
	if (value)
		put_together(out, canonical, len - tail, &own, digest, value, key);
	bool done = value && !out->full;
	free(digest);
	free(value);
	if (done)
		return true;
	buf_reset(out);
	return err_set(err, ERR_INTERNAL, "签名计算失败", "the signature could not be computed");
}

bool cap_sign(const struct cap_alert *alert, const struct key *key, const struct cap_sm2 *sm2,
        struct buf *out, struct err *err)
{
	struct buf canonical;

	buf_init(&canonical, CAP_LIMIT_SOURCE);
	cap_write(alert, &canonical);
	bool done = canonical.full
	                    ? err_set(err, ERR_TOO_BIG, "报文过大，无法签名",
	                              "the message is too large to sign")
	                    : signature_add(canonical.data, canonical.len, key, sm2, out, err);
	buf_finish(&canonical);
	return done;
}
