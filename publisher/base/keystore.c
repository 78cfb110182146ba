/* SPDX-License-Identifier: Apache-2.0
 * keystore - see keystore.h. A token that is not there, a wrong PIN, no such object: one sentence
 * with what the library said. The PIN never stands in one.
 */
/* Engines are deprecated in OpenSSL 3, and Debian 12 has no PKCS#11 provider. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "keystore.h"

#include <openssl/engine.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "key_private.h"
#include "mem.h"
#include "mode_tag.h"
#include "secret.h"

static const char scheme[] = "pkcs11:";

static int hex_of(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The value of an attribute behind the '?', decoded; the caller's; NULL when it is not there. */
static char *attribute(const char *where, const char *name)
{
	const char *at = strchr(where, '?');
	size_t len = strlen(name);
	struct buf value;

	while (at && !(strncmp(at + 1, name, len) == 0 && at[1 + len] == '='))
		at = strchr(at + 1, '&');
	if (!at)
		return NULL;
	buf_init(&value, 4096);
	for (at += len + 2; *at && *at != '&'; at++) {
		int high = *at == '%' ? hex_of(at[1]) : -1;
		int low = high >= 0 ? hex_of(at[2]) : -1;
		buf_char(&value, low >= 0 ? (char)(high * 16 + low) : *at);
		at += low >= 0 ? 2 : 0;
	}
	char *text = mem_text(value.data ? value.data : "");
	buf_finish(&value);
	return text;
}

static bool failed(const char *token, const char *zh, const char *en, struct err *err)
{
	char said[160] = "";
	unsigned long code = ERR_peek_last_error();

	if (code)
		ERR_error_string_n(code, said, sizeof said);
	ERR_clear_error();
	return err_set(err, ERR_CONFIG, "密钥 %s：%s%.0s（%s）", "key %s: %.0s%s (%s)", token, zh,
	        en, said);
}

static ENGINE *load_engine(const char *token, const char *module, struct err *err)
{
	ENGINE_load_dynamic();
	ENGINE *engine = ENGINE_by_id("pkcs11");

	if (!engine) {
		failed(token, "没有 pkcs11 引擎，请安装 libengine-pkcs11-openssl",
		        "there is no engine pkcs11: install libengine-pkcs11-openssl", err);
		return NULL;
	}
	if (ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module, 0) == 1 &&
	        ENGINE_init(engine) == 1)
		return engine;
	failed(token, "PKCS#11 模块打不开", "the PKCS#11 module cannot be opened", err);
	ENGINE_free(engine);
	return NULL;
}

static EVP_PKEY *load(ENGINE *engine, const char *token, const char *pin_source, struct err *err)
{
	char *pin = secret_read(pin_source, err);

	if (!pin)
		return NULL;
	EVP_PKEY *pkey = ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0) == 1
	                         ? ENGINE_load_private_key(engine, token, NULL, NULL)
	                         : NULL;
	secret_forget(&pin);
	if (!pkey)
		failed(token, "令牌中没有这个密钥，或口令不对",
		        "the token has no such key, or the PIN is wrong", err);
	return pkey;
}

/* The engine's own references stay: it must outlive the key, and ends with the program. */
static struct key *open_token(const char *where, enum mode mode, struct err *err)
{
	char *token = mem_text_n(where, strcspn(where, "?"));
	char *module = attribute(where, "module-path");
	char *pin = attribute(where, "pin-source");
	struct key *key = NULL;

	if (!module || !pin) {
		err_set(err, ERR_CONFIG, "密钥 %s：须有 module-path 和 pin-source",
		        "key %s: it needs module-path and pin-source", token);
	} else if (mode_tag_fits_secret(pin, mode, err)) {
		ENGINE *engine = load_engine(token, module, err);
		EVP_PKEY *pkey = engine ? load(engine, token, pin, err) : NULL;
		key = pkey ? key_of_token(pkey, token, err) : NULL;
	}
	free(token);
	free(module);
	free(pin);
	return key;
}

struct key *keystore_open(const char *where, enum mode mode, struct err *err)
{
	if (strncmp(where, scheme, strlen(scheme)) == 0)
		return open_token(where, mode, err);
	char *path = secret_path(where, err);
	struct key *key =
	        path && mode_tag_fits(path, mode, err) ? key_read_signer(path, err) : NULL;

	free(path);
	return key;
}
