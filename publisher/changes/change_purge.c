/* SPDX-License-Identifier: Apache-2.0
 * change_purge - the change of kind `purge`: what is about persons in events that are over is
 * destroyed (record/store_purge.c). Two auditors' act, for nobody can take it back. Its document is
 * two lines, days of +08:00:
 *
 *   before 2026-10-01                 numbers, inputs and kept answers of what was over by then
 *   confirmations-before 2026-05-01   what far sides confirmed; the law's six months
 *
 * The settings keep_numbers_days and keep_days are floors; a document below them is refused.
 */
#include "change_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "change_recipients.h"
#include "when.h"

static const int64_t day_ms = 86400000;

/* One line "KEY DAY"; *text moves behind it. */
static bool take_day(const char **text, const char *key, int64_t *out)
{
	size_t len = strlen(key);
	const char *end = strchr(*text, '\n');
	bool ok = false;

	if (end && strncmp(*text, key, len) == 0 && (*text)[len] == ' ') {
		char *day = mem_text_n(*text + len + 1, (size_t)(end - *text) - len - 1);
		ok = when_read_day(day, out);
		free(day);
		*text = end + 1;
	}
	return ok;
}

static bool read_body(const char *body, struct purge *purge, struct err *err)
{
	const char *at = body;

	if (take_day(&at, "before", &purge->before) &&
	        take_day(&at, "confirmations-before", &purge->confirmed_before) && !*at)
		return true;
	return err_set(err, ERR_INPUT, "清除单应为两行：before 日期，confirmations-before 日期",
	        "a purge is two lines: before DAY, confirmations-before DAY");
}

static bool old_enough(const char *zh, const char *en, const char *setting, int64_t before,
        int64_t now, long days, const char *basis, struct err *err)
{
	if (before <= now - days * day_ms)
		return true;
	return err_set(err, ERR_DENIED, "%s%.0s须保留满 %ld 天才可清除（设置 %s%s）",
	        "%.0s%s must be kept for %ld days before they may be purged (setting %s%s)", zh, en,
	        days, setting, basis);
}

bool change_purge_validate(
        struct house *house, struct store *reader, const char *body, struct err *err)
{
	const struct config *config = house->config;
	struct purge purge = {0};
	int64_t now = when_now();

	(void)reader;
	return read_body(body, &purge, err) &&
	       old_enough("接收人号码和来件原文", "numbers and inputs", "keep_numbers_days",
	               purge.before, now, config->keep_numbers_days, "", err) &&
	       old_enough("对端回执", "confirmations", "keep_days", purge.confirmed_before, now,
	               config->keep_days, "; 网络安全法 第二十一条", err);
}

bool change_purge_apply(struct store *store, struct change *change, int64_t now, struct err *err)
{
	struct purge purge = {.change = change->text.id};
	struct purge_counts counts;

	return read_body(change->body, &purge, err) &&
	       store_purge(store, &purge, now, &counts, err);
}

void change_purge_after(struct house *house, struct store *reader, const struct change *change)
{
	(void)change;
	recipients_sweep(house, reader, when_now());
}
