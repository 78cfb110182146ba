/* SPDX-License-Identifier: Apache-2.0
 * screen_aggregate - see screen_aggregate.h.
 */
#include "screen_aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

enum { BULLETINS_NAMED = 5 };

void screen_traces_finish(struct screen_traces *traces)
{
	for (size_t i = 0; i < traces->count; i++) {
		free(traces->items[i].bulletin);
		free(traces->items[i].kind);
	}
	free(traces->items);
	*traces = (struct screen_traces){0};
}

void screen_traces_add(struct screen_traces *traces, const char *bulletin, const char *kind,
        bool subject, const char *digest)
{
	struct screen_trace *trace = mem_push(&traces->items, &traces->count, sizeof *trace);

	trace->bulletin = mem_text(bulletin);
	trace->kind = mem_text(kind);
	trace->subject = subject;
	memcpy(trace->digest, digest, DIGEST_HEX);
}

static bool is_site(const char *kind)
{
	return strncmp(kind, "site", 4) == 0;
}

/* The halves of one site's place have one digest, so that they find each other. */
void screen_traces_of(const struct screen_found *found, const char *key, struct screen_traces *own)
{
	for (size_t i = 0; i < found->token_count; i++) {
		const struct screen_token *token = &found->tokens[i];
		char digest[DIGEST_HEX];
		char *text = mem_format(
		        "%s:%s", is_site(token->kind) ? "site" : token->kind, token->value);
		digest_hmac(key, strlen(key), text, strlen(text), digest);
		screen_traces_add(own, NULL, token->kind, token->subject, digest);
		free(text);
	}
}

/* Words for what is told. */
static const struct {
	const char *kind, *zh, *en;
} words[] = {
        {"person", "姓氏", "a surname"},
        {"name", "姓名", "a name"},
        {"tail", "号码尾数", "the end of a number"},
        {"id", "证件号", "an id"},
        {"phone", "电话", "a telephone number"},
        {"card", "银行卡号", "a card number"},
        {"plate", "车牌", "a number plate"},
        {"age", "年龄", "an age"},
        {"sex", "性别", "a sex"},
        {"home", "住址", "a home"},
        {"work", "职业", "work"},
        {"health", "健康状况", "health"},
        {"kin", "亲属", "kin"},
        {"site-lat", "纬度", "a latitude"},
        {"site-lon", "经度", "a longitude"},
        {"site-near", "附近坐标", "coordinates close by"},
};
enum { WORDS = sizeof words / sizeof words[0] };

static unsigned bit_of(const char *kind)
{
	for (unsigned i = 0; i < WORDS; i++)
		if (strcmp(words[i].kind, kind) == 0)
			return 1u << i;
	return 0;
}

static bool is_whole_identity(const char *kind)
{
	return strcmp(kind, "id") == 0 || strcmp(kind, "phone") == 0 || strcmp(kind, "card") == 0 ||
	       strcmp(kind, "name") == 0;
}

/* Of one subject: what this bulletin and what others tell beside it. */
struct sum {
	unsigned here, there;
	struct texts bulletins;
	bool same; /* the whole identity stands in both */
};

static unsigned kinds_of(const struct screen_traces *traces, const char *bulletin)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < traces->count; i++)
		if (!bulletin || strcmp(traces->items[i].bulletin, bulletin) == 0)
			kinds |= bit_of(traces->items[i].kind);
	return kinds;
}

static bool meets(const struct screen_trace *a, const struct screen_trace *b)
{
	if (!b->subject || strcmp(a->digest, b->digest) != 0)
		return false;
	if (is_site(a->kind))
		return is_site(b->kind) &&
		       (strcmp(a->kind, b->kind) != 0 || strcmp(a->kind, "site-near") == 0);
	return strcmp(a->kind, b->kind) == 0;
}

static struct sum sum_up(const struct screen_trace *subject, const struct screen_traces *own,
        const struct screen_traces *others)
{
	struct sum sum = {.here = kinds_of(own, NULL)};

	for (size_t i = 0; i < others->count; i++) {
		const struct screen_trace *other = &others->items[i];
		if (!meets(subject, other) || texts_have(&sum.bulletins, other->bulletin))
			continue;
		texts_add(&sum.bulletins, other->bulletin);
		sum.there |= kinds_of(others, other->bulletin);
		sum.same = sum.same || is_whole_identity(subject->kind);
	}
	return sum;
}

/* Neither tells all that both tell, and together it is more than a surname. */
static bool tells_more(const struct screen_trace *subject, const struct sum *sum)
{
	if (sum->same || (is_site(subject->kind) && sum->bulletins.count))
		return true;
	return (sum->there & ~sum->here) && (sum->here & ~sum->there);
}

static void list_kinds(unsigned kinds, bool english, struct buf *out)
{
	bool more = false;

	for (unsigned i = 0; i < WORDS; i++)
		if (kinds >> i & 1) {
			buf_text(out, more ? (english ? ", " : "、") : "");
			buf_text(out, english ? words[i].en : words[i].zh);
			more = true;
		}
}

static void list_bulletins(const struct texts *bulletins, const char *between, struct buf *out)
{
	for (size_t i = 0; i < bulletins->count && i < BULLETINS_NAMED; i++)
		buf_format(out, "%s%s", i ? between : "", bulletins->items[i]);
	if (bulletins->count > BULLETINS_NAMED)
		buf_format(out, "%s…", between);
}

static char *said(const struct sum *sum, bool site, bool english)
{
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, english ? "together with " : "与 ");
	list_bulletins(&sum->bulletins, english ? ", " : "、", &out);
	buf_text(&out,
	        english ? (site ? " it locates a protected site (" : " it tells who somebody is (")
	                : (site ? " 合看可认出受保护场所（" : " 合看可认出同一人（"));
	list_kinds(sum->here | sum->there, english, &out);
	buf_text(&out, english ? "); held until it is taken out or overridden"
	                       : "），已扣住，改去或经保密审查后才能发布");
	char *text = buf_take(&out);
	buf_finish(&out);
	return text;
}

void screen_aggregate(struct screen_found *found, const struct screen_traces *own,
        const struct screen_traces *others)
{
	for (size_t i = 0; i < own->count; i++) {
		const struct screen_token *token = &found->tokens[i];
		if (!own->items[i].subject)
			continue;
		struct sum sum = sum_up(&own->items[i], own, others);
		if (sum.bulletins.count && tells_more(&own->items[i], &sum)) {
			char *zh = said(&sum, is_site(token->kind), false);
			char *en = said(&sum, is_site(token->kind), true);
			screen_add_hit(found, "screen.together", token->path, token->start,
			        token->len, zh, en);
			free(zh);
			free(en);
		}
		texts_finish(&sum.bulletins);
	}
}
