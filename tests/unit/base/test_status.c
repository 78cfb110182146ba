/* SPDX-License-Identifier: Apache-2.0
 * What status.h promises: every form goes round byte for byte; anything else, however little it
 * differs, is refused; and no line takes a sentence.
 */
#include "base_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "status.h"

static void digest(char hex[DIGEST_HEX], const char *of)
{
	digest_sha256(of, strlen(of), hex);
}

static void add_item(struct status *s, const char *identifier)
{
	struct status_item *item = mem_push(&s->items, &s->item_count, sizeof *item);

	snprintf(item->identifier, sizeof item->identifier, "%s", identifier);
	digest(item->cap, identifier);
}

/* Every member is set; a form writes its own. */
static void sample(struct status *s, enum status_form form)
{
	*s = (struct status){.form = form,
	        .node = "tj-1",
	        .mode = MODE_EXERCISE,
	        .time = 1795410000000,
	        .head_seq = 4711,
	        .chain = CHAIN_WHOLE,
	        .sequence = 99,
	        .voids = {7, 12},
	        .void_count = 2,
	        .number = "12000041600000_20261123090000_a1",
	        .end = END_CANCELLED,
	        .step = STEP_SIGN,
	        .waiting = 125,
	        .officer = "met-sign-1",
	        .unit = "tj-met",
	        .alert_key = "MFkwEwYHKoZIzj0C",
	        .status_key = "MFkwEwYHKoZIzj0D"};
	digest(s->head_hash, "head");
	digest(s->active, "active");
	digest(s->policy, "policy");
	if (form == STATUS_INDEX) {
		add_item(s, "12000041600000_20261123090000_a1");
		add_item(s, "urn:oid:2.49.0.1.156.0");
	}
}

static char *written(enum status_form form)
{
	struct status s;
	struct buf text;

	sample(&s, form);
	buf_init(&text, 0);
	status_write(&s, &text);
	status_finish(&s);
	return buf_take(&text);
}

static bool reads(const char *text, size_t len)
{
	struct status s;
	struct err err = {0};
	bool good = status_read(&s, text, len, &err);

	if (!good && (!*err.zh || !*err.en))
		fail_msg("refused without a sentence");
	if (!good)
		return false;
	struct buf again;
	buf_init(&again, 0);
	status_write(&s, &again);
	assert_int_equal(again.len, len);
	assert_memory_equal(again.data, text, len);
	buf_finish(&again);
	status_finish(&s);
	return true;
}

static void every_form_goes_round(void **state)
{
	(void)state;
	for (int form = 0; form < STATUS_FORM_COUNT; form++) {
		char *text = written((enum status_form)form);
		if (!reads(text, strlen(text)))
			fail_msg("not read:\n%s", text);
		free(text);
	}
}

static void the_notice_says(void **state)
{
	char *text = written(STATUS_NOTICE);
	struct status s;

	(void)state;
	assert_string_equal(text,
	        "tocsin-status 1\nform notice\nnode tj-1\nmode exercise\n"
	        "time 2026-11-23T13:00:00+08:00\nnumber 12000041600000_20261123090000_a1\n"
	        "step sign\nwaiting 125\nofficer met-sign-1\nunit tj-met\naudience -\n");
	assert_true(status_read(&s, text, strlen(text), NULL));
	assert_int_equal(s.step, STEP_SIGN);
	assert_int_equal(s.waiting, 125);
	assert_string_equal(s.audience, "");
	free(text);
}

static void every_cut_and_every_changed_byte_is_another_form_or_none(void **state)
{
	(void)state;
	for (int form = 0; form < STATUS_FORM_COUNT; form++) {
		char *text = written((enum status_form)form);
		size_t len = strlen(text);
		for (size_t i = 0; i < len; i++) {
			char was = text[i];
			reads(text, i);
			for (int bit = 0; bit < 8; bit++) {
				text[i] = (char)(was ^ (1 << bit));
				reads(text, len); /* round trip holds, whatever it became */
			}
			text[i] = was;
		}
		assert_false(reads(text, len - 1));
		free(text);
	}
}

/* In `text`, `from` becomes `to`. */
static bool reads_with(enum status_form form, const char *from, const char *to)
{
	char *text = written(form);
	char *at = strstr(text, from);
	struct buf other;

	assert_non_null(at);
	buf_init(&other, 0);
	buf_add(&other, text, (size_t)(at - text));
	buf_text(&other, to);
	buf_text(&other, at + strlen(from));
	bool good = reads(other.data, other.len);
	buf_finish(&other);
	free(text);
	return good;
}

static void nobody_gets_words_in(void **state)
{
	(void)state;
	assert_true(reads_with(STATUS_NOTICE, "waiting 125", "waiting 7"));
	assert_false(reads_with(STATUS_NOTICE, "number 12000041600000_20261123090000_a1",
	        "number evacuate the city now"));
	assert_false(reads_with(
	        STATUS_NOTICE, "number 12000041600000_20261123090000_a1", "number 全市撤离"));
	assert_false(reads_with(STATUS_NOTICE, "officer met-sign-1", "officer met sign"));
	assert_false(reads_with(STATUS_NOTICE, "step sign", "step hurry"));
	assert_false(reads_with(STATUS_NOTICE, "step sign\n", "step sign\nstep sign\n"));
	assert_false(reads_with(STATUS_NOTICE, "waiting 125", "waiting -5"));
	assert_false(reads_with(STATUS_NOTICE, "waiting 125", "waiting 0125"));
	assert_false(reads_with(STATUS_NOTICE, "form notice", "form heartbeat"));
	assert_false(reads_with(STATUS_NOTICE, "tocsin-status 1", "tocsin-manifest 1"));
	assert_false(reads_with(STATUS_NOTICE, "audience -\n", "audience -\nextra words\n"));
	assert_false(reads_with(STATUS_HEARTBEAT, "head 4711", "head 99999999999999999999"));
	assert_false(reads_with(STATUS_HEARTBEAT, "chain whole", "chain splendid"));
}

static void lists_are_bounded(void **state)
{
	struct status s;
	struct buf text;

	(void)state;
	sample(&s, STATUS_HEARTBEAT);
	buf_init(&text, 0);
	status_write(&s, &text);
	for (int i = 0; i < STATUS_VOIDS_MOST; i++)
		buf_text(&text, "void 9\n");
	assert_false(reads(text.data, text.len));
	buf_finish(&text);
	status_finish(&s);
}

static void an_audience_is_its_addresses_in_order(void **state)
{
	const char *ab[] = {"13800000001", "13800000002"};
	const char *ba[] = {"13800000002", "13800000001"};
	char one[DIGEST_HEX], other[DIGEST_HEX], want[DIGEST_HEX];

	(void)state;
	status_audience(ab, 2, one);
	status_audience(ba, 2, other);
	digest(want, "13800000001\n13800000002\n");
	assert_string_equal(one, want);
	assert_string_not_equal(one, other);
}

static void a_sealed_form_needs_its_signature(void **state)
{
	struct key *key = key_generate();
	struct key *other = key_generate();
	char *text = written(STATUS_HEARTBEAT);
	char *signature = key_sign(key, text, strlen(text));
	struct status s;
	struct buf two;
	struct err err = {0};

	(void)state;
	buf_init(&two, 0);
	status_seal(text, signature, &two);
	status_seal(text, signature, &two);
	const char *at = two.data;
	assert_true(status_open(&s, &at, key, &err));
	assert_int_equal(s.head_seq, 4711);
	assert_true(status_open(&s, &at, NULL, &err));
	assert_string_equal(at, "");
	at = two.data;
	assert_false(status_open(&s, &at, other, &err));
	strstr(two.data, "4711")[0] = '5';
	at = two.data;
	assert_false(status_open(&s, &at, key, &err));
	at = text; /* no signature line */
	assert_false(status_open(&s, &at, NULL, &err));
	buf_finish(&two);
	free(signature);
	free(text);
	key_destroy(&key);
	key_destroy(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_form_goes_round),
	        cmocka_unit_test(the_notice_says),
	        cmocka_unit_test(every_cut_and_every_changed_byte_is_another_form_or_none),
	        cmocka_unit_test(nobody_gets_words_in),
	        cmocka_unit_test(lists_are_bounded),
	        cmocka_unit_test(a_sealed_form_needs_its_signature),
	        cmocka_unit_test(an_audience_is_its_addresses_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
