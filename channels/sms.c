/* SPDX-License-Identifier: Apache-2.0
 * sms - short messages through Kannel's sendsms: one request per recipient, up to `window` in
 * flight.
 *
 * Credentials go in headers, so that the gateway's log has none. What Kannel accepted or queued is
 * delivered as far as we can know here; the phone's own word comes later to the recipient's
 * callback. Kannel takes no key: a request without answer is UNKNOWN. Validity is the time until
 * expiry and priority the level, so that the gateway's own queue obeys both. Relies on http.h,
 * exchange.h (when a job may start), reply.h.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "channel_types.h"
#include "exchange.h"
#include "http.h"
#include "reply.h"
#include "sms_coding.h"
#include "utf8.h"
#include "when.h"

enum { WINDOW = 32, PACE_MS = 50, DLR_ALL = 31 };

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

/* One job on its way. */
struct batch {
	struct sms *sms;
	struct channel_work *work;
	const struct channel_job *job;
	size_t next;      /* the recipient to start next */
	size_t counts[4]; /* answers by verdict */
	int64_t retry_after;
	bool unreachable; /* the gateway is: the rest is not tried */
	char reason[128]; /* the last one */
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
	add_number(request, "DLR-Mask", DLR_ALL);
	add_header(request, "DLR-Url", url.data);
	buf_finish(&url);
}

static void add_validity(struct http_request *request, int64_t expires)
{
	int64_t minutes = (expires - when_now() + 59999) / 60000;

	if (expires && minutes > 0)
		add_number(request, "Validity", (long)minutes);
}

static void start(struct batch *batch, size_t index)
{
	const struct sms *sms = batch->sms;
	const struct channel_job *job = batch->job;
	const struct channel_recipient *to = &job->recipients[index];
	int rank = level_rank(job->bulletin ? job->bulletin->view.level : LEVEL_ORANGE);
	struct http_request request = {.deadline = job->deadline, .tag = index};

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

static void answer(struct batch *batch, size_t index, const struct channel_receipt *receipt)
{
	batch->counts[receipt->verdict]++;
	if (receipt->retry_after > batch->retry_after)
		batch->retry_after = receipt->retry_after;
	if (receipt->verdict != CHANNEL_DELIVERED)
		snprintf(batch->reason, sizeof batch->reason, "%.*s",
		        (int)utf8_cut(receipt->reason, sizeof batch->reason - 1), receipt->reason);
	work_done(batch->work, batch->job, (int)index, receipt);
}

/* Answers this one without asking the gateway when that cannot or may not be done. */
static bool refused(struct batch *batch, size_t index, int64_t boot)
{
	struct channel_receipt receipt = {0};

	if (batch->unreachable)
		reply_say(&receipt, CHANNEL_DEFERRED, "not tried: the gateway cannot be reached");
	else if (!sms_is_number(batch->job->recipients[index].address))
		reply_say(&receipt, CHANNEL_REJECTED, "not a phone number");
	else if (exchange_may_start(&batch->sms->channel, batch->job, boot, when_now(), &receipt))
		return false;
	answer(batch, index, &receipt);
	return true;
}

/* Starts as many as the window and the pace allow. Returns ms until the pace allows more, 0 = not
 * its matter. */
static int64_t start_some(struct batch *batch)
{
	struct sms *sms = batch->sms;

	while (batch->next < batch->job->recipient_count && http_in_flight(sms->http) < WINDOW) {
		int64_t boot = when_boot();
		int64_t wait = batch->unreachable ? 0 : pace_wait(&sms->pace, boot);
		if (wait > 0 && boot < batch->job->deadline)
			return wait;
		if (!refused(batch, batch->next, boot)) {
			pace_start(&sms->pace, boot);
			start(batch, batch->next);
		}
		batch->next++;
	}
	return 0;
}

static void take_answer(struct batch *batch, struct http_answer *http_answer)
{
	struct channel_receipt receipt = {0};

	reply_hide(http_answer, batch->sms->password);
	reply_kannel(http_answer, &receipt);
	batch->unreachable |= http_answer->state == HTTP_NOT_SENT;
	answer(batch, http_answer->tag, &receipt);
	http_answer_finish(http_answer);
}

static void pause_for(int64_t ms)
{
	struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&pause, NULL);
}

/* The whole job's word: what still has to be tried decides, then what nobody knows. */
static void answer_whole(struct batch *batch)
{
	struct channel_receipt receipt = {.retry_after = batch->retry_after};
	const size_t *n = batch->counts;
	size_t count = batch->job->recipient_count;

	receipt.verdict = n[CHANNEL_DEFERRED]    ? CHANNEL_DEFERRED
	                  : n[CHANNEL_UNKNOWN]   ? CHANNEL_UNKNOWN
	                  : n[CHANNEL_DELIVERED] ? CHANNEL_DELIVERED
	                                         : CHANNEL_REJECTED;
	snprintf(receipt.proof, sizeof receipt.proof, "the gateway took %zu of %zu",
	        n[CHANNEL_DELIVERED], count);
	if (n[CHANNEL_DELIVERED] < count)
		reply_say(&receipt, receipt.verdict, "%zu deferred, %zu refused, %zu unknown: %s",
		        n[CHANNEL_DEFERRED], n[CHANNEL_REJECTED], n[CHANNEL_UNKNOWN],
		        batch->reason);
	work_done(batch->work, batch->job, -1, &receipt);
}

static void carry(struct batch *batch)
{
	struct http *http = batch->sms->http;
	struct http_answer http_answer;
	int64_t wait = start_some(batch);

	while (http_in_flight(http) || batch->next < batch->job->recipient_count) {
		if (http_in_flight(http) == 0)
			pause_for(wait);
		else if (http_next(http, wait ? when_boot() + wait : 0, &http_answer))
			take_answer(batch, &http_answer);
		wait = start_some(batch);
	}
	answer_whole(batch);
}

static bool can_carry(
        const struct sms *sms, const struct channel_job *job, struct channel_receipt *receipt)
{
	if (!exchange_may_start(&sms->channel, job, when_boot(), when_now(), receipt))
		return false;
	if (*job->text && job->recipient_count)
		return true;
	reply_say(
	        receipt, CHANNEL_REJECTED, "the job has no %s", *job->text ? "recipients" : "text");
	return false;
}

static void sms_deliver(struct channel *channel, struct channel_work *work)
{
	struct sms *sms = (struct sms *)channel;
	const struct channel_job *job;

	while ((job = work_take(work))) {
		struct batch batch = {.sms = sms, .work = work, .job = job};
		struct channel_receipt receipt = {0};
		if (can_carry(sms, job, &receipt))
			carry(&batch);
		else
			work_done(work, job, -1, &receipt);
	}
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
