/* SPDX-License-Identifier: Apache-2.0
 * fuzz_mapping - any bytes into every table of JSON. Beyond not crashing: what became a message is
 * CAP, has no signature, and refers to nothing the record does not have but by a triplet of its
 * own.
 */
#include <string.h>

#include "cap_io.h"
#include "fuzz.h"
#include "mapping.h"
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
	(void)code;
	(void)text;
	if (headline && strlen(headline) % 2)
		*out = (struct national_event){"暴雨", "11B03", CAP_MET, LEVEL_RED, true};
}

static void look_at(const struct cap_message *message)
{
	struct cap_problems problems = {0};
	struct buf out;

	must(message->place && message->document && !message->has_signature);
	must((message->alert == NULL) == (message->problems.errors > 0));
	if (!message->alert)
		return;
	must(message->alert->msg_type != CAP_CANCEL || message->alert->references);
	buf_init(&out, 0);
	cap_write(message->alert, &out);
	struct cap_alert *back = cap_parse(out.data, out.len, CAP_LIMIT_FEED, &problems);

	/* A shape that is doubtful was kept as it stood, and is an error strictly. */
	must((back && !problems.errors) || !message->certain);
	cap_alert_destroy(&back);
	cap_problems_finish(&problems);
	buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const names[] = {
	        "nws", "qweather-alert", "qweather-warning", "cma-map", "cma-station", "nmc"};
	struct national_help help = {.event = some_event, .known = some_known};
	struct cap_manner manner = {.lenient = true, .national = &help};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct cap_messages messages;

		if (mapping_read(mapping_find(names[i]), bytes, len, &manner, &messages))
			for (size_t k = 0; k < messages.count; k++)
				look_at(&messages.items[k]);
		else
			must(messages.problems.errors > 0);
		cap_messages_finish(&messages);
	}
	return 0;
}
