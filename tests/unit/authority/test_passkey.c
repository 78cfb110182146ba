/* SPDX-License-Identifier: Apache-2.0
 * A passkey's assertion holds for one challenge, one site and one page, and with its owner there
 * and verified; each rule that fails is named.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "authenticator.h"

static void expect(const struct scene *s, const char *name, const char *want)
{
	struct err err = {0};
	bool held = passkey_holds(&s->house, &s->passkey, &s->proof, &err);

	if (want ? held : !held)
		fail_msg("%s: %s (%s)", name, held ? "holds" : "does not hold", err.en);
	if (!want)
		return;
	if (!strstr(err.en, want))
		fail_msg("%s: \"%s\" does not say \"%s\"", name, err.en, want);
	assert_int_equal(err.kind, ERR_IDENTITY);
	assert_true(*err.zh);
}

static void check(struct scene *s, const struct bend *bends, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		s->proof.signature = signature_of(s, &bends[i]);
		expect(s, bends[i].name, bends[i].want);
		free(s->proof.signature);
		s->proof.signature = NULL;
	}
}

/* --- assertions ------------------------------------------------------------------------------- */

static void test_what_holds(void **state)
{
	const struct bend bends[] = {
	        {.name = "plain"},
	        {.name = "on another page of ours", .page = "https://desk.example.cn"},
	        {.name = "says that it is not in a frame", .more = ",\"crossOrigin\":false"},
	        {.name = "a member we do not know", .more = ",\"other\":[1,2]"},
	        {.name = "backed up", .flags = PRESENT | VERIFIED | MAY_BACK_UP | BACKED_UP},
	        {.name = "extensions behind",
	                .flags = PRESENT | VERIFIED | PASSKEY_EXTENSIONS,
	                .behind = "\xa0"},
	};

	check(*state, bends, sizeof bends / sizeof bends[0]);
}

static void test_what_the_page_said(void **state)
{
	const struct bend bends[] = {
	        {.name = "a registration",
	                .want = "type must be webauthn.get",
	                .type = "webauthn.create"},
	        {.name = "no type", .want = "type must be webauthn.get", .client = "{}"},
	        {.name = "type is a number",
	                .want = "type must be webauthn.get",
	                .client = "{\"type\":1}"},
	        {.name = "other challenge", .want = "signed something else", .challenge = "AAAA"},
	        {.name = "no challenge",
	                .want = "signed something else",
	                .client = "{\"type\":\"webauthn.get\"}"},
	        {.name = "other page", .want = "may not ask", .page = "http://localhost:8081"},
	        {.name = "a slash more", .want = "may not ask", .page = "http://localhost:8080/"},
	        {.name = "a page below ours",
	                .want = "may not ask",
	                .page = "https://x.desk.example.cn"},
	        {.name = "in a frame",
	                .want = "another page's frame",
	                .more = ",\"crossOrigin\":true"},
	        {.name = "perhaps in a frame",
	                .want = "another page's frame",
	                .more = ",\"crossOrigin\":\"false\""},
	        {.name = "a frame's top",
	                .want = "another page's frame",
	                .more = ",\"topOrigin\":\"http://localhost:8080\""},
	        {.name = "a type twice",
	                .want = "in one way only",
	                .more = ",\"type\":\"webauthn.get\""},
	        {.name = "an unknown member twice",
	                .want = "in one way only",
	                .more = ",\"x\":{\"a\":1,\"a\":2}"},
	        {.name = "a list", .want = "in one way only", .client = "[]"},
	        {.name = "half of it", .want = "in one way only", .client = "{\"type\""},
	        {.name = "a NUL in a text",
	                .want = "in one way only",
	                .more = ",\"x\":\"\\u0000\""},
	};

	check(*state, bends, sizeof bends / sizeof bends[0]);
}

static void test_two_challenges_and_words_behind(void **state)
{
	struct scene *s = *state;
	char *twice = mem_format(",\"challenge\":\"%s\"", s->challenge);
	char *whole = client_of("webauthn.get", s->challenge, desk_origin, "");
	char *behind = mem_format("%s{}", whole);
	char *blank = mem_format("%s\n", whole);
	char *padded = mem_format("%s=", s->challenge);
	const struct bend bends[] = {
	        {.name = "a challenge twice",
	                .want = "in one way only",
	                .challenge = "AAAA",
	                .more = twice},
	        {.name = "words behind", .want = "in one way only", .client = behind},
	        {.name = "a line's end behind is only a blank", .client = blank},
	        {.name = "padded", .want = "signed something else", .challenge = padded},
	};

	check(s, bends, sizeof bends / sizeof bends[0]);
	free(twice);
	free(whole);
	free(behind);
	free(blank);
	free(padded);
}

static void test_what_the_authenticator_said(void **state)
{
	const struct bend bends[] = {
	        {.name = "another site", .want = "for another site", .site = "example.cn"},
	        {.name = "nobody there", .want = "did not verify its owner", .flags = VERIFIED},
	        {.name = "nobody verified", .want = "did not verify its owner", .flags = PRESENT},
	        {.name = "flags against each other",
	                .want = "contradict",
	                .flags = PRESENT | VERIFIED | BACKED_UP},
	        {.name = "attested data",
	                .want = "not that of an assertion",
	                .flags = PRESENT | VERIFIED | PASSKEY_ATTESTED},
	        {.name = "bytes behind", .want = "not that of an assertion", .behind = "x"},
	        {.name = "a byte short", .want = "too short", .data_len = PASSKEY_DATA_LEAST - 1},
	        {.name = "hardly anything", .want = "too short", .data_len = 1},
	        {.name = "another's key", .want = "not by the key", .by_other = true},
	};

	check(*state, bends, sizeof bends / sizeof bends[0]);
}

/* What is signed cannot be exchanged afterwards: any one bit of data or page turned round. */
static void test_one_bit(void **state)
{
	struct scene *s = *state;
	const struct bend plain = {.name = "plain"};
	char *good = signature_of(s, &plain);
	char *first = strchr(good, ':') + 1;
	char *second = strchr(first, '.') + 1;
	char *third = strchr(second, '.') + 1;
	char *parts[] = {mem_text_n(first, (size_t)(second - first) - 1),
	        mem_text_n(second, (size_t)(third - second) - 1)};

	for (int p = 0; p < 2; p++) {
		size_t len = 0;
		unsigned char *bytes = base64_bytes(parts[p], &len);
		assert_non_null(bytes);
		for (size_t i = 0; i < len; i++) {
			struct err err;
			bytes[i] ^= 1;
			char *bent = base64_text(bytes, len);
			s->proof.signature = mem_format("passkey:%s.%s.%s", p ? parts[0] : bent,
			        p ? bent : parts[1], third);
			assert_false(passkey_holds(&s->house, &s->passkey, &s->proof, &err));
			free(s->proof.signature);
			free(bent);
			bytes[i] ^= 1;
		}
		free(bytes);
	}
	s->proof.signature = good;
	expect(s, "as it was", NULL);
	free(parts[0]);
	free(parts[1]);
}

/* Of this officer, act, time and manifest, and of none else. */
static void test_another_proof(void **state)
{
	struct scene *s = *state;
	const struct bend plain = {.name = "plain"};

	s->proof.signature = signature_of(s, &plain);
	s->proof.act = ACT_REVIEW;
	expect(s, "another act", "signed something else");
	s->proof.act = ACT_SIGN;
	s->proof.time += 1000;
	expect(s, "another time", "signed something else");
	s->proof.time -= 1000;
	s->proof.manifest[0] ^= 1;
	expect(s, "another manifest", "signed something else");
	s->proof.manifest[0] ^= 1;
	mem_set_text(&s->proof.officer, "wang");
	expect(s, "another officer", "signed something else");
	mem_set_text(&s->proof.officer, "li");
	expect(s, "the very one", NULL);
}

static void test_misshapen(void **state)
{
	struct scene *s = *state;
	const struct bend plain = {.name = "plain"};
	char *good = signature_of(s, &plain);
	char *last = strrchr(good, '.');
	char *no_last = mem_text_n(good, (size_t)(last - good));
	char *much = mem_zero(9001);
	memset(much, 'A', 9000);
	char *bent[] = {mem_text("passkey:"), mem_text("passkey:."), mem_text("passkey:.."),
	        mem_text("passkey:AAAA"), mem_text("passkey:AAAA.AAAA"), mem_text(no_last),
	        mem_format("%s.", no_last), mem_format("%s%s", good, last),
	        mem_format("passkey: %s", good + strlen("passkey:")),
	        mem_format("passkey:%s.AAAA.AAAA", much)};

	for (size_t i = 0; i < sizeof bent / sizeof bent[0]; i++) {
		s->proof.signature = bent[i];
		expect(s, bent[i], "AUTHENTICATORDATA.CLIENTDATAJSON.SIGNATURE");
		free(bent[i]);
	}
	s->proof.signature = good;
	free(no_last);
	free(much);
}

static void test_no_passkeys_here(void **state)
{
	struct scene *s = *state;
	const struct bend plain = {.name = "plain"};
	struct err err;

	s->proof.signature = signature_of(s, &plain);
	free(s->house.rp);
	s->house.rp = NULL;
	assert_false(passkey_holds(&s->house, &s->passkey, &s->proof, &err));
	assert_non_null(strstr(err.en, "the policy has no passkeys"));
}

static void test_lines(void **state)
{
	struct scene *s = *state;
	struct passkey passkey;
	struct err err;
	char *key = key_base64(s->own);
	char *bad[] = {mem_text("passkey"), mem_text("passkey:Y3JlZA"),
	        mem_format("passkey::%s", key), mem_format("passkey:Y3 JlZA:%s", key),
	        mem_format("passkey:Y3JlZA==:%s", key), mem_text("passkey:Y3JlZA:"),
	        mem_text("passkey:Y3JlZA:AAAA"), mem_format("Passkey:Y3JlZA:%s", key)};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (passkey_read(&passkey, bad[i], &err))
			fail_msg("%s is no passkey", bad[i]);
		assert_null(passkey.credential);
		assert_null(passkey.key);
		free(bad[i]);
	}
	free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(test_what_holds, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_what_the_page_said, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(
	                test_two_challenges_and_words_behind, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(
	                test_what_the_authenticator_said, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_one_bit, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_another_proof, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_misshapen, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_no_passkeys_here, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_lines, open_scene, close_scene),
	};

	return cmocka_run_group_tests_name("passkey", tests, NULL, NULL);
}
