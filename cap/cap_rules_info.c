/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_info - rules about one info block (cap_rules.h). Cannot fail.
 */
#include <string.h>
#include <strings.h>

#include "cap_rules.h"
#include "utf8.h"

enum { HEADLINE_LONG = 160 };

void cap_rule_event(const struct cap_look *look)
{
	if (cap_blank(look->info->event))
		cap_found(look, "event", 0, NULL);
}

void cap_rule_language_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->language))
		cap_found(look, "language", 0, NULL);
}

static bool has_chinese(const char *text)
{
	while (text && *text) {
		if ((unsigned char)*text < 0x80) {
			text++;
			continue;
		}
		uint32_t c = utf8_next(&text);

		if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x323af))
			return true;
	}
	return false;
}

/* Japanese and Korean may hold Chinese characters too: only English and "not said" are surely
 * wrong. */
void cap_rule_language_mismatch(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	bool english = cap_blank(info->language) || strncasecmp(info->language, "en", 2) == 0;

	if (english && (has_chinese(info->headline) || has_chinese(info->description)))
		cap_found(look, "language", 0, info->language);
}

void cap_rule_expires_sent(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	struct cap_time sent = look->alert->sent;

	if (info->expires.set && sent.set && info->expires.ms <= sent.ms)
		cap_found(look, "expires", 0, NULL);
}

void cap_rule_expires_effective(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (info->expires.set && info->effective.set && info->effective.ms > info->expires.ms)
		cap_found(look, "effective", 0, NULL);
}

void cap_rule_expires_onset(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (info->expires.set && info->onset.set && info->onset.ms > info->expires.ms)
		cap_found(look, "onset", 0, NULL);
}

void cap_rule_expires_missing(const struct cap_look *look)
{
	if (!look->info->expires.set)
		cap_found(look, "expires", 0, NULL);
}

void cap_rule_web(const struct cap_look *look)
{
	const char *web = look->info->web;

	if (!cap_blank(web) && (!cap_uri_absolute(web) || !cap_uri_safe(web) || strchr(web, ' ')))
		cap_found(look, "web", 0, web);
}

void cap_rule_headline_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->headline))
		cap_found(look, "headline", 0, NULL);
}

void cap_rule_headline_long(const struct cap_look *look)
{
	const char *headline = look->info->headline;

	if (headline && utf8_count(headline) > HEADLINE_LONG)
		cap_found(look, "headline", 0, headline);
}

void cap_rule_description_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->description))
		cap_found(look, "description", 0, NULL);
}

void cap_rule_instruction_missing(const struct cap_look *look)
{
	if (look->alert->msg_type != CAP_CANCEL && cap_blank(look->info->instruction))
		cap_found(look, "instruction", 0, NULL);
}

void cap_rule_sender_name_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->sender_name))
		cap_found(look, "senderName", 0, NULL);
}

static bool same(const char *a, const char *b)
{
	return !cap_blank(a) && b && strcmp(a, b) == 0;
}

void cap_rule_text_same(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (same(info->headline, info->description))
		cap_found(look, "description", 0, NULL);
	if (same(info->headline, info->instruction) || same(info->description, info->instruction))
		cap_found(look, "instruction", 0, NULL);
}

void cap_rule_unknown(const struct cap_look *look)
{
	if (look->info->urgency == CAP_URGENCY_UNKNOWN)
		cap_found(look, "urgency", 0, NULL);
	if (look->info->severity == CAP_SEVERITY_UNKNOWN)
		cap_found(look, "severity", 0, NULL);
	if (look->info->certainty == CAP_CERTAINTY_UNKNOWN)
		cap_found(look, "certainty", 0, NULL);
}

void cap_rule_assess(const struct cap_look *look)
{
	for (size_t i = 0; i < look->info->response_count; i++) {
		if (look->info->responses[i] == CAP_ASSESS && look->alert->scope == CAP_PUBLIC)
			cap_found(look, "responseType", i + 1, NULL);
	}
}

void cap_rule_word_twice(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	unsigned categories = 0;
	unsigned responses = 0;

	for (size_t i = 0; i < info->category_count; i++) {
		unsigned bit = 1u << info->categories[i];

		if (categories & bit)
			cap_found(look, "category", i + 1, cap_category_text(info->categories[i]));
		categories |= bit;
	}
	for (size_t i = 0; i < info->response_count; i++) {
		unsigned bit = 1u << info->responses[i];

		if (responses & bit)
			cap_found(look, "responseType", i + 1,
			        cap_response_type_text(info->responses[i]));
		responses |= bit;
	}
}

void cap_rule_area_missing(const struct cap_look *look)
{
	enum cap_msg_type type = look->alert->msg_type;

	if (look->info->area_count == 0 && (type == CAP_ALERT || type == CAP_UPDATE))
		cap_found(look, "area", 0, NULL);
}
