/* SPDX-License-Identifier: Apache-2.0
 * A new passkey becomes a line of the policy when its registration is of the one form there is:
 * attestation "none", a P-256 key, nothing behind.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "authenticator.h"
#include "passkey_enrol.h"

static void cbor_head(struct buf *out, int type, size_t n)
{
	const unsigned char head[] = {(unsigned char)(type << 5 | (n < 24           ? (int)n
	                                                                  : n < 256 ? 24
	                                                                            : 25)),
	        (unsigned char)(n < 256 ? n : n >> 8), (unsigned char)n};

	buf_add(out, head, n < 24 ? 1 : n < 256 ? 2 : 3);
}

static void cbor_add(struct buf *out, int type, const void *bytes, size_t len)
{
	cbor_head(out, type, len);
	buf_add(out, bytes, len);
}

/* A registration's attestation object, with one thing bent. */
struct form {
	const char *name, *want;
	const char *fmt;
	unsigned flags;
	const char *head;   /* of the COSE key: its labels and values before x */
	const char *behind; /* bytes behind the key */
	size_t credential;  /* length; 0: 4 */
	bool statement;     /* attStmt is not empty */
	size_t claimed;     /* what it is said to be; 0: what it is */
	const char *second; /* stands in the place of attStmt */
	bool behind_all;    /* a byte behind the object */
	bool off_the_curve, no_y;
};

/* kty EC2, alg ES256, crv P-256 */
static const char cose_head[] = "\x01\x02\x03\x26\x20\x01";

static void cose_key(const struct scene *s, const struct form *f, struct buf *out)
{
	size_t len = 0;
	char *text = key_base64(s->own);
	unsigned char *spki = base64_bytes(text, &len);
	const char *head = f->head ? f->head : cose_head;

	assert_int_equal(len, 91);
	if (f->off_the_curve)
		spki[90] ^= 1;
	cbor_head(out, 5, f->no_y ? 4 : 5);
	buf_add(out, head, strlen(head));
	buf_char(out, 0x21);
	cbor_add(out, 2, spki + 27, 32);
	if (!f->no_y) {
		buf_char(out, 0x22);
		cbor_add(out, 2, spki + 59, 32);
	}
	if (f->behind)
		buf_add(out, f->behind, strlen(f->behind));
	free(text);
	free(spki);
}

static void auth_data(const struct scene *s, const struct form *f, struct buf *out)
{
	struct buf more;
	size_t len = f->credential ? f->credential : 4;
	char *zeros = mem_zero(len + 16);

	buf_init(&more, 0);
	buf_add(&more, zeros, 16);
	buf_char(&more, (char)((f->claimed ? f->claimed : len) >> 8));
	buf_char(&more, (char)(f->claimed ? f->claimed : len));
	buf_add(&more, zeros, len);
	cose_key(s, f, &more);
	data_of(desk_rp, f->flags ? f->flags : PRESENT | VERIFIED | PASSKEY_ATTESTED, more.data,
	        more.len, out);
	buf_finish(&more);
	free(zeros);
}

static void object_of(const struct scene *s, const struct form *f, struct buf *out)
{
	const char *fmt = f->fmt ? f->fmt : "none";
	struct buf data;

	auth_data(s, f, &data);
	buf_init(out, 0);
	cbor_head(out, 5, 3);
	cbor_add(out, 3, "fmt", 3);
	cbor_add(out, 3, fmt, strlen(fmt));
	if (f->second && strcmp(f->second, "fmt") == 0) {
		cbor_add(out, 3, "fmt", 3);
		cbor_add(out, 3, fmt, strlen(fmt));
	} else if (f->second) {
		cbor_add(out, 3, "authData", 8);
		cbor_add(out, 2, data.data, data.len);
	} else {
		cbor_add(out, 3, "attStmt", 7);
		cbor_head(out, 5, f->statement);
		buf_text(out, f->statement ? "\x61x\x61y" : "");
	}
	cbor_add(out, 3, "authData", 8);
	cbor_add(out, 2, data.data, data.len);
	if (f->behind_all)
		buf_char(out, 'x');
	buf_finish(&data);
}

static char *enrolled(const struct scene *s, const struct buf *object, struct err *err)
{
	char *challenge = passkey_enrol_challenge("li", s->proof.time);
	char *client = client_of("webauthn.create", challenge, desk_origin, "");
	char *line = passkey_enrol(&s->house, challenge, client, strlen(client),
	        (const unsigned char *)object->data, object->len, err);

	free(challenge);
	free(client);
	return line;
}

static void test_registrations(void **state)
{
	struct scene *s = *state;
	const struct form forms[] = {
	        {.name = "plain"},
	        {.name = "a long id", .credential = 1023},
	        {.name = "an id too long",
	                .want = "length of the passkey's credential",
	                .credential = 1024},
	        {.name = "another format", .want = "attestation must be none", .fmt = "packed"},
	        {.name = "a statement", .want = "attestation must be none", .statement = true},
	        {.name = "data twice", .want = "attestation must be none", .second = "authData"},
	        {.name = "a format twice", .want = "attestation must be none", .second = "fmt"},
	        {.name = "an id longer than the data",
	                .want = "length of the passkey's credential",
	                .claimed = 1000},
	        {.name = "another kind of key",
	                .want = "not ES256",
	                .head = "\x01\x03\x03\x26\x20\x01"},
	        {.name = "a byte behind", .want = "attestation must be none", .behind_all = true},
	        {.name = "a byte behind the key", .want = "not ES256", .behind = "x"},
	        {.name = "no key", .want = "holds no key", .flags = PRESENT | VERIFIED},
	        {.name = "extensions",
	                .want = "holds no key",
	                .flags = PRESENT | VERIFIED | PASSKEY_ATTESTED | PASSKEY_EXTENSIONS},
	        {.name = "nobody verified",
	                .want = "did not verify",
	                .flags = PRESENT | PASSKEY_ATTESTED},
	        {.name = "ES384", .want = "not ES256", .head = "\x01\x02\x03\x38\x22\x20\x01"},
	        {.name = "another curve", .want = "not ES256", .head = "\x01\x02\x03\x26\x20\x02"},
	        {.name = "a label twice", .want = "not ES256", .head = "\x01\x02\x01\x02\x20\x01"},
	        {.name = "a longer head than needed",
	                .want = "not ES256",
	                .head = "\x01\x18\x02\x03\x26\x20\x01"},
	        {.name = "no y", .want = "not ES256", .no_y = true},
	        {.name = "off the curve", .want = "", .off_the_curve = true},
	};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct buf object;
		struct err err = {0};
		object_of(s, &forms[i], &object);
		char *line = enrolled(s, &object, &err);
		if (forms[i].want ? line != NULL : line == NULL)
			fail_msg("%s: %s", forms[i].name, line ? line : err.en);
		if (forms[i].want && !strstr(err.en, forms[i].want))
			fail_msg("%s: \"%s\"", forms[i].name, err.en);
		free(line);
		buf_finish(&object);
	}
}

/* Every shorter object is refused; none is read past its end (the sanitizer looks). */
static void test_cut_registrations(void **state)
{
	struct scene *s = *state;
	const struct form plain = {.name = "plain"};
	struct buf object;
	struct err err;

	object_of(s, &plain, &object);
	for (size_t len = 0; len < object.len; len++) {
		struct buf cut = {.data = mem_text_n(object.data, len), .len = len};
		char *line = enrolled(s, &cut, &err);
		if (line)
			fail_msg("%zu of %zu bytes are no registration", len, object.len);
		free(cut.data);
	}
	char *line = enrolled(s, &object, &err);
	char *want = passkey_line("AAAAAA", s->own);
	assert_string_equal(line, want);
	free(line);
	free(want);
	buf_finish(&object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(test_registrations, open_scene, close_scene),
	        cmocka_unit_test_setup_teardown(test_cut_registrations, open_scene, close_scene),
	};

	return cmocka_run_group_tests_name("passkey_enrol", tests, NULL, NULL);
}
