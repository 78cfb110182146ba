/* SPDX-License-Identifier: Apache-2.0
 * signer_policy - see signer_policy.h. The copy is "tocsin-policy 1", a line each for the digest of
 * the installed document it began from and for where its history stands, an empty line, and the
 * document; it is replaced whole (rename, fsync), so that a crash leaves the one before or this
 * one.
 */
#include "signer_policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "disk.h"
#include "log.h"
#include "policy_change.h"
#include "protocol.h"
#include "signing.h"

static const char form[] = "tocsin-policy 1\n";

enum { COPY_HEAD = sizeof form - 1 + 2 * (5 + DIGEST_HEX) + 1 };

/* --- the copy --------------------------------------------------------------------------------- */

static bool failed(const char *path, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "无法写授权规则副本 %s：%s",
	        "cannot write the policy's copy %s: %s", path, strerror(errno));
}

static bool write_copy(const struct signer *signer, const struct policy *policy,
        const char head[DIGEST_HEX], struct err *err)
{
	struct buf bytes;

	buf_init(&bytes, 0);
	buf_format(&bytes, "%sbase %s\nhead %s\n\n", form, signer->policy_base, head);
	buf_text(&bytes, policy->text);
	int fd = bytes.full ? -1 : disk_replace(signer->policy_copy, bytes.data, bytes.len);
	if (fd < 0)
		failed(signer->policy_copy, err);
	else
		close(fd);
	buf_finish(&bytes);
	return fd >= 0;
}

/* "key HEX\n" at *at. */
static bool read_line(const char **at, const char *key, char hex[DIGEST_HEX])
{
	size_t len = strlen(key);

	if (strncmp(*at, key, len) != 0 || strlen(*at) < len + DIGEST_HEX)
		return false;
	memcpy(hex, *at + len, DIGEST_HEX - 1);
	hex[DIGEST_HEX - 1] = '\0';
	*at += len + DIGEST_HEX;
	return digest_is_hex(hex) && (*at)[-1] == '\n';
}

static bool take_copy(struct signer *signer, const struct buf *bytes, struct err *err)
{
	const char *at = bytes->data + sizeof form - 1;
	char base[DIGEST_HEX];
	char head[DIGEST_HEX];

	if (bytes->len <= COPY_HEAD || strncmp(bytes->data, form, sizeof form - 1) != 0 ||
	        !read_line(&at, "base ", base) || !read_line(&at, "head ", head) || *at != '\n')
		return err_set(err, ERR_CONFIG, "授权规则副本 %s 不合格式",
		        "the policy's copy %s is not of its form", signer->policy_copy);
	if (strcmp(base, signer->policy_base) != 0)
		return err_set(err, ERR_CONFIG,
		        "授权规则副本 %s 不是由所安装的文件（%.16s）变更而来：如系有意换装，请由 "
		        "root 删去该副本",
		        "the policy's copy %s did not begin from the installed file (%.16s): where "
		        "that is meant, root takes the copy away",
		        signer->policy_copy, signer->policy_base);
	struct policy *policy = policy_parse(
	        signer->policy_copy, at + 1, bytes->len - (size_t)(at + 1 - bytes->data), err);
	if (!policy)
		return false;
	policy_destroy(&signer->policy);
	signer->policy = policy;
	memcpy(signer->policy_head, head, DIGEST_HEX);
	return true;
}

static bool read_copy(struct signer *signer, struct err *err)
{
	FILE *file = fopen(signer->policy_copy, "re");
	struct buf bytes;

	if (!file && errno == ENOENT)
		return true; /* nothing has changed yet */
	buf_init(&bytes, 0);
	bool ok = file && buf_read(&bytes, file);
	if (!ok)
		err_set(err, ERR_CONFIG, "无法读取授权规则副本 %s：%s",
		        "cannot read the policy's copy %s: %s", signer->policy_copy,
		        strerror(errno));
	if (file)
		fclose(file);
	ok = ok && take_copy(signer, &bytes, err);
	buf_finish(&bytes);
	return ok;
}

bool signer_policy_load(
        struct signer *signer, const char *installed, const char *copy, struct err *err)
{
	signer->policy = policy_read(installed, err);
	if (!signer->policy)
		return false;
	memcpy(signer->policy_base, signer->policy->version, DIGEST_HEX);
	memcpy(signer->policy_head, signer->policy->version, DIGEST_HEX);
	signer->policy_copy = mem_text(copy);
	return !copy || read_copy(signer, err);
}

/* --- a change --------------------------------------------------------------------------------- */

static bool read_step(struct policy_step *step, struct frame *frame, struct err *err)
{
	*step = (struct policy_step){.text = frame_get_text(frame, TAG_TEXT)};
	step->body = frame_get_text(frame, TAG_BYTES);
	step->body_len = strlen(step->body);
	while (frame_more(frame, TAG_ACT) && step->proof_count < CHANGE_PROOFS_MOST)
		signing_read_proof(
		        mem_push(&step->proofs, &step->proof_count, sizeof *step->proofs), frame);
	return frame_close(frame, err);
}

static bool take_step(struct signer *signer, const struct policy_step *step, struct err *err)
{
	char head[DIGEST_HEX];
	struct err why = {0};
	struct policy *next = policy_step_take(
	        signer->policy, signer->policy_head, signer->mode, step, head, &why);

	if (!next)
		return err_set(err, ERR_DENIED,
		        "签名进程不接受此授权规则：%s%.0s（规则：须由两名管理员依现行规则签署）",
		        "the signer does not take this policy: %.0s%s (rule: two administrators' "
		        "proofs under the version before)",
		        why.zh, why.en);
	if (!write_copy(signer, next, head, err)) {
		policy_destroy(&next);
		return false;
	}
	policy_destroy(&signer->policy);
	signer->policy = next;
	memcpy(signer->policy_head, head, DIGEST_HEX);
	return true;
}

bool signer_policy_take(struct signer *signer, struct frame *frame, struct err *err)
{
	struct policy_step step;
	bool ok = read_step(&step, frame, err) &&
	          (signer->policy_copy ||
	                  err_set(err, ERR_UNAVAILABLE,
	                          "签名进程没有可写的授权规则副本（--policy-copy），不能变更",
	                          "the signer has no copy of the policy to write (--policy-copy): "
	                          "it cannot change")) &&
	          take_step(signer, &step, err);

	policy_step_finish(&step);
	return ok;
}
