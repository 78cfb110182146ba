/* SPDX-License-Identifier: Apache-2.0
 * test_screen_aggregate - what two texts tell together, and what they do not.
 */
#include "screening_fixture.h"

#include "screen_aggregate.h"

static const struct {
	const char *name, *earlier, *here;
	const char *word; /* in the Chinese sentence; NULL: no hit */
} cases[] = {
        {"an age there, a home here", "伤者李某某，45岁。", "李某某家住三号楼。", "住址"},
        {"the same again", "伤者李某某，45岁。", "伤者李某某，45岁。", NULL},
        {"only more of the same here", "李某某已送医。", "李某某，45岁，家住三号楼。", NULL},
        {"another surname", "伤者李某某，45岁。", "王某某家住三号楼。", NULL},
        {"a masked number and its end", "机主138****5678，45岁", "尾号5678的机主家住三号楼",
                "号码尾数"},
        {"a number plate", "津A12345司机，45岁", "津A12345车主家住三号楼", "车牌"},
        {"one id in both", "身份证110101199003077715", "证件110101199003077715", "证件号"},
        {"two halves of a place", "纬度38.9001度", "经度117.7001度", "受保护场所"},
        {"the same half twice", "纬度38.9001度", "纬度38.9002度", NULL},
        {"close by, twice", "38.9100,117.7000", "38.9000,117.7130", "受保护场所"},
        {"nothing there", "", "李某某，45岁", NULL},
};

static void traces_of(struct screening *s, const char *text, const char *key, const char *id,
        struct screen_found *found, struct screen_traces *out)
{
	struct screen_traces own = {0};

	screen_text("/alert/info[1]/description", text, &s->rules, found);
	screen_traces_of(found, key, &own);
	for (size_t i = 0; i < own.count; i++)
		screen_traces_add(
		        out, id, own.items[i].kind, own.items[i].subject, own.items[i].digest);
	screen_traces_finish(&own);
}

static const char *said_together(const struct screen_found *found)
{
	for (size_t i = 0; i < found->hit_count; i++)
		if (strcmp(found->hits[i].rule, "screen.together") == 0)
			return found->hits[i].zh;
	return NULL;
}

static void tells_what_is_told_together(void **state)
{
	struct screening s;

	(void)state;
	screening_start(&s);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct screen_found earlier = {0};
		struct screen_found here = {0};
		struct screen_traces others = {0};
		struct screen_traces own = {0};
		traces_of(&s, cases[i].earlier, "key", "b7", &earlier, &others);
		traces_of(&s, cases[i].here, "key", NULL, &here, &own);
		screen_aggregate(&here, &own, &others);
		const char *said = said_together(&here);
		if (!said != !cases[i].word ||
		        (said && (!strstr(said, cases[i].word) || !strstr(said, "b7"))))
			fail_msg("%s: %s", cases[i].name, said ? said : "no hit");
		screen_traces_finish(&others);
		screen_traces_finish(&own);
		screen_found_finish(&earlier);
		screen_found_finish(&here);
	}
	screening_end(&s);
}

/* Digests of another house's key meet nothing. */
static void another_key_meets_nothing(void **state)
{
	struct screening s;
	struct screen_found earlier = {0};
	struct screen_found here = {0};
	struct screen_traces others = {0};
	struct screen_traces own = {0};

	(void)state;
	screening_start(&s);
	traces_of(&s, cases[0].earlier, "one", "b7", &earlier, &others);
	traces_of(&s, cases[0].here, "another", NULL, &here, &own);
	screen_aggregate(&here, &own, &others);
	assert_null(said_together(&here));
	screen_traces_finish(&others);
	screen_traces_finish(&own);
	screen_found_finish(&earlier);
	screen_found_finish(&here);
	screening_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_what_is_told_together),
	        cmocka_unit_test(another_key_meets_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
