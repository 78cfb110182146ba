/* SPDX-License-Identifier: Apache-2.0
 * cap - see cap.h. Making, copying and freeing messages.
 *
 * Each struct names its texts once, by their offsets; freeing and copying both go through that
 * list, so that a new element cannot be forgotten in one of them. Relies on mem.h: memory is there,
 * or we end.
 */
#include "cap.h"

#include <stdlib.h>
#include <string.h>

#include "cap_geometry.h"

static const size_t alert_texts[] = {
        offsetof(struct cap_alert, identifier),
        offsetof(struct cap_alert, sender),
        offsetof(struct cap_alert, source),
        offsetof(struct cap_alert, restriction),
        offsetof(struct cap_alert, addresses),
        offsetof(struct cap_alert, note),
        offsetof(struct cap_alert, references),
        offsetof(struct cap_alert, incidents),
};
static const size_t info_texts[] = {
        offsetof(struct cap_info, language),
        offsetof(struct cap_info, event),
        offsetof(struct cap_info, audience),
        offsetof(struct cap_info, sender_name),
        offsetof(struct cap_info, headline),
        offsetof(struct cap_info, description),
        offsetof(struct cap_info, instruction),
        offsetof(struct cap_info, web),
        offsetof(struct cap_info, contact),
};
static const size_t resource_texts[] = {
        offsetof(struct cap_resource, desc),
        offsetof(struct cap_resource, mime_type),
        offsetof(struct cap_resource, size),
        offsetof(struct cap_resource, uri),
        offsetof(struct cap_resource, deref_uri),
        offsetof(struct cap_resource, digest),
};
static const size_t area_texts[] = {
        offsetof(struct cap_area, desc),
        offsetof(struct cap_area, altitude),
        offsetof(struct cap_area, ceiling),
};

enum {
	ALERT_TEXTS = sizeof alert_texts / sizeof *alert_texts,
	INFO_TEXTS = sizeof info_texts / sizeof *info_texts,
	RESOURCE_TEXTS = sizeof resource_texts / sizeof *resource_texts,
	AREA_TEXTS = sizeof area_texts / sizeof *area_texts,
};

static char **text_at(void *object, size_t offset)
{
	return (char **)((char *)object + offset);
}

static void free_texts(void *object, const size_t *offsets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mem_set_text(text_at(object, offsets[i]), NULL);
}

static void copy_texts(void *to, const void *from, const size_t *offsets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*text_at(to, offsets[i]) =
		        mem_text(*(char *const *)((const char *)from + offsets[i]));
}

static void free_pairs(struct cap_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free(pairs->items[i].name);
		free(pairs->items[i].value);
	}
	free(pairs->items);
}

static void free_area(struct cap_area *area)
{
	for (size_t i = 0; i < area->polygon_count; i++) {
		free(area->polygons[i].text);
		free(area->polygons[i].points);
	}
	free(area->polygons);
	for (size_t i = 0; i < area->circle_count; i++)
		free(area->circles[i].text);
	free(area->circles);
	free_pairs(&area->geocodes);
	free_texts(area, area_texts, AREA_TEXTS);
}

static void free_info(struct cap_info *info)
{
	free(info->categories);
	free(info->responses);
	free_pairs(&info->event_codes);
	free_pairs(&info->parameters);
	for (size_t i = 0; i < info->resource_count; i++)
		free_texts(&info->resources[i], resource_texts, RESOURCE_TEXTS);
	free(info->resources);
	for (size_t i = 0; i < info->area_count; i++)
		free_area(&info->areas[i]);
	free(info->areas);
	free_texts(info, info_texts, INFO_TEXTS);
}

struct cap_alert *cap_alert_create(void)
{
	return mem_zero(sizeof(struct cap_alert));
}

void cap_alert_destroy(struct cap_alert **alert)
{
	if (!alert || !*alert)
		return;
	for (size_t i = 0; i < (*alert)->info_count; i++)
		free_info(&(*alert)->infos[i]);
	free((*alert)->infos);
	texts_finish(&(*alert)->codes);
	free_texts(*alert, alert_texts, ALERT_TEXTS);
	free(*alert);
	*alert = NULL;
}

static void copy_pairs(struct cap_pairs *to, const struct cap_pairs *from)
{
	for (size_t i = 0; i < from->count; i++)
		cap_pairs_add(to, from->items[i].name, from->items[i].value);
}

static void copy_polygon(struct cap_polygon *to, const struct cap_polygon *from)
{
	to->text = mem_text(from->text);
	to->points = mem_array(from->count, sizeof *from->points);
	to->count = from->count;
	to->doubtful = from->doubtful;
	if (from->count)
		memcpy(to->points, from->points, from->count * sizeof *from->points);
}

static void copy_area(struct cap_area *to, const struct cap_area *from)
{
	copy_texts(to, from, area_texts, AREA_TEXTS);
	copy_pairs(&to->geocodes, &from->geocodes);
	for (size_t i = 0; i < from->polygon_count; i++)
		copy_polygon(mem_push(&to->polygons, &to->polygon_count, sizeof *to->polygons),
		        &from->polygons[i]);
	for (size_t i = 0; i < from->circle_count; i++) {
		struct cap_circle *circle =
		        mem_push(&to->circles, &to->circle_count, sizeof *to->circles);

		*circle = from->circles[i];
		circle->text = mem_text(from->circles[i].text);
	}
}

static void copy_info(struct cap_info *to, const struct cap_info *from)
{
	copy_texts(to, from, info_texts, INFO_TEXTS);
	to->urgency = from->urgency;
	to->severity = from->severity;
	to->certainty = from->certainty;
	to->effective = from->effective;
	to->onset = from->onset;
	to->expires = from->expires;
	for (size_t i = 0; i < from->category_count; i++)
		cap_info_add_category(to, from->categories[i]);
	for (size_t i = 0; i < from->response_count; i++)
		cap_info_add_response(to, from->responses[i]);
	copy_pairs(&to->event_codes, &from->event_codes);
	copy_pairs(&to->parameters, &from->parameters);
	for (size_t i = 0; i < from->resource_count; i++)
		copy_texts(cap_info_add_resource(to), &from->resources[i], resource_texts,
		        RESOURCE_TEXTS);
	for (size_t i = 0; i < from->area_count; i++)
		copy_area(cap_info_add_area(to), &from->areas[i]);
}

struct cap_alert *cap_alert_copy(const struct cap_alert *alert)
{
	struct cap_alert *copy = cap_alert_create();

	copy_texts(copy, alert, alert_texts, ALERT_TEXTS);
	copy->sent = alert->sent;
	copy->status = alert->status;
	copy->msg_type = alert->msg_type;
	copy->scope = alert->scope;
	for (size_t i = 0; i < alert->codes.count; i++)
		texts_add(&copy->codes, alert->codes.items[i]);
	for (size_t i = 0; i < alert->info_count; i++)
		copy_info(cap_alert_add_info(copy), &alert->infos[i]);
	return copy;
}

struct cap_info *cap_alert_add_info(struct cap_alert *alert)
{
	return mem_push(&alert->infos, &alert->info_count, sizeof *alert->infos);
}

struct cap_area *cap_info_add_area(struct cap_info *info)
{
	return mem_push(&info->areas, &info->area_count, sizeof *info->areas);
}

struct cap_resource *cap_info_add_resource(struct cap_info *info)
{
	return mem_push(&info->resources, &info->resource_count, sizeof *info->resources);
}

void cap_info_add_category(struct cap_info *info, enum cap_category category)
{
	*(enum cap_category *)mem_push(
	        &info->categories, &info->category_count, sizeof *info->categories) = category;
}

void cap_info_add_response(struct cap_info *info, enum cap_response_type response)
{
	*(enum cap_response_type *)mem_push(
	        &info->responses, &info->response_count, sizeof *info->responses) = response;
}

void cap_pairs_add(struct cap_pairs *pairs, const char *name, const char *value)
{
	struct cap_pair *pair = mem_push(&pairs->items, &pairs->count, sizeof *pairs->items);

	pair->name = mem_text(name ? name : "");
	pair->value = mem_text(value ? value : "");
}

const char *cap_pairs_find(const struct cap_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (strcmp(pairs->items[i].name, name) == 0)
			return pairs->items[i].value;
	}
	return NULL;
}

bool cap_area_is_doubtful(const struct cap_area *area)
{
	for (size_t i = 0; i < area->polygon_count; i++) {
		if (area->polygons[i].doubtful)
			return true;
	}
	for (size_t i = 0; i < area->circle_count; i++) {
		if (area->circles[i].doubtful)
			return true;
	}
	return false;
}

bool cap_area_add_polygon(struct cap_area *area, const char *text, struct err *err)
{
	struct cap_polygon polygon;
	const char *rule;

	if (!cap_polygon_read(text, &polygon, &rule, err)) {
		free(polygon.text);
		free(polygon.points);
		return false;
	}
	*(struct cap_polygon *)mem_push(
	        &area->polygons, &area->polygon_count, sizeof *area->polygons) = polygon;
	return true;
}

bool cap_area_add_circle(struct cap_area *area, const char *text, struct err *err)
{
	struct cap_circle circle;
	const char *rule;

	if (!cap_circle_read(text, &circle, &rule, err)) {
		free(circle.text);
		return false;
	}
	*(struct cap_circle *)mem_push(&area->circles, &area->circle_count, sizeof *area->circles) =
	        circle;
	return true;
}
