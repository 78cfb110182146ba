/* SPDX-License-Identifier: Apache-2.0
 * test_plain_text - the phrase table, and the texts put together from it: there is a sentence for
 * everything, the order holds, nothing is cut but at the ends of sentences, and place, time, level
 * and issuer stay.
 */
#include <unistd.h>

#include "ingest_fixture.h"

#include "phrases.h"
#include "plain_text.h"
#include "utf8.h"
#include "source_tree.h"

static struct phrases *own_phrases(void)
{
	char *folder = source_path("publisher/data");
	struct err err = {0};
	struct phrases *phrases = phrases_read(folder, &err);

	if (!phrases)
		fail_msg("%s", err.en);
	free(folder);
	return phrases;
}

/* --- the table -----------------------------------------------------------------------------------
 */

static void every_question_has_an_answer(void **state)
{
	static const char *const languages[] = {"zh-CN", "en", "EN"};
	static const char *const actions[] = {
	        "", "Shelter", "Evacuate", "Prepare", "Monitor", "AllClear", "Correction", "None"};
	struct catalog *catalog = fixture_catalog();
	struct phrases *phrases = own_phrases();
	size_t own = 0;

	(void)state;
	for (size_t l = 0; l < 3; l++)
		for (size_t h = 0; h < catalog->hazard_count; h++)
			for (int level = 0; level < LEVEL_COUNT; level++)
				for (size_t a = 0; a < sizeof actions / sizeof *actions; a++) {
					struct phrase_key key = {languages[l], PHRASE_ACT,
					        catalog->hazards[h].code, (enum level)level,
					        actions[a]};
					struct phrase found;

					assert_true(phrases_find(phrases, &key, &found));
					assert_true(found.text[0] && !strpbrk(found.text, "{}"));
					own += !found.general;
				}
	assert_true(own > 1000);
	assert_false(phrases_speak(phrases, "fr"));
	phrases_destroy(&phrases);
	catalog_destroy(&catalog);
}

static void the_nearest_row_holds(void **state)
{
	static const struct {
		const char *hazard, *action, *part;
		enum level level;
		bool general;
	} cases[] = {
	        {"11B03", "", "Stay indoors", LEVEL_RED, false},
	        {"11B03", "Prepare", "Make no trips", LEVEL_BLUE, false},
	        {"11B03", "Evacuate", "Leave the danger area at once. Follow the people", LEVEL_RED,
	                true},
	        {"11B03", "AllClear", "The danger is over", LEVEL_RED, true},
	        {"12G03", "", "Leave the fire", LEVEL_NONE, false}, /* by its class */
	        {"11C02", "", "Leave the danger area at once. Follow local", LEVEL_RED, true},
	        {"11C02", "", "Take care", LEVEL_YELLOW, true},
	        {"", "", "Take care", LEVEL_NONE, true},
	};
	struct phrases *phrases = own_phrases();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct phrase_key key = {
		        "en", PHRASE_ACT, cases[i].hazard, cases[i].level, cases[i].action};
		struct phrase found;

		assert_true(phrases_find(phrases, &key, &found));
		if (strncmp(found.text, cases[i].part, strlen(cases[i].part)) != 0 ||
		        found.general != cases[i].general)
			fail_msg("%s %s: %s", cases[i].hazard, cases[i].action, found.text);
	}
	phrases_destroy(&phrases);
}

/* The codes of our own table are in the table of event types. */
static void codes_are_known(void **state)
{
	char *text = source_text("publisher/data/phrases.csv");
	struct catalog *catalog = fixture_catalog();
	size_t count = 0;

	(void)state;
	for (const char *p = text; *p; p++) {
		char code[6] = "";
		bool starts = p != text && (p[-1] == ',' || p[-1] == ' ');

		if (!starts || strspn(p, "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") != 5)
			continue;
		memcpy(code, p, 5);
		if (!hazard_code_shaped(code))
			continue;
		count++;
		if (!catalog_hazard(catalog, code))
			fail_msg("no event type %s", code);
	}
	assert_true(count > 100);
	free(text);
	catalog_destroy(&catalog);
}

/* One language, general rows only. */
static const char *const whole[] = {"x,act,*,*,*,-,Do it.", "x,where,*,*,*,-,At {areas}.",
        "x,within,*,*,*,-,part of {area}", "x,until,*,*,*,-,Until {until}.",
        "x,open,*,*,*,-,Until lifted.", "x,what,*,*,*,2026-11-23,{hazard} {level} {grade}.",
        "x,what,*,none,*,-,{hazard}.", "x,event,*,*,*,-,Event", "x,level,*,*,*,-,level",
        "x,grade,*,*,*,-,grade", "x,issuer,*,*,*,-,{issuer} {sent}.",
        "x,number,*,*,*,-,Call {number}.", "x,call,*,*,*,-,Call 110.",
        "x,drill,*,*,exercise,-,Drill.", "x,drill,*,*,test,-,Test.",
        "x,original,*,*,*,-,As issued:"};
enum { WHOLE = sizeof whole / sizeof *whole };

/* The table with row `without` left out and `more` added; the sentence it is refused with, or "".
 */
static char *refusal(size_t without, const char *more)
{
	char folder[] = "/tmp/tocsin-phrases-XXXXXX";
	struct err err = {0};

	assert_non_null(mkdtemp(folder));
	char *path = mem_format("%s/phrases.csv", folder);
	FILE *file = fopen(path, "wb");

	fputs("language,part,hazard,level,action,approved,text\n", file);
	for (size_t i = 0; i < WHOLE; i++)
		if (i != without)
			fprintf(file, "%s\n", whole[i]);
	fprintf(file, "%s\n", more);
	fclose(file);
	struct phrases *phrases = phrases_read(folder, &err);
	char *said = mem_text(phrases ? "" : err.en);

	phrases_destroy(&phrases);
	unlink(path);
	rmdir(folder);
	free(path);
	return said;
}

static void a_table_with_holes_is_refused(void **state)
{
	static const struct {
		const char *row, *part;
	} cases[] = {
	        {"", ""},
	        {"x,act,11B03 11B38,red I,Evacuate,2026-11-23,Go.", ""},
	        {"x,act,*,*,*,-,Again.", "same as a row"},
	        {"X,act,*,*,*,-,Again.", "same as a row"},
	        {"x,act,11B3,*,*,-,Go.", "list of event codes"},
	        {"x,act,11B03  11B38,*,*,-,Go.", "list of event codes"},
	        {"x,act,*,purple,*,-,Go.", "list of levels"},
	        {"x,act,*,*,Dance,-,Go.", "not an action"},
	        {"x,sing,*,*,*,-,Go.", "not a part"},
	        {"x,act,11B03,*,*,yesterday,Go.", "day of approval"},
	        {"x,act,11B03,*,*,-,", "empty"},
	        {"x,act,11B03,*,*,-,Go {areas}.", "stands for nothing"},
	        {"x,where,11B03,*,*,-,Here.", "lacks {areas}"},
	        {"x,what,11B03,red,*,-,{hazard}.", "lacks {level}"},
	        {"x,issuer,11B03,*,*,-,{issuer}.", "lacks {sent}"},
	        {"x,act,11B03,*,*,-,a\tb", "control character"},
	        {",act,*,*,*,-,Go.", "no language"},
	        {"y,act,*,*,*,-,Go.", "y has no general sentence of where"},
	        {"x,act,*,*,*", "not 7 fields"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *said = refusal(WHOLE, cases[i].row);

		if (*cases[i].part ? !strstr(said, cases[i].part) : *said)
			fail_msg("%s: %s", cases[i].row, said);
		free(said);
	}
	for (size_t i = 0; i < WHOLE; i++) {
		char *said = refusal(i, "");

		if (!strstr(said, "has no general sentence") && i != 6)
			fail_msg("without %s: \"%s\"", whole[i], said);
		free(said);
	}
}

/* --- texts ---------------------------------------------------------------------------------------
 */

struct scene {
	struct catalog *catalog;
	struct phrases *phrases;
	struct cap_alert *alert;
	struct view view;
};

static void flat(struct scene *s, enum verb verb, enum mode mode)
{
	struct cap_facts facts;

	assert_true(cap_facts_read_draft(s->alert, s->catalog, &facts, NULL));
	flatten(s->alert, &facts, verb, mode, "", "", "", &s->view);
	s->view.sent = FIXTURE_NOW;
	cap_facts_finish(&facts);
}

static void set(struct scene *s)
{
	*s = (struct scene){fixture_catalog(), own_phrases(), fixture_alert(MODE_LIVE), {0}};
	mem_set_text(&s->alert->identifier, "a1");
	s->alert->infos[0].response_count = 0;
	mem_set_text(&s->alert->infos[0].contact, "022-12345678");
	flat(s, VERB_PUBLISH, MODE_LIVE);
}

static void clear(struct scene *s)
{
	view_finish(&s->view);
	cap_alert_destroy(&s->alert);
	phrases_destroy(&s->phrases);
	catalog_destroy(&s->catalog);
}

/* The text, or NULL. */
static char *said(struct scene *s, const char *language, size_t limit, struct text_fit *fit,
        struct cap_problems *notes)
{
	struct plain_message message = {s->alert, &s->view, s->catalog, s->phrases};
	struct cap_problems unused = {0};
	struct buf out;

	buf_init(&out, 0);
	bool ok = plain_text(&message, language, limit, &out, fit, notes ? notes : &unused, NULL);

	cap_problems_finish(&unused);
	if (ok)
		return buf_take(&out);
	assert_int_equal(out.len, 0);
	buf_finish(&out);
	return NULL;
}

/* Each stands behind the one before. */
static void expect_order(const char *text, const char *const *parts)
{
	const char *at = text;

	for (; *parts; parts++) {
		const char *found = strstr(at, *parts);

		if (!found)
			fail_msg("\"%s\" is not there, or not in its place:\n%s", *parts, text);
		at = found + strlen(*parts);
	}
}

static void the_order_is_that_of_need(void **state)
{
	static const char *const chinese[] = {"待在安全的室内", "地点：西青区、静海区。",
	        "有效至2026年", "暴雨橙色预警（四级中第二高的一级）。",
	        "天津市气象台2026年07月01日10时00分发布。", "咨询电话：022-12345678。", "110",
	        "发布原文：", NULL};
	static const char *const english[] = {"Stay indoors",
	        "Where: Xiqing District, Jinghai District.", "In force until 2026-07-0",
	        "Rainstorm: orange warning, the second highest",
	        "Issued by 天津市气象台, 2026-07-01 10:00 (Beijing time).", "022-12345678", "110",
	        "Text as issued:", NULL};
	struct cap_problems notes = {0};
	struct scene s;

	(void)state;
	set(&s);
	char *zh = said(&s, "zh-CN", 0, NULL, NULL);
	char *en = said(&s, "en", 0, NULL, &notes);

	expect_order(zh, chinese);
	expect_order(en, english);
	const char *original = strstr(zh, "发布原文：\n") + strlen("发布原文：\n");
	const char *issued = s.alert->infos[0].description;

	assert_int_equal(strncmp(original, issued, strlen(issued)), 0);
	expect_problem("english", &notes, "plain.issuer", "no name");
	expect_problem("english", &notes, "plain.unapproved", "not approved");
	assert_int_equal(problem_count(&notes, "plain.general"), 0);
	free(zh);
	free(en);
	cap_problems_finish(&notes);
	clear(&s);
}

/* Whatever the limit: whole characters, whole sentences, and the four things, or nothing at all. */
static void it_is_cut_at_sentence_ends_only(void **state)
{
	static const char *const languages[] = {"zh-CN", "en"};
	static const char *const kept[][4] = {{"地点：西青区、静海区。", "有效至", "暴雨橙色预警",
	                                              "天津市气象台2026年07月01日10时00分"},
	        {"Xiqing District, Jinghai District.", "In force until", "orange warning",
	                "Issued by 天津市气象台, 2026-07-01 10:00"}};
	struct scene s;

	(void)state;
	set(&s);
	for (size_t l = 0; l < 2; l++) {
		char *full = said(&s, languages[l], 0, NULL, NULL);
		size_t whole_count = utf8_count(full);
		size_t first = 0;

		for (size_t limit = 1; limit <= whole_count + 1; limit++) {
			struct text_fit fit = {0};
			char *text = said(&s, languages[l], limit, &fit, NULL);

			assert_true(text || !first);
			if (!text)
				continue;
			first = first ? first : limit;
			assert_true(utf8_valid(text, strlen(text), NULL));
			assert_true(utf8_count(text) <= limit);
			assert_int_equal(fit.shortened, strcmp(text, full) != 0);
			for (size_t k = 0; k < 4; k++)
				assert_non_null(strstr(text, kept[l][k]));
			char *act = mem_text_n(text, strcspn(text, "\n"));

			assert_true(strncmp(full, act, strlen(act)) == 0);
			assert_true(act[strlen(act) - 1] == '.' ||
			            strcmp(act + strlen(act) - 3, "。") == 0);
			const char *below = strstr(full, "\n\n");

			/* What was issued is there to the letter, or not at all. */
			assert_true(
			        !strstr(text, "\n\n") || strcmp(strstr(text, "\n\n"), below) == 0);
			free(act);
			free(text);
		}
		assert_true(first > 20 && first < whole_count);
		free(full);
	}
	clear(&s);
}

static void what_is_over_says_so(void **state)
{
	struct scene s;

	(void)state;
	set(&s);
	s.alert->msg_type = CAP_CANCEL;
	flat(&s, VERB_CANCEL, MODE_LIVE);
	char *lifted = said(&s, "en", 0, NULL, NULL);

	assert_non_null(strstr(lifted, "The danger is over."));
	assert_non_null(strstr(lifted, "Over: Rainstorm, orange warning."));
	assert_null(strstr(lifted, "In force"));
	cap_pairs_add(&s.alert->infos[0].parameters, "correction", "wrong-area");
	char *wrong = said(&s, "zh-CN", 0, NULL, NULL);

	assert_non_null(strstr(wrong, "此前的信息有误"));
	assert_non_null(strstr(wrong, "更正：此前的暴雨橙色预警有误。"));
	free(lifted);
	free(wrong);
	clear(&s);
}

/* Every drill says so first, however short the text must be. */
static void a_drill_says_so(void **state)
{
	static const char *const heads[] = {"EXERCISE. This is a drill", "TEST. This is a test"};
	struct scene s;

	(void)state;
	for (int i = 0; i < 2; i++) {
		set(&s);
		flat(&s, VERB_PUBLISH, i ? MODE_TEST : MODE_EXERCISE);
		for (size_t limit = 230; limit < 600; limit += 37) {
			char *text = said(&s, "en", limit, NULL, NULL);

			assert_true(!text || strncmp(text, heads[i], strlen(heads[i])) == 0);
			assert_true(text || limit < 300);
			free(text);
		}
		clear(&s);
	}
}

static void what_cannot_be_said_is_named(void **state)
{
	struct cap_problems notes = {0};
	struct scene s;

	(void)state;
	set(&s);
	struct cap_info *info = &s.alert->infos[0];

	mem_set_text(&info->areas[0].desc, "子牙河沿岸\n{until}");
	mem_set_text(&info->contact, "ask the duty officer on 022-1");
	mem_set_text(&info->event, "泄漏");
	for (size_t i = 0; i < info->event_codes.count; i++)
		mem_set_text(&info->event_codes.items[i].value, "1ZZZZ");
	flat(&s, VERB_PUBLISH, MODE_LIVE);
	char *text = said(&s, "en", 0, NULL, &notes);

	expect_problem("all", &notes, "plain.place", "stands as it was written");
	expect_problem("all", &notes, "plain.number", "more than a number");
	expect_problem("all", &notes, "plain.hazard", "not known");
	expect_problem("all", &notes, "plain.general", "the general one stands");
	assert_non_null(strstr(text, "Where: 子牙河沿岸 {until} (parts of Xiqing District), "
	                             "Jinghai District."));
	assert_non_null(strstr(text, "Emergency: orange warning"));
	assert_null(strstr(text, "duty officer"));
	assert_null(said(&s, "fr", 0, NULL, NULL));
	view_finish(&s.view);
	view_init(&s.view);
	assert_null(said(&s, "en", 0, NULL, NULL)); /* no place, no issuer */
	free(text);
	cap_problems_finish(&notes);
	clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_question_has_an_answer),
	        cmocka_unit_test(the_nearest_row_holds),
	        cmocka_unit_test(codes_are_known),
	        cmocka_unit_test(a_table_with_holes_is_refused),
	        cmocka_unit_test(the_order_is_that_of_need),
	        cmocka_unit_test(it_is_cut_at_sentence_ends_only),
	        cmocka_unit_test(what_is_over_says_so),
	        cmocka_unit_test(a_drill_says_so),
	        cmocka_unit_test(what_cannot_be_said_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
