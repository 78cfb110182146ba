/* SPDX-License-Identifier: Apache-2.0
 * policy_duties - the words of the duties, and what one person may not hold together: the three
 * administrators are three people (三员分立), and none of them drafts, reviews, signs or publishes.
 *
 * Accounts that are not active do not count: somebody who changed posts keeps the old one.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_check.h"

static const struct {
	const char *text;
	const char *zh;
} duties[] = {{"draft", "拟制"}, {"review", "审核"}, {"sign", "签发"}, {"publish", "发布"},
        {"admin", "安全管理"}, {"accounts", "系统管理"}, {"audit", "审计管理"}};

enum { DUTIES = sizeof duties / sizeof duties[0] };

static size_t number_of(unsigned duty)
{
	size_t i = 0;

	while (i < DUTIES && duty != 1u << i)
		i++;
	return i;
}

const char *duty_text(unsigned duty)
{
	size_t i = number_of(duty);

	return i < DUTIES ? duties[i].text : NULL;
}

const char *duty_zh(unsigned duty)
{
	size_t i = number_of(duty);

	return i < DUTIES ? duties[i].zh : NULL;
}

static int by_person(const void *a, const void *b)
{
	const struct officer *left = *(const struct officer *const *)a;
	const struct officer *right = *(const struct officer *const *)b;
	int order = strcmp(left->person, right->person);

	return order ? order : (left > right) - (left < right);
}

/* One person's duties so far, and this account's: do they go together? */
static void look(
        struct yaml *yaml, struct fy_node *row, const struct officer *officer, unsigned before)
{
	unsigned both = before | officer->duties;
	unsigned administrators = both & DUTY_ADMINISTRATORS;
	struct fy_node *node = yaml_value(row, "duties");

	if (!administrators || both == before)
		return;
	if (administrators & (administrators - 1))
		yaml_fault(yaml, node ? node : row,
		        "%s：安全管理（admin）、系统管理（accounts）、审计管理（audit）须由三人分"
		        "任",
		        "%s: admin, accounts and audit are held by different people", officer->id);
	else if (both & ~(unsigned)DUTY_ADMINISTRATORS)
		yaml_fault(yaml, node ? node : row,
		        "%s：管理员（%s）不得参与拟制、审核、签发、发布",
		        "%s: who administers (%s) does not draft, review, sign or publish",
		        officer->id, duty_text(administrators));
}

void policy_check_duties(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	struct fy_node *list = yaml_value(root, "officers");
	const struct officer **sorted = mem_array(policy->officer_count, sizeof *sorted);
	size_t count = 0;
	unsigned before = 0;

	for (size_t i = 0; i < policy->officer_count; i++)
		if (policy->officers[i].active && policy->officers[i].person)
			sorted[count++] = &policy->officers[i];
	if (count)
		qsort(sorted, count, sizeof(const struct officer *), by_person);
	for (size_t i = 0; i < count; i++) {
		const struct officer *officer = sorted[i];
		bool same = i && strcmp(sorted[i - 1]->person, officer->person) == 0;
		before = same ? before : 0;
		if ((before | officer->duties) & DUTY_ADMINISTRATORS)
			look(yaml,
			        fy_node_sequence_get_by_index(
			                list, (int)(officer - policy->officers)),
			        officer, before);
		before |= officer->duties;
	}
	free(sorted);
}

size_t policy_people(const struct policy *policy, unsigned duty)
{
	struct texts people = {0};

	for (size_t i = 0; i < policy->officer_count; i++) {
		const struct officer *officer = &policy->officers[i];
		if (officer->active && (officer->key_count || officer->passkey_count) &&
		        (officer->duties & duty) && !texts_have(&people, officer->person))
			texts_add(&people, officer->person);
	}
	size_t count = people.count;
	texts_finish(&people);
	return count;
}
