/* SPDX-License-Identifier: Apache-2.0
 * test_stage - the staged cancel and corrections: words, what stays, what goes.
 */
#include "ingest_fixture.h"

#include "stage.h"

static const struct {
	const char *as, *headline, *description, *correction;
	int64_t expires;
} wanted[] = {
        {"cancel", "天津市气象台解除暴雨橙色预警",
                "天津市气象台解除暴雨橙色预警信号（编号12000041600000_20260701100000_"
                "0）。涉及区域：西青区、静海区。",
                NULL, FIXTURE_NOW + 24 * 3600000},
        {"wrong-area", "更正：天津市气象台撤销暴雨橙色预警（发布区域有误）",
                "更正：天津市气象台此前发布的暴雨橙色预警信号（编号12000041600000_"
                "20260701100000_0）发布区域有误，现予撤销。"
                "涉及区域：西青区、静海区。实际影响区域以重新发布的信息为准。",
                "wrong-area", FIXTURE_NOW + 48 * 3600000},
        {"false-alarm", "更正：天津市气象台撤销误发的暴雨橙色预警",
                "更正：天津市气象台此前发布的暴雨橙色预警信号（编号12000041600000_"
                "20260701100000_0）系误发，现予撤销。涉及区域：西青区、静海区。",
                "false-alarm", FIXTURE_NOW + 48 * 3600000},
};

static void words_a_warning(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct bulletin *bulletin = fixture_bulletin(alert, catalog, MODE_LIVE);
	struct staged_message staged[STAGED_COUNT];
	struct err err = {0};

	(void)state;
	free(bulletin->identifier);
	bulletin->identifier = mem_text("12000041600000_20260701100000_0");
	mem_set_text(&cap_info_add_resource(&alert->infos[0])->desc, "picture");
	mem_set_text(&alert->infos[0].web, "https://host/");
	mem_set_text(&alert->identifier, bulletin->identifier);
	assert_true(stage_messages(bulletin, alert, staged, &err));
	for (size_t i = 0; i < STAGED_COUNT; i++) {
		const struct cap_alert *message = staged[i].alert;
		const struct cap_info *info = &message->infos[0];
		const char *correction = cap_pairs_find(&info->parameters, "correction");
		struct cap_facts facts;
		assert_string_equal(staged[i].as, wanted[i].as);
		assert_string_equal(info->headline, wanted[i].headline);
		assert_string_equal(info->description, wanted[i].description);
		assert_int_equal(message->msg_type, CAP_CANCEL);
		assert_string_equal(message->identifier, "");
		assert_string_equal(message->references, "");
		assert_false(message->sent.set);
		assert_non_null(message->note);
		assert_int_equal(info->urgency, CAP_PAST);
		assert_int_equal(info->response_count, 1);
		assert_int_equal(info->responses[0], CAP_ALL_CLEAR);
		assert_int_equal(info->resource_count, 0);
		assert_null(info->web);
		assert_false(info->onset.set);
		assert_true(info->expires.ms == wanted[i].expires);
		assert_true(wanted[i].correction
		                    ? correction && strcmp(correction, wanted[i].correction) == 0
		                    : !correction);
		assert_true(cap_facts_read(message, NULL, &facts, NULL));
		assert_int_equal(facts.level, LEVEL_ORANGE);
		assert_int_equal(facts.areas.count, 2);
		assert_string_equal(facts.hazard, "11B03");
		cap_facts_finish(&facts);
	}
	assert_int_equal(alert->infos[0].resource_count, 1);
	staged_messages_finish(staged);
	staged_messages_finish(staged);
	bulletin_destroy(&bulletin);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

static void words_other_kinds_and_languages(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = fixture_alert(MODE_EXERCISE);
	struct bulletin *bulletin = fixture_bulletin(alert, catalog, MODE_EXERCISE);
	struct staged_message staged[STAGED_COUNT];

	(void)state;
	bulletin->kind = KIND_RESPONSE;
	bulletin->level = LEVEL_II;
	struct cap_info *english = cap_alert_add_info(alert);
	mem_set_text(&english->language, "en-US");
	mem_set_text(&english->event, "rainstorm");
	mem_set_text(&english->sender_name, "Tianjin {areas} Observatory");
	assert_true(stage_messages(bulletin, alert, staged, NULL));
	assert_string_equal(
	        staged[0].alert->infos[0].headline, "【演练】天津市气象台终止暴雨Ⅱ级应急响应");
	assert_string_equal(staged[0].alert->infos[1].headline,
	        "【演练】Tianjin {areas} Observatory lifts the rainstorm II response");
	assert_string_equal(staged[2].alert->infos[1].description,
	        "【演练】Correction: the rainstorm II response of Tianjin {areas} Observatory was "
	        "issued in error and is "
	        "withdrawn. Areas: .");
	staged_messages_finish(staged);
	bulletin->kind = KIND_FACT;
	bulletin->level = LEVEL_NONE;
	assert_true(stage_messages(bulletin, alert, staged, NULL));
	assert_string_equal(
	        staged[0].alert->infos[0].headline, "【演练】天津市气象台撤回暴雨事实通报");
	staged_messages_finish(staged);
	bulletin_destroy(&bulletin);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

static void refuses_what_cannot_be_undone(void **state)
{
	struct catalog *catalog = fixture_catalog();
	struct cap_alert *alert = fixture_alert(MODE_LIVE);
	struct bulletin *bulletin = fixture_bulletin(alert, catalog, MODE_LIVE);
	struct staged_message staged[STAGED_COUNT];
	struct err err = {0};

	(void)state;
	alert->msg_type = CAP_CANCEL;
	assert_false(stage_messages(bulletin, alert, staged, &err));
	assert_null(staged[0].alert);
	assert_int_equal(err.kind, ERR_CONFLICT);
	alert->msg_type = CAP_UPDATE;
	bulletin->expires = 0;
	assert_false(stage_messages(bulletin, alert, staged, &err));
	staged_messages_finish(staged);
	bulletin_destroy(&bulletin);
	cap_alert_destroy(&alert);
	catalog_destroy(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(words_a_warning),
	        cmocka_unit_test(words_other_kinds_and_languages),
	        cmocka_unit_test(refuses_what_cannot_be_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
