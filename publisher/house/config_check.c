/* SPDX-License-Identifier: Apache-2.0
 * config_check - see config_check.h. Faults are collected, not returned.
 */
#include "config_check.h"

#include <stdlib.h>
#include <string.h>

#include "cap_read.h"
#include "cap_trust.h"
#include "mapping.h"
#include "when.h"

enum { NAME_MOST = 48 };

struct fy_node *config_place(struct fy_node *map, const char *key)
{
	struct fy_node *value = yaml_value(map, key);

	return value ? value : map;
}

/* Names become file names, topics and words of the manifest. */
static void check_name(struct yaml *yaml, struct fy_node *map, const char *name)
{
	if (!*name || strlen(name) > NAME_MOST ||
	        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
		yaml_fault(yaml, config_place(map, "name"),
		        "名称 %s 只能用小写字母、数字和连字符，至多 %d 个",
		        "name %s: small letters, digits and - only, at most %d", name, NAME_MOST);
}

static void check_quiet(struct yaml *yaml, struct fy_node *map, struct config_target *t)
{
	enum level level = LEVEL_RED;

	t->has_quiet = t->quiet_word && *t->quiet_word;
	if (t->has_quiet && !hours_read(t->quiet_word, &t->quiet))
		yaml_fault(yaml, config_place(map, "quiet_hours"), "%s 不是时段（如 22:00-06:00）",
		        "%s is no part of a day (such as 22:00-06:00)", t->quiet_word);
	if (!t->quiet_level_word)
		return;
	level_read(t->quiet_level_word, &level);
	if (level > LEVEL_YELLOW)
		yaml_fault(yaml, config_place(map, "quiet_levels"),
		        "quiet_levels 应为 yellow、blue 或 none，而非 %s：橙色和红色从不等待",
		        "quiet_levels must be yellow, blue or none, not %s: orange and red never "
		        "wait",
		        t->quiet_level_word);
	t->quiet_rank = level_rank(level);
}

/* Yuan with at most four decimals; exact, so that a bill can be held against it. */
static bool price_read(const char *text, long *price)
{
	size_t whole = strspn(text, "0123456789");
	const char *rest = text + whole;
	size_t decimals = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;

	if (!whole || whole > 4 || decimals > 4 || (*rest && (!decimals || rest[1 + decimals])))
		return false;
	*price = strtol(text, NULL, 10);
	for (size_t i = 0; i < 4; i++)
		*price = *price * 10 + (i < decimals ? rest[1 + i] - '0' : 0);
	return true;
}

static void check_price(struct yaml *yaml, struct fy_node *map, struct config_target *t)
{
	if (t->price_word && *t->price_word && !price_read(t->price_word, &t->part_price))
		yaml_fault(yaml, config_place(map, "part_price"),
		        "part_price 应为元，至多四位小数，如 0.045：%s",
		        "part_price must be yuan with at most four decimals, such as 0.045: %s",
		        t->price_word);
}

static void check_ends(struct yaml *yaml, struct fy_node *map, const char *day)
{
	int64_t at;

	if (day && *day && !when_read_day(day, &at))
		yaml_fault(yaml, config_place(map, "ends"), "ends 应为日期，如 2027-03-01：%s",
		        "ends must be a day such as 2027-03-01: %s", day);
}

void config_check_target(struct yaml *yaml, struct fy_node *map, const struct config *config,
        struct config_target *t)
{
	if (!t->name || !t->kind)
		return;
	t->traits = channel_traits(t->kind);
	if (!t->traits)
		yaml_fault(yaml, config_place(map, "kind"), "没有通道种类 %s",
		        "there is no channel kind %s", t->kind);
	check_name(yaml, map, t->name);
	check_ends(yaml, map, t->ends);
	for (const struct config_target *o = config->targets; o != t; o++)
		if (o->name && strcmp(o->name, t->name) == 0)
			yaml_fault(yaml, config_place(map, "name"), "对端名称 %s 重复",
			        "two far sides are called %s", t->name);
	if (t->back_off_first > t->back_off_most)
		yaml_fault(yaml, config_place(map, "back_off_first"),
		        "back_off_first 大于 back_off_most",
		        "back_off_first is longer than back_off_most");
	check_quiet(yaml, map, t);
	check_price(yaml, map, t);
	if (t->type && !*t->type) {
		free(t->type);
		t->type = mem_text(t->kind);
	}
}

static void check_trust(struct yaml *yaml, struct fy_node *map, struct config_source *s)
{
	struct err err;

	if (!s->trust || !*s->trust) {
		if (s->signature_required)
			yaml_fault(yaml, config_place(map, "signature_required"),
			        "signature_required 须同时设 trust（可信清单）",
			        "signature_required needs trust, a trust list");
		return;
	}
	s->trusted = cap_trust_read(s->trust, s->inclusive, &err);
	if (!s->trusted)
		yaml_fault_err(yaml, config_place(map, "trust"), &err);
}

/* JSON bears no signature, so a source that must sign has none. */
static void check_json(struct yaml *yaml, struct fy_node *map, const struct config_source *s)
{
	if (!s->json || !*s->json ||
	        (s->lenient && !s->signature_required && mapping_find(s->json)))
		return;
	char *names = mapping_names();

	yaml_fault(yaml, config_place(map, "json"),
	        "json 应为 %s 之一，且须 lenient: yes，不可同时 signature_required",
	        "json must be one of %s, with lenient: yes and without signature_required", names);
	free(names);
}

void config_check_source(struct yaml *yaml, struct fy_node *map, const struct config *config,
        struct config_source *s)
{
	if (s->type && strcmp(s->type, "folder") != 0 && strcmp(s->type, "feed") != 0)
		yaml_fault(yaml, config_place(map, "type"), "没有来源类型 %s",
		        "there is no source type %s", s->type);
	struct cap_manner manner = {
	        .lenient = s->lenient, .zone = s->zone, .encoding = s->encoding};

	if (!cap_manner_known(&manner))
		yaml_fault(yaml,
		        config_place(map, s->zone && *s->zone && !cap_zone_known(s->zone) ? "zone"
		                          : s->encoding && *s->encoding ? "encoding"
		                                                        : "lenient"),
		        "zone 应如 +08:00，encoding 应为 GB18030、ISO-8859-1 或 windows-1252，且须 "
		        "lenient: yes",
		        "zone must be like +08:00, encoding GB18030, ISO-8859-1 or windows-1252, "
		        "and lenient: yes");
	check_trust(yaml, map, s);
	check_json(yaml, map, s);
	if (!s->name)
		return;
	check_name(yaml, map, s->name);
	check_ends(yaml, map, s->ends);
	for (const struct config_source *o = config->sources; o != s; o++)
		if (o->name && strcmp(o->name, s->name) == 0)
			yaml_fault(yaml, config_place(map, "name"), "来源名称 %s 重复",
			        "two sources are called %s", s->name);
}
