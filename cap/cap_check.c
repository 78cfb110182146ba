/* SPDX-License-Identifier: Apache-2.0
 * cap_check - what a schema cannot see: the walk over a message with the table of rules
 * (cap_rules.def), and the questions about the table itself (cap_rule.h).
 *
 * What parsing found is not said again here: the rows called READ come from there. Cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_rules.h"

/* The short names of the table. */
enum {
	BASE = CAP_PROFILE_BASE,
	CHINA = CAP_PROFILE_CHINA,
	GOOGLE = CAP_PROFILE_GOOGLE,
	IPAWS = CAP_PROFILE_IPAWS,
	CAP_CP = CAP_PROFILE_CAP_CP,
	CAP_AU = CAP_PROFILE_CAP_AU,
};

#define E(profiles) .error = (profiles),
#define W(profiles) .warning = (profiles),
#define A(profiles) .advice = (profiles),
#define RULE(name, of, elements, function, levels, chinese, english)                               \
	{.id = (name),                                                                             \
	        levels.object = CAP_OF_##of,                                                       \
	        .at = (elements),                                                                  \
	        .look = cap_rule_##function,                                                       \
	        .zh = (chinese),                                                                   \
	        .en = (english)},
#define READ(name, elements, levels, chinese, english)                                             \
	{.id = (name),                                                                             \
	        levels.object = CAP_OF_READING,                                                    \
	        .at = (elements),                                                                  \
	        .zh = (chinese),                                                                   \
	        .en = (english)},
static const struct cap_rule rules[] = {
#include "cap_rules.def"
};
#undef E
#undef W
#undef A
#undef RULE
#undef READ

enum { RULES = sizeof rules / sizeof *rules };

static const char *const profile_names[] = {"base", "china", "google", "ipaws", "cap-cp", "cap-au"};
static const char *const object_names[CAP_OBJECTS] = {"bytes", "alert", "info", "resource", "area"};

const char *cap_profile_text(enum cap_profile profile)
{
	size_t i = 0;

	while (1u << (i + 1) <= (unsigned)profile && 1u << (i + 1) < CAP_PROFILE_END)
		i++;
	return profile_names[i];
}

bool cap_profile_read(const char *text, enum cap_profile *out)
{
	for (size_t i = 0; i < sizeof profile_names / sizeof *profile_names; i++) {
		if (strcmp(profile_names[i], text) == 0) {
			*out = (enum cap_profile)(1u << i);
			return true;
		}
	}
	return false;
}

const char *cap_object_text(enum cap_object object)
{
	return object_names[object];
}

const struct cap_rule *cap_rule_at(size_t index)
{
	return index < RULES ? &rules[index] : NULL;
}

bool cap_rule_level(const struct cap_rule *rule, unsigned profiles, enum cap_level *out)
{
	if (rule->error & profiles)
		*out = CAP_PROBLEM_ERROR;
	else if (rule->warning & profiles)
		*out = CAP_PROBLEM_WARNING;
	else if (rule->advice & profiles)
		*out = CAP_PROBLEM_ADVICE;
	else
		return false;
	return true;
}

void cap_found(const struct cap_look *look, const char *element, size_t index, const char *value)
{
	struct cap_place place = {look->place, element, index, 0};
	char part[CAP_EXCERPT];

	if (cap_problems_full(look->problems)) {
		cap_problem_put(look->problems, look->level, look->rule->id, "", "", "");
		return;
	}
	char *path = cap_place_text(element ? &place : look->place);

	cap_excerpt(value ? value : "", part);
	if (*part)
		cap_problem_add(look->problems, look->level, look->rule->id, path, "%s%.0s：“%s”",
		        "%.0s%s: \"%s\"", look->rule->zh, look->rule->en, part);
	else
		cap_problem_put(look->problems, look->level, look->rule->id, path, look->rule->zh,
		        look->rule->en);
	free(path);
}

/* The rules these profiles ask, by the object they look at. */
struct asked {
	struct {
		const struct cap_rule *rule;
		enum cap_level level;
	} rows[CAP_OBJECTS][RULES];
	size_t counts[CAP_OBJECTS];
};

static void choose(struct asked *asked, unsigned profiles)
{
	memset(asked->counts, 0, sizeof asked->counts);
	for (size_t i = 0; i < RULES; i++) {
		enum cap_object object = rules[i].object;
		enum cap_level level;

		if (!rules[i].look || !cap_rule_level(&rules[i], profiles, &level))
			continue;
		asked->rows[object][asked->counts[object]].rule = &rules[i];
		asked->rows[object][asked->counts[object]++].level = level;
	}
}

static void look_by(const struct asked *asked, struct cap_look *look, enum cap_object object)
{
	for (size_t i = 0; i < asked->counts[object]; i++) {
		look->rule = asked->rows[object][i].rule;
		look->level = asked->rows[object][i].level;
		look->rule->look(look);
	}
}

static void look_at_info(const struct asked *asked, struct cap_look look)
{
	const struct cap_place *up = look.place;
	struct cap_info_marks marks;

	cap_info_marks(look.info, &marks);
	look.marks = &marks;
	look_by(asked, &look, CAP_OF_INFO);
	for (size_t i = 0; i < look.info->resource_count; i++) {
		struct cap_place place = {up, "resource", i + 1, 0};

		look.place = &place;
		look.resource = &look.info->resources[i];
		look_by(asked, &look, CAP_OF_RESOURCE);
	}
	for (size_t i = 0; i < look.info->area_count; i++) {
		struct cap_place place = {up, "area", i + 1, 0};

		look.place = &place;
		look.area = &look.info->areas[i];
		look_by(asked, &look, CAP_OF_AREA);
	}
}

void cap_check_by(
        const struct cap_alert *alert, const struct cap_ways *ways, struct cap_problems *problems)
{
	struct cap_place root = {NULL, "alert", 0, 0};
	struct cap_crossings crossings = {0};
	struct cap_look look = {.alert = alert,
	        .place = &root,
	        .ways = ways,
	        .crossings = &crossings,
	        .problems = problems};
	struct asked asked;

	choose(&asked, ways->profiles | CAP_PROFILE_BASE);
	look_by(&asked, &look, CAP_OF_ALERT);
	/* A list that is full of what is wrong has said enough. */
	for (size_t i = 0;
	        i < alert->info_count && !(problems->errors && cap_problems_full(problems)); i++) {
		struct cap_place place = {&root, "info", i + 1, 0};

		look.place = &place;
		look.info = &alert->infos[i];
		look_at_info(&asked, look);
	}
	free(crossings.items);
}

void cap_check(const struct cap_alert *alert, struct cap_problems *problems)
{
	static const struct cap_ways standard = {0};

	cap_check_by(alert, &standard, problems);
}
