/* SPDX-License-Identifier: Apache-2.0
 * chain - see chain.h. Relies on digest.h.
 */
#include "chain.h"

#include <string.h>

#include "buf.h"

void chain_start(struct chain *chain)
{
	chain->seq = 0;
	memset(chain->hash, '0', DIGEST_HEX - 1);
	chain->hash[DIGEST_HEX - 1] = '\0';
}

static void add_field(struct buf *buf, const char *text)
{
	size_t len = strlen(text);

	buf_format(buf, "%zu:", len);
	buf_add(buf, text, len);
}

static void add_number(struct buf *buf, int64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)number);
	add_field(buf, text);
}

void chain_hash(const char *previous, const struct chain_record *record, char hash[DIGEST_HEX])
{
	struct buf bytes;

	buf_init(&bytes, 0);
	add_field(&bytes, previous);
	add_number(&bytes, record->seq);
	add_number(&bytes, record->at);
	add_field(&bytes, record->what);
	add_field(&bytes, record->ref);
	add_field(&bytes, record->body);
	digest_sha256(bytes.data, bytes.len, hash);
	buf_finish(&bytes);
}

bool chain_follow(
        struct chain *chain, const struct chain_record *record, const char *hash, struct err *err)
{
	int64_t want_seq = chain->seq + 1;
	char want[DIGEST_HEX];

	if (record->seq > want_seq)
		return err_set(err, ERR_CONFLICT, "审计记录缺第 %lld 条（其后是第 %lld 条）",
		        "audit record %lld is missing (the next is %lld)", (long long)want_seq,
		        (long long)record->seq);
	if (record->seq < want_seq)
		return err_set(err, ERR_CONFLICT,
		        "审计记录第 %lld 条之后又出现第 %lld 条：重复或次序颠倒",
		        "after audit record %lld comes %lld: it stands twice, or out of order",
		        (long long)chain->seq, (long long)record->seq);
	chain_hash(chain->hash, record, want);
	if (strcmp(want, hash) != 0)
		return err_set(err, ERR_CONFLICT, "审计记录第 %lld 条与链对不上：被改过",
		        "audit record %lld does not fit the chain: it was changed",
		        (long long)want_seq);
	chain->seq = want_seq;
	memcpy(chain->hash, want, DIGEST_HEX);
	return true;
}
