/* SPDX-License-Identifier: Apache-2.0
 * The text between two tags as cap_raw reads it, against what expat itself hands out: over every
 * mixture of up to three pieces, and random longer ones.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cap_gate.h"
#include "cap_raw.h"
#include "cap_tree.h"

static const char *const pieces[] = {"a", " ", "\n", "\r", "\r\n", "\t", "&lt;", "&amp;", "&gt;",
        "&quot;", "&apos;", "&#65;", "&#x96e8;", "&#x1F600;", "&#10;", "&#13;", "&#x20;",
        "\xe9\x9b\xa8", "\xf0\x9f\x98\x80", "<!-- a & < b -->", "<!---->", "<![CDATA[]]>",
        "<![CDATA[a<b&lt;\r\n]]>", "<![CDATA[]]]>", "<![CDATA[]]]]>", "<![CDATA[\r]]>", "]]", ">",
        "-->", ";", "#"};
enum { PIECES = sizeof pieces / sizeof *pieces };

static void on_text(void *data, const XML_Char *text, int len)
{
	buf_add(data, text, (size_t)len);
}

/* false: not well-formed ("]]>"). */
static bool ask_expat(const struct buf *document, struct buf *text)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");

	XML_SetUserData(parser, text);
	XML_SetCharacterDataHandler(parser, on_text);
	bool good =
	        XML_Parse(parser, document->data, (int)document->len, XML_TRUE) == XML_STATUS_OK;

	XML_ParserFree(parser);
	return good;
}

static bool is_blank(const struct buf *text)
{
	return !text->len || strspn(text->data, " \t\r\n") == text->len;
}

static struct cap_tree tree_of(const struct buf *document)
{
	struct cap_tree tree;
	struct err err;

	if (!cap_tree_read(document->data, document->len, &gate_message, &tree, &err))
		fail_msg("%s: %s", document->data, err.en);
	return tree;
}

/* As the text of an element, and between its children. true: it was well-formed. */
static bool compare(const struct buf *mixture)
{
	struct buf document, wanted;

	buf_init(&document, 0);
	buf_init(&wanted, 0);
	buf_format(&document, "<a>%s</a>", mixture->data);
	bool good = ask_expat(&document, &wanted);

	if (good) {
		struct cap_tree tree = tree_of(&document);

		if (tree.root->text_len != wanted.len || tree.root->text[wanted.len] ||
		        (wanted.len && memcmp(tree.root->text, wanted.data, wanted.len) != 0))
			fail_msg("%s: got \"%s\"", document.data, tree.root->text);
		cap_tree_finish(&tree);
		for (int behind = 0; behind < 2; behind++) {
			buf_reset(&document);
			buf_format(&document, behind ? "<a>%s<b/></a>" : "<a><b/>%s<b></b></a>",
			        mixture->data);
			tree = tree_of(&document);
			if (tree.root->loose_text == is_blank(&wanted))
				fail_msg("%s: is it blank?", document.data);
			cap_tree_finish(&tree);
		}
	}
	buf_finish(&document);
	buf_finish(&wanted);
	return good;
}

static void short_mixtures_read_as_expat_reads_them(void **state)
{
	(void)state;
	size_t good = 0;
	size_t count = 1;

	for (int len = 0; len <= 3; len++, count *= PIECES) {
		for (size_t n = 0; n < count; n++) {
			struct buf mixture;
			size_t rest = n;

			buf_init(&mixture, 0);
			buf_text(&mixture, "");
			for (int i = 0; i < len; i++, rest /= PIECES)
				buf_text(&mixture, pieces[rest % PIECES]);
			good += compare(&mixture);
			buf_finish(&mixture);
		}
	}
	assert_true(good > 20000);
}

static void long_mixtures_read_as_expat_reads_them(void **state)
{
	(void)state;
	uint32_t dice = 1;

	for (size_t n = 0; n < 3000; n++) {
		struct buf mixture;

		buf_init(&mixture, 0);
		for (size_t i = 0; i < 30; i++) {
			dice = dice * 1664525 + 1013904223;
			buf_text(&mixture, pieces[(dice >> 16) % PIECES]);
		}
		compare(&mixture);
		buf_finish(&mixture);
	}
}

/* What expat would have refused: any answer, within the bytes. */
static void torn_bytes_do_no_harm(void **state)
{
	(void)state;
	static const char *const torn[] = {"&", "&#", "&#x", "&#xfffffffffff;", "&lt", "&nothing;",
	        "<", "<!", "<!--", "<!-- -", "<![CDATA[", "<![CDATA[]", "<![CDATA[]]", "]]>", "\r"};

	for (size_t i = 0; i < sizeof torn / sizeof *torn; i++) {
		size_t len = strlen(torn[i]);
		char *exact = malloc(len);
		struct cap_arena arena = {0};
		size_t text_len;

		memcpy(exact, torn[i], len);
		assert_non_null(raw_text(&arena, exact, len, &text_len));
		assert_true(text_len <= len);
		raw_blank(exact, len);
		arena_finish(&arena);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(short_mixtures_read_as_expat_reads_them),
	        cmocka_unit_test(long_mixtures_read_as_expat_reads_them),
	        cmocka_unit_test(torn_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
