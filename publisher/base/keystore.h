/* SPDX-License-Identifier: Apache-2.0
 * keystore - where a signing key lies: a PEM file, or a token behind PKCS#11 (a smart card, an HSM,
 * SoftHSM), which signs and never gives the key away. Whoever signs sees a struct key either way.
 *
 *   alert.pem                      a file in $CREDENTIALS_DIRECTORY; with a slash, anywhere
 *   pkcs11:token=T;object=O?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=FILE
 *                                  RFC 7512; FILE is read as a secret, the PIN is its first line
 *
 * The way to the token is OpenSSL's engine "pkcs11" (Debian: libengine-pkcs11-openssl), which
 * libcrypto loads when such a key is asked for and not before. It stays loaded until the program
 * ends.
 */
#ifndef TOCSIN_KEYSTORE_H
#define TOCSIN_KEYSTORE_H

#include "key.h"
#include "terms.h"

/* Of one of our kinds (key.h), and only of this mode (mode_tag.h): a file by its own tag, a
 * token by the tag of its PIN's file. NULL + *err names the place. */
struct key *keystore_open(const char *where, enum mode mode, struct err *err);

#endif
