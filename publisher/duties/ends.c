/* SPDX-License-Identifier: Apache-2.0
 * ends - see ends.h. Read anew each time: settings, the policy in force, the record, and the files
 * that are named.
 */
#include "ends.h"

#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "log.h"
#include "store_account.h"
#include "when.h"

static const int64_t day_ms = 86400000;

struct end {
	const char *what, *what_zh;
	char *name, *of; /* of: whose, or for what; "" */
	char *problem;   /* NULL: none */
	int64_t ends;
};

struct ends {
	struct end *items;
	size_t count;
};

static struct end *add(struct ends *ends, const char *what, const char *what_zh, const char *name,
        const char *of, int64_t at)
{
	struct end *end = mem_push(&ends->items, &ends->count, sizeof *end);

	*end = (struct end){what, what_zh, mem_text(name), mem_text(of ? of : ""), NULL, at};
	return end;
}

static void ends_finish(struct ends *ends)
{
	for (size_t i = 0; i < ends->count; i++) {
		free(ends->items[i].name);
		free(ends->items[i].of);
		free(ends->items[i].problem);
	}
	free(ends->items);
}

/* --- where they stand ---------------------------------------------------------------------------
 */

static void add_policy(struct ends *ends, const struct policy *policy)
{
	for (size_t i = 0; i < policy->grant_count; i++) {
		const struct grant *grant = &policy->grants[i];
		bool behalf = grant->role == ROLE_BEHALF;
		if (grant->until != INT64_MAX)
			add(ends, behalf ? "delegation" : "grant", behalf ? "代发委托" : "授权",
			        grant->label, grant->unit, grant->until);
	}
	for (size_t i = 0; i < policy->roster_count; i++)
		if (policy->roster[i].until != INT64_MAX)
			add(ends, "roster", "值班安排", policy->roster[i].officer,
			        policy->roster[i].unit, policy->roster[i].until);
}

static bool add_tokens(struct ends *ends, struct store *reader, struct err *err)
{
	json_t *list = store_list_tokens(reader, err);
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *text = json_string_value(json_object_get(one, "ends"));
		int64_t at;
		if (text && when_read(text, &at, NULL))
			add(ends, "token", "访问令牌",
			        json_string_value(json_object_get(one, "name")),
			        json_string_value(json_object_get(one, "officer")), at);
	}
	json_decref(list);
	return list != NULL;
}

static bool add_enrolments(struct ends *ends, struct store *reader, int64_t now, struct err *err)
{
	json_t *list = store_list_accounts(reader, now, err);
	bool ok = list != NULL;
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *officer = json_string_value(json_object_get(one, "officer"));
		struct account account;
		if (!ok || !json_is_true(json_object_get(one, "enrolling")))
			continue;
		ok = store_get_account(reader, officer, &account, err);
		if (!ok)
			continue;
		add(ends, "enrolment", "账号登记码", officer, "", account.enrol_ends);
		account_finish(&account);
	}
	json_decref(list);
	return ok;
}

struct reading {
	struct ends *ends;
	const char *of;
};

static void add_certificate(void *arg, const char *subject, int64_t at)
{
	const struct reading *reading = arg;

	add(reading->ends, "certificate", "证书", subject, reading->of, at);
}

/* One that cannot be read is as good as over: whoever needs it cannot either. */
static void add_file(struct ends *ends, const char *path, const char *of, int64_t now)
{
	struct reading reading = {ends, of};
	struct err err;

	if (!certificate_read(path, add_certificate, &reading, &err))
		add(ends, "certificate", "证书", path, of, now)->problem =
		        mem_format("%s / %s", err.zh, err.en);
}

/* Options of channels that name certificates; "system" is the machine's own store. */
static void add_options(struct ends *ends, const struct config_target *target, int64_t now)
{
	static const char *const names[] = {"cafile", "certfile"};

	for (size_t i = 0; i < target->option_count; i++)
		for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
			const struct config_pair *option = &target->options[i];
			if (strcmp(option->name, names[n]) == 0 && *option->value &&
			        strcmp(option->value, "system") != 0)
				add_file(ends, option->value, target->name, now);
		}
}

static void add_day(
        struct ends *ends, const char *what, const char *what_zh, const char *name, const char *day)
{
	int64_t at;

	if (when_read_day(day, &at))
		add(ends, what, what_zh, name, "", at);
}

static void add_settings(struct ends *ends, const struct config *config, int64_t now)
{
	for (size_t i = 0; i < config->target_count; i++) {
		add_day(ends, "far-side", "对端账号或合同", config->targets[i].name,
		        config->targets[i].ends);
		add_options(ends, &config->targets[i], now);
	}
	for (size_t i = 0; i < config->source_count; i++)
		add_day(ends, "source", "来源", config->sources[i].name, config->sources[i].ends);
	for (size_t i = 0; i < config->certificates.count; i++)
		add_file(ends, config->certificates.items[i], "", now);
}

/* --- the list -----------------------------------------------------------------------------------
 */

static int sooner(const void *a, const void *b)
{
	const struct end *left = a;
	const struct end *right = b;

	return (left->ends > right->ends) - (left->ends < right->ends);
}

static bool collect(struct house *house, struct store *reader, bool people, int64_t now,
        struct ends *ends, struct err *err)
{
	*ends = (struct ends){0};
	add_policy(ends, atomic_load(&house->policy));
	add_settings(ends, house->config, now);
	bool ok = !people ||
	          (add_tokens(ends, reader, err) && add_enrolments(ends, reader, now, err));
	if (ends->count)
		qsort(ends->items, ends->count, sizeof *ends->items, sooner);
	return ok;
}

static const char *state_of(const struct house *house, const struct end *end, int64_t now)
{
	return end->ends <= now                                      ? "over"
	       : end->ends - now < house->config->ends_soon * day_ms ? "soon"
	                                                             : "later";
}

/* Soon, or over and perhaps not noticed yet. */
static bool alarming(const struct house *house, const struct end *end, int64_t now)
{
	int64_t soon = house->config->ends_soon * day_ms;

	return end->ends - now < soon && now - end->ends < soon;
}

bool ends_list(struct house *house, struct store *reader, bool people, int64_t now, json_t **out,
        struct err *err)
{
	struct ends ends;
	char at[WHEN_TEXT];
	bool ok = collect(house, reader, people, now, &ends, err);

	*out = ok ? json_array() : NULL;
	for (size_t i = 0; ok && i < ends.count; i++) {
		const struct end *end = &ends.items[i];
		when_text(end->ends, at);
		json_array_append_new(
		        *out, json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s*}", "what", end->what,
		                      "what_zh", end->what_zh, "name", end->name, "of", end->of,
		                      "ends", at, "state", state_of(house, end, now), "alarm",
		                      alarming(house, end, now), "problem", end->problem));
	}
	ends_finish(&ends);
	return ok;
}

static void say(const struct house *house, const struct end *end, int64_t now)
{
	char at[WHEN_TEXT];

	when_text(end->ends, at);
	log_event(end->ends <= now ? LOG_ERROR : LOG_WARN, "ends", "what", end->what, "name",
	        end->name, "of", *end->of ? end->of : NULL, "ends", at, "state",
	        state_of(house, end, now), "reason", end->problem, NULL);
}

void ends_chore(struct house *house, struct store *reader, int64_t now)
{
	struct err err = {0};
	struct ends ends;
	int alarms = 0;
	bool aloud = when_boot() >= house->ends_said_until;

	if (!collect(house, reader, true, now, &ends, &err))
		log_event(LOG_ERROR, "ends", "reason", err.en, NULL);
	for (size_t i = 0; i < ends.count; i++) {
		if (!alarming(house, &ends.items[i], now))
			continue;
		alarms++;
		if (aloud)
			say(house, &ends.items[i], now);
	}
	if (aloud)
		house->ends_said_until = when_boot() + day_ms;
	atomic_store(&house->ending, alarms);
	ends_finish(&ends);
}
