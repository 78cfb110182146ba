/* SPDX-License-Identifier: Apache-2.0
 * host_audience - are a job's recipients those that were approved?
 *
 * The manifest names an audience by one digest, over the list of its blocks' digests
 * (bulletin/bulletin.h). tocsind gives the list once per connection, and every job says which block
 * it is and brings all of it: so a block is checked by itself, one of millions of people as well as
 * one of ten, and one cut off half-way as well as a fresh one.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "protocol.h"

bool host_audience_take(struct host *host, struct frame *frame, struct err *err)
{
	size_t len;
	char *id = frame_get_text(frame, TAG_ID);
	const unsigned char *digests = frame_get(frame, TAG_BYTES, &len);
	struct host_bulletin *b = host_bulletin_find(host, id);

	free(id);
	frame->spoilt |= len % DIGEST_BYTES != 0;
	if (!frame_close(frame, err))
		return false;
	if (!b || len == 0) /* its jobs are refused */
		return true;
	free(b->audience);
	b->audience = mem_array(len, 1);
	memcpy(b->audience, digests, len);
	b->block_count = len / DIGEST_BYTES;
	b->audience_checked = false;
	return true;
}

static bool list_is_approved(
        struct host_bulletin *b, const struct manifest_target *target, struct err *err)
{
	char got[DIGEST_HEX];

	if (!b->audience_checked) {
		digest_of_list(b->audience, b->block_count, got);
		b->audience_good = digest_same(got, target->audience);
		b->audience_checked = true;
	}
	return b->audience_good ||
	       err_set(err, ERR_IDENTITY, "%s 的接收人名单与清单中的摘要不符，不向任何人发送",
	               "the list of recipients of %s is not the one its manifest names: nobody is "
	               "told",
	               b->filled.identifier);
}

bool host_check_block(
        const struct host_job *job, const struct manifest_target *target, struct err *err)
{
	struct host_bulletin *b = job->bulletin;
	char want[DIGEST_HEX];

	if (!b->audience || job->block < 0)
		return err_set(err, ERR_IDENTITY, "任务没有说明其接收人是 %s 名单的哪一段",
		        "the job does not say which block of the audience of %s its recipients are",
		        b->filled.identifier);
	if (!list_is_approved(b, target, err))
		return false;
	if (job->block >= (int64_t)b->block_count)
		return err_set(err, ERR_IDENTITY, "%s 的名单只有 %zu 段，没有第 %lld 段",
		        "the audience of %s has %zu blocks, none of them is number %lld",
		        b->filled.identifier, b->block_count, (long long)job->block);
	digest_unpack(b->audience + (size_t)job->block * DIGEST_BYTES, want);
	return digest_same(job->block_digest, want) ||
	       err_set(err, ERR_IDENTITY,
	               "%s 名单第 %lld 段的接收人不是批准的那些，不向其中任何人发送",
	               "of the audience of %s, the recipients of block %lld are not those "
	               "approved: none of them is told",
	               b->filled.identifier, (long long)job->block);
}
