/* SPDX-License-Identifier: Apache-2.0
 * sign_with - signs one message, for tests in other languages: reads it on standard input, writes
 * it signed. sign_with KEY.pem [SETTING]..., each as the signer's --sm2 takes it. Exits 1 with a
 * sentence.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cap_sign.h"

static bool sign(const char *bytes, size_t len, const struct key *key, const struct cap_sm2 *sm2,
        struct err *err)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &problems);
	struct buf out;

	buf_init(&out, 0);
	bool ok =
	        alert && !problems.errors
	                ? cap_sign(alert, key, sm2, &out, err) &&
	                          cap_verify(out.data, out.len, key, sm2, err) == CAP_SIGNATURE_GOOD
	                : err_set(err, ERR_INPUT, "不是合格的 CAP", "not proper CAP");
	if (ok)
		fwrite(out.data, 1, out.len, stdout);
	buf_finish(&out);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	return ok;
}

int main(int argc, char **argv)
{
	struct cap_sm2 sm2 = cap_sm2_default;
	struct err err = {0};
	struct buf in;

	buf_init(&in, CAP_LIMIT_SOURCE);
	bool ok = argc > 1 && cap_sign_setup(&err) && buf_read(&in, stdin);
	for (int i = 2; ok && i < argc; i++)
		ok = cap_sm2_set(&sm2, argv[i], &err);
	struct key *key = ok ? key_read_signer(argv[1], &err) : NULL;
	ok = key && sign(in.data, in.len, key, &sm2, &err);
	if (!ok)
		fprintf(stderr, "%s / %s\n", err.zh, err.en);
	key_destroy(&key);
	buf_finish(&in);
	cap_sign_shutdown();
	return ok ? 0 : 1;
}
