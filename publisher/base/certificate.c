/* SPDX-License-Identifier: Apache-2.0
 * certificate - see certificate.h. By libcrypto.
 */
#include "certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "utf8.h"
#include "when.h"

enum { SUBJECT_MOST = 256 };

static bool end_of(const X509 *certificate, int64_t *ends)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm) != 1)
		return false;
	struct civil civil = {
	        tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
	*ends = when_from_civil(&civil, 0) + 1000; /* the second it names still counts */
	return true;
}

static void tell(const X509 *certificate, certificate_each each, void *arg)
{
	char subject[SUBJECT_MOST] = "";
	int64_t ends;

	X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof subject);
	utf8_one_line(subject);
	if (end_of(certificate, &ends))
		each(arg, subject, ends);
}

bool certificate_read(const char *path, certificate_each each, void *arg, struct err *err)
{
	FILE *file = fopen(path, "re");
	X509 *certificate;
	int count = 0;

	if (!file)
		return err_set(err, ERR_MISSING, "证书文件 %s 打不开：%s",
		        "cannot open the certificate %s: %s", path, strerror(errno));
	while ((certificate = PEM_read_X509(file, NULL, NULL, NULL))) {
		tell(certificate, each, arg);
		X509_free(certificate);
		count++;
	}
	ERR_clear_error(); /* the end of the file is one of its errors */
	fclose(file);
	return count || err_set(err, ERR_INPUT, "%s 中没有证书（PEM）",
	                        "there is no certificate (PEM) in %s", path);
}
