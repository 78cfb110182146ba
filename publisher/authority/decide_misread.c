/* SPDX-License-Identifier: Apache-2.0
 * decide_misread - can the request be understood at all? Everything behind this may rely on it:
 * words are known, codes are concrete, lists are there and not endless.
 */
#include "decide.h"

#include <string.h>

static bool texts_there(const char *const *items, size_t count, size_t most)
{
	if (count > most || (count && !items))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!items[i])
			return false;
	return true;
}

static bool areas_read(const struct request *r)
{
	if (r->area_count == 0 || !texts_there(r->areas, r->area_count, REQUEST_AREAS_MOST))
		return false;
	for (size_t i = 0; i < r->area_count; i++)
		if (!policy_division_concrete(r->areas[i]))
			return false;
	return true;
}

static bool channels_read(const struct request *r)
{
	if (r->channel_count == 0 ||
	        !texts_there(r->channels, r->channel_count, REQUEST_CHANNELS_MOST))
		return false;
	for (size_t i = 0; i < r->channel_count; i++)
		if (!channel_kind_known(r->channels[i]))
			return false;
	return true;
}

static bool status_is_word(const char *status)
{
	static const char *const words[] = {"Actual", "Exercise", "System", "Test", "Draft"};

	for (size_t i = 0; status && i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i], status) == 0)
			return true;
	return false;
}

static bool in(int value, int count)
{
	return value >= 0 && value < count;
}

static const char *word_misread(const struct request *r)
{
	if (!in((int)r->verb, VERB_COUNT))
		return "verb";
	if (!in((int)r->kind, KIND_COUNT))
		return "kind";
	if (!in((int)r->level, LEVEL_COUNT))
		return "level";
	if (!in((int)r->mode, MODE_COUNT))
		return "mode";
	if (!in((int)r->disclosure, DISCLOSURE_COUNT))
		return "disclosure";
	if (!in((int)r->screening, SCREENING_COUNT))
		return "screening";
	if (!in((int)r->procedure, PROCEDURE_COUNT))
		return "procedure";
	return status_is_word(r->status) ? NULL : "status";
}

const char *request_misread(const struct request *r)
{
	if (r->unread)
		return r->unread;
	const char *word = word_misread(r);
	if (word)
		return word;
	if (!policy_hazard_concrete(r->hazard))
		return "hazard";
	if (!areas_read(r))
		return "areas";
	if (!channels_read(r))
		return "channels";
	if (!texts_there(r->earlier, r->earlier_count, REQUEST_PEOPLE_MOST))
		return "earlier";
	if (!texts_there(r->reviews, r->review_count, REQUEST_PEOPLE_MOST))
		return "reviews";
	return texts_there(r->signs, r->sign_count, REQUEST_PEOPLE_MOST) ? NULL : "signs";
}
