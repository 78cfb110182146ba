/* SPDX-License-Identifier: Apache-2.0
 * terms - see terms.h. Tables only.
 */
#include "terms.h"

#include <stddef.h>
#include <string.h>

struct term {
	const char *text;
	const char *zh;
};

static bool find(const struct term *terms, int count, const char *text, int *out)
{
	for (int i = 0; text && i < count; i++) {
		if (strcmp(terms[i].text, text) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static const struct term levels[LEVEL_COUNT] = {
        [LEVEL_NONE] = {"none", "无级别"},
        [LEVEL_BLUE] = {"blue", "蓝色"},
        [LEVEL_YELLOW] = {"yellow", "黄色"},
        [LEVEL_ORANGE] = {"orange", "橙色"},
        [LEVEL_RED] = {"red", "红色"},
        [LEVEL_IV] = {"IV", "Ⅳ级"},
        [LEVEL_III] = {"III", "Ⅲ级"},
        [LEVEL_II] = {"II", "Ⅱ级"},
        [LEVEL_I] = {"I", "Ⅰ级"},
};

const char *level_text(enum level level)
{
	return levels[level].text;
}

const char *level_zh(enum level level)
{
	return levels[level].zh;
}

bool level_read(const char *text, enum level *out)
{
	int i;

	if (!find(levels, LEVEL_COUNT, text, &i))
		return false;
	*out = (enum level)i;
	return true;
}

int level_rank(enum level level)
{
	return level >= LEVEL_IV ? (int)level - LEVEL_IV + 1 : (int)level;
}

static const struct term kinds[KIND_COUNT] = {
        [KIND_WARNING] = {"warning", "预警"},
        [KIND_ADVISORY] = {"advisory", "安全生产提示"},
        [KIND_FACT] = {"fact", "事实通报"},
        [KIND_MEASURE] = {"measure", "处置措施"},
        [KIND_RESULT] = {"result", "处置结果"},
        [KIND_RESPONSE] = {"response", "应急响应"},
        [KIND_CLARIFICATION] = {"clarification", "辟谣"},
        [KIND_LOSS] = {"loss", "灾情救助"},
        [KIND_REPORT] = {"report", "调查报告"},
        [KIND_NOTICE] = {"notice", "通知公告"},
};

const char *kind_text(enum kind kind)
{
	return kinds[kind].text;
}

const char *kind_zh(enum kind kind)
{
	return kinds[kind].zh;
}

bool kind_read(const char *text, enum kind *out)
{
	int i;

	if (!find(kinds, KIND_COUNT, text, &i))
		return false;
	*out = (enum kind)i;
	return true;
}

bool kind_takes_level(enum kind kind, enum level level)
{
	if (kind == KIND_WARNING)
		return level >= LEVEL_BLUE && level <= LEVEL_RED;
	if (kind == KIND_RESPONSE)
		return level >= LEVEL_IV && level <= LEVEL_I;
	return level == LEVEL_NONE;
}

static const struct term verbs[VERB_COUNT] = {
        [VERB_PUBLISH] = {"publish", "发布"},
        [VERB_UPDATE] = {"update", "更新"},
        [VERB_CANCEL] = {"cancel", "解除"},
        [VERB_CORRECT] = {"correct", "更正"},
};

const char *verb_text(enum verb verb)
{
	return verbs[verb].text;
}

const char *verb_zh(enum verb verb)
{
	return verbs[verb].zh;
}

bool verb_read(const char *text, enum verb *out)
{
	int i;

	if (!find(verbs, VERB_COUNT, text, &i))
		return false;
	*out = (enum verb)i;
	return true;
}

bool verb_ends_chain(enum verb verb)
{
	return verb == VERB_CANCEL || verb == VERB_CORRECT;
}

static const struct term modes[MODE_COUNT] = {
        [MODE_LIVE] = {"live", "实战"},
        [MODE_EXERCISE] = {"exercise", "演练"},
        [MODE_TEST] = {"test", "测试"},
};

const char *mode_text(enum mode mode)
{
	return modes[mode].text;
}

const char *mode_zh(enum mode mode)
{
	return modes[mode].zh;
}

const char *mode_status(enum mode mode)
{
	static const char *const words[MODE_COUNT] = {
	        [MODE_LIVE] = "Actual", [MODE_EXERCISE] = "Exercise", [MODE_TEST] = "Test"};

	return words[mode];
}

const char *mode_banner(enum mode mode)
{
	static const char *const banners[] = {
	        [MODE_LIVE] = "", [MODE_EXERCISE] = "【演练】", [MODE_TEST] = "【测试】"};

	return banners[mode];
}

bool mode_read(const char *text, enum mode *out)
{
	int i;

	if (!find(modes, MODE_COUNT, text, &i))
		return false;
	*out = (enum mode)i;
	return true;
}

static const struct term procedures[PROCEDURE_COUNT] = {
        [PROCEDURE_NORMAL] = {"normal", "一般程序"},
        [PROCEDURE_URGENT] = {"urgent", "紧急程序"},
        [PROCEDURE_RELAY] = {"relay", "转发"},
};

const char *procedure_text(enum procedure procedure)
{
	return procedures[procedure].text;
}

bool procedure_read(const char *text, enum procedure *out)
{
	int i;

	if (!find(procedures, PROCEDURE_COUNT, text, &i))
		return false;
	*out = (enum procedure)i;
	return true;
}

static const struct term disclosures[DISCLOSURE_COUNT] = {
        [DISCLOSURE_PROACTIVE] = {"proactive", "主动公开"},
        [DISCLOSURE_ON_REQUEST] = {"on-request", "依申请公开"},
        [DISCLOSURE_WITHHELD] = {"withheld", "不予公开"},
};

const char *disclosure_text(enum disclosure disclosure)
{
	return disclosures[disclosure].text;
}

const char *disclosure_zh(enum disclosure disclosure)
{
	return disclosures[disclosure].zh;
}

bool disclosure_read(const char *text, enum disclosure *out)
{
	int i;

	if (!find(disclosures, DISCLOSURE_COUNT, text, &i))
		return false;
	*out = (enum disclosure)i;
	return true;
}

static const struct term screenings[SCREENING_COUNT] = {
        [SCREENING_NONE] = {"none", "未审查"},
        [SCREENING_REVIEWED] = {"reviewed", "已作保密审查"},
        [SCREENING_HELD] = {"held", "暂扣"},
        [SCREENING_OVERRIDDEN] = {"overridden", "核准放行"},
};

const char *screening_text(enum screening screening)
{
	return screenings[screening].text;
}

bool screening_read(const char *text, enum screening *out)
{
	int i;

	if (!find(screenings, SCREENING_COUNT, text, &i))
		return false;
	*out = (enum screening)i;
	return true;
}

static const struct term states[DELIVERY_STATE_COUNT] = {
        [DELIVERY_WAITING] = {"waiting", "等待"},
        [DELIVERY_SENDING] = {"sending", "发送中"},
        [DELIVERY_DELIVERED] = {"delivered", "已送达"},
        [DELIVERY_REJECTED] = {"rejected", "被拒绝"},
        [DELIVERY_EXPIRED] = {"expired", "已过期"},
        [DELIVERY_SUPERSEDED] = {"superseded", "已被取代"},
        [DELIVERY_WITHDRAWN] = {"withdrawn", "已撤回"},
        [DELIVERY_UNKNOWN] = {"unknown", "结果不明"},
};

const char *delivery_state_text(enum delivery_state state)
{
	return states[state].text;
}

const char *delivery_state_zh(enum delivery_state state)
{
	return states[state].zh;
}

bool delivery_state_read(const char *text, enum delivery_state *out)
{
	int i;

	if (!find(states, DELIVERY_STATE_COUNT, text, &i))
		return false;
	*out = (enum delivery_state)i;
	return true;
}

static const struct channel_traits channels[] = {
        {.kind = "mqtt",
                .zh = "消息总线",
                .is_public = true,
                .takes_key = true,
                .projection = true,
                .heartbeat = true},
        {.kind = "website",
                .zh = "官方网站",
                .is_public = true,
                .takes_key = true,
                .projection = true,
                .index = true},
        {.kind = "sms",
                .zh = "短信",
                .is_public = true,
                .lanes = true,
                .recipients = true,
                .notes = true},
        {.kind = "weibo", .zh = "微博", .is_public = true, .lanes = true},
        {.kind = "wechat", .zh = "微信公众号", .is_public = true, .lanes = true},
        {.kind = "wecom", .zh = "企业微信群", .lanes = true, .notes = true},
        {.kind = "dingtalk", .zh = "钉钉群", .lanes = true},
        {.kind = "feishu", .zh = "飞书群", .lanes = true},
        {.kind = "webhook", .zh = "系统推送", .lanes = true, .takes_key = true},
        {.kind = "national",
                .zh = "国家突发事件预警信息发布系统",
                .is_public = true,
                .lanes = true},
        {.kind = "carrier-area", .zh = "运营商区域短信", .is_public = true, .lanes = true},
        {.kind = "loudspeaker", .zh = "应急广播", .is_public = true, .lanes = true},
        {.kind = "manual", .zh = "人工传达", .lanes = true},
};

const struct channel_traits *channel_traits(const char *kind)
{
	for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
		if (strcmp(channels[i].kind, kind) == 0)
			return &channels[i];
	return NULL;
}

bool channel_kind_known(const char *kind)
{
	return channel_traits(kind) != NULL;
}

bool channel_kind_public(const char *kind)
{
	const struct channel_traits *traits = channel_traits(kind);

	return !traits || traits->is_public;
}

const char *channel_kind_zh(const char *kind)
{
	const struct channel_traits *traits = channel_traits(kind);

	return traits ? traits->zh : NULL;
}
