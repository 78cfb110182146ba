/* SPDX-License-Identifier: Apache-2.0
 * own_proof - see own_proof.h.
 */
#include "own_proof.h"

#include <stdlib.h>

#include "mem.h"
#include "mode_tag.h"
#include "when.h"

struct key *own_key(char **officer, struct err *err)
{
	const char *file = getenv("TOCSIN_KEY_FILE");
	const char *name = getenv("TOCSIN_OFFICER");

	if (!file || !*file || !name || !*name) {
		err_set(err, ERR_USAGE, "请设置 TOCSIN_OFFICER 与 TOCSIN_KEY_FILE（人员密钥文件）",
		        "set TOCSIN_OFFICER and TOCSIN_KEY_FILE (the officer's key file)");
		return NULL;
	}
	*officer = mem_text(name);
	return key_read_private(file, err);
}

bool own_proof(enum act act, enum mode mode, const void *text, size_t len, struct proof *proof,
        struct err *err)
{
	*proof = (struct proof){.act = act, .time = when_now() / 1000 * 1000};
	struct key *key = own_key(&proof->officer, err);

	bool ok = key && mode_tag_fits(getenv("TOCSIN_KEY_FILE"), mode, err);
	if (ok) {
		digest_sha256(text, len, proof->manifest);
		proof_make(proof, key);
	}
	key_destroy(&key);
	return ok;
}

json_t *proof_json(const struct proof *proof)
{
	char time[WHEN_TEXT];

	when_text(proof->time, time);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "act", act_text(proof->act), "officer",
	        proof->officer, "time", time, "manifest", proof->manifest, "signature",
	        proof->signature);
}
