/* SPDX-License-Identifier: Apache-2.0
 * plain_text - see plain_text.h. Relies on a table that was checked when it was read: every part
 * has a general sentence. Where a name is not to be had in the language it stands as it was
 * written.
 */
#include "plain_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_china.h"
#include "plain.h"
#include "when.h"

enum { PARTS = 6 };

struct making {
	const struct plain_message *message;
	const struct view *view;
	const struct cap_info *info; /* what was issued */
	const char *language;
	const char *action;
	bool chinese;
	bool unapproved; /* that was said */
	struct cap_problems *notes;
};

static void note(struct making *m, const char *rule, const char *zh, const char *en)
{
	char *path = mem_format("/%s", m->language);

	cap_problem_put(m->notes, CAP_PROBLEM_NOTE, rule, path, zh, en);
	free(path);
}

/* What to do follows from the structured words of the message. */
static const char *action_of(const struct view *view, const struct cap_info *info)
{
	static const enum cap_response_type gravest[] = {CAP_EVACUATE, CAP_SHELTER, CAP_EXECUTE,
	        CAP_AVOID, CAP_PREPARE, CAP_MONITOR, CAP_ASSESS};

	if (view->verb == VERB_CORRECT || cap_pairs_find(&info->parameters, "correction"))
		return "Correction";
	if (view->verb == VERB_CANCEL)
		return cap_response_type_text(CAP_ALL_CLEAR);
	for (size_t i = 0; i < sizeof gravest / sizeof *gravest; i++)
		for (size_t k = 0; k < info->response_count; k++)
			if (info->responses[k] == gravest[i])
				return cap_response_type_text(gravest[i]);
	return "";
}

static struct phrase find(struct making *m, enum phrase_part part, const char *action)
{
	struct phrase_key key = {m->language, part, m->view->hazard, m->view->level, action};
	struct phrase phrase = {.text = "", .approved = true};

	phrases_find(m->message->phrases, &key, &phrase);
	if (!phrase.approved && !m->unapproved)
		note(m, "plain.unapproved",
		        "所用句子尚未经本单位批准（phrases.csv 的 approved 列）",
		        "sentences were used that the bureau has not approved yet (column approved "
		        "of phrases.csv)");
	m->unapproved = m->unapproved || !phrase.approved;
	return phrase;
}

/* A phrase with its one value in place; the caller's. */
static char *filled(struct making *m, enum phrase_part part, const char *name, const char *value)
{
	const char *const names[] = {name, NULL};
	const char *const values[] = {value};
	struct buf out;

	buf_init(&out, 0);
	phrase_fill(find(m, part, m->action).text, names, values, &out);
	return buf_take(&out);
}

static char *act(struct making *m)
{
	struct phrase phrase = find(m, PHRASE_ACT, m->action);

	if (phrase.general && !verb_ends_chain(m->view->verb))
		note(m, "plain.general", "没有针对该事件、级别和行动的句子，用了通用句子",
		        "there is no sentence for this hazard, level and action: the general one "
		        "stands");
	return mem_text(phrase.text);
}

static char *moment(const struct making *m, int64_t ms)
{
	char text[WHEN_TEXT];
	struct buf out;

	if (m->chinese) {
		buf_init(&out, 0);
		text_fill_sent(VIEW_SENT_MARK, ms, &out);
		return buf_take(&out);
	}
	when_text(ms, text);
	return mem_format("%.10s %.5s", text, text + 11);
}

/* Does the area's description name the division, alone or in a list? Then it is all of it. */
static bool names_whole(const char *desc, const char *name)
{
	static const char *const marks[] = {"、", "，", ",", " "};
	size_t len = strlen(name);

	for (const char *at = strstr(desc, name); at; at = strstr(at + len, name)) {
		bool starts = at == desc;
		bool ends = at[len] == '\0';

		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
			size_t mark = strlen(marks[i]);

			starts = starts || ((size_t)(at - desc) >= mark &&
			                           strncmp(at - mark, marks[i], mark) == 0);
			ends = ends || strncmp(at + len, marks[i], mark) == 0;
		}
		if (starts && ends)
			return true;
	}
	return false;
}

/* The name of the division where the area is all of it; else what it is called, and in which. */
static char *place_name(struct making *m, const struct view_area *area)
{
	const struct division *division = catalog_division(m->message->catalog, area->code);
	bool whole = division && names_whole(area->name, division->name_zh);

	if (m->chinese || (!whole && !division))
		return mem_text(area->name);
	if (whole)
		return mem_text(division->name_en);
	char *within = filled(m, PHRASE_WITHIN, "{area}", division->name_en);
	char *name = mem_format("%s (%s)", area->name, within);

	free(within);
	return name;
}

static char *where(struct making *m)
{
	struct buf names;
	bool foreign = false;

	buf_init(&names, 0);
	for (size_t i = 0; i < m->view->area_count; i++) {
		const struct view_area *area = &m->view->areas[i];

		if (i && m->chinese && strcmp(area[-1].name, area->name) == 0)
			continue;
		char *name = place_name(m, area);

		foreign = foreign || (!m->chinese && strstr(name, area->name));
		buf_format(&names, "%s%s", names.len ? m->chinese ? "、" : ", " : "", name);
		free(name);
	}
	if (foreign)
		note(m, "plain.place", "地名没有该语言的写法，照原文",
		        "a place has no name in this language: it stands as it was written");
	char *text = names.len ? filled(m, PHRASE_WHERE, "{areas}", names.data) : mem_text("");

	buf_finish(&names);
	return text;
}

/* When it is over nothing is in force; the issuer's sentence has its time. */
static char *until(struct making *m)
{
	if (verb_ends_chain(m->view->verb))
		return mem_text(" ");
	if (!m->view->expires)
		return mem_text(find(m, PHRASE_OPEN, m->action).text);
	char *end = moment(m, m->view->expires);
	char *text = filled(m, PHRASE_UNTIL, "{until}", end);

	free(end);
	return text;
}

static char *what(struct making *m)
{
	static const char *const names[] = {"{hazard}", "{level}", "{grade}", NULL};
	const struct hazard *hazard = catalog_hazard(m->message->catalog, m->view->hazard);
	bool graded = m->view->level != LEVEL_NONE;
	const char *const values[] = {hazard && m->chinese ? hazard->name_zh
	                              : hazard             ? hazard->name_en
	                                                   : find(m, PHRASE_EVENT, "").text,
	        graded ? find(m, PHRASE_LEVEL, "").text : "",
	        graded ? find(m, PHRASE_GRADE, "").text : ""};
	struct buf out;

	if (!hazard)
		note(m, "plain.hazard", "不知道事件编码，只写了统称",
		        "the event's code is not known: it is called by the general word");
	buf_init(&out, 0);
	phrase_fill(find(m, PHRASE_WHAT, m->action).text, names, values, &out);
	return buf_take(&out);
}

/* The issuer's name in the language, when the message has it. */
static const char *issuer_name(struct making *m)
{
	const struct cap_alert *alert = m->message->alert;

	for (size_t i = 0; !m->chinese && i < alert->info_count; i++) {
		const struct cap_info *info = &alert->infos[i];
		const char *language = info->language && *info->language ? info->language : "en-US";

		if (info->sender_name && strncasecmp(language, m->language, 2) == 0)
			return info->sender_name;
	}
	if (!m->chinese)
		note(m, "plain.issuer", "发布单位没有该语言的名称，照原文",
		        "the issuer has no name in this language: it stands as it was written");
	return m->view->sender_name;
}

static char *issuer(struct making *m)
{
	static const char *const names[] = {"{issuer}", "{sent}", NULL};
	char *sent = m->view->sent ? moment(m, m->view->sent)
	                           : mem_text(m->chinese ? VIEW_SENT_MARK : VIEW_SENT_ISO_MARK);
	const char *const values[] = {issuer_name(m), sent};
	struct buf out;

	buf_init(&out, 0);
	if (*values[0])
		phrase_fill(find(m, PHRASE_ISSUER, m->action).text, names, values, &out);
	free(sent);
	return buf_take(&out);
}

/* A contact that is a number and no more; anything else is free text. */
static bool is_number(const char *text)
{
	return strspn(text, "0123456789+-() /,;") == strlen(text) &&
	       strcspn(text, "0123456789") < strlen(text);
}

static char *call(struct making *m)
{
	const char *contact = m->view->contact;
	const char *general = find(m, PHRASE_CALL, m->action).text;

	if (!*contact || !is_number(contact)) {
		if (*contact)
			note(m, "plain.number", "联系方式不只是号码，未采用",
			        "the contact is more than a number: it was left out");
		return mem_text(general);
	}
	char *own = filled(m, PHRASE_NUMBER, "{number}", contact);
	char *both = mem_format("%s%s%s", own, m->chinese ? "" : " ", general);

	free(own);
	return both;
}

/* As it was issued, to the letter; what to do once more where it stands apart. */
static char *original(const struct making *m)
{
	const char *description = m->info->description ? m->info->description : "";
	const char *instruction = m->info->instruction ? m->info->instruction : "";

	if (!*instruction || strstr(description, instruction))
		return mem_text(description);
	return mem_format("%s%s%s", description, *description ? "\n" : "", instruction);
}

static const char *drill(struct making *m)
{
	return m->view->mode == MODE_LIVE ? ""
	                                  : find(m, PHRASE_DRILL, mode_text(m->view->mode)).text;
}

static bool put_together(
        struct making *m, size_t limit, struct buf *out, struct text_fit *fit, struct err *err)
{
	char *parts[PARTS] = {act(m), where(m), until(m), what(m), issuer(m), call(m)};
	char *below = original(m);
	struct plain plain = {.drill = drill(m),
	        .act = parts[0],
	        .where = parts[1],
	        .until = parts[2],
	        .what = parts[3],
	        .issuer = parts[4],
	        .call = parts[5],
	        .original_head = find(m, PHRASE_ORIGINAL, "").text,
	        .original = below};
	bool ok = plain_compose(&plain, limit, out, fit, err);

	if (ok && fit->shortened)
		note(m, "plain.shortened", "为不超过上限略去了后面的句子和原文",
		        "to keep within the limit what was issued, and last sentences, were left "
		        "out");
	for (size_t i = 0; i < PARTS; i++)
		free(parts[i]);
	free(below);
	return ok;
}

/* false: *err, the table does not speak the language. */
static bool begin(struct making *m, const struct plain_message *message, const char *language,
        struct cap_problems *notes, struct err *err)
{
	struct buf known;

	*m = (struct making){.message = message,
	        .view = message->view,
	        .info = cap_china_info(message->alert),
	        .language = language,
	        .chinese = strncasecmp(language, "zh", 2) == 0,
	        .notes = notes};
	if (phrases_speak(message->phrases, language) && m->info) {
		m->action = action_of(message->view, m->info);
		return true;
	}
	buf_init(&known, 0);
	phrases_languages(message->phrases, &known);
	err_set(err, ERR_INPUT, "phrases.csv 没有语言“%s”，有：%s",
	        "phrases.csv has no language \"%s\"; it has: %s", language,
	        known.data ? known.data : "");
	buf_finish(&known);
	return false;
}

bool plain_text(const struct plain_message *message, const char *language, size_t limit,
        struct buf *out, struct text_fit *fit, struct cap_problems *notes, struct err *err)
{
	struct making making;
	struct text_fit unused;

	return begin(&making, message, language, notes, err) &&
	       put_together(&making, limit, out, fit ? fit : &unused, err);
}

bool plain_sentences(const struct plain_message *message, const char *language,
        struct plain_sentences *out, struct cap_problems *notes, struct err *err)
{
	struct making m;

	*out = (struct plain_sentences){0};
	if (!begin(&m, message, language, notes, err))
		return false;
	*out = (struct plain_sentences){.drill = mem_text(drill(&m)),
	        .act = act(&m),
	        .where = where(&m),
	        .until = until(&m),
	        .what = what(&m),
	        .call = call(&m)};
	return true;
}

void plain_sentences_finish(struct plain_sentences *sentences)
{
	free(sentences->drill);
	free(sentences->act);
	free(sentences->where);
	free(sentences->until);
	free(sentences->what);
	free(sentences->call);
	*sentences = (struct plain_sentences){0};
}
