/* SPDX-License-Identifier: Apache-2.0
 * text - see text.h: the table of kinds, what every text needs, and the moment of release.
 *
 * Fails, with the sentence, when a bulletin lacks what no text may lack, or does not fit.
 */
#include "text.h"

#include <stdio.h>
#include <string.h>

#include "renderers.h"
#include "when.h"

static const struct {
	const char *kind;
	const char *unit;
	renderer *render;
} kinds[] = {
        {"sms", "units16", render_sms},
        {"weibo", "weibo", render_weibo},
        {"wechat", "characters", render_wechat},
        {"wecom", "bytes", render_wecom},
        {"webhook", "bytes", render_json},
        {"mqtt", "bytes", render_json},
        {"website", "bytes", render_page},
        {"manual", "bytes", render_speech},
};

/* Promise 8 of the house: an area that is missing stops the send. The others the law names
 * (突发事件应对法, article 64). */
static bool check_view(const struct view *view, struct err *err)
{
	bool areas = view->area_count > 0;

	for (size_t i = 0; i < view->area_count; i++)
		areas = areas && view->areas[i].name[0];
	if (!areas)
		return err_set(err, ERR_INPUT, "没有区域，或区域没有名称，不能成文",
		        "an area is missing or has no name");
	if (!view->sender_name[0])
		return err_set(err, ERR_INPUT, "没有发布单位名称，不能成文",
		        "the issuer's name is missing");
	if (!view->identifier[0])
		return err_set(err, ERR_INPUT, "没有编号，不能成文", "the identifier is missing");
	if (!kind_takes_level(view->kind, view->level))
		return err_set(err, ERR_INPUT, "信息类别 %s 与级别 %s 不相配",
		        "the kind %s does not go with the level %s", kind_text(view->kind),
		        level_text(view->level));
	if (view->level != LEVEL_NONE && !view->event[0])
		return err_set(
		        err, ERR_INPUT, "没有事件名称，不能成文", "the event's name is missing");
	return true;
}

bool text_render(const char *kind, const struct view *view, const struct text_style *style,
        struct buf *out, struct text_fit *fit, struct err *err)
{
	static const struct text_style plain = {0};
	struct text_fit unused;
	struct buf text;

	fit = fit ? fit : &unused;
	*fit = (struct text_fit){.parts = 1};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		snprintf(fit->unit, sizeof fit->unit, "%s", kinds[i].unit);
		if (!check_view(view, err))
			return false;
		buf_init(&text, 0);
		bool done = kinds[i].render(view, style ? style : &plain, &text, fit, err);
		if (done)
			buf_add(out, text.data, text.len);
		buf_finish(&text);
		return done;
	}
	return err_set(err, ERR_INPUT, "渠道“%s”没有文字形式",
	        "channels of kind \"%s\" have no text", kind);
}

static void put_chinese(int64_t sent, struct buf *out)
{
	struct civil c = when_civil(sent, 8 * 60);

	buf_format(out, "%04d年%02d月%02d日%02d时%02d分", c.year, c.month, c.day, c.hour, c.minute);
}

void text_fill_sent(const char *text, int64_t sent, struct buf *out)
{
	static const size_t iso_head = sizeof VIEW_SENT_ISO_MARK - sizeof VIEW_SENT_MARK;
	char iso[WHEN_TEXT];
	const char *mark;

	when_text(sent, iso);
	while ((mark = strstr(text, VIEW_SENT_MARK))) {
		size_t before = (size_t)(mark - text);
		bool machine = before >= iso_head &&
		               memcmp(mark - iso_head, VIEW_SENT_ISO_MARK, iso_head) == 0;
		buf_add(out, text, machine ? before - iso_head : before);
		if (machine)
			buf_text(out, iso);
		else
			put_chinese(sent, out);
		text = mark + strlen(VIEW_SENT_MARK);
	}
	buf_text(out, text);
}
