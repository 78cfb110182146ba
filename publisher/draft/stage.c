/* SPDX-License-Identifier: Apache-2.0
 * stage - see stage.h. The original's message with other words: what it says about kind, level,
 * hazard and areas stays, so that exactly those who were warned are told. Fails only on an original
 * that cannot be undone.
 */
#include "stage.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "draft_build.h"
#include "flatten.h"

/* {unit} {act} {subject} {signal} {number} {areas} are filled in. */
struct wording {
	const char *headline, *description, *instruction;
};

struct staging {
	const char *as;
	const char *correction; /* value of the parameter; NULL: none */
	const char *note;
	int64_t after; /* ms its expiry lies after the original's */
	struct wording zh, en;
};

static const struct staging stagings[STAGED_COUNT] = {
        {"cancel", NULL, "解除原信息 The message is lifted", 0,
                {"{unit}{act}{subject}",
                        "{unit}{act}{subject}{signal}{number}。涉及区域：{areas}。",
                        "请继续关注后续发布的信息。"},
                {"{unit} lifts the {subject}",
                        "{unit} lifts the {subject}{number}. Areas: {areas}.",
                        "Please follow further announcements."}},
        {"wrong-area", "wrong-area", "更正：发布区域有误 Correction: issued for the wrong area",
                STAGED_AFTER_MS,
                {"更正：{unit}撤销{subject}（发布区域有误）",
                        "更正：{unit}此前发布的{subject}{signal}{number}"
                        "发布区域有误，现予撤销。涉及区域：{areas}。"
                        "实际影响区域以重新发布的信息为准。",
                        "请以重新发布的信息为准。"},
                {"Correction: {unit} withdraws the {subject} (wrong area)",
                        "Correction: the {subject}{number} of {unit} was issued for the wrong area "
                        "and is withdrawn. "
                        "Areas: {areas}. A new message will name the right area.",
                        "Please act on the new message only."}},
        {"false-alarm", "false-alarm", "更正：误发 Correction: issued in error", STAGED_AFTER_MS,
                {"更正：{unit}撤销误发的{subject}",
                        "更正：{unit}此前发布的{subject}{signal}{number}"
                        "系误发，现予撤销。涉及区域：{areas}。",
                        "该信息系误发，无需据此采取措施。"},
                {"Correction: {unit} withdraws the {subject} (false alarm)",
                        "Correction: the {subject}{number} of {unit} was issued in error and is "
                        "withdrawn. Areas: {areas}.",
                        "This was a false alarm. No action is needed."}},
};

/* What the marks of one info stand for. */
struct filling {
	const char *name;
	char *value;
};
enum { UNIT, ACT, SUBJECT, SIGNAL, NUMBER, AREAS, FILLING_COUNT };

static bool is_chinese(const struct cap_info *info)
{
	return info->language && strncasecmp(info->language, "zh", 2) == 0;
}

static char *area_names(const struct cap_info *info)
{
	const char *comma = is_chinese(info) ? "、" : ", ";
	struct buf buf;

	buf_init(&buf, 0);
	for (size_t i = 0; i < info->area_count; i++) {
		if (i > 0)
			buf_text(&buf, comma);
		buf_text(&buf, info->areas[i].desc ? info->areas[i].desc : "");
	}
	return buf_take(&buf);
}

static char *english_subject(const struct bulletin *original, const char *event)
{
	if (original->level == LEVEL_NONE)
		return mem_format("%s %s", event, kind_text(original->kind));
	return mem_format(
	        "%s %s %s", event, level_text(original->level), kind_text(original->kind));
}

static const char *act_word(enum kind kind)
{
	return kind == KIND_WARNING ? "解除" : kind == KIND_RESPONSE ? "终止" : "撤回";
}

static void fillings_init(struct filling fillings[FILLING_COUNT], const struct bulletin *original,
        const struct cap_info *info)
{
	static const char *const names[FILLING_COUNT] = {
	        "{unit}", "{act}", "{subject}", "{signal}", "{number}", "{areas}"};
	const char *event = info->event ? info->event : "";
	bool zh = is_chinese(info);
	/* Only weather warnings are called signals. */
	bool signal = original->kind == KIND_WARNING && strncmp(original->hazard, "11B", 3) == 0;

	for (int i = 0; i < FILLING_COUNT; i++)
		fillings[i].name = names[i];
	fillings[UNIT].value = mem_text(info->sender_name ? info->sender_name : "");
	fillings[ACT].value = mem_text(act_word(original->kind));
	fillings[SUBJECT].value = zh ? draft_subject(original->kind, original->level, event)
	                             : english_subject(original, event);
	fillings[SIGNAL].value = mem_text(signal ? "信号" : "");
	fillings[NUMBER].value =
	        !original->identifier[0]
	                ? mem_text("")
	                : mem_format(zh ? "（编号%s）" : " (number %s)", original->identifier);
	fillings[AREAS].value = area_names(info);
}

static void fillings_finish(struct filling fillings[FILLING_COUNT])
{
	for (int i = 0; i < FILLING_COUNT; i++)
		free(fillings[i].value);
}

static char *filled(
        const char *mark, const char *words, const struct filling fillings[FILLING_COUNT])
{
	struct buf buf;

	buf_init(&buf, 0);
	buf_text(&buf, mark);
	while (*words) {
		int i = 0;
		while (i < FILLING_COUNT &&
		        strncmp(words, fillings[i].name, strlen(fillings[i].name)) != 0)
			i++;
		if (i < FILLING_COUNT)
			buf_text(&buf, fillings[i].value);
		else
			buf_char(&buf, *words);
		words += i < FILLING_COUNT ? strlen(fillings[i].name) : 1;
	}
	return buf_take(&buf);
}

static void reword(
        struct cap_info *info, const struct staging *staging, const struct bulletin *original)
{
	const struct wording *wording = is_chinese(info) ? &staging->zh : &staging->en;
	const char *mark = mode_banner(original->mode);
	struct filling fillings[FILLING_COUNT];

	fillings_init(fillings, original, info);
	free(info->headline);
	info->headline = filled(mark, wording->headline, fillings);
	free(info->description);
	info->description = filled(mark, wording->description, fillings);
	mem_set_text(&info->instruction, wording->instruction);
	fillings_finish(fillings);
}

/* Pictures and pages belong to what is taken back. */
static void drop_resources(struct cap_info *info)
{
	for (size_t i = 0; i < info->resource_count; i++) {
		struct cap_resource *resource = &info->resources[i];
		char **texts[] = {&resource->desc, &resource->mime_type, &resource->size,
		        &resource->uri, &resource->deref_uri, &resource->digest};
		for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++)
			mem_set_text(texts[n], NULL);
	}
	free(info->resources);
	info->resources = NULL;
	info->resource_count = 0;
}

static void stage_info(
        struct cap_info *info, const struct staging *staging, const struct bulletin *original)
{
	reword(info, staging, original);
	drop_resources(info);
	mem_set_text(&info->web, NULL);
	info->response_count = 0;
	free(info->responses);
	info->responses = NULL;
	cap_info_add_response(info, CAP_ALL_CLEAR);
	info->urgency = CAP_PAST;
	info->effective = (struct cap_time){0};
	info->onset = (struct cap_time){0};
	info->expires = cap_time_china(original->expires + staging->after);
	if (staging->correction)
		draft_pair_set(&info->parameters, "correction", staging->correction);
}

static struct cap_alert *stage_one(const struct staging *staging, const struct bulletin *original,
        const struct cap_alert *alert)
{
	struct cap_alert *staged = cap_alert_copy(alert);

	mem_set_text(&staged->identifier, "");
	mem_set_text(&staged->references, "");
	mem_set_text(&staged->note, staging->note);
	staged->sent = (struct cap_time){0};
	staged->msg_type = CAP_CANCEL;
	for (size_t i = 0; i < staged->info_count; i++)
		stage_info(&staged->infos[i], staging, original);
	return staged;
}

bool stage_messages(const struct bulletin *original, const struct cap_alert *alert,
        struct staged_message out[STAGED_COUNT], struct err *err)
{
	memset(out, 0, STAGED_COUNT * sizeof out[0]);
	if (alert->msg_type != CAP_ALERT && alert->msg_type != CAP_UPDATE)
		return err_set(err, ERR_CONFLICT, "%s 是 %s，没有可以解除的内容",
		        "%s is a %s: there is nothing to lift", original->id,
		        cap_msg_type_text(alert->msg_type));
	if (alert->info_count == 0 || original->expires <= 0)
		return err_set(err, ERR_INPUT, "%s 没有 info 或失效时间，无法预备解除和更正",
		        "%s has no info or no expiry: its cancel and corrections cannot be "
		        "prepared",
		        original->id);
	for (size_t i = 0; i < STAGED_COUNT; i++) {
		out[i].as = stagings[i].as;
		out[i].alert = stage_one(&stagings[i], original, alert);
	}
	return true;
}

void staged_messages_finish(struct staged_message messages[STAGED_COUNT])
{
	for (size_t i = 0; i < STAGED_COUNT; i++) {
		cap_alert_destroy(&messages[i].alert);
		messages[i].as = NULL;
	}
}
