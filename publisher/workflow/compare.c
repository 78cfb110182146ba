/* SPDX-License-Identifier: Apache-2.0
 * compare - see compare.h. Facts are compared as the manifest states them, words as the message
 * does.
 */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "manifest.h"
#include "when.h"

static void note(json_t *out, const char *field, const char *before, const char *after)
{
	before = before ? before : "";
	after = after ? after : "";
	if (strcmp(before, after) != 0)
		json_array_append_new(out, json_pack("{s:s,s:s,s:s}", "field", field, "before",
		                                   before, "after", after));
}

static char *joined(const struct texts *texts)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < texts->count; i++)
		buf_format(&out, "%s%s", i ? " " : "", texts->items[i]);
	return buf_take(&out);
}

static void note_lists(
        json_t *out, const char *field, const struct texts *before, const struct texts *after)
{
	char *one = joined(before);
	char *other = joined(after);

	note(out, field, one, other);
	free(one);
	free(other);
}

static void note_moments(json_t *out, const char *field, int64_t before, int64_t after)
{
	char one[WHEN_TEXT] = "", other[WHEN_TEXT] = "";

	if (before)
		when_text(before, one);
	if (after)
		when_text(after, other);
	note(out, field, one, other);
}

static void compare_facts(const struct manifest *m, const struct bulletin *b, json_t *out)
{
	struct texts targets = {0};

	for (size_t i = 0; i < m->target_count; i++)
		texts_add(&targets, m->targets[i].name);
	note(out, "verb", verb_text(m->verb), verb_text(b->verb));
	note(out, "kind", kind_text(m->kind), kind_text(b->kind));
	note(out, "hazard", m->hazard, b->hazard);
	note(out, "level", level_text(m->level), level_text(b->level));
	note(out, "procedure", procedure_text(m->procedure), procedure_text(b->procedure));
	note(out, "disclosure", disclosure_text(m->disclosure), disclosure_text(b->disclosure));
	note(out, "unit", m->unit, b->unit);
	note(out, "drafter", m->drafter, b->drafter);
	note(out, "incident", m->incident, b->incident);
	note(out, "replaces", m->replaces, b->replaces);
	note_moments(out, "expires", m->expires, b->expires);
	note_lists(out, "areas", &m->areas, &b->areas);
	/* Empty in a draft: then the usual ones are chosen at submission. */
	if (b->targets.count)
		note_lists(out, "targets", &targets, &b->targets);
	texts_finish(&targets);
}

static char *area_names(const struct cap_info *info)
{
	struct texts names = {0};

	for (size_t i = 0; i < info->area_count; i++)
		texts_add(&names, info->areas[i].desc ? info->areas[i].desc : "-");
	char *text = joined(&names);
	texts_finish(&names);
	return text;
}

static char *pair_list(const struct cap_pairs *pairs)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; i < pairs->count; i++)
		buf_format(&out, "%s%s=%s", i ? "; " : "", pairs->items[i].name,
		        pairs->items[i].value);
	return buf_take(&out);
}

static void compare_info(
        const struct cap_info *a, const struct cap_info *b, size_t number, json_t *out)
{
	char *before_areas = area_names(a), *after_areas = area_names(b);
	char *before_pairs = pair_list(&a->parameters), *after_pairs = pair_list(&b->parameters);
	const struct {
		const char *name, *before, *after;
	} rows[] = {
	        {"language", a->language, b->language},
	        {"event", a->event, b->event},
	        {"urgency", cap_urgency_text(a->urgency), cap_urgency_text(b->urgency)},
	        {"severity", cap_severity_text(a->severity), cap_severity_text(b->severity)},
	        {"certainty", cap_certainty_text(a->certainty), cap_certainty_text(b->certainty)},
	        {"senderName", a->sender_name, b->sender_name},
	        {"headline", a->headline, b->headline},
	        {"description", a->description, b->description},
	        {"instruction", a->instruction, b->instruction},
	        {"web", a->web, b->web},
	        {"contact", a->contact, b->contact},
	        {"parameter", before_pairs, after_pairs},
	        {"area", before_areas, after_areas},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *field = mem_format("/alert/info[%zu]/%s", number + 1, rows[i].name);
		note(out, field, rows[i].before, rows[i].after);
		free(field);
	}
	free(before_areas);
	free(after_areas);
	free(before_pairs);
	free(after_pairs);
}

/* One that is there on one side only is compared with an empty one: every line of it shows. */
static void compare_words(const struct cap_alert *a, const struct cap_alert *b, json_t *out)
{
	static const struct cap_info none = {0};

	note(out, "/alert/note", a->note, b->note);
	for (size_t i = 0; i < a->info_count || i < b->info_count; i++)
		compare_info(i < a->info_count ? &a->infos[i] : &none,
		        i < b->info_count ? &b->infos[i] : &none, i, out);
}

static struct cap_alert *read_cap(const char *cap)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse_unfilled(cap, strlen(cap), CAP_LIMIT_SOURCE, &problems);

	cap_problems_finish(&problems);
	return alert;
}

json_t *compare_with(
        const char *manifest, const char *cap, const struct bulletin *now, struct err *err)
{
	struct manifest m;
	struct cap_alert *before = read_cap(cap);
	struct cap_alert *after = read_cap(now->cap);
	json_t *out = NULL;

	if (!manifest_read(&m, manifest, strlen(manifest), err)) {
		manifest_init(&m);
	} else if (!before || !after) {
		err_set(err, ERR_INTERNAL, "%s 的原文无法读回",
		        "the words of %s cannot be read back", now->id);
	} else {
		out = json_array();
		compare_facts(&m, now, out);
		compare_words(before, after, out);
	}
	manifest_finish(&m);
	cap_alert_destroy(&before);
	cap_alert_destroy(&after);
	return out;
}
