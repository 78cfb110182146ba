/* SPDX-License-Identifier: Apache-2.0
 * cap_trust - see cap_trust.h. The sender is read from the tree that is verified, so nobody signs
 * for somebody else; the moment is the caller's.
 */
#include "cap_trust.h"

#include <stdlib.h>
#include <string.h>

#include "cap_trust_row.h"
#include "mem.h"
#include "when.h"

void cap_trust_destroy(struct cap_trust **trust)
{
	struct cap_trust *t = *trust;

	if (!t)
		return;
	for (size_t i = 0; i < t->row_count; i++) {
		struct trust_row *row = &t->rows[i];
		free(row->sender);
		free(row->file);
		free(row->subject);
		EVP_PKEY_free(row->key);
		X509_free(row->certificate);
		X509_STORE_free(row->anchors);
	}
	free(t->rows);
	texts_finish(&t->sm2_texts);
	free(t);
	*trust = NULL;
}

/* The text of the root's one `sender`, as it stands; NULL: there is none, or more than one. */
static const char *sender_of(const struct whole *whole)
{
	const char *sender = NULL;
	int count = 0;

	for (const struct whole_node *n = signature_first(whole->root); n; n = signature_next(n))
		if (strcmp(n->local, "sender") == 0) {
			sender = signature_only_text(n);
			count++;
		}
	return count == 1 && sender && *sender ? sender : NULL;
}

/* A moment of a certificate; 0: it cannot be read. */
static int64_t moment_of(const ASN1_TIME *time)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return 0;
	struct civil c = {
	        tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
	return when_from_civil(&c, 0);
}

static bool within(int64_t from, int64_t until, int64_t now, char what[64])
{
	char text[WHEN_TEXT];

	if ((!from || now >= from) && (!until || now < until))
		return true;
	bool early = from && now < from;
	when_text(early ? from : until, text);
	snprintf(what, 64, "%s %s", early ? ">=" : "<", text);
	return false;
}

bool trust_in_dates(const struct trust_row *row, int64_t now, char what[64])
{
	if (!within(row->from, row->until, now, what))
		return false;
	return !row->certificate ||
	       within(moment_of(X509_get0_notBefore(row->certificate)),
	               moment_of(X509_get0_notAfter(row->certificate)) + 1000, now, what);
}

static enum cap_signature by_row(const struct cap_trust *trust, const struct trust_row *row,
        const struct signature *s, const char *sender, int64_t now, struct err *err)
{
	char dates[64];

	if (!trust_in_dates(row, now, dates))
		return signature_say(err, CAP_SIGNATURE_UNTRUSTED, "密钥不在有效期内，有效期须：",
		        "the key is not within its dates, which ask: ", dates);
	if (row->anchors)
		return trust_chain(row, s, &trust->profile.sm2, sender, now, err);
	if (signature_method_of(pkey_kind(row->key)) != s->method)
		return signature_say(err, CAP_SIGNATURE_UNTRUSTED, "该发送者的密钥是另一种算法的：",
		        "the key we have of this sender is for another algorithm: ", row->file);
	if (!signature_made_by(s, &trust->profile.sm2, row->key))
		return signature_say(err, CAP_SIGNATURE_BAD, "不是由该发送者的密钥签署，密钥：",
		        "it was not made with the key we have of this sender: ", row->file);
	return signature_say(err, CAP_SIGNATURE_GOOD, "由该发送者的密钥签署，密钥：",
	        "made with the key we have of this sender: ", row->file);
}

/* Of several rows that do not hold, the one that came nearest is told: its key was asked. */
static enum cap_signature by_rows(const struct cap_trust *trust, const struct signature *s,
        const char *sender, int64_t now, struct err *err)
{
	enum cap_signature result = signature_say(err, CAP_SIGNATURE_UNTRUSTED,
	        "可信清单里没有这个发送者：", "no key is trusted for this sender: ", sender);

	for (size_t i = 0; i < trust->row_count; i++) {
		const struct trust_row *row = &trust->rows[i];
		struct err why = {0};
		if (strcmp(row->sender, sender) != 0 && strcmp(row->sender, "*") != 0)
			continue;
		enum cap_signature one = by_row(trust, row, s, sender, now, &why);
		if (one == CAP_SIGNATURE_GOOD || result != CAP_SIGNATURE_BAD) {
			result = one;
			if (err)
				*err = why;
		}
		if (one == CAP_SIGNATURE_GOOD)
			break;
	}
	return result;
}

enum cap_signature cap_trust_verify(
        const struct cap_trust *trust, const void *bytes, size_t len, int64_t now, struct err *err)
{
	struct signature s;
	enum cap_signature result = signature_open(bytes, len, &trust->profile, &s, err);

	if (result != CAP_SIGNATURE_GOOD)
		return result;
	const char *sender = sender_of(&s.whole);
	result = signature_digest_holds(&s, err);
	if (result == CAP_SIGNATURE_GOOD && !sender)
		result = signature_say(err, CAP_SIGNATURE_BAD, "报文没有写明发送者",
		        "the message names no one sender", NULL);
	else if (result == CAP_SIGNATURE_GOOD)
		result = by_rows(trust, &s, sender, now, err);
	signature_close(&s);
	return result;
}
