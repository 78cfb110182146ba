/* SPDX-License-Identifier: Apache-2.0
 * cap_words - see cap_words.h; and the public functions over them (cap.h). Cannot fail but
 * by saying that a word is not of the list.
 */
#include "cap_words.h"

#include <string.h>

#include "cap.h"

static const char *const status_list[] = {"Actual", "Exercise", "System", "Test", "Draft"};
static const char *const msg_type_list[] = {"Alert", "Update", "Cancel", "Ack", "Error"};
static const char *const scope_list[] = {"Public", "Restricted", "Private"};
static const char *const category_list[] = {"Geo", "Met", "Safety", "Security", "Rescue", "Fire",
        "Health", "Env", "Transport", "Infra", "CBRNE", "Other"};
static const char *const response_type_list[] = {"Shelter", "Evacuate", "Prepare", "Execute",
        "Avoid", "Monitor", "Assess", "AllClear", "None"};
static const char *const urgency_list[] = {"Immediate", "Expected", "Future", "Past", "Unknown"};
static const char *const severity_list[] = {"Extreme", "Severe", "Moderate", "Minor", "Unknown"};
static const char *const certainty_list[] = {
        "Observed", "Likely", "Possible", "Unlikely", "Unknown"};

const struct cap_words cap_status_words = {status_list, sizeof status_list / sizeof *status_list};
const struct cap_words cap_msg_type_words = {
        msg_type_list, sizeof msg_type_list / sizeof *msg_type_list};
const struct cap_words cap_scope_words = {scope_list, sizeof scope_list / sizeof *scope_list};
const struct cap_words cap_category_words = {
        category_list, sizeof category_list / sizeof *category_list};
const struct cap_words cap_response_type_words = {
        response_type_list, sizeof response_type_list / sizeof *response_type_list};
const struct cap_words cap_urgency_words = {
        urgency_list, sizeof urgency_list / sizeof *urgency_list};
const struct cap_words cap_severity_words = {
        severity_list, sizeof severity_list / sizeof *severity_list};
const struct cap_words cap_certainty_words = {
        certainty_list, sizeof certainty_list / sizeof *certainty_list};

bool cap_words_read(const struct cap_words *list, const char *text, unsigned *out)
{
	for (size_t i = 0; text && i < list->count; i++) {
		if (strcmp(list->words[i], text) == 0) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

const char *cap_words_text(const struct cap_words *list, unsigned value)
{
	return value < list->count ? list->words[value] : "";
}

const char *cap_status_text(enum cap_status value)
{
	return cap_words_text(&cap_status_words, value);
}

const char *cap_msg_type_text(enum cap_msg_type value)
{
	return cap_words_text(&cap_msg_type_words, value);
}

const char *cap_scope_text(enum cap_scope value)
{
	return cap_words_text(&cap_scope_words, value);
}

const char *cap_category_text(enum cap_category value)
{
	return cap_words_text(&cap_category_words, value);
}

bool cap_category_read(const char *text, enum cap_category *out)
{
	unsigned value;

	if (!cap_words_read(&cap_category_words, text, &value))
		return false;
	*out = (enum cap_category)value;
	return true;
}

const char *cap_response_type_text(enum cap_response_type value)
{
	return cap_words_text(&cap_response_type_words, value);
}

const char *cap_urgency_text(enum cap_urgency value)
{
	return cap_words_text(&cap_urgency_words, value);
}

const char *cap_severity_text(enum cap_severity value)
{
	return cap_words_text(&cap_severity_words, value);
}

const char *cap_certainty_text(enum cap_certainty value)
{
	return cap_words_text(&cap_certainty_words, value);
}
