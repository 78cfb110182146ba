/* SPDX-License-Identifier: Apache-2.0
 * shift_page - see shift_page.h. In Chinese: it is a paper of the office's, signed word for word.
 */
#include "shift_page.h"

#include <stdlib.h>
#include <string.h>

#include "due.h"
#include "api_open.h"
#include "heartbeat.h"
#include "outbox.h"
#include "policies.h"
#include "utf8.h"
#include "when.h"

/* Four lists of so many lines of so many bytes leave room for the remarks (SHIFT_BYTES_MOST). */
enum { LINES_MOST = 200, LINE_BYTES = 240, LOOKED_AT_MOST = 1000 };

/* "2026-11-28 11:00" */
static char *day_and_time(const char *moment)
{
	return strlen(moment) >= 16 ? mem_format("%.10s %.5s", moment, moment + 11) : mem_text("—");
}

/* Takes the sentence; it becomes one line. A headline as long as a book must not be what keeps the
 * watch from being handed over. */
static void add(struct texts *texts, size_t *more, char *sentence)
{
	utf8_one_line(sentence);
	char *line = strlen(sentence) <= LINE_BYTES
	                     ? mem_text(sentence)
	                     : mem_format("%.*s…", (int)utf8_cut(sentence, LINE_BYTES), sentence);
	if (texts->count < LINES_MOST)
		texts_add(texts, line);
	else
		(*more)++;
	free(line);
	free(sentence);
}

static void say_more(struct texts *texts, size_t more)
{
	char *sentence = mem_format("另有 %zu 项", more);

	if (more)
		texts_add(texts, sentence);
	free(sentence);
}

static bool add_state(struct call *call, enum bulletin_state state, struct texts *texts,
        size_t *more, struct err *err)
{
	struct bulletin_list list = {0};
	int64_t now = when_now();

	if (!store_list_bulletins(call->reader, (int)state, LOOKED_AT_MOST, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		const struct bulletin *b = list.items[i];
		char expires[WHEN_TEXT] = "";
		if (state == BULLETIN_RELEASED && !open_in_force(b, now))
			continue;
		if (b->expires)
			when_text(b->expires, expires);
		char *end = day_and_time(expires);
		add(texts, more,
		        state == BULLETIN_RELEASED
		                ? mem_format("%s %s %s（至 %s）", b->id, level_zh(b->level),
		                          b->headline, end)
		                : mem_format("%s %s %s %s", b->id, bulletin_state_zh(b->state),
		                          level_zh(b->level), b->headline));
		free(end);
	}
	bulletin_list_finish(&list);
	return true;
}

static bool add_bulletins(struct call *call, struct shift_text *out, struct err *err)
{
	size_t active = 0;
	size_t waiting = 0;
	bool ok = add_state(call, BULLETIN_RELEASED, &out->active, &active, err) &&
	          add_state(call, BULLETIN_APPROVED, &out->waiting, &waiting, err) &&
	          add_state(call, BULLETIN_SUBMITTED, &out->waiting, &waiting, err) &&
	          add_state(call, BULLETIN_DRAFT, &out->waiting, &waiting, err);

	say_more(&out->active, active);
	say_more(&out->waiting, waiting);
	return ok;
}

static const char *word(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

/* What people wait with stands under waiting already. */
static bool stands_elsewhere(const char *what)
{
	static const char *const turns[] = {"draft", "review", "sign", "release"};

	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
		if (strcmp(what, turns[i]) == 0)
			return true;
	return false;
}

static bool add_due(struct call *call, struct texts *texts, struct err *err)
{
	json_t *list = NULL;
	const json_t *one;
	size_t more = 0;
	size_t i;

	if (!due_list(call->house, call->reader, NULL, when_now(), &list, err))
		return false;
	json_array_foreach(list, i, one)
	{
		if (stands_elsewhere(word(one, "what")))
			continue;
		char *due = day_and_time(word(one, "due"));
		add(texts, &more,
		        mem_format("%s %s %s（限 %s%s）", word(one, "bulletin"),
		                word(one, "what_zh"), word(one, "headline"), due,
		                json_is_true(json_object_get(one, "overdue")) ? "，已超时" : ""));
		free(due);
	}
	say_more(texts, more);
	json_decref(list);
	return true;
}

static void add_channels(struct call *call, struct texts *texts)
{
	json_t *channels = outbox_standing(call->house->outbox);
	const json_t *one;
	size_t more = 0;
	size_t i;

	json_array_foreach(channels, i, one)
	{
		const char *health = word(one, "health");
		long long unknown = json_integer_value(json_object_get(one, "unknown"));
		if (strcmp(health, "well") != 0)
			add(texts, &more,
			        mem_format("通道 %s：%s", word(one, "target"),
			                strcmp(health, "away") == 0 ? "通道程序未运行"
			                                            : "对方无应答"));
		if (unknown)
			add(texts, &more,
			        mem_format("通道 %s：%lld 项投递不明，待认定", word(one, "target"),
			                unknown));
	}
	json_decref(channels);
}

static void add_house(struct call *call, struct texts *texts)
{
	struct house *house = call->house;
	struct err what = {0};
	size_t more = 0;

	if (atomic_load(&house->held))
		add(texts, &more, mem_text("记录库由备份恢复，处于扣住状态，什么都不发"));
	if (atomic_load(&house->record_damaged))
		add(texts, &more, mem_text("记录库有损坏"));
	if (heartbeat_chain(house->heartbeat) == CHAIN_BROKEN)
		add(texts, &more, mem_text("审计链断裂"));
	if (!policies_in_step(house, &what))
		add(texts, &more, mem_text(what.zh));
}

bool shift_page(struct call *call, struct shift_text *out, struct err *err)
{
	if (!add_bulletins(call, out, err) || !add_due(call, &out->due, err))
		return false;
	add_channels(call, &out->sick);
	add_house(call, &out->sick);
	return true;
}
