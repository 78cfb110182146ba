/* SPDX-License-Identifier: Apache-2.0
 * policy_keys - the officers' keys and passkeys in the policy, who may ask for passkeys, and that
 * one key means one person.
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

/* --- who may ask --------------------------------------------------------------------------------
 */

static void field_rp(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	if (text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") != strlen(text))
		yaml_fault(yaml, value, "rp 应为小写域名，而不是 %s",
		        "rp must be a domain in small letters, not %s", text);
	if (text) {
		free(*(char **)place);
		*(char **)place = text;
	}
}

static void one_origin(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	(void)yaml;
	(void)item;
	texts_add(place, text);
}

static void field_origins(struct yaml *yaml, struct fy_node *value, void *place)
{
	yaml_each(yaml, value, place, one_origin);
}

static const struct field house_fields[] = {
        {"rp", true, field_rp, offsetof(struct passkey_house, rp)},
        {"origins", true, field_origins, offsetof(struct passkey_house, origins)},
        {0},
};

/* "https://" and the rp's host or one below it, perhaps with a port; http for localhost only. */
static bool origin_fits(const char *origin, const char *rp)
{
	static const char secure[] = "https://";
	static const char plain[] = "http://";
	bool local = strcmp(rp, "localhost") == 0;
	bool https = strncmp(origin, secure, sizeof secure - 1) == 0;

	if (!https && !(local && strncmp(origin, plain, sizeof plain - 1) == 0))
		return false;
	const char *host = origin + (https ? sizeof secure : sizeof plain) - 1;
	size_t len = strcspn(host, ":");
	size_t tail = strlen(rp);
	bool port = !host[len] || (host[len + 1] && strspn(host + len + 1, "0123456789") ==
	                                                    strlen(host + len + 1));
	bool below = len > tail && host[len - tail - 1] == '.';
	return port && len >= tail && strncmp(host + len - tail, rp, tail) == 0 &&
	       (len == tail || below) &&
	       strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == len;
}

void field_passkeys(struct yaml *yaml, struct fy_node *value, void *place)
{
	struct passkey_house *house = place;

	if (!yaml_is_map(yaml, value))
		return;
	yaml_row(yaml, value, house_fields, house);
	for (size_t i = 0; house->rp && i < house->origins.count; i++)
		if (!origin_fits(house->origins.items[i], house->rp))
			yaml_fault(yaml, value, "%s 不是 %s 的网页来源（https://域名[:端口]）",
			        "%s is no origin of %s (https://DOMAIN[:PORT])",
			        house->origins.items[i], house->rp);
}

/* --- one key, one person ------------------------------------------------------------------------
 */

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
