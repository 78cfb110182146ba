/* SPDX-License-Identifier: Apache-2.0
 * test_people - passwords and second factors against published vectors, and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "password.h"
#include "totp.h"

static const struct password_rule quick = {.memory = 64, .passes = 1, .iterations = 1000};
static const struct password_rule national = {.sm3 = true, .iterations = 1000};

/* RFC 6238, appendix B, the rows of SHA-1, their last six digits. */
static void totp_vectors(void **state)
{
	static const struct {
		int64_t seconds;
		const char *code;
	} rows[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
	        {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
	static const unsigned char secret[] = "12345678901234567890";
	char code[TOTP_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		totp_code(secret, 20, rows[i].seconds / 30, code);
		assert_string_equal(code, rows[i].code);
	}
}

static void a_code_counts_once_and_near_its_time(void **state)
{
	static const unsigned char secret[] = "12345678901234567890";
	const int64_t now = (int64_t)1111111111 * 1000;
	const int64_t step = now / TOTP_STEP_MS;
	char code[TOTP_DIGITS + 1];
	int64_t used = 0;

	(void)state;
	for (int64_t off = -3; off <= 3; off++) {
		totp_code(secret, 20, step + off, code);
		bool want = off >= -1 && off <= 1;
		assert_int_equal(totp_fits(secret, 20, code, now, 0, &used), want);
		if (want)
			assert_int_equal(used, step + off);
	}
	totp_code(secret, 20, step, code);
	assert_false(totp_fits(secret, 20, code, now, step, &used));
	totp_code(secret, 20, step - 1, code);
	assert_false(totp_fits(secret, 20, code, now, step, &used));
	assert_false(totp_fits(secret, 20, "", now, 0, &used));
	assert_false(totp_fits(secret, 20, "0504711", now, 0, &used));
}

/* RFC 4648, section 10, without the padding. */
static void base32(void **state)
{
	static const char *const rows[][2] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"},
	        {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"},
	        {"foobar", "MZXW6YTBOI"}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *text = totp_base32((const unsigned char *)rows[i][0], strlen(rows[i][0]));
		assert_string_equal(text, rows[i][1]);
		free(text);
	}
	char *uri = totp_uri("met-1&x=%", "tj", "MY");
	assert_string_equal(uri, "otpauth://totp/Tocsin:met-1x?issuer=Tocsin-tj&secret=MY"
	                         "&algorithm=SHA1&digits=6&period=30");
	free(uri);
}

static bool is_it(const char *kept, const char *password, const struct password_rule *rule)
{
	struct err err;
	bool same = false;

	assert_true(password_same(kept, password, rule, &same, &err));
	return same;
}

/* argon2id: a line of the reference implementation's own tests. PBKDF2 over SM3: computed by an
 * implementation of GB/T 32905 and RFC 8018 written for this test alone. */
static void hash_vectors(void **state)
{
	static const char *const kept[] = {"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
	                                   "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",

	        "$pbkdf2-sm3$i=1$c2FsdHNhbHRzYWx0c2FsdA==$"
	        "Fdsz6FgAwzwRUO/QjR2B+J9G8l74k7w2Gmr6cMZy7/k=",
	        "$pbkdf2-sm3$i=2$c2FsdHNhbHRzYWx0c2FsdA==$"
	        "wfDcJuZpLE/jj0PgxKYxIsAbS435fhdwIreDeGHy3tQ=",
	        "$pbkdf2-sm3$i=1000$c2FsdHNhbHRzYWx0c2FsdA==$"
	        "RubtcMJnyhNdFWD43tVGWqNw8EFTmnRPddupwOka5K8="};

	(void)state;
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		assert_true(is_it(kept[i], "password", &quick));
		assert_false(is_it(kept[i], "Password", &quick));
		assert_false(is_it(kept[i], "", &quick));
	}
}

static void kept_and_known_again(void **state)
{
	const struct password_rule *const rules[] = {&quick, &national};
	struct err err;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *a = password_hash("correct horse battery", rules[i], &err);
		char *b = password_hash("correct horse battery", rules[i], &err);
		assert_non_null(a);
		assert_string_not_equal(a, b);
		assert_null(strstr(a, "horse"));
		assert_true(is_it(a, "correct horse battery", rules[i]));
		assert_true(is_it(a, "correct horse battery", rules[1 - i]));
		assert_false(is_it(a, "correct horse batterx", rules[i]));
		assert_false(password_outdated(a, rules[i]));
		assert_true(password_outdated(a, rules[1 - i]));
		struct password_rule more = *rules[i];
		more.passes++;
		more.iterations++;
		assert_true(password_outdated(a, &more));
		free(a);
		free(b);
	}
}

static void nobodys_hash_fits_nothing(void **state)
{
	static const char *const broken[] = {"", "$", "x", "$argon2id$v=19$m=64,t=1,p=1$",
	        "$pbkdf2-sm3$i=1000$", "$pbkdf2-sm3$i=1000$YQ==$", "$pbkdf2-sm3$i=1000$YQ==$YQ==",
	        "$pbkdf2-sm3$i=-1$c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	        "$pbkdf2-sm3$i=99999999999$c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		assert_false(is_it(broken[i], "", &quick));
		assert_false(is_it(broken[i], "password", &national));
	}
}

static void what_cannot_be_hashed_is_said(void **state)
{
	const struct password_rule none = {.memory = 1, .passes = 1};
	struct err err = {0};
	bool same = true;

	(void)state;
	assert_null(password_hash("correct horse battery", &none, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	assert_false(password_same("", "correct horse battery", &none, &same, &err));
	assert_false(same);
}

static void which_are_taken(void **state)
{
	static const struct {
		const char *password;
		bool fits;
	} rows[] = {{"correct horse battery", true}, {"晴天霹雳之后必有彩虹当空", true},
	        {"short", false}, {"晴天霹雳之后必有彩虹", false}, {"aaaaaaaaaaaaaaaa", false},
	        {"abababababababab", false}, {"1234567890123", false}, {"Password2026!", false},
	        {"xx met-draft-1 yy", false}, {"xx MET-DRAFT-1 yy", false},
	        {"\xff\xfe correct horse", false}, {"my password is long enough to stand", true}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = {0};
		if (password_fits(rows[i].password, "met-draft-1", &err) != rows[i].fits)
			fail_msg("%s: want %d (%s)", rows[i].password, rows[i].fits, err.en);
	}
	char longest[300];
	memset(longest, 0, sizeof longest);
	for (size_t i = 0; i < 257; i++)
		longest[i] = (char)('a' + i % 26);
	struct err err;
	assert_false(password_fits(longest, "x1", &err));
	longest[256] = '\0';
	assert_true(password_fits(longest, "x1", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(totp_vectors),
	        cmocka_unit_test(a_code_counts_once_and_near_its_time),
	        cmocka_unit_test(base32),
	        cmocka_unit_test(hash_vectors),
	        cmocka_unit_test(kept_and_known_again),
	        cmocka_unit_test(nobodys_hash_fits_nothing),
	        cmocka_unit_test(what_cannot_be_hashed_is_said),
	        cmocka_unit_test(which_are_taken),
	};

	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
