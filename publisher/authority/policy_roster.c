/* SPDX-License-Identifier: Apache-2.0
 * policy_roster - see policy_roster.h. Relies on policy_fields for the values. A number is never
 * repeated in a fault: faults are shown and logged.
 */
#include "policy_roster.h"

#include <stdlib.h>
#include <string.h>

#include "policy_fields.h"
#include "when.h"

enum { CHINA_MINUTES = 8 * 60, DAY_MINUTES = 1440, PHONE_LEAST = 5, PHONE_MOST = 20 };

/* --- asking --------------------------------------------------------------------------------------
 */

/* 0 = Monday, at +08:00. */
static int weekday(int64_t at)
{
	int64_t minutes = (at >= 0 ? at : at - 59999) / 60000 + CHINA_MINUTES;
	int64_t days = (minutes >= 0 ? minutes : minutes - (DAY_MINUTES - 1)) / DAY_MINUTES;

	return (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool roster_row_holds(
        const struct roster_row *row, const char *unit, enum status_step step, int64_t at)
{
	return row->unit && strcmp(row->unit, unit) == 0 && (row->steps & 1u << step) &&
	       at >= row->from && at < row->until && (row->days & 1u << weekday(at)) &&
	       hours_hold(&row->hours, at);
}

bool roster_on_duty(
        const struct policy *policy, const char *officer, enum status_step step, int64_t at)
{
	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		bool his = strcmp(row->officer, officer) == 0 ||
		           (row->deputy && strcmp(row->deputy, officer) == 0);
		if (his && roster_row_holds(row, row->unit, step, at))
			return true;
	}
	return false;
}

static bool is_audience(const char *phone, const char *audience)
{
	char digest[DIGEST_HEX];

	if (!phone)
		return false;
	status_audience(&phone, 1, digest);
	return strcmp(digest, audience) == 0;
}

bool roster_reaches(const struct policy *policy, const char *officer, const char *audience)
{
	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		if (strcmp(row->officer, officer) == 0 && is_audience(row->phone, audience))
			return true;
		if (row->deputy && strcmp(row->deputy, officer) == 0 &&
		        is_audience(row->deputy_phone, audience))
			return true;
	}
	return false;
}

/* --- reading -------------------------------------------------------------------------------------
 */

static void one_word(struct yaml *yaml, struct fy_node *item, const char *text, void *place,
        const char *const *words)
{
	unsigned *bits = place;

	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*bits |= 1u << i;
		return;
	}
	yaml_fault(yaml, item, "不认识 %s", "unknown word %s", text);
}

/* The steps somebody is called for, by enum status_step. */
static void one_step(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	static const enum status_step known[] = {STEP_REVIEW, STEP_SIGN, STEP_RELEASE, STEP_REPORT};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(status_step_text(known[i]), text) != 0)
			continue;
		*(unsigned *)place |= 1u << known[i];
		return;
	}
	yaml_fault(yaml, item, "steps 应为 review、sign、release 或 report，而不是 %s",
	        "steps are review, sign, release or report, not %s", text);
}

static void field_steps(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_step);
}

static void one_day(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

	one_word(yaml, item, text, place, days);
}

static void field_days(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_day);
}

/* A day, or a moment. */
static void field_moment(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !when_read(text, place, NULL) && !when_read_day(text, place))
		yaml_fault(yaml, value, "%s 不是日期或时刻（如 2026-11-23T08:00:00+08:00）",
		        "%s is no date or moment (such as 2026-11-23T08:00:00+08:00)", text);
	free(text);
}

static void field_phone(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);
	size_t len = text ? strlen(text) : 0;
	bool good = text && len >= PHONE_LEAST && len <= PHONE_MOST &&
	            strspn(text + (*text == '+'), "0123456789") == len - (*text == '+');

	if (text && !good)
		yaml_fault(yaml, value, "号码应为 %d 至 %d 位数字", "a number is %d to %d digits",
		        (int)PHONE_LEAST, (int)PHONE_MOST);
	if (good)
		mem_set_text(place, text);
	free(text);
}

static const struct field roster_fields[] = {
        {"unit", true, field_id, offsetof(struct roster_row, unit)},
        {"officer", true, field_id, offsetof(struct roster_row, officer)},
        {"steps", true, field_steps, offsetof(struct roster_row, steps)},
        {"from", false, field_moment, offsetof(struct roster_row, from)},
        {"until", false, field_moment, offsetof(struct roster_row, until)},
        {"hours", false, field_hours, offsetof(struct roster_row, hours)},
        {"days", false, field_days, offsetof(struct roster_row, days)},
        {"deputy", false, field_id, offsetof(struct roster_row, deputy)},
        {"phone", false, field_phone, offsetof(struct roster_row, phone)},
        {"deputy_phone", false, field_phone, offsetof(struct roster_row, deputy_phone)},
        {0},
};

void policy_read_roster(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while (yaml_is_list(yaml, list) && (item = fy_node_sequence_iterate(list, &at))) {
		struct roster_row *row =
		        mem_push(&policy->roster, &policy->roster_count, sizeof *row);
		row->from = INT64_MIN;
		row->until = INT64_MAX;
		row->days = ~0u;
		row->hours = (struct hours){-1, -1};
		yaml_row(yaml, item, roster_fields, row);
	}
}

/* --- checking ------------------------------------------------------------------------------------
 */

static const struct officer *officer_called(const struct policy *policy, const char *id)
{
	for (size_t i = 0; id && i < policy->officer_count; i++)
		if (policy->officers[i].id && strcmp(policy->officers[i].id, id) == 0)
			return &policy->officers[i];
	return NULL;
}

static void must_be_of_unit(struct yaml *yaml, struct fy_node *item, const struct policy *policy,
        const struct roster_row *row, const char *id)
{
	const struct officer *officer = officer_called(policy, id);

	if (!id || !row->unit)
		return;
	if (!officer)
		yaml_fault(yaml, item, "没有人员 %s", "there is no officer %s", id);
	else if (officer->unit && strcmp(officer->unit, row->unit) != 0)
		yaml_fault(yaml, item, "%s 不属于 %s", "%s is not of %s", id, row->unit);
}

void policy_check_roster(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	struct fy_node *list = yaml_value(root, "roster");
	void *at = NULL;

	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		struct fy_node *item = fy_node_sequence_iterate(list, &at);
		must_be_of_unit(yaml, item, policy, row, row->officer);
		must_be_of_unit(yaml, item, policy, row, row->deputy);
		if (row->from >= row->until)
			yaml_fault(
			        yaml, item, "until 须晚于 from", "until must be later than from");
		if (row->deputy_phone && !row->deputy)
			yaml_fault(yaml, item, "有 deputy_phone 而没有 deputy",
			        "a deputy_phone without a deputy");
	}
}

void policy_finish_roster(struct policy *policy)
{
	for (size_t i = 0; i < policy->roster_count; i++) {
		struct roster_row *row = &policy->roster[i];
		char *texts[] = {
		        row->unit, row->officer, row->deputy, row->phone, row->deputy_phone};
		for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
			free(texts[t]);
	}
	free(policy->roster);
}
