/* SPDX-License-Identifier: Apache-2.0
 * cap_check - what a schema cannot see: the table of rules, and the walk over a message with it.
 *
 * error: the message breaks the standard or says nothing certain. warning: it is likely wrong, or
 * readers will differ. advice: it would serve the public better. What parsing found is not said
 * again here: rules "schema.*" (order, counts, words, types), "xml.*" (the bytes) and
 * "area.polygon.*", "area.circle.*" about the form of a shape come from there. Cannot fail.
 */
#include <stdlib.h>

#include "cap_rules.h"

static const struct cap_rule rules[] = {
        /* clang-format off: a rule is a row */
        {"identifier.form", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_identifier,
                "identifier 不能为空，不能含空白、逗号、< 或 &",
                "the identifier must not be empty nor hold blanks, commas, < or &"},
        {"sender.form", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_sender,
                "sender 不能为空，不能含空白、逗号、< 或 &",
                "the sender must not be empty nor hold blanks, commas, < or &"},
        {"restriction.missing", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_restriction_missing,
                "scope 为 Restricted 时必须写明 restriction",
                "scope Restricted needs a restriction"},
        {"restriction.extra", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_restriction_extra,
                "只有 scope 为 Restricted 时才能有 restriction",
                "a restriction is for scope Restricted only"},
        {"addresses.missing", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_addresses_missing,
                "scope 为 Private 时必须写明 addresses", "scope Private needs addresses"},
        {"addresses.quotes", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_addresses_quotes,
                "addresses 的双引号没有成对", "a double quote in addresses is not closed"},
        {"incidents.quotes", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_incidents_quotes,
                "incidents 的双引号没有成对", "a double quote in incidents is not closed"},
        {"references.missing", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_references_missing,
                "Update、Cancel、Ack、Error 必须用 references 指明所针对的报文",
                "Update, Cancel, Ack and Error must name in references the message they act on"},
        {"references.form", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_references_form,
                "references 的每一项应为“sender,identifier,sent”",
                "each item of references must be sender,identifier,sent"},
        {"references.self", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_references_self,
                "报文不能引用自己", "a message cannot refer to itself"},
        {"references.later", CAP_PROBLEM_WARNING, CAP_OF_ALERT, cap_rule_references_later,
                "引用了比本报文更晚的报文", "it refers to a message sent later than itself"},
        {"note.missing", CAP_PROBLEM_ADVICE, CAP_OF_ALERT, cap_rule_note,
                "演练（Exercise）和 Error 应在 note 中写明演练名称或原因",
                "an Exercise names the exercise in note, an Error the reason"},
        {"info.missing", CAP_PROBLEM_WARNING, CAP_OF_ALERT, cap_rule_info_missing,
                "Alert、Update 没有 info，什么也没有告诉公众",
                "an Alert or Update without info tells the public nothing"},
        {"category.differ", CAP_PROBLEM_WARNING, CAP_OF_ALERT, cap_rule_categories_differ,
                "各 info 的 category 应相同", "all infos should have the same categories"},
        {"eventCode.differ", CAP_PROBLEM_WARNING, CAP_OF_ALERT, cap_rule_event_codes_differ,
                "各 info 的 eventCode 应相同", "all infos should have the same eventCodes"},
        {"language.same", CAP_PROBLEM_WARNING, CAP_OF_ALERT, cap_rule_language_same_text,
                "语言不同的两个 info 文字却相同",
                "two infos of different languages have the same text"},
        {"alert.control", CAP_PROBLEM_ERROR, CAP_OF_ALERT, cap_rule_alert_control,
                "含有 XML 不允许的控制字符", "it holds a control character XML does not allow"},
        {"scope.draft", CAP_PROBLEM_ADVICE, CAP_OF_ALERT, cap_rule_scope_draft,
                "Draft 状态的报文不应以 Public 范围发出",
                "a Draft should not go out with scope Public"},

        {"event.empty", CAP_PROBLEM_ERROR, CAP_OF_INFO, cap_rule_event, "event 不能为空",
                "the event must not be empty"},
        {"language.missing", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_language_missing,
                "没有写 language，按标准视为 en-US",
                "no language is given: by the standard that means en-US"},
        {"language.mismatch", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_language_mismatch,
                "文字是中文，language 却不是（中文应写 zh-CN）",
                "the text is Chinese but the language is not (write zh-CN)"},
        {"expires.sent", CAP_PROBLEM_ERROR, CAP_OF_INFO, cap_rule_expires_sent,
                "expires 必须晚于 sent", "expires must be later than sent"},
        {"expires.effective", CAP_PROBLEM_ERROR, CAP_OF_INFO, cap_rule_expires_effective,
                "effective 不能晚于 expires", "effective must not be later than expires"},
        {"expires.onset", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_expires_onset,
                "onset 晚于 expires：灾害开始前报文已失效",
                "onset is later than expires: the message ends before the hazard begins"},
        {"expires.missing", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_expires_missing,
                "没有 expires，各接收方会自行决定何时失效",
                "no expires: each reader decides for itself when it ends"},
        {"web.form", CAP_PROBLEM_ERROR, CAP_OF_INFO, cap_rule_web,
                "web 必须是完整的网址（http、https、ftp、mailto 或 tel），不含空白",
                "web must be an absolute http, https, ftp, mailto or tel URI without blanks"},
        {"headline.missing", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_headline_missing,
                "建议写 headline", "a headline is recommended"},
        {"headline.long", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_headline_long,
                "headline 超过 160 个字符，有的终端会截断",
                "the headline is over 160 characters: some devices cut it"},
        {"description.missing", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_description_missing,
                "建议写 description", "a description is recommended"},
        {"instruction.missing", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_instruction_missing,
                "建议写 instruction，告诉公众怎么做", "an instruction is recommended: what to do"},
        {"senderName.missing", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_sender_name_missing,
                "建议写 senderName，让公众知道谁发布", "a senderName is recommended: who says so"},
        {"text.same", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_text_same,
                "headline、description、instruction 中有两项完全相同",
                "two of headline, description and instruction are identical"},
        {"word.unknown", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_unknown, "尽量不要用 Unknown",
                "Unknown is better avoided"},
        {"responseType.assess", CAP_PROBLEM_ADVICE, CAP_OF_INFO, cap_rule_assess,
                "Assess 不用于面向公众的警报", "Assess is not for warnings to the public"},
        {"word.twice", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_word_twice, "同一个词出现了两次",
                "the same word stands twice"},
        {"area.missing", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_area_missing,
                "没有 area，不知道哪里受影响", "there is no area: nobody knows where it holds"},
        {"text.html", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_html, "文字里有 HTML 标签",
                "there are HTML tags in the text"},
        {"text.entity", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_entity, "文字里有 HTML 实体",
                "there are HTML entities in the text"},
        {"text.control", CAP_PROBLEM_ERROR, CAP_OF_INFO, cap_rule_control,
                "含有 XML 不允许的控制字符", "it holds a control character XML does not allow"},
        {"text.bidi", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_bidi,
                "含有改变文字方向的控制字符，显示可能与内容不符",
                "it holds characters that turn the direction of text: what is shown may differ"},
        {"eventCode.empty", CAP_PROBLEM_ERROR, CAP_OF_INFO, cap_rule_event_code_empty,
                "eventCode 的名或值为空", "an eventCode has an empty name or value"},
        {"eventCode.twice", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_event_code_twice,
                "同一个 eventCode 出现了两次", "the same eventCode stands twice"},
        {"parameter.empty", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_parameter_empty,
                "parameter 的名或值为空", "a parameter has an empty name or value"},
        {"parameter.twice", CAP_PROBLEM_WARNING, CAP_OF_INFO, cap_rule_parameter_twice,
                "同一个 parameter 出现了两次", "the same parameter stands twice"},

        {"resource.desc.empty", CAP_PROBLEM_WARNING, CAP_OF_RESOURCE, cap_rule_resource_desc,
                "resourceDesc 为空", "the resourceDesc is empty"},
        {"resource.mime.form", CAP_PROBLEM_ERROR, CAP_OF_RESOURCE, cap_rule_mime_form,
                "mimeType 应为“类型/子类型”", "the mimeType must be type/subtype"},
        {"resource.mime.type", CAP_PROBLEM_WARNING, CAP_OF_RESOURCE, cap_rule_mime_type,
                "mimeType 的大类不是已登记的",
                "the mimeType's top-level type is not a registered one"},
        {"resource.uri.scheme", CAP_PROBLEM_ERROR, CAP_OF_RESOURCE, cap_rule_uri_scheme,
                "uri 的协议不许可（只许 http、https、ftp、mailto、tel）",
                "the uri's scheme is not allowed (http, https, ftp, mailto, tel only)"},
        {"resource.uri.relative", CAP_PROBLEM_ERROR, CAP_OF_RESOURCE, cap_rule_uri_relative,
                "相对的 uri 只能指 derefUri 的内容，而 derefUri 没有",
                "a relative uri names the content of derefUri, which is absent"},
        {"resource.derefUri.form", CAP_PROBLEM_ERROR, CAP_OF_RESOURCE, cap_rule_deref_form,
                "derefUri 不是 base64", "the derefUri is not base64"},
        {"resource.size.negative", CAP_PROBLEM_ERROR, CAP_OF_RESOURCE, cap_rule_size_negative,
                "size 不能为负", "the size must not be negative"},
        {"resource.size.differs", CAP_PROBLEM_WARNING, CAP_OF_RESOURCE, cap_rule_size_differs,
                "size 与 derefUri 的内容相差一倍以上",
                "size and the content of derefUri differ by more than half"},
        {"resource.digest.form", CAP_PROBLEM_WARNING, CAP_OF_RESOURCE, cap_rule_digest_form,
                "digest 应为 40 位十六进制的 SHA-1",
                "the digest should be a SHA-1 in 40 hex digits"},
        {"resource.digest.differs", CAP_PROBLEM_ERROR, CAP_OF_RESOURCE, cap_rule_digest_differs,
                "digest 与 derefUri 的内容不符", "the digest does not fit the content of derefUri"},

        {"area.desc.empty", CAP_PROBLEM_ERROR, CAP_OF_AREA, cap_rule_area_desc, "areaDesc 不能为空",
                "the areaDesc must not be empty"},
        {"area.extent.missing", CAP_PROBLEM_WARNING, CAP_OF_AREA, cap_rule_area_extent,
                "area 没有 polygon、circle 或 geocode，机器读不出范围",
                "an area without polygon, circle or geocode: no machine can tell where it is"},
        {"area.polygon.crossing", CAP_PROBLEM_ERROR, CAP_OF_AREA, cap_rule_polygon_crossing,
                "多边形自相交（边从这一点开始），或复杂得无法查清（?）",
                "the polygon crosses itself (an edge begins at this point), or is too complicated "
                "to tell (?)"},
        {"area.polygon.antimeridian", CAP_PROBLEM_ERROR, CAP_OF_AREA, cap_rule_polygon_antimeridian,
                "多边形有一条边跨越 180 度以上的经度，两种读法相差半个地球：请在 180 "
                "度经线处分成两个",
                "an edge of the polygon spans over 180 degrees of longitude and can be read two "
                "ways: split "
                "the polygon at the antimeridian"},
        {"area.polygon.flat", CAP_PROBLEM_WARNING, CAP_OF_AREA, cap_rule_polygon_flat,
                "多边形没有面积", "the polygon encloses nothing"},
        {"area.circle.zero", CAP_PROBLEM_WARNING, CAP_OF_AREA, cap_rule_circle_zero, "圆的半径为 0",
                "the circle has radius 0"},
        {"area.ceiling.alone", CAP_PROBLEM_ERROR, CAP_OF_AREA, cap_rule_ceiling_alone,
                "有 ceiling 必须有 altitude", "a ceiling needs an altitude"},
        {"area.ceiling.below", CAP_PROBLEM_ERROR, CAP_OF_AREA, cap_rule_ceiling_below,
                "ceiling 低于 altitude", "the ceiling is below the altitude"},
        {"area.altitude.negative", CAP_PROBLEM_WARNING, CAP_OF_AREA, cap_rule_altitude_negative,
                "高度为负（单位是英尺，自平均海平面起）",
                "a negative height (feet above mean sea level)"},
        {"area.geocode.empty", CAP_PROBLEM_ERROR, CAP_OF_AREA, cap_rule_geocode_empty,
                "geocode 的名或值为空", "a geocode has an empty name or value"},
        {"area.geocode.twice", CAP_PROBLEM_WARNING, CAP_OF_AREA, cap_rule_geocode_twice,
                "同一个 geocode 出现了两次", "the same geocode stands twice"},
        {"area.geocode.cpeas", CAP_PROBLEM_WARNING, CAP_OF_AREA, cap_rule_geocode_cpeas,
                "CPEAS Geographic Code 应为 12 位数字", "a CPEAS Geographic Code has 12 digits"},
        /* clang-format on */
};

void cap_found(const struct cap_look *look, const char *element, size_t index, const char *value)
{
	struct cap_place place = {look->place, element, index, 0};
	char part[CAP_EXCERPT];

	if (cap_problems_full(look->problems)) {
		cap_problem_put(look->problems, look->rule->level, look->rule->id, "", "", "");
		return;
	}
	char *path = cap_place_text(element ? &place : look->place);

	cap_excerpt(value ? value : "", part);
	if (*part)
		cap_problem_add(look->problems, look->rule->level, look->rule->id, path,
		        "%s%.0s：“%s”", "%.0s%s: \"%s\"", look->rule->zh, look->rule->en, part);
	else
		cap_problem_put(look->problems, look->rule->level, look->rule->id, path,
		        look->rule->zh, look->rule->en);
	free(path);
}

static void look_by(struct cap_look look, enum cap_object object)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		look.rule = &rules[i];
		if (look.rule->object == object)
			look.rule->look(&look);
	}
}

static void look_at_info(struct cap_look look)
{
	const struct cap_place *up = look.place;

	look_by(look, CAP_OF_INFO);
	for (size_t i = 0; i < look.info->resource_count; i++) {
		struct cap_place place = {up, "resource", i + 1, 0};

		look.place = &place;
		look.resource = &look.info->resources[i];
		look_by(look, CAP_OF_RESOURCE);
	}
	for (size_t i = 0; i < look.info->area_count; i++) {
		struct cap_place place = {up, "area", i + 1, 0};

		look.place = &place;
		look.area = &look.info->areas[i];
		look_by(look, CAP_OF_AREA);
	}
}

void cap_check(const struct cap_alert *alert, struct cap_problems *problems)
{
	struct cap_place root = {NULL, "alert", 0, 0};
	struct cap_look look = {.alert = alert, .place = &root, .problems = problems};

	look_by(look, CAP_OF_ALERT);
	for (size_t i = 0; i < alert->info_count; i++) {
		struct cap_place place = {&root, "info", i + 1, 0};

		look.place = &place;
		look.info = &alert->infos[i];
		look_at_info(look);
	}
}
