/* SPDX-License-Identifier: Apache-2.0
 * sms - for sms*.c only: the instance, and one request.
 */
#ifndef TOCSIN_SMS_H
#define TOCSIN_SMS_H

#include "channel.h"
#include "http.h"
#include "pace.h"

struct sms {
	struct channel channel;
	struct http_rules rules;
	char *url;
	char *username, *password;
	char *from;
	bool dlr;
	long rate;
	struct http *http;
	struct pace pace;
};

/* Begins the request for one recipient; its answer bears the tag. */
void sms_start(
        struct sms *sms, const struct channel_job *job, size_t index, int64_t deadline, size_t tag);

/* sms_send.c: the jobs of one turn */
void sms_deliver(struct channel *channel, struct channel_work *work);

#endif
