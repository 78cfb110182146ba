/* SPDX-License-Identifier: Apache-2.0
 * bulletin - see bulletin.h. Holds, hands out and frees; decides nothing and cannot fail.
 */
#include "bulletin.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "utf8.h"

static const struct {
	const char *text;
	const char *zh;
} states[BULLETIN_STATE_COUNT] = {
        [BULLETIN_DRAFT] = {"draft", "草稿"},
        [BULLETIN_SUBMITTED] = {"submitted", "待审签"},
        [BULLETIN_APPROVED] = {"approved", "已签发待发布"},
        [BULLETIN_RELEASED] = {"released", "已发布"},
        [BULLETIN_SUPERSEDED] = {"superseded", "已被更新"},
        [BULLETIN_CANCELLED] = {"cancelled", "已解除"},
        [BULLETIN_EXPIRED] = {"expired", "已失效"},
        [BULLETIN_REJECTED] = {"rejected", "已否决"},
        [BULLETIN_STAGED] = {"staged", "预备"},
        [BULLETIN_DISCARDED] = {"discarded", "已作废"},
};

const char *bulletin_state_text(enum bulletin_state state)
{
	return states[state].text;
}

const char *bulletin_state_zh(enum bulletin_state state)
{
	return states[state].zh;
}

bool bulletin_state_read(const char *text, enum bulletin_state *out)
{
	for (int i = 0; text && i < BULLETIN_STATE_COUNT; i++) {
		if (strcmp(states[i].text, text) == 0) {
			*out = (enum bulletin_state)i;
			return true;
		}
	}
	return false;
}

bool bulletin_may_become(enum bulletin_state from, enum bulletin_state to)
{
	switch (from) {
	case BULLETIN_RELEASED:
		return to == from || to == BULLETIN_SUPERSEDED || to == BULLETIN_CANCELLED ||
		       to == BULLETIN_EXPIRED;
	case BULLETIN_SUPERSEDED:
	case BULLETIN_CANCELLED:
	case BULLETIN_EXPIRED:
	case BULLETIN_REJECTED:
	case BULLETIN_DISCARDED:
		return to == from;
	default:
		if (to == BULLETIN_DISCARDED)
			return from == BULLETIN_DRAFT;
		if (to == BULLETIN_REJECTED)
			return from == BULLETIN_SUBMITTED || from == BULLETIN_APPROVED;
		return to != BULLETIN_SUPERSEDED && to != BULLETIN_CANCELLED;
	}
}

bool bulletin_is_fixed(enum bulletin_state state)
{
	return state == BULLETIN_RELEASED || state == BULLETIN_SUPERSEDED ||
	       state == BULLETIN_CANCELLED || state == BULLETIN_EXPIRED ||
	       state == BULLETIN_REJECTED || state == BULLETIN_DISCARDED;
}

struct bulletin *bulletin_create(void)
{
	struct bulletin *bulletin = mem_zero(sizeof *bulletin);
	char **texts[] = {&bulletin->id, &bulletin->disclosure_reason, &bulletin->screening_note,
	        &bulletin->hazard, &bulletin->status, &bulletin->unit, &bulletin->drafter,
	        &bulletin->source, &bulletin->incident, &bulletin->handler, &bulletin->identifier,
	        &bulletin->chain, &bulletin->replaces, &bulletin->parent, &bulletin->staged_as,
	        &bulletin->headline, &bulletin->cap, &bulletin->manifest, &bulletin->releaser,
	        &bulletin->reason};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = mem_text("");
	return bulletin;
}

static void finish_parts(struct bulletin *bulletin)
{
	for (size_t i = 0; i < bulletin->text_count; i++) {
		free(bulletin->texts[i].target);
		free(bulletin->texts[i].kind);
		free(bulletin->texts[i].body);
		free(bulletin->texts[i].filled);
	}
	free(bulletin->texts);
	for (size_t i = 0; i < bulletin->audience_count; i++) {
		free(bulletin->audiences[i].target);
		texts_finish(&bulletin->audiences[i].blocks);
	}
	free(bulletin->audiences);
	texts_finish(&bulletin->earlier);
	texts_finish(&bulletin->areas);
	texts_finish(&bulletin->targets);
}

void bulletin_destroy(struct bulletin **place)
{
	struct bulletin *bulletin = *place;

	if (!bulletin)
		return;
	*place = NULL;
	finish_parts(bulletin);
	char *texts[] = {bulletin->id, bulletin->disclosure_reason, bulletin->screening_note,
	        bulletin->hazard, bulletin->status, bulletin->unit, bulletin->drafter,
	        bulletin->source, bulletin->incident, bulletin->handler, bulletin->identifier,
	        bulletin->chain, bulletin->replaces, bulletin->parent, bulletin->staged_as,
	        bulletin->headline, bulletin->cap, bulletin->manifest, bulletin->upstream,
	        bulletin->releaser, bulletin->signed_cap, bulletin->filled_manifest,
	        bulletin->manifest_signature, bulletin->reason};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	free(bulletin);
}

struct bulletin_text *bulletin_add_text(struct bulletin *bulletin)
{
	return mem_push(&bulletin->texts, &bulletin->text_count, sizeof *bulletin->texts);
}

const struct bulletin_text *bulletin_text(const struct bulletin *bulletin, const char *target)
{
	for (size_t i = 0; i < bulletin->text_count; i++)
		if (strcmp(bulletin->texts[i].target, target) == 0)
			return &bulletin->texts[i];
	return NULL;
}

void bulletin_headline(struct bulletin *bulletin, const char *headline)
{
	static const char dots[] = "…";

	free(bulletin->headline);
	bulletin->headline =
	        headline && strlen(headline) > HEADLINE_BYTES
	                ? mem_format("%.*s%s",
	                          (int)utf8_cut(headline, HEADLINE_BYTES - (sizeof dots - 1)),
	                          headline, dots)
	                : mem_text(headline ? headline : "");
}

struct audience *bulletin_add_audience(struct bulletin *bulletin)
{
	return mem_push(
	        &bulletin->audiences, &bulletin->audience_count, sizeof *bulletin->audiences);
}

const struct audience *bulletin_audience(const struct bulletin *bulletin, const char *target)
{
	for (size_t i = 0; i < bulletin->audience_count; i++)
		if (strcmp(bulletin->audiences[i].target, target) == 0)
			return &bulletin->audiences[i];
	return NULL;
}

/* One address a line; a last line without its LF counts too. */
static int64_t count_lines(const char *block)
{
	int64_t lines = 0;
	const char *p = block;

	while (*p) {
		const char *end = strchr(p, '\n');
		lines++;
		if (!end)
			break;
		p = end + 1;
	}
	return lines;
}

void audience_seal(struct audience *audience)
{
	struct buf digests;
	char hex[DIGEST_HEX];

	buf_init(&digests, audience->blocks.count * DIGEST_HEX + 1);
	audience->count = 0;
	for (size_t i = 0; i < audience->blocks.count; i++) {
		const char *block = audience->blocks.items[i];
		audience->count += count_lines(block);
		digest_sha256(block, strlen(block), hex);
		buf_format(&digests, "%s\n", hex);
	}
	digest_sha256(digests.data, digests.len, audience->digest);
	buf_finish(&digests);
}

void delivery_init(struct delivery *delivery)
{
	*delivery = (struct delivery){.block = -1};
	delivery->bulletin = mem_text("");
	delivery->chain = mem_text("");
	delivery->target = mem_text("");
	delivery->far_id = mem_text("");
	delivery->proof = mem_text("");
	delivery->reason = mem_text("");
}

void delivery_finish(struct delivery *delivery)
{
	free(delivery->bulletin);
	free(delivery->chain);
	free(delivery->target);
	free(delivery->far_id);
	free(delivery->proof);
	free(delivery->reason);
	free(delivery->done);
	*delivery = (struct delivery){0};
}
