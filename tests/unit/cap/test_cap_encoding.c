/* SPDX-License-Identifier: Apache-2.0
 * Encodings: each that is named truly becomes UTF-8 once and says so; a contradiction is refused,
 * but for what can be one thing only. The foreign bytes are made by the C library.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "cap_read.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

struct bytes {
	char *data;
	size_t len;
};

/* tests/data/cap/FILE with another declaration, in another encoding. */
static struct bytes sample_in(
        const char *file, const char *head, const char *mark, const char *encoding)
{
	char *sample = sample_read(file);
	char *text = text_replace(sample, HEAD, head);
	size_t left = strlen(text);
	size_t room = 4 * left + 8;
	struct bytes bytes = {mem_zero(room), strlen(mark)};
	iconv_t table = iconv_open(encoding, "UTF-8");
	char *from = text;
	char *to = bytes.data + bytes.len;

	memcpy(bytes.data, mark, bytes.len);
	room -= bytes.len;
	assert_true(table != (iconv_t)-1);
	if (iconv(table, &from, &left, &to, &room) == (size_t)-1)
		fail_msg("%s is not to be had in %s", file, encoding);
	iconv_close(table);
	bytes.len = (size_t)(to - bytes.data);
	free(text);
	free(sample);
	return bytes;
}

struct row {
	const char *file, *declared, *mark, *encoding;
	const char *set;       /* for the source, leniently */
	const char *strict_as; /* what it is read as; NULL = refused */
	const char *lenient_as;
	const char *note; /* of lenient reading; NULL = none */
};

#define NAMED(name) "<?xml version=\"1.0\" encoding=\"" name "\"?>"
#define BARE "<?xml version=\"1.0\"?>"
#define RAIN "rainstorm_orange.xml"
#define FRENCH "french.xml"

static const struct row rows[] = {
        /* clang-format off: an encoding is a row */
        {RAIN, NAMED("UTF-8"), "", "UTF-8", NULL, "UTF-8", "UTF-8", NULL},
        {RAIN, NAMED("utf-8"), "", "UTF-8", NULL, "UTF-8", "UTF-8", NULL},
        {RAIN, BARE, "", "UTF-8", NULL, "UTF-8", "UTF-8", NULL},
        {RAIN, "", "", "UTF-8", NULL, "UTF-8", "UTF-8", NULL},
        {RAIN, NAMED("UTF-8"), "\xef\xbb\xbf", "UTF-8", NULL, "UTF-8", "UTF-8",
                "read.encoding.mark"},
        {RAIN, NAMED("UTF-16"), "\xff\xfe", "UTF-16LE", NULL, "UTF-16", "UTF-16", "read.encoding"},
        {RAIN, NAMED("UTF-16"), "\xfe\xff", "UTF-16BE", NULL, "UTF-16", "UTF-16", "read.encoding"},
        {RAIN, NAMED("UTF-16LE"), "", "UTF-16LE", NULL, "UTF-16", "UTF-16", "read.encoding"},
        {RAIN, BARE, "\xfe\xff", "UTF-16BE", NULL, "UTF-16", "UTF-16", "read.encoding"},
        {RAIN, NAMED("GB18030"), "", "GB18030", NULL, "GB18030", "GB18030", "read.encoding"},
        {RAIN, NAMED("GBK"), "", "GBK", NULL, "GB18030", "GB18030", "read.encoding"},
        {RAIN, NAMED("gb2312"), "", "GB2312", NULL, "GB18030", "GB18030", "read.encoding"},
        {FRENCH, NAMED("ISO-8859-1"), "", "ISO-8859-1", NULL, "ISO-8859-1", "ISO-8859-1",
                "read.encoding"},
        {FRENCH, NAMED("windows-1252"), "", "CP1252", NULL, "windows-1252", "windows-1252",
                "read.encoding"},
        {RAIN, NAMED("UTF-8"), "", "GB18030", NULL, NULL, "GB18030", "read.encoding.undeclared"},
        {RAIN, BARE, "", "GBK", NULL, NULL, "GB18030", "read.encoding.undeclared"},
        {FRENCH, NAMED("UTF-8"), "", "ISO-8859-1", NULL, NULL, NULL, NULL},
        {FRENCH, BARE, "", "ISO-8859-1", "ISO-8859-1", NULL, "ISO-8859-1", "read.encoding.set"},
        {FRENCH, NAMED("UTF-8"), "", "CP1252", "windows-1252", NULL, "windows-1252",
                "read.encoding.set"},
        {RAIN, NAMED("UTF-8"), "", "UTF-8", "ISO-8859-1", "UTF-8", "UTF-8", NULL},
        {RAIN, NAMED("UTF-16"), "", "UTF-8", NULL, NULL, "UTF-8", "read.encoding.wrong"},
        {RAIN, NAMED("GB2312"), "", "UTF-8", NULL, NULL, "UTF-8", "read.encoding.wrong"},
        {RAIN, NAMED("ISO-8859-1"), "", "UTF-8", NULL, NULL, "UTF-8", "read.encoding.wrong"},
        {FRENCH, NAMED("ISO-8859-1"), "", "UTF-8", NULL, NULL, "UTF-8", "read.encoding.wrong"},
        {FRENCH, NAMED("GBK"), "", "UTF-8", NULL, NULL, NULL, NULL},
        {RAIN, NAMED("GB18030"), "\xef\xbb\xbf", "UTF-8", NULL, NULL, "UTF-8",
                "read.encoding.wrong"},
        {RAIN, NAMED("GB18030"), "\xef\xbb\xbf", "GB18030", NULL, NULL, NULL, NULL},
        {RAIN, NAMED("BIG5"), "", "UTF-8", NULL, NULL, NULL, NULL},
        {RAIN, NAMED("KOI8-R"), "", "UTF-8", NULL, NULL, NULL, NULL},
        {RAIN, BARE, "\xff\xfe\0\0", "UTF-32LE", NULL, NULL, NULL, NULL},
        /* clang-format on */
};

static void compare(const struct row *row, bool lenient, const struct bytes *bytes)
{
	struct cap_manner manner = {.lenient = lenient, .encoding = lenient ? row->set : NULL};
	const char *want = lenient ? row->lenient_as : row->strict_as;
	struct cap_problems problems = {0};
	struct cap_messages messages;
	bool good = cap_read(bytes->data, bytes->len, &manner, &messages);
	char *sample = sample_read(row->file);
	struct cap_alert *truth = cap_parse(sample, strlen(sample), CAP_LIMIT_API, &problems);

	if (good != (want != NULL) || (good && strcmp(messages.encoding, want) != 0)) {
		print_problems(&messages.problems);
		fail_msg("%s in %s: want %s, got %s", row->declared, row->encoding,
		        want ? want : "a refusal", good ? messages.encoding : "a refusal");
	}
	if (good) {
		assert_true(alerts_same(messages.items[0].alert, truth));
		assert_true(!row->note || has_rule(&messages.problems, row->note) || !lenient);
		assert_true(row->note || messages.problems.count == 0);
		/* As UTF-8 it says so of itself. */
		struct cap_alert *again = cap_parse(messages.items[0].document,
		        messages.items[0].document_len, CAP_LIMIT_API, &problems);

		assert_true(alerts_same(again, truth));
		cap_alert_destroy(&again);
	}
	cap_alert_destroy(&truth);
	cap_problems_finish(&problems);
	cap_messages_finish(&messages);
	free(sample);
}

static void encodings_are_read_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes bytes =
		        sample_in(rows[i].file, rows[i].declared, rows[i].mark, rows[i].encoding);

		compare(&rows[i], false, &bytes);
		compare(&rows[i], true, &bytes);
		free(bytes.data);
	}
}

static void bad_bytes_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len;
		const char *en;
	} bad[] = {
	        {"<?xml version='1.0' encoding='GB18030'?><a>\xb1\xa9\xff</a>", 50,
	                "byte 46 is not valid GB18030"},
	        {"<?xml version='1.0' encoding='windows-1252'?><a>\xe9\x81</a>", 54,
	                "byte 50 is not valid windows-1252"},
	        {"\xff\xfe<\0a\0>\0\0\xd8", 10, "byte 9 is not valid UTF-16"},
	        {"\xff\xfe<\0a\0>\0\0\xdc<\0", 12, "byte 9 is not valid UTF-16"},
	        {"\xff\xfe<\0a\0>", 7, "byte 7 is not valid UTF-16"},
	        {"\xff\xfe<\0\0\0>\0", 8, "byte 5 is not valid UTF-16"},
	        {"<a>\0</a>", 8, "not valid UTF-8 at byte 4"},
	};
	const struct cap_manner lenient = {.lenient = true};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct cap_messages messages;

		assert_false(cap_read(bad[i].bytes, bad[i].len, &lenient, &messages));
		if (!strstr(messages.problems.items[0].en, bad[i].en))
			fail_msg("want %s, got %s", bad[i].en, messages.problems.items[0].en);
		cap_messages_finish(&messages);
	}
}

/* Cut anywhere, changed anywhere: an answer, and no byte past the end is looked at. */
static void cut_and_changed_bytes_are_borne(void **state)
{
	(void)state;
	static const char *const encodings[][2] = {
	        {NAMED("UTF-16"), "UTF-16"}, {NAMED("GBK"), "GBK"}, {BARE, "GBK"}};
	const struct cap_manner lenient = {.lenient = true};

	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		struct bytes bytes = sample_in(RAIN, encodings[i][0], "", encodings[i][1]);

		for (size_t len = 0; len < bytes.len; len += len < 300 ? 1 : 97) {
			struct cap_messages messages;
			char *cut = mem_zero(len + 1);

			memcpy(cut, bytes.data, len);
			char *exact = realloc(cut, len ? len : 1);

			assert_false(cap_read(exact, len, &lenient, &messages));
			cap_messages_finish(&messages);
			exact[len / 2] = (char)(exact[len / 2] ^ 0x80);
			cap_read(exact, len, &lenient, &messages);
			cap_messages_finish(&messages);
			free(exact);
		}
		free(bytes.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(encodings_are_read_once),
	        cmocka_unit_test(bad_bytes_are_named),
	        cmocka_unit_test(cut_and_changed_bytes_are_borne),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
