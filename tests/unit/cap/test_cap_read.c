/* SPDX-License-Identifier: Apache-2.0
 * Reading as the world writes: each liberty is refused strictly, taken leniently, and noted at its
 * place; what would be a guess is refused in both. And the older versions, by their own schemas.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "cap_read.h"

static const struct cap_manner strict = {0};
static const struct cap_manner lenient = {.lenient = true};
static const struct cap_manner zoned = {.lenient = true, .zone = "+08:00"};

static void read_text(const char *text, const struct cap_manner *manner, struct cap_messages *out)
{
	cap_read(text, strlen(text), manner, out);
}

static bool good(const struct cap_messages *messages)
{
	return messages->count == 1 && messages->items[0].alert &&
	       messages->items[0].problems.errors == 0 && messages->problems.errors == 0;
}

static void show(const struct cap_messages *messages)
{
	print_problems(&messages->problems);
	for (size_t i = 0; i < messages->count; i++)
		print_problems(&messages->items[i].problems);
}

static const struct cap_problem *note_of(const struct cap_problems *problems, const char *rule)
{
	for (size_t i = 0; i < problems->count; i++) {
		if (strcmp(problems->items[i].rule, rule) == 0 &&
		        problems->items[i].level == CAP_PROBLEM_NOTE)
			return &problems->items[i];
	}
	return NULL;
}

#define SENT "<sent>2026-07-15T09:30:00+08:00</sent>"
#define POLYGON                                                                                    \
	"<polygon>38.70,117.30 38.70,117.85 39.20,117.85 39.20,117.30 38.70,117.30</polygon>"
#define CERTAINTY "<certainty>Likely</certainty>"
#define LANGUAGE "<language>zh-CN</language>"

/* One change to a good message; the note it leaves; whether strict reading refuses it; whether a
 * shape is in doubt; what is then written for it. */
struct liberty {
	const char *from, *to, *rule;
	bool refused, doubtful;
	const char *written;
};

static const struct liberty liberties[] = {
        /* clang-format off: a liberty is a row */
        {SENT, "<sent>2026-07-15T01:30:00Z</sent>", "read.time.zulu", true, false,
                "<sent>2026-07-15T01:30:00-00:00</sent>"},
        {SENT, "<sent>2026-07-15T09:30:00.750+08:00</sent>", "read.time.fraction", true, false,
                SENT},
        {SENT, "<sent>2026-07-15 09:30:00+08:00</sent>", "read.time.blank", true, false, SENT},
        {SENT, "<sent>2026-07-15T09:30+0800</sent>", "read.time.clock", true, false, SENT},
        {SENT, "<sent>2026-07-15t09:30:00 +08</sent>", "read.time.clock", true, false, SENT},
        {SENT, "<sent><![CDATA[2026-07-15T09:30:00+08:00]]></sent>", "read.cdata", true, false,
                SENT},
        {"<expires>2026-07-15T21:30:00+08:00</expires>", "<expires/>", "read.empty", true, false,
                "</effective>\n    <onset>"},
        {"<expires>2026-07-15T21:30:00+08:00</expires>", "<expires> </expires>", "read.empty", true,
                false, NULL},
        {"<scope>Public</scope>", "<scope>Public</scope><restriction/>", "read.empty", false, false,
                "</scope>\n  <incidents>"},
        {"<scope>Public</scope>", "<scope>Public</scope><code/>", "read.empty", false, false,
                "</scope>\n  <incidents>"},
        {"<web>https://example.org/warnings/rainstorm</web>", "<web/>", "read.empty", false, false,
                NULL},
        {LANGUAGE, "<language/>", "read.empty", false, false, "<info>\n    <category>"},
        {CERTAINTY, CERTAINTY "<eventCode/>", "read.empty", true, false, NULL},
        {CERTAINTY, CERTAINTY "<eventCode><valueName>SAME</valueName><value/></eventCode>",
                "read.empty", false, false, NULL},
        {"<responseType>Shelter</responseType>", "<responseType/>", "read.empty", true, false,
                NULL},
        {"    <area>", "<resource/>    <area>", "read.empty", true, false, NULL},
        {CERTAINTY, "<certainty>Very Likely</certainty>", "read.word", true, false, CERTAINTY},
        {CERTAINTY, "<certainty> likely </certainty>", "read.word", true, false, CERTAINTY},
        {"<status>Actual</status>", "<status>ACTUAL</status>", "read.word", true, false,
                "<status>Actual</status>"},
        {"<responseType>Shelter</responseType>", "<responseType>All Clear</responseType>",
                "read.word", true, false, "<responseType>AllClear</responseType>"},
        {LANGUAGE, "<language>zh_CN</language>", "read.language", true, false, LANGUAGE},
        {"<status>Actual</status>\n  <msgType>Alert</msgType>",
                "<msgType>Alert</msgType><status>Actual</status>", "read.order", true, false,
                "<status>Actual</status>\n  <msgType>Alert</msgType>"},
        {"<status>Actual</status>", "<status>Actual</status><level xmlns=\"urn:x\">3<b/></level>",
                "read.unknown", true, false, NULL},
        {"<status>Actual</status>", "<status xml:lang=\"zh\">Actual</status>", "read.attribute",
                true, false, "<status>Actual</status>"},
        {"<status>Actual</status>", "<status>Actual</status>,", "read.text", true, false, NULL},
        {"<status>Actual</status>", "<status xmlns=\"\">Actual</status>", "read.namespace", true,
                false, "<status>Actual</status>"},
        {"    <area>",
                "<resource><resourceDesc>a</resourceDesc><mimeType>b/c</mimeType><size>2 "
                "KB</size></resource><area>",
                "read.size", true, false, "<mimeType>b/c</mimeType>\n    </resource>"},
        {POLYGON, "<polygon>38.70,117.30 38.70,117.85 39.20,117.85 39.20,117.30</polygon>",
                "read.polygon.open", true, true,
                "<polygon>38.70,117.30 38.70,117.85 39.20,117.85 39.20,117.30</polygon>"},
        {POLYGON, "<polygon>38.70,117.30 38.70,117.85 39.20,117.85</polygon>", "read.polygon.open",
                true, true, NULL},
        {POLYGON, "<polygon>117.30,38.70 117.85,38.70 117.85,39.20 117.30,38.70</polygon>",
                "read.shape.reversed", true, true,
                "<polygon>117.30,38.70 117.85,38.70 117.85,39.20 117.30,38.70</polygon>"},
        {POLYGON, "<polygon>[38.70,117.30 38.70,117.85 39.20,117.85 38.70,117.30]</polygon>",
                "read.shape.marks", true, true, NULL},
        {POLYGON,
                "<polygon>((38.70,117.30) (38.70,117.85) (39.20,117.85) (38.70,117.30))</polygon>",
                "read.shape.marks", true, true, NULL},
        {POLYGON, "<polygon>38.70, 117.30 38.70, 117.85 39.20, 117.85 38.70, 117.30</polygon>",
                "read.shape.marks", true, true, NULL},
        {POLYGON, "<polygon>38.70,117.30;38.70,117.85;39.20,117.85;38.70,117.30</polygon>",
                "read.shape.marks", true, true, NULL},
        {POLYGON, "<polygon>+38.70,+117.30 38.70,117.85 39.20,117.85 38.70,117.30</polygon>",
                "read.shape.marks", true, true, NULL},
        {POLYGON, "<polygon>-21,-179 -21,-181 -22,-181 -21,-179</polygon>", "read.shape.round",
                true, true, NULL},
        {POLYGON, POLYGON "<circle>117.5,39.0 10</circle>", "read.shape.reversed", true, true,
                "<circle>117.5,39.0 10</circle>"},
        {POLYGON, POLYGON "<circle>39.0,117.5,10</circle>", "read.shape.marks", true, true, NULL},
        /* clang-format on */
};

static void take(const struct liberty *row, const char *sample)
{
	char *text = text_replace(sample, row->from, row->to);
	struct cap_messages loose, tight;
	struct buf out;

	read_text(text, &lenient, &loose);
	read_text(text, &strict, &tight);
	const struct cap_problem *note =
	        loose.count ? note_of(&loose.items[0].problems, row->rule) : NULL;

	if (!good(&loose) || !note || loose.items[0].certain == row->doubtful ||
	        loose.items[0].liberties == 0 || good(&tight) == row->refused) {
		show(&loose);
		show(&tight);
		fail_msg("%s: want %s", row->to, row->rule);
	}
	assert_true(strncmp(note->path, "/alert", 6) == 0 && strstr(note->path, " (line "));
	assert_true(*note->zh && *note->en && tight.items[0].liberties == 0);
	buf_init(&out, 0);
	cap_write(loose.items[0].alert, &out);
	if (row->written && !strstr(out.data, row->written))
		fail_msg("%s: no %s in\n%s", row->to, row->written, out.data);
	buf_finish(&out);
	cap_messages_finish(&loose);
	cap_messages_finish(&tight);
	free(text);
}

static void liberties_are_taken_and_noted(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	struct cap_messages messages;

	read_text(sample, &lenient, &messages);
	assert_true(good(&messages) && messages.items[0].certain);
	assert_int_equal(messages.items[0].liberties, 0);
	assert_int_equal(messages.items[0].problems.count, 0);
	cap_messages_finish(&messages);
	for (size_t i = 0; i < sizeof liberties / sizeof *liberties; i++)
		take(&liberties[i], sample);
	free(sample);
}

/* Refused in both ways: there is more than one reading, or none. */
static const struct {
	const char *from, *to, *rule;
} guesses[] = {
        /* clang-format off: a guess is a row */
        {SENT, "<sent>2026-07-15T09:30:00</sent>", "schema.time"},
        {SENT, "<sent>2026-07-15T09:30:00 CST</sent>", "schema.time"},
        {SENT, "<sent>2026-07-15T09:30:60+08:00</sent>", "schema.time"},
        {SENT, "<sent>15.07.2026 09:30</sent>", "schema.time"}, {SENT, "<sent/>", "schema.time"},
        {SENT, "", "schema.missing"}, {CERTAINTY, "<certainty/>", "schema.word"},
        {CERTAINTY, "<certainty>Probable</certainty>", "schema.word"},
        {CERTAINTY, "<certainty>Li<!-- -->kely</certainty>", "xml.comment"},
        {"<scope>Public</scope>", "", "schema.missing"},
        {"<scope>Public</scope>", "<scope>Public</scope><scope>Private</scope>", "schema.repeat"},
        {"<category>Met</category>", "<category/>", "schema.missing"},
        {LANGUAGE, "<language>中文</language>", "schema.type"},
        {POLYGON, "<polygon>rubbish</polygon>", "area.polygon.form"},
        {POLYGON, "<polygon>38.70,117.30 38.70,117.85</polygon>", "area.polygon.points"},
        {POLYGON, "<polygon>38.70,117.30 38.70,117.85 38.70,117.30</polygon>",
                "area.polygon.points"},
        {POLYGON, "<polygon>117.30,38.70 38.70,117.85 39.20,117.85 117.30,38.70</polygon>",
                "area.polygon.range"},
        {POLYGON, "<polygon>38.70,117.30 38.70,117.85) (39.20,117.85 38.70,117.30</polygon>",
                "area.polygon.form"},
        {POLYGON, "<polygon>(38.70,117.30 38.70,117.85 39.20,117.85) (1,1 1,2 2,2)</polygon>",
                "area.polygon.form"},
        {POLYGON, "<polygon>38.7 117.3 38.7 117.8 39.2 117.8 38.7 117.3</polygon>",
                "area.polygon.form"},
        {POLYGON, "<polygon>38,70,117,30 38,70,117,85 39,20,117,85 38,70,117,30</polygon>",
                "area.polygon.form"},
        {POLYGON, "<circle>39.0,117.5</circle>", "area.circle.form"},
        {POLYGON, "<circle>39.0,117.5 10km</circle>", "area.circle.form"},
        {POLYGON, "<circle>39.0,117.5 50000</circle>", "area.circle.radius"},
        {POLYGON, "<circle>391,117.5 5</circle>", "area.circle.range"},
        /* clang-format on */
};

static void guesses_are_refused(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");

	for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++) {
		char *text = text_replace(sample, guesses[i].from, guesses[i].to);
		struct cap_messages loose, tight;

		read_text(text, &lenient, &loose);
		read_text(text, &strict, &tight);
		if (good(&loose) || good(&tight) ||
		        !has_rule(&loose.items[0].problems, guesses[i].rule)) {
			show(&loose);
			fail_msg("%s: want %s", guesses[i].to, guesses[i].rule);
		}
		cap_messages_finish(&loose);
		cap_messages_finish(&tight);
		free(text);
	}
	free(sample);
}

static void doubtful_points_are_in_order(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	char *text = text_replace(sample, POLYGON,
	        "<polygon>(117.25,38.5 117.85,38.5 117.85,39.25 117.3,39)</polygon>");
	struct cap_messages messages;

	read_text(text, &lenient, &messages);
	assert_true(good(&messages));
	const struct cap_area *area = &messages.items[0].alert->infos[0].areas[0];

	assert_int_equal(area->polygon_count, 1);
	assert_true(area->polygons[0].doubtful);
	assert_int_equal(area->polygons[0].count, 4);
	assert_true(area->polygons[0].points[0].lat == 38.5);
	assert_true(area->polygons[0].points[0].lon == 117.25);
	struct cap_alert *copy = cap_alert_copy(messages.items[0].alert);

	assert_true(copy->infos[0].areas[0].polygons[0].doubtful);
	cap_alert_destroy(&copy);
	cap_messages_finish(&messages);
	read_text(text, &strict, &messages);
	assert_true(messages.items[0].alert->infos[0].areas[0].polygons[0].doubtful);
	cap_messages_finish(&messages);
	free(text);
	free(sample);
}

static void the_zone_set_for_a_source_is_taken(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	char *text = text_replace(sample, SENT, "<sent>2026-07-15 09:30:00</sent>");
	struct cap_messages messages;

	read_text(text, &zoned, &messages);
	assert_true(good(&messages));
	assert_non_null(note_of(&messages.items[0].problems, "read.time.zone"));
	assert_non_null(note_of(&messages.items[0].problems, "read.time.blank"));
	assert_int_equal(messages.items[0].alert->sent.ms, 1784079000000);
	assert_int_equal(messages.items[0].alert->sent.offset, 480);
	cap_messages_finish(&messages);
	read_text(text, &lenient, &messages);
	assert_false(good(&messages));
	assert_non_null(strstr(messages.items[0].problems.items[0].en, "no zone is set"));
	cap_messages_finish(&messages);
	assert_true(cap_zone_known("+08:00") && cap_zone_known("-03:30"));
	assert_false(cap_zone_known("+8") || cap_zone_known("+15:00") || cap_zone_known("Z") ||
	             cap_zone_known(NULL));
	free(text);
	free(sample);
}

/* The times of references follow those of the messages they name. */
static void references_follow(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_update.xml");
	char *text = text_replace(
	        sample, ",2026-07-15T09:30:00+08:00<", ",2026-07-15T01:30:00.5Z\n  a,b,c<");
	struct cap_messages messages;

	read_text(text, &lenient, &messages);
	assert_non_null(note_of(&messages.items[0].problems, "read.references"));
	assert_string_equal(messages.items[0].alert->references,
	        "12000041600000,12000041600000_20260715093000,2026-07-15T01:30:00-00:00 a,b,c");
	cap_messages_finish(&messages);
	read_text(text, &strict, &messages);
	assert_non_null(strstr(messages.items[0].alert->references, "01:30:00.5Z\n  a,b,c"));
	cap_messages_finish(&messages);
	free(text);
	free(sample);
}

static void many_notes_hide_no_error(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	struct cap_messages messages;
	struct buf many;

	buf_init(&many, 0);
	buf_text(&many, "<scope>Public</scope>");
	for (int i = 0; i < 500; i++)
		buf_text(&many, "<code/>");
	char *noisy = text_replace(sample, "<scope>Public</scope>", many.data);
	char *text = text_replace(noisy, CERTAINTY, "<certainty>Perhaps</certainty>");

	read_text(text, &lenient, &messages);
	assert_int_equal(messages.items[0].liberties, 500);
	assert_true(has_rule(&messages.items[0].problems, "schema.word"));
	cap_messages_finish(&messages);
	buf_finish(&many);
	free(noisy);
	free(text);
	free(sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(liberties_are_taken_and_noted),
	        cmocka_unit_test(guesses_are_refused),
	        cmocka_unit_test(doubtful_points_are_in_order),
	        cmocka_unit_test(the_zone_set_for_a_source_is_taken),
	        cmocka_unit_test(references_follow),
	        cmocka_unit_test(many_notes_hide_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
