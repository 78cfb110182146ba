/* SPDX-License-Identifier: Apache-2.0
 * wechat_api - see wechat_api.h. Relies on http.h and on jansson, which writes Chinese as it is
 * (the platform keeps \u escapes as text).
 */
#include "wechat_api.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

static enum reply_step post(struct wechat_api *api, struct http_request *request,
        const json_t *body, bool repeatable, struct wechat_reply *out,
        struct channel_receipt *receipt)
{
	struct http_answer answer;
	char *text = json_dumps(body, JSON_COMPACT);

	*receipt = (struct channel_receipt){0};
	if (!text) {
		http_request_finish(request);
		reply_say(receipt, CHANNEL_REJECTED, "the text is not UTF-8");
		return REPLY_END;
	}
	buf_text(&request->body, text);
	explicit_bzero(text, strlen(text));
	free(text);
	texts_add(&request->headers, "Content-Type: application/json; charset=utf-8");
	http_call(api->http, request, &answer);
	reply_hide(&answer, api->secret);
	reply_hide(&answer, api->token);
	enum reply_step step = reply_wechat(&answer, repeatable, out, receipt);
	if (answer.body.data)
		explicit_bzero(answer.body.data, answer.body.len);
	http_answer_finish(&answer);
	return step;
}

static void forget_token(struct wechat_api *api)
{
	explicit_bzero(api->token, sizeof api->token);
	api->token_until = 0;
}

/* The platform renews 5 minutes before the end and keeps both good for that long. */
static int64_t token_life(long expires_in)
{
	long seconds = expires_in > 360 ? expires_in - 300 : 60;

	return (int64_t)(seconds < 7200 ? seconds : 7200) * 1000;
}

static bool have_token(struct wechat_api *api, int64_t deadline, struct channel_receipt *receipt)
{
	struct http_request request = {.deadline = deadline};
	struct wechat_reply reply = {0};

	if (when_boot() < api->token_until)
		return true;
	json_t *body = json_pack("{s:s, s:s, s:s, s:b}", "grant_type", "client_credential", "appid",
	        api->appid, "secret", api->secret, "force_refresh", 0);
	buf_format(&request.url, "%s/cgi-bin/stable_token", api->url);
	enum reply_step step = post(api, &request, body, true, &reply, receipt);
	json_decref(body);
	if (step == REPLY_TOKEN) /* 40001 here means the appsecret */
		reply_say(receipt, CHANNEL_REJECTED,
		        "no access token: the appid or the appsecret is wrong");
	else if (step == REPLY_OK && !*reply.token)
		reply_say(receipt, CHANNEL_DEFERRED, "no access token in the answer");
	if (step != REPLY_OK || !*reply.token)
		return false;
	memcpy(api->token, reply.token, sizeof api->token);
	api->token_until = when_boot() + token_life(reply.expires_in);
	explicit_bzero(&reply, sizeof reply);
	return true;
}

enum reply_step wechat_ask(struct wechat_api *api, const char *path, const json_t *body,
        int64_t deadline, bool repeatable, struct wechat_reply *out,
        struct channel_receipt *receipt)
{
	enum reply_step step = REPLY_TOKEN;

	for (int turn = 0; turn < 2 && step == REPLY_TOKEN; turn++) {
		struct http_request request = {.deadline = deadline};
		if (!have_token(api, deadline, receipt))
			return REPLY_END;
		buf_format(&request.url, "%s/cgi-bin/%s?access_token=", api->url, path);
		http_encode(&request.url, api->token);
		step = post(api, &request, body, repeatable, out, receipt);
		if (step == REPLY_TOKEN)
			forget_token(api);
	}
	return step == REPLY_TOKEN ? REPLY_END : step;
}
