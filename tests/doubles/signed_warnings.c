/* SPDX-License-Identifier: Apache-2.0
 * signed_warnings - as a producer signs: signed_warnings KEY.pem FIRST COUNT < TEMPLATE writes
 * COUNT messages, each behind its length in decimal and a line's end; @NUMBER@ in the template
 * becomes FIRST, FIRST + 1, ... in 14 digits. For whoever needs thousands (relays.py). Exits 1 with a
 * sentence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_sign.h"

static const char mark[] = "@NUMBER@";

static void number(const struct buf *template, long n, struct buf *out)
{
	const char *at = template->data;

	buf_reset(out);
	for (const char *next; (next = strstr(at, mark)); at = next + sizeof mark - 1) {
		buf_add(out, at, (size_t)(next - at));
		buf_format(out, "%014ld", n);
	}
	buf_text(out, at);
}

static bool sign(const struct buf *text, const struct key *key, struct err *err)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(text->data, text->len, CAP_LIMIT_SOURCE, &problems);
	struct buf out;

	buf_init(&out, 0);
	bool ok = alert && !problems.errors ? cap_sign(alert, key, &cap_sm2_default, &out, err)
	                                    : err_set(err, ERR_INPUT, "模板不是合格的 CAP",
	                                              "the template is not proper CAP");
	if (ok)
		printf("%zu\n", out.len);
	if (ok)
		fwrite(out.data, 1, out.len, stdout);
	buf_finish(&out);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	return ok;
}

int main(int argc, char **argv)
{
	struct err err = {0};
	struct buf template, text;

	buf_init(&template, CAP_LIMIT_SOURCE);
	buf_init(&text, CAP_LIMIT_SOURCE);
	bool ok = argc == 4 && cap_sign_setup(&err) && buf_read(&template, stdin);
	struct key *key = ok ? key_read_signer(argv[1], &err) : NULL;
	ok = key != NULL;
	for (long n = ok ? strtol(argv[2], NULL, 10) : 0, i = 0;
	        ok && i < strtol(argv[3], NULL, 10); i++) {
		number(&template, n + i, &text);
		ok = sign(&text, key, &err);
	}
	if (!ok)
		fprintf(stderr, "%s / %s\n", err.zh, err.en);
	key_destroy(&key);
	buf_finish(&template);
	buf_finish(&text);
	cap_sign_shutdown();
	return ok ? 0 : 1;
}
