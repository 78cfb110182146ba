/* SPDX-License-Identifier: Apache-2.0
 * check_message - what was approved and what is to be signed are the same thing.
 *
 * People approve the manifest; subscribers read the CAP. So every fact is read from the CAP bytes
 * by ourselves and compared with the manifest's line. Refuses with the line that differs.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

static bool differs(struct err *err, const char *line, const char *manifest, const char *cap)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：报文与清单不一致，%s 在清单中为“%s”，在报文中为“%s”（规则：所批即所发）",
	        "not signed: message and manifest differ: %s is \"%s\" in the manifest and \"%s\" "
	        "in the message (rule: what is "
	        "sent is what was approved)",
	        line, manifest, cap);
}

static bool same(struct err *err, const char *line, const char *manifest, const char *cap)
{
	return strcmp(manifest, cap ? cap : "") == 0 ||
	       differs(err, line, manifest, cap ? cap : "");
}

static bool read_manifest(const struct signer *signer, struct signing *s, struct err *err)
{
	if (!manifest_read(&s->manifest, s->manifest_text, strlen(s->manifest_text), err))
		return false;
	if (s->manifest.sent)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：清单已填入发布时间，须为审批时的原样（规则：所批即所发）",
		        "not signed: the manifest is filled already, it must be as it was approved "
		        "(rule: what is sent is what "
		        "was approved)");
	if (s->manifest.mode != signer->mode)
		return err_set(err, ERR_DENIED,
		        "签名拒绝：清单模式为%s，本签名进程为%s%.0s%.0s（规则：演练不得混入实战）",
		        "not signed: the manifest says mode %.0s%.0s%s, this signer is in mode %s "
		        "(rule: a drill is never live)",
		        mode_zh(s->manifest.mode), mode_zh(signer->mode),
		        mode_text(s->manifest.mode), mode_text(signer->mode));
	digest_sha256(s->manifest_text, strlen(s->manifest_text), s->digest);
	return true;
}

/* The first error, with its path. */
static bool first_problem(const struct cap_problems *problems, struct err *err)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct cap_problem *p = &problems->items[i];
		if (p->level == CAP_PROBLEM_ERROR)
			return err_set(err, ERR_INPUT, "签名拒绝：报文 %s：%s%.0s（规则：CAP 1.2）",
			        "not signed: message %s: %.0s%s (rule: CAP 1.2)", p->path, p->zh,
			        p->en);
	}
	return err_set(err, ERR_INPUT, "签名拒绝：报文无法读取（规则：CAP 1.2）",
	        "not signed: the message cannot be read (rule: CAP 1.2)");
}

static bool read_message(const struct signer *signer, struct signing *s, struct err *err)
{
	struct cap_problems problems = {0};
	struct buf again;

	s->alert = cap_parse_unfilled(s->cap, strlen(s->cap), CAP_LIMIT_SOURCE, &problems);
	bool ok = (s->alert && !problems.errors) || first_problem(&problems, err);
	cap_problems_finish(&problems);
	if (!ok)
		return false;
	buf_init(&again, 0);
	cap_write(s->alert, &again);
	ok = !s->alert->sent.set && strcmp(again.data, s->cap) == 0;
	buf_finish(&again);
	if (!ok)
		return err_set(err, ERR_INPUT,
		        "签名拒绝：报文不是规范形式，或已有发布时间（规则：所批即所发）",
		        "not signed: the message is not in canonical form, or has a time of "
		        "sending already (rule: what is "
		        "sent is what was approved)");
	return cap_facts_read(
	        s->alert, signer->catalog ? signer->catalog->outlines : NULL, &s->facts, err);
}

static bool same_digest(const struct signing *s, struct err *err)
{
	char digest[DIGEST_HEX];

	digest_sha256(s->cap, strlen(s->cap), digest);
	return same(err, "cap", s->manifest.cap, digest);
}

static bool same_areas(const struct signing *s, struct err *err)
{
	const struct texts *a = &s->manifest.areas;
	const struct texts *b = &s->facts.areas;

	for (size_t i = 0; i < a->count || i < b->count; i++) {
		const char *approved = i < a->count ? a->items[i] : "";
		const char *stated = i < b->count ? b->items[i] : "";
		if (strcmp(approved, stated) != 0)
			return differs(err, "area", approved, stated);
	}
	return true;
}

static bool same_facts(const struct signing *s, struct err *err)
{
	const struct manifest *m = &s->manifest;
	const struct cap_facts *f = &s->facts;
	char approved[WHEN_TEXT] = "", stated[WHEN_TEXT] = "";

	if (m->expires)
		when_text(m->expires, approved);
	if (f->expires)
		when_text(f->expires, stated);
	return same(err, "identifier", m->identifier, s->alert->identifier) &&
	       same(err, "sender", m->sender, s->alert->sender) &&
	       same(err, "status", m->status, cap_status_text(s->alert->status)) &&
	       same(err, "kind", kind_text(m->kind), kind_text(f->kind)) &&
	       same(err, "hazard", m->hazard, f->hazard) &&
	       same(err, "level", level_text(m->level), level_text(f->level)) &&
	       same(err, "incident", m->incident, f->incident) &&
	       same(err, "expires", approved, stated) && same_areas(s, err);
}

/* CAP status for each mode, CAP msgType for each verb. */
static bool words_agree(const struct signing *s, struct err *err)
{
	static const enum cap_status statuses[MODE_COUNT] = {
	        [MODE_LIVE] = CAP_ACTUAL, [MODE_EXERCISE] = CAP_EXERCISE, [MODE_TEST] = CAP_TEST};
	enum cap_msg_type type = s->alert->msg_type;
	enum verb verb = s->manifest.verb;

	if (s->alert->status != statuses[s->manifest.mode])
		return differs(err, "mode", mode_text(s->manifest.mode),
		        cap_status_text(s->alert->status));
	if ((verb == VERB_PUBLISH && type == CAP_ALERT) ||
	        (verb == VERB_UPDATE && type == CAP_UPDATE) ||
	        (verb == VERB_CANCEL && type == CAP_CANCEL) ||
	        (verb == VERB_CORRECT && (type == CAP_CANCEL || type == CAP_UPDATE)))
		return true;
	return differs(err, "verb", verb_text(verb), cap_msg_type_text(type));
}

/* Recipients are chosen by division: of an area that is only drawn they would be too many. */
static bool nobody_outside(const struct signing *s, struct err *err)
{
	for (size_t i = 0; s->facts.drawn && i < s->manifest.target_count; i++)
		if (s->manifest.targets[i].audience_count)
			return err_set(err, ERR_DENIED,
			        "签名拒绝：%s "
			        "按区划选取接收人，而有区域只有多边形或圆（规则：范围不得扩大）",
			        "not signed: %s chooses recipients by division, but an area is "
			        "only drawn (rule: an area is never widened)",
			        s->manifest.targets[i].name);
	return true;
}

bool check_message(const struct signer *signer, struct signing *s, struct err *err)
{
	return read_manifest(signer, s, err) && read_message(signer, s, err) &&
	       same_digest(s, err) && same_facts(s, err) && words_agree(s, err) &&
	       nobody_outside(s, err);
}
