/* SPDX-License-Identifier: Apache-2.0
 * wechat_api - the Official Account's interfaces as calls: a token kept and renewed, JSON in,
 * fields out.
 *
 * One token per process (stable_token, never forced). A call that is told its token is no good
 * fetches one and asks once more; what is wrong after that is the receipt's matter. Secrets and
 * tokens never stand in receipts.
 */
#ifndef TOCSIN_WECHAT_API_H
#define TOCSIN_WECHAT_API_H

#include <jansson.h>

#include "http.h"
#include "reply.h"

struct wechat_api {
	struct http *http;
	const char *url, *appid, *secret; /* borrowed */
	char token[1024];
	int64_t token_until; /* when_boot() ms; 0 = none */
};

/* POSTs `body` (borrowed) to `path`. `repeatable` as in reply_http. Never returns REPLY_TOKEN. */
enum reply_step wechat_ask(struct wechat_api *api, const char *path, const json_t *body,
        int64_t deadline, bool repeatable, struct wechat_reply *out,
        struct channel_receipt *receipt);

#endif
