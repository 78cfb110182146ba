/* SPDX-License-Identifier: Apache-2.0
 * A bulletin in memory: empty texts instead of NULL, words that read back, arrows, and the
 * audience's seal.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "audit_words.h"

static void starts_empty(void **state)
{
	struct bulletin *b = bulletin_create();

	(void)state;
	assert_string_equal(b->id, "");
	assert_string_equal(b->cap, "");
	assert_string_equal(b->reason, "");
	assert_null(b->signed_cap);
	assert_null(bulletin_text(b, "mqtt-north"));
	assert_null(bulletin_audience(b, "mqtt-north"));
	bulletin_destroy(&b);
	assert_null(b);
	bulletin_destroy(&b);
}

static void states_read_back(void **state)
{
	enum bulletin_state got = BULLETIN_DRAFT;

	(void)state;
	for (int i = 0; i < BULLETIN_STATE_COUNT; i++) {
		assert_true(bulletin_state_read(bulletin_state_text((enum bulletin_state)i), &got));
		assert_int_equal(got, i);
		assert_true(strlen(bulletin_state_zh((enum bulletin_state)i)) > 0);
	}
	assert_false(bulletin_state_read("Released", &got));
	assert_false(bulletin_state_read(NULL, &got));
}

static void the_chain_is_read_in_chinese(void **state)
{
	static const char *const words[] = {
	        "released", "policy-installed", "returned", "superseded", "incident step"};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *zh = audit_what_zh(words[i]);
		assert_true((unsigned char)*zh > 127);
		assert_string_equal(audit_what_read(zh), words[i]);
		assert_string_equal(audit_what_read(words[i]), words[i]);
	}
	assert_string_equal(audit_what_zh("of a later version"), "of a later version");
	assert_string_equal(asked_zh("release"), "发布");
	assert_string_equal(asked_zh("handover"), "移交");
	assert_string_equal(asked_zh("of a later version"), "of a later version");
}

static void arrows(void **state)
{
	static const struct {
		enum bulletin_state from, to;
		bool may;
	} cases[] = {
	        {BULLETIN_DRAFT, BULLETIN_SUBMITTED, true},
	        {BULLETIN_SUBMITTED, BULLETIN_DRAFT, true},
	        {BULLETIN_APPROVED, BULLETIN_RELEASED, true},
	        {BULLETIN_STAGED, BULLETIN_RELEASED, true},
	        {BULLETIN_DRAFT, BULLETIN_CANCELLED, false},
	        {BULLETIN_APPROVED, BULLETIN_SUPERSEDED, false},
	        {BULLETIN_RELEASED, BULLETIN_CANCELLED, true},
	        {BULLETIN_RELEASED, BULLETIN_DRAFT, false},
	        {BULLETIN_RELEASED, BULLETIN_REJECTED, false},
	        {BULLETIN_CANCELLED, BULLETIN_RELEASED, false},
	        {BULLETIN_EXPIRED, BULLETIN_RELEASED, false},
	        {BULLETIN_REJECTED, BULLETIN_DRAFT, false},
	        {BULLETIN_SUBMITTED, BULLETIN_REJECTED, true},
	        {BULLETIN_APPROVED, BULLETIN_REJECTED, true},
	        {BULLETIN_DRAFT, BULLETIN_REJECTED, false},
	        {BULLETIN_DRAFT, BULLETIN_DISCARDED, true},
	        {BULLETIN_SUBMITTED, BULLETIN_DISCARDED, false},
	        {BULLETIN_DISCARDED, BULLETIN_DRAFT, false},
	        {BULLETIN_SUPERSEDED, BULLETIN_SUPERSEDED, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (bulletin_may_become(cases[i].from, cases[i].to) != cases[i].may)
			fail_msg("%s -> %s: got %d, want %d", bulletin_state_text(cases[i].from),
			        bulletin_state_text(cases[i].to), !cases[i].may, cases[i].may);
	assert_true(bulletin_is_fixed(BULLETIN_RELEASED));
	assert_false(bulletin_is_fixed(BULLETIN_STAGED));
}

static void the_seal_covers_every_block(void **state)
{
	struct audience audience = {0};
	char one[DIGEST_HEX], two[DIGEST_HEX], want[DIGEST_HEX];

	(void)state;
	audience_seal(&audience);
	digest_sha256("", 0, want);
	assert_string_equal(audience.digest, want);
	assert_int_equal(audience.count, 0);
	texts_add(&audience.blocks, "1\n2\n");
	texts_add(&audience.blocks, "3\n4");
	audience_seal(&audience);
	assert_int_equal(audience.count, 4);
	digest_sha256("1\n2\n", 4, one);
	digest_sha256("3\n4", 3, two);
	char *list = mem_format("%s\n%s\n", one, two);
	digest_sha256(list, strlen(list), want);
	assert_string_equal(audience.digest, want);
	free(list);
	texts_finish(&audience.blocks);
}

static void lists_show_no_book(void **state)
{
	struct bulletin *b = bulletin_create();
	char *book = mem_zero(3001);

	(void)state;
	bulletin_headline(b, "暴雨红色预警");
	assert_string_equal(b->headline, "暴雨红色预警");
	for (size_t i = 0; i < 1000; i++)
		memcpy(book + 3 * i, "长", 3);
	bulletin_headline(b, book);
	assert_int_equal(strlen(b->headline), HEADLINE_BYTES);
	assert_string_equal(b->headline + HEADLINE_BYTES - 6, "长…");
	bulletin_headline(b, NULL);
	assert_string_equal(b->headline, "");
	free(book);
	bulletin_destroy(&b);
}

static void a_delivery_starts_empty(void **state)
{
	struct delivery d;

	(void)state;
	delivery_init(&d);
	assert_int_equal(d.block, -1);
	assert_string_equal(d.reason, "");
	delivery_finish(&d);
	delivery_finish(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(starts_empty),
	        cmocka_unit_test(states_read_back),
	        cmocka_unit_test(the_chain_is_read_in_chinese),
	        cmocka_unit_test(arrows),
	        cmocka_unit_test(the_seal_covers_every_block),
	        cmocka_unit_test(lists_show_no_book),
	        cmocka_unit_test(a_delivery_starts_empty),
	};

	return cmocka_run_group_tests_name("bulletin", tests, NULL, NULL);
}
