/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_info - rules about one info block (cap_rules.h). Cannot fail.
 */
#include <string.h>

#include "cap_rules.h"
#include "utf8.h"

#define BLANKS " \t\r\n"

enum { HEADLINE_LONG = 160, HEADLINE_GOOGLE = 140 };

void cap_rule_event(const struct cap_look *look)
{
	if (cap_blank(look->info->event))
		cap_found(look, "event", 0, NULL);
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

	if (headline && strlen(headline) > HEADLINE_LONG && utf8_count(headline) > HEADLINE_LONG)
		cap_found(look, "headline", 0, headline);
}

void cap_rule_headline_lines(const struct cap_look *look)
{
	const char *headline = look->info->headline;
	size_t start = headline ? strspn(headline, BLANKS) : 0;

	if (headline && !cap_blank(headline + start + strcspn(headline + start, "\r\n")))
		cap_found(look, "headline", 0, NULL);
}

void cap_rule_google_headline(const struct cap_look *look)
{
	const char *headline = look->info->headline;
	size_t count = headline ? utf8_count(headline) : 0;

	if (count >= HEADLINE_GOOGLE && count <= HEADLINE_LONG)
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

void cap_rule_contact_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->contact))
		cap_found(look, "contact", 0, NULL);
}

void cap_rule_web_missing(const struct cap_look *look)
{
	if (cap_blank(look->info->web))
		cap_found(look, "web", 0, NULL);
}

void cap_rule_response_missing(const struct cap_look *look)
{
	if (look->info->response_count == 0)
		cap_found(look, "responseType", 0, NULL);
}

/* Monitor and Assess ask nobody to do anything that None or AllClear would contradict. */
void cap_rule_contrary(const struct cap_look *look)
{
	const unsigned calm = 1u << CAP_NONE | 1u << CAP_ALL_CLEAR;
	const unsigned acts = 1u << CAP_SHELTER | 1u << CAP_EVACUATE | 1u << CAP_PREPARE |
	                      1u << CAP_EXECUTE | 1u << CAP_AVOID;
	unsigned set = 0;

	for (size_t i = 0; i < look->info->response_count; i++)
		set |= 1u << look->info->responses[i];
	if (set & calm && set & acts)
		cap_found(look, "responseType", 0, NULL);
}

void cap_rule_text_same(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (cap_same_text(info->headline, info->description))
		cap_found(look, "description", 0, NULL);
	if (cap_same_text(info->headline, info->instruction) ||
	        cap_same_text(info->description, info->instruction))
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

void cap_rule_area_cancel(const struct cap_look *look)
{
	if (look->info->area_count == 0 && look->alert->msg_type == CAP_CANCEL)
		cap_found(look, "area", 0, NULL);
}

void cap_rule_area_missing(const struct cap_look *look)
{
	enum cap_msg_type type = look->alert->msg_type;

	if (look->info->area_count == 0 && (type == CAP_ALERT || type == CAP_UPDATE))
		cap_found(look, "area", 0, NULL);
}
