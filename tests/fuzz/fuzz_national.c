/* SPDX-License-Identifier: Apache-2.0
 * fuzz_national - any bytes into the reader of national messages, and by way of CAP back. Beyond
 * not crashing: what was read comes back from its own bytes, and what is not for the public never
 * becomes public.
 */
#include <string.h>
#include <strings.h>

#include "cap_china.h"
#include "cap_read.h"
#include "fuzz.h"
#include "national.h"

/* The record knows every other message. */
static enum cap_standing some_known(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	(void)record;
	*sent = cap_time_china(0);
	return strlen(reference->identifier) % 2 ? CAP_STANDING_IN_FORCE : CAP_STANDING_UNKNOWN;
}

static void some_event(void *events, const char *code, const char *headline, const char *text,
        struct national_event *out)
{
	(void)events;
	(void)text;
	if (code && headline)
		*out = (struct national_event){"暴雨", "11B03", CAP_MET, LEVEL_RED, true};
}

static void come_back(const struct national *n)
{
	struct cap_problems problems = {0};
	struct buf first, second;

	buf_init(&first, 0);
	buf_init(&second, 0);
	national_write(n, &first);
	struct national *back = national_read(first.data, first.len, CAP_LIMIT_FEED, &problems);

	must(back && !problems.errors);
	national_write(back, &second);
	must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	national_destroy(&back);
	cap_problems_finish(&problems);
	buf_finish(&first);
	buf_finish(&second);
}

static void convert(const struct national *n)
{
	static const struct national_help help = {.event = some_event, .known = some_known};
	struct cap_problems problems = {0};
	struct cap_alert *alert = national_to_cap(n, &help, &problems);
	struct national *back = national_from_cap(alert, &help, &problems);
	bool open = !n->sec_classification || strcasecmp(n->sec_classification, "None") == 0;

	must(alert->scope != CAP_PUBLIC || (open && n->scope == CAP_PUBLIC));
	must(back->scope == alert->scope);
	cap_check(alert, &problems);
	national_destroy(&back);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cap_manner manner = {.lenient = true};
	struct cap_problems problems = {0};
	struct cap_messages messages;
	struct national *n = national_read(bytes, len, CAP_LIMIT_API, &problems);

	must(n || problems.errors > 0);
	if (n) {
		convert(n);
		if (!problems.errors)
			come_back(n);
	}
	national_destroy(&n);
	cap_problems_finish(&problems);
	cap_read(bytes, len, &manner, &messages);
	cap_messages_finish(&messages);
	return 0;
}
