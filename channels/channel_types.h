/* SPDX-License-Identifier: Apache-2.0
 * channel_types - the types by name, for the table only.
 */
#ifndef TOCSIN_CHANNEL_TYPES_H
#define TOCSIN_CHANNEL_TYPES_H

#include "channel.h"

extern const struct channel_type channel_mqtt;
extern const struct channel_type channel_website;
extern const struct channel_type channel_sms;
extern const struct channel_type channel_weibo;
extern const struct channel_type channel_wechat;
extern const struct channel_type channel_wecom;
extern const struct channel_type channel_webhook;
extern const struct channel_type channel_null;
extern const struct channel_type channel_fail;

#endif
