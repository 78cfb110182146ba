/* SPDX-License-Identifier: Apache-2.0
 * fuzz_sign_request - any bytes to the signer, as a captured tocsind could send them. Its own keys
 * are made anew each run; wang's, by which the seeds' steps of an incident hold, signed nothing
 * else and is gone. So whatever comes in: one whole answer goes out, and it is never the alert
 * key's signature, nor another policy.
 */
#include <string.h>

#include "fuzz.h"
#include "protocol.h"
#include "signing.h"
#include "when.h"

#define WANG                                                                                       \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEclgVw0ICr6vW/"                                        \
	"EXUj89mBRCztpPKd+hgWRw8k8Qqjna8NPNm0wbFPG1J3KeGRIcss49y1dBo7jwioVcpJi1U/g=="

static const char policy_text[] =
        "version: 1\n"
        "units: [{id: tj-met, name: 天津市气象局, code: \"12000041600000\", division: "
        "\"120000\"}]\n"
        "officers:\n"
        "  - {id: wang, unit: tj-met, duties: [draft, review, sign, publish], keys: "
        "[\"" WANG "\"]}\n"
        "grants:\n"
        "  - {unit: tj-met, role: handle, acts: [publish, update, cancel], hazards: [\"*\"], "
        "levels: [red, orange],\n"
        "     areas: [\"12*\"], channels: [\"*\"], basis: \"气象法 第二十二条\"}\n"
        "signoff: [{levels: [red, orange, yellow, blue, none], reviews: 1, signs: 1}]\n"
        "relays: [{source: met-feed, unit: tj-met, hazards: [\"*\"], areas: [\"12*\"], auto: "
        "[orange], basis: \"x\"}]\n";

static struct signer *make_signer(void)
{
	struct signer *signer = mem_zero(sizeof *signer);

	must(cap_sign_setup(NULL));
	signer->alert = key_generate();
	signer->status = key_generate();
	signer->mode = MODE_LIVE;
	signer->public_url = mem_text("https://warning.example.cn/warnings");
	signer->policy = policy_parse("policy", policy_text, strlen(policy_text), NULL);
	must(signer->policy != NULL);
	signer->screen = screen_lists_read(TOCSIN_DATA, "", NULL);
	must(signer->screen != NULL);
	return signer;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct signer *signer; /* made once: the harness has no place to hand it over */
	int64_t now = 0;
	struct buf out;
	struct frame frame;

	if (!signer)
		signer = make_signer();
	must(when_read("2026-11-23T09:00:00+08:00", &now, NULL));
	signer->seen = seen_open(NULL, MODE_LIVE, now, NULL); /* each input by itself */
	buf_init(&out, 0);
	signer_answer(signer, bytes, len, now, &out);
	must(frame_open(&frame, out.data, out.len));
	must(frame.type == FRAME_REFUSED || frame.type == FRAME_KEY_LIST ||
	        frame.type == FRAME_SEEN || frame.type == FRAME_STATUS_SIGNED);
	buf_finish(&out);
	seen_close(&signer->seen);
	return 0;
}
