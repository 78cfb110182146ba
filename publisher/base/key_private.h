/* SPDX-License-Identifier: Apache-2.0
 * key_private - for key.c and keystore.c only: a struct key around what libcrypto gave.
 */
#ifndef TOCSIN_KEY_PRIVATE_H
#define TOCSIN_KEY_PRIVATE_H

#include <openssl/evp.h>

#include "key.h"

/* Takes what signs. NULL + *err when it is of no kind of ours. */
struct key *key_of_token(EVP_PKEY *token, const char *place, struct err *err);

#endif
