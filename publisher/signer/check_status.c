/* SPDX-License-Identifier: Apache-2.0
 * check_status - a form to be signed with the status key: read strictly, of this mode, of now, and
 * a notice only to an officer of our own copy of the policy. Nothing else is ever signed with that
 * key, and none of this with the alert key.
 *
 * What the signer cannot know (where the audit chain stands, what is in force) it signs as said: a
 * captured tocsind can lie about itself, but not speak to anybody in words of its own. Which policy
 * counts it does know: whoever withholds a change from the signer either names the old policy to
 * all the world, or is silent.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policy_roster.h"
#include "protocol.h"
#include "status.h"
#include "when.h"

enum { CLOCK_MAY_DIFFER_MS = 60 * 1000 };

static bool is_now(const struct status *s, int64_t now, struct err *err)
{
	char said[WHEN_TEXT], here[WHEN_TEXT];

	if (llabs((long long)(s->time - now)) <= CLOCK_MAY_DIFFER_MS)
		return true;
	when_text(s->time, said);
	when_text(now, here);
	return err_set(err, ERR_DENIED,
	        "签名拒绝：状态表的时间 %s 与签名进程的时钟 %s 相差超过 60 秒（规则：状态为当下）",
	        "not signed: the form's time %s is over 60 s off the signer's clock %s (rule: a "
	        "status is of now)",
	        said, here);
}

/* Is he told at a number of our own copy's roster? A robot's group has none. */
static bool reaches(const struct signer *signer, const struct status *s, struct err *err)
{
	if (!*s->audience || roster_reaches(signer->policy, s->officer, s->audience))
		return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：值班表没有列出 %s 的这个联系号码（规则：通知只发往授权规则中的号码）",
	        "not signed: the roster names no such address of %s (rule: notices go to addresses "
	        "of the policy only)",
	        s->officer);
}

/* The number is the only part of a notice that tocsind words freely. Upstream identifiers have many
 * forms ("2.49.0.1.156.0", "urn:oid:2.49"), but none is what a telephone makes a link of. */
static bool number_is_no_link(const struct status *s, struct err *err)
{
	bool link = strpbrk(s->number, "/@") != NULL;

	for (const char *dot = strchr(s->number, '.'); dot && !link; dot = strchr(dot + 1, '.'))
		link = dot[1] && !strchr("0123456789", dot[1]);
	return !link ||
	       err_set(err, ERR_DENIED, "签名拒绝：通知的编号“%s”像是网址（规则：通知不带链接）",
	               "not signed: the notice's number \"%s\" looks like an address of the "
	               "net (rule: a notice carries no link)",
	               s->number);
}

static bool check_notice(const struct signer *signer, const struct status *s, struct err *err)
{
	const struct officer *officer = policy_officer(signer->policy, s->officer);

	if (!officer || !officer->active || strcmp(officer->unit, s->unit) != 0)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：授权规则中没有 %s 单位的在职人员 "
		        "%s（规则：通知只发给授权规则中的人员）",
		        "not signed: the policy has no active officer of unit %s called %s (rule: "
		        "notices go to officers of the policy only)",
		        s->unit, s->officer);
	return number_is_no_link(s, err) && reaches(signer, s, err);
}

static bool check_keys(const struct signer *signer, const struct status *s, struct err *err)
{
	char *alert = key_base64(signer->alert);
	char *status = key_base64(signer->status);
	bool ours = strcmp(alert, s->alert_key) == 0 && strcmp(status, s->status_key) == 0;

	free(alert);
	free(status);
	return ours ||
	       err_set(err, ERR_DENIED,
	               "签名拒绝：公钥表与签名进程的密钥不符（规则：只公布自己的公钥）",
	               "not signed: these are not the signer's keys (rule: it publishes its "
	               "own)");
}

static bool names_our_policy(const struct signer *signer, const struct status *s, struct err *err)
{
	return strcmp(s->policy, signer->policy->version) == 0 ||
	       err_set(err, ERR_CONFLICT,
	               "签名拒绝：状态表所称授权规则 %.16s 不是签名进程现行的 %.16s"
	               "（规则：所称即所行）",
	               "not signed: the form names policy %.16s, the one in force at the signer is "
	               "%.16s (rule: the policy that is named is the one that counts)",
	               *s->policy ? s->policy : "-", signer->policy->version);
}

/* The checks each form has of its own. */
static bool check_of_form(const struct signer *signer, const struct status *s, struct err *err)
{
	switch (s->form) {
	case STATUS_NOTICE:
		return check_notice(signer, s, err);
	case STATUS_KEYS:
		return check_keys(signer, s, err) && names_our_policy(signer, s, err);
	case STATUS_HEARTBEAT:
	case STATUS_INDEX:
		return names_our_policy(signer, s, err);
	case STATUS_END:
	case STATUS_TEST:
	case STATUS_FORM_COUNT:
		break;
	}
	return true;
}

static bool check_form(
        const struct signer *signer, const struct status *s, int64_t now, struct err *err)
{
	if (s->mode != signer->mode)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：状态表属于%s模式，签名进程属于%s模式（规则：演练与实战分开）",
		        "not signed: the form is of mode %s, the signer of mode %s (rule: drills "
		        "apart)",
		        mode_text(s->mode), mode_text(signer->mode));
	return is_now(s, now, err) && check_of_form(signer, s, err);
}

bool sign_status(const struct signer *signer, struct frame *frame, int64_t now, struct buf *out,
        struct err *err)
{
	char *text = frame_get_text(frame, TAG_TEXT);
	struct status status = {0};
	bool good = frame_close(frame, err) && status_read(&status, text, strlen(text), err) &&
	            check_form(signer, &status, now, err);

	char *signature = good ? key_sign(signer->status, text, strlen(text)) : NULL;
	if (good && !signature)
		good = err_set(err, ERR_UNAVAILABLE, "存放状态密钥的令牌没有签名",
		        "the token that holds the status key did not sign");
	if (good) {
		size_t mark = frame_begin(out, FRAME_STATUS_SIGNED);
		frame_put_text(out, TAG_SIGNATURE, signature);
		frame_end(out, mark);
	}
	free(signature);
	if (good && status.form == STATUS_NOTICE)
		log_event(LOG_INFO, "notice-signed", "number", status.number, "step",
		        status_step_text(status.step), "officer", status.officer, NULL);
	status_finish(&status);
	free(text);
	return good;
}
