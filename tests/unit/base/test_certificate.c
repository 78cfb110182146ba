/* SPDX-License-Identifier: Apache-2.0
 * When certificates end: every one in a file, to the second, and a file that holds none is said.
 */
#include "base_fixture.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "when.h"

static void add_certificate(FILE *file, const char *name, const char *end)
{
	X509 *certificate = X509_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *subject = X509_get_subject_name(certificate);

	assert_true(certificate && key);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(certificate), end), 1);
	X509_set_pubkey(certificate, key);
	X509_NAME_add_entry_by_txt(
	        subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(certificate, subject);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_X509(file, certificate), 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

struct seen {
	int count;
	char subjects[2][64];
	int64_t ends[2];
};

static void note(void *arg, const char *subject, int64_t ends)
{
	struct seen *seen = arg;

	assert_true(seen->count < 2);
	snprintf(seen->subjects[seen->count], sizeof seen->subjects[0], "%s", subject);
	seen->ends[seen->count++] = ends;
}

static void every_one_of_a_file(void **state)
{
	char path[] = "/tmp/tocsin-cert-XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	struct seen seen = {0};
	struct err err = {0};
	char text[WHEN_TEXT];

	(void)state;
	assert_non_null(file);
	fputs("what stands before is nothing\n", file);
	add_certificate(file, "alerts.example.cn", "20270301120000Z");
	add_certificate(file, "its CA", "20561231235959Z");
	fclose(file);
	assert_true(certificate_read(path, note, &seen, &err));
	assert_int_equal(seen.count, 2);
	assert_non_null(strstr(seen.subjects[0], "alerts.example.cn"));
	when_text(seen.ends[0], text);
	assert_string_equal(text, "2027-03-01T20:00:01+08:00");
	when_text(seen.ends[1], text);
	assert_string_equal(text, "2057-01-01T08:00:00+08:00");
	unlink(path);
	assert_false(certificate_read(path, note, &seen, &err));
	assert_int_equal(err.kind, ERR_MISSING);
	file = fopen(path, "w");
	fputs("no certificate\n", file);
	fclose(file);
	assert_false(certificate_read(path, note, &seen, &err));
	assert_non_null(strstr(err.en, path));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_one_of_a_file),
	};

	return cmocka_run_group_tests_name("certificate", tests, NULL, NULL);
}
