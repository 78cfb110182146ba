/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_alert - rules about the message as a whole (cap_rules.h). Cannot fail.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_rules.h"

#define BLANKS " \t\r\n"

/* More languages than this in one message, and the rest are not compared: bounded work. */
enum { EVENT_LANGUAGES = 16 };

static bool is_name(const char *text)
{
	return text && *text && !text[strcspn(text, BLANKS ",<&")];
}

void cap_rule_identifier(const struct cap_look *look)
{
	if (!is_name(look->alert->identifier))
		cap_found(look, "identifier", 0, look->alert->identifier);
}

void cap_rule_sender(const struct cap_look *look)
{
	if (!is_name(look->alert->sender))
		cap_found(look, "sender", 0, look->alert->sender);
}

void cap_rule_restriction_missing(const struct cap_look *look)
{
	if (look->alert->scope == CAP_RESTRICTED && cap_blank(look->alert->restriction))
		cap_found(look, "restriction", 0, NULL);
}

void cap_rule_restriction_extra(const struct cap_look *look)
{
	if (look->alert->scope != CAP_RESTRICTED && !cap_blank(look->alert->restriction))
		cap_found(look, "restriction", 0, look->alert->restriction);
}

void cap_rule_addresses_missing(const struct cap_look *look)
{
	if (look->alert->scope == CAP_PRIVATE && cap_blank(look->alert->addresses))
		cap_found(look, "addresses", 0, NULL);
}

static bool quotes_open(const char *text)
{
	bool open = false;

	for (; text && *text; text++)
		open ^= *text == '"';
	return open;
}

void cap_rule_addresses_quotes(const struct cap_look *look)
{
	if (quotes_open(look->alert->addresses))
		cap_found(look, "addresses", 0, look->alert->addresses);
}

void cap_rule_incidents_quotes(const struct cap_look *look)
{
	if (quotes_open(look->alert->incidents))
		cap_found(look, "incidents", 0, look->alert->incidents);
}

void cap_rule_code_empty(const struct cap_look *look)
{
	for (size_t i = 0; i < look->alert->codes.count; i++) {
		if (cap_blank(look->alert->codes.items[i]))
			cap_found(look, "code", i + 1, NULL);
	}
}

void cap_rule_note(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;

	if ((alert->status == CAP_EXERCISE || alert->msg_type == CAP_ERROR) &&
	        cap_blank(alert->note))
		cap_found(look, "note", 0, NULL);
}

void cap_rule_scope_draft(const struct cap_look *look)
{
	if (look->alert->status == CAP_DRAFT && look->alert->scope == CAP_PUBLIC)
		cap_found(look, "scope", 0, NULL);
}

void cap_rule_info_missing(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	bool warns = alert->msg_type == CAP_ALERT || alert->msg_type == CAP_UPDATE;

	if (warns && alert->status != CAP_SYSTEM && alert->info_count == 0)
		cap_found(look, "info", 0, NULL);
}

void cap_rule_info_cancel(const struct cap_look *look)
{
	if (look->alert->msg_type == CAP_CANCEL && look->alert->info_count == 0)
		cap_found(look, "info", 0, NULL);
}

void cap_rule_status_test(const struct cap_look *look)
{
	if (look->alert->status == CAP_TEST)
		cap_found(look, "status", 0, NULL);
}

static unsigned category_set(const struct cap_info *info)
{
	unsigned set = 0;

	for (size_t i = 0; i < info->category_count; i++)
		set |= 1u << info->categories[i];
	return set;
}

void cap_rule_categories_differ(const struct cap_look *look)
{
	for (size_t i = 1; i < look->alert->info_count; i++) {
		if (category_set(&look->alert->infos[i]) != category_set(&look->alert->infos[0]))
			cap_found(look, "info", i + 1, NULL);
	}
}

static int compare_pairs(const void *a, const void *b)
{
	const struct cap_pair *x = a;
	const struct cap_pair *y = b;
	int names = strcmp(x->name, y->name);

	return names ? names : strcmp(x->value, y->value);
}

/* The pairs in order; borrowed texts, the caller's array. */
static struct cap_pair *sorted(const struct cap_pairs *pairs)
{
	struct cap_pair *copy = mem_array(pairs->count, sizeof *copy);

	if (pairs->count) {
		memcpy(copy, pairs->items, pairs->count * sizeof *copy);
		qsort(copy, pairs->count, sizeof *copy, compare_pairs);
	}
	return copy;
}

/* Most write them in the same order. */
static bool same_order(const struct cap_pairs *a, const struct cap_pairs *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = compare_pairs(&a->items[i], &b->items[i]) == 0;
	return same;
}

static bool same_pairs(const struct cap_pairs *a, const struct cap_pairs *b)
{
	if (a->count != b->count || same_order(a, b))
		return a->count == b->count;
	struct cap_pair *one = sorted(a);
	struct cap_pair *two = sorted(b);
	bool same = true;

	for (size_t i = 0; same && i < a->count; i++)
		same = compare_pairs(&one[i], &two[i]) == 0;
	free(one);
	free(two);
	return same;
}

void cap_rule_event_codes_differ(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;

	for (size_t i = 1; i < alert->info_count; i++) {
		if (!same_pairs(&alert->infos[i].event_codes, &alert->infos[0].event_codes))
			cap_found(look, "info", i + 1, NULL);
	}
}

/* Each against the first info of its language. */
void cap_rule_events_differ(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	size_t firsts[EVENT_LANGUAGES];
	size_t count = 0;

	for (size_t i = 0; i < alert->info_count; i++) {
		const struct cap_info *info = &alert->infos[i];
		size_t k = 0;

		while (k < count &&
		        strcasecmp(cap_language(info), cap_language(&alert->infos[firsts[k]])) != 0)
			k++;
		if (k == count && count < EVENT_LANGUAGES)
			firsts[count++] = i;
		if (k < count && info->event && alert->infos[firsts[k]].event &&
		        strcmp(info->event, alert->infos[firsts[k]].event) != 0)
			cap_found(look, "info", i + 1, info->event);
	}
}

void cap_rule_alert_control(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	const char *const texts[][2] = {
	        {"source", alert->source},
	        {"restriction", alert->restriction},
	        {"addresses", alert->addresses},
	        {"note", alert->note},
	        {"references", alert->references},
	        {"incidents", alert->incidents},
	        {"identifier", alert->identifier},
	        {"sender", alert->sender},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (cap_marks(texts[i][1]) & CAP_MARK_CONTROL)
			cap_found(look, texts[i][0], 0, texts[i][1]);
	}
}
