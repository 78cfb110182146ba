/* SPDX-License-Identifier: Apache-2.0
 * check_texts - every far side has exactly the text that was approved for it, and the flat view is
 * the message's own. For a relay nobody approved the texts, so they are rendered here again and
 * compared.
 */
#include "signing.h"

#include <string.h>

#include "text.h"

static bool flat_view(
        const struct signer *signer, const struct signing *s, struct view *view, struct err *err)
{
	char digest[DIGEST_HEX];

	view_init(view);
	flatten(s->alert, &s->facts, s->manifest.verb, s->manifest.mode, s->manifest.chain,
	        s->manifest.replaces, signer->public_url, view);
	view_digest(view, digest);
	if (strcmp(digest, s->manifest.view) == 0)
		return true;
	view_finish(view);
	return err_set(err, ERR_DENIED,
	        "签名拒绝：清单中的展示内容不是由该报文得出（规则：各渠道与报文同文）",
	        "not signed: the manifest's view is not the one this message gives (rule: every "
	        "channel says what the message "
	        "says)");
}

static const struct manifest_target *target_of(
        const struct signing *s, const struct bulletin_text *text, struct err *err)
{
	const struct manifest_target *found = manifest_target(&s->manifest, text->target);
	int times = 0;

	for (size_t i = 0; i < s->text_count; i++)
		times += strcmp(s->texts[i].target, text->target) == 0;
	if (found && times == 1)
		return found;
	err_set(err, ERR_DENIED,
	        "签名拒绝：对端“%s”的文本多余或重复（规则：每个对端恰有一份经批准的文本）",
	        "not signed: the text for \"%s\" is one too many (rule: each far side has exactly "
	        "one approved text)",
	        text->target);
	return NULL;
}

static bool rendered_same(const struct signer *signer, const struct manifest_target *target,
        const struct view *view, const char *body, struct err *err)
{
	const struct signer_style *own = signer_style(signer, target->name);
	struct text_style style = {.signature = "", .prefix = ""};
	struct text_fit fit;
	struct buf out;

	if (own)
		style = (struct text_style){own->signature, own->prefix, own->parts};
	buf_init(&out, 0);
	bool ok = text_render(target->kind, view, &style, &out, &fit, err);
	if (ok && (out.full || strcmp(out.data ? out.data : "", body) != 0))
		ok = err_set(err, ERR_DENIED,
		        "签名拒绝：对端“%s”的文本不是由上游报文得出（规则：转发不得增减）",
		        "not signed: the text for \"%s\" is not the one the upstream message gives "
		        "(rule: a relay adds nothing)",
		        target->name);
	buf_finish(&out);
	return ok;
}

/* What people approved may be worded otherwise than we would (a style that differs): then it is
 * looked through like the message itself (check_screen.c). */
static bool check_text(const struct signer *signer, struct signing *s,
        const struct bulletin_text *text, const struct view *view, struct err *err)
{
	const struct manifest_target *target = target_of(s, text, err);
	bool relay = s->manifest.procedure == PROCEDURE_RELAY;
	char digest[DIGEST_HEX];

	if (!target)
		return false;
	digest_sha256(text->body, strlen(text->body), digest);
	if (strcmp(digest, target->text) != 0)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：对端“%s”的文本与批准的不同（规则：所批即所发）",
		        "not signed: the text for \"%s\" is not the approved one (rule: what is "
		        "sent is what was approved)",
		        text->target);
	if (rendered_same(signer, target, view, text->body, relay ? err : NULL))
		return true;
	texts_add(&s->worded, text->target);
	return !relay;
}

static bool names_differ(const struct manifest *m, struct err *err)
{
	for (size_t i = 0; i < m->target_count; i++)
		if (manifest_target(m, m->targets[i].name) != &m->targets[i])
			return err_set(err, ERR_DENIED,
			        "签名拒绝：清单两次列出对端“%s”（规则：每个对端恰有一份文本）",
			        "not signed: the manifest lists \"%s\" twice (rule: each far side "
			        "has exactly one text)",
			        m->targets[i].name);
	return true;
}

bool check_texts(const struct signer *signer, struct signing *s, struct err *err)
{
	struct view view;

	if (!names_differ(&s->manifest, err))
		return false;
	if (s->text_count != s->manifest.target_count)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：清单有 %zu 个对端，送来 %zu "
		        "份文本（规则：每个对端恰有一份文本）",
		        "not signed: the manifest has %zu far sides, %zu texts came (rule: each "
		        "far side has exactly one text)",
		        s->manifest.target_count, s->text_count);
	if (!flat_view(signer, s, &view, err))
		return false;
	bool ok = true;
	for (size_t i = 0; ok && i < s->text_count; i++)
		ok = check_text(signer, s, &s->texts[i], &view, err);
	view_finish(&view);
	return ok;
}
