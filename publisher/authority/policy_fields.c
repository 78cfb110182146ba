/* SPDX-License-Identifier: Apache-2.0
 * policy_fields - see policy_fields.h. A value that cannot be read is a fault at its place and
 * leaves the place in the struct as it was.
 */
#include "policy_fields.h"

#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "when.h"

enum { ID_MOST = 64 };

static void keep_text(void *place, char *text)
{
	char **kept = place;

	free(*kept);
	*kept = text;
}

static bool one_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

void field_text(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !one_line(text))
		yaml_fault(yaml, value, "此处应为一行文字", "this must be one line of text");
	if (text)
		keep_text(place, text);
}

void field_id(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	/* Ids stand in proofs, file names and logs. */
	if (text && (!one_line(text) || strlen(text) > ID_MOST || strpbrk(text, " /\"\\")))
		yaml_fault(yaml, value, "标识 %s 不得含空格、引号和斜线，最长 %d 字节",
		        "id %s: no blanks, quotes or slashes, at most %d bytes", text,
		        (int)ID_MOST);
	if (text)
		keep_text(place, text);
}

void field_division(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !policy_division_concrete(text))
		yaml_fault(yaml, value, "%s 不是 6、9 或 12 位区划代码",
		        "%s is no division code of 6, 9 or 12 digits", text);
	if (text)
		keep_text(place, text);
}

static void read_either(
        struct yaml *yaml, struct fy_node *value, const char *yes, const char *no, bool *place)
{
	char *text = yaml_text(yaml, value);

	if (text && strcmp(text, yes) != 0 && strcmp(text, no) != 0)
		yaml_fault(yaml, value, "应为 %s 或 %s，而不是 %s", "must be %s or %s, not %s", yes,
		        no, text);
	if (text)
		*place = strcmp(text, yes) == 0;
	free(text);
}

void field_yes(struct yaml *yaml, struct fy_node *value, void *place)
{
	read_either(yaml, value, "true", "false", place);
}

void field_setting(struct yaml *yaml, struct fy_node *value, void *place)
{
	read_either(yaml, value, "yes", "no", place);
}

void field_number(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);
	int *number = place;

	if (text && (strlen(text) != 1 || *text < '0' || *text > '9'))
		yaml_fault(yaml, value, "应为 0 到 9 的数，而不是 %s",
		        "must be a number from 0 to 9, not %s", text);
	else if (text)
		*number = *text - '0';
	free(text);
}

/* Days, hours, minutes and seconds, as ISO 8601 writes them; nothing longer than a year is meant.
 */
static bool duration_read(const char *text, int64_t *ms)
{
	bool time = false;
	bool any = false;
	int64_t seconds = 0;

	if (*text++ != 'P')
		return false;
	while (*text) {
		if (*text == 'T' && !time) {
			time = true;
			text++;
		}
		size_t digits = strspn(text, "0123456789");
		if (digits == 0 || digits > 4)
			return false;
		long number = strtol(text, NULL, 10);
		char unit = text[digits];
		if (!(time ? unit == 'H' || unit == 'M' || unit == 'S' : unit == 'D'))
			return false;
		seconds += number * (unit == 'D'          ? 86400
		                            : unit == 'H' ? 3600
		                            : unit == 'M' ? 60
		                                          : 1);
		text += digits + 1;
		any = true;
	}
	*ms = seconds * 1000;
	return any && seconds > 0;
}

void field_duration(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !duration_read(text, place))
		yaml_fault(yaml, value, "%s 不是时长（如 PT24H、P1D）",
		        "%s is no duration (such as PT24H, P1D)", text);
	free(text);
}

void field_day(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !when_read_day(text, place))
		yaml_fault(
		        yaml, value, "%s 不是日期（年-月-日）", "%s is no date (yyyy-mm-dd)", text);
	free(text);
}

void field_hours(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && !hours_read(text, place))
		yaml_fault(yaml, value, "%s 不是时段（如 22:00-06:00）",
		        "%s is no part of a day (such as 22:00-06:00)", text);
	free(text);
}

/* Words of a list as bits. `word` gives the word of a number, NULL behind the last. */
static void set_bit(struct yaml *yaml, struct fy_node *item, const char *text, unsigned *bits,
        const char *(*word)(int number))
{
	struct nearest near = {.word = text};

	for (int i = 0; word(i); i++) {
		if (strcmp(word(i), text) == 0) {
			*bits |= 1u << i;
			return;
		}
		nearest_look(&near, word(i));
	}
	if (near.best)
		yaml_fault(yaml, item, "不认识 %s，是否应为 %s？",
		        "unknown word %s, did you mean %s?", text, near.best);
	else
		yaml_fault(yaml, item, "不认识 %s", "unknown word %s", text);
}

static const char *level_word(int number)
{
	return number < LEVEL_COUNT ? level_text((enum level)number) : NULL;
}

static void one_level(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	set_bit(yaml, item, text, place, level_word);
}

void field_levels(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_level);
}

static const char *kind_word(int number)
{
	return number < KIND_COUNT ? kind_text((enum kind)number) : NULL;
}

static void one_kind(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	set_bit(yaml, item, text, place, kind_word);
}

void field_kinds(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_kind);
}

static const char *verb_word(int number)
{
	return number < VERB_COUNT ? verb_text((enum verb)number) : NULL;
}

static void one_act(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	set_bit(yaml, item, text, place, verb_word);
}

void field_acts(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_act);
}

static const char *duty_word(int number)
{
	return duty_text(1u << number);
}

static void one_duty(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	set_bit(yaml, item, text, place, duty_word);
}

void field_duties(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_duty);
}

const char *role_text(enum role role)
{
	static const char *const words[] = {"handle", "charge", "behalf"};

	return words[role];
}

static const char *role_word(int number)
{
	return number <= ROLE_BEHALF ? role_text((enum role)number) : NULL;
}

void field_role(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);
	unsigned bits = 0;

	if (text)
		set_bit(yaml, value, text, &bits, role_word);
	*(enum role *)place = bits == 1u << ROLE_BEHALF   ? ROLE_BEHALF
	                      : bits == 1u << ROLE_CHARGE ? ROLE_CHARGE
	                                                  : ROLE_HANDLE;
	free(text);
}

static void one_division(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	if (policy_division_pattern(text))
		texts_add(place, text);
	else
		yaml_fault(yaml, item, "%s 不是区划代码样式（至多 12 位数字，可以 * 结尾）",
		        "%s is no pattern of divisions (up to 12 digits, perhaps a * at the end)",
		        text);
}

void field_divisions(struct yaml *yaml, struct fy_node *value, void *place)
{
	yaml_each(yaml, value, place, one_division);
}

static void one_hazard(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	if (policy_hazard_pattern(text))
		texts_add(place, text);
	else
		yaml_fault(yaml, item,
		        "%s 不是事件类型样式（至多 5 位数字和大写字母，可以 * 结尾）",
		        "%s is no pattern of hazards (up to 5 digits and capitals, perhaps a * at "
		        "the end)",
		        text);
}

void field_hazards(struct yaml *yaml, struct fy_node *value, void *place)
{
	yaml_each(yaml, value, place, one_hazard);
}

static void one_channel(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	if (strcmp(text, "*") == 0 || channel_kind_known(text))
		texts_add(place, text);
	else
		yaml_fault(yaml, item, "没有通道种类 %s", "there is no channel kind %s", text);
}

void field_channels(struct yaml *yaml, struct fy_node *value, void *place)
{
	yaml_each(yaml, value, place, one_channel);
}
