/* SPDX-License-Identifier: Apache-2.0
 * decide_request - see decide_request.h. A member that is null counts as absent; a text with a NUL
 * in it, a member nobody knows, a word nobody knows cannot be understood.
 */
#include "decide_request.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

static const char *const members[] = {"officer", "verb", "kind", "hazard", "level", "areas",
        "channels", "incident", "status", "disclosure", "screening", "procedure", "drafter",
        "earlier", "reviews", "signs", "review_times", "sign_times", "at", "chain", "expires",
        "released", "source", "to"};

/* Names the member, and the value when it is a word: `level (purple)`. */
static void unread(struct parsed_request *parsed, const char *name, json_t *value)
{
	const char *word = json_is_string(value) && json_string_length(value) <= 64
	                           ? json_string_value(value)
	                           : NULL;
	char *text = word ? mem_format("%s (%s)", name, word) : mem_format("%s", name);

	texts_add(&parsed->unread, text);
	free(text);
}

static bool is_text(json_t *value)
{
	return json_is_string(value) &&
	       strlen(json_string_value(value)) == json_string_length(value);
}

/* NULL when absent or null; anything but a text is noted as unread. */
static const char *text_of(struct parsed_request *parsed, json_t *object, const char *name)
{
	json_t *value = json_object_get(object, name);

	if (!value || json_is_null(value))
		return NULL;
	if (!is_text(value))
		unread(parsed, name, value);
	return is_text(value) ? json_string_value(value) : NULL;
}

/* Hands back a list of texts. Absent is empty; null and anything else is unread. */
static const char *const *list_of(struct parsed_request *parsed, json_t *object, const char *name,
        const char ***kept, size_t *count)
{
	json_t *list = json_object_get(object, name);
	size_t size = json_array_size(list);

	*count = 0;
	if (list && !json_is_array(list))
		unread(parsed, name, list);
	if (!json_is_array(list))
		return NULL;
	*kept = mem_array(size, sizeof **kept);
	for (size_t i = 0; i < size; i++) {
		json_t *item = json_array_get(list, i);
		if (!is_text(item)) {
			unread(parsed, name, item);
			return NULL;
		}
		(*kept)[i] = json_string_value(item);
	}
	*count = size;
	return *kept;
}

/* When each of `people` put their name to it, one for each. NULL when absent; of another length, or
 * with something else than moments in it, it is unread. */
static const int64_t *times_of(struct parsed_request *parsed, json_t *object, const char *name,
        const char *people, int64_t **kept)
{
	json_t *list = json_object_get(object, name);
	size_t size = json_array_size(list);

	if (!list)
		return NULL;
	if (!json_is_array(list) || size != json_array_size(json_object_get(object, people))) {
		unread(parsed, name, list);
		return NULL;
	}
	*kept = mem_array(size, sizeof **kept);
	for (size_t i = 0; i < size; i++) {
		json_t *item = json_array_get(list, i);
		if (!is_text(item) || !when_read(json_string_value(item), &(*kept)[i], NULL)) {
			unread(parsed, name, item);
			return NULL;
		}
	}
	return *kept;
}

static const char *word_of(json_t *object, const char *name)
{
	json_t *value = json_object_get(object, name);

	return is_text(value) ? json_string_value(value) : NULL;
}

/* Notes a word that its reader did not know. */
static void known(struct parsed_request *parsed, json_t *object, const char *name, bool read)
{
	if (!read)
		unread(parsed, name, json_object_get(object, name));
}

static void words_read(struct parsed_request *parsed, json_t *object)
{
	struct request *r = &parsed->request;

	known(parsed, object, "verb", verb_read(word_of(object, "verb"), &r->verb));
	known(parsed, object, "kind", kind_read(word_of(object, "kind"), &r->kind));
	known(parsed, object, "level", level_read(word_of(object, "level"), &r->level));
	known(parsed, object, "disclosure",
	        disclosure_read(word_of(object, "disclosure"), &r->disclosure));
	known(parsed, object, "screening",
	        screening_read(word_of(object, "screening"), &r->screening));
	known(parsed, object, "procedure",
	        procedure_read(word_of(object, "procedure"), &r->procedure));
	known(parsed, object, "at", when_read(word_of(object, "at"), &r->at, NULL));
}

/* null, or {"id": ..., "handler": unit id or null}. */
static void incident_read(
        struct parsed_request *parsed, json_t *object, const char **incident, const char **handler)
{
	json_t *value = json_object_get(object, "incident");
	const char *name;
	json_t *member;

	if (!value || json_is_null(value))
		return;
	if (!json_is_object(value) || !is_text(json_object_get(value, "id"))) {
		unread(parsed, "incident", value);
		return;
	}
	json_object_foreach(
	        value, name, member) if (strcmp(name, "id") != 0 && strcmp(name, "handler") != 0)
	        unread(parsed, "incident", member);
	*incident = json_string_value(json_object_get(value, "id"));
	*handler = text_of(parsed, value, "handler");
}

/* A moment that may be absent. 0 stands for that in the struct: the first moment of 1970 becomes
 * the one before. */
static void moment_read(
        struct parsed_request *parsed, json_t *object, const char *name, int64_t *moment)
{
	json_t *value = json_object_get(object, name);

	if (!value || json_is_null(value))
		return;
	known(parsed, object, name, when_read(word_of(object, name), moment, NULL));
	if (*moment == 0)
		*moment = -1;
}

static void publication_read(struct parsed_request *parsed, json_t *object)
{
	struct request *r = &parsed->request;

	words_read(parsed, object);
	r->officer = text_of(parsed, object, "officer");
	r->hazard = text_of(parsed, object, "hazard");
	r->status = text_of(parsed, object, "status");
	r->drafter = text_of(parsed, object, "drafter");
	r->chain = text_of(parsed, object, "chain");
	r->source = text_of(parsed, object, "source");
	r->areas = list_of(parsed, object, "areas", &parsed->lists[0], &r->area_count);
	r->channels = list_of(parsed, object, "channels", &parsed->lists[1], &r->channel_count);
	r->reviews = list_of(parsed, object, "reviews", &parsed->lists[2], &r->review_count);
	r->signs = list_of(parsed, object, "signs", &parsed->lists[3], &r->sign_count);
	r->earlier = list_of(parsed, object, "earlier", &parsed->lists[4], &r->earlier_count);
	r->review_times = times_of(parsed, object, "review_times", "reviews", &parsed->times[0]);
	r->sign_times = times_of(parsed, object, "sign_times", "signs", &parsed->times[1]);
	incident_read(parsed, object, &r->incident, &r->handler);
	moment_read(parsed, object, "expires", &r->expires);
	moment_read(parsed, object, "released", &r->released);
	if (text_of(parsed, object, "to"))
		unread(parsed, "to", json_object_get(object, "to"));
}

static void handling_read(struct parsed_request *parsed, json_t *object)
{
	struct incident_request *r = &parsed->incident;

	r->officer = text_of(parsed, object, "officer");
	r->to = text_of(parsed, object, "to");
	r->hazard = text_of(parsed, object, "hazard");
	r->areas = list_of(parsed, object, "areas", &parsed->lists[0], &r->area_count);
	r->channels = list_of(parsed, object, "channels", &parsed->lists[1], &r->channel_count);
	incident_read(parsed, object, &r->incident, &r->handler);
	known(parsed, object, "at", when_read(word_of(object, "at"), &r->at, NULL));
	if (text_of(parsed, object, "kind")) {
		known(parsed, object, "kind", kind_read(word_of(object, "kind"), &parsed->kind));
		r->kind = &parsed->kind;
	}
	if (text_of(parsed, object, "level")) {
		known(parsed, object, "level",
		        level_read(word_of(object, "level"), &parsed->level));
		r->level = &parsed->level;
	}
}

static void members_known(struct parsed_request *parsed, json_t *object)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		size_t i = 0;
		while (i < sizeof members / sizeof members[0] && strcmp(members[i], name) != 0)
			i++;
		if (i == sizeof members / sizeof members[0])
			unread(parsed, name, NULL);
	}
}

static char *joined(const struct texts *texts)
{
	struct buf text;

	buf_init(&text, 0);
	for (size_t i = 0; i < texts->count; i++)
		buf_format(&text, "%s%s", i ? ", " : "", texts->items[i]);
	return buf_take(&text);
}

void parsed_request_read(struct parsed_request *parsed, json_t *object, enum mode mode)
{
	*parsed = (struct parsed_request){.request.mode = mode};
	parsed->about_incident =
	        incident_verb_read(word_of(object, "verb"), &parsed->incident.verb);
	if (parsed->about_incident)
		handling_read(parsed, object);
	else
		publication_read(parsed, object);
	members_known(parsed, object);
	if (parsed->unread.count) {
		parsed->unread_text = joined(&parsed->unread);
		parsed->request.unread = parsed->incident.unread = parsed->unread_text;
	}
}

void parsed_request_finish(struct parsed_request *parsed)
{
	for (size_t i = 0; i < sizeof parsed->lists / sizeof parsed->lists[0]; i++)
		free(parsed->lists[i]);
	for (size_t i = 0; i < sizeof parsed->times / sizeof parsed->times[0]; i++)
		free(parsed->times[i]);
	texts_finish(&parsed->unread);
	free(parsed->unread_text);
	*parsed = (struct parsed_request){0};
}

void parsed_request_decide(
        const struct policy *policy, json_t *object, enum mode mode, struct decision *decision)
{
	struct parsed_request parsed;

	parsed_request_read(&parsed, object, mode);
	if (parsed.about_incident)
		authority_incident(policy, &parsed.incident, decision);
	else
		authority_decide(policy, &parsed.request, decision);
	parsed_request_finish(&parsed);
}
