/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_language - is a text in the language it is said to be in (cap_rules.h)? By the letters
 * alone: what cannot be told from them is not said. Cannot fail.
 */
#include <string.h>
#include <strings.h>

#include "cap_rules.h"
#include "utf8.h"

/* Ranges of characters, up to four to a script. */
struct script {
	const char *languages; /* primary subtags of two letters, a blank behind each */
	struct {
		uint32_t from, to;
	} ranges[4];
};

#define HAN                                                                                        \
	{0x3400, 0x9fff},                                                                          \
	{                                                                                          \
		0x20000, 0x323af                                                                   \
	}

static const struct script scripts[] = {
        {"zh ", {HAN}},
        {"ja ", {HAN, {0x3041, 0x30ff}}},
        {"ko ", {{0x1100, 0x11ff}, {0x3130, 0x318f}, {0xac00, 0xd7af}}},
        {"ru uk be bg mk ", {{0x0400, 0x052f}}},
        {"el ", {{0x0370, 0x03ff}, {0x1f00, 0x1fff}}},
        {"he ", {{0x0590, 0x05ff}}},
        {"ar fa ur ", {{0x0600, 0x077f}, {0xfb50, 0xfdff}, {0xfe70, 0xfefc}}},
        {"hi mr ne ", {{0x0900, 0x097f}}},
        {"bn ", {{0x0980, 0x09ff}}},
        {"ta ", {{0x0b80, 0x0bff}}},
        {"th ", {{0x0e00, 0x0e7f}}},
        {"lo ", {{0x0e80, 0x0eff}}},
        {"my ", {{0x1000, 0x109f}}},
        {"ka ", {{0x10a0, 0x10ff}, {0x1c90, 0x1cbf}}},
        {"am ", {{0x1200, 0x139f}}},
        {"km ", {{0x1780, 0x17ff}}},
        {"hy ", {{0x0530, 0x058f}}},
};

void cap_rule_language_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->language))
		cap_found(look, "language", 0, NULL);
}

static bool in_script(const struct script *script, uint32_t c)
{
	for (size_t i = 0; i < sizeof script->ranges / sizeof *script->ranges; i++) {
		if (c >= script->ranges[i].from && c <= script->ranges[i].to && c)
			return true;
	}
	return false;
}

static bool holds(const struct script *script, const char *text)
{
	while (text && *text) {
		if ((unsigned char)*text < 0x80)
			text++;
		else if (in_script(script, utf8_next(&text)))
			return true;
	}
	return false;
}

static bool holds_han(const struct cap_look *look, size_t text, const char *words)
{
	unsigned marks = look->marks->texts[text];

	return marks & CAP_MARK_HAN || (marks & CAP_MARK_OTHER && holds(&scripts[0], words));
}

/* Japanese and Korean may hold Chinese characters too: only English and "not said" are surely
 * wrong. */
void cap_rule_language_mismatch(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (cap_language_is(cap_language(info), "en") &&
	        (holds_han(look, CAP_TEXT_HEADLINE, info->headline) ||
	                holds_han(look, CAP_TEXT_DESCRIPTION, info->description)))
		cap_found(look, "language", 0, info->language);
}

/* NULL: one of Latin letters, as most are, or not known. */
static const struct script *script_of(const char *language)
{
	size_t len = strcspn(language, "-");

	if (len < 2 || len > 3 || strcasestr(language, "-Latn"))
		return NULL;
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		for (const char *at = scripts[i].languages; *at; at += 3) {
			if (len == 2 && strncasecmp(at, language, 2) == 0)
				return &scripts[i];
		}
	}
	return NULL;
}

/* Only where Latin letters stand, accents or not: a text of figures is in no script. */
void cap_rule_language_script(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	unsigned marks =
	        look->marks->texts[CAP_TEXT_HEADLINE] | look->marks->texts[CAP_TEXT_DESCRIPTION];
	const struct script *script =
	        marks & (CAP_MARK_LATIN | CAP_MARK_ACCENT) ? script_of(cap_language(info)) : NULL;

	if (!script || (script == &scripts[0] && marks & CAP_MARK_HAN))
		return;
	if (!holds(script, info->headline) && !holds(script, info->description))
		cap_found(look, "language", 0, info->language);
}

void cap_rule_language_same_text(const struct cap_look *look)
{
	const struct cap_info *first = look->alert->infos;

	for (size_t i = 1; i < look->alert->info_count; i++) {
		const struct cap_info *info = &look->alert->infos[i];

		if (strcasecmp(cap_language(info), cap_language(first)) != 0 &&
		        (cap_same_text(info->description, first->description) ||
		                cap_same_text(info->headline, first->headline)))
			cap_found(look, "info", i + 1, cap_language(info));
	}
}
