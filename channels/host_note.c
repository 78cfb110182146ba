/* SPDX-License-Identifier: Apache-2.0
 * host_note - may this note leave? Only a form the status key has signed, for this mode, made a
 * short while ago, and a notice only to the addresses it names; its words are made here, from the
 * form, so that nobody in tocsind's place can put any into it. Pure: `now` is a parameter.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "phone.h"
#include "status.h"
#include "text.h"
#include "utf8.h"

enum { NOTICE_LIVES_MS = 10 * 60 * 1000, CLOCK_MAY_DIFFER_MS = 60 * 1000 };

/* Carriers want one before every SMS. It comes from this process's own command line: what tocsind
 * could set would be a place for words. */
bool host_signature_shaped(const char *signature, struct err *err)
{
	enum { OPENING = 3, MOST = 20 }; /* bytes of a bracket, characters between them */
	size_t len = strlen(signature);

	if (len == 0)
		return true;
	if (utf8_valid(signature, len, NULL) && len > 2 * OPENING &&
	        strncmp(signature, "【", OPENING) == 0 &&
	        strcmp(signature + len - OPENING, "】") == 0 && utf8_count(signature) <= MOST + 2 &&
	        !strpbrk(signature, "\r\n"))
		return true;
	return err_set(err, ERR_USAGE, "--signature %s：应为【】括起的签名，至多 %d 字",
	        "--signature %s: must stand in 【】 and have at most %d characters", signature,
	        (int)MOST);
}

static bool can_carry(const struct host *host, struct err *err)
{
	if (!host->status_key)
		return err_set(err, ERR_CONFIG, "本进程没有状态公钥（--status-key），不发通知",
		        "this process was given no status key (--status-key) and sends no notices");
	return true;
}

static bool is_carried(const struct host *host, const struct status *form, struct err *err)
{
	if (host->channel->type->notes >> form->form & 1)
		return true;
	return err_set(err, ERR_INPUT, "%s 类渠道不发送状态表“%s”",
	        "channels of type %s carry no form \"%s\"", host->channel->type->name,
	        status_form_text(form->form));
}

static bool is_fresh(const struct status *notice, int64_t now, struct err *err)
{
	if (notice->time <= now + CLOCK_MAY_DIFFER_MS && notice->time > now - NOTICE_LIVES_MS)
		return true;
	return err_set(err, ERR_CONFLICT, "状态表“%s”不是当下的，不再发出",
	        "the form \"%s\" is not of now and is not sent", status_form_text(notice->form));
}

/* The addresses, in this order, are those the form was signed for; a robot's group has none. */
static bool goes_where_signed(const struct host *host, const struct host_job *job,
        const struct status *notice, struct err *err)
{
	const char **addresses = mem_array(job->recipient_count + 1, sizeof *addresses);
	char digest[DIGEST_HEX] = "";
	bool wanted = host->channel->type->recipients && notice->form == STATUS_NOTICE;
	bool shaped = (job->recipient_count > 0) == wanted;

	for (size_t i = 0; i < job->recipient_count; i++) {
		addresses[i] = job->recipients[i].address;
		shaped = shaped && phone_shaped(addresses[i]);
	}
	if (job->recipient_count)
		status_audience(addresses, job->recipient_count, digest);
	free(addresses);
	if (shaped && strcmp(digest, notice->audience) == 0)
		return true;
	return err_set(err, ERR_IDENTITY, "关于 %s 的通知不是签给这些接收人的",
	        "the notice about %s was not signed for these recipients", notice->number);
}

static bool put_into_words(
        const struct host *host, struct host_job *job, const struct status *notice, struct err *err)
{
	struct buf text;

	job->job.note = notice->form;
	if (notice->form != STATUS_NOTICE)
		return true; /* as it is */
	buf_init(&text, 0);
	/* A double stands in for a robot. */
	bool known = channel_traits(host->channel->type->name);
	bool done = text_note(
	        known ? host->channel->type->name : "wecom", host->signature, notice, &text, err);
	if (done) {
		free(job->text);
		job->text = buf_take(&text);
		job->job.text = job->text;
	}
	buf_finish(&text);
	return done;
}

bool host_check_note(const struct host *host, struct host_job *job, int64_t now, struct err *err)
{
	struct status notice = {0};
	size_t len = strlen(job->form);

	if (!can_carry(host, err))
		return false;
	if (!key_verify(host->status_key, job->form, len, job->signature))
		return err_set(err, ERR_IDENTITY, "通知没有状态密钥的有效签名",
		        "the notice does not carry a valid signature of the status key");
	bool good = status_read(&notice, job->form, len, err);
	if (good && notice.mode != host->mode)
		good = err_set(err, ERR_DENIED, "通知属于%s模式，本通道进程属于%s模式",
		        "the notice is of mode %s, this channel process of mode %s",
		        mode_text(notice.mode), mode_text(host->mode));
	good = good && is_carried(host, &notice, err) && is_fresh(&notice, now, err) &&
	       goes_where_signed(host, job, &notice, err) &&
	       put_into_words(host, job, &notice, err);
	status_finish(&notice);
	return good;
}
