/* SPDX-License-Identifier: Apache-2.0
 * options - see options.h. Relies on option.h for the rows and secret.h for the files secrets lie
 * in; what it refuses is told in one sentence that names the setting, never its value when that is
 * a secret.
 */
#include "options.h"

#include <stdlib.h>

#include "mode_tag.h"

/* Marks the row as given. A second value for anything but a list is a slip of the settings. */
static bool set_one(struct channel *channel, const struct channel_setting *setting,
        unsigned long long *given, struct err *err)
{
	const struct channel_type *type = channel->type;
	const struct option *row = option_find(type->options, setting->name);

	if (!row)
		return err_set(err, ERR_CONFIG, "通道类型 %s 没有名为 %s 的设置",
		        "channel type %s has no setting %s", type->name, setting->name);
	unsigned long long bit = 1ULL << (row - type->options);
	if ((*given & bit) && row->kind != OPTION_LIST)
		return err_set(err, ERR_CONFIG, "设置 %s 出现了两次", "setting %s is given twice",
		        setting->name);
	*given |= bit;
	return option_set(channel, row, setting->value, err);
}

struct channel *channel_create(const struct channel_type *type,
        const struct channel_setting *settings, size_t count, struct err *err)
{
	struct channel *channel = mem_zero(type->size);
	unsigned long long given = 0;
	bool good = true;

	channel->type = type;
	for (size_t i = 0; i < count && good; i++)
		good = set_one(channel, &settings[i], &given, err);
	if (good && option_defaults(channel, type->options, given, err))
		return channel;
	option_finish(channel, type->options);
	free(channel);
	return NULL;
}

bool channel_secrets_fit(const struct channel_type *type, const struct channel_setting *settings,
        size_t count, enum mode mode, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct option *row = option_find(type->options, settings[i].name);
		if (row && row->kind == OPTION_SECRET &&
		        !mode_tag_fits_secret(settings[i].value, mode, err))
			return false;
	}
	return true;
}

void channel_destroy(struct channel **channel)
{
	if (!*channel)
		return;
	(*channel)->type->close(*channel);
	option_finish(*channel, (*channel)->type->options);
	free(*channel);
	*channel = NULL;
}
