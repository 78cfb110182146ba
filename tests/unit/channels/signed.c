/* SPDX-License-Identifier: Apache-2.0
 * signed - see signed.h.
 */
#include "signed.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "when.h"

static void set(char **place, const char *text)
{
	free(*place);
	*place = mem_text(text);
}

static const char *or_else(const char *text, const char *fallback)
{
	return text ? text : fallback;
}

static void make_view(struct view *view, const struct signed_wish *wish)
{
	view_init(view);
	set(&view->identifier, or_else(wish->identifier, "12000041600000_20261123090000"));
	set(&view->chain, or_else(wish->chain, view->identifier));
	set(&view->replaces, or_else(wish->replaces, ""));
	set(&view->hazard, "11B03");
	set(&view->event, "暴雨");
	set(&view->sender, "alerts@example.cn");
	set(&view->sender_name, "天津市气象台");
	set(&view->headline, "天津市气象台发布暴雨预警");
	set(&view->description, "预计今天夜间有暴雨。");
	set(&view->instruction, "请减少外出。");
	set(&view->category, "Met");
	set(&view->urgency, "Expected");
	set(&view->severity, "Severe");
	set(&view->certainty, "Likely");
	set(&view->language, "zh-CN");
	view->verb = wish->verb;
	view->mode = wish->mode;
	view->kind = KIND_WARNING;
	view->level = wish->level ? wish->level : LEVEL_ORANGE;
	view->sent = wish->sent ? wish->sent : when_now() / 60000 * 60000;
	view->effective = view->sent;
	view->expires = wish->expires ? wish->expires : view->sent + 3600000;
	for (size_t i = 0; i == 0 || (i < 4 && wish->areas[i]); i++) {
		struct view_area *area = view_add_area(view);
		set(&area->code, or_else(wish->areas[i], "120116"));
		set(&area->name, "滨海新区");
	}
}

static char *make_text(const struct view *view, const struct signed_wish *wish, const char *kind)
{
	struct buf out, filled;

	if (wish->text)
		return mem_text(wish->text);
	buf_init(&out, 0);
	buf_init(&filled, 0);
	if (text_render(kind, view, NULL, &out, NULL, NULL))
		text_fill_sent(out.data, view->sent, &filled);
	buf_finish(&out);
	return buf_take(&filled);
}

static void make_audience(
        struct signed_bulletin *b, const struct signed_wish *wish, struct manifest_target *target)
{
	int times = wish->times ? wish->times : 1;
	char hex[DIGEST_HEX];

	for (int i = 0; i < 4 * times; i++) {
		const char *lines = wish->blocks[i % 4];
		if (!lines)
			continue;
		digest_sha256(lines, strlen(lines), hex);
		digest_pack(hex, mem_push(&b->blocks, &b->block_count, DIGEST_BYTES));
		for (; *lines; lines++)
			target->audience_count += *lines == '\n';
	}
	if (b->block_count)
		digest_of_list(b->blocks, b->block_count, target->audience);
}

static void make_manifest(
        struct signed_bulletin *b, const struct signed_wish *wish, const char *kind)
{
	const struct view *view = &b->shown.view;
	struct manifest m;
	struct buf out;

	manifest_init(&m);
	m.identifier = mem_text(view->identifier);
	m.sender = mem_text(view->sender);
	m.status = mem_text(view->mode == MODE_LIVE   ? "Actual"
	                    : view->mode == MODE_TEST ? "Test"
	                                              : "Exercise");
	m.mode = view->mode;
	m.verb = view->verb;
	m.kind = view->kind;
	m.hazard = mem_text(view->hazard);
	m.level = view->level;
	m.unit = mem_text("tj-met");
	m.drafter = mem_text("li");
	m.source = mem_text("");
	m.incident = mem_text("");
	m.chain = mem_text(view->chain);
	m.replaces = mem_text(view->replaces);
	m.expires = view->expires;
	m.sent = view->sent;
	for (size_t i = 0; i < view->area_count; i++)
		texts_add(&m.areas, view->areas[i].code);
	struct manifest_target *target = mem_push(&m.targets, &m.target_count, sizeof *target);
	target->name = mem_text(or_else(wish->target, "far"));
	target->kind = mem_text(kind);
	digest_sha256(b->text, strlen(b->text), target->text);
	make_audience(b, wish, target);
	digest_sha256(b->cap, strlen(b->cap), m.cap);
	view_digest(view, m.view);
	buf_init(&out, 0);
	manifest_write(&m, &out);
	b->manifest = buf_take(&out);
	manifest_finish(&m);
}

void signed_make(struct signed_bulletin *b, const struct key *key, const struct signed_wish *wish)
{
	const char *kind = or_else(wish->kind, "website");

	*b = (struct signed_bulletin){.id = mem_text(or_else(wish->id, "b1"))};
	make_view(&b->shown.view, wish);
	b->cap = mem_format("<alert "
	                    "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>%s</"
	                    "identifier></alert>",
	        b->shown.view.identifier);
	b->text = make_text(&b->shown.view, wish, kind);
	make_manifest(b, wish, kind);
	b->signature = key ? key_sign(key, b->manifest, strlen(b->manifest)) : mem_text("");
	b->shown.cap = b->cap;
	b->shown.cap_len = strlen(b->cap);
	b->shown.manifest = b->manifest;
}

void signed_finish(struct signed_bulletin *b)
{
	view_finish(&b->shown.view);
	free(b->id);
	free(b->cap);
	free(b->manifest);
	free(b->signature);
	free(b->text);
	free(b->blocks);
	*b = (struct signed_bulletin){0};
}

void signed_digest(
        const struct channel_bulletin *const *active, size_t count, char digest[DIGEST_HEX])
{
	struct buf text;

	buf_init(&text, 0);
	for (size_t i = 0; i < count; i++)
		buf_format(&text, "%s\n", active[i]->view.identifier);
	digest_sha256(text.data ? text.data : "", text.len, digest);
	buf_finish(&text);
}
