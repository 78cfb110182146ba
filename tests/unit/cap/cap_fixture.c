/* SPDX-License-Identifier: Apache-2.0
 * cap_fixture - see cap_fixture.h.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cap_fixture.h"

#include "source_tree.h"

char *file_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	struct buf bytes;
	char block[4096];
	size_t got;

	if (!file)
		return NULL;
	buf_init(&bytes, 0);
	while ((got = fread(block, 1, sizeof block, file)) > 0)
		buf_add(&bytes, block, got);
	fclose(file);
	*len = bytes.len;
	return buf_take(&bytes);
}

char *sample_read(const char *name)
{
	char *path = mem_format("tests/data/cap/%s", name);
	char *text = source_text(path);

	free(path);
	return text;
}

char *shared_path(const char *name)
{
	const char *shared = getenv("TOCSIN_SHARED");

	if (!shared || access(shared, R_OK) != 0)
		return NULL;
	return mem_format("%s/%s", shared, name);
}

char *text_replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (!at)
		fail_msg("the sample has no \"%s\"", from);
	return mem_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_time(struct cap_time a, struct cap_time b)
{
	return a.set == b.set && a.minus_zero == b.minus_zero && a.offset == b.offset &&
	       a.ms == b.ms;
}

static bool same_pairs(const struct cap_pairs *a, const struct cap_pairs *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = same_text(a->items[i].name, b->items[i].name) &&
		       same_text(a->items[i].value, b->items[i].value);
	return same;
}

static bool same_bytes(const void *a, const void *b, size_t len)
{
	return len == 0 || memcmp(a, b, len) == 0;
}

static bool same_polygon(const struct cap_polygon *a, const struct cap_polygon *b)
{
	return a->count == b->count && same_text(a->text, b->text) &&
	       same_bytes(a->points, b->points, a->count * sizeof *a->points);
}

static bool same_circle(const struct cap_circle *a, const struct cap_circle *b)
{
	return same_text(a->text, b->text) && a->centre.lat == b->centre.lat &&
	       a->centre.lon == b->centre.lon && a->radius_km == b->radius_km;
}

static bool same_area(const struct cap_area *a, const struct cap_area *b)
{
	bool same = same_text(a->desc, b->desc) && same_text(a->altitude, b->altitude) &&
	            same_text(a->ceiling, b->ceiling) && same_pairs(&a->geocodes, &b->geocodes) &&
	            a->polygon_count == b->polygon_count && a->circle_count == b->circle_count;

	for (size_t i = 0; same && i < a->polygon_count; i++)
		same = same_polygon(&a->polygons[i], &b->polygons[i]);
	for (size_t i = 0; same && i < a->circle_count; i++)
		same = same_circle(&a->circles[i], &b->circles[i]);
	return same;
}

static bool same_resource(const struct cap_resource *a, const struct cap_resource *b)
{
	return same_text(a->desc, b->desc) && same_text(a->mime_type, b->mime_type) &&
	       same_text(a->size, b->size) && same_text(a->uri, b->uri) &&
	       same_text(a->deref_uri, b->deref_uri) && same_text(a->digest, b->digest);
}

static bool same_info_texts(const struct cap_info *a, const struct cap_info *b)
{
	return same_text(a->language, b->language) && same_text(a->event, b->event) &&
	       same_text(a->audience, b->audience) && same_text(a->sender_name, b->sender_name) &&
	       same_text(a->headline, b->headline) && same_text(a->description, b->description) &&
	       same_text(a->instruction, b->instruction) && same_text(a->web, b->web) &&
	       same_text(a->contact, b->contact);
}

static bool same_info(const struct cap_info *a, const struct cap_info *b)
{
	bool same = same_info_texts(a, b) && a->urgency == b->urgency &&
	            a->severity == b->severity && a->certainty == b->certainty &&
	            same_pairs(&a->event_codes, &b->event_codes) &&
	            same_pairs(&a->parameters, &b->parameters) &&
	            same_time(a->effective, b->effective) && same_time(a->onset, b->onset) &&
	            same_time(a->expires, b->expires) && a->category_count == b->category_count &&
	            a->response_count == b->response_count &&
	            a->resource_count == b->resource_count && a->area_count == b->area_count;

	same = same &&
	       same_bytes(a->categories, b->categories, a->category_count * sizeof *a->categories);
	same = same &&
	       same_bytes(a->responses, b->responses, a->response_count * sizeof *a->responses);
	for (size_t i = 0; same && i < a->resource_count; i++)
		same = same_resource(&a->resources[i], &b->resources[i]);
	for (size_t i = 0; same && i < a->area_count; i++)
		same = same_area(&a->areas[i], &b->areas[i]);
	return same;
}

bool alerts_same(const struct cap_alert *a, const struct cap_alert *b)
{
	bool same = same_text(a->identifier, b->identifier) && same_text(a->sender, b->sender) &&
	            same_time(a->sent, b->sent) && a->status == b->status &&
	            a->msg_type == b->msg_type && a->scope == b->scope &&
	            same_text(a->source, b->source) && same_text(a->restriction, b->restriction) &&
	            same_text(a->addresses, b->addresses) && same_text(a->note, b->note) &&
	            same_text(a->references, b->references) &&
	            same_text(a->incidents, b->incidents) && a->codes.count == b->codes.count &&
	            a->info_count == b->info_count;

	for (size_t i = 0; same && i < a->codes.count; i++)
		same = same_text(a->codes.items[i], b->codes.items[i]);
	for (size_t i = 0; same && i < a->info_count; i++)
		same = same_info(&a->infos[i], &b->infos[i]);
	return same;
}

bool has_rule(const struct cap_problems *problems, const char *rule)
{
	for (size_t i = 0; i < problems->count; i++) {
		if (strcmp(problems->items[i].rule, rule) == 0)
			return true;
	}
	return false;
}

bool has_schema_error(const struct cap_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		if (strncmp(problems->items[i].rule, "schema.", 7) == 0)
			return true;
	}
	return false;
}

void print_problems(const struct cap_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		print_message("  %s %s %s: %s\n", cap_problem_level_text(problems->items[i].level),
		        problems->items[i].rule, problems->items[i].path, problems->items[i].en);
}

double cpu_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLOWED 15
#endif
#endif
#if !defined(SLOWED) && (defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__))
#define SLOWED 15
#endif
#ifndef SLOWED
#define SLOWED 1
#endif

double cpu_allowed(double ms)
{
	return ms * SLOWED;
}
