/* SPDX-License-Identifier: Apache-2.0
 * Every row of the table of rules has a pair of messages: one breaks it, and nothing but what the
 * pair names; the other does not. A rule without a pair fails here. And the table itself: names,
 * levels, sentences.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "rule_pairs.h"

/* What the record of these tests knows. */
static enum cap_standing known(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	static const struct {
		const char *identifier, *sent;
		enum cap_standing standing;
	} rows[] = {
	        {"12000041600000_20260715093000", "2026-07-15T09:30:00+08:00",
	                CAP_STANDING_IN_FORCE},
	        {"12000041600000_20260715124500", "2026-07-15T12:45:00+08:00",
	                CAP_STANDING_IN_FORCE},
	        {"ended", "2026-07-14T09:30:00+08:00", CAP_STANDING_ENDED},
	};

	(void)record;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(reference->identifier, rows[i].identifier) == 0 &&
		        strcmp(reference->sender, "12000041600000") == 0) {
			assert_true(cap_time_read(rows[i].sent, sent));
			return rows[i].standing;
		}
	}
	return CAP_STANDING_UNKNOWN;
}

static void find(const struct rule_pair *pair, const char *text,
        void (*spoil)(struct cap_alert *alert), struct cap_problems *problems)
{
	struct cap_ways ways = {.profiles = pair->profiles, .known = known};
	struct cap_alert *alert = (pair->unfilled ? cap_parse_unfilled : cap_parse)(
	        text, strlen(text), CAP_LIMIT_API, problems);

	if (alert && spoil)
		spoil(alert);
	if (alert)
		cap_check_by(alert, &ways, problems);
	cap_alert_destroy(&alert);
}

static bool named_in(const char *list, const char *rule)
{
	const char *at = list ? strstr(list, rule) : NULL;
	size_t len = strlen(rule);

	return at && (at == list || at[-1] == ' ') && (at[len] == '\0' || at[len] == ' ');
}

static const char *also_broken(const struct rule_pair *pair, const struct cap_problems *good,
        const struct cap_problems *bad)
{
	for (size_t i = 0; i < bad->count; i++) {
		const char *rule = bad->items[i].rule;

		if (strcmp(rule, pair->rule) != 0 && !has_rule(good, rule) &&
		        !named_in(pair->also, rule))
			return rule;
	}
	return NULL;
}

/* One that does not: the sample as it is, or with `good` in the place. */
static char *good_text(const struct rule_pair *pair, const char *sample)
{
	return pair->good ? text_replace(sample, pair->from, pair->good) : mem_text(sample);
}

static char *bad_text(const struct rule_pair *pair, const char *sample)
{
	return pair->bad ? text_replace(sample, pair->from, pair->bad) : mem_text(sample);
}

/* false: it was said why. */
static bool try_pair(const struct rule_pair *pair, const char *good, const char *bad)
{
	struct cap_problems none = {0};
	struct cap_problems some = {0};

	find(pair, good, NULL, &none);
	find(pair, bad, pair->spoil, &some);
	const char *also = also_broken(pair, &none, &some);

	bool kept = !has_rule(&none, pair->rule);
	bool broken = has_rule(&some, pair->rule);

	if (!kept || !broken || also)
		print_message("%s, \"%s\": %s%s%s%s\n", pair->rule,
		        pair->bad ? pair->bad : "spoilt",
		        kept ? "" : "the good one breaks it too; ",
		        broken ? "" : "the bad one does not break it; ",
		        also ? "the bad one breaks another: " : "", also ? also : "");
	cap_problems_finish(&none);
	cap_problems_finish(&some);
	return kept && broken && !also;
}

static void each_pair_tells_its_rule(void **state)
{
	(void)state;
	size_t failed = 0;

	for (size_t i = 0; i < rule_pair_count; i++) {
		char *sample = sample_read(rule_pairs[i].sample);
		char *good = good_text(&rule_pairs[i], sample);
		char *bad = bad_text(&rule_pairs[i], sample);

		failed += !try_pair(&rule_pairs[i], good, bad);
		free(bad);
		free(good);
		free(sample);
	}
	assert_int_equal(failed, 0);
}

/* NULL: there is none. */
static const struct cap_rule *rule_named(const char *id)
{
	const struct cap_rule *rule;

	for (size_t i = 0; (rule = cap_rule_at(i)) && strcmp(rule->id, id) != 0;)
		i++;
	return rule;
}

static bool has_pair(const char *id)
{
	for (size_t i = 0; i < rule_pair_count; i++) {
		if (strcmp(rule_pairs[i].rule, id) == 0)
			return true;
	}
	return false;
}

static void each_rule_has_a_pair(void **state)
{
	(void)state;
	size_t without = 0;
	size_t count = 0;

	for (; cap_rule_at(count); count++) {
		if (!has_pair(cap_rule_at(count)->id)) {
			print_message("  no pair: %s\n", cap_rule_at(count)->id);
			without++;
		}
	}
	assert_int_equal(without, 0);
	assert_true(count > 160);
	for (size_t i = 0; i < rule_pair_count; i++) {
		if (!rule_named(rule_pairs[i].rule))
			fail_msg("a pair for %s, which is no rule", rule_pairs[i].rule);
	}
}

static void each_row_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; cap_rule_at(i); i++) {
		const struct cap_rule *rule = cap_rule_at(i);
		unsigned all = rule->error | rule->warning | rule->advice;

		assert_ptr_equal(rule_named(rule->id), rule); /* no name twice */
		assert_true(all && all < CAP_PROFILE_END);
		assert_int_equal(rule->error & rule->warning, 0);
		assert_int_equal(rule->error & rule->advice, 0);
		assert_int_equal(rule->warning & rule->advice, 0);
		assert_int_equal(rule->look == NULL, rule->object == CAP_OF_READING);
		assert_true(*rule->zh && *rule->en && rule->at);
		for (unsigned p = CAP_PROFILE_CHINA; p < CAP_PROFILE_END; p <<= 1) {
			const char *name = cap_profile_text((enum cap_profile)p);

			if (strncmp(rule->id, name, strlen(name)) == 0 &&
			        rule->id[strlen(name)] == '.')
				assert_int_equal(all, p);
		}
	}
}

static void the_strictest_level_holds(void **state)
{
	(void)state;
	const struct cap_rule *rule = rule_named("event.differ");
	enum cap_level level;

	assert_false(cap_rule_level(rule, CAP_PROFILE_BASE, &level));
	assert_true(cap_rule_level(rule, CAP_PROFILE_BASE | CAP_PROFILE_GOOGLE, &level));
	assert_int_equal(level, CAP_PROBLEM_ADVICE);
	assert_true(cap_rule_level(rule, CAP_PROFILE_GOOGLE | CAP_PROFILE_CAP_AU, &level));
	assert_int_equal(level, CAP_PROBLEM_ERROR);
	assert_true(cap_rule_level(rule_named("category.differ"), CAP_PROFILE_BASE, &level));
	assert_int_equal(level, CAP_PROBLEM_WARNING);
}

static void profiles_have_names(void **state)
{
	(void)state;
	enum cap_profile read;

	for (unsigned p = CAP_PROFILE_BASE; p < CAP_PROFILE_END; p <<= 1) {
		assert_true(cap_profile_read(cap_profile_text((enum cap_profile)p), &read));
		assert_int_equal(read, p);
	}
	assert_false(cap_profile_read("", &read));
	assert_false(cap_profile_read("Google", &read));
}

/* Our own samples keep their profiles: nothing but advice, and that named here. */
static void samples_keep_their_profiles(void **state)
{
	(void)state;
	static const struct {
		const char *sample;
		unsigned profiles;
		const char *advice;
	} rows[] = {
	        {"rainstorm_orange.xml", CAP_PROFILE_CHINA | CAP_PROFILE_GOOGLE, NULL},
	        {"rainstorm_update.xml", CAP_PROFILE_CHINA, "contact.missing"},
	        {"rainstorm_cancel.xml", CAP_PROFILE_CHINA, "contact.missing"},
	        {"accident_fact.xml", CAP_PROFILE_CHINA, "contact.missing"},
	        {"typhoon_exercise.xml", CAP_PROFILE_CHINA, "contact.missing"},
	        {"ipaws_flood.xml", CAP_PROFILE_IPAWS | CAP_PROFILE_GOOGLE, NULL},
	        {"cap_cp_storm.xml", CAP_PROFILE_CAP_CP, "area.shape.preferred"},
	        {"cap_au_bushfire.xml", CAP_PROFILE_CAP_AU, "area.shape.preferred"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cap_ways ways = {.profiles = rows[i].profiles};
		struct cap_problems problems = {0};
		char *text = sample_read(rows[i].sample);
		struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

		assert_non_null(alert);
		cap_check_by(alert, &ways, &problems);
		for (size_t k = 0; k < problems.count; k++) {
			if (problems.items[k].level == CAP_PROBLEM_ADVICE &&
			        named_in(rows[i].advice, problems.items[k].rule))
				continue;
			print_problems(&problems);
			fail_msg("%s: %s", rows[i].sample, problems.items[k].rule);
		}
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_pair_tells_its_rule),
	        cmocka_unit_test(each_rule_has_a_pair),
	        cmocka_unit_test(each_row_is_whole),
	        cmocka_unit_test(the_strictest_level_holds),
	        cmocka_unit_test(profiles_have_names),
	        cmocka_unit_test(samples_keep_their_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
