/* SPDX-License-Identifier: Apache-2.0
 * The canonical form: our samples stand in it, every message comes back from it, and it does not
 * change.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cap_fixture.h"
#include "digest.h"

static const char *const samples[] = {"rainstorm_orange.xml", "rainstorm_update.xml",
        "rainstorm_cancel.xml", "accident_fact.xml", "typhoon_exercise.xml"};

static void samples_stand_in_canonical_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct cap_problems problems = {0};
		struct buf out;
		char *text = sample_read(samples[i]);
		struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

		buf_init(&out, 0);
		cap_write(alert, &out);
		assert_string_equal(out.data, text);
		buf_finish(&out);
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		free(text);
	}
}

static void texts_are_escaped_and_kept(void **state)
{
	(void)state;
	struct cap_alert *alert = cap_alert_create();
	struct cap_problems problems = {0};
	struct buf out;

	mem_set_text(&alert->note, " a & b < c > d \"e\" 'f' ]]> \r\n\t\xf0\xa0\x80\x80 end ");
	mem_set_text(&alert->source, "");
	buf_init(&out, 0);
	cap_write(alert, &out);
	assert_non_null(strstr(out.data, "  <note> a &amp; b &lt; c &gt; d \"e\" 'f' ]]&gt; "
	                                 "&#13;\n\t\xf0\xa0\x80\x80 end </note>\n"));
	assert_non_null(strstr(out.data, "  <source></source>\n"));
	assert_non_null(strstr(out.data, "  <sent></sent>\n"));
	struct cap_alert *back = cap_parse_unfilled(out.data, out.len, CAP_LIMIT_API, &problems);

	assert_string_equal(back->note, alert->note);
	assert_string_equal(back->source, "");
	assert_null(back->restriction);
	cap_alert_destroy(&back);
	buf_reset(&out);
	mem_set_text(&alert->note, "a\x01"
	                           "b\xef\xbf\xbf"
	                           "c");
	cap_write(alert, &out);
	assert_non_null(strstr(out.data, "<note>a\xef\xbf\xbd"
	                                 "b\xef\xbf\xbd"
	                                 "c</note>"));
	buf_finish(&out);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
}

static void digests_leave_out_what_they_say(void **state)
{
	(void)state;
	char all[DIGEST_HEX], bare[DIGEST_HEX], again[DIGEST_HEX], plain[DIGEST_HEX];
	struct cap_problems problems = {0};
	struct buf out;
	char *text = sample_read("rainstorm_update.xml");
	struct cap_alert *alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);

	cap_digest(alert, false, false, all);
	digest_sha256(text, strlen(text), plain);
	assert_string_equal(all, plain);
	cap_digest(alert, true, true, bare);
	alert->sent.ms += 1000;
	cap_digest(alert, false, false, again);
	assert_string_not_equal(all, again);
	mem_set_text(&alert->references, NULL);
	cap_digest(alert, true, true, again);
	assert_string_equal(bare, again);
	alert->sent = (struct cap_time){0};
	mem_set_text(&alert->references, "");
	buf_init(&out, 0);
	cap_write(alert, &out);
	digest_sha256(out.data, out.len, plain);
	assert_string_equal(bare, plain);
	mem_set_text(&alert->infos[0].headline, "另一条");
	cap_digest(alert, true, true, again);
	assert_string_not_equal(bare, again);
	buf_finish(&out);
	cap_problems_finish(&problems);
	cap_alert_destroy(&alert);
	free(text);
}

/* A small generator of its own, so that a seed means the same everywhere. */
static uint64_t random_state;

static unsigned pick(unsigned below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random_state >> 33) % below;
}

static void pick_text(char **place)
{
	static const char *const parts[] = {"暴雨", " ", "\n", "&", "<", ">", "\"", "\r", "\t", "a",
	        "]]>", "&amp;", "\xf0\xa0\x80\x80", "é", "<b>", "--", "\xc2\xa0", "%s"};
	struct buf out;

	if (pick(4) == 0)
		return;
	buf_init(&out, 0);
	buf_text(&out, "");
	for (unsigned n = pick(8); n; n--)
		buf_text(&out, parts[pick(sizeof parts / sizeof *parts)]);
	free(*place);
	*place = buf_take(&out);
}

static void must_text(char **place)
{
	mem_set_text(place, "x");
	pick_text(place);
}

static struct cap_time pick_time(void)
{
	struct cap_time time = {.set = true, .offset = (int16_t)((int)pick(1681) - 840)};

	time.minus_zero = time.offset == 0 && pick(2);
	time.ms = (int64_t)pick(2000000000) * 1000;
	return time;
}

static void pick_pairs(struct cap_pairs *pairs)
{
	for (unsigned n = pick(4); n; n--) {
		char *name = NULL;
		char *value = NULL;

		must_text(&name);
		must_text(&value);
		cap_pairs_add(pairs, name, value);
		free(name);
		free(value);
	}
}

static void pick_area(struct cap_area *area)
{
	must_text(&area->desc);
	for (unsigned n = pick(3); n; n--) {
		double lat = pick(17000) / 100.0 - 85;
		double lon = pick(35000) / 100.0 - 175;
		char *text = mem_format("%.4f,%.4f  %.4f,%.4f\n%.4f,%.4f %.4f,%.4f", lat, lon,
		        lat + 1, lon, lat + 1, lon + 1, lat, lon);
		char *circle = mem_format("%.7f,%.3f %u.%u", lat, lon, pick(200), pick(1000));
		struct err err;

		assert_true(cap_area_add_polygon(area, text, &err));
		assert_true(cap_area_add_circle(area, circle, &err));
		free(text);
		free(circle);
	}
	pick_pairs(&area->geocodes);
	if (pick(2))
		mem_set_text(&area->altitude, "-12.50");
}

static void pick_info(struct cap_info *info)
{
	char **const maybe[] = {&info->audience, &info->sender_name, &info->headline,
	        &info->description, &info->instruction, &info->contact};

	if (pick(2))
		mem_set_text(&info->language, pick(2) ? "zh-CN" : "");
	for (unsigned n = pick(3) + 1; n; n--)
		cap_info_add_category(info, (enum cap_category)pick(12));
	must_text(&info->event);
	for (unsigned n = pick(3); n; n--)
		cap_info_add_response(info, (enum cap_response_type)pick(9));
	info->urgency = (enum cap_urgency)pick(5);
	info->severity = (enum cap_severity)pick(5);
	info->certainty = (enum cap_certainty)pick(5);
	pick_pairs(&info->event_codes);
	pick_pairs(&info->parameters);
	if (pick(2))
		info->onset = pick_time();
	if (pick(2))
		info->expires = pick_time();
	for (size_t i = 0; i < sizeof maybe / sizeof *maybe; i++)
		pick_text(maybe[i]);
	for (unsigned n = pick(3); n; n--) {
		struct cap_resource *resource = cap_info_add_resource(info);

		must_text(&resource->desc);
		must_text(&resource->mime_type);
		pick_text(&resource->deref_uri);
		pick_text(&resource->digest);
	}
	for (unsigned n = pick(4); n; n--)
		pick_area(cap_info_add_area(info));
}

static struct cap_alert *pick_alert(void)
{
	struct cap_alert *alert = cap_alert_create();
	char **const maybe[] = {&alert->source, &alert->restriction, &alert->addresses,
	        &alert->note, &alert->references, &alert->incidents};

	must_text(&alert->identifier);
	must_text(&alert->sender);
	alert->sent = pick_time();
	alert->status = (enum cap_status)pick(5);
	alert->msg_type = (enum cap_msg_type)pick(5);
	alert->scope = (enum cap_scope)pick(3);
	for (size_t i = 0; i < sizeof maybe / sizeof *maybe; i++)
		pick_text(maybe[i]);
	for (unsigned n = pick(4); n; n--)
		texts_add(&alert->codes, "code <1>");
	for (unsigned n = pick(4); n; n--)
		pick_info(cap_alert_add_info(alert));
	return alert;
}

static void random_messages_come_back(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		struct cap_problems problems = {0};
		struct buf first, second;

		random_state = seed * 7919;
		struct cap_alert *alert = pick_alert();

		buf_init(&first, 0);
		buf_init(&second, 0);
		cap_write(alert, &first);
		struct cap_alert *back =
		        cap_parse(first.data, first.len, CAP_LIMIT_SOURCE, &problems);

		if (!back || problems.errors || !alerts_same(alert, back)) {
			print_problems(&problems);
			fail_msg("seed %llu does not come back:\n%s", (unsigned long long)seed,
			        first.data);
		}
		struct cap_alert *copy = cap_alert_copy(back);

		cap_write(copy, &second);
		assert_string_equal(first.data, second.data);
		cap_check(copy, &problems); /* whatever stands in it: no crash */
		cap_problems_finish(&problems);
		cap_alert_destroy(&alert);
		cap_alert_destroy(&back);
		cap_alert_destroy(&copy);
		buf_finish(&first);
		buf_finish(&second);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(samples_stand_in_canonical_form),
	        cmocka_unit_test(texts_are_escaped_and_kept),
	        cmocka_unit_test(digests_leave_out_what_they_say),
	        cmocka_unit_test(random_messages_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
