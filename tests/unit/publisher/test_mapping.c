/* SPDX-License-Identifier: Apache-2.0
 * test_mapping - JSON of others as CAP: what becomes of each member, what is said of what is not
 * there, and that no area, reference or word is made up. The samples are our own; those of the
 * corpus are read too, where it is.
 */
#include "ingest_fixture.h"

#include "cap_io.h"
#include "draft_national.h"
#include "mapping.h"
#include "national.h"
#include "when.h"
#include "source_tree.h"

static struct catalog *catalog;

/* The record knows one message. */
static enum cap_standing one_known(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	(void)record;
	if (strcmp(reference->sender, "qweather.com") != 0 ||
	        strcmp(reference->identifier, "202607010800000002") != 0)
		return CAP_STANDING_UNKNOWN;
	when_read("2026-07-01T08:00:00+08:00", &sent->ms, NULL);
	return CAP_STANDING_IN_FORCE;
}

static bool read_as(const char *mapping, const char *text, struct cap_messages *out)
{
	struct national_help help = {
	        .event = draft_national_event, .events = catalog, .known = one_known};
	struct cap_manner manner = {.lenient = true, .national = &help};

	return mapping_read(mapping_find(mapping), text, strlen(text), &manner, out);
}

static char *mapping_sample(const char *name)
{
	char *path = mem_format("tests/data/mapping/%s.json", name);
	char *text = source_text(path);

	free(path);
	return text;
}

static void read_sample(const char *name, struct cap_messages *out)
{
	char *text = mapping_sample(name);

	assert_true(read_as(name, text, out));
	free(text);
}

/* "rule path" of one of them. */
static bool said(const struct cap_message *message, const char *rule, const char *path)
{
	for (size_t i = 0; i < message->problems.count; i++)
		if (strcmp(message->problems.items[i].rule, rule) == 0 &&
		        strcmp(message->problems.items[i].path, path) == 0)
			return true;
	return false;
}

static void expect_said(const struct cap_message *message, const char *rule, const char *path)
{
	if (said(message, rule, path))
		return;
	for (size_t i = 0; i < message->problems.count; i++)
		print_message("%s %s: %s\n", message->problems.items[i].rule,
		        message->problems.items[i].path, message->problems.items[i].en);
	fail_msg("not said: %s %s", rule, path);
}

/* What was made of it is CAP by our strictest reading, and keeps the standard's rules. */
static void expect_cap(const struct cap_message *message)
{
	struct cap_problems problems = {0};
	struct buf out;

	assert_non_null(message->alert);
	assert_false(message->has_signature);
	buf_init(&out, 0);
	cap_write(message->alert, &out);
	struct cap_alert *back = cap_parse(out.data, out.len, CAP_LIMIT_API, &problems);

	if (!back || problems.errors)
		fail_msg("%s: %s", problems.items[0].path, problems.items[0].en);
	cap_check(message->alert, &problems);
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].level == CAP_PROBLEM_ERROR)
			fail_msg("%s: %s", problems.items[i].rule, problems.items[i].en);
	cap_alert_destroy(&back);
	cap_problems_finish(&problems);
	buf_finish(&out);
}

static void nws(void **state)
{
	struct cap_messages messages;

	(void)state;
	read_sample("nws", &messages);
	assert_int_equal(messages.count, 3);
	const struct cap_message *first = &messages.items[0];
	const struct cap_alert *alert = first->alert;
	const struct cap_info *info = alert->infos;

	expect_cap(first);
	assert_string_equal(first->place, "/features/0");
	assert_true(strstr(first->document, "\"areaDesc\":\"Linn; Jones\"") != NULL);
	assert_int_equal(alert->msg_type, CAP_UPDATE);
	assert_string_equal(alert->references,
	        "w@weather.example,urn:oid:2.49.0.1.840.0.0,2026-07-01T08:00:00-05:00");
	assert_string_equal(info->headline, "Flood Warning for Linn & Jones");
	assert_string_equal(info->description, "Water <rises>.\nStay away.");
	assert_null(info->instruction);
	assert_null(info->language);
	assert_int_equal(info->responses[0], CAP_AVOID);
	assert_int_equal(info->parameters.count, 3);
	assert_string_equal(info->parameters.items[2].value, "CMAS");
	assert_string_equal(info->areas[0].desc, "Linn; Jones");
	assert_string_equal(
	        info->areas[0].polygons[0].text, "42,-91.5 42,-91.25 42.1234567,-91.25 42,-91.5");
	assert_int_equal(info->areas[0].geocodes.count, 3);
	assert_true(first->certain);
	expect_said(first, "read.json", "/features/0");
	expect_said(first, "convert.supplied", "/features/0/scope");
	expect_said(first, "convert.lost", "/features/0");

	/* A hole makes the whole shape go; and a name alone is no area. */
	expect_cap(&messages.items[1]);
	assert_int_equal(messages.items[1].alert->infos[0].area_count, 0);
	expect_said(&messages.items[1], "convert.area", "/features/1/properties/areaDesc");
	expect_said(&messages.items[1], "convert.area", "/features/1/geometry");
	/* What lacks what CAP needs is refused by itself. */
	assert_null(messages.items[2].alert);
	expect_said(&messages.items[2], "schema.missing", "/features/2/alert/sent");
	cap_messages_finish(&messages);
}

static void qweather(void **state)
{
	struct cap_messages messages;

	(void)state;
	read_sample("qweather-alert", &messages);
	assert_int_equal(messages.count, 2);
	const struct cap_message *first = &messages.items[0];
	const struct cap_info *info = first->alert->infos;

	expect_cap(first);
	/* What it updates never came. */
	assert_int_equal(first->alert->msg_type, CAP_ALERT);
	assert_null(first->alert->references);
	expect_said(first, "convert.changed", "/alerts/0/messageType/code");
	assert_string_equal(first->alert->sender, "qweather.com");
	assert_string_equal(info->sender_name, "滨海新区气象台");
	assert_string_equal(info->language, "zh-CN");
	assert_string_equal(info->event, "暴雨");
	assert_string_equal(cap_pairs_find(&info->event_codes, "GB/T 35561"), "11B03");
	assert_string_equal(cap_pairs_find(&info->event_codes, "QWeather"), "1003");
	assert_string_equal(cap_pairs_find(&info->parameters, "colour"), "Orange");
	assert_int_equal(info->severity, CAP_SEVERE);
	assert_int_equal(info->urgency, CAP_URGENCY_UNKNOWN);
	assert_int_equal(info->response_count, 2);
	/* Of the area it says nothing, so nothing is said. */
	assert_int_equal(info->area_count, 0);
	expect_said(first, "convert.area", "/alerts/0");
	expect_said(first, "read.time.clock", "/alerts/0/alert/sent");
	expect_said(first, "convert.lost", "/alerts/0");

	/* What it lifts is in the record. */
	expect_cap(&messages.items[1]);
	assert_int_equal(messages.items[1].alert->msg_type, CAP_CANCEL);
	assert_string_equal(messages.items[1].alert->references,
	        "qweather.com,202607010800000002,2026-07-01T08:00:00+08:00");
	cap_messages_finish(&messages);

	read_sample("qweather-warning", &messages);
	expect_cap(&messages.items[0]);
	assert_int_equal(messages.items[0].alert->msg_type, CAP_ALERT);
	assert_int_equal(messages.items[0].alert->infos[0].severity, CAP_SEVERE);
	cap_messages_finish(&messages);
}

/* By lists of members alone: no real message was to be had. */
static void cma_and_nmc(void **state)
{
	struct cap_messages messages;

	(void)state;
	read_sample("cma-map", &messages);
	assert_string_equal(messages.items[0].place, "/data/0");
	expect_cap(&messages.items[0]);
	assert_int_equal(messages.items[0].alert->sent.ms, 1782870600000);
	assert_int_equal(messages.items[0].alert->sent.offset, 480);
	assert_int_equal(messages.items[0].alert->infos[0].area_count, 0);
	expect_said(&messages.items[0], "convert.area", "/data/0/areaName");
	assert_int_equal(messages.items[0].alert->infos[0].severity, CAP_SEVERE);
	expect_said(&messages.items[0], "convert.supplied", "/data/0/effective");
	/* It lifts, and says not what. */
	assert_null(messages.items[1].alert);
	expect_said(&messages.items[1], "convert.reference", "/data/1");
	cap_messages_finish(&messages);

	read_sample("cma-station", &messages);
	assert_string_equal(messages.items[0].place, "/data/alarm/0");
	expect_cap(&messages.items[0]);
	assert_int_equal(messages.items[0].alert->sent.ms, 1782870600000);
	assert_int_equal(messages.items[0].alert->infos[0].severity, CAP_SEVERE);
	assert_int_equal(messages.items[0].alert->infos[0].area_count, 0);
	cap_messages_finish(&messages);

	read_sample("nmc", &messages);
	expect_cap(&messages.items[0]);
	assert_string_equal(messages.items[0].alert->infos[0].event, "暴雨");
	assert_int_equal(messages.items[0].alert->infos[0].severity, CAP_SEVERE);
	expect_cap(&messages.items[1]);
	assert_string_equal(messages.items[1].alert->infos[0].event, "海事部门发布紧急提示");
	assert_int_equal(messages.items[1].alert->infos[0].severity, CAP_SEVERITY_UNKNOWN);
	cap_messages_finish(&messages);
}

static void lists_and_what_is_none(void **state)
{
	static const struct {
		const char *mapping, *text;
		bool good;
	} cases[] = {
	        {"nws", "{\"features\": []}", true},
	        {"qweather-warning", "\xef\xbb\xbf{\"code\": \"200\", \"warning\": []}", true},
	        {"nmc", "{\"data\": {\"page\": {\"list\": []}}}", true},
	        {"nmc", "[]", true},
	        {"nws", "{\"alerts\": []}", false},
	        {"nws", "{\"features\": {}}", false},
	        {"nmc", "{\"a\": [{}], \"b\": [{}]}", false},
	        {"nws", "{\"features\": [}", false},
	        {"nws", "{\"features\": [], \"features\": []}", false},
	        {"nws", "\"features\"", false},
	        {"nws", "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cap_messages messages;

		if (read_as(cases[i].mapping, cases[i].text, &messages) != cases[i].good)
			fail_msg("%s: %s", cases[i].text, cases[i].good ? "refused" : "taken");
		assert_int_equal(messages.count, 0);
		assert_int_equal(messages.problems.errors, !cases[i].good);
		cap_messages_finish(&messages);
	}
	assert_null(mapping_find("nobody"));
	assert_true(mapping_is_json(" \n[", 3));
	assert_false(mapping_is_json("<a/>", 4));
	assert_false(mapping_is_json("", 0));
}

/* Words that are none, and a lift of what is not there, are errors of their message. */
static void nothing_is_made_up(void **state)
{
	static const char *const changes[][4] = {
	        {"qweather-warning", "\"status\": \"active\"", "\"status\": \"odd\"",
	                "schema.word"},
	        {"qweather-warning", "\"severity\": \"Severe\"", "\"severity\": \"9\"",
	                "schema.word"},
	        {"qweather-warning", "T09:50+08:00\", \"title\"", " tomorrow\", \"title\"",
	                "schema.time"},
	        {"qweather-warning", "\"status\": \"active\"", "\"status\": \"cancel\"",
	                "convert.reference"},
	        {"qweather-warning", "\"sender\": ", "\"who\": ", NULL},
	        {"cma-map", "\"effective\": \"2026-07-01 09:50:00\"", "\"effective\": \"\"",
	                "schema.missing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		char *text = mapping_sample(changes[i][0]);
		char *at = strstr(text, changes[i][1]);
		struct cap_messages messages;
		bool found = false;

		assert_non_null(at);
		char *other = mem_format("%.*s%s%s", (int)(at - text), text, changes[i][2],
		        at + strlen(changes[i][1]));
		assert_true(read_as(changes[i][0], other, &messages));
		for (size_t k = 0; changes[i][3] && k < messages.items[0].problems.count; k++)
			found = found || strcmp(messages.items[0].problems.items[k].rule,
			                         changes[i][3]) == 0;
		if (changes[i][3] && (!found || messages.items[0].alert))
			fail_msg("%s: not refused by %s", changes[i][2], changes[i][3]);
		if (!changes[i][3])
			assert_non_null(messages.items[0].alert);
		cap_messages_finish(&messages);
		free(other);
		free(text);
	}
}

/* The NWS's fixtures have "date:now +1 hour" and the like for times: each becomes one moment, and
 * the end another. */
static char *with_times(const char *text)
{
	static const char mark[] = "\"date:";
	struct buf out;

	buf_init(&out, 0);
	for (const char *at; (at = strstr(text, mark)) != NULL; text = strchr(at + 1, '"') + 1) {
		buf_add(&out, text, (size_t)(at - text));
		buf_format(&out, "\"20%s-07-01T10:00:00-05:00\"",
		        at - text > 11 && strncmp(at - 11, "\"expires\": ", 11) == 0 ? "30" : "26");
	}
	buf_text(&out, text);
	return buf_take(&out);
}

/* Real ones: how many items; each becomes a message. */
static const struct {
	const char *file, *mapping;
	size_t items;
} corpus[] = {
        {"cn-qweather/dev-site__6619203__getWeatherAlertCurrent-zh.json", "qweather-alert", 1},
        {"cn-qweather/dev-site__e7b1ef6__getWeatherAlertCurrent-en.json", "qweather-alert", 1},
        {"cn-qweather/dev-site__92e2aae__getWarningNow-zh.json", "qweather-warning", 1},
        {"cn-qweather/dev-site__d4aa242__getWarningNow-en.json", "qweather-warning", 1},
        {"us-nws-geojson/weather.gov__16c6ac4__alerts_active_status_actual_point_20_20.json", "nws",
                1},
        {"us-nws-geojson/weather.gov__187b194__load_testing_ioc_alerts_active_status_actual.json",
                "nws", 8},
        {"us-nws-geojson/weather.gov__38d9b4d__testing_alerts_active_status_actual.json", "nws",
                38},
        {"us-nws-geojson/"
         "weather.gov__406c605__CedarRapids_TornadoFlood_alerts_active_status_actual_area_IA.json",
                "nws", 48},
        {"us-nws-geojson/weather.gov__6055c50__e2e_alerts_active_status_actual.json", "nws", 152},
        {"us-nws-geojson/weather.gov__785e0fa__e2e_alerts_active_status_actual_area_AZ.json", "nws",
                0},
        {"us-nws-geojson/weather.gov__940818e__alerts_active_status_actual_point_10_10.json", "nws",
                10},
        {"us-nws-geojson/weather.gov__b0f2af2__e2e_alerts_active_status_actual_area_CO.json", "nws",
                11},
        {"us-nws-geojson/weather.gov__df29636__e2e_alerts_active_status_actual_area_HI.json", "nws",
                1},
};

static void messages_of_the_corpus(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof corpus / sizeof *corpus; i++) {
		const char *shared = getenv("TOCSIN_SHARED");
		char *path = mem_format("%s/corpus/json/%s", shared ? shared : "", corpus[i].file);
		FILE *file = fopen(path, "re");
		struct cap_messages messages;
		struct buf text;
		size_t good = 0;

		buf_init(&text, 0);
		if (!file || !buf_read(&text, file)) {
			print_message("SKIPPED: no %s below $TOCSIN_SHARED\n", corpus[i].file);
		} else {
			char *timed = with_times(text.data);
			assert_true(read_as(corpus[i].mapping, timed, &messages));
			free(timed);
			for (size_t k = 0; k < messages.count; k++) {
				good += messages.items[k].alert != NULL;
				if (messages.items[k].alert)
					expect_cap(&messages.items[k]);
			}
			if (messages.count != corpus[i].items || good != messages.count)
				fail_msg("%s: %zu of %zu", corpus[i].file, good, messages.count);
			cap_messages_finish(&messages);
		}
		if (file)
			fclose(file);
		buf_finish(&text);
		free(path);
	}
}

static int open_catalog(void **state)
{
	(void)state;
	catalog = fixture_catalog();
	return 0;
}

static int close_catalog(void **state)
{
	(void)state;
	catalog_destroy(&catalog);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nws),
	        cmocka_unit_test(qweather),
	        cmocka_unit_test(cma_and_nmc),
	        cmocka_unit_test(lists_and_what_is_none),
	        cmocka_unit_test(nothing_is_made_up),
	        cmocka_unit_test(messages_of_the_corpus),
	};

	return cmocka_run_group_tests_name("mapping", tests, open_catalog, close_catalog);
}
