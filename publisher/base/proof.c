/* SPDX-License-Identifier: Apache-2.0
 * proof - see proof.h.
 */
#include "proof.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

static const struct {
	const char *text;
	const char *zh;
} acts[ACT_COUNT] = {
        [ACT_REVIEW] = {"review", "审核"},
        [ACT_SIGN] = {"sign", "签发"},
        [ACT_CANCEL] = {"cancel", "解除"},
        [ACT_CORRECT] = {"correct", "更正"},
        [ACT_CHANGE] = {"change", "变更"},
        [ACT_OVERRIDE] = {"override", "放行"},
        [ACT_ASSIGN] = {"assign", "指派"},
        [ACT_HANDOVER] = {"handover", "移交"},
        [ACT_CLOSE] = {"close", "终结"},
        [ACT_SHIFT] = {"shift", "交接班"},
};

const char *act_text(enum act act)
{
	return acts[act].text;
}

const char *act_zh(enum act act)
{
	return acts[act].zh;
}

bool act_read(const char *text, enum act *out)
{
	for (int i = 0; text && i < ACT_COUNT; i++) {
		if (strcmp(acts[i].text, text) == 0) {
			*out = (enum act)i;
			return true;
		}
	}
	return false;
}

void proof_finish(struct proof *proof)
{
	free(proof->officer);
	free(proof->signature);
	*proof = (struct proof){0};
}

void proof_text(const struct proof *proof, struct buf *out)
{
	char time[WHEN_TEXT];

	when_text(proof->time, time);
	buf_format(out, "tocsin-proof 1\nact %s\nofficer %s\ntime %s\nmanifest %s\n",
	        act_text(proof->act), proof->officer, time, proof->manifest);
}

void proof_make(struct proof *proof, const struct key *key)
{
	struct buf text;

	buf_init(&text, 0);
	proof_text(proof, &text);
	free(proof->signature);
	proof->signature = key_sign(key, text.data, text.len);
	buf_finish(&text);
}

bool proof_holds(const struct proof *proof, const struct key *public_key)
{
	struct buf text;

	buf_init(&text, 0);
	proof_text(proof, &text);
	bool holds = key_verify(public_key, text.data, text.len, proof->signature);
	buf_finish(&text);
	return holds;
}

void override_digest(const char *manifest, const char *reason, char out[DIGEST_HEX])
{
	struct buf text;

	buf_init(&text, 0);
	buf_format(&text, "tocsin-override 1\nmanifest %s\nreason %s\n", manifest, reason);
	digest_sha256(text.data, text.len, out);
	buf_finish(&text);
}
