/* SPDX-License-Identifier: Apache-2.0
 * What manifest.h promises: one manifest, one text, one digest. Any text that is read is, byte for
 * byte, what its manifest writes; so nothing can be changed and keep its digest.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "manifest.h"
#include "when.h"

static void put_digest(char hex[DIGEST_HEX], const char *of)
{
	digest_sha256(of, strlen(of), hex);
}

static void add_target(struct manifest *m, const char *name, const char *kind, int64_t audience)
{
	struct manifest_target *t = mem_push(&m->targets, &m->target_count, sizeof *t);

	t->name = mem_text(name);
	t->kind = mem_text(kind);
	put_digest(t->text, name);
	if (audience) {
		put_digest(t->audience, "numbers");
		t->audience_count = audience;
	}
}

static void add_staged(struct manifest *m, const char *as)
{
	struct manifest_staged *s = mem_push(&m->staged, &m->staged_count, sizeof *s);

	s->as = mem_text(as);
	put_digest(s->digest, as);
}

static void sample(struct manifest *m)
{
	char hex[DIGEST_HEX];

	*m = (struct manifest){.identifier = mem_text("12000041600000_20261123090000_a1"),
	        .sender = mem_text("tj-met@example.cn"),
	        .status = mem_text("Actual"),
	        .mode = MODE_LIVE,
	        .verb = VERB_PUBLISH,
	        .kind = KIND_WARNING,
	        .hazard = mem_text("11B03"),
	        .level = LEVEL_ORANGE,
	        .unit = mem_text("tj-met"),
	        .drafter = mem_text("li"),
	        .source = mem_text(""),
	        .incident = mem_text("滨海新区 暴雨"),
	        .chain = mem_text("12000041600000_20261123090000_a1"),
	        .replaces = mem_text("")};
	assert_true(when_read("2026-11-23T15:00:00+08:00", &m->expires, NULL));
	texts_add(&m->earlier, "zhou");
	texts_add(&m->earlier, "wu");
	texts_add(&m->areas, "120116");
	texts_add(&m->areas, "120110");
	add_target(m, "mqtt", "mqtt", 0);
	add_target(m, "sms", "sms", 1234567);
	put_digest(m->cap, "cap");
	put_digest(m->view, "view");
	put_digest(hex, "map");
	texts_add(&m->attachments, hex);
	add_staged(m, "cancel");
	add_staged(m, "wrong-area");
}

static void write_sample(struct buf *out)
{
	struct manifest m;

	sample(&m);
	buf_init(out, 0);
	manifest_write(&m, out);
	manifest_finish(&m);
}

/* Is it read? If so, it must be written as these very bytes. */
static bool reads(const char *bytes, size_t len)
{
	struct manifest m;
	struct buf again;

	if (!manifest_read(&m, bytes, len, NULL))
		return false;
	buf_init(&again, 0);
	manifest_write(&m, &again);
	assert_int_equal(again.len, len);
	assert_memory_equal(again.data, bytes, len);
	buf_finish(&again);
	manifest_finish(&m);
	return true;
}

static void goes_round(void **state)
{
	struct buf text;
	struct manifest m;
	struct err err;

	(void)state;
	write_sample(&text);
	assert_true(manifest_read(&m, text.data, text.len, &err));
	assert_string_equal(m.incident, "滨海新区 暴雨");
	assert_string_equal(m.source, "");
	assert_int_equal(m.level, LEVEL_ORANGE);
	assert_int_equal(m.areas.count, 2);
	assert_int_equal(m.earlier.count, 2);
	assert_string_equal(m.earlier.items[1], "wu");
	assert_non_null(strstr(text.data, "\ndrafter li\nearlier zhou\nearlier wu\nsource -\n"));
	assert_int_equal(manifest_target(&m, "sms")->audience_count, 1234567);
	assert_string_equal(manifest_target(&m, "mqtt")->audience, "");
	assert_null(manifest_target(&m, "weibo"));
	assert_non_null(manifest_staged(&m, "wrong-area"));
	assert_null(manifest_staged(&m, "false-alarm"));
	assert_int_equal(m.sent, 0);
	m.sent = m.expires - 3600000;
	buf_reset(&text);
	manifest_write(&m, &text);
	assert_true(reads(text.data, text.len));
	assert_non_null(strstr(text.data, "\nsent 2026-11-23T14:00:00+08:00\n"));
	m.held = true;
	buf_reset(&text);
	manifest_write(&m, &text);
	assert_true(reads(text.data, text.len));
	char *line = strstr(text.data, "\nscreening held\n");
	assert_non_null(line);
	memcpy(line, "\nscreening none\n", strlen("\nscreening none\n"));
	assert_false(reads(text.data, text.len));
	manifest_finish(&m);
	buf_finish(&text);
}

/* Where each line begins, and the end. */
static size_t line_starts(const struct buf *text, size_t starts[64])
{
	size_t count = 0;

	starts[count++] = 0;
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] == '\n')
			starts[count++] = i + 1;
	assert_true(count < 64);
	return count - 1;
}

/* The lines of which a manifest may hold any number, in any order: what stays is another manifest.
 */
static bool may_vary(const char *line)
{
	return strncmp(line, "earlier ", 8) == 0 || strncmp(line, "area ", 5) == 0 ||
	       strncmp(line, "target ", 7) == 0 || strncmp(line, "attachment ", 11) == 0 ||
	       strncmp(line, "staged ", 7) == 0;
}

static void every_line_left_out_or_twice(void **state)
{
	struct buf text;
	struct buf other;
	size_t at[64];

	(void)state;
	write_sample(&text);
	buf_init(&other, 0);
	size_t count = line_starts(&text, at);
	assert_int_equal(count, 30);
	for (size_t i = 0; i < count; i++) {
		const char *line = text.data + at[i];
		size_t len = at[i + 1] - at[i];
		buf_reset(&other);
		buf_add(&other, text.data, at[i]);
		buf_add(&other, line + len, text.len - at[i + 1]);
		assert_int_equal(reads(other.data, other.len), may_vary(line));
		buf_reset(&other);
		buf_add(&other, text.data, at[i + 1]);
		buf_add(&other, line, text.len - at[i]);
		assert_int_equal(reads(other.data, other.len), may_vary(line));
	}
	buf_finish(&other);
	buf_finish(&text);
}

static void every_two_lines_changed_over(void **state)
{
	struct buf text;
	struct buf other;
	size_t at[64];

	(void)state;
	write_sample(&text);
	buf_init(&other, 0);
	size_t count = line_starts(&text, at);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = i + 1; k < count; k++) {
			const char *a = text.data + at[i];
			const char *b = text.data + at[k];
			buf_reset(&other);
			buf_add(&other, text.data, at[i]);
			buf_add(&other, b, at[k + 1] - at[k]);
			buf_add(&other, text.data + at[i + 1], at[k] - at[i + 1]);
			buf_add(&other, a, at[i + 1] - at[i]);
			buf_add(&other, text.data + at[k + 1], text.len - at[k + 1]);
			bool alike = may_vary(a) && may_vary(b) && a[0] == b[0] && a[1] == b[1];
			if (reads(other.data, other.len) != alike)
				fail_msg("lines %zu and %zu", i + 1, k + 1);
		}
	}
	buf_finish(&other);
	buf_finish(&text);
}

static void every_changed_byte(void **state)
{
	struct buf text;
	static const char changes[] = {'\0', '\n', ' ', '-', 'a', '0', '\r', (char)0xff, '\x1b'};
	int refused = 0;

	(void)state;
	write_sample(&text);
	for (size_t i = 0; i < text.len; i++) {
		char kept = text.data[i];
		for (size_t c = 0; c < sizeof changes; c++) {
			text.data[i] = changes[c];
			refused += changes[c] != kept && !reads(text.data, text.len);
		}
		text.data[i] = kept;
		assert_false(reads(text.data, i));
	}
	assert_true(reads(text.data, text.len));
	buf_char(&text, '\n');
	assert_false(reads(text.data, text.len));
	assert_true(refused > 5000);
	buf_finish(&text);
}

/* A value cannot make a second line, and so never another manifest's text. */
static void a_value_cannot_make_a_line(void **state)
{
	struct manifest m;
	struct buf text;
	size_t at[64];

	(void)state;
	sample(&m);
	free(m.areas.items[0]);
	m.areas.items[0] = mem_text("120116\narea 120000");
	free(m.unit);
	m.unit = mem_text("tj-met\r\ndrafter wang");
	buf_init(&text, 0);
	manifest_write(&m, &text);
	assert_int_equal(line_starts(&text, at), 30);
	assert_null(strchr(text.data, '\r'));
	buf_finish(&text);
	manifest_finish(&m);
}

static void other_spellings_are_refused(void **state)
{
	static const char *const pairs[][2] = {{"level orange", "level 橙色"},
	        {"mode live", "mode  live"}, {"1234567", "01234567"}, {"1234567", "1234567 "},
	        {"1234567", "+1234567"}, {"1234567", "1234567890123"}, {"1234567", "12345678901"},
	        {"15:00:00+08:00", "07:00:00+00:00"}, {"tocsin-manifest 1", "tocsin-manifest 2"},
	        {"source -", "source "}, {"replaces -\n", "replaces -\r\n"}};
	struct buf text;
	struct buf other;

	(void)state;
	write_sample(&text);
	buf_init(&other, 0);
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const char *at = strstr(text.data, pairs[i][0]);
		assert_non_null(at);
		buf_reset(&other);
		buf_add(&other, text.data, (size_t)(at - text.data));
		buf_text(&other, pairs[i][1]);
		buf_text(&other, at + strlen(pairs[i][0]));
		bool want = strcmp(pairs[i][1], "12345678901") == 0;
		if (reads(other.data, other.len) != want)
			fail_msg("\"%s\"", pairs[i][1]);
	}
	buf_finish(&other);
	buf_finish(&text);
}

static void refusals_name_the_line(void **state)
{
	struct manifest m;
	struct err err;

	(void)state;
	assert_false(
	        manifest_read(&m, "tocsin-manifest 1\nidentifier a\nsender b\nbad\n", 44, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.en, "line 4"));
	assert_false(manifest_read(&m, "\xff", 1, &err));
	assert_false(manifest_read(&m, "", 0, &err));
	manifest_finish(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(goes_round),
	        cmocka_unit_test(every_line_left_out_or_twice),
	        cmocka_unit_test(every_two_lines_changed_over),
	        cmocka_unit_test(every_changed_byte),
	        cmocka_unit_test(a_value_cannot_make_a_line),
	        cmocka_unit_test(other_spellings_are_refused),
	        cmocka_unit_test(refusals_name_the_line),
	};

	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
