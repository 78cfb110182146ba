/* SPDX-License-Identifier: Apache-2.0
 * host_check - may this job's first byte leave? The host believes nothing from tocsind: the
 * manifest must carry the alert key's signature, and what is to be sent must be what the manifest
 * names.
 *
 * Checked: the signature; the digests of CAP, view and text; the moment of release; that this far
 * side is named, with our channel kind; the mode; the expiry; the recipients, block by block
 * (host_audience.c), their number and form. Pure: `now` is a parameter. A double (null, fail) may
 * stand in for any kind: it sends nothing anywhere.
 */
#include "host.h"

#include <string.h>

#include "phone.h"
#include "when.h"

static bool same_digest(const void *bytes, size_t len, const char *want)
{
	char got[DIGEST_HEX];

	digest_sha256(bytes, len, got);
	return digest_same(got, want);
}

static bool contents_match(const struct host_bulletin *b, struct err *err)
{
	const struct view *view = &b->shown.view;
	char got[DIGEST_HEX];

	if (!same_digest(b->cap, b->shown.cap_len, b->filled.cap))
		return err_set(err, ERR_IDENTITY, "%s 的 CAP 与清单中的摘要不符",
		        "the CAP of %s is not the one its manifest names", b->filled.identifier);
	view_digest(view, got);
	if (!digest_same(got, b->filled.view))
		return err_set(err, ERR_IDENTITY, "%s 的展示内容与清单中的摘要不符",
		        "the view of %s is not the one its manifest names", b->filled.identifier);
	if (view->sent != b->filled.sent || !b->filled.sent)
		return err_set(err, ERR_IDENTITY, "%s 的发布时间与清单不符",
		        "the moment of release of %s is not the one in its manifest",
		        b->filled.identifier);
	if (strcmp(view->identifier, b->filled.identifier) != 0)
		return err_set(err, ERR_IDENTITY, "展示内容的编号 %s 与清单的编号 %s 不符",
		        "the view says %s, its manifest %s", view->identifier,
		        b->filled.identifier);
	return true;
}

static bool mode_matches(const struct host *host, const struct host_bulletin *b, struct err *err)
{
	if (b->filled.mode == host->mode && b->shown.view.mode == host->mode)
		return true;
	return err_set(err, ERR_DENIED, "%s 属于%s模式，本通道进程属于%s模式",
	        "%s is of mode %s, this channel process of mode %s", b->filled.identifier,
	        mode_text(b->filled.mode), mode_text(host->mode));
}

static bool check_bulletin(const struct host *host, struct host_bulletin *b, struct err *err)
{
	size_t len = strlen(b->manifest);

	if (!key_verify(host->alert_key, b->manifest, len, b->signature))
		return err_set(err, ERR_IDENTITY, "信息 %s 的清单没有发布密钥的有效签名",
		        "the manifest of %s does not carry a valid signature of the alert key",
		        b->id);
	if (!manifest_read(&b->filled, b->manifest, len, err))
		return false;
	return contents_match(b, err) && mode_matches(host, b, err);
}

static bool kind_is_ours(const struct host *host, const struct manifest_target *target)
{
	const char *type = host->channel->type->name;

	return !channel_traits(type) || strcmp(target->kind, type) == 0;
}

bool host_check_bulletin(const struct host *host, struct host_bulletin *bulletin, struct err *err)
{
	if (!bulletin->checked) {
		bulletin->checked = true;
		bulletin->good = check_bulletin(host, bulletin, &bulletin->why);
		const struct manifest_target *target =
		        bulletin->good ? manifest_target(&bulletin->filled, host->name) : NULL;
		bulletin->ours = target && kind_is_ours(host, target);
	}
	if (!bulletin->good && err)
		*err = bulletin->why;
	return bulletin->good;
}

static const struct manifest_target *our_target(
        const struct host *host, const struct host_bulletin *b, struct err *err)
{
	const struct manifest_target *target = manifest_target(&b->filled, host->name);

	if (!target)
		err_set(err, ERR_DENIED, "%s 的清单没有列出对端 %s",
		        "the manifest of %s does not name the far side %s", b->filled.identifier,
		        host->name);
	else if (!kind_is_ours(host, target))
		err_set(err, ERR_DENIED, "清单说 %s 是 %s，本进程承载的是 %s",
		        "the manifest says %s is %s, this process carries %s", host->name,
		        target->kind, host->channel->type->name);
	else
		return target;
	return NULL;
}

/* What is in force, as far as it was approved for this far side: the rest is not ours to show. */
static bool check_active(const struct host *host, struct host_job *job, struct err *err)
{
	const struct host_set *set = &host->set;

	if (!host_set_check(host, err))
		return false;
	job->job.active = set->shown;
	job->job.active_count = set->shown_count;
	job->job.active_era = set->era + 1; /* 0 says nothing */
	return true;
}

static bool recipients_fit(const struct host_job *job, const struct manifest_target *target,
        bool wanted, struct err *err)
{
	if (wanted && job->recipient_count == 0)
		return err_set(err, ERR_INPUT, "任务没有接收人", "the job has no recipients");
	if ((int64_t)job->block_people > target->audience_count)
		return err_set(err, ERR_IDENTITY, "任务有 %zu 个接收人，批准的只有 %lld 个",
		        "the job has %zu recipients, %lld were approved", job->block_people,
		        (long long)target->audience_count);
	for (size_t i = 0; i < job->recipient_count; i++)
		if (!phone_shaped(job->recipients[i].address))
			return err_set(err, ERR_INPUT, "第 %zu 个接收人的号码格式不对",
			        "recipient %zu does not have the form of a number", i);
	return job->block_people == 0 || host_check_block(job, target, err);
}

static bool check_issue(const struct host *host, const struct host_job *job,
        const struct manifest_target *target, int64_t now, struct err *err)
{
	int64_t expires = job->bulletin->filled.expires;

	if (!same_digest(job->text, strlen(job->text), target->text))
		return err_set(err, ERR_IDENTITY, "发往 %s 的文字不是清单批准的文字",
		        "the text for %s is not the one its manifest names", host->name);
	if ((expires && now >= expires) || (job->job.expires && now >= job->job.expires))
		return err_set(err, ERR_CONFLICT, "%s 已经过期，不再发出",
		        "%s has expired and is not sent", job->bulletin->filled.identifier);
	return recipients_fit(job, target, host->channel->type->recipients, err);
}

bool host_check(const struct host *host, struct host_job *job, int64_t now, struct err *err)
{
	if (job->job.kind == CHANNEL_NOTE)
		return host_check_note(host, job, now, err);
	if (!check_active(host, job, err))
		return false;
	if (job->job.kind == CHANNEL_STATE)
		return true;
	if (!job->bulletin)
		return err_set(
		        err, ERR_INTERNAL, "任务没有随附信息", "the job came without its bulletin");
	if (!host_check_bulletin(host, job->bulletin, err))
		return false;
	const struct manifest_target *target = our_target(host, job->bulletin, err);
	if (!target)
		return false;
	return job->job.kind != CHANNEL_ISSUE || check_issue(host, job, target, now, err);
}
