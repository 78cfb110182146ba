/* SPDX-License-Identifier: Apache-2.0
 * policy_roster - see policy_roster.h. Relies on policy_fields for the values. A number is never
 * repeated in a fault: faults are shown and logged.
 */
#include "policy_roster.h"

#include <stdlib.h>
#include <string.h>

#include "phone.h"
#include "policy_fields.h"
#include "when.h"

enum {
	CHINA_MINUTES = 8 * 60,
	DAY_MINUTES = 1440,
	ON_DUTY_MOST = 200 /* bytes of a sentence */
};

/* --- asking ----------------------------------------------------------------------------------- */

/* 0 = Monday, at +08:00: the day on which a turn of these hours began that is on at this moment. A
 * night's turn is its evening's until morning. */
static int weekday(const struct hours *hours, int64_t at)
{
	int64_t minutes = (at >= 0 ? at : at - 59999) / 60000 + CHINA_MINUTES;
	int64_t days = (minutes >= 0 ? minutes : minutes - (DAY_MINUTES - 1)) / DAY_MINUTES;
	bool over_midnight = hours->from_minute > hours->to_minute;

	if (over_midnight && minutes - days * DAY_MINUTES < hours->to_minute)
		days--;
	return (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool roster_row_holds(
        const struct roster_row *row, const char *unit, enum status_step step, int64_t at)
{
	return row->unit && strcmp(row->unit, unit) == 0 && (row->steps & 1u << step) &&
	       at >= row->from && at < row->until && (row->days & 1u << weekday(&row->hours, at)) &&
	       hours_hold(&row->hours, at);
}

static unsigned duty_of(enum status_step step)
{
	return step == STEP_REVIEW ? DUTY_REVIEW : DUTY_SIGN;
}

static bool names(const struct roster_row *row, const char *officer)
{
	return strcmp(row->officer, officer) == 0 ||
	       (row->deputy && strcmp(row->deputy, officer) == 0);
}

/* A row's people are of its unit, so it is their own unit's roster. */
bool roster_lets(
        const struct policy *policy, const char *officer, enum status_step step, int64_t at)
{
	if (!policy->sign_by_roster)
		return true;
	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		if (names(row, officer) && roster_row_holds(row, row->unit, step, at))
			return true;
	}
	return false;
}

/* Those of the unit who are on duty, as far as there is room; "" when nobody is. */
static void list_on_duty(const struct policy *policy, const char *unit, enum status_step step,
        int64_t at, struct buf *out)
{
	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		if (!roster_row_holds(row, unit, step, at) || out->len > ON_DUTY_MOST)
			continue;
		buf_format(out, "%s%s", out->len ? " " : "", row->officer);
		if (row->deputy)
			buf_format(out, " %s", row->deputy);
	}
}

void roster_say(const struct policy *policy, const char *officer, enum status_step step, int64_t at,
        char **zh, char **en)
{
	const struct officer *who = policy_officer(policy, officer);
	const char *unit = who ? who->unit : "-";
	unsigned duty = duty_of(step);
	char moment[WHEN_TEXT];
	struct buf others;

	when_text(at, moment);
	buf_init(&others, 0);
	list_on_duty(policy, unit, step, at, &others);
	*zh = mem_format(
	        "%s 于 %s 不在 %s 的%s值班表（roster）上，当时在班：%s；请由当班人员%s（已经"
	        "审签的，退回后重新审签），或请管理员先改值班表",
	        officer, moment, unit, duty_zh(duty), others.len ? others.data : "无人",
	        duty_zh(duty));
	*en = mem_format(
	        "%s was not on the roster of %s to %s at %s (on duty then: %s): let somebody "
	        "on duty %s it (what was approved already is returned and approved anew), or "
	        "have the roster changed first",
	        officer, unit, duty_text(duty), moment, others.len ? others.data : "nobody",
	        duty_text(duty));
	buf_finish(&others);
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

/* --- reading ---------------------------------------------------------------------------------- */

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

const char *const policy_day_words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

static void one_day(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	one_word(yaml, item, text, place, policy_day_words);
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
	bool good = phone_shaped(text);

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

/* --- checking --------------------------------------------------------------------------------- */

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

static bool can(const struct policy *policy, const char *id, unsigned duty)
{
	const struct officer *officer = officer_called(policy, id);

	return officer && officer->active && officer->duties & duty;
}

static bool somebody_can(const struct policy *policy, enum status_step step)
{
	unsigned duty = duty_of(step);

	for (size_t i = 0; i < policy->roster_count; i++) {
		const struct roster_row *row = &policy->roster[i];
		if (row->steps & 1u << step &&
		        (can(policy, row->officer, duty) || can(policy, row->deputy, duty)))
			return true;
	}
	return false;
}

static bool reviews_are_asked(const struct policy *policy)
{
	bool asked = policy->has_urgent && policy->urgent.reviews > 0;

	for (size_t i = 0; i < policy->signoff_count; i++)
		asked = asked || policy->signoffs[i].reviews > 0;
	return asked;
}

static void must_let_somebody(
        struct yaml *yaml, struct fy_node *root, const struct policy *policy, enum status_step step)
{
	unsigned duty = duty_of(step);

	if (somebody_can(policy, step))
		return;
	yaml_fault(yaml, yaml_value(root, "sign_by_roster"),
	        "sign_by_roster 为 yes，而 roster 中没有一行把在职且有%s职责的人列在 %s "
	        "一步：谁也不能%s；请补上 roster，或写 no",
	        "sign_by_roster is yes, but no row of the roster gives the step %.0s%s to anybody "
	        "active with that duty%.0s: nobody could ever do it; add a row, or say no",
	        duty_zh(duty), status_step_text(step), duty_zh(duty));
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
	if (!policy->sign_by_roster)
		return;
	must_let_somebody(yaml, root, policy, STEP_SIGN);
	if (reviews_are_asked(policy))
		must_let_somebody(yaml, root, policy, STEP_REVIEW);
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
