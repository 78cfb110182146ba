/* SPDX-License-Identifier: Apache-2.0
 * check_screen - the secrecy screen once more, by our own tables and our own policy's hotlines:
 * whoever has taken tocsind's place could leave the manifest's line "screening held" out, and what
 * it found itself is nothing we were told.
 *
 * The texts are those tocsind looks through (screen_alert), and what a far side is told in other
 * words than this message gives. What several bulletins tell together we cannot see: there is no
 * record here. Refuses with the first place, never with what stands there.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "free_text.h"
#include "screen.h"
#include "utf8.h"

static char *words_of(const struct screen_hit *hit, const char *text)
{
	const char *first = text;

	for (size_t i = 0; i < hit->start; i++)
		utf8_next(&first);
	const char *end = first;
	for (size_t i = 0; i < hit->len; i++)
		utf8_next(&end);
	return mem_text_n(first, (size_t)(end - first));
}

static bool says(const struct free_texts *texts, const char *words)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strstr(texts->items[i].text, words))
			return true;
	return false;
}

/* What the message says in the same words was looked at there, among its own neighbours: a number
 * that is none in an English text may look like one beside Chinese. */
static void look_at_text(const struct free_texts *message, const struct screen_rules *rules,
        const struct bulletin_text *text, struct screen_found *found)
{
	char *path = mem_format("target[%s]", text->target);
	struct screen_found own = {0};

	screen_text(path, text->body, rules, &own);
	for (size_t i = 0; i < own.hit_count; i++) {
		const struct screen_hit *hit = &own.hits[i];
		char *words = words_of(hit, text->body);
		if (!says(message, words))
			screen_add_hit(
			        found, hit->rule, path, hit->start, hit->len, hit->zh, hit->en);
		free(words);
	}
	screen_found_finish(&own);
	free(path);
}

static void look(const struct signer *signer, const struct signing *s, struct screen_found *found)
{
	struct screen_rules rules = {signer->screen, &signer->policy->hotline_numbers};
	struct free_texts message;

	screen_alert(s->alert, &rules, found);
	free_texts_of(s->alert, &message);
	for (size_t i = 0; i < s->text_count; i++)
		if (texts_have(&s->worded, s->texts[i].target))
			look_at_text(&message, &rules, &s->texts[i], found);
	free_texts_finish(&message);
}

static bool original_hits(const struct signer *signer, const struct signing *s)
{
	struct screen_rules rules = {signer->screen, &signer->policy->hotline_numbers};
	struct screen_found found = {0};

	screen_alert(s->originals[0].alert, &rules, &found);
	bool hit = found.hit_count > 0;
	screen_found_finish(&found);
	return hit;
}

static bool unowned(const struct screen_hit *hit, struct err *err)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：签名进程自行筛查，%s %s（%s）%.0s，而清单没有 screening "
	        "held（规则：筛查命中须经放行）。请退回该稿重新提交；如仍如此，请核对两边的筛查表",
	        "not signed: the signer's own screen found something, %s %.0s(%s) %s, but the "
	        "manifest does not say \"screening held\" (rule: a hit is overridden by people or "
	        "stays). Return the draft and submit it again; where that does not help, compare "
	        "the tables of both sides",
	        hit->path, hit->zh, hit->rule, hit->en);
}

static bool not_the_originals(const struct screen_hit *hit, struct err *err)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：预拟的解除或更正用语中，%s %s（%s）%.0s，而其原消息并无此类内容"
	        "（规则：解除和更正不得多说）",
	        "not signed: in the words staged with it, %s %.0s(%s) %s, and their original says "
	        "nothing of the kind (rule: a cancel or correction tells no more)",
	        hit->path, hit->zh, hit->rule, hit->en);
}

static bool relay_held(const struct signing *s, const struct screen_hit *hit, struct err *err)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：来源“%s”的报文被筛查扣住，%s %s（%s）%.0s（规则：被扣住的转发由人处理）",
	        "not signed: the screen holds this message of \"%s\", %s %.0s(%s) %s (rule: a "
	        "relay that is held waits for people)",
	        s->manifest.source, hit->path, hit->zh, hit->rule, hit->en);
}

/* Condition 6 is not asked of what ends something: not of a relay's cancel, and one person must be
 * able to send the words staged with a message. Those are made of the original's own; so a hit in
 * them was overridden with it, or the tables or hotlines have changed since. */
static bool hit_may_stand(const struct signer *signer, const struct signing *s,
        const struct screen_hit *hit, struct err *err)
{
	if (signing_is_staged(s))
		return s->originals[0].manifest.held || original_hits(signer, s) ||
		       not_the_originals(hit, err);
	if (s->manifest.procedure == PROCEDURE_RELAY)
		return verb_ends_chain(s->manifest.verb) || relay_held(s, hit, err);
	return s->manifest.held || unowned(hit, err);
}

bool check_screen(const struct signer *signer, struct signing *s, struct err *err)
{
	struct screen_found found = {0};

	look(signer, s, &found);
	s->hit = found.hit_count > 0;
	bool ok = !s->hit || hit_may_stand(signer, s, &found.hits[0], err);
	screen_found_finish(&found);
	return ok;
}
