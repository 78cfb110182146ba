/* SPDX-License-Identifier: Apache-2.0
 * policy_keys - the officers' keys and passkeys in the policy, and that one key means one person.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_check.h"
#include "policy_fields.h"

static void one_key(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	struct officer *officer = place;
	struct passkey passkey = {0};
	struct err err;
	bool is_passkey = passkey_is_line(text);
	struct key *key = is_passkey ? NULL : key_from_base64(text, &err);

	if (key)
		*(struct key **)mem_push(&officer->keys, &officer->key_count, sizeof key) = key;
	else if (is_passkey && passkey_read(&passkey, text, &err))
		*(struct passkey *)mem_push(
		        &officer->passkeys, &officer->passkey_count, sizeof passkey) = passkey;
	else
		yaml_fault(yaml, item, "公钥无法使用：%s%.0s", "the key cannot be used: %.0s%s",
		        err.zh, err.en);
}

void field_keys(struct yaml *yaml, struct fy_node *value, void *place)
{
	yaml_each(yaml, value, place, one_key);
}

/* --- one key, one person ---------------------------------------------------------------------- */

struct owned {
	char *key;
	size_t officer;
};

static int by_key(const void *a, const void *b)
{
	const struct owned *left = a;
	const struct owned *right = b;
	int order = strcmp(left->key, right->key);

	return order ? order : (left->officer > right->officer) - (left->officer < right->officer);
}

static void own(struct owned **list, size_t *count, const struct key *key, size_t officer)
{
	*(struct owned *)mem_push(list, count, sizeof **list) =
	        (struct owned){key_base64(key), officer};
}

static struct fy_node *row_of(struct fy_node *root, size_t officer)
{
	return fy_node_sequence_get_by_index(yaml_value(root, "officers"), (int)officer);
}

/* Else two people's proofs could come from one hand. */
static void check_owners(struct yaml *yaml, struct fy_node *root, const struct policy *policy,
        const struct owned *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct officer *one = &policy->officers[list[i - 1].officer];
		const struct officer *other = &policy->officers[list[i].officer];
		struct fy_node *row = row_of(root, list[i].officer);
		struct fy_node *node = yaml_value(row, "keys");
		if (strcmp(list[i - 1].key, list[i].key) == 0 && one->person && other->person &&
		        strcmp(one->person, other->person) != 0)
			yaml_fault(yaml, node ? node : row, "%s 与 %s 用同一把公钥，却不是同一个人",
			        "%s and %s have one key but are two people", other->id, one->id);
	}
}

void policy_check_keys(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	struct owned *list = NULL;
	size_t count = 0;

	for (size_t i = 0; i < policy->officer_count; i++) {
		const struct officer *officer = &policy->officers[i];
		for (size_t k = 0; k < officer->key_count; k++)
			own(&list, &count, officer->keys[k], i);
		for (size_t k = 0; k < officer->passkey_count; k++)
			own(&list, &count, officer->passkeys[k].key, i);
		if (officer->passkey_count && !policy->passkeys.rp)
			yaml_fault(yaml, row_of(root, i),
			        "%s 有通行密钥，而文件没有写明网站（passkeys: {rp, origins}）",
			        "%s has a passkey, but the document does not name the site "
			        "(passkeys: {rp, origins})",
			        officer->id);
	}
	if (count)
		qsort(list, count, sizeof *list, by_key);
	check_owners(yaml, root, policy, list, count);
	for (size_t i = 0; i < count; i++)
		free(list[i].key);
	free(list);
}
