/* SPDX-License-Identifier: Apache-2.0
 * words - see words.h: the phrases. Forms follow what Chinese warning stations write
 * (天津市气象台2026年11月23日09时00分发布暴雨橙色预警); nothing of the approved words is changed.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

bool words_dropped(uint32_t c)
{
	if (c == '\n')
		return false;
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || /* C0, DEL, C1: ANSI and SMS control */
	       c == 0x061c || c == 0x200b || c == 0x200e || c == 0x200f || /* direction marks */
	       (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || /* overrides, isolates */
	       c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe ||
	       (c >= 0xfdd0 && c <= 0xfdef) ||
	       (c >= 0xe0000 && c <= 0xe0fff); /* tags, not characters */
}

static bool blank(char c)
{
	return c == ' ' || c == '\n';
}

char *words_clean(const char *text)
{
	struct buf out;
	char bytes[5];
	uint32_t c;

	buf_init(&out, 0);
	while ((c = utf8_next(&text))) {
		c = c == '\r' && *text != '\n'                ? '\n'
		    : c == 0x2028 || c == 0x2029 || c == 0x85 ? '\n'
		                                              : c;
		c = c == '\t' ? ' ' : c;
		if (!words_dropped(c) && (out.len || c > 0x7f || !blank((char)c)))
			buf_add(&out, bytes, utf8_put(c, bytes));
	}
	while (out.len && blank(out.data[out.len - 1]))
		out.data[--out.len] = '\0';
	return buf_take(&out);
}

void words_line(struct buf *out, const char *text)
{
	char *clean = words_clean(text);

	for (const char *p = clean; *p; p++) {
		if (*p != '\n')
			buf_char(out, *p);
		else if (!blank(p[1]))
			buf_char(out, ' ');
	}
	free(clean);
}

void words_end(struct buf *out)
{
	static const char *const ends[] = {"。", "！", "？", "；", "：", "!", "?", ".", ";", "\n"};

	if (!out->len)
		return;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t len = strlen(ends[i]);
		if (out->len >= len && memcmp(out->data + out->len - len, ends[i], len) == 0)
			return;
	}
	buf_text(out, "。");
}

const char *words_unmarked(enum mode mode, const char *text)
{
	const char *banner = mode_banner(mode);
	size_t len = strlen(banner);

	while (len && strncmp(text, banner, len) == 0)
		text += len;
	return text;
}

void words_headline(const struct view *view, struct buf *out)
{
	words_line(out, words_unmarked(view->mode, view->headline));
}

const char *words_caution(enum mode mode)
{
	return mode == MODE_EXERCISE ? "这是演练，不是真实情况。"
	       : mode == MODE_TEST   ? "这是测试，不是真实情况。"
	                             : "";
}

const char *words_grade(enum level level)
{
	static const char *const grades[] = {"", "一般", "较重", "严重", "特别严重"};

	return grades[level_rank(level)];
}

/* "暴雨橙色预警", "防汛Ⅱ级应急响应", "事实通报" */
static void subject(const struct view *view, struct buf *out)
{
	if (view->level != LEVEL_NONE) {
		words_line(out, view->event);
		buf_text(out, level_zh(view->level));
	}
	buf_text(out, kind_zh(view->kind));
}

void words_act(const struct view *view, struct buf *out)
{
	bool response = view->kind == KIND_RESPONSE;
	const char *act = response && view->verb == VERB_PUBLISH  ? "启动"
	                  : response && view->verb == VERB_UPDATE ? "调整为"
	                                                          : verb_zh(view->verb);

	buf_text(out, act);
	subject(view, out);
}

void words_who_says(const struct view *view, struct buf *out)
{
	buf_text(out, mode_banner(view->mode));
	words_line(out, view->sender_name);
	buf_text(out, "：");
	subject(view, out);
}

void words_matter(const struct view *view, struct buf *out)
{
	words_act(view, out);
	if (!view->headline[0] || (view->level != LEVEL_NONE && view->verb != VERB_CORRECT))
		return;
	buf_text(out, "：");
	words_headline(view, out);
}

void words_origin(const struct view *view, struct buf *out)
{
	words_line(out, view->sender_name);
	buf_text(out, VIEW_SENT_MARK);
	words_act(view, out);
}

void words_lead(const struct view *view, struct buf *out)
{
	words_line(out, view->sender_name);
	buf_text(out, VIEW_SENT_MARK);
	words_matter(view, out);
}

bool words_is_link(const char *text)
{
	if (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0)
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text >= 0x7f || strchr("#@()[]<>\"'`\\^{|}*", *text))
			return false;
	return true;
}

void words_areas(const struct view *view, struct buf *out)
{
	for (size_t i = 0; i < view->area_count; i++) {
		/* One area in several divisions bears one name. */
		if (i && strcmp(view->areas[i - 1].name, view->areas[i].name) == 0)
			continue;
		if (i)
			buf_text(out, "、");
		words_line(out, view->areas[i].name);
	}
}
