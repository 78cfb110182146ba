/* SPDX-License-Identifier: Apache-2.0
 * What terms.h promises: every word comes back, no two are alike, unknown ones change nothing.
 */
#include "base_fixture.h"

#include <string.h>

#include "proof.h"
#include "terms.h"

/* One family of words; the enums are read into an int of their size. */
struct family {
	const char *name;
	int count;
	const char *(*text)(int value);
	const char *(*zh)(int value);
	bool (*read)(const char *text, int *out);
};

#define FAMILY_TEXT(NAME)                                                                          \
	static const char *NAME##_word(int value)                                                  \
	{                                                                                          \
		return NAME##_text((enum NAME)value);                                              \
	}                                                                                          \
	static bool NAME##_back(const char *text, int *out)                                        \
	{                                                                                          \
		enum NAME value = (enum NAME)(*out);                                               \
		bool known = NAME##_read(text, &value);                                            \
		*out = (int)value;                                                                 \
		return known;                                                                      \
	}
#define FAMILY(NAME)                                                                               \
	FAMILY_TEXT(NAME)                                                                          \
	static const char *NAME##_chinese(int value)                                               \
	{                                                                                          \
		return NAME##_zh((enum NAME)value);                                                \
	}

FAMILY(level)
FAMILY(kind)
FAMILY(verb)
FAMILY(mode)
FAMILY(disclosure)
FAMILY(delivery_state)
FAMILY(act)
FAMILY_TEXT(procedure)
FAMILY_TEXT(screening)

static const struct family families[] = {
        {"level", LEVEL_COUNT, level_word, level_chinese, level_back},
        {"kind", KIND_COUNT, kind_word, kind_chinese, kind_back},
        {"verb", VERB_COUNT, verb_word, verb_chinese, verb_back},
        {"mode", MODE_COUNT, mode_word, mode_chinese, mode_back},
        {"disclosure", DISCLOSURE_COUNT, disclosure_word, disclosure_chinese, disclosure_back},
        {"delivery_state", DELIVERY_STATE_COUNT, delivery_state_word, delivery_state_chinese,
                delivery_state_back},
        {"act", ACT_COUNT, act_word, act_chinese, act_back},
        {"procedure", PROCEDURE_COUNT, procedure_word, NULL, procedure_back},
        {"screening", SCREENING_COUNT, screening_word, NULL, screening_back},
};

static void one_family(const struct family *f)
{
	for (int i = 0; i < f->count; i++) {
		int got = -1;
		if (!f->text(i) || !*f->text(i) || !f->read(f->text(i), &got) || got != i)
			fail_msg("%s %d does not come back: got %d", f->name, i, got);
		if (f->zh && (!f->zh(i) || !*f->zh(i)))
			fail_msg("%s %d has no Chinese word", f->name, i);
		for (int k = 0; k < i; k++)
			if (strcmp(f->text(i), f->text(k)) == 0 ||
			        (f->zh && strcmp(f->zh(i), f->zh(k)) == 0))
				fail_msg("%s %d and %d are called alike", f->name, k, i);
	}
}

static void every_word_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		one_family(&families[i]);
}

static void unknown_words_change_nothing(void **state)
{
	static const char *const words[] = {
	        NULL, "", "RED", "red ", " red", "re", "none\n", "红色"};

	(void)state;
	for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
		for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
			int got = 1;
			assert_false(families[f].read(words[w], &got));
			assert_int_equal(got, 1);
		}
	}
}

static void levels_have_their_order(void **state)
{
	static const int ranks[LEVEL_COUNT] = {0, 1, 2, 3, 4, 1, 2, 3, 4};

	(void)state;
	for (int i = 0; i < LEVEL_COUNT; i++)
		assert_int_equal(level_rank((enum level)i), ranks[i]);
}

static void kinds_take_their_levels(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++) {
		for (int l = 0; l < LEVEL_COUNT; l++) {
			bool colour = l >= LEVEL_BLUE && l <= LEVEL_RED;
			bool roman = l >= LEVEL_IV;
			bool want = k == KIND_WARNING    ? colour
			            : k == KIND_RESPONSE ? roman
			                                 : l == LEVEL_NONE;
			assert_int_equal(kind_takes_level((enum kind)k, (enum level)l), want);
		}
	}
}

static void channels_by_kind(void **state)
{
	static const char *const inward[] = {"wecom", "dingtalk", "feishu", "webhook", "manual"};
	static const char *const outward[] = {"mqtt", "website", "sms", "weibo", "wechat",
	        "national", "carrier-area", "loudspeaker"};

	(void)state;
	for (size_t i = 0; i < sizeof inward / sizeof inward[0]; i++)
		assert_true(channel_kind_known(inward[i]) && !channel_kind_public(inward[i]));
	for (size_t i = 0; i < sizeof outward / sizeof outward[0]; i++)
		assert_true(channel_kind_known(outward[i]) && channel_kind_public(outward[i]));
	/* Better too careful: what nobody knows, anybody may read. */
	assert_true(channel_kind_public("telex"));
	assert_false(channel_kind_known("telex"));
	assert_null(channel_kind_zh("telex"));
	assert_true(channel_traits("mqtt")->projection && !channel_traits("mqtt")->lanes);
	assert_true(channel_traits("sms")->recipients && !channel_traits("sms")->takes_key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_word_comes_back),
	        cmocka_unit_test(unknown_words_change_nothing),
	        cmocka_unit_test(levels_have_their_order),
	        cmocka_unit_test(kinds_take_their_levels),
	        cmocka_unit_test(channels_by_kind),
	};

	return cmocka_run_group_tests_name("terms", tests, NULL, NULL);
}
