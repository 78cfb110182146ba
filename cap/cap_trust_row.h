/* SPDX-License-Identifier: Apache-2.0
 * cap_trust_row - private to cap/: the rows of a trust list, and what a certificate is asked.
 */
#ifndef TOCSIN_CAP_TRUST_ROW_H
#define TOCSIN_CAP_TRUST_ROW_H

#include <openssl/x509.h>

#include "cap_signature.h"
#include "cap_trust.h"

struct trust_row {
	char *sender;        /* or "*": whom the certificate names */
	char *file;          /* as the list names it, for reasons */
	EVP_PKEY *key;       /* `key` rows: this one */
	X509 *certificate;   /* the key came in it; or NULL */
	X509_STORE *anchors; /* `ca` rows: lead to one of these */
	bool has_crl;
	char *subject;       /* the common name instead of the sender; or NULL */
	int64_t from, until; /* ms, 0 = open; until is the first moment it holds no more */
};

struct cap_trust {
	struct signature_profile profile;
	struct texts sm2_texts; /* what profile.sm2 points into */
	struct trust_row *rows;
	size_t row_count;
};

/* false: *what says when it would hold ("until 2026-01-01T00:00:00+08:00"). */
bool trust_in_dates(const struct trust_row *row, int64_t now, char what[64]);

/* Of one signed with SM2: the signature is over the issuer's identity too, the usual one. */
void trust_ready(X509 *certificate);

/* By a `ca` row: the certificates in KeyInfo, the one whose key made the value, its chain, its
 * name. */
enum cap_signature trust_chain(const struct trust_row *row, const struct signature *s,
        const struct cap_sm2 *sm2, const char *sender, int64_t now, struct err *err);

#endif
