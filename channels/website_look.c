/* SPDX-License-Identifier: Apache-2.0
 * website_look - does the public see what was written? Files in a folder are no page: the web
 * server may be down, or serve another folder, or a cache in front of it yesterday's. So, where
 * `look_back` is set, the head of active.json is fetched under public_url and must name the set
 * that the lists show. Nothing waits for it: the exchange goes on from turn to turn.
 */
#include "website.h"

#include <stdio.h>
#include <string.h>

#include "when.h"

/* The digest stands at the beginning of active.json. */
enum { HEAD_BYTES = 400, LOOKS = 4, ANSWER_MS = 10000, TURN_MS = 20 };

bool site_look_open(struct website *site, struct err *err)
{
	if (!site->look_back)
		return true;
	if (!http_url_allowed(&site->rules, site->public_url, err))
		return false;
	site->http = http_create(&site->rules);
	site->shown = when_boot();
	site->next_look = 0;
	return true;
}

void site_look_close(struct website *site)
{
	http_destroy(&site->http);
}

static void ask(struct website *site)
{
	struct http_request request = {0};

	buf_init(&request.url, 0);
	buf_format(&request.url, "%s/active.json", site->public_url);
	request.deadline = when_boot() + ANSWER_MS;
	request.most = HEAD_BYTES;
	memcpy(site->wanted, site->digest, DIGEST_HEX);
	http_start(site->http, &request);
}

/* The set of when it was asked, or of now: it may have turned in between. */
static bool names_ours(const struct website *site, const struct http_answer *answer)
{
	static const char before[] = "\"digest\":\"";
	const char *at = answer->body.data ? strstr(answer->body.data, before) : NULL;

	if (answer->state != HTTP_ANSWERED || answer->status != 200 || !at)
		return false;
	at += strlen(before);
	return strncmp(at, site->digest, strlen(site->digest)) == 0 ||
	       strncmp(at, site->wanted, strlen(site->wanted)) == 0;
}

static void say_what_is_there(
        const struct website *site, const struct http_answer *answer, struct err *err)
{
	char what[64];

	if (answer->state != HTTP_ANSWERED)
		snprintf(what, sizeof what, "%s", answer->reason ? answer->reason : "no answer");
	else if (answer->status != 200)
		snprintf(what, sizeof what, "HTTP %ld", answer->status);
	else
		snprintf(what, sizeof what, "%s", "another set / 内容不符");
	err_set(err, ERR_UNAVAILABLE, "公众在 %s 看不到写入的内容，已 %lld 秒：%s",
	        "under %s the public has not seen for %lld s what was written: %s",
	        site->public_url, (long long)(when_boot() - site->shown) / 1000, what);
}

static void judge(struct website *site, const struct http_answer *answer, struct channel_work *work)
{
	struct err err = {0};

	if (names_ours(site, answer)) {
		site->shown = when_boot();
		site->hidden = false;
	} else if (when_boot() - site->shown >= site->look_back) {
		site->hidden = true;
		say_what_is_there(site, answer, &err);
	}
	work_far(work, !site->hidden, err.en);
}

void site_look_back(struct website *site, struct channel_work *work)
{
	struct http_answer answer;

	if (!site->http)
		return;
	if (!http_in_flight(site->http)) {
		if (!*site->digest || when_boot() < site->next_look)
			return;
		site->next_look = when_boot() + site->look_back / LOOKS;
		ask(site);
	}
	if (!http_next(site->http, when_boot() + TURN_MS, &answer))
		return;
	judge(site, &answer, work);
	http_answer_finish(&answer);
}
