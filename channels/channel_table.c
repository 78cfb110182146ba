/* SPDX-License-Identifier: Apache-2.0
 * channel_table - the one list of channel types. A new far side is its file and one row here.
 */
#include "channel.h"

#include <string.h>

#include "channel_types.h"

const struct channel_type *const channel_types[] = {
        &channel_mqtt,
        &channel_website,
        &channel_sms,
        &channel_weibo,
        &channel_wechat,
        &channel_wecom,
        &channel_webhook,
        &channel_null,
        &channel_fail,
        NULL,
};

const struct channel_type *channel_type_find(const char *name)
{
	for (size_t i = 0; channel_types[i]; i++)
		if (strcmp(channel_types[i]->name, name) == 0)
			return channel_types[i];
	return NULL;
}
