/* SPDX-License-Identifier: Apache-2.0
 * cap_china - see cap_china.h. Tables only.
 */
#include "cap_china.h"

#include <string.h>
#include <strings.h>

enum { UNIT = 14, MOMENT = 14, IDENTIFIER = UNIT + 1 + MOMENT };

#define DIGITS "0123456789"

static const struct {
	enum level level;
	enum cap_severity severity;
	const char *colour;
	const char *others[7]; /* how people write it besides */
} rows[] = {
        {LEVEL_RED, CAP_EXTREME, "Red", {"红", "Ⅰ", "I", "1", "特别重大", "特别严重"}},
        {LEVEL_ORANGE, CAP_SEVERE, "Orange", {"橙", "Ⅱ", "II", "2", "重大", "严重"}},
        {LEVEL_YELLOW, CAP_MODERATE, "Yellow", {"黄", "Ⅲ", "III", "3", "较大", "较重"}},
        {LEVEL_BLUE, CAP_MINOR, "Blue", {"蓝", "Ⅳ", "IV", "4", "一般"}},
};

enum { ROWS = sizeof rows / sizeof *rows };

const char *cap_china_colour(enum level level)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].level == level)
			return rows[i].colour;
	return NULL;
}

enum cap_severity cap_china_severity(enum level level)
{
	for (size_t i = 0; i < ROWS; i++)
		if (level_rank(rows[i].level) == level_rank(level))
			return rows[i].severity;
	return CAP_SEVERITY_UNKNOWN;
}

enum level cap_china_level(enum cap_severity severity)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].severity == severity)
			return rows[i].level;
	return LEVEL_NONE;
}

/* Is it the word, and nothing behind it but what such words end in? */
static bool is_word(const char *text, const char *word)
{
	static const char *const tails[] = {"色", "级", "预警", "信号"};
	size_t len = strlen(word);

	if (strncasecmp(text, word, len) != 0)
		return false;
	text += len;
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		if (strncmp(text, tails[i], strlen(tails[i])) == 0)
			text += strlen(tails[i]);
	return *text == '\0';
}

bool cap_china_level_read(const char *text, enum level *out)
{
	for (size_t i = 0; i < ROWS; i++) {
		bool is = is_word(text, rows[i].colour);

		for (size_t k = 0; !is && rows[i].others[k]; k++)
			is = is_word(text, rows[i].others[k]);
		if (is) {
			*out = rows[i].level;
			return true;
		}
	}
	return false;
}

static bool read_moment(const char *digits, struct cap_time *out)
{
	char text[26];

	snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+08:00", digits, digits + 4,
	        digits + 6, digits + 8, digits + 10, digits + 12);
	return cap_time_read(text, out);
}

bool cap_china_identifier(const char *text, struct cap_time *moment)
{
	if (!text || strspn(text, DIGITS) != UNIT || text[UNIT] != '_' ||
	        strspn(text + UNIT + 1, DIGITS) != MOMENT)
		return false;
	const char *rest = text + IDENTIFIER;
	bool serial = rest[0] == '_' && rest[1] && strchr(DIGITS, rest[1]) && !rest[2];

	return (!*rest || serial) && read_moment(text + UNIT + 1, moment);
}

bool cap_china_parameter(
        const struct cap_info *info, const char *name, const char *other, const char **out)
{
	*out = NULL;
	for (size_t i = 0; i < info->parameters.count; i++) {
		const struct cap_pair *pair = &info->parameters.items[i];

		if (strcasecmp(pair->name, name) != 0 && strcasecmp(pair->name, other) != 0)
			continue;
		if (*out && strcasecmp(*out, pair->value) != 0)
			return false;
		*out = pair->value;
	}
	return true;
}

const struct cap_info *cap_china_info(const struct cap_alert *alert)
{
	for (size_t i = 0; i < alert->info_count; i++) {
		const char *language = alert->infos[i].language;

		if (language && strncasecmp(language, "zh", 2) == 0)
			return &alert->infos[i];
	}
	return alert->info_count ? &alert->infos[0] : NULL;
}
