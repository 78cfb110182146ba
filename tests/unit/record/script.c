/* SPDX-License-Identifier: Apache-2.0
 * script - see script.h. Ten steps a bulletin. Of four bulletins the second updates the first, and
 * the fourth cancels the third.
 */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store_check.h"
#include "store_db.h"
#include "store_reported.h"

enum { STEPS_EACH = 10, DELIVERIES = 3 };

/* One bulletin's share of a step. */
struct scene {
	struct store *store;
	struct bulletin *b; /* NULL before it is drafted */
	int number;         /* of the bulletin, from 0 */
	int64_t at;
	struct err *err;
};

static bool draft(struct scene *s)
{
	char bytes[] = "<alert>as it came</alert>", way[] = "api", name[] = "met-draft";
	char *outcome = mem_format("draft b%d", s->number + 1);
	struct intake in = {.at = s->at,
	        .way = way,
	        .name = name,
	        .bytes = bytes,
	        .len = strlen(bytes),
	        .outcome = outcome};
	int64_t id;

	s->b = sample_bulletin("暴雨橙色预警");
	s->b->level = (enum level)(s->number % LEVEL_COUNT);
	mem_put_text(&s->b->manifest, "");
	bool ok = store_add_intake(s->store, &in, &id, s->err) &&
	          store_put_bulletin(s->store, s->b, s->err) &&
	          store_audit(s->store, "received", s->b->id, NULL, s->at, s->err);
	free(outcome);
	return ok;
}

static bool in_chain(const struct scene *s)
{
	return s->number % 2 == 1;
}

/* The bulletin this one ends; the caller's. */
static struct bulletin *earlier(const struct scene *s)
{
	char *id = mem_format("b%d", s->number);
	struct bulletin *b = NULL;

	store_get_bulletin(s->store, id, &b, s->err);
	free(id);
	return b;
}

static bool submit(struct scene *s)
{
	struct bulletin *before = in_chain(s) ? earlier(s) : NULL;
	struct bulletin *b = s->b;
	char officer[] = "li", reason[] = "";
	struct step step = {.kind = STEP_SUBMIT, .officer = officer, .reason = reason, .at = s->at};

	free(b->identifier);
	b->identifier = NULL;
	if ((in_chain(s) && !before) ||
	        !store_take_identifier(s->store, "12000041600000", s->at, &b->identifier, s->err)) {
		bulletin_destroy(&before);
		return false;
	}
	mem_put_text(&b->chain, before ? before->chain : b->identifier);
	mem_put_text(&b->replaces, before ? before->identifier : "");
	b->verb = !before ? VERB_PUBLISH : s->number % 4 == 3 ? VERB_CANCEL : VERB_UPDATE;
	bulletin_destroy(&before);
	free(b->manifest);
	b->manifest = mem_format("manifest of %s", b->identifier);
	b->state = BULLETIN_SUBMITTED;
	b->submitted = s->at;
	digest_sha256(b->manifest, strlen(b->manifest), step.manifest);
	return store_put_bulletin(s->store, b, s->err) && store_add_words(s->store, b, s->err) &&
	       store_add_step(s->store, b->id, &step, s->err);
}

static bool approve(struct scene *s, enum act act, const char *officer)
{
	struct proof proof;

	sample_proof(&proof, act, officer);
	digest_sha256(s->b->manifest, strlen(s->b->manifest), proof.manifest);
	bool ok = store_add_approval(s->store, s->b->id, &proof, s->at, s->err);
	free(proof.officer);
	free(proof.signature);
	if (!ok || act == ACT_REVIEW)
		return ok;
	s->b->state = BULLETIN_APPROVED;
	s->b->approved = s->at;
	return store_put_bulletin(s->store, s->b, s->err);
}

static bool add_deliveries(struct scene *s)
{
	bool ok = true;

	for (int i = 0; ok && i < DELIVERIES; i++) {
		struct delivery d;
		sample_delivery(&d, s->b, i == 0 ? "mqtt-north" : "sms-main");
		d.block = i - 1;
		ok = store_add_delivery(s->store, &d, s->err);
		delivery_finish(&d);
	}
	return ok;
}

/* What it replaces ends with its release, and what of that still waits. */
static bool end_earlier(struct scene *s)
{
	bool cancel = s->b->verb == VERB_CANCEL;
	struct bulletin *before = earlier(s);
	struct delivery_list list = {0};

	if (!before)
		return false;
	before->state = cancel ? BULLETIN_CANCELLED : BULLETIN_SUPERSEDED;
	bool ok = store_list_deliveries(s->store, before->id, &list, s->err) &&
	          store_put_bulletin(s->store, before, s->err) &&
	          store_audit(s->store, bulletin_state_text(before->state), before->id, NULL, s->at,
	                  s->err);
	for (size_t i = 0; ok && i < list.count; i++)
		if (list.items[i].state == DELIVERY_WAITING)
			ok = store_delivery_state(s->store, list.items[i].id,
			        cancel ? DELIVERY_WITHDRAWN : DELIVERY_SUPERSEDED, 0,
			        s->b->identifier, "", "", s->at, s->err);
	delivery_list_finish(&list);
	bulletin_destroy(&before);
	return ok;
}

static bool release(struct scene *s)
{
	struct bulletin *b = s->b;
	json_t *facts = json_pack("{s:s}", "bulletin", b->id);

	b->state = BULLETIN_RELEASED;
	b->released = b->sent = s->at;
	mem_set_text(&b->releaser, "chen");
	b->signed_cap = mem_zero(6001);
	memset(b->signed_cap, 'x', 6000);
	mem_set_text(&b->filled_manifest, b->manifest);
	mem_set_text(&b->manifest_signature, "c2ln");
	/* Not what follows from its body, so that it is stored. */
	free(b->texts[0].filled);
	b->texts[0].filled = mem_format("%s!", b->texts[0].body);
	bool ok = store_next_sequence(s->store, "mqtt", &b->sequence, s->err) &&
	          store_put_bulletin(s->store, b, s->err) && add_deliveries(s) &&
	          (!in_chain(s) || end_earlier(s)) &&
	          store_add_decision(
	                  s->store, b->id, "release", "chen", true, facts, facts, s->at, s->err) &&
	          store_audit(s->store, "released", b->id, facts, s->at, s->err);
	json_decref(facts);
	return ok;
}

/* Every delivery of this bulletin, by its place: 0 = MQTT, 1 and 2 = blocks of short messages. */
static bool each(struct scene *s, bool (*act)(struct scene *s, int64_t id, int place))
{
	struct delivery_list list = {0};
	bool ok = store_list_deliveries(s->store, s->b->id, &list, s->err);

	for (size_t i = 0; ok && i < list.count; i++)
		ok = act(s, list.items[i].id, (int)i);
	delivery_list_finish(&list);
	return ok;
}

static bool hand_out(struct scene *s, int64_t id, int place)
{
	(void)place;
	return store_delivery_sending(s->store, id, s->at, s->err);
}

static bool begin(struct scene *s, int64_t id, int place)
{
	static const unsigned char first_two[] = {3};
	static const unsigned char nobody[] = {0};

	return store_delivery_began(s->store, id, s->at, s->err) &&
	       (place != 1 || store_delivery_recipients(s->store, id, first_two, nobody,
	                              sizeof first_two, s->at, s->err));
}

static bool deliver_first(struct scene *s, int64_t id, int place)
{
	return place != 0 || store_delivery_state(s->store, id, DELIVERY_DELIVERED, 0, "",
	                             "PUBACK mid=7 reason=0", "", s->at, s->err);
}

static bool doubt_others(struct scene *s, int64_t id, int place)
{
	return place == 0 ||
	       (place == 1 ? store_delivery_state(s->store, id, DELIVERY_UNKNOWN, 0, "no answer",
	                             "", "far-1", s->at, s->err)
	                   : store_delivery_state(s->store, id, DELIVERY_WAITING, s->at + 5000,
	                             "deferred by the far side", "", "", s->at, s->err));
}

/* Of the one whom nobody answered for, and again of one who was. */
static bool late_report(struct scene *s, int64_t id, int place)
{
	struct report_said said[] = {{2, REPORT_DELIVERED, false}, {0, REPORT_FAILED, false}};
	struct report_news news = {0};

	bool ok = place != 1 || store_add_reports(s->store, id, said, 2, s->at, &news, s->err);
	report_news_finish(&news);
	return ok;
}

static bool end_last(struct scene *s, int64_t id, int place)
{
	return place != 2 || store_delivery_state(s->store, id, DELIVERY_EXPIRED, 0,
	                             "expired before it could be sent", "", "", s->at, s->err);
}

static bool expire(struct scene *s)
{
	s->b->state = BULLETIN_EXPIRED;
	return store_put_bulletin(s->store, s->b, s->err) && each(s, end_last) &&
	       store_audit(s->store, "expired", s->b->id, NULL, s->at, s->err);
}

static bool play(struct scene *s, int step)
{
	switch (step) {
	case 0:
		return draft(s);
	case 1:
		return submit(s);
	case 2:
		return approve(s, ACT_REVIEW, "zhao");
	case 3:
		return approve(s, ACT_SIGN, "chen");
	case 4:
		return release(s);
	case 5:
		return each(s, hand_out);
	case 6:
		return each(s, begin);
	case 7:
		return each(s, deliver_first);
	case 8:
		return each(s, doubt_others);
	default:
		return in_chain(s) ? expire(s) : each(s, late_report);
	}
}

bool script_step(struct store *store, void *arg, struct err *err)
{
	int step = *(int *)arg;
	struct scene s = {.store = store,
	        .number = step / STEPS_EACH,
	        .at = now + step * (int64_t)1000,
	        .err = err};
	char *id = mem_format("b%d", s.number + 1);
	bool ok = (step % STEPS_EACH == 0 || store_get_bulletin(store, id, &s.b, err)) &&
	          play(&s, step % STEPS_EACH);

	bulletin_destroy(&s.b);
	free(id);
	return ok;
}

void script_key(const char *folder)
{
	char *path = mem_format("%s/audit.key", folder);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_true(fputs("a key of the test's own, as long as one\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	free(path);
}

/* --- what a record holds ---------------------------------------------------------------------- */

static sqlite3_stmt *ask(struct store *store, const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(store->db));
	return stmt;
}

/* FNV-1a: two contents that differ are not made to look alike by anybody here. */
static void mix(uint64_t *print, const void *bytes, size_t len)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < len; i++)
		*print = (*print ^ byte[i]) * 1099511628211u;
}

static void mix_table(struct store *store, const char *table, uint64_t *print)
{
	char *sql = mem_format("SELECT * FROM \"%s\"", table);
	sqlite3_stmt *stmt = ask(store, sql);

	mix(print, table, strlen(table));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			int type = sqlite3_column_type(stmt, i);
			const void *bytes = sqlite3_column_blob(stmt, i);
			int len = sqlite3_column_bytes(stmt, i);
			mix(print, &type, sizeof type);
			mix(print, &len, sizeof len);
			mix(print, bytes, (size_t)len);
		}
	sqlite3_finalize(stmt);
	free(sql);
}

uint64_t script_print(struct store *store)
{
	sqlite3_stmt *tables =
	        ask(store, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
	uint64_t print = 14695981039346656037u;

	while (sqlite3_step(tables) == SQLITE_ROW)
		mix_table(store, (const char *)sqlite3_column_text(tables, 0), &print);
	sqlite3_finalize(tables);
	return print;
}

#define RELEASED "('released','superseded','cancelled','expired')"

/* Each counts what must not be. */
static const struct rule {
	const char *broken, *sql;
} rules[] = {
        {"1: a delivery of what is not released",
                "SELECT COUNT(*) FROM delivery d JOIN bulletin b ON b.row = d.bulletin"
                " WHERE b.state NOT IN " RELEASED},
        {"2: released without its words",
                "SELECT COUNT(*) FROM bulletin b LEFT JOIN bulletin_body y ON y.bulletin = b.row"
                " LEFT JOIN bulletin_text t ON t.bulletin = b.row WHERE b.state IN " RELEASED
                " AND (y.signed_cap IS NULL OR LENGTH(y.signed_cap) <> 6000 OR"
                " y.filled_manifest <> y.manifest OR t.filled IS NULL OR t.filled <> t.body || "
                "'!')"},
        {"3: released without its approvals",
                "SELECT COUNT(*) FROM bulletin b WHERE b.state IN " RELEASED
                " AND 2 <> (SELECT COUNT(*) FROM approval a WHERE a.bulletin = b.row AND"
                " NOT a.voided)"},
        {"4: an older one of a chain still waits",
                "SELECT COUNT(*) FROM delivery o JOIN delivery n ON o.chain = n.chain AND"
                " o.target = n.target AND o.release_order < n.release_order"
                " WHERE o.state = 'waiting'"},
        {"5: a final word without when and why",
                "SELECT COUNT(*) FROM delivery WHERE state NOT IN ('waiting','sending') AND"
                " (updated = 0 OR (reason = '' AND proof = ''))"},
        {"6: half a release", "SELECT COUNT(*) FROM bulletin b WHERE b.state IN " RELEASED
                              " AND 3 <> (SELECT COUNT(*) FROM delivery d WHERE"
                              " d.bulletin = b.row)"},
        {"a reference", "SELECT COUNT(*) FROM pragma_foreign_key_check"},
        {"a page", "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"},
};

const char *script_broken(struct store *store)
{
	char head[DIGEST_HEX];
	int64_t records;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		sqlite3_stmt *stmt = ask(store, rules[i].sql);
		bool asked = sqlite3_step(stmt) == SQLITE_ROW;
		bool holds = asked && sqlite3_column_int64(stmt, 0) == 0;
		sqlite3_finalize(stmt);
		if (!holds)
			return rules[i].broken;
	}
	return store_audit_verify(store, &records, head, NULL) ? NULL : "the hash chain";
}

void script_holds(struct store *store, const char *where)
{
	const char *broken = script_broken(store);

	if (broken)
		fail_msg("%s: invariant broken: %s", where, broken);
}

struct store *script_look(
        const char *folder, const uint64_t *prints, int steps, int answered, const char *where)
{
	struct err err = {0};
	struct store *store = record_tool_open(folder, &err);

	if (!store)
		fail_msg("%s: %s", where, err.en);
	uint64_t print = script_print(store);
	if (print != prints[answered] && (answered == steps || print != prints[answered + 1]))
		fail_msg("%s: answered %d changes, and the record holds something else", where,
		        answered);
	script_holds(store, where);
	return store;
}

void script_prints(int steps, uint64_t *prints)
{
	char *folder = folder_make();
	struct err err = {0};

	script_key(folder);
	struct store *store = record_tool_open(folder, &err);
	if (!store)
		fail_msg("%s", err.en);
	prints[0] = script_print(store);
	for (int step = 0; step < steps; step++) {
		if (!record_tool_do(store, script_step, &step, &err))
			fail_msg("step %d: %s", step, err.en);
		prints[step + 1] = script_print(store);
	}
	record_tool_close(&store);
	folder_remove(&folder);
}
