/* SPDX-License-Identifier: Apache-2.0
 * cap_trust - whose signature counts: a list of ours, by the sender a message names. No key is ever
 * believed because it came with the message.
 *
 *   warning@example.cn  key met.pem from=2026-01-01 until=2027-12-31
 *   alerts@example.org  ca  national-ca.pem crl=national.crl subject=Meteo Example
 *   *                   ca  house-ca.pem
 *   sm2 signature=http://... digest=http://... value=der id=1234567812345678
 *
 * One row a line, a line with # in front is a remark; files are found from the list's own folder.
 * `key`: a public key or a certificate in PEM; a certificate's own dates hold too. `ca`: the
 * signer's certificate stands in KeyInfo, must lead to one of the file's within its dates, and must
 * name the sender (in its alternative names or its common name), or instead have the common name
 * given with subject=, which ends the line. crl=: then a chain without a valid CRL does not hold.
 * Days are of +08:00, both included. A sender may have several rows: one must hold.
 */
#ifndef TOCSIN_CAP_TRUST_H
#define TOCSIN_CAP_TRUST_H

#include <stdint.h>

#include "cap_sign.h"

struct cap_trust;

/* NULL: *err names file and line. inclusive_c14n: this source may sign over inclusive C14N (1.0 or
 * 1.1), which depends on where the message stood. Files are read here and never again. */
struct cap_trust *cap_trust_read(const char *list, bool inclusive_c14n, struct err *err);
void cap_trust_destroy(struct cap_trust **trust);

/* Is there exactly one Signature, over everything, by a key that may sign for the sender the very
 * same bytes name, at `now`? From any thread. With ERR_UNAVAILABLE nothing was found out, for want
 * of memory. */
enum cap_signature cap_trust_verify(
        const struct cap_trust *trust, const void *bytes, size_t len, int64_t now, struct err *err);

#endif
