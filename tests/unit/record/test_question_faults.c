/* SPDX-License-Identifier: Apache-2.0
 * Each call by which a reader asks SQLite something fails in turn, in six ways (statement_layer.h),
 * for every question that dispatch, release and people's pages rest on. Whoever asked gets the
 * answer or a sentence: never half an answer, and never "there is no such thing".
 */
#include "script.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "statement_layer.h"
#include "store_db.h"
#include "store_duty.h"
#include "store_hold.h"

enum { STEPS = 40 };

static void say_json(struct buf *out, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);

	buf_text(out, text ? text : "-");
	free(text);
	json_decref(json);
}

static void say_bulletins(struct buf *out, struct bulletin_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		buf_format(out, "%s %s %s; ", list->items[i]->id,
		        bulletin_state_text(list->items[i]->state), list->items[i]->headline);
	bulletin_list_finish(list);
}

static void say_deliveries(struct buf *out, struct delivery_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		buf_format(out, "%lld %s %s; ", (long long)list->items[i].id,
		        delivery_state_text(list->items[i].state), list->items[i].reason);
	delivery_list_finish(list);
}

static bool ask_bulletin(struct store *store, struct buf *out, struct err *err)
{
	struct bulletin *b = NULL;
	bool ok = store_get_bulletin(store, "b3", &b, err);

	if (ok)
		buf_format(out, "%s %s %zu %zu %zu", b->cap, b->manifest, b->text_count,
		        b->audience_count, b->earlier.count);
	bulletin_destroy(&b);
	return ok;
}

static bool ask_nobody(struct store *store, struct buf *out, struct err *err)
{
	struct bulletin *b = NULL;

	(void)out;
	return store_get_bulletin(store, "b99", &b, err);
}

static bool ask_list(struct store *store, struct buf *out, struct err *err)
{
	struct bulletin_list list = {0};
	bool ok = store_list_bulletins(store, -1, 100, &list, err);

	say_bulletins(out, &list);
	return ok;
}

static bool ask_active(struct store *store, struct buf *out, struct err *err)
{
	struct bulletin_list list = {0};
	bool ok = store_list_active(store, &list, err);

	say_bulletins(out, &list);
	return ok;
}

static bool ask_deliveries(struct store *store, struct buf *out, struct err *err)
{
	struct delivery_list list = {0};
	bool ok = store_list_deliveries(store, "b2", &list, err);

	say_deliveries(out, &list);
	return ok;
}

static bool ask_pending(struct store *store, struct buf *out, struct err *err)
{
	struct delivery_list list = {0};
	bool ok = store_list_pending(store, &list, err);

	say_deliveries(out, &list);
	return ok;
}

static bool ask_approvals(struct store *store, struct buf *out, struct err *err)
{
	struct approval_list list = {0};
	bool ok = store_list_approvals(store, "b1", &list, err);

	for (size_t i = 0; i < list.count; i++)
		buf_format(out, "%s ", list.items[i].proof.officer);
	approval_list_finish(&list);
	return ok;
}

static bool ask_steps(struct store *store, struct buf *out, struct err *err)
{
	struct step_list list = {0};
	bool ok = store_list_steps(store, "b1", &list, err);

	buf_format(out, "%zu", list.count);
	step_list_finish(&list);
	return ok;
}

static bool ask_block(struct store *store, struct buf *out, struct err *err)
{
	char *lines = NULL;
	bool ok = store_audience_block(store, "b1", "sms-main", 1, &lines, err);

	buf_text(out, lines ? lines : "");
	free(lines);
	return ok;
}

static bool ask_far_id(struct store *store, struct buf *out, struct err *err)
{
	int64_t id = 0;
	bool ok = store_find_far_id(store, "sms-main", "far-1", &id, err);

	buf_format(out, "%lld", (long long)id);
	return ok;
}

static bool ask_identity(struct store *store, struct buf *out, struct err *err)
{
	char digest[DIGEST_HEX];
	char *bulletin = NULL;
	bool ok = store_find_identity(store, "nobody", "none", now, digest, &bulletin, err);

	(void)out;
	free(bulletin);
	return ok;
}

static bool ask_token(struct store *store, struct buf *out, struct err *err)
{
	struct token token = {0};
	bool ok = store_find_token(store, "0000", now, &token, err);

	(void)out;
	token_finish(&token);
	return ok;
}

static bool ask_verify(struct store *store, struct buf *out, struct err *err)
{
	char head[DIGEST_HEX] = "";
	int64_t records = 0;
	bool ok = store_audit_verify(store, &records, head, err);

	buf_format(out, "%lld %s", (long long)records, ok ? head : "");
	return ok;
}

static bool ask_voids(struct store *store, struct buf *out, struct err *err)
{
	int64_t last = 0, voids[STATUS_VOIDS_MOST];
	struct texts targets = {0};
	size_t count = 0;

	texts_add(&targets, "mqtt-north");
	bool ok = store_list_voids(store, &targets, &last, voids, &count, err);
	buf_format(out, "%lld %zu", (long long)last, count);
	texts_finish(&targets);
	return ok;
}

static bool ask_in_force(struct store *store, struct buf *out, struct err *err)
{
	struct status_item *items = NULL;
	size_t count = 0;
	bool ok = store_list_in_force(store, now, &items, &count, err);

	buf_format(out, "%zu", count);
	free(items);
	return ok;
}

static bool ask_case(struct store *store, struct buf *out, struct err *err)
{
	struct texts ids = {0};
	bool ok = store_list_case(store, "b1", &ids, err);

	for (size_t i = 0; i < ids.count; i++)
		buf_text(out, ids.items[i]);
	texts_finish(&ids);
	return ok;
}

static bool ask_hold(struct store *store, struct buf *out, struct err *err)
{
	struct hold hold;
	bool ok = store_hold(store, &hold, err);

	buf_format(out, "%lld", (long long)hold.since);
	return ok;
}

static bool ask_duties(struct store *store, struct buf *out, struct err *err)
{
	struct duty_list list = {0};
	bool ok = store_list_duties(store, "", 100, &list, err);

	buf_format(out, "%zu", list.count);
	duty_list_finish(&list);
	return ok;
}

static bool ask_audit(struct store *store, struct buf *out, struct err *err)
{
	json_t *list = NULL;
	bool ok = store_list_audit(store, &(struct audit_wish){.most = 1000}, &list, err);

	say_json(out, list);
	return ok;
}

static bool ask_decisions(struct store *store, struct buf *out, struct err *err)
{
	json_t *list = NULL;
	bool ok = store_list_decisions(store, "b1", &list, err);

	say_json(out, list);
	return ok;
}

static bool ask_intake(struct store *store, struct buf *out, struct err *err)
{
	json_t *list = NULL;
	bool ok = store_list_intake(store, 100, &list, err);

	say_json(out, list);
	return ok;
}

static long refused;

static const struct question {
	const char *name;
	bool (*ask)(struct store *store, struct buf *out, struct err *err);
} questions[] = {
        {"bulletin", ask_bulletin},
        {"nobody", ask_nobody},
        {"list", ask_list},
        {"active", ask_active},
        {"deliveries", ask_deliveries},
        {"pending", ask_pending},
        {"approvals", ask_approvals},
        {"steps", ask_steps},
        {"block", ask_block},
        {"far id", ask_far_id},
        {"identity", ask_identity},
        {"token", ask_token},
        {"verify", ask_verify},
        {"voids", ask_voids},
        {"in force", ask_in_force},
        {"case", ask_case},
        {"hold", ask_hold},
        {"duties", ask_duties},
        {"audit", ask_audit},
        {"decisions", ask_decisions},
        {"intake", ask_intake},
};

struct answer {
	bool ok;
	enum err_kind kind;
	char *text;
};

static struct answer ask(struct store *store, const struct question *question, struct err *err)
{
	struct answer answer;
	struct buf out;

	buf_init(&out, 0);
	*err = (struct err){0};
	answer.ok = question->ask(store, &out, err);
	answer.kind = answer.ok ? ERR_NONE : err->kind;
	answer.text = buf_take(&out);
	return answer;
}

/* false: it has no such call. */
static bool ask_and_fail(const char *path, const struct question *question, long at,
        enum statement_fault fault, const struct answer *right)
{
	struct err err = {0};
	struct store *store = store_open(path, STORE_READ, &err); /* nothing prepared yet */
	char *where = statement_where(question->name, 0, at, fault, false);

	assert_non_null(store);
	statement_fail(at, fault, false);
	struct answer answer = ask(store, question, &err);
	bool reached = statement_calls() >= at;
	const char *failed = statement_failed();
	statement_heal();
	bool same = answer.ok == right->ok && answer.kind == right->kind &&
	            (!answer.ok || strcmp(answer.text, right->text) == 0);
	if (answer.ok && !same)
		fail_msg("%s: half an answer: %s", where, answer.text);
	if (!answer.ok && !same)
		statement_told(&err, where);
	if (failed && strcmp(failed, "COMMIT") != 0 && fault != STATEMENT_DONE && same &&
	        !answer.ok)
		fail_msg("%s: a failure is told as an answer: %s", where, err.en);
	refused += !same;
	free(answer.text);
	answer = ask(store, question, &err); /* the same again, of the same connection */
	if (answer.ok != right->ok || strcmp(answer.text, right->text) != 0)
		fail_msg("%s: the same again: %s", where, answer.ok ? answer.text : err.en);
	if (fault != STATEMENT_DONE && !sqlite3_get_autocommit(store->db))
		fail_msg("%s: it goes on seeing this state only", where);
	free(answer.text);
	store_close(&store);
	free(where);
	return reached;
}

static char *played(void)
{
	char *folder = folder_make();

	script_key(folder);
	struct store *store = record_tool_open(folder, NULL);

	assert_non_null(store);
	for (int step = 0; step < STEPS; step++)
		assert_true(record_tool_do(store, script_step, &step, NULL));
	record_tool_close(&store);
	return folder;
}

static void each_call_of_each_question_fails(void **state)
{
	char *folder = played();
	char *path = mem_format("%s/record.db", folder);
	struct store *writer = record_tool_open(folder, NULL); /* makes the log's shared memory */
	size_t count = sizeof questions / sizeof *questions;
	struct err err;

	(void)state;
	assert_non_null(writer);
	for (size_t i = 0; i < count; i++) {
		struct answer right = ask(writer, &questions[i], &err);
		for (int fault = 0; fault < STATEMENT_FAULTS; fault++)
			for (long at = 1; ask_and_fail(
			             path, &questions[i], at, (enum statement_fault)fault, &right);)
				at++;
		free(right.text);
	}
	print_message("%zu questions: %ld refused with a sentence\n", count, refused);
	assert_true(refused > (long)count * 5);
	record_tool_close(&writer);
	free(path);
	folder_remove(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_call_of_each_question_fails),
	};

	return cmocka_run_group_tests_name("question_faults", tests, NULL, NULL);
}
