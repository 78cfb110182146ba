/* SPDX-License-Identifier: Apache-2.0
 * digest - SHA-256, HMAC-SHA-256, base64 and random bytes, all by libcrypto. Cannot fail short of a
 * broken libcrypto, which ends the program.
 */
#ifndef TOCSIN_DIGEST_H
#define TOCSIN_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

/* From now on libcrypto has its memory of mem.h: want of it ends the program with a sentence, where
 * libcrypto itself would go on to a broken answer or an abort. First thing in main(): once
 * libcrypto has asked for any, nothing changes any more, and the answer is false. */
bool digest_setup(void);

enum { DIGEST_HEX = 65 };   /* 64 lower-case hex digits and a NUL */
enum { DIGEST_BYTES = 32 }; /* the same, packed */

void digest_sha256(const void *bytes, size_t len, char hex[DIGEST_HEX]);
void digest_hmac(
        const void *key, size_t key_len, const void *bytes, size_t len, char hex[DIGEST_HEX]);
/* Of what does not fit into memory, or grows: begin, more as often as there is more, end (which
 * frees). */
struct digest_stream;
struct digest_stream *digest_begin(void);
void digest_more(struct digest_stream *stream, const void *bytes, size_t len);
void digest_so_far(const struct digest_stream *stream, char hex[DIGEST_HEX]); /* it goes on */
void digest_end(struct digest_stream **stream, char hex[DIGEST_HEX]);
void digest_drop(struct digest_stream **stream); /* without a word; NULL is fine */
bool digest_is_hex(const char *text);            /* 64 lower-case hex digits */
bool digest_same(const char *a, const char *b);  /* equal texts, in time that tells nothing */
/* One form of a digest into the other; hex is one. */
void digest_pack(const char *hex, unsigned char bytes[DIGEST_BYTES]);
void digest_unpack(const unsigned char bytes[DIGEST_BYTES], char hex[DIGEST_HEX]);
/* Over a list of `count` packed digests: of their hex forms, a line each. */
void digest_of_list(const unsigned char *digests, size_t count, char hex[DIGEST_HEX]);

char *base64_text(const void *bytes, size_t len); /* the caller's; one line */
/* NULL when it is not base64; otherwise the caller's, *len bytes with a NUL behind. */
unsigned char *base64_bytes(const char *text, size_t *len);
/* The same without padding and with - and _, as browsers write it. */
char *base64url_text(const void *bytes, size_t len);
unsigned char *base64url_bytes(const char *text, size_t *len);

void random_bytes(void *bytes, size_t len);
char *random_token(void); /* 43 url-safe characters, 256 bits; the caller's */

#endif
