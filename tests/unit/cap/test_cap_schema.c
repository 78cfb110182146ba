/* SPDX-License-Identifier: Apache-2.0
 * What an XSD validator sees: one change to a good message per row, and the rule that must name it
 * (NULL: the schema has nothing to say). The verdicts were compared with xmllint and OASIS's XSD.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"

struct probe {
	const char *from, *to;
	const char *rule;
};

static const struct probe probes[] = {
        {"<status>Actual</status>", "<status>actual</status>", "schema.word"},
        {"<status>Actual</status>", "<status> Actual</status>", "schema.word"},
        {"<status>Actual</status>", "<status/>", "schema.word"},
        {"<status>Actual</status>", "", "schema.missing"},
        {"<status>Actual</status>", "<status>Actual</status><status>Actual</status>",
                "schema.repeat"},
        {"<msgType>Alert</msgType>", "<msgType>Warning</msgType>", "schema.word"},
        {"<scope>Public</scope>", "", "schema.missing"},
        {"<scope>Public</scope>", "<source>x</source><scope>Public</scope>", NULL},
        {"<scope>Public</scope>", "<scope>Public</scope><source>x</source>", "schema.order"},
        {"<scope>Public</scope>", "<scope>Public</scope><code>1</code><code>2</code>", NULL},
        {"<scope>Public</scope>", "<scope>Public</scope><restriction/><addresses/>", NULL},
        {"<scope>Public</scope>", "<scope>Public</scope><password>x</password>", "schema.unknown"},
        {"<scope>Public</scope>", "<scope>Public<b/></scope>", "schema.child"},
        {"<scope>Public</scope>", "<scope>Public</scope>text", "schema.text"},
        {"<scope>Public</scope>", "<!-- a comment between --><scope>Public</scope>", NULL},
        {"<sender>12000041600000</sender>", "<sender xml:lang=\"zh\">x</sender>",
                "schema.attribute"},
        {"<sender>12000041600000</sender>", "<sender>a b</sender>", NULL},
        {"<sender>12000041600000</sender>", "<sender></sender>", NULL},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>\n 2026-07-15T09:30:00+08:00 </sent>",
                NULL},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:00Z</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:00.0+08:00</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:00</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:00,08:00</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:00+14:30</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:00+14:00</sent>", NULL},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T09:30:60+08:00</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-02-30T09:30:00+08:00</sent>",
                "schema.time"},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent>2026-07-15T24:00:00+08:00</sent>", NULL},
        {"<sent>2026-07-15T09:30:00+08:00</sent>", "<sent/>", "schema.time"},
        {"<language>zh-CN</language>", "<language/>", NULL},
        {"<language>zh-CN</language>", "<language>zh_CN</language>", "schema.type"},
        {"<language>zh-CN</language>", "<language>zh-Hans-CN</language>", NULL},
        {"<language>zh-CN</language>", "<language> zh </language>", NULL},
        {"<language>zh-CN</language>", "<language>123</language>", "schema.type"},
        {"<language>zh-CN</language>", "<language>zh-</language>", "schema.type"},
        {"<language>zh-CN</language>", "<language>chinesezh</language>", "schema.type"},
        {"<category>Met</category>", "<category>Weather</category>", "schema.word"},
        {"<category>Met</category>", "<category>Met</category><category>Safety</category>", NULL},
        {"<category>Met</category>", "", "schema.missing"},
        {"<event>暴雨</event>", "<event></event>", NULL},
        {"<event>暴雨</event>", "", "schema.missing"},
        {"<certainty>Likely</certainty>", "<certainty>Very Likely</certainty>", "schema.word"},
        {"<valueName>GB/T 35561</valueName>", "", "schema.missing"},
        {"<value>11B03</value>", "<value>11B03</value><value>2</value>", "schema.repeat"},
        {"<valueName>kind</valueName>", "<value>x</value><valueName>kind</valueName>",
                "schema.order"},
        {"<expires>2026-07-15T21:30:00+08:00</expires>", "<expires/>", "schema.time"},
        {"<expires>2026-07-15T21:30:00+08:00</expires>", "", NULL},
        {"<web>https://example.org/warnings/rainstorm</web>", "<web>not a uri</web>", NULL},
        {"<web>https://example.org/warnings/rainstorm</web>",
                "<web>https://example.org/预警?a=1</web>", NULL},
        {"<web>https://example.org/warnings/rainstorm</web>", "<web>https://example.org/%zz</web>",
                "schema.type"},
        {"<web>https://example.org/warnings/rainstorm</web>", "<web/>", NULL},
        {"<areaDesc>滨海新区、东丽区</areaDesc>", "", "schema.missing"},
        {"<areaDesc>滨海新区、东丽区</areaDesc>", "<areaDesc>x</areaDesc><circle>rubbish</circle>",
                "schema.order"},
        {"    </area>", "      <altitude>1e3</altitude>\n    </area>", "schema.type"},
        {"    </area>", "      <altitude>.5</altitude><ceiling>+12.</ceiling>\n    </area>", NULL},
        {"    </area>", "      <altitude/>\n    </area>", "schema.type"},
        {"    </area>", "      <x:y xmlns:x=\"urn:x\"/>\n    </area>", "schema.unknown"},
        {"    </area>",
                "      <Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>\n    </area>",
                "schema.unknown"},
        {"    <area>", "<resource><resourceDesc/><mimeType/><size>12</size></resource><area>",
                NULL},
        {"    <area>", "<resource><resourceDesc/><mimeType/><size>1.5</size></resource><area>",
                "schema.type"},
        {"    <area>", "<resource><resourceDesc/><mimeType/><size/></resource><area>",
                "schema.type"},
        {"    <area>", "<resource><resourceDesc/></resource><area>", "schema.missing"},
        {"</alert>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/></alert>", NULL},
        {"</alert>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/><info/></alert>",
                "schema.order"},
        {"  <identifier>", "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/><identifier>",
                "schema.order"},
        {"</alert>", "<extra xmlns=\"urn:x\"/></alert>", "schema.unknown"},
        {"</alert>", "<extra xmlns=\"\"/></alert>", "schema.unknown"},
        {"cap:1.2\">", "cap:1.1\">", "schema.root"},
        {"cap:1.2\">",
                "cap:1.2\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                "xsi:schemaLocation=\"urn:x y\">",
                NULL},
        {"cap:1.2\">", "cap:1.2\" version=\"1.2\">", "schema.attribute"},
};

/* What signatures do not see, or readers split in different ways: an XSD accepts these. */
static const struct probe beyond[] = {
        {"<sender>12000041600000</sender>", "<sender>1200<!-- x -->0041600000</sender>",
                "xml.comment"},
        {"<sender>12000041600000</sender>", "<sender><![CDATA[12000041600000]]></sender>",
                "xml.cdata"},
        {"<event>暴雨</event>", "<event>暴<![CDATA[雨]]></event>", "xml.cdata"},
        {"<event>暴雨</event>", "<event>暴<?x y?>雨</event>", "xml.gate"},
        {"cap:1.2\">", "cap:1.2\" xmlns:.x=\"urn:x\">", "xml.gate"},
        {"cap:1.2\">", "cap:1.2\" xmlns:7=\"urn:x\">", "xml.gate"},
        {"cap:1.2\">", "cap:1.2\" xmlns:\u0301x=\"urn:x\">", "xml.gate"},
        {"cap:1.2\">", "cap:1.2\" xmlns:x=\"urn:x\" x:-y=\"z\">", "xml.gate"},
        {"cap:1.2\">", "cap:1.2\" xmlns:预=\"urn:x\">", NULL},
        {"<event>暴雨</event>", "<event>暴&nbsp;雨</event>", "xml.gate"},
};

static void run(const struct probe *probe, const char *sample)
{
	char *text = text_replace(sample, probe->from, probe->to);
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
	bool good = probe->rule ? has_rule(&problems, probe->rule) : !has_schema_error(&problems);

	if (!good) {
		print_problems(&problems);
		fail_msg("%s: want %s", probe->to, probe->rule ? probe->rule : "no schema error");
	}
	assert_true(alert || problems.errors > 0);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(text);
}

static void probes_are_named(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");

	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
		run(&probes[i], sample);
	for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++)
		run(&beyond[i], sample);
	free(sample);
}

static void the_place_is_named(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	char *text = text_replace(sample, "39.20,117.30 38.70,117.30</polygon>",
	        "39.20,117.30</polygon><polygon>1,2</polygon>");
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

	assert_non_null(alert);
	assert_int_equal(problems.count, 2);
	assert_int_equal(problems.errors, 2);
	assert_string_equal(problems.items[0].rule, "area.polygon.closed");
	assert_string_equal(problems.items[0].path, "/alert/info[1]/area[1]/polygon[1] (line 43)");
	assert_string_equal(problems.items[1].rule, "area.polygon.points");
	assert_string_equal(problems.items[1].path, "/alert/info[1]/area[1]/polygon[2] (line 43)");
	assert_int_equal(alert->infos[0].areas[0].polygon_count, 2);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(text);
	free(sample);
}

static void an_empty_shape_counts_as_absent(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	char *text = text_replace(sample, "</areaDesc>", "</areaDesc><polygon/>");
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

	assert_non_null(alert);
	assert_int_equal(problems.errors, 0);
	assert_true(has_rule(&problems, "area.polygon.empty"));
	assert_int_equal(alert->infos[0].areas[0].polygon_count, 1);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(text);
	free(sample);
}

static void sent_may_wait_only_when_unfilled(void **state)
{
	(void)state;
	char *sample = sample_read("rainstorm_orange.xml");
	char *text =
	        text_replace(sample, "<sent>2026-07-15T09:30:00+08:00</sent>", "<sent></sent>");
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse_unfilled(text, strlen(text), CAP_LIMIT_API, &problems);

	assert_non_null(alert);
	assert_int_equal(problems.errors, 0);
	assert_false(alert->sent.set);
	cap_alert_destroy(&alert);
	alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
	assert_true(has_rule(&problems, "schema.time"));
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(text);
	free(sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(probes_are_named),
	        cmocka_unit_test(the_place_is_named),
	        cmocka_unit_test(an_empty_shape_counts_as_absent),
	        cmocka_unit_test(sent_may_wait_only_when_unfilled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
