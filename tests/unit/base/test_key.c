/* SPDX-License-Identifier: Apache-2.0
 * What key.h and proof.h promise: officers only P-256, the signer also RSA and SM2; only private
 * files, only what was signed.
 */
#include "base_fixture.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "key.h"
#include "mem.h"
#include "proof.h"
#include "when.h"

static void files_go_round(void **state)
{
	char *private = path_in(*state, "a.pem");
	char *public = path_in(*state, "a.pub");
	struct key *key = key_generate();
	struct err err;
	struct stat st;
	char id[2][17];

	assert_true(key_write_private(key, private, MODE_LIVE, &err));
	assert_true(key_write_public(key, public, MODE_LIVE, &err));
	assert_int_equal(stat(private, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* Never over another key. */
	assert_false(key_write_private(key, private, MODE_LIVE, &err));
	assert_non_null(strstr(err.en, "a.pem"));
	struct key *back = key_read_private(private, &err);
	struct key *half = key_read_public(public, &err);
	assert_non_null(back);
	assert_non_null(half);
	char *signature = key_sign(back, "abc", 3);
	assert_true(key_verify(half, "abc", 3, signature));
	key_id(key, id[0]);
	key_id(half, id[1]);
	assert_string_equal(id[0], id[1]);
	assert_int_equal(strspn(id[0], "0123456789abcdef"), 16);
	free(signature);
	key_destroy(&key);
	key_destroy(&back);
	key_destroy(&half);
	key_destroy(&half);
	free(private);
	free(public);
}

static void a_file_others_can_read_is_refused(void **state)
{
	static const mode_t wide[] = {0644, 0640, 0604, 0660, 0601, 0610, 0666, 0777};
	char *path = path_in(*state, "a.pem");
	struct key *key = key_generate();
	struct err err;

	assert_true(key_write_private(key, path, MODE_LIVE, &err));
	key_destroy(&key);
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
		assert_int_equal(chmod(path, wide[i]), 0);
		if (key_read_private(path, &err))
			fail_msg("a key of mode %o was read", (unsigned)wide[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_non_null(strstr(err.en, path));
	}
	assert_int_equal(chmod(path, 0400), 0);
	key = key_read_private(path, &err);
	assert_non_null(key);
	key_destroy(&key);
	free(path);
}

static void refused(const char *path, const char *what)
{
	struct err err = {0};

	if (key_read_private(path, &err))
		fail_msg("%s was read as a private key", what);
	assert_non_null(strstr(err.en, path));
}

static void write_key(const char *path, EVP_PKEY *pkey, const EVP_CIPHER *cipher)
{
	FILE *file = fopen(path, "we");
	char passphrase[] = "secret";

	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_int_equal(
	        PEM_write_PrivateKey(file, pkey, cipher, NULL, 0, NULL, cipher ? passphrase : NULL),
	        1);
	fclose(file);
}

static void only_p256(void **state)
{
	char *path = path_in(*state, "b.pem");
	EVP_PKEY *others[] = {EVP_EC_gen("P-384"), EVP_EC_gen("secp256k1"), EVP_RSA_gen(2048),
	        EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")};

	for (size_t i = 0; i < 4; i++) {
		unsigned char *der = NULL;
		struct err err;
		assert_non_null(others[i]);
		write_key(path, others[i], NULL);
		refused(path, "another curve");
		int len = i2d_PUBKEY(others[i], &der);
		char *text = base64_text(der, (size_t)len);
		assert_null(key_from_base64(text, &err));
		OPENSSL_free(der);
		free(text);
		EVP_PKEY_free(others[i]);
	}
	free(path);
}

static void a_signers_key_may_be_rsa_or_sm2(void **state)
{
	static const enum key_kind kinds[] = {KEY_P256, KEY_RSA, KEY_SM2};
	char *private = path_in(*state, "s.pem");
	char *public = path_in(*state, "s.pub");

	for (size_t i = 0; i < 3; i++) {
		struct err err = {0};
		struct key *key = key_generate_kind(kinds[i]);
		assert_true(key_write_private(key, private, MODE_LIVE, &err));
		assert_true(key_write_public(key, public, MODE_LIVE, &err));
		struct key *back = key_read_signer(private, &err);
		struct key *half = key_read_public(public, &err);
		struct key *officer = key_read_private(private, &err);
		if (!back || !half)
			fail_msg("kind %d: %s", (int)kinds[i], err.en);
		assert_int_equal(key_kind(half), kinds[i]);
		assert_int_equal(officer != NULL, kinds[i] == KEY_P256);
		char *signature = key_sign(back, "abc", 3);
		assert_true(key_verify(half, "abc", 3, signature));
		assert_false(key_verify(half, "abd", 3, signature));
		free(signature);
		key_destroy(&key);
		key_destroy(&back);
		key_destroy(&half);
		key_destroy(&officer);
		unlink(private);
		unlink(public);
	}
	free(private);
	free(public);
}

static void weak_signers_keys_are_refused(void **state)
{
	char *path = path_in(*state, "w.pem");
	EVP_PKEY *weak[] = {EVP_RSA_gen(1024), EVP_EC_gen("P-384"), EVP_EC_gen("secp256k1"),
	        EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")};

	for (size_t i = 0; i < 4; i++) {
		struct err err = {0};
		write_key(path, weak[i], NULL);
		assert_null(key_read_signer(path, &err));
		assert_non_null(strstr(err.en, path));
		EVP_PKEY_free(weak[i]);
	}
	free(path);
}

/* A daemon must not ask for a passphrase: it would wait at a terminal for ever. */
static void odd_files_are_refused(void **state)
{
	char *path = path_in(*state, "b.pem");
	EVP_PKEY *pkey = EVP_EC_gen("P-256");

	write_key(path, pkey, EVP_aes_128_cbc());
	refused(path, "a key with a passphrase");
	EVP_PKEY_free(pkey);
	write_text(path, "", 0600);
	refused(path, "an empty file");
	write_text(path, "-----BEGIN PRIVATE KEY-----\nMIG\n", 0600);
	refused(path, "half a key");
	unlink(path);
	refused(path, "no file");
	free(path);
}

static void base64_keys_are_strict(void **state)
{
	struct key *key = key_generate();
	char *text = key_base64(key);
	size_t len = 0;
	unsigned char *der = base64_bytes(text, &len);
	unsigned char longer[256] = {0};
	struct err err;

	(void)state;
	struct key *back = key_from_base64(text, &err);
	assert_non_null(back);
	key_destroy(&back);
	memcpy(longer, der, len);
	for (size_t size = 0; size < len + 3; size++) {
		char *cut = base64_text(longer, size);
		back = key_from_base64(cut, &err);
		assert_int_equal(back != NULL, size == len);
		key_destroy(&back);
		free(cut);
	}
	assert_null(key_from_base64("not base64!", &err));
	free(der);
	free(text);
	key_destroy(&key);
}

/* Else one hand holds two people's keys: the same one, once compressed and once not. */
static void a_key_has_one_spelling(void **state)
{
	static const char *const points[] = {"compressed", "hybrid", "uncompressed"};
	static const char *const curves[] = {"named_curve", "explicit"};
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	struct err err;
	int taken = 0;

	(void)state;
	for (int i = 0; i < 6; i++) {
		unsigned char *der = NULL;
		assert_int_equal(EVP_PKEY_set_utf8_string_param(pkey,
		                         OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, points[i % 3]),
		        1);
		assert_int_equal(EVP_PKEY_set_utf8_string_param(
		                         pkey, OSSL_PKEY_PARAM_EC_ENCODING, curves[i / 3]),
		        1);
		int len = i2d_PUBKEY(pkey, &der);
		assert_true(len > 0);
		char *text = base64_text(der, (size_t)len);
		struct key *key = key_from_base64(text, &err);
		taken += key != NULL;
		key_destroy(&key);
		free(text);
		OPENSSL_free(der);
	}
	assert_int_equal(taken, 1);
	EVP_PKEY_free(pkey);
}

static void one_changed_byte_does_not_verify(void **state)
{
	struct key *key = key_generate();
	struct key *other = key_generate();
	char message[] = "what was approved";
	size_t len = strlen(message);
	char *signature = key_sign(key, message, len);

	(void)state;
	assert_true(key_verify(key, message, len, signature));
	assert_false(key_verify(other, message, len, signature));
	assert_false(key_verify(key, message, len - 1, signature));
	for (size_t i = 0; i < len; i++) {
		message[i] ^= 1;
		assert_false(key_verify(key, message, len, signature));
		message[i] ^= 1;
	}
	for (size_t i = 0; signature[i]; i++) {
		char kept = signature[i];
		signature[i] = kept == 'A' ? 'B' : 'A';
		assert_false(key_verify(key, message, len, signature));
		signature[i] = kept;
	}
	assert_false(key_verify(key, message, len, NULL));
	assert_false(key_verify(key, message, len, ""));
	free(signature);
	key_destroy(&key);
	key_destroy(&other);
}

static void a_proof_holds_for_its_words_only(void **state)
{
	struct key *key = key_generate();
	struct proof proof = {.act = ACT_SIGN, .officer = mem_text("chen")};

	(void)state;
	assert_true(when_read("2026-11-23T09:00:00+08:00", &proof.time, NULL));
	digest_sha256("x", 1, proof.manifest);
	proof_make(&proof, key);
	assert_true(proof_holds(&proof, key));
	for (int act = 0; act < ACT_COUNT; act++) {
		proof.act = (enum act)act;
		assert_int_equal(proof_holds(&proof, key), act == ACT_SIGN);
	}
	proof.act = ACT_SIGN;
	proof.time += 1000;
	assert_false(proof_holds(&proof, key));
	proof.time -= 1000;
	proof.manifest[0] = proof.manifest[0] == '0' ? '1' : '0';
	assert_false(proof_holds(&proof, key));
	digest_sha256("x", 1, proof.manifest);
	proof.officer[0] = 'C';
	assert_false(proof_holds(&proof, key));
	proof.officer[0] = 'c';
	assert_true(proof_holds(&proof, key));
	proof_finish(&proof);
	proof_finish(&proof);
	key_destroy(&key);
}

static void a_proof_is_these_bytes(void **state)
{
	struct proof proof = {.act = ACT_REVIEW, .officer = (char[]){"zhao"}};
	struct buf text;

	(void)state;
	assert_true(when_read("2026-11-23T09:00:00+08:00", &proof.time, NULL));
	memset(proof.manifest, 'a', 64);
	buf_init(&text, 0);
	proof_text(&proof, &text);
	assert_string_equal(text.data,
	        "tocsin-proof 1\nact review\nofficer zhao\ntime 2026-11-23T09:00:00+08:00\n"
	        "manifest aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(files_go_round, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(
	                a_file_others_can_read_is_refused, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(only_p256, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(
	                a_signers_key_may_be_rsa_or_sm2, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(
	                weak_signers_keys_are_refused, make_folder, remove_folder),
	        cmocka_unit_test_setup_teardown(odd_files_are_refused, make_folder, remove_folder),
	        cmocka_unit_test(base64_keys_are_strict),
	        cmocka_unit_test(a_key_has_one_spelling),
	        cmocka_unit_test(one_changed_byte_does_not_verify),
	        cmocka_unit_test(a_proof_holds_for_its_words_only),
	        cmocka_unit_test(a_proof_is_these_bytes),
	};

	return cmocka_run_group_tests_name("key and proof", tests, NULL, NULL);
}
