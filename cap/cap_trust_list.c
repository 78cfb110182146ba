/* SPDX-License-Identifier: Apache-2.0
 * cap_trust_list - reads a trust list (cap_trust.h has its form). Every fault names file and line;
 * one bad row and nothing is trusted.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cap_trust_row.h"
#include "mem.h"
#include "when.h"

enum { LIST_MOST = 256 << 10, DAY = 24 * 60 * 60 * 1000 };

/* Where we are, for reasons. */
struct reader {
	const char *list;
	int line;
	struct cap_trust *trust;
	struct err *err;
};

static bool wrong(const struct reader *r, const char *zh, const char *en, const char *what)
{
	return err_set(r->err, ERR_CONFIG, "%s:%d：%s%.0s：%s", "%s:%d: %.0s%s: %s", r->list,
	        r->line, zh, en, what);
}

static char *beside(const struct reader *r, const char *file)
{
	const char *slash = strrchr(r->list, '/');

	if (*file == '/' || !slash)
		return mem_text(file);
	return mem_format("%.*s/%s", (int)(slash - r->list), r->list, file);
}

static FILE *open_file(const struct reader *r, const char *file)
{
	char *path = beside(r, file);
	FILE *opened = fopen(path, "re");

	if (!opened)
		wrong(r, strerror(errno), strerror(errno), path);
	free(path);
	return opened;
}

static bool read_key(const struct reader *r, struct trust_row *row)
{
	FILE *file = open_file(r, row->file);

	if (!file)
		return false;
	row->key = PEM_read_PUBKEY(file, NULL, NULL, NULL);
	if (!row->key) {
		rewind(file);
		row->certificate = PEM_read_X509(file, NULL, NULL, NULL);
		row->key = row->certificate ? X509_get_pubkey(row->certificate) : NULL;
	}
	fclose(file);
	ERR_clear_error();
	return pkey_kind(row->key) != KEY_NONE ||
	       wrong(r, "没有可用的公钥或证书（需 2048 位以上 RSA、P-256/384/521 或 SM2）",
	               "no public key or certificate we take (RSA from 2048 bits, P-256, P-384, "
	               "P-521 or SM2)",
	               row->file);
}

static bool read_anchors(const struct reader *r, struct trust_row *row)
{
	FILE *file = open_file(r, row->file);
	X509 *one;
	int count = 0;

	if (!file)
		return false;
	row->anchors = X509_STORE_new();
	while (row->anchors && (one = PEM_read_X509(file, NULL, NULL, NULL)) != NULL) {
		trust_ready(one);
		count += X509_STORE_add_cert(row->anchors, one) == 1;
		X509_free(one);
	}
	fclose(file);
	ERR_clear_error();
	return count > 0 || wrong(r, "没有签发者的证书", "no certificate of an issuer", row->file);
}

static bool read_crl(const struct reader *r, struct trust_row *row, const char *name)
{
	FILE *file = open_file(r, name);
	X509_CRL *one;
	int count = 0;

	if (!file)
		return false;
	while ((one = PEM_read_X509_CRL(file, NULL, NULL, NULL)) != NULL) {
		count += X509_STORE_add_crl(row->anchors, one) == 1;
		X509_CRL_free(one);
	}
	fclose(file);
	ERR_clear_error();
	row->has_crl = count > 0;
	return row->has_crl || wrong(r, "没有吊销列表（CRL）", "no CRL", name);
}

/* The next word, cut out of the line; "" at its end. */
static char *word(char **at)
{
	*at += strspn(*at, " \t");
	char *start = *at;
	*at += strcspn(*at, " \t");
	if (**at)
		*(*at)++ = '\0';
	return start;
}

static const char *value_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	return strncmp(text, name, len) == 0 && text[len] ? text + len : NULL;
}

/* One option of a row; `rest` is the line behind it. */
static bool take_option(const struct reader *r, struct trust_row *row, char *option, char **rest)
{
	const char *from = value_of(option, "from="), *until = value_of(option, "until=");
	const char *crl = value_of(option, "crl="), *subject = value_of(option, "subject=");

	if (from && when_read_day(from, &row->from))
		return true;
	if (until && when_read_day(until, &row->until)) {
		row->until += DAY;
		return true;
	}
	if (crl && row->anchors)
		return read_crl(r, row, crl);
	if (subject && row->anchors && strcmp(row->sender, "*") != 0) {
		size_t len = strlen(*rest);
		while (len && strchr(" \t\r", (*rest)[len - 1]))
			(*rest)[--len] = '\0';
		row->subject = mem_format("%s%s%s", subject, len ? " " : "", *rest);
		*rest += len;
		return true;
	}
	return wrong(r, "不认识或放错地方的选项（from= until= crl= subject=）",
	        "an option that is not known or has no place here (from= until= crl= subject=)",
	        option);
}

static bool take_sm2(const struct reader *r, char *rest)
{
	for (char *text = word(&rest); *text; text = word(&rest)) {
		struct err why = {0};
		texts_add(&r->trust->sm2_texts, text);
		const char *kept = r->trust->sm2_texts.items[r->trust->sm2_texts.count - 1];
		if (!cap_sm2_set(&r->trust->profile.sm2, kept, &why))
			return wrong(r, why.zh, why.en, text);
	}
	return true;
}

static bool take_line(const struct reader *r, char *line)
{
	char *first = word(&line);
	if (!*first || *first == '#')
		return true;
	if (strcmp(first, "sm2") == 0)
		return take_sm2(r, line);
	struct trust_row *row = mem_push(&r->trust->rows, &r->trust->row_count, sizeof *row);
	row->sender = mem_text(first);
	const char *how = word(&line);
	row->file = mem_text(word(&line));
	bool any = strcmp(first, "*") == 0, ca = strcmp(how, "ca") == 0;
	bool ok = *row->file && (ca || (strcmp(how, "key") == 0 && !any))
	                  ? ca ? read_anchors(r, row) : read_key(r, row)
	                  : wrong(r, "应为：发送者 key|ca 文件 [选项]，* 只能用 ca",
	                            "must be: SENDER key|ca FILE [OPTION]..., * only with ca", how);
	for (char *option = word(&line); ok && *option; option = word(&line))
		ok = take_option(r, row, option, &line);
	return ok;
}

static bool take_lines(struct reader *r, char *text)
{
	for (char *line = strsep(&text, "\n"); line; line = strsep(&text, "\n")) {
		line[strcspn(line, "\r")] = '\0';
		r->line++;
		if (!take_line(r, line))
			return false;
	}
	return r->trust->row_count > 0 || wrong(r, "清单里没有一行", "the list has no row", "-");
}

static char *whole(const char *list, struct err *err)
{
	FILE *file = fopen(list, "re");
	struct buf text;

	if (!file) {
		err_set(err, ERR_CONFIG, "无法读取可信清单 %s：%s",
		        "cannot read the trust list %s: %s", list, strerror(errno));
		return NULL;
	}
	buf_init(&text, LIST_MOST);
	bool ok = buf_read(&text, file);
	fclose(file);
	if (ok)
		return buf_take(&text);
	buf_finish(&text);
	err_set(err, ERR_CONFIG, "可信清单 %s 读不出或过大",
	        "the trust list %s cannot be read, or is too large", list);
	return NULL;
}

struct cap_trust *cap_trust_read(const char *list, bool inclusive_c14n, struct err *err)
{
	char *text = whole(list, err);

	if (!text)
		return NULL;
	struct cap_trust *trust = mem_zero(sizeof *trust);
	struct reader r = {.list = list, .trust = trust, .err = err};
	trust->profile = (struct signature_profile){
	        .algorithms = SIGNATURE_ENVELOPED | SIGNATURE_EXC_C14N | SIGNATURE_ANY_DIGEST |
	                      SIGNATURE_ANY_METHOD,
	        .sm2 = cap_sm2_default};
	if (inclusive_c14n)
		trust->profile.algorithms |= SIGNATURE_C14N10 | SIGNATURE_C14N11;
	if (!take_lines(&r, text))
		cap_trust_destroy(&trust);
	free(text);
	return trust;
}
