/* SPDX-License-Identifier: Apache-2.0
 * policy_passkeys - the section `passkeys:`: which pages may ask for one, and for which acts a
 * proof by a key file does not count.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_change.h"
#include "policy_check.h"
#include "policy_fields.h"

/* --- who may ask ------------------------------------------------------------------------------ */

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

/* --- for which acts they are required --------------------------------------------------------- */

/* Steps of an incident are not among them: the signer walks old ones again, and what was rightly
 * signed by a key file must go on holding. */
static const struct {
	enum act act;
	unsigned duties; /* of who does it */
} may_be_required[] = {
        {ACT_REVIEW, DUTY_REVIEW},
        {ACT_SIGN, DUTY_SIGN},
        {ACT_OVERRIDE, DUTY_REVIEW | DUTY_SIGN},
        {ACT_CANCEL, DUTY_PUBLISH},
        {ACT_CORRECT, DUTY_PUBLISH},
        {ACT_CHANGE, DUTY_ADMINISTRATORS},
};

enum { REQUIRABLE = sizeof may_be_required / sizeof may_be_required[0] };

static void one_act(struct yaml *yaml, struct fy_node *item, const char *text, void *place)
{
	enum act act;

	for (size_t i = 0; act_read(text, &act) && i < REQUIRABLE; i++) {
		if (may_be_required[i].act != act)
			continue;
		*(unsigned *)place |= 1u << act;
		return;
	}
	yaml_fault(yaml, item,
	        "required 应为 review、sign、override、cancel、correct 或 change，而不是 %s",
	        "required names review, sign, override, cancel, correct or change, not %s", text);
}

static void field_required(struct yaml *yaml, struct fy_node *value, void *place)
{
	*(unsigned *)place = 0;
	yaml_each(yaml, value, place, one_act);
}

static bool has_passkey(const struct officer *officer)
{
	return officer->passkey_count;
}

static bool has_any_key(const struct officer *officer)
{
	return officer->key_count || officer->passkey_count;
}

static bool does(
        const struct officer *officer, unsigned duties, bool (*has)(const struct officer *officer))
{
	return officer->active && (officer->duties & duties) && has(officer);
}

static bool somebody(const struct policy *policy, const char *unit, unsigned duties,
        bool (*has)(const struct officer *officer))
{
	for (size_t i = 0; i < policy->officer_count; i++) {
		const struct officer *officer = &policy->officers[i];
		if (officer->unit && strcmp(officer->unit, unit) == 0 && does(officer, duties, has))
			return true;
	}
	return false;
}

static size_t people_with(
        const struct policy *policy, unsigned duty, bool (*has)(const struct officer *officer))
{
	struct texts people = {0};

	for (size_t i = 0; i < policy->officer_count; i++) {
		const struct officer *officer = &policy->officers[i];
		if (does(officer, duty, has) && officer->person &&
		        !texts_have(&people, officer->person))
			texts_add(&people, officer->person);
	}
	size_t count = people.count;
	texts_finish(&people);
	return count;
}

/* Administrators are counted by duty, two of each, as no change takes fewer. */
static void check_change(struct yaml *yaml, struct fy_node *node, const struct policy *policy)
{
	static const unsigned administrators[] = {DUTY_ADMIN, DUTY_ACCOUNTS, DUTY_AUDIT};

	for (size_t i = 0; i < sizeof administrators / sizeof administrators[0]; i++) {
		unsigned duty = administrators[i];
		if (people_with(policy, duty, has_any_key) >= CHANGE_PEOPLE &&
		        people_with(policy, duty, has_passkey) < CHANGE_PEOPLE)
			yaml_fault(yaml, node,
			        "required 含 change，而有通行密钥的%s%.0s人员不足 %d 名",
			        "required names change, but of those with the duty %.0s%s fewer "
			        "than %d have a passkey",
			        duty_zh(duty), duty_text(duty), (int)CHANGE_PEOPLE);
	}
}

/* --- the whole section ------------------------------------------------------------------------ */

static const struct field house_fields[] = {
        {"rp", true, field_rp, offsetof(struct passkey_house, rp)},
        {"origins", true, field_origins, offsetof(struct passkey_house, origins)},
        {"required", false, field_required, offsetof(struct passkey_house, required)},
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

/* Whoever acts for a unit today must have somebody left who can: a rule that locks a unit out at
 * night is found when it is written. */
void policy_check_required(struct yaml *yaml, struct fy_node *root, const struct policy *policy)
{
	unsigned required = policy->passkeys.required;
	struct fy_node *node = yaml_value(yaml_value(root, "passkeys"), "required");

	for (size_t a = 0; a < REQUIRABLE; a++) {
		unsigned duties = may_be_required[a].duties;
		const char *word = act_text(may_be_required[a].act);
		if (!(required & 1u << may_be_required[a].act))
			continue;
		if (may_be_required[a].act == ACT_CHANGE) {
			check_change(yaml, node, policy);
			continue;
		}
		for (size_t u = 0; u < policy->unit_count; u++) {
			const char *unit = policy->units[u].id;
			if (unit && somebody(policy, unit, duties, has_any_key) &&
			        !somebody(policy, unit, duties, has_passkey))
				yaml_fault(yaml, node,
				        "required 含 %s，而 %s 没有一名能办理的人员登记了通行密钥",
				        "required names %s, but nobody of %s who may do it has a "
				        "passkey",
				        word, unit);
		}
	}
}
