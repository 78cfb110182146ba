/* SPDX-License-Identifier: Apache-2.0
 * option - see option.h. Relies on secret.h for what must not stand in settings.
 */
#include "option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "terms.h"

const struct option *option_find(const struct option *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

static bool in_limits(const struct option *row, long value, const char *text, struct err *err)
{
	if ((row->min == 0 && row->max == 0) || (value >= row->min && value <= row->max))
		return true;
	bool seconds = row->kind == OPTION_SECONDS || row->kind == OPTION_LEVEL_SECONDS;
	double unit = seconds ? 1000 : 1;
	return err_set(err, ERR_CONFIG, "设置 %s 的值 %s 超出范围（%.12g 至 %.12g）",
	        "setting %s: %s is outside %.12g to %.12g", row->name, text,
	        (double)row->min / unit, (double)row->max / unit);
}

static bool set_number(long *place, const struct option *row, const char *text, struct err *err)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 10);
	if (errno || !*text || *end || strspn(text, "-0123456789") != strlen(text))
		return err_set(err, ERR_CONFIG, "设置 %s 应为整数，而不是 %s",
		        "setting %s must be a whole number, not %s", row->name, text);
	*place = value;
	return in_limits(row, value, text, err);
}

static bool set_seconds(long *place, const struct option *row, const char *text, struct err *err)
{
	char *end;

	errno = 0;
	double value = strtod(text, &end);
	if (errno || !*text || *end || strspn(text, ".0123456789") != strlen(text) ||
	        !(value >= 0 && value < 1e9))
		return err_set(err, ERR_CONFIG, "设置 %s 应为秒数，而不是 %s",
		        "setting %s must be seconds, not %s", row->name, text);
	*place = (long)(value * 1000 + 0.5);
	return in_limits(row, *place, text, err);
}

static bool set_yes(bool *place, const struct option *row, const char *text, struct err *err)
{
	*place = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
	if (*place || strcmp(text, "no") == 0 || strcmp(text, "false") == 0)
		return true;
	return err_set(err, ERR_CONFIG, "设置 %s 应为 yes 或 no，而不是 %s",
	        "setting %s must be yes or no, not %s", row->name, text);
}

/* One word of the value: seconds for every level, or "red=600". */
static bool set_level(long *levels, const struct option *row, const char *word, struct err *err)
{
	const char *equals = strchr(word, '=');
	char *name = equals ? mem_text_n(word, (size_t)(equals - word)) : NULL;
	enum level level = LEVEL_NONE;
	long value = 0;
	bool ok = !name || level_read(name, &level) ||
	          err_set(err, ERR_CONFIG, "设置 %s：没有级别 %s",
	                  "setting %s: there is no level %s", row->name, name);

	ok = ok && set_seconds(&value, row, equals ? equals + 1 : word, err);
	for (int i = 0; ok && i < LEVEL_COUNT; i++)
		if (!name || i == (int)level)
			levels[i] = value;
	free(name);
	return ok;
}

static bool set_level_seconds(
        long *levels, const struct option *row, const char *text, struct err *err)
{
	bool ok = *text ||
	          err_set(err, ERR_CONFIG, "设置 %s 不能为空", "setting %s is empty", row->name);

	for (const char *at = text; ok && *at;) {
		size_t len = strcspn(at, " ");
		char *word = mem_text_n(at, len);
		/* The first word is for all: what follows departs from it. */
		if (at == text && strchr(word, '='))
			ok = err_set(err, ERR_CONFIG,
			        "设置 %s 应以秒数开头，再写各级别的例外（如 900 red=600）",
			        "setting %s begins with seconds, exceptions follow (900 red=600)",
			        row->name);
		ok = ok && set_level(levels, row, word, err);
		free(word);
		at += len + strspn(at + len, " ");
	}
	return ok;
}

bool option_set(void *instance, const struct option *row, const char *value, struct err *err)
{
	void *place = (char *)instance + row->offset;

	switch (row->kind) {
	case OPTION_TEXT:
		free(*(char **)place);
		*(char **)place = mem_text(value);
		return true;
	case OPTION_NUMBER:
		return set_number(place, row, value, err);
	case OPTION_SECONDS:
		return set_seconds(place, row, value, err);
	case OPTION_YES:
		return set_yes(place, row, value, err);
	case OPTION_SECRET:
		secret_forget(place);
		/* An optional secret that is not named stays empty. */
		*(char **)place = *value ? secret_read(value, err) : mem_text("");
		return *(char **)place != NULL;
	case OPTION_LIST:
		texts_add(place, value);
		return true;
	case OPTION_LEVEL_SECONDS:
		return set_level_seconds(place, row, value, err);
	}
	return false;
}

bool option_defaults(
        void *instance, const struct option *rows, unsigned long long given, struct err *err)
{
	for (size_t i = 0; rows[i].name; i++) {
		if (given >> i & 1)
			continue;
		if (!rows[i].fallback)
			return err_set(err, ERR_CONFIG, "缺少设置 %s：%.0s%s",
			        "setting %s is missing: %s%.0s", rows[i].name, rows[i].help,
			        rows[i].help_zh);
		if (rows[i].kind == OPTION_LIST && !*rows[i].fallback)
			continue;
		if (!option_set(instance, &rows[i], rows[i].fallback, err))
			return false;
	}
	return true;
}

void option_finish(void *instance, const struct option *rows)
{
	for (; rows->name; rows++) {
		void *place = (char *)instance + rows->offset;
		if (rows->kind == OPTION_TEXT) {
			free(*(char **)place);
			*(char **)place = NULL;
		} else if (rows->kind == OPTION_SECRET) {
			secret_forget(place);
		} else if (rows->kind == OPTION_LIST) {
			texts_finish(place);
		}
	}
}

void option_level_seconds_text(const long *levels, struct buf *out)
{
	buf_format(out, "%g", (double)levels[LEVEL_NONE] / 1000);
	for (int i = 0; i < LEVEL_COUNT; i++)
		if (levels[i] != levels[LEVEL_NONE])
			buf_format(
			        out, " %s=%g", level_text((enum level)i), (double)levels[i] / 1000);
}

void option_manual(const struct option *rows, struct buf *out)
{
	static const char *const kinds[] = {
	        [OPTION_TEXT] = "text",
	        [OPTION_NUMBER] = "number",
	        [OPTION_SECONDS] = "seconds",
	        [OPTION_YES] = "yes|no",
	        [OPTION_SECRET] = "secret file",
	        [OPTION_LIST] = "list",
	        [OPTION_LEVEL_SECONDS] = "seconds by level",
	};

	for (; rows->name; rows++) {
		buf_format(out, ".TP\n\\fB%s\\fR (%s", rows->name, kinds[rows->kind]);
		if (rows->fallback && *rows->fallback)
			buf_format(out, ", default %s", rows->fallback);
		buf_format(out, "%s)\n%s\n%s\n", rows->fallback ? "" : ", required", rows->help,
		        rows->help_zh);
	}
}
