/* SPDX-License-Identifier: Apache-2.0
 * issue - see issue.h. Made by a worker (it parses), used by the loop.
 */
#include "issue.h"

#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "flatten.h"

/* Of so few, all may be in flight at once: those are an officer's to settle. */
enum { BULK_LEAST = 128 };

static bool read_view(
        struct issue *issue, const struct bulletin *b, const char *public_url, struct err *err)
{
	struct cap_problems problems = {0};
	struct cap_facts facts = {0};
	struct cap_alert *alert =
	        cap_parse(b->signed_cap, strlen(b->signed_cap), CAP_LIMIT_SOURCE, &problems);
	bool ok = alert && cap_facts_read_settled(alert, &b->areas, &facts, err);

	if (ok)
		flatten(alert, &facts, b->verb, b->mode, b->chain, b->replaces, public_url,
		        &issue->view);
	else if (!alert)
		err_set(err, ERR_INTERNAL, "记录中 %s 的报文无法读回",
		        "the recorded message of %s cannot be read back", b->id);
	cap_facts_finish(&facts);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	return ok;
}

/* One release may be signed twice: the record refuses it, or two press at once. */
static void *words_of(const char *signature)
{
	char digest[DIGEST_HEX];

	digest_sha256(signature, strlen(signature), digest);
	digest[sizeof(void *) * 2 - 1] = '\0';
	return (void *)((uintptr_t)strtoull(digest, NULL, 16) | 1);
}

struct issue *issue_create(const struct bulletin *b, const char *public_url, struct err *err)
{
	struct issue *issue = mem_zero(sizeof *issue);

	atomic_init(&issue->holders, 1);
	view_init(&issue->view);
	issue->id = mem_text(b->id);
	issue->identifier = mem_text(b->identifier);
	issue->chain = mem_text(b->chain);
	issue->order = b->order;
	issue->level = b->level;
	issue->verb = b->verb;
	issue->overtaken = b->state == BULLETIN_SUPERSEDED || b->state == BULLETIN_CANCELLED;
	issue->correction = verb_ends_chain(b->verb);
	issue->sent = b->sent;
	issue->expires = b->expires;
	issue->sequence = b->sequence;
	issue->cap = mem_text(b->signed_cap);
	issue->manifest = mem_text(b->filled_manifest);
	issue->signature = mem_text(b->manifest_signature);
	issue->words = words_of(issue->signature);
	for (size_t i = 0; i < b->text_count; i++) {
		struct bulletin_text *text =
		        mem_push(&issue->texts, &issue->text_count, sizeof *text);
		text->target = mem_text(b->texts[i].target);
		text->kind = mem_text(b->texts[i].kind);
		text->filled = mem_text(b->texts[i].filled);
	}
	for (size_t i = 0; i < b->audience_count; i++)
		*(struct issue_audience *)mem_push(&issue->audiences, &issue->audience_count,
		        sizeof *issue->audiences) = (struct issue_audience){
		        mem_text(b->audiences[i].target), b->audiences[i].count};
	if (!read_view(issue, b, public_url, err))
		issue_let_go(&issue);
	return issue;
}

struct issue *issue_hold(struct issue *issue)
{
	atomic_fetch_add(&issue->holders, 1);
	return issue;
}

void issue_let_go(struct issue **issue)
{
	struct issue *i = *issue;

	*issue = NULL;
	if (!i || atomic_fetch_sub(&i->holders, 1) > 1)
		return;
	char *owned[] = {i->id, i->identifier, i->chain, i->cap, i->manifest, i->signature};
	for (size_t n = 0; n < sizeof owned / sizeof owned[0]; n++)
		free(owned[n]);
	for (size_t n = 0; n < i->text_count; n++) {
		free(i->texts[n].target);
		free(i->texts[n].kind);
		free(i->texts[n].filled);
	}
	for (size_t n = 0; n < i->audience_count; n++)
		free(i->audiences[n].target);
	free(i->audiences);
	free(i->texts);
	view_finish(&i->view);
	free(i);
}

int64_t issue_recipients(const struct issue *issue, const char *target)
{
	for (size_t i = 0; i < issue->audience_count; i++)
		if (strcmp(issue->audiences[i].target, target) == 0)
			return issue->audiences[i].count;
	return 0;
}

bool issue_is_bulk(const struct issue *issue, const char *target)
{
	return issue_recipients(issue, target) > BULK_LEAST;
}

const char *issue_text(const struct issue *issue, const char *target)
{
	for (size_t i = 0; i < issue->text_count; i++)
		if (strcmp(issue->texts[i].target, target) == 0 && issue->texts[i].filled)
			return issue->texts[i].filled;
	return "";
}
