/* SPDX-License-Identifier: Apache-2.0
 * preview_plain - the message in each language of the table of sentences, for whoever writes it: to
 * be read out, put up, handed to those who serve foreigners. Nothing of it is sent by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "flatten.h"
#include "phrases.h"
#include "plain_text.h"
#include "preview.h"

static void add_version(
        struct preview *p, const struct plain_message *message, const char *language)
{
	struct plain_version *version = mem_push(&p->plain, &p->plain_count, sizeof *p->plain);
	struct err cause = {0};
	struct buf out;

	*version = (struct plain_version){.language = mem_text(language)};
	buf_init(&out, 0);
	if (plain_text(message, language, 0, &out, NULL, &version->notes, &cause))
		version->text = buf_take(&out);
	else
		cap_problem_put(&version->notes, CAP_PROBLEM_ERROR, "plain.refused", "/alert",
		        cause.zh, cause.en);
	buf_finish(&out);
}

void preview_plain(const struct house *house, const struct cap_alert *alert, struct preview *p)
{
	const struct bulletin *b = p->bulletin;
	struct cap_facts facts = {0};
	struct buf languages;
	struct view view;
	struct err err;

	if (!house->phrases || !cap_facts_read_settled(alert, &b->areas, &facts, &err))
		return;
	view_init(&view);
	flatten(alert, &facts, b->verb, b->mode, b->chain, b->replaces, house->config->public_url,
	        &view);
	struct plain_message message = {alert, &view, house->catalog, house->phrases};
	buf_init(&languages, 0);
	phrases_languages(house->phrases, &languages);
	for (const char *at = languages.data; at && *at;) {
		size_t len = strcspn(at, " ");
		char *language = mem_text_n(at, len);
		add_version(p, &message, language);
		free(language);
		at += len + (at[len] == ' ');
	}
	buf_finish(&languages);
	view_finish(&view);
	cap_facts_finish(&facts);
}

void preview_plain_finish(struct preview *p)
{
	for (size_t i = 0; i < p->plain_count; i++) {
		free(p->plain[i].language);
		free(p->plain[i].text);
		cap_problems_finish(&p->plain[i].notes);
	}
	free(p->plain);
	p->plain = NULL;
	p->plain_count = 0;
}
