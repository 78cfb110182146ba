/* SPDX-License-Identifier: Apache-2.0
 * fuzz_sign_request - any bytes to the signer, as a captured tocsind could send them. Its keys are
 * made anew each run and nobody else has them, so whatever comes in: one whole answer goes out, and
 * it is never a signature.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "protocol.h"
#include "signing.h"
#include "when.h"

static const char policy_form[] =
        "version: 1\n"
        "units: [{id: tj-met, name: 天津市气象局, code: \"12000041600000\", division: "
        "\"120000\"}]\n"
        "officers:\n"
        "  - {id: wang, unit: tj-met, duties: [draft, review, sign, publish], keys: [\"%s\"]}\n"
        "grants:\n"
        "  - {unit: tj-met, role: handle, acts: [publish, update, cancel], hazards: [\"*\"], "
        "levels: [red, orange],\n"
        "     areas: [\"12*\"], channels: [\"*\"], basis: \"气象法 第二十二条\"}\n"
        "signoff: [{levels: [red, orange, yellow, blue, none], reviews: 1, signs: 1}]\n"
        "relays: [{source: met-feed, unit: tj-met, hazards: [\"*\"], areas: [\"12*\"], auto: "
        "[orange], basis: \"x\"}]\n";

static void must(bool condition)
{
	if (!condition)
		abort();
}

static struct signer *make_signer(void)
{
	struct signer *signer = mem_zero(sizeof *signer);
	struct key *officer = key_generate();
	char *key = key_base64(officer);
	char *text = mem_format(policy_form, key);

	must(cap_sign_setup(NULL));
	signer->alert = key_generate();
	signer->status = key_generate();
	signer->mode = MODE_LIVE;
	signer->public_url = mem_text("https://warning.example.cn/warnings");
	signer->policy = policy_parse("policy", text, strlen(text), NULL);
	must(signer->policy != NULL);
	signer->screen = screen_lists_read(TOCSIN_DATA, "", NULL);
	must(signer->screen != NULL);
	signer->seen = seen_open(NULL, MODE_LIVE, 0, NULL);
	key_destroy(&officer);
	free(key);
	free(text);
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
	buf_init(&out, 0);
	signer_answer(signer, bytes, len, now, &out);
	must(frame_open(&frame, out.data, out.len));
	must(frame.type == FRAME_REFUSED || frame.type == FRAME_KEY_LIST);
	buf_finish(&out);
	return 0;
}
