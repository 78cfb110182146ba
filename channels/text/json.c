/* SPDX-License-Identifier: Apache-2.0
 * json - the flat view as one JSON object, for webhooks and MQTT subscribers (docs/SUBSCRIBERS.md).
 *
 * Words as in terms.h, moments as RFC 3339 at +08:00 or null. Nothing is shortened. `references`
 * stays out: it is not known yet when the text is approved.
 */
#include "renderers.h"

#include "when.h"

static void moment(struct buf *out, const char *name, int64_t ms)
{
	char text[WHEN_TEXT];

	if (!ms) {
		buf_format(out, "\"%s\":null,", name);
		return;
	}
	when_text(ms, text);
	text_json_member(out, name, text);
}

static void put_terms(const struct view *view, struct buf *out)
{
	text_json_member(out, "identifier", view->identifier);
	text_json_member(out, "chain", view->chain);
	text_json_member(out, "replaces", view->replaces);
	text_json_member(out, "status", mode_status(view->mode));
	text_json_member(out, "mode", mode_text(view->mode));
	text_json_member(out, "verb", verb_text(view->verb));
	text_json_member(out, "kind", kind_text(view->kind));
	text_json_member(out, "level", level_text(view->level));
	text_json_member(out, "level_zh", level_zh(view->level));
	text_json_member(out, "hazard", view->hazard);
	text_json_member(out, "event", view->event);
	text_json_member(out, "category", view->category);
	text_json_member(out, "urgency", view->urgency);
	text_json_member(out, "severity", view->severity);
	text_json_member(out, "certainty", view->certainty);
	text_json_member(out, "language", view->language);
}

static void put_words(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;
	struct buf headline;

	buf_init(&headline, 0);
	buf_text(&headline, mode_banner(view->mode));
	words_headline(view, &headline);
	text_json_member(out, "caution", words_caution(view->mode));
	text_json_member(out, "headline", headline.data ? headline.data : "");
	text_json_member(out, "sender", view->sender);
	text_json_member(out, "sender_name", view->sender_name);
	text_json_member(out, "description", draft->description);
	text_json_member(out, "instruction", draft->instruction);
	text_json_member(out, "contact", view->contact);
	text_json_member(out, "web", view->web);
	buf_finish(&headline);
}

static void compose(const struct draft *draft, struct buf *out)
{
	const struct view *view = draft->view;

	buf_text(out, "{\"version\":1,");
	put_terms(view, out);
	put_words(draft, out);
	text_json_member(out, "sent", VIEW_SENT_ISO_MARK);
	moment(out, "effective", view->effective);
	moment(out, "onset", view->onset);
	moment(out, "expires", view->expires);
	buf_text(out, "\"areas\":[");
	for (size_t i = 0; i < view->area_count; i++) {
		buf_text(out, i ? ",{" : "{");
		text_json_member(out, "code", view->areas[i].code);
		text_json_member(out, "name", view->areas[i].name);
		buf_text(out, "\"polygon\":");
		text_json_string(out, view->areas[i].polygon);
		buf_char(out, '}');
	}
	buf_text(out, "]}");
}

bool render_json(const struct view *view, const struct text_style *style, struct buf *out,
        struct text_fit *fit, struct err *err)
{
	if (!words_fit(view, style, compose, words_bytes, TEXT_MOST_BYTES, out, fit, err))
		return false;
	if (!fit->shortened)
		return true;
	return err_set(err, ERR_TOO_BIG, "文字过长：超过 %d 字节",
	        "the text is too long: over %d bytes", fit->limit);
}
