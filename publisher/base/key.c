/* SPDX-License-Identifier: Apache-2.0
 * key - see key.h. Relies on libcrypto; every failure is a sentence that names the file.
 */
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "key_private.h"
#include "mem.h"
#include "mode_tag.h"

struct key {
	EVP_PKEY *pkey; /* of a key in a token, the public half */
	bool can_sign;
	EVP_PKEY *token; /* what signs, for a key in a token; else NULL */
	char id[17];     /* libcrypto takes longer to write a public half down than to sign */
};

enum { RSA_BITS = 3072 }; /* of a new key: good past 2030 */

static void find_id(struct key *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key->pkey, &der);
	char hex[DIGEST_HEX];

	if (len <= 0)
		abort();
	digest_sha256(der, (size_t)len, hex);
	memcpy(key->id, hex, sizeof key->id - 1);
	OPENSSL_free(der);
}

static struct key *wrap(EVP_PKEY *pkey, bool can_sign)
{
	struct key *key = mem_zero(sizeof *key);

	key->pkey = pkey;
	key->can_sign = can_sign;
	find_id(key);
	return key;
}

struct key *key_generate(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");

	if (!pkey)
		abort();
	return wrap(pkey, true);
}

struct key *key_generate_kind(enum key_kind kind)
{
	EVP_PKEY *pkey = kind == KEY_RSA   ? EVP_RSA_gen(RSA_BITS)
	                 : kind == KEY_SM2 ? EVP_PKEY_Q_keygen(NULL, NULL, "SM2")
	                                   : EVP_EC_gen("P-256");

	if (!pkey)
		abort();
	return wrap(pkey, true);
}

/* systemd's credentials are root's, and readable by the group their access list maps to. */
static mode_t too_wide(const struct stat *st)
{
	return st->st_uid == 0 && geteuid() != 0 ? 027 : 077;
}

static FILE *open_private(const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	struct stat st;

	if (!file) {
		err_set(err, ERR_CONFIG, "无法读取密钥文件 %s：%s", "cannot read key file %s: %s",
		        path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(file), &st) != 0 || (st.st_mode & too_wide(&st)) != 0) {
		err_set(err, ERR_CONFIG, "密钥文件 %s 可被他人读取，请执行 chmod 600",
		        "key file %s can be read by others: chmod 600 it", path);
		fclose(file);
		return NULL;
	}
	return file;
}

/* Written out again it reads one way only, however it was written where it came from: the point may
 * be compressed, hybrid or whole there, the curve named or spelt out. */
static bool settle_form(EVP_PKEY *pkey)
{
	return EVP_PKEY_set_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_ENCODING, "named_curve") ==
	               1 &&
	       EVP_PKEY_set_utf8_string_param(
	               pkey, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") == 1;
}

static struct key *checked(EVP_PKEY *pkey, bool can_sign, const char *path, struct err *err)
{
	if (pkey_kind(pkey) == KEY_P256 && settle_form(pkey))
		return wrap(pkey, can_sign);
	EVP_PKEY_free(pkey);
	err_set(err, ERR_CONFIG, "%s 不是 P-256 密钥", "%s does not hold a P-256 key", path);
	return NULL;
}

/* A signer's: any of our kinds. */
static struct key *checked_signer(EVP_PKEY *pkey, bool can_sign, const char *path, struct err *err)
{
	enum key_kind kind = pkey_kind(pkey);

	if (kind == KEY_P256)
		return checked(pkey, can_sign, path, err);
	if (kind == KEY_RSA || kind == KEY_SM2)
		return wrap(pkey, can_sign);
	EVP_PKEY_free(pkey);
	err_set(err, ERR_CONFIG, "%s 不是 P-256、2048 位以上 RSA 或 SM2 密钥",
	        "%s does not hold a key of P-256, RSA from 2048 bits, or SM2", path);
	return NULL;
}

/* A key with a passphrase would make a daemon ask at its terminal: it has none to ask. */
static int no_passphrase(char *passphrase, int size, int writing, void *context)
{
	(void)passphrase, (void)size, (void)writing, (void)context;
	return -1;
}

/* false: *err; *pkey NULL: there is none in the file. */
static bool read_private(const char *path, EVP_PKEY **pkey, struct err *err)
{
	FILE *file = open_private(path, err);

	if (!file)
		return false;
	*pkey = PEM_read_PrivateKey(file, NULL, no_passphrase, NULL);
	fclose(file);
	return true;
}

struct key *key_read_private(const char *path, struct err *err)
{
	EVP_PKEY *pkey = NULL;

	return read_private(path, &pkey, err) ? checked(pkey, true, path, err) : NULL;
}

struct key *key_read_signer(const char *path, struct err *err)
{
	EVP_PKEY *pkey = NULL;

	return read_private(path, &pkey, err) ? checked_signer(pkey, true, path, err) : NULL;
}

struct key *key_read_public(const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");

	if (!file) {
		err_set(err, ERR_CONFIG, "无法读取公钥文件 %s：%s",
		        "cannot read public key file %s: %s", path, strerror(errno));
		return NULL;
	}
	EVP_PKEY *pkey = PEM_read_PUBKEY(file, NULL, NULL, NULL);
	fclose(file);
	return checked_signer(pkey, false, path, err);
}

struct key *key_from_base64(const char *text, struct err *err)
{
	size_t len = 0;
	unsigned char *bytes = base64_bytes(text, &len);
	const unsigned char *p = bytes;
	EVP_PKEY *pkey = bytes ? d2i_PUBKEY(NULL, &p, (long)len) : NULL;

	free(bytes);
	struct key *key = checked(pkey, false, "base64", err);
	char *again = key ? key_base64(key) : NULL;
	/* One key has one spelling: "one key, one person" compares them. */
	if (key && strcmp(again, text) != 0) {
		key_destroy(&key);
		err_set(err, ERR_CONFIG, "%s 不是常用写法的 P-256 公钥（曲线具名、点不压缩）",
		        "%s does not hold a P-256 key in its plain form (named curve, whole point)",
		        "base64");
	}
	free(again);
	return key;
}

void key_destroy(struct key **key)
{
	if (!*key)
		return;
	EVP_PKEY_free((*key)->pkey);
	EVP_PKEY_free((*key)->token);
	free(*key);
	*key = NULL;
}

static bool write_new(const char *path, mode_t rights, const char *tag,
        int (*put)(FILE *, EVP_PKEY *), EVP_PKEY *pkey, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file)
		return err_set(err, ERR_CONFIG, "无法写密钥文件 %s：%s",
		        "cannot write key file %s: %s", path, strerror(errno));
	bool ok = fputs(tag, file) >= 0 && put(file, pkey) == 1 && fflush(file) == 0 &&
	          fsync(fd) == 0;
	ok = fclose(file) == 0 && ok;
	if (ok)
		return true;
	unlink(path); /* half a key would stand in the way of the next try */
	return err_set(err, ERR_CONFIG, "写密钥文件 %s 失败", "writing key file %s failed", path);
}

static int put_private(FILE *file, EVP_PKEY *pkey)
{
	return PEM_write_PrivateKey(file, pkey, NULL, NULL, 0, NULL, NULL);
}

bool key_write_private(const struct key *key, const char *path, enum mode mode, struct err *err)
{
	return write_new(path, 0600, mode_tag_line(mode), put_private, key->pkey, err);
}

static int put_public(FILE *file, EVP_PKEY *pkey)
{
	return PEM_write_PUBKEY(file, pkey);
}

bool key_write_public(const struct key *key, const char *path, enum mode mode, struct err *err)
{
	return write_new(path, 0644, mode_tag_line(mode), put_public, key->pkey, err);
}

/* Its public half becomes a key like any other, so that whoever verifies need not ask the token. */
struct key *key_of_token(EVP_PKEY *token, const char *place, struct err *err)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(token, &der);
	const unsigned char *at = der;
	EVP_PKEY *public_half = len > 0 ? d2i_PUBKEY(NULL, &at, len) : NULL;
	struct key *key = checked_signer(public_half, true, place, err);

	OPENSSL_free(der);
	if (key)
		key->token = token;
	else
		EVP_PKEY_free(token);
	return key;
}

char *key_base64(const struct key *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key->pkey, &der);

	if (len <= 0)
		abort();
	char *text = base64_text(der, (size_t)len);
	OPENSSL_free(der);
	return text;
}

void key_id(const struct key *key, char id[17])
{
	memcpy(id, key->id, sizeof key->id);
}

enum key_kind key_kind(const struct key *key)
{
	return pkey_kind(key->pkey);
}

EVP_PKEY *key_evp(const struct key *key)
{
	return key->pkey;
}

char *key_sign(const struct key *key, const void *bytes, size_t len)
{
	size_t size = 0;

	if (!key->can_sign)
		abort();
	unsigned char *signature =
	        pkey_sign(key->token ? key->token : key->pkey, pkey_sm2_id, bytes, len, &size);
	char *text = signature ? base64_text(signature, size) : NULL;
	free(signature);
	return text;
}

bool key_verify(const struct key *key, const void *bytes, size_t len, const char *signature)
{
	size_t size = 0;
	unsigned char *raw = signature ? base64_bytes(signature, &size) : NULL;
	bool ok = raw && pkey_verify(key->pkey, pkey_sm2_id, bytes, len, raw, size);

	free(raw);
	return ok;
}
