/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_references - rules about `references`, and about what the record knows of the messages
 * it names (cap_rules.h). Cannot fail.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_rules.h"

/* A message staged for later has `references` there but empty until it is released. */
void cap_rule_references_missing(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	bool staged = !alert->sent.set && alert->references && !*alert->references;

	if (alert->msg_type != CAP_ALERT && cap_blank(alert->references) && !staged)
		cap_found(look, "references", 0, NULL);
}

/* Is this reference at fault? */
typedef bool bad_function(const struct cap_look *look, const struct cap_reference *reference);

static bool refers_self(const struct cap_look *look, const struct cap_reference *reference)
{
	const struct cap_alert *alert = look->alert;

	return alert->identifier && alert->sender &&
	       strcmp(reference->identifier, alert->identifier) == 0 &&
	       strcmp(reference->sender, alert->sender) == 0;
}

static bool refers_later(const struct cap_look *look, const struct cap_reference *reference)
{
	return look->alert->sent.set && reference->sent.ms > look->alert->sent.ms;
}

static void found_item(const struct cap_look *look, const char *item, size_t len)
{
	char part[CAP_EXCERPT + 8] = "";

	/* A little more than is shown, so that it is seen to be cut. */
	if (!cap_problems_full(look->problems))
		snprintf(part, sizeof part, "%.*s", (int)(len < sizeof part ? len : sizeof part),
		        item);
	cap_found(look, "references", 0, part);
}

/* Calls cap_found for each reference that `bad` says is; NULL: those that are no triplets. */
static void each_reference(const struct cap_look *look, bad_function *bad)
{
	const char *at = look->alert->references ? look->alert->references : "";
	const char *ahead = at;
	const char *item;
	size_t len;
	struct cap_reference reference;

	while ((len = cap_reference_item(&ahead, &item)) != 0) {
		bool good = cap_reference_take(&at, &reference) == CAP_TRIPLET_GOOD;

		if (good ? bad && bad(look, &reference) : !bad)
			found_item(look, item, len);
		cap_reference_finish(&reference);
	}
}

void cap_rule_references_form(const struct cap_look *look)
{
	each_reference(look, NULL);
}

void cap_rule_references_self(const struct cap_look *look)
{
	each_reference(look, refers_self);
}

void cap_rule_references_later(const struct cap_look *look)
{
	each_reference(look, refers_later);
}

static bool refers_away(const struct cap_look *look, const struct cap_reference *reference)
{
	return look->alert->sender && strcmp(reference->sender, look->alert->sender) != 0;
}

void cap_rule_references_sender(const struct cap_look *look)
{
	each_reference(look, refers_away);
}

/* A heartbeat lists messages too, and is an Alert of status System. */
void cap_rule_references_alert(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;

	if (alert->msg_type == CAP_ALERT && alert->status != CAP_SYSTEM &&
	        !cap_blank(alert->references))
		cap_found(look, "references", 0, alert->references);
}

struct item {
	const char *text;
	size_t len;
};

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* The triplets as texts, sorted. One in other words (+00:00 for -00:00) is not the same. */
void cap_rule_references_twice(const struct cap_look *look)
{
	const char *at = look->alert->references ? look->alert->references : "";
	struct item *items = NULL;
	struct item item;
	size_t count = 0;

	while ((item.len = cap_reference_item(&at, &item.text)) != 0)
		*(struct item *)mem_push(&items, &count, sizeof item) = item;
	if (count > 1)
		qsort(items, count, sizeof *items, compare_items);
	for (size_t i = 1; i < count; i++) {
		if (compare_items(&items[i], &items[i - 1]) == 0)
			found_item(look, items[i].text, items[i].len);
	}
	free(items);
}

static enum cap_standing standing(
        const struct cap_look *look, const struct cap_reference *reference, struct cap_time *sent)
{
	*sent = (struct cap_time){0};
	return look->ways->known(look->ways->record, reference, sent);
}

static bool refers_nowhere(const struct cap_look *look, const struct cap_reference *reference)
{
	struct cap_time sent;

	return standing(look, reference, &sent) == CAP_STANDING_UNKNOWN;
}

static bool refers_wrongly(const struct cap_look *look, const struct cap_reference *reference)
{
	struct cap_time sent;

	return standing(look, reference, &sent) != CAP_STANDING_UNKNOWN && sent.set &&
	       sent.ms != reference->sent.ms;
}

static bool refers_late(const struct cap_look *look, const struct cap_reference *reference)
{
	struct cap_time sent;

	return standing(look, reference, &sent) == CAP_STANDING_ENDED;
}

void cap_rule_references_unknown(const struct cap_look *look)
{
	if (look->ways->known)
		each_reference(look, refers_nowhere);
}

void cap_rule_references_sent(const struct cap_look *look)
{
	if (look->ways->known)
		each_reference(look, refers_wrongly);
}

/* An Update or Cancel lists the whole chain, the replaced ones too: it is at fault only when there
 * is nothing left to act on. */
void cap_rule_references_ended(const struct cap_look *look)
{
	const char *at = look->alert->references ? look->alert->references : "";
	struct cap_reference reference;
	struct err err;
	size_t ended = 0;
	size_t count = 0;

	if (!look->ways->known)
		return;
	while (cap_reference_next(&at, &reference, &err)) {
		count++;
		ended += refers_late(look, &reference);
		cap_reference_finish(&reference);
	}
	if (count && ended == count)
		cap_found(look, "references", 0, look->alert->references);
}
