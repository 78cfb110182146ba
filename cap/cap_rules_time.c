/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_time - rules about the times of an info block and of the message (cap_rules.h). Cannot
 * fail.
 */
#include "cap_rules.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

void cap_rule_expires_sent(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	struct cap_time sent = look->alert->sent;

	if (info->expires.set && sent.set && info->expires.ms <= sent.ms)
		cap_found(look, "expires", 0, NULL);
}

void cap_rule_expires_effective(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (info->expires.set && info->effective.set && info->effective.ms > info->expires.ms)
		cap_found(look, "effective", 0, NULL);
}

void cap_rule_expires_onset(const struct cap_look *look)
{
	const struct cap_info *info = look->info;

	if (info->expires.set && info->onset.set && info->onset.ms > info->expires.ms)
		cap_found(look, "onset", 0, NULL);
}

void cap_rule_expires_missing(const struct cap_look *look)
{
	if (!look->info->expires.set)
		cap_found(look, "expires", 0, NULL);
}

void cap_rule_expires_far(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	struct cap_time sent = look->alert->sent;

	if (info->expires.set && sent.set && info->expires.ms - sent.ms > 366 * DAY_MS)
		cap_found(look, "expires", 0, NULL);
}

void cap_rule_effective_old(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	struct cap_time sent = look->alert->sent;

	if (info->effective.set && sent.set && sent.ms - info->effective.ms > DAY_MS)
		cap_found(look, "effective", 0, NULL);
}

static void local_offset(const struct cap_look *look, struct cap_time time, const char *element)
{
	if (time.set && time.offset == 0)
		cap_found(look, element, 0, NULL);
}

void cap_rule_sent_utc(const struct cap_look *look)
{
	local_offset(look, look->alert->sent, "sent");
}

void cap_rule_effective_utc(const struct cap_look *look)
{
	local_offset(look, look->info->effective, "effective");
}

void cap_rule_onset_utc(const struct cap_look *look)
{
	local_offset(look, look->info->onset, "onset");
}

void cap_rule_expires_utc(const struct cap_look *look)
{
	local_offset(look, look->info->expires, "expires");
}
