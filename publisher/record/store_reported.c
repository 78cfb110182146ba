/* SPDX-License-Identifier: Apache-2.0
 * store_reported - see store_reported.h. The words of a block are one letter a recipient, in the
 * order of its numbers: read, changed and written whole, however many reports came at once.
 */
#include "store_reported.h"

#include <stdlib.h>
#include <string.h>

#include "store_db.h"
#include "store_lease.h"

/* By weight. */
static const char letters[REPORT_WORDS + 1] = ".abrfd";
static const char *const names[REPORT_WORDS] = {
        "none", "accepted", "buffered", "rejected", "failed", "delivered"};

const char *report_word_text(enum report_word word)
{
	return names[word];
}

void report_news_finish(struct report_news *news)
{
	free(news->bulletin);
	free(news->target);
	*news = (struct report_news){0};
}

/* A block, and what was said of its people. */
struct block {
	int64_t delivery;
	char *bulletin, *target;
	int number;
	enum delivery_state state;
	int64_t people; /* -1: nothing was reported yet */
	struct reported all;
	int64_t line;
	char *words;
};

static void block_finish(struct block *b)
{
	free(b->bulletin);
	free(b->target);
	free(b->words);
}

#define BLOCK                                                                                      \
	"SELECT d.id, d.bulletin, d.target, d.block, d.state, COALESCE(r.people, -1),"             \
	" COALESCE(r.accepted, 0), COALESCE(r.buffered, 0), COALESCE(r.rejected, 0),"              \
	" COALESCE(r.failed, 0), COALESCE(r.delivered, 0), COALESCE(r.line, 0),"                   \
	" COALESCE(r.words, '')"

/* The row under the cursor. */
static void block_read(struct query *q, struct block *b)
{
	*b = (struct block){.delivery = query_get_int(q)};
	b->bulletin = mem_format("b%lld", (long long)query_get_int(q));
	b->target = query_get_text(q);
	b->number = (int)query_get_int(q);
	if (!delivery_state_read(query_peek_text(q), &b->state))
		b->state = DELIVERY_EXPIRED; /* nothing follows from it */
	b->people = query_get_int(q);
	b->all.counts[REPORT_NONE] = b->people > 0 ? b->people : 0;
	for (int word = REPORT_ACCEPTED; word < REPORT_WORDS; word++) {
		b->all.counts[word] = query_get_int(q);
		b->all.counts[REPORT_NONE] -= b->all.counts[word];
	}
	b->line = query_get_int(q);
	b->words = query_get_text(q);
}

/* ERR_MISSING: no such delivery. */
static bool block_get(struct store *store, int64_t delivery, struct block *b, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        BLOCK " FROM delivery d LEFT JOIN reported r ON r.delivery = d.id WHERE d.id = ?",
	        err);
	query_int(&q, delivery);
	bool found = query_row(&q);
	if (found)
		block_read(&q, b);
	if (query_end(&q) && found)
		return true;
	if (found)
		block_finish(b);
	return q.failed ? false
	                : err_set(err, ERR_MISSING, "没有编号为 %lld 的投递",
	                          "there is no delivery %lld", (long long)delivery);
}

/* How many people it is about, by its list: asked once a block. */
static bool count_people(struct store *store, struct block *b, struct err *err)
{
	char *lines = NULL;

	b->people = 0;
	if (b->number >= 0 &&
	        !store_audience_block(store, b->bulletin, b->target, b->number, &lines, err))
		return false;
	for (const char *at = lines ? lines : ""; *at; b->people++) {
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	free(lines);
	free(b->words);
	b->words = mem_zero((size_t)b->people + 1);
	memset(b->words, letters[REPORT_NONE], (size_t)b->people);
	b->all.counts[REPORT_NONE] = b->people;
	return true;
}

static enum report_word word_of(const struct block *b, int64_t recipient)
{
	const char *found = strchr(letters, b->words[recipient]);

	return found && *found ? (enum report_word)(found - letters) : REPORT_NONE;
}

/* Who is new to which word. True: something changed. */
static bool apply(struct block *b, struct report_said *said, size_t count, struct reported *gained)
{
	bool changed = false;

	*gained = (struct reported){0};
	for (size_t i = 0; i < count; i++) {
		struct report_said *one = &said[i];
		one->refused = one->recipient < 0 || one->recipient >= b->people;
		if (one->refused)
			continue;
		enum report_word before = word_of(b, one->recipient);
		if (one->word <= before)
			continue;
		b->words[one->recipient] = letters[one->word];
		b->all.counts[before]--;
		b->all.counts[one->word]++;
		gained->counts[one->word]++;
		changed = true;
	}
	return changed;
}

/* The chain's line; words: digest of the letters. */
static json_t *line_of(const struct block *b, const char *words)
{
	json_t *body = json_pack("{s:I,s:s,s:i,s:I,s:s}", "delivery", (json_int_t)b->delivery,
	        "target", b->target, "block", b->number, "people", (json_int_t)b->people, "words",
	        words);

	for (int word = REPORT_ACCEPTED; word < REPORT_WORDS; word++)
		json_object_set_new(body, names[word], json_integer(b->all.counts[word]));
	return body;
}

static bool write_line(struct store *store, struct block *b, int64_t now, struct err *err)
{
	char digest[DIGEST_HEX];

	digest_sha256(b->words, strlen(b->words), digest);
	json_t *body = line_of(b, digest);
	bool ok = store_audit(store, "report", b->bulletin, body, now, err);
	json_decref(body);
	return ok && store_audit_head(store, &b->line, digest, err);
}

static bool write_block(struct store *store, const struct block *b, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO reported (delivery, people, accepted, buffered, rejected, failed,"
	        " delivered, line, words) VALUES (?,?,?,?,?,?,?,?,?)"
	        " ON CONFLICT (delivery) DO UPDATE SET accepted = excluded.accepted,"
	        " buffered = excluded.buffered, rejected = excluded.rejected,"
	        " failed = excluded.failed, delivered = excluded.delivered,"
	        " line = excluded.line, words = excluded.words",
	        err);
	query_int(&q, b->delivery);
	query_int(&q, b->people);
	for (int word = REPORT_ACCEPTED; word < REPORT_WORDS; word++)
		query_int(&q, b->all.counts[word]);
	query_int(&q, b->line);
	query_text(&q, b->words);
	return query_run(&q);
}

/* --- what follows -------------------------------------------------------------------------------
 */

/* Whoever something was reported of needs no more attempts: the gateway has had his message, or the
 * network will not take it. */
static bool mark_known(struct store *store, const struct block *b, int64_t now, struct err *err)
{
	unsigned char taken[AUDIENCE_BLOCK / 8 + 1] = {0};
	unsigned char refused[sizeof taken] = {0};

	for (int64_t i = 0; i < b->people && i < AUDIENCE_BLOCK; i++) {
		enum report_word word = word_of(b, i);
		bool lost = word == REPORT_REJECTED || word == REPORT_FAILED;
		if (word != REPORT_NONE)
			(lost ? refused : taken)[i / 8] |= (unsigned char)(1u << (i % 8));
	}
	return store_delivery_recipients(
	        store, b->delivery, taken, refused, sizeof taken, now, err);
}

/* Nobody is left in doubt: it ends by what is known. */
static bool end_known(struct store *store, const struct block *b, int64_t now,
        enum delivery_state *after, struct err *err)
{
	struct delivery d;

	if (!store_get_delivery(store, b->delivery, &d, err))
		return false;
	if (d.reached + d.failed >= b->people)
		*after = d.reached ? DELIVERY_DELIVERED : DELIVERY_REJECTED;
	char *proof =
	        mem_format("%lld of %lld recipients", (long long)d.reached, (long long)b->people);
	bool ok = *after == b->state || store_delivery_state(store, d.id, *after, 0,
	                                        "known by late reports", proof, "", now, err);
	free(proof);
	delivery_finish(&d);
	return ok;
}

/* While an agent has it in hand its own word decides. *after: its state, as that is then. */
static bool settle(struct store *store, const struct block *b, int64_t now,
        enum delivery_state *after, struct err *err)
{
	*after = b->state;
	if (b->state != DELIVERY_WAITING && b->state != DELIVERY_UNKNOWN)
		return true;
	return mark_known(store, b, now, err) &&
	       (b->state == DELIVERY_WAITING || end_known(store, b, now, after, err));
}

bool store_settle_reported(
        struct store *store, int64_t delivery, int64_t now, bool *ended, struct err *err)
{
	enum delivery_state after;
	struct block b;

	*ended = false;
	if (!block_get(store, delivery, &b, err))
		return false;
	bool ok = !*b.words || settle(store, &b, now, &after, err);
	*ended = ok && *b.words && after != b.state;
	block_finish(&b);
	return ok;
}

static bool add_reports(struct store *store, struct block *b, struct report_said *said,
        size_t count, int64_t now, struct report_news *news, struct err *err)
{
	if (!store_must_hold(store, b->target, err) ||
	        (b->people < 0 && !count_people(store, b, err)))
		return false;
	if (!*b->words)
		return err_set(err, ERR_MISSING, "投递 %lld 的接收人已清除",
		        "the recipients of delivery %lld were purged", (long long)b->delivery);
	if (!apply(b, said, count, &news->gained))
		return true;
	news->bulletin = mem_text(b->bulletin);
	news->target = mem_text(b->target);
	bool ok = write_line(store, b, now, err) && write_block(store, b, err) &&
	          settle(store, b, now, &news->state, err);
	news->ended = ok && news->state != b->state;
	return ok;
}

bool store_add_reports(struct store *store, int64_t delivery, struct report_said *said,
        size_t count, int64_t now, struct report_news *news, struct err *err)
{
	struct block b;

	*news = (struct report_news){0};
	if (!block_get(store, delivery, &b, err))
		return false;
	bool ok = add_reports(store, &b, said, count, now, news, err);
	block_finish(&b);
	return ok;
}

/* --- asked for ----------------------------------------------------------------------------------
 */

void reported_list_finish(struct reported_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].target);
	free(list->items);
	*list = (struct reported_list){0};
}

bool store_list_reported(
        struct store *store, const char *bulletin, struct reported_list *out, struct err *err)
{
	struct query q;

	*out = (struct reported_list){0};
	query_begin(&q, store,
	        "SELECT d.target, SUM(r.people), SUM(r.accepted), SUM(r.buffered),"
	        " SUM(r.rejected), SUM(r.failed), SUM(r.delivered)"
	        " FROM delivery d JOIN reported r ON r.delivery = d.id WHERE d.bulletin = ?"
	        " GROUP BY d.target ORDER BY d.target",
	        err);
	query_int(&q, bulletin_row(bulletin));
	while (query_row(&q)) {
		struct reported_of *one = mem_push(&out->items, &out->count, sizeof *one);
		*one = (struct reported_of){.target = query_get_text(&q)};
		int64_t *counts = one->all.counts;
		counts[REPORT_NONE] = query_get_int(&q);
		for (int word = REPORT_ACCEPTED; word < REPORT_WORDS; word++) {
			counts[word] = query_get_int(&q);
			counts[REPORT_NONE] -= counts[word];
		}
	}
	if (query_end(&q))
		return true;
	reported_list_finish(out);
	return false;
}

/* --- held against the chain ---------------------------------------------------------------------
 */

static bool counts_fit(const struct block *b)
{
	struct reported found = {0};

	for (int64_t i = 0; b->words[i]; i++)
		found.counts[word_of(b, i)]++;
	return memcmp(&found, &b->all, sizeof found) == 0;
}

/* Purged words cannot be held against the digest; the counts stay. */
static bool line_fits(const struct block *b, const char *said)
{
	char digest[DIGEST_HEX];
	json_t *have = json_loads(said, 0, NULL);
	const char *words = json_string_value(json_object_get(have, "words"));

	if (*b->words)
		digest_sha256(b->words, strlen(b->words), digest);
	json_t *want = line_of(b, *b->words ? digest : words ? words : "");
	bool fits = json_equal(want, have) && (!*b->words || counts_fit(b));
	json_decref(want);
	json_decref(have);
	return fits;
}

bool store_reported_fits(struct store *store, struct err *err)
{
	struct query q;
	bool fits = true;

	query_begin(&q, store,
	        BLOCK ", COALESCE(a.body, '') FROM reported r JOIN delivery d ON d.id = r.delivery"
	              " LEFT JOIN audit a ON a.seq = r.line AND a.what = 'report'"
	              " ORDER BY r.delivery",
	        err);
	while (fits && query_row(&q)) {
		struct block b;
		block_read(&q, &b);
		fits = line_fits(&b, query_peek_text(&q));
		if (!fits)
			err_set(err, ERR_CONFLICT,
			        "投递 %lld 的回执与审计记录第 %lld 条不符：被改过",
			        "the reports of delivery %lld are not those of audit record %lld: "
			        "they were changed",
			        (long long)b.delivery, (long long)b.line);
		block_finish(&b);
	}
	return query_end(&q) && fits;
}
