/* SPDX-License-Identifier: Apache-2.0
 * fuzz_cap_signature - any bytes to both verifiers of our own signature. There is one document that
 * this key has signed (tests/data/fuzz/cap_signature/signed.xml; the private half is gone): no
 * other bytes may pass, and both must say the same.
 */
#include <string.h>

#include "cap_signature.h"
#include "digest.h"
#include "fuzz.h"

static const char public_half[] = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExJEfPxhQ0JNteuXyVMNkjHcaqn4k"
                                  "vS9kbkB0HkRpGsG91t5wU0SgOHRM"
                                  "jPcAUwpYduXXHxME7XxwhBcC0Z1Aig==";
static const char signed_digest[] =
        "d7b850932bf98c143f9f7a6a3aa139f75fa70547294a9bc0cfde6f529d336f76";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct key *key;
	struct err err = {0};
	char digest[DIGEST_HEX];

	if (!key) {
		must(cap_sign_setup(NULL));
		key = key_from_base64(public_half, NULL);
		must(key);
	}
	enum cap_signature one = cap_verify(bytes, len, key, NULL, &err);

	must((one == CAP_SIGNATURE_GOOD) == (err.kind == ERR_NONE) && err.kind != ERR_UNAVAILABLE);
	must(signature_verify_own(bytes, len, key, NULL, NULL) == one);
	digest_sha256(bytes, len, digest);
	must((one == CAP_SIGNATURE_GOOD) == (strcmp(digest, signed_digest) == 0));
	return 0;
}
