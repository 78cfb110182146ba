/* SPDX-License-Identifier: Apache-2.0
 * rule_pairs - see rule_pairs.h.
 */
#include "rule_pairs.h"

#define RAIN "rainstorm_orange.xml"
#define RAIN2 "rainstorm_update.xml"
#define LIFT "rainstorm_cancel.xml"
#define LEAK "accident_fact.xml"
#define DRILL "typhoon_exercise.xml"
#define US "ipaws_flood.xml"
#define CA "cap_cp_storm.xml"
#define AU "cap_au_bushfire.xml"

#define BASE .profiles = 0
#define CHINA .profiles = CAP_PROFILE_CHINA
#define GOOGLE .profiles = CAP_PROFILE_GOOGLE
#define IPAWS .profiles = CAP_PROFILE_IPAWS
#define CAP_CP .profiles = CAP_PROFILE_CAP_CP
#define CAP_AU .profiles = CAP_PROFILE_CAP_AU
#define ALSO(rules) .also = rules

#define SENDER "<sender>12000041600000</sender>"
#define SCOPE "<scope>Public</scope>"
#define LANGUAGE "<language>zh-CN</language>"
#define EFFECTIVE "<effective>2026-07-15T09:30:00+08:00</effective>"
#define ONSET "<onset>2026-07-15T11:00:00+08:00</onset>"
#define EXPIRES "<expires>2026-07-15T21:30:00+08:00</expires>"
#define POLYGON "<polygon>38.70,117.30 38.70,117.85 39.20,117.85 39.20,117.30 38.70,117.30</polygon>"
#define WEB "<web>https://example.org/warnings/rainstorm</web>"
#define HEADLINE "<headline>天津市气象局发布暴雨橙色预警信号</headline>"
#define MEASURES "<instruction>停止户外集会和作业；不要进入积水路段。</instruction>"
#define FIRST "12000041600000,12000041600000_20260715093000,2026-07-15T09:30:00+08:00"
#define SECOND "12000041600000,12000041600000_20260715124500,2026-07-15T12:45:00+08:00"
#define TEN "12345678901234567890"

#define PAIR(name, value) "<valueName>" name "</valueName>\n      <value>" value
#define GEOCODES                                                                                   \
	"<geocode>\n        <valueName>CPEAS Geographic Code</valueName>\n        "                \
	"<value>120116000000</value>\n      </geocode>\n      <geocode>\n        "                 \
	"<valueName>CPEAS Geographic Code</valueName>\n        <value>120110000000</value>\n      " \
	"</geocode>"
#define SECOND_GEOCODE                                                                             \
	"<geocode>\n        <valueName>CPEAS Geographic Code</valueName>\n        "                \
	"<value>120110000000</value>\n      </geocode>"
#define US_GEOCODE                                                                                 \
	"<geocode>\n        <valueName>SAME</valueName>\n        <value>029510</value>\n      "    \
	"</geocode>"
#define CA_GEOCODE                                                                                 \
	"<geocode>\n        <valueName>profile:CAP-CP:Location:0.3</valueName>\n        "          \
	"<value>3506008</value>\n      </geocode>"
#define AU_GEOCODE                                                                                 \
	"<geocode>\n        <valueName>http://www.psma.com.au/?product=postcode-boundaries"        \
	"</valueName>\n        <value>2786</value>\n      </geocode>"

static void control_in_headline(struct cap_alert *alert)
{
	mem_set_text(&alert->infos[0].headline, "天津市气象局发布暴雨橙色预警信号\x1b[31m");
}

static void control_in_note(struct cap_alert *alert)
{
	mem_set_text(&alert->note, "bell\a");
}

static void another_event(struct cap_alert *alert)
{
	mem_set_text(&alert->infos[1].language, "zh-CN");
	mem_set_text(&alert->infos[1].headline, "雨");
}

/* The dropped ones are put into a message of their own and freed with it. */
static void no_infos(struct cap_alert *alert)
{
	struct cap_alert *rest = cap_alert_create();

	rest->infos = alert->infos;
	rest->info_count = alert->info_count;
	alert->infos = NULL;
	alert->info_count = 0;
	cap_alert_destroy(&rest);
}

static void no_areas(struct cap_alert *alert)
{
	struct cap_alert *rest = cap_alert_create();
	struct cap_info *info = cap_alert_add_info(rest);

	info->areas = alert->infos[0].areas;
	info->area_count = alert->infos[0].area_count;
	alert->infos[0].areas = NULL;
	alert->infos[0].area_count = 0;
	cap_alert_destroy(&rest);
}

static void no_extent(struct cap_alert *alert)
{
	no_areas(alert);
	mem_set_text(&cap_info_add_area(&alert->infos[0])->desc, "天津市");
}

static void no_name_of_area(struct cap_alert *alert)
{
	mem_set_text(&alert->infos[0].areas[0].desc, " ");
}

static void no_level(struct cap_alert *alert)
{
	mem_set_text(&alert->infos[0].parameters.items[1].name, "x");
	alert->infos[0].severity = CAP_SEVERITY_UNKNOWN;
}

/* clang-format off: a pair is a row or two */
const struct rule_pair rule_pairs[] = {
	{"xml.gate", RAIN, "<alert", "<!DOCTYPE alert><alert", BASE},
	{"xml.gate", RAIN, "<info>", "<x:info/><info>", BASE},
	{"xml.cdata", RAIN, "<event>暴雨", "<event><![CDATA[暴雨]]>", ALSO("event.empty")},
	{"xml.comment", RAIN, "<event>暴雨", "<event>暴雨<!-- -->", "<!-- --><event>暴雨", ALSO("event.empty")},
	{"schema.root", RAIN, "cap:1.2", "cap:1.1", BASE},
	{"schema.attribute", RAIN, "<info>", "<info id='1'>",
		"<info xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'>", BASE},
	{"schema.child", RAIN, "<event>暴雨", "<event>暴雨<event/>", ALSO("event.empty")},
	{"schema.text", RAIN, "<info>", "x<info>", BASE},
	{"schema.unknown", RAIN, SCOPE, SCOPE "<password/>", BASE},
	{"schema.order", RAIN, SCOPE "\n", SCOPE "<source/>\n", "<source/>" SCOPE "\n", BASE},
	{"schema.repeat", RAIN, SCOPE, SCOPE SCOPE, BASE},
	{"schema.missing", RAIN, SCOPE, "", BASE},
	{"schema.word", RAIN, "<certainty>Likely", "<certainty>Very Likely", BASE},
	{"schema.time", RAIN, "<sent>2026-07-15T09:30:00+08:00", "<sent>2026-07-15T01:30:00Z", "<sent>2026-07-15T01:30:00-00:00", BASE},
	{"schema.time", RAIN, EXPIRES, "<expires>2026-07-15 21:30:00+08:00</expires>", ALSO("expires.missing")},
	{"schema.type", RAIN, LANGUAGE, "<language>zh_CN</language>", "<language>zh-Hans-CN</language>", BASE},
	{"area.polygon.empty", RAIN, POLYGON, "<polygon/>", BASE},
	{"area.polygon.form", RAIN, POLYGON, "<polygon>38.70;117.30 38.70,117.85 39.20,117.85 38.70,117.30</polygon>", BASE},
	{"area.polygon.range", RAIN, POLYGON, "<polygon>117.3,38.7 117.3,39.2 117.85,39.2 117.3,38.7</polygon>", BASE},
	{"area.polygon.points", RAIN, POLYGON, "<polygon>38.7,117.3 39.2,117.3 38.7,117.3</polygon>", BASE},
	{"area.polygon.closed", RAIN, POLYGON, "<polygon>38.7,117.3 39.2,117.3 39.2,117.8 38.7,117.8</polygon>", BASE},
	{"area.circle.empty", LEAK, "38.985,117.735 1", "", BASE},
	{"area.circle.form", LEAK, "38.985,117.735 1", "38.985,117.735", ALSO("area.circle.zero")},
	{"area.circle.range", LEAK, "38.985,117.735 1", "117.735,38.985 1", ALSO("area.shape.swapped")},
	{"area.circle.radius", LEAK, "38.985,117.735 1", "38.985,117.735 -1", BASE},

	{"identifier.form", RAIN, "<identifier>12", "<identifier>1 2", BASE},
	{"identifier.form", RAIN, "<identifier>12", "<identifier>1,2", BASE},
	{"identifier.form", RAIN, "<identifier>12", "<identifier>1&amp;2", BASE},
	{"sender.form", RAIN, SENDER, "<sender></sender>", BASE},
	{"sender.form", RAIN, SENDER, "<sender>a&lt;b</sender>", BASE},
	{"restriction.missing", RAIN, SCOPE, "<scope>Restricted</scope>", "<scope>Restricted</scope><restriction>us</restriction>", BASE},
	{"restriction.extra", RAIN, SCOPE, SCOPE "<restriction>us</restriction>", SCOPE "<restriction/>", BASE},
	{"addresses.missing", RAIN, SCOPE, "<scope>Private</scope><addresses/>", "<scope>Private</scope><addresses>a b</addresses>", BASE},
	{"addresses.quotes", RAIN, SCOPE, SCOPE "<addresses>a \"b c</addresses>", SCOPE "<addresses>a \"b c\"</addresses>", BASE},
	{"incidents.quotes", RAIN, "2026-07-15-rain</incidents>", "\"rain</incidents>", "\"the rain\"</incidents>", BASE},
	{"code.empty", RAIN, SCOPE, SCOPE "<code> </code>", SCOPE "<code>x</code>", BASE},
	{"note.missing", DRILL, "  <note>2026 年天津市防汛演练</note>\n", "", BASE},
	{"scope.draft", RAIN, "<status>Actual", "<status>Draft", "<status>Test", BASE},
	{.rule = "alert.control", .sample = RAIN, .spoil = control_in_note},
	{"status.test", RAIN, "<status>Actual", "<status>Test", "<status>Exercise", GOOGLE, ALSO("note.missing")},
	{.rule = "info.missing", .sample = RAIN, .spoil = no_infos},
	{.rule = "info.cancel", .sample = LIFT, .spoil = no_infos, GOOGLE},
	{"category.differ", RAIN, "<category>Met</category>", "<category>Env</category>", BASE},
	{"eventCode.differ", RAIN, "<value>11B03</value>", "<value>11B04</value>", BASE},
	{.rule = "event.differ", .sample = RAIN, .spoil = another_event, GOOGLE},
	{"language.same", RAIN, "天津市气象局发布暴雨橙色预警信号", "Orange rainstorm warning for Binhai and Dongli", BASE},
	{"sent.utc", RAIN, "<sent>2026-07-15T09:30:00+08:00", "<sent>2026-07-15T01:30:00-00:00", NULL, GOOGLE},
	{"sent.utc", US, "<sent>2026-07-14T16:05:00-05:00", "<sent>2026-07-14T21:05:00+00:00", NULL, IPAWS},

	{"references.missing", RAIN2, "<references>" FIRST "</references>", "", BASE},
	{"references.missing", RAIN2, "<references>" FIRST "</references>", "<references/>", BASE},
	{"references.form", RAIN2, FIRST, "12000041600000_20260715093000", FIRST "\n " SECOND, BASE},
	{"references.form", RAIN2, FIRST, FIRST " a,b,2026-07-15T09:30:00Z", BASE},
	{"references.self", RAIN2, FIRST, FIRST " " SECOND, BASE},
	{"references.later", RAIN2, "0,2026-07-15T09:30:00", "0,2026-07-15T12:45:01", "0,2026-07-15T12:45:00", ALSO("references.sent")},
	{"references.twice", RAIN2, FIRST, FIRST " " FIRST, FIRST " " SECOND, BASE},
	{"references.alert", RAIN, SCOPE, SCOPE "<references>" FIRST "</references>", SCOPE "<references/>", ALSO("references.self")},
	{"references.sender", RAIN2, FIRST, FIRST " x,y,2026-07-15T09:30:00+08:00", NULL, ALSO("references.unknown")},
	{"references.unknown", RAIN2, FIRST, FIRST " 12000041600000,y,2026-07-15T09:30:00+08:00", BASE},
	{"references.sent", RAIN2, "0,2026-07-15T09:30:00+08:00", "0,2026-07-15T09:30:00+09:00", "0,2026-07-15T10:30:00+09:00", BASE},
	{"references.ended", RAIN2, FIRST, "12000041600000,ended,2026-07-14T09:30:00+08:00",
		FIRST " 12000041600000,ended,2026-07-14T09:30:00+08:00", BASE},

	{"event.empty", RAIN, "<event>暴雨", "<event> ", BASE},
	{"language.missing", LEAK, LANGUAGE, "", NULL, ALSO("language.mismatch")},
	{"language.mismatch", RAIN, LANGUAGE, "<language>en</language>", "<language>zh</language>", BASE},
	{"language.script", RAIN, "<language>en-US", "<language>ja", "<language>de", BASE},
	{"language.script", CA, "<language>fr-CA", "<language>zh-CN", "<language>zh-Latn", BASE},
	{"word.unknown", RAIN, "<certainty>Likely", "<certainty>Unknown", "<certainty>Possible", BASE},
	{"word.twice", RAIN, "<responseType>Shelter", "<responseType>Prepare", "<responseType>Monitor", BASE},
	{"word.twice", RAIN, "<category>Met", "<category>Met</category><category>Met", BASE},
	{"responseType.assess", RAIN, "<responseType>Shelter", "<responseType>Assess", BASE},
	{"responseType.contrary", RAIN, "<responseType>Shelter", "<responseType>None", BASE},
	{"responseType.contrary", LIFT, "<responseType>AllClear", "<responseType>AllClear</responseType><responseType>Avoid",
		"<responseType>AllClear</responseType><responseType>Monitor", BASE},
	{"responseType.missing", US, "<responseType>Avoid</responseType>", "", NULL, GOOGLE},
	{"eventCode.empty", LEAK, "<value>12D02", "<value>", BASE},
	{"eventCode.twice", LEAK, "</eventCode>", "</eventCode><eventCode>" PAIR("GB/T 35561", "12D02") "</value></eventCode>",
		"</eventCode><eventCode>" PAIR("other", "12D02") "</value></eventCode>", BASE},
	{"parameter.empty", RAIN, "<value>Orange", "<value>", BASE},
	{"parameter.twice", RAIN, PAIR("colour", "Orange"), PAIR("kind", "warning"), PAIR("kind", "other"), BASE},

	{"expires.sent", RAIN, EXPIRES, "<expires>2026-07-15T09:30:00+08:00</expires>", "<expires>2026-07-15T12:30:01+09:00</expires>",
		ALSO("expires.onset")},
	{"expires.effective", RAIN, EFFECTIVE, "<effective>2026-07-15T21:30:01+08:00</effective>", BASE},
	{"expires.onset", RAIN, "<onset>2026-07-15T11", "<onset>2026-07-16T11", BASE},
	{"expires.far", RAIN, EXPIRES, "<expires>2027-07-17T21:30:00+08:00</expires>", "<expires>2027-07-15T21:30:00+08:00</expires>", BASE},
	{"expires.missing", RAIN, EXPIRES, "", BASE},
	{"effective.old", RAIN, EFFECTIVE, "<effective>2026-07-14T09:29:59+08:00</effective>", "<effective>2026-07-14T09:30:00+08:00</effective>", BASE},
	{"effective.utc", RAIN, EFFECTIVE, "<effective>2026-07-15T01:30:00+00:00</effective>", NULL, GOOGLE},
	{"onset.utc", RAIN, ONSET, "<onset>2026-07-15T03:00:00-00:00</onset>", NULL, GOOGLE},
	{"expires.utc", RAIN, EXPIRES, "<expires>2026-07-15T13:30:00-00:00</expires>", NULL, GOOGLE},
	{"expires.utc", US, "<expires>2026-07-14T19:00:00-05:00", "<expires>2026-07-15T00:00:00+00:00", NULL, IPAWS},

	{"senderName.missing", DRILL, "<senderName>天津市气象局", "<senderName>", BASE},
	{"headline.missing", RAIN, HEADLINE, "", BASE},
	{"headline.long", RAIN, "Orange rainstorm warning", TEN TEN TEN TEN TEN TEN TEN, TEN TEN TEN TEN TEN TEN, BASE},
	{"headline.lines", RAIN, "发布暴雨橙色", "发布\n暴雨橙色", "发布暴雨橙色  ", BASE},
	{"description.missing", DRILL, "【演练】本信息用于 2026 年防汛演练，不代表实际天气。", "", BASE},
	{"instruction.missing", DRILL, "【演练】请参演单位按预案行动。", "", BASE},
	{"contact.missing", RAIN, "<contact>96121", "<contact> ", NULL, GOOGLE},
	{"web.missing", RAIN, WEB, "", NULL, GOOGLE},
	{"web.form", RAIN, WEB, "<web>warnings/rainstorm</web>", BASE},
	{"web.form", RAIN, WEB, "<web>javascript:alert(1)</web>", BASE},
	{"web.form", RAIN, WEB, "<web>https://example.org/a b</web>", "<web>mailto:a@example.org</web>", BASE},
	{"text.same", DRILL, "【演练】请参演单位按预案行动。", "【演练】天津市气象局发布台风黄色预警信号", BASE},
	{"text.html", RAIN, "请有关单位", "&lt;b&gt;请有关单位&lt;/b&gt;", "雨量 &lt; 50，&gt; 20", BASE},
	{"text.entity", RAIN, "请有关单位", "&amp;nbsp;请有关单位", "&amp; 请有关单位;", BASE},
	{"text.entity", RAIN, "请有关单位", "&amp;#160;请有关单位", BASE},
	{.rule = "text.control", .sample = RAIN, .spoil = control_in_headline},
	{"text.bidi", RAIN, "天津市气象局发布", "天津\xe2\x80\xae市气象局发布", "天津\xe2\x80\x94市气象局发布", BASE},
	{"text.mojibake", RAIN, "停止户外", "锟斤拷", "锟", BASE},
	{"text.mojibake", RAIN, "停止户外", "\xef\xbf\xbd", BASE},
	{"text.mojibake", RAIN, "停止户外", "å¤©æ´¥", BASE},
	{"text.mojibake", CA, "météo", "mÃ©tÃ©o", BASE},
	{"text.mojibake", CA, "d’orage", "dâ€™orage", "d“orage", BASE},

	{"resource.desc.empty", LEAK, "<resourceDesc>封控范围说明", "<resourceDesc>", BASE},
	{"resource.mime.form", LEAK, "<mimeType>text/plain", "<mimeType>text", "<mimeType>text/plain; charset=utf-8", BASE},
	{"resource.mime.type", LEAK, "<mimeType>text/plain", "<mimeType>picture/png", "<mimeType>image/png", BASE},
	{"resource.uri.missing", RAIN, "</parameter>\n    <area>",
		"</parameter>\n    <resource><resourceDesc>a</resourceDesc><mimeType>a/b</mimeType></resource><area>",
		"</parameter>\n    <resource><resourceDesc>a</resourceDesc><mimeType>a/b</mimeType><uri>http://a/</uri></resource><area>",
		ALSO("resource.mime.type")},
	{"resource.uri.scheme", LEAK, "<uri>note.txt", "<uri>file:///etc/passwd", BASE},
	{"resource.uri.relative", LEAK, "<derefUri>5bCB5o6n6IyD5Zu0", "<derefUri>", BASE},
	{"resource.derefUri.form", LEAK, "<derefUri>5bCB5o6n6IyD5Zu0", "<derefUri>封控", "<derefUri>5bCB\n5o6n 6IyD5Zu0", BASE},
	{"resource.size.negative", LEAK, "<size>12", "<size>-1", "<size>12", ALSO("resource.size.differs")},
	{"resource.size.differs", LEAK, "<size>12", "<size>1200", "<size>13", BASE},
	{"resource.digest.form", LEAK, "<digest>", "<digest>00", BASE},
	{"resource.digest.differs", LEAK, "<derefUri>5bCB", "<derefUri>AAAA", BASE},

	{.rule = "area.missing", .sample = LEAK, .spoil = no_areas},
	{.rule = "area.cancel", .sample = LIFT, .spoil = no_areas, GOOGLE},
	{"area.desc.empty", RAIN, "<areaDesc>滨海新区、东丽区", "<areaDesc>", BASE},
	{"area.shape.swapped", US, "<polygon>38.10,-90.40 38.10,-90.10 38.30,-90.10 38.30,-90.40 38.10,-90.40",
		"<polygon>-88.4,38.1 -88.1,38.1 -88.1,38.3 -88.4,38.3 -88.4,38.1",
		"<polygon>8.1,-38.4 8.1,-38.1 8.3,-38.1 8.3,-38.4 8.1,-38.4", BASE},
	{"area.shape.swapped", RAIN, POLYGON, "<circle>88.1,43.2 5</circle>", "<circle>43.2,88.1 5</circle>", BASE},
	{"area.polygon.crossing", RAIN, POLYGON, "<polygon>38,117 39,118 39,117 38,118 38,117</polygon>", "<polygon>38,117 39,118 39,117 38,117</polygon>",
		ALSO("area.polygon.flat")},
	{"area.polygon.touching", RAIN, POLYGON, "<polygon>38,117 38.5,117.5 38,118 39,118 38.5,117.5 39,117 38,117</polygon>",
		"<polygon>38,117 38.5,117.4 38,118 39,118 38.5,117.6 39,117 38,117</polygon>", BASE},
	{"area.polygon.touching", RAIN, POLYGON, "<polygon>38,117 39,117 39,118 39,119 39,118 38,118 38,117</polygon>", BASE},
	{"area.polygon.antimeridian", RAIN, POLYGON, "<polygon>38,179 39,179 39,-179 38,-179 38,179</polygon>", NULL, ALSO("area.polygon.large")},
	{"area.polygon.flat", RAIN, POLYGON, "<polygon>38,117 38,118 38,119 38,117</polygon>", NULL, ALSO("area.polygon.touching")},
	{"area.polygon.large", RAIN, POLYGON, "<polygon>-10,20 55,20 55,130 -10,130 -10,20</polygon>", "<polygon>5,70 54,70 54,130 5,130 5,70</polygon>", BASE},
	{"area.circle.zero", LEAK, "38.985,117.735 1<", "38.985,117.735 0<", "38.985,117.735 0.1<", BASE},
	{"area.circle.large", LEAK, "38.985,117.735 1<", "38.985,117.735 1500<", "38.985,117.735 1000<", BASE},
	{"area.ceiling.alone", LEAK, "<altitude>0</altitude>", "", BASE},
	{"area.ceiling.below", LEAK, "<altitude>0", "<altitude>301", "<altitude>299", BASE},
	{"area.altitude.negative", LEAK, "<altitude>0", "<altitude>-5", BASE},
	{"area.geocode.empty", RAIN, "<value>120110000000", "<value>", NULL, ALSO("area.geocode.cpeas")},
	{"area.geocode.twice", RAIN, SECOND_GEOCODE, SECOND_GEOCODE SECOND_GEOCODE, BASE},
	{"area.geocode.cpeas", RAIN, "<value>120110000000", "<value>120110", BASE},
	{.rule = "area.extent.missing", .sample = DRILL, .spoil = no_extent},
	{"area.shape.missing", DRILL, "<areaDesc>天津市</areaDesc>", "<areaDesc>天津</areaDesc>",
		"<areaDesc>天津市</areaDesc><circle>39,117 50</circle>", GOOGLE},
	{"area.shape.preferred", AU, AU_GEOCODE, AU_GEOCODE, "", CAP_AU},

	{"china.identifier.form", RAIN, "_20260715093000", "_20261315093000", "_20260715093000_0", CHINA},
	{"china.identifier.form", RAIN, "_20260715093000", "_20260715093000_10", NULL, CHINA},
	{"china.identifier.form", RAIN, "<identifier>12000041600000", "<identifier>12000041600", NULL, CHINA},
	{"china.identifier.unit", RAIN, "<identifier>12", "<identifier>99", NULL, CHINA, ALSO("china.sender.unit")},
	{"china.identifier.later", RAIN, "_20260715093000", "_20260715093001", NULL, CHINA},
	{"china.sender.unit", RAIN, SENDER, "<sender>12000041600001</sender>", "<sender>tj.example.org</sender>", CHINA},
	{"china.language.first", RAIN, LANGUAGE, "<language>zh-Hans</language>", NULL, CHINA},
	{"china.offset", RAIN, EXPIRES, "<expires>2026-07-15T22:30:00+09:00</expires>", NULL, CHINA},
	{"china.facts.differ", RAIN, PAIR("colour", "Orange"), PAIR("color", "Red"), PAIR("color", "orange"), CHINA,
		ALSO("china.colour.severity china.colour.headline")},
	{"china.kind.missing", DRILL, PAIR("kind", "warning"), PAIR("sort", "warning"), NULL, CHINA},
	{"china.kind.word", DRILL, PAIR("kind", "warning"), PAIR("kind", "alarm"), NULL, CHINA, ALSO("china.colour.extra")},
	{"china.kind.word", DRILL, PAIR("colour", "Yellow"), PAIR("colour", "Yellow") "</value></parameter><parameter>" PAIR("kind", "fact"), NULL, CHINA},
	{"china.colour.missing", DRILL, PAIR("colour", "Yellow"), PAIR("tint", "Yellow"), NULL, CHINA},
	{"china.colour.word", DRILL, PAIR("colour", "Yellow"), PAIR("colour", "Green"), PAIR("colour", "yellow"), CHINA},
	{"china.colour.extra", LEAK, PAIR("kind", "fact"), PAIR("kind", "fact") "</value></parameter><parameter>" PAIR("colour", "Yellow"), NULL, CHINA},
	{"china.colour.severity", DRILL, "<severity>Moderate", "<severity>Minor", NULL, CHINA},
	{"china.colour.headline", DRILL, "台风黄色", "台风红色", "台风蓝色升级为黄色", CHINA},
	{"china.responseLevel", LEAK, PAIR("kind", "fact"), PAIR("kind", "response"),
		PAIR("kind", "response") "</value></parameter><parameter>" PAIR("responseLevel", "II"), CHINA},
	{"china.responseLevel", LEAK, PAIR("kind", "fact"), PAIR("kind", "fact") "</value></parameter><parameter>" PAIR("responseLevel", "II"), NULL, CHINA},
	{"china.eventCode.missing", LEAK, PAIR("GB/T 35561", "12D02"), PAIR("x", "12D02"), NULL, CHINA},
	{"china.eventCode.form", LEAK, "<value>12D02", "<value>12d02", "<value>14D99", CHINA},
	{"china.eventCode.form", LEAK, "</eventCode>", "</eventCode><eventCode>" PAIR("GB/T 35561", "12D03") "</value></eventCode>", NULL, CHINA},
	{"china.geocode.missing", DRILL, "<valueName>CPEAS Geographic Code", "<valueName>x", NULL, CHINA},
	{"china.geocode.division", DRILL, "<value>120000000000", "<value>990000000000", "<value>110000000000", CHINA},
	{"china.area.swapped", RAIN, POLYGON, "<circle>88.1,43.2 5</circle>", "<circle>43.2,88.1 5</circle>", CHINA, ALSO("area.shape.swapped")},
	{"china.area.outside", RAIN, POLYGON, "<circle>60,150 5</circle>", "<circle>50,130 5</circle>", CHINA},
	{"china.area.outside", RAIN, POLYGON, "<polygon>50,130 50,140 51,130 50,130</polygon>", NULL, CHINA},
	{"china.headline.lift", RAIN, "天津市气象局发布暴雨", "天津市气象局解除暴雨", NULL, CHINA},
	{"china.headline.lift", LIFT, "天津市气象局解除暴雨", "天津市气象局发布暴雨", "天津市气象局撤销暴雨", CHINA},
	{"china.contents.category", DRILL, "<event>台风", "<event> ", NULL, CHINA, ALSO("event.empty")},
	{.rule = "china.contents.level", .sample = DRILL, .spoil = no_level, CHINA, ALSO("china.colour.missing word.unknown")},
	{"china.contents.start", DRILL, "<effective>2026-05-20T10:00:00+08:00</effective>", "", "<onset>2026-05-20T10:00:00+08:00</onset>", CHINA},
	{.rule = "china.contents.area", .sample = DRILL, .spoil = no_name_of_area, CHINA, ALSO("area.desc.empty")},
	{"china.contents.matters", DRILL, "【演练】本信息用于 2026 年防汛演练，不代表实际天气。", "", NULL, CHINA, ALSO("description.missing")},
	{"china.contents.measures", DRILL, "【演练】请参演单位按预案行动。", "", NULL, CHINA, ALSO("instruction.missing")},
	{"china.contents.measures", RAIN, MEASURES, "<instruction/>", NULL, CHINA, ALSO("instruction.missing")},
	{"china.contents.unit", DRILL, "<senderName>天津市气象局", "<senderName>", NULL, CHINA, ALSO("senderName.missing")},
	{"china.contents.time", DRILL, "<sent>2026-05-20T10:00:00+08:00", "<sent>", NULL, CHINA, .unfilled = true},

	{"google.headline.long", RAIN, "Orange rainstorm warning", TEN TEN TEN TEN TEN TEN, TEN TEN TEN TEN TEN, GOOGLE},

	{"ipaws.code", US, "<code>IPAWSv1.0", "<code>IPAWSv2.0", NULL, IPAWS},
	{"ipaws.eventCode", US, PAIR("SAME", "FFW"), PAIR("SAME", "FLOOD"), PAIR("SAME", "TOR"), IPAWS},
	{"ipaws.eventCode", US, PAIR("SAME", "FFW"), PAIR("SAME", "FFW") "</value></eventCode><eventCode>" PAIR("SAME", "TOR"), NULL, IPAWS},
	{"ipaws.effective", US, "<expires>", "<effective>2026-07-14T16:05:00-05:00</effective><expires>", NULL, IPAWS},
	{"ipaws.onset", US, "<expires>", "<onset>2026-07-14T16:05:00-05:00</onset><expires>", NULL, IPAWS},
	{"ipaws.geocode", US, US_GEOCODE, "", NULL, IPAWS},
	{"ipaws.geocode", US, "<value>029510", "<value>29510", NULL, IPAWS},

	{"cap-cp.code", CA, "profile:CAP-CP:0.4</code>", "profile:0.4</code>", "profile:CAP-CP:1.0</code>", CAP_CP},
	{"cap-cp.languages", CA, "<language>fr-CA", "<language>de", "<language>fr", CAP_CP},
	{"cap-cp.eventCode", CA, "profile:CAP-CP:Event:0.4", "x", NULL, CAP_CP, ALSO("eventCode.differ")},
	{"cap-cp.geocode", CA, CA_GEOCODE, "", NULL, CAP_CP, ALSO("area.shape.preferred")},

	{"cap-au.code", AU, "CAP-AU:1.0</code>", "CAP-AU:2.0</code>", NULL, CAP_AU},
	{"cap-au.sender", AU, "<sender>alerts@fire.example.org", "<sender>fire.example.org", NULL, CAP_AU, ALSO("references.sender")},
	{"cap-au.eventCode.one", AU, "<valueName>https://govshare.gov.au/xmlui/handle/10772/6495", "<valueName>x", NULL, CAP_AU},
	{"cap-au.eventCode.one", AU, "</eventCode>", "</eventCode><eventCode>"
		PAIR("https://govshare.gov.au/xmlui/handle/10772/6495", "fire") "</value></eventCode>", NULL, CAP_AU},
	{"cap-au.eventCode.unknown", AU, "<value>bushFire", "<value>bush", "<value>fire", CAP_AU},
	{"cap-au.eventCode.event", AU, "<event>Bushfire", "<event>Big fire", "<event>fire", CAP_AU},
	{"cap-au.effective", AU, "<msgType>Update", "<msgType>Cancel", NULL, CAP_AU},
	{"cap-au.geocode", AU, "<valueName>http://www.psma.com.au/?product=postcode-boundaries", "<valueName>x", NULL, CAP_AU},
};
/* clang-format on */
const size_t rule_pair_count = sizeof rule_pairs / sizeof *rule_pairs;
