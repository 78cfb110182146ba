/* SPDX-License-Identifier: Apache-2.0
 * cap_trust - upstream producers' keys: a PEM file with one public key or one certificate, named by
 * our own settings. The file is the trust; a certificate is only the wrapping of its key, its dates
 * are not asked (who stops trusting a producer takes the file away).
 */
#include "cap_signature.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RSA_LEAST_BITS = 2048, EC_LEAST_BITS = 256 };

struct cap_trust {
	EVP_PKEY *key;
	struct signature_profile profile;
};

static EVP_PKEY *read_key(FILE *file)
{
	EVP_PKEY *key = PEM_read_PUBKEY(file, NULL, NULL, NULL);

	if (!key) {
		rewind(file);
		X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
		key = certificate ? X509_get_pubkey(certificate) : NULL;
		X509_free(certificate);
	}
	ERR_clear_error();
	return key;
}

/* The signature algorithm that goes with the key; 0: no key we take. */
static unsigned algorithm_of(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_LEAST_BITS)
		return SIGNATURE_RSA_SHA256;
	if (EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_bits(key) >= EC_LEAST_BITS)
		return SIGNATURE_ECDSA_SHA256;
	return 0;
}

struct cap_trust *cap_trust_read(const char *pem_path, bool inclusive_c14n, struct err *err)
{
	FILE *file = fopen(pem_path, "re");

	if (!file) {
		err_set(err, ERR_CONFIG, "无法读取上游公钥文件 %s：%s",
		        "cannot read upstream key file %s: %s", pem_path, strerror(errno));
		return NULL;
	}
	EVP_PKEY *key = read_key(file);
	fclose(file);
	unsigned algorithm = key ? algorithm_of(key) : 0;
	if (!algorithm) {
		EVP_PKEY_free(key);
		err_set(err, ERR_CONFIG,
		        "%s 中没有可用的公钥或证书（需 2048 位以上 RSA 或 256 位以上 EC）",
		        "%s holds no public key or certificate we take (RSA of 2048 bits or EC of "
		        "256 bits at least)",
		        pem_path);
		return NULL;
	}
	struct cap_trust *trust = mem_zero(sizeof *trust);
	trust->key = key;
	trust->profile.algorithms =
	        SIGNATURE_ENVELOPED | SIGNATURE_EXC_C14N | SIGNATURE_SHA256 | algorithm;
	if (inclusive_c14n)
		trust->profile.algorithms |= SIGNATURE_C14N10 | SIGNATURE_C14N11;
	return trust;
}

void cap_trust_destroy(struct cap_trust **trust)
{
	if (!*trust)
		return;
	EVP_PKEY_free((*trust)->key);
	free(*trust);
	*trust = NULL;
}

enum cap_signature cap_verify_upstream(
        const void *bytes, size_t len, const struct cap_trust *trust, struct err *err)
{
	struct signature s;
	enum cap_signature result = signature_open(bytes, len, &trust->profile, &s, err);

	if (result != CAP_SIGNATURE_GOOD)
		return result;
	result = signature_check(&s, &trust->profile, trust->key, err);
	signature_close(&s);
	return result;
}
