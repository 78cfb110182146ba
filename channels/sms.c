/* SPDX-License-Identifier: Apache-2.0
 * sms - short messages through Kannel's sendsms: one request per recipient, many in flight on kept
 * connections (sms_send.c).
 *
 * Credentials go in headers, so that the gateway's log has none. What Kannel accepted or queued is
 * delivered as far as we can know here; the phone's own word comes later to the recipient's
 * callback. Kannel takes no key: a request without answer is UNKNOWN. Validity is the time until
 * expiry and priority the level, so that the gateway's own queue obeys both. Relies on http.h.
 */
#include "sms.h"

#include <stdio.h>
#include <string.h>

#include "channel_types.h"
#include "sms_coding.h"
#include "when.h"

enum {
	PACE_MS = 50,
	REPORTS = 1 | 2 | 4 | 16, /* reached, not reached, waits, refused by the network */
};

static const struct option options[] = {
        {.name = "url",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct sms, url),
                .fallback = "http://127.0.0.1:13013/cgi-bin/sendsms",
                .help = "Kannel's sendsms address.",
                .help_zh = "Kannel 的 sendsms 地址。"},
        {.name = "username",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct sms, username),
                .help = "The sendsms-user's name.",
                .help_zh = "sendsms-user 的用户名。"},
        {.name = "password",
                .kind = OPTION_SECRET,
                .offset = offsetof(struct sms, password),
                .help = "The sendsms-user's password.",
                .help_zh = "sendsms-user 的密码。"},
        {.name = "from",
                .kind = OPTION_TEXT,
                .offset = offsetof(struct sms, from),
                .fallback = "",
                .help = "The sender's number (empty: the gateway's own).",
                .help_zh = "发送号码（空则由网关决定）。"},
        {.name = "dlr",
                .kind = OPTION_YES,
                .offset = offsetof(struct sms, dlr),
                .fallback = "yes",
                .help = "Ask for delivery reports.",
                .help_zh = "要求送达回执。"},
        {.name = "rate",
                .kind = OPTION_NUMBER,
                .offset = offsetof(struct sms, rate),
                .fallback = "0",
                .min = 0,
                .max = 100000,
                .help = "Recipients a second the gateway allows (0: no limit known).",
                .help_zh = "网关每秒允许的接收人数（0 为不限）。"},
        HTTP_OPTIONS(struct sms, rules),
        {0},
};

static bool sms_open(struct channel *channel, struct err *err)
{
	struct sms *sms = (struct sms *)channel;
	size_t burst = sms->rate ? (size_t)(sms->rate * PACE_MS / 1000 + 1) : 0;

	if (!http_url_allowed(&sms->rules, sms->url, err))
		return false;
	if (!http_header_safe(sms->username) || !http_header_safe(sms->password))
		return err_set(err, ERR_CONFIG, "设置 username 或 password 为空或含控制字符",
		        "the setting username or password is empty or has control characters");
	if (*sms->from && !http_header_safe(sms->from))
		return err_set(err, ERR_CONFIG, "设置 from 含控制字符",
		        "the setting from has control characters");
	pace_init(&sms->pace, burst, sms->rate ? (int64_t)burst * 1000 / sms->rate : 0);
	sms->http = http_create(&sms->rules);
	return true;
}

static void add_header(struct http_request *request, const char *name, const char *value)
{
	struct buf line;

	buf_init(&line, 0);
	buf_format(&line, "X-Kannel-%s: %s", name, value);
	texts_add(&request->headers, line.data);
	explicit_bzero(line.data, line.len);
	buf_finish(&line);
}

static void add_number(struct http_request *request, const char *name, long value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%ld", value);
	add_header(request, name, digits);
}

/* Kannel fills %d with the kind of report; a % of the callback's own stays one when doubled. */
static void add_callback(struct http_request *request, const char *callback)
{
	struct buf url;

	buf_init(&url, 0);
	for (const char *p = callback; *p; p++) {
		buf_char(&url, *p);
		if (*p == '%')
			buf_char(&url, '%');
	}
	buf_text(&url, strchr(callback, '?') ? "&type=%d" : "?type=%d");
	add_number(request, "DLR-Mask", REPORTS);
	add_header(request, "DLR-Url", url.data);
	buf_finish(&url);
}

static void add_validity(struct http_request *request, int64_t expires)
{
	int64_t minutes = (expires - when_now() + 59999) / 60000;

	if (expires && minutes > 0)
		add_number(request, "Validity", (long)minutes);
}

void sms_start(
        struct sms *sms, const struct channel_job *job, size_t index, int64_t deadline, size_t tag)
{
	const struct channel_recipient *to = &job->recipients[index];
	int rank = level_rank(job->bulletin ? job->bulletin->view.level : LEVEL_ORANGE);
	struct http_request request = {.deadline = deadline, .tag = tag};

	buf_text(&request.url, sms->url);
	buf_text(&request.body, job->text);
	texts_add(&request.headers, "Content-Type: text/plain; charset=UTF-8");
	add_header(&request, "Username", sms->username);
	add_header(&request, "Password", sms->password);
	add_header(&request, "To", to->address);
	if (*sms->from)
		add_header(&request, "From", sms->from);
	add_number(&request, "Coding", sms_is_gsm7(job->text) ? 0 : 2);
	add_number(&request, "Priority", rank > 0 ? rank - 1 : 0);
	add_validity(&request, job->expires);
	if (sms->dlr && to->callback && http_header_safe(to->callback))
		add_callback(&request, to->callback);
	http_start(sms->http, &request);
}

static void sms_close(struct channel *channel)
{
	struct sms *sms = (struct sms *)channel;

	http_destroy(&sms->http);
	pace_finish(&sms->pace);
}

const struct channel_type channel_sms = {
        .name = "sms",
        .size = sizeof(struct sms),
        .options = options,
        .lanes = true,
        .recipients = true,
        .notes = 1u << STATUS_NOTICE,
        .window = 4,
        .open = sms_open,
        .deliver = sms_deliver,
        .close = sms_close,
};
