/* SPDX-License-Identifier: Apache-2.0
 * password - see password.h. Relies on libargon2 and libcrypto (PBKDF2, SM3).
 */
#include "password.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"
#include "utf8.h"

enum { SALT = 16, HASH = 32, ENCODED = 160, LANES = 1, ITERATIONS_MOST = 100000000 };

static const char sm3_prefix[] = "$pbkdf2-sm3$i=";

/* --- which are taken -------------------------------------------------------------------------- */

static size_t different_bytes(const char *text)
{
	bool seen[256] = {false};
	size_t count = 0;

	for (; *text; text++) {
		count += !seen[(unsigned char)*text];
		seen[(unsigned char)*text] = true;
	}
	return count;
}

/* What guessers try first, as whole words or with a few characters around them. */
static bool is_common(const char *password)
{
	static const char *const common[] = {"1234567890", "0987654321", "qwertyuiop", "password",
	        "passw0rd", "administrator", "tocsin", "letmein", "woaini", "1qaz2wsx"};

	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (strcasestr(password, common[i]) &&
		        strlen(password) < strlen(common[i]) + PASSWORD_SHORTEST / 2)
			return true;
	return different_bytes(password) < 5;
}

bool password_fits(const char *password, const char *officer, struct err *err)
{
	size_t len = strlen(password);

	if (!utf8_valid(password, len, NULL) || len > PASSWORD_LONGEST)
		return err_set(err, ERR_INPUT, "密码至多 %d 字节，须为 UTF-8",
		        "a password has at most %d bytes of UTF-8", PASSWORD_LONGEST);
	if (utf8_count(password) < PASSWORD_SHORTEST)
		return err_set(err, ERR_INPUT, "密码至少 %d 个字符；几个词连起来即可",
		        "a password has at least %d characters; a few words will do",
		        PASSWORD_SHORTEST);
	if (*officer && strcasestr(password, officer))
		return err_set(err, ERR_INPUT, "密码不得包含账号名",
		        "a password must not contain the account's name");
	return !is_common(password) || err_set(err, ERR_INPUT, "这是人人先猜的密码，请换一个",
	                                       "this password is among the first that are guessed: "
	                                       "choose another");
}

/* --- argon2id --------------------------------------------------------------------------------- */

static bool argon2_failed(int code, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "密码无法计算：%s", "cannot hash the password: %s",
	        argon2_error_message(code));
}

static char *argon2_kept(const char *password, const struct password_rule *rule, struct err *err)
{
	unsigned char salt[SALT];
	char encoded[ENCODED];

	random_bytes(salt, sizeof salt);
	int code = argon2id_hash_encoded((uint32_t)rule->passes, (uint32_t)rule->memory, LANES,
	        password, strlen(password), salt, sizeof salt, HASH, encoded, sizeof encoded);
	if (code == ARGON2_OK)
		return mem_text(encoded);
	argon2_failed(code, err);
	return NULL;
}

static bool argon2_same(const char *kept, const char *password, bool *same, struct err *err)
{
	int code = argon2id_verify(kept, password, strlen(password));

	*same = code == ARGON2_OK;
	if (code == ARGON2_MEMORY_ALLOCATION_ERROR || code == ARGON2_THREAD_FAIL)
		return argon2_failed(code, err);
	return true;
}

/* --- PBKDF2-HMAC-SM3 -------------------------------------------------------------------------- */

static bool sm3_hash(const char *password, const unsigned char *salt, size_t salt_len,
        long iterations, unsigned char hash[HASH], struct err *err)
{
	if (PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt, (int)salt_len, (int)iterations,
	            EVP_sm3(), HASH, hash) == 1)
		return true;
	return err_set(
	        err, ERR_UNAVAILABLE, "密码无法计算：没有 SM3", "cannot hash the password: no SM3");
}

static char *sm3_kept(const char *password, const struct password_rule *rule, struct err *err)
{
	unsigned char salt[SALT];
	unsigned char hash[HASH];

	random_bytes(salt, sizeof salt);
	if (!sm3_hash(password, salt, sizeof salt, rule->iterations, hash, err))
		return NULL;
	char *salt_text = base64_text(salt, sizeof salt);
	char *hash_text = base64_text(hash, sizeof hash);
	char *kept = mem_format("%s%ld$%s$%s", sm3_prefix, rule->iterations, salt_text, hash_text);
	free(salt_text);
	free(hash_text);
	return kept;
}

static bool sm3_fits(const char *salt_text, const char *hash_text, long iterations,
        const char *password, bool *same, struct err *err)
{
	size_t salt_len = 0;
	size_t hash_len = 0;
	unsigned char *salt = base64_bytes(salt_text, &salt_len);
	unsigned char *want = base64_bytes(hash_text, &hash_len);
	unsigned char hash[HASH];

	bool whole =
	        salt && want && hash_len == HASH && iterations > 0 && iterations <= ITERATIONS_MOST;
	bool ok = !whole || sm3_hash(password, salt, salt_len, iterations, hash, err);
	*same = whole && ok && CRYPTO_memcmp(hash, want, HASH) == 0;
	free(salt);
	free(want);
	return ok;
}

static bool sm3_same(const char *kept, const char *password, bool *same, struct err *err)
{
	char *copy = mem_text(kept + sizeof sm3_prefix - 1);
	char *rest = copy;
	const char *iterations = strsep(&rest, "$");
	const char *salt = strsep(&rest, "$");

	*same = false;
	bool ok = !salt || !rest ||
	          sm3_fits(salt, rest, strtol(iterations, NULL, 10), password, same, err);
	free(copy);
	return ok;
}

/* --- either ----------------------------------------------------------------------------------- */

char *password_hash(const char *password, const struct password_rule *rule, struct err *err)
{
	return rule->sm3 ? sm3_kept(password, rule, err) : argon2_kept(password, rule, err);
}

static bool is_sm3(const char *kept)
{
	return strncmp(kept, sm3_prefix, sizeof sm3_prefix - 1) == 0;
}

bool password_same(const char *kept, const char *password, const struct password_rule *rule,
        bool *same, struct err *err)
{
	*same = false;
	if (*kept)
		return is_sm3(kept) ? sm3_same(kept, password, same, err)
		                    : argon2_same(kept, password, same, err);
	char *nobody = password_hash(password, rule, err);
	bool ok = nobody != NULL;
	free(nobody);
	return ok;
}

bool password_outdated(const char *kept, const struct password_rule *rule)
{
	char *prefix = rule->sm3 ? mem_format("%s%ld$", sm3_prefix, rule->iterations)
	                         : mem_format("$argon2id$v=19$m=%ld,t=%ld,p=%d$", rule->memory,
	                                   rule->passes, LANES);
	bool same = strncmp(kept, prefix, strlen(prefix)) == 0;

	free(prefix);
	return !same;
}
