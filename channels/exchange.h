/* SPDX-License-Identifier: Apache-2.0
 * exchange - deliver() for far sides where one job is one request: keeps up to `window` of them in
 * flight.
 *
 * What differs between such far sides is how a job becomes a request and what its answer means; the
 * taking of jobs, the pace, expiry and the deadline are here.
 */
#ifndef TOCSIN_EXCHANGE_H
#define TOCSIN_EXCHANGE_H

#include "channel.h"
#include "http.h"
#include "pace.h"

struct exchange_rules {
	/* Fills in url, headers and body. false: *receipt says why this job cannot be carried. */
	bool (*prepare)(struct channel *channel, const struct channel_job *job,
	        struct http_request *request, struct channel_receipt *receipt);
	void (*judge)(struct channel *channel, const struct channel_job *job,
	        struct http_answer *answer, struct channel_receipt *receipt);
	size_t window; /* at most EXCHANGE_WINDOW */
};

enum { EXCHANGE_WINDOW = 64 };

void exchange_deliver(struct channel *channel, struct channel_work *work, struct http *http,
        struct pace *pace, const struct exchange_rules *rules);

/* May this job start now? Not when it is no bulletin (a state; a note,
 * where the type carries none), is over its deadline or expired:
 * then *receipt says. Every HTTP channel asks before its first byte. */
bool exchange_may_start(const struct channel *channel, const struct channel_job *job, int64_t boot,
        int64_t now, struct channel_receipt *receipt);

#endif
