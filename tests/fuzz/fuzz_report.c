/* SPDX-License-Identifier: Apache-2.0
 * fuzz_report - any bytes as an accident report and as a weather bulletin's text. A draft that
 * comes of them is a message that reads back; nothing at all comes with a sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "draft.h"
#include "fuzz.h"
#include "mem.h"
#include "phrases.h"
#include "utf8.h"

enum { NOW_SECONDS = 1782871200 }; /* 2026-07-01T10:00:00+08:00 */

static struct draft_rules rules_of(const struct catalog *catalog)
{
	static const struct draft_unit units[] = {
	        {"tj-met", "天津市气象局", "12000041600000", "120000"},
	        {"bh-met", "滨海新区气象局", "12011641600000", "120116"},
	};

	return (struct draft_rules){.catalog = catalog,
	        .units = units,
	        .unit_count = sizeof units / sizeof units[0],
	        .unit = "tj-met",
	        .drafter = "li",
	        .source = "",
	        .mode = MODE_LIVE};
}

static void come_back(const struct draft *draft)
{
	struct cap_problems problems = {0};
	const char *cap = draft->bulletin->cap;

	must(cap && utf8_valid(cap, strlen(cap), NULL));
	struct cap_alert *back = cap_parse(cap, strlen(cap), CAP_LIMIT_FEED, &problems);
	must(back != NULL);
	cap_alert_destroy(&back);
	cap_problems_finish(&problems);
}

static void look(bool made, struct draft *draft, const struct err *err)
{
	must(made == (draft->bulletin != NULL) && made == (draft->alert != NULL));
	if (made)
		come_back(draft);
	else
		must(err->kind != ERR_NONE && *err->en && *err->zh);
	for (size_t i = 0; i < draft->notes.count; i++)
		must(utf8_valid(draft->notes.items[i].zh, strlen(draft->notes.items[i].zh), NULL));
	draft_finish(draft);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct catalog *catalog; /* read once: the harness has no place to hand it over */
	static struct phrases *phrases;
	struct draft draft = {0};
	struct err err = {0};

	if (!catalog)
		catalog = catalog_read(TOCSIN_DATA, &err);
	must(catalog != NULL);
	if (!phrases)
		phrases = phrases_read(TOCSIN_DATA, &err);
	must(phrases != NULL);
	struct draft_rules rules = rules_of(catalog);

	rules.phrases = phrases;
	int64_t now = (int64_t)NOW_SECONDS * 1000;
	bool made = draft_from_report((const char *)bytes, len, &rules, now, &draft, &err);
	look(made, &draft, &err);
	if (!utf8_valid(bytes, len, NULL))
		return 0;
	char *text = mem_text_n(bytes, len);
	draft = (struct draft){0};
	err = (struct err){0};
	made = draft_from_bulletin_text(text, &rules, now, &draft, &err);
	look(made, &draft, &err);
	free(text);
	return 0;
}
