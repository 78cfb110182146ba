/* SPDX-License-Identifier: Apache-2.0
 * What digest.h promises, by the vectors of FIPS 180-4, RFC 4231 and RFC 4648.
 */
#include "base_fixture.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"

static void sha256_vectors(void **state)
{
	char hex[DIGEST_HEX];

	(void)state;
	digest_sha256("", 0, hex);
	assert_string_equal(
	        hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_sha256(NULL, 0, hex);
	assert_string_equal(
	        hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_sha256("abc", 3, hex);
	assert_string_equal(
	        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_true(digest_is_hex(hex));
}

static void a_stream_is_the_same(void **state)
{
	char hex[DIGEST_HEX];
	struct digest_stream *stream = digest_begin();

	(void)state;
	digest_more(stream, "a", 1);
	digest_more(stream, NULL, 0);
	digest_more(stream, "bc", 2);
	digest_end(&stream, hex);
	assert_null(stream);
	assert_string_equal(
	        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void packed_and_unpacked(void **state)
{
	unsigned char list[2 * DIGEST_BYTES];
	char one[DIGEST_HEX], two[DIGEST_HEX], hex[DIGEST_HEX], want[DIGEST_HEX];

	(void)state;
	digest_sha256("one", 3, one);
	digest_sha256("two", 3, two);
	digest_pack(one, list);
	digest_pack(two, list + DIGEST_BYTES);
	assert_int_equal(list[0], 0x76); /* 7692c3ad... */
	digest_unpack(list + DIGEST_BYTES, hex);
	assert_string_equal(hex, two);
	char *lines = mem_format("%s\n%s\n", one, two);
	digest_sha256(lines, strlen(lines), want);
	free(lines);
	digest_of_list(list, 2, hex);
	assert_string_equal(hex, want);
	digest_of_list(list, 0, hex);
	digest_sha256("", 0, want);
	assert_string_equal(hex, want);
}

static void hmac_vectors(void **state)
{
	char hex[DIGEST_HEX];

	(void)state;
	digest_hmac("Jefe", 4, "what do ya want for nothing?", 28, hex);
	assert_string_equal(
	        hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void hex_is_strict(void **state)
{
	char hex[DIGEST_HEX + 1] = "";

	(void)state;
	memset(hex, 'a', 64);
	assert_true(digest_is_hex(hex));
	assert_true(digest_same(hex, hex));
	hex[64] = 'a';
	assert_false(digest_is_hex(hex));
	hex[63] = '\0';
	assert_false(digest_is_hex(hex));
	memset(hex, 'A', 64);
	hex[64] = '\0';
	assert_false(digest_is_hex(hex));
	assert_false(digest_is_hex(NULL));
	assert_false(digest_is_hex(""));
	assert_false(digest_same("a", "ab"));
	assert_false(digest_same("a", "b"));
}

static void base64_vectors(void **state)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
	        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	        {"foobar", "Zm9vYmFy"}};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		size_t len = 99;
		char *text = base64_text(pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(text, pairs[i][1]);
		unsigned char *bytes = base64_bytes(pairs[i][1], &len);
		assert_non_null(bytes);
		assert_int_equal(len, strlen(pairs[i][0]));
		assert_string_equal((char *)bytes, pairs[i][0]);
		free(bytes);
		free(text);
	}
}

/* One value, one spelling: a text that decodes encodes to itself. */
static void base64_is_strict(void **state)
{
	static const char *const refused[] = {"Zg", "Zg=", "Zg===", "Z===", "====", "=",
	        "Zh==", "Zm9=", "Zm 9", "Zm9v\n", " Zm9v", "Zm9v=", "Zg==Zg==", "Zm-_", "Zm9\xc3"};
	size_t len = 99;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (base64_bytes(refused[i], &len))
			fail_msg("\"%s\" was read", refused[i]);
	assert_int_equal(len, 99);
}

static void base64_goes_round(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (size_t size = 0; size < 300; size++) {
		unsigned char in[300];
		size_t len = 0;
		for (size_t i = 0; i < size; i++)
			in[i] = (unsigned char)next_number(&seed);
		char *text = base64_text(in, size);
		assert_null(strpbrk(text, "\r\n"));
		unsigned char *out = base64_bytes(text, &len);
		assert_non_null(out);
		assert_int_equal(len, size);
		assert_memory_equal(in, out, size);
		free(out);
		free(text);
	}
}

static void tokens_differ(void **state)
{
	char *tokens[100];

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		tokens[i] = random_token();
		assert_int_equal(strlen(tokens[i]), 43);
		assert_int_equal(strspn(tokens[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
		                                   "vwxyz0123456789-_"),
		        43);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(tokens[i], tokens[k]);
	}
	for (size_t i = 0; i < 100; i++)
		free(tokens[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(sha256_vectors),
	        cmocka_unit_test(a_stream_is_the_same),
	        cmocka_unit_test(packed_and_unpacked),
	        cmocka_unit_test(hmac_vectors),
	        cmocka_unit_test(hex_is_strict),
	        cmocka_unit_test(base64_vectors),
	        cmocka_unit_test(base64_is_strict),
	        cmocka_unit_test(base64_goes_round),
	        cmocka_unit_test(tokens_differ),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
